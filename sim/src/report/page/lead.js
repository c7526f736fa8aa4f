// The lead: what matters now. A verdict with ways in, the answer to a what-if, or the mission.

import { h } from './dom.js';
import { check, MISSIONS } from './missions.js';
import { landmark, octagon, silence } from './signs.js';

/** @typedef {import('./session.js').Session} Session */

/** @param {Session} session */
export function lead(session) {
  if (session.isGone) return h('div', null, h('h1', null, octagon(), 'The server is gone'), h('p', null, 'What is loaded stays readable. Start it again: ', h('code', null, command(session))));
  if (session.error) return failed(session);
  if (!session.run) return h('div', null, h('h1', null, session.name), h('p.quiet', null, `Replaying ${session.script.lines.length} actions`));
  return session.isLab && !session.verdict() ? mission(session) : verdict(session);
}

/** The command line that opens what is looked at. @param {Session} session */
export function command(session) {
  const { command: prefix } = session.start;
  return session.isLab ? `${prefix} lab` : `${prefix} explore ${session.start.name}`;
}

/** @param {Session} session */
function failed(session) {
  const [first, ...rest] = session.error.split('\n');
  return h('div', null, h('h1', null, octagon(), 'That cannot be run'), h('p', null, first), rest.length > 0 && h('pre', null, rest.join('\n')), h('p', null, h('button.b', { onclick: () => { session.error = ''; session.restore(); } }, 'Back to what was opened')));
}

/** @param {Session} session */
function verdict(session) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  const found = session.verdict();
  const before = edit(session);
  const others = run.trace.violations.filter((it) => it.step <= session.limit);
  const sitting = session.start.invariants.length - run.trace.not_sitting.length;
  const head = found
    ? [h('h1', null, octagon(), found.invariant, h('span.at', null, `${before && !session.isLab ? 'still violated' : 'is violated'} at action ${found.step} of ${run.last}`)), h('p', null, before, found.evidence)]
    : [h('h1', null, silence(), before && session.kept ? 'Does not fail any more' : 'No violation', h('span.at', null, others.length ? `no ${session.kept}` : `${sitting} sit, all silent`)), h('p', null, before, others.length ? `There is still ${others.map((it) => `${it.invariant} at ${it.step}`).join(', ')}.` : run.trace.not_sitting.length ? `${run.trace.not_sitting.length} do not sit: the panel of judges says why.` : 'Every judge sits.')];
  const calm = run.trace.calm && h('p', null, h('b', null, `The calm from ${run.trace.calm.step} on: `), run.trace.calm.says.join(' '));
  return h('div.leadrow', null, h('div', { role: 'status' }, head, calm), h('div.marks', null, landmarks(session), found && !session.isOffline && session.isLab && h('button.b', { onclick: () => session.minimize(), disabled: session.busy === 'minimize' || session.minimal }, session.busy === 'minimize' ? 'Trying …' : 'Minimize'), (session.edited || session.aside) && !session.isOffline && h('button.b', { onclick: () => session.restore() }, session.aside ? 'Bring back what was set aside' : 'Undo all edits')));
}

/** What was changed about the script, in words. @param {Session} session */
function edit(session) {
  const off = session.script.lines.map((line, at) => (line.off ? at + 1 : 0)).filter(Boolean);
  if (off.length) return h('b', null, `Without ${off.length === 1 ? 'action' : 'actions'} ${off.join(', ')}. `);
  if (session.aside) return h('b', null, `Fork: ${session.aside.lines.length} actions are set aside. `);
  if (session.target !== session.start.target) return h('b', null, `On ${session.target}. `);
  return null;
}

/** Ways into a failing run. @param {Session} session */
function landmarks(session) {
  const found = session.verdict();
  const { why, other } = session;
  const first = session.run?.trace.violations[0];
  const ways = [
    other?.differs && { step: other.differs.step, sign: h('b.ne', null, '≠'), name: 'Differs', text: differs(session) },
    why?.decided_by && { step: why.decided_by[1], sign: landmark('decided'), name: 'Decided', text: share(why) },
    why?.first_wrong && { step: why.first_wrong.action, sign: landmark('wrong'), name: 'First wrong step', text: why.first_wrong.correctly },
    found && first && first.step < found.step && { step: first.step, sign: octagon('icon bad outline'), name: 'First alarm', text: `${first.invariant}: ${first.evidence}` },
    found && { step: found.step, sign: octagon(), name: 'Violated', text: found.evidence },
  ].filter((way) => way !== undefined && way !== false && way !== null);
  const marks = ways.sort((one, two) => one.step - two.step).map(({ step, sign, name, text }) => mark(session, step, sign, `${step} ${name}`, text));
  return other && !other.differs ? [h('p.quiet', null, `As on ${other.name}, state by state.`), ...marks] : marks;
}

/** @param {Session} session */
function differs(session) {
  const { other, run } = session;
  if (!other?.differs || !run) return '';
  const { step, node, field } = other.differs;
  if (!node) return `the run is shorter on ${other.name}`;
  const one = /** @type {any} */ (run.after(step).nodes[node - 1])[field];
  const two = /** @type {any} */ (other.run.after(step).nodes[node - 1])[field];
  const say = (/** @type {any} */ it) => (Array.isArray(it) ? it.map(([term, text]) => `${term}:${text}`).join(' ') || 'empty' : field === 'vote' ? (it ? `n${it}` : 'nobody') : it);
  run.after(session.k);
  return `n${node}'s ${field}: ${say(one)} here, ${say(two)} on ${other.name}`;
}

/** @param {any} why */
function share(why) {
  const at = why.moments.findIndex((/** @type {any} */ it) => it.after === why.decided_by[1]);
  const percent = (/** @type {number} */ place) => `${Math.round((100 * (why.moments[place]?.failing || 0)) / why.futures)} %`;
  return `Of random futures ${percent(at)} now fail, ${percent(at - 1)} before`;
}

/** @param {Session} session @param {number} step @param {any} sign @param {string} name @param {string} text */
function mark(session, step, sign, name, text) {
  return h('button.markb', { key: name, onclick: () => { session.stop(); session.jump(step); }, 'aria-pressed': String(session.k === step) }, h('b', null, sign, name), h('span', null, text));
}

/** @param {Session} session */
function mission(session) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  const next = check(run, session.k, session.done);
  run.after(session.k);
  const number = next ? MISSIONS.indexOf(next) + 1 : MISSIONS.length;
  const needs = next?.nodes && next.nodes !== run.trace.nodes ? next.nodes : 0;
  return h('div.leadrow', null,
    h('div', { role: 'status' }, h('h1', null, next ? next.name : 'All missions are done', h('span.at', null, next ? `mission ${number} of ${MISSIONS.length}` : 'now break one of your own')), h('p', null, next ? next.say : 'Bring your own Raft: the README says how, in a main of four lines.'),
      needs > 0 && h('p', null, h('button.b.primary', { onclick: () => session.fresh(needs) }, `Open a cluster of ${needs}`))),
    h('ol.steps', { 'aria-label': 'Missions' }, MISSIONS.map((it, at) => h('li', { key: it.id, class: session.done.has(it.id) ? 'done' : it === next ? 'now' : '' }, h('i', null, session.done.has(it.id) ? '✓' : at + 1), h('span', null, it.name, session.done.has(it.id) && h('span.sr', null, ' done'))))));
}
