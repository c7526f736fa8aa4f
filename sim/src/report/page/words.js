// What a step did, in words: a headline for the story, and plain sentences for the console.

import { unsigned } from './script.js';

/** @typedef {import('./model.js').Run} Run */
/** @typedef {import('./model.js').Note} Note */
/** @typedef {{ text: string, weight: number }} Sentence  weight 0 is a detail, 2 a turn */

/** Kinds of notes that make a headline, the most telling first. */
const TELLING = ['panics', 'breaches', 'explodes', 'leads', 'cuts', 'acknowledges', 'uncommits', 'votes', 'commits', 'stands', 'refuses', 'follows', 'appends', 'boots', 'crashes', 'fails', 'halts', 'forgets', 'moves', 'hears'];

/** What matters most in a step. @param {Note[]} notes */
function telling(notes) {
  /** @param {Note} note */
  const rank = (note) => TELLING.indexOf(isVote(note) ? 'votes' : note.is);
  return notes.filter((note) => rank(note) >= 0).sort((one, other) => rank(one) - rank(other))[0];
}

/** Whether a node writes a vote for another. @param {Note} note */
function isVote(note) {
  return note.is === 'writes' && note.other !== undefined && note.other !== note.node;
}

/** The step in a few words. @param {Run} run @param {number} step */
export function headline(run, step) {
  const { do: action, notes = [] } = run.trace.steps[step];
  if (!action) return 'The nodes boot';
  const verb = action.split(' ')[0];
  const fixed = /** @type {Record<string, string>} */ ({ calm: 'The faults end: from here on what must come about is waited for', heal: 'All links carry messages again', partition: `The network falls apart: ${action.slice(10)}`, heartbeat: `n${run.nodeOf(step)} sends heartbeats` })[verb];
  if (fixed) return fixed;
  const note = telling(notes);
  if (!note) return unsigned(action);
  const who = `n${note.node}`;
  switch (isVote(note) ? 'votes' : note.is) {
    case 'leads': return `${who} becomes leader, term ${note.term}`;
    case 'stands': return `${who} stands for term ${note.term}`;
    case 'votes': return `${who} votes for n${note.other}, term ${note.term}`;
    case 'acknowledges': return `${who} commits ${note.command} at index ${note.index}`;
    case 'follows': return `${who} steps down, term ${note.term}`;
    case 'crashes': return `${who} loses power`;
    case 'boots': return `${who} restarts from its disk`;
    case 'refuses': return `${who} refuses ${note.command}`;
    default: return `${who} ${note.says}`;
  }
}

/** All that came of a step, without what the headline said. @param {Run} run @param {number} step */
export function outcome(run, step) {
  const notes = run.trace.steps[step].notes || [];
  const said = notes.filter((note) => note.weight > 0 || note.is === 'applies' || note.is === 'hears');
  return (said.length ? said : notes).map((note) => note.says).join('; ');
}

/** @param {number | undefined} node */
const named = (node) => `Node ${node}`;

/**
 * The step in sentences for whoever does not know Raft yet.
 * @param {Run} run @param {number} step @returns {Sentence[]}
 */
export function sentences(run, step) {
  const { do: action = '', notes = [] } = run.trace.steps[step];
  const verb = action.split(' ')[0];
  if (verb === 'heartbeat') return [{ text: `${named(run.nodeOf(step))} sends heartbeats to all.`, weight: 0 }];
  if (verb === 'partition') return [{ text: `The network is cut: ${action.slice(10).replace(/n(\d)/g, '$1')}.`, weight: 2 }];
  if (verb === 'heal') return [{ text: 'The network heals: all links carry messages again.', weight: 2 }];
  if (verb === 'drop') return [{ text: 'A message is lost.', weight: 0 }];
  return notes.flatMap((note) => sentence(run, step, note));
}

/** @param {Run} run @param {number} step @param {Note} note @returns {Sentence[]} */
function sentence(run, step, note) {
  const who = named(note.node);
  const majority = `${Math.floor(run.trace.nodes / 2) + 1} of ${run.trace.nodes}`;
  const state = run.after(step).nodes[note.node - 1];
  switch (isVote(note) ? 'votes' : note.is) {
    case 'stands': return [{ text: `${who} has heard no leader for a while and stands for term ${note.term}.`, weight: 1 }];
    case 'leads': return [{ text: `${who} has ${majority} votes: it is elected leader for term ${note.term}.`, weight: 2 }];
    case 'votes': return [{ text: `${who} votes for ${named(note.other)} in term ${note.term}.`, weight: 1 }];
    case 'asked': return [{ text: `A client writes ${note.command} to ${who}.`, weight: 1 }];
    case 'acknowledges': return [{ text: `Stored on ${majority}: ${note.command} is committed. ${who} tells the client.`, weight: 2 }];
    case 'refuses': return [{ text: `${who} refuses ${note.command}: it does not lead.`, weight: 1 }];
    case 'cuts': return [{ text: `${who} gives up what it had from entry ${note.index} on, and takes the leader's.`, weight: 2 }];
    case 'appends': return [{ text: `${who} ${note.says.replace(/\(t\d+\)/g, '')} as entry ${state.log.length}.`, weight: note.says.includes('no-op') ? 0 : 1 }];
    case 'commits': return [{ text: `${who} ${state.role === 2 ? 'commits' : 'learns: committed'} up to entry ${note.index}.`, weight: 0 }];
    case 'follows': return [{ text: `${who} sees the higher term ${note.term} and steps down.`, weight: 2 }];
    case 'crashes': return [{ text: `${who} is killed. The others do not know yet.`, weight: 2 }];
    case 'boots': return [{ text: `${who} is back, with what is on its disk.`, weight: 2 }];
    case 'panics': case 'breaches': case 'explodes': case 'fails': case 'halts': case 'forgets': case 'uncommits':
      return [{ text: `${who} ${note.says}.`, weight: 2 }];
    default: return [];
  }
}

/** Whether a step is only the pulse of a leader that nobody doubts. @param {Run} run @param {number} step */
export function isPulse(run, step) {
  const { do: action = '', notes = [] } = run.trace.steps[step];
  if (notes.some((note) => note.weight > 0)) return false;
  if (action.startsWith('heartbeat')) return true;
  const message = run.messageOf(step);
  return message !== undefined && (message.is === 'appended' || (message.is === 'append' && !message.entries));
}

/** A message's short name. @param {import('./model.js').Message} message */
export function messageName(message) {
  const names = /** @type {Record<string, string>} */ ({ vote: 'asks for a vote', voted: message.yes ? 'grants its vote' : 'denies its vote', append: message.entries ? `brings ${message.entries} ${message.entries === 1 ? 'entry' : 'entries'}` : 'heartbeat', appended: message.yes ? 'has stored it' : 'turns it down' });
  return names[message.is] || message.says;
}
