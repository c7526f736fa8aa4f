// The laboratory's console: what happens, in plain sentences; and while the network is cut, one history
// beside the other.

import { h } from './dom.js';
import { sides } from './model.js';
import { isPulse, sentences } from './words.js';

/** @typedef {import('./session.js').Session} Session */
/** @typedef {{ step: number, text: string, weight: number, at: number, node: number }} Said */

/** Sentences that are shown. */
const SHOWN_MAX = 160;
/** Sentences of each run, by step: they never change. @type {WeakMap<object, Map<number, { text: string, weight: number }[]>>} */
const known = new WeakMap();

/** @param {Session} session */
export function sentencesPanel(session) {
  const run = session.run;
  if (!run) return [];
  const state = run.after(session.k);
  const groups = sides(state);
  const since = groups.length > 1 ? cutAt(session) : 0;
  return [
    h('div.hd', null, h('h2', null, groups.length > 1 ? 'Two histories ' : 'Console ', groups.length > 1 && h('span.quiet', null, `since step ${since}`)),
      h('button.b', { onclick: () => { session.diagram = true; session.redraw(); } }, 'Diagram'),
      h('button.b', { 'aria-pressed': String(session.foldPulse), onclick: () => { session.foldPulse = !session.foldPulse; session.redraw(); } }, 'Fold heartbeats')),
    groups.length > 1 ? h('div.tell.two', { id: 'tell' }, groups.map((group, at) => side(session, group, at, since))) : h('div.tell', { id: 'tell' }, list(session, said(session, 1), 'con')),
  ];
}

/** The step with which the network was cut as it is. @param {Session} session */
function cutAt(session) {
  const steps = session.run?.trace.steps || [];
  for (let step = session.k; step > 0; step -= 1) if (steps[step].reach) return step;
  return 0;
}

/** What was said from a step on, up to where one looks. @param {Session} session @param {number} from @returns {Said[]} */
function said(session, from) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  let memo = known.get(run);
  if (!memo) known.set(run, (memo = new Map()));
  /** @type {Said[]} */
  const all = [];
  for (let step = session.k; step >= from && all.length < SHOWN_MAX; step -= 1) {
    if (session.foldPulse && isPulse(run, step)) continue;
    let told = memo.get(step);
    if (!told) memo.set(step, (told = sentences(run, step)));
    const words = session.foldPulse ? told.filter((it) => it.weight > 0 || !told?.some((other) => other.weight > 0)) : told;
    all.push(...words.map((it) => ({ ...it, step, at: run.trace.steps[step].at_us, node: run.nodeOf(step) })).reverse());
  }
  run.after(session.k);
  return all.reverse();
}

/** @param {Session} session @param {Said[]} all @param {string} kind */
function list(session, all, kind) {
  if (!all.length) return h('p.quiet.empty', null, session.playing ? 'The nodes wait for a leader. The first timer to run out stands for election.' : 'Nothing has happened yet.');
  return h('ol', { class: kind }, all.map((it, at) => h('li', { key: `${it.step}-${at - all.findIndex((other) => other.step === it.step)}`, class: `${it.step === session.k ? 'cur' : ''}${it.weight === 2 ? ' big' : it.weight === 0 ? ' small' : ''}` },
    h('button.go', { onclick: () => { session.stop(); session.jump(it.step); } }, h('span.at', null, `${Math.round(it.at / 1000)} ms`), h('span', null, it.text)))));
}

/** @param {Session} session @param {number[]} group @param {number} at @param {number} since */
function side(session, group, at, since) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  const state = run.after(session.k);
  const told = said(session, since + 1).filter((it) => group.includes(it.node));
  const members = group.map((id) => state.nodes[id - 1]);
  const isMajority = 2 * group.length > run.trace.nodes;
  const before = run.ledger.filter((it) => it.step <= since).length;
  const open = members.flatMap((node) => node.log.slice(node.commit || 0)).filter(([, text]) => text !== 'no-op');
  const committed = run.committed(session.k).filter((it) => it.index > before && it.entry[1] !== 'no-op');
  const end = isMajority ? committed.length && `${committed.map((it) => it.entry[1]).join(', ')} committed. It stays, whatever happens next.` : open.length && `${[...new Set(open.map(([, text]) => text))].join(', ')} not committed. ${group.length} of ${run.trace.nodes} are no majority: the client is told nothing.`;
  return h('div', { key: group.join() }, h('h3', null, `Side ${'ABCDEFGHI'[at]}`, h('span', null, `nodes ${group.join(', ')}; ${isMajority ? 'a majority' : 'no majority'}`)), list(session, told, 'con'), Boolean(end) && h('p', { class: `end ${isMajority ? 'stays' : 'goes'}` }, end));
}

/** Keeps the end in sight. */
export function follow() {
  const box = document.getElementById('tell');
  if (box && !box.classList.contains('two')) box.scrollTop = box.scrollHeight;
}
