// Missions of the laboratory: what to do, and how the page sees that it was done.

import { leaders, sides } from './model.js';

/** @typedef {import('./model.js').Run} Run */
/** @typedef {{ id: string, name: string, say: string, nodes?: number, isDone: (run: Run, step: number, done: Set<string>) => boolean }} Mission */

/** Whether a step up to this one has a note of that kind. @param {Run} run @param {number} step @param {(note: import('./model.js').Note, at: number) => boolean} test */
function some(run, step, test) {
  for (let at = 1; at <= step; at += 1) if ((run.trace.steps[at].notes || []).some((note) => test(note, at))) return true;
  return false;
}

/** The step of the last partition, if the network is still cut then. @param {Run} run @param {number} step */
function lastCut(run, step) {
  for (let at = step; at > 0; at -= 1) if ((run.trace.steps[at].do || '').startsWith('partition')) return at;
  return 0;
}

/** Whether a minority holds a client's entry that is not committed, while the majority has committed another since the cut. @param {Run} run @param {number} step */
export function isSplitBrain(run, step) {
  const cut = lastCut(run, step);
  const groups = sides(run.after(step));
  if (!cut || groups.length < 2) return false;
  const since = run.committed(step).filter((it) => it.step > cut && it.entry[1] !== 'no-op');
  const minority = groups.filter((group) => 2 * group.length <= run.trace.nodes).flat();
  const nodes = run.after(step).nodes;
  const hangs = minority.some((id) => nodes[id - 1].log.slice(nodes[id - 1].commit || 0).some(([, text]) => text !== 'no-op'));
  return since.length > 0 && hangs;
}

/** Whether all that run have the same log, and there is one. @param {Run} run @param {number} step */
export function isEqual(run, step) {
  const [first, ...rest] = run.after(step).nodes.map((node) => JSON.stringify(node.log));
  return first !== '[]' && rest.every((log) => log === first);
}

/** @type {Mission[]} */
export const MISSIONS = [
  { id: 'elect', name: 'Elect', say: 'Press play and watch: the first node whose timer runs out asks for votes, and with a majority it leads.', isDone: (run, step) => leaders(run.after(step)).length > 0 },
  { id: 'commit', name: 'Commit', say: 'Write a value to the leader. It is committed once a majority has stored it; then look how it reaches every node.', isDone: (run, step) => some(run, step, (note) => note.is === 'acknowledges') && isEqual(run, step) && run.after(step).nodes.every((node) => (node.commit || 0) === node.log.length) },
  {
    id: 'lose', name: 'Lose the leader', say: 'Kill the leader. A follower\'s timer runs out, and a new leader comes, in a higher term.',
    isDone: (run, step) => some(run, step, (note, at) => {
      if (note.is !== 'crashes' || run.lanes[note.node - 1][at - 1].role !== 2) return false;
      const term = run.lanes[note.node - 1][at - 1].term;
      return leaders(run.after(step)).some((leader) => leader.id !== note.node && (leader.term || 0) > term);
    }),
  },
  { id: 'split', name: 'Split the five', nodes: 5, say: 'Five nodes: cut off the leader with one other, and write to both sides. Side A has 2 of 5 and commits nothing; side B elects a leader and goes on.', isDone: (run, step) => run.trace.nodes === 5 && isSplitBrain(run, step) },
  { id: 'heal', name: 'Heal', nodes: 5, say: 'Heal the cut: the old leader steps down, gives up what it could not commit, and all logs are equal again.', isDone: (run, step, done) => done.has('split') && sides(run.after(step)).length === 1 && isEqual(run, step) && run.after(step).nodes.every((node) => node.commit === run.after(step).nodes[0].commit) },
  { id: 'plant', name: 'Plant a bug', say: 'Choose a target with a planted bug (or the article\'s own engine), and hunt: chance tries schedules until a judge speaks.', isDone: (run, step) => run.trace.violations.some((it) => it.step <= step) },
  { id: 'minimize', name: 'Minimize', say: 'Minimize: the shortest story that still breaks it, from which no action can be left out.', isDone: (_run, _step, done) => done.has('minimize') },
];

/** Notes what was fulfilled, and says which mission is next; none if all are done. @param {Run} run @param {number} step @param {Set<string>} done @returns {Mission | undefined} */
export function check(run, step, done) {
  for (;;) {
    const next = MISSIONS.find((mission) => !done.has(mission.id));
    if (!next || !next.isDone(run, step, done)) return next;
    done.add(next.id);
  }
}
