// A run as a scenario of the project's tests: what happens, and the picture in which it must end.

import { ROLES, Run } from './model.js';
import { print } from './script.js';

/** @typedef {import('./model.js').NodeState} NodeState */

/** @param {NodeState} node @param {string} disk @returns {[string, string, string]} */
function row(node, disk) {
  const log = `log ${node.log.map(([term]) => term).join(' ') || '-'}`;
  if (!node.up) return ['down', log, ''];
  const role = node.role === undefined ? 'someone' : ROLES[node.role];
  const durable = disk === 'queued' && node.durable !== node.log.length ? `  durable ${node.durable}` : '';
  return [`${role} of term ${node.term || 0}${node.vote ? `, voted n${node.vote}` : ''}`, log, `commit ${node.commit || 0}${durable}`];
}

/** Names of what is violated. @param {Run} run */
function violations(run) {
  return run.trace.violations.map((it) => `${it.invariant}${it.excused ? ' (expected)' : ''}`).join(', ') || 'none';
}

/** How everything stands at the end of a run. @param {Run} run */
function picture(run) {
  const rows = run.after(run.last).nodes.map((node) => row(node, run.trace.disk));
  const width = (/** @type {0 | 1} */ column) => Math.max(...rows.map((it) => it[column].length));
  const nodes = rows.map(([role, log, rest], slot) => `n${slot + 1} ${role.padEnd(width(0))}  ${log.padEnd(width(1))}  ${rest}`.trimEnd());
  const told = run.trace.steps.flatMap((step) => step.notes || []).filter((note) => note.is === 'acknowledges' || note.is === 'refuses');
  return [...nodes, ...told.map((note) => `n${note.node} ${note.says}`), `violations ${violations(run)}`];
}

/**
 * The scenario's text: the picture is the reference's, and of another target it says what it violates.
 * @param {string} what  what it shows, in a line @param {Run} reference @param {Run} run  of the target that is looked at
 */
export function toScenario(what, reference, run) {
  const actions = reference.trace.steps.slice(1).map((step) => step.do || '');
  const other = run.trace.target === reference.trace.target ? [] : ['', `==== ${run.trace.target}`, `violations ${violations(run)}`];
  return [`# ${what}`, reference.trace.cluster, ...actions, '----', ...picture(reference), ...other, ''].join('\n');
}

/** What has happened on the page, with the picture that the reference makes of it. @param {import('./session.js').Session} session */
export async function scenarioOf(session) {
  if (!session.run) return '';
  const { target, start } = session;
  const names = start.targets.map((it) => it.name);
  const name = start.targets.find((it) => it.name === target)?.reference || (names.includes('raft-core') ? 'raft-core' : target);
  const script = session.isLab ? session.lived(session.limit) : session.script;
  const question = { script: print(script), times_us: [] };
  const own = await session.ask('replay', { ...question, target });
  const reference = name === target ? own : await session.ask('replay', { ...question, target: name });
  if (!own || !reference) return '';
  if (reference.skipped.length) session.say(`${name} has no such message in ${reference.skipped.length} of the lines: they are left out.`);
  return toScenario(session.verdict()?.evidence || 'What it shows is to be said here.', new Run(reference), new Run(own));
}
