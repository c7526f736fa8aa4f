// Summing up a trace, in both directions.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Run, causes, leaders, sides } from '../../src/report/page/model.js';

/** A trace of so many steps: n1 appends an entry in each, and commits every second one. */
function trace(length) {
  const boot = { at_us: 0, nodes: [1, 2, 3].map((node) => ({ node, up: 1, role: 0, term: 0, commit: 0 })), reach: [[1, 2, 3], [1, 2, 3], [1, 2, 3]] };
  const steps = Array.from({ length }, (_, at) => ({ do: `write n1 x=${at + 1}`, line: at + 1, at_us: at + 1, nodes: [{ node: 1, ...(at % 2 ? { commit: at + 1 } : {}), log: { keep: at, add: [[1, `x=${at + 1}`]], durable: at + 1 } }] }));
  return { format: 'raft-sim-trace/1', target: 't', cluster: 'cluster nodes=3', nodes: 3, disk: 'instant', blocking: false, hash: '', steps: [boot, ...steps], skipped: [], messages: [], violations: [], witnesses: [], not_sitting: [] };
}

test('the state after a step is the same from both sides', () => {
  const run = new Run(trace(1000));
  for (const step of [1000, 3, 999, 256, 257, 255, 512, 0, 511, 1000]) {
    const [first] = run.after(step).nodes;
    assert.equal(first.log.length, step);
    assert.equal(first.commit, step - (step % 2));
    assert.equal('log' in first.was, step > 0, `step ${step} says what it has changed`);
  }
});

test('what was committed is known from the step on in which somebody said so', () => {
  const run = new Run(trace(10));
  assert.deepEqual(run.committed(3).map((it) => it.entry[1]), ['x=1', 'x=2']);
  assert.equal(run.committed(10).length, 10);
});

test('a cut network has sides, and a one-way cut is a cut', () => {
  const state = new Run(trace(1)).after(1);
  assert.deepEqual(sides(state), [[1, 2, 3]]);
  state.reach = [[1], [2, 3, 1], [2, 3]];
  assert.deepEqual(sides(state), [[1], [2, 3]]);
  assert.deepEqual(leaders(state), []);
});

test('causes are the own past and that of whoever sent', () => {
  const it = trace(0);
  const step = (action) => ({ do: action, at_us: 1 });
  it.steps.push(step('timeout n1'), step('timeout n3'), step('deliver n1->n2 RequestVote #1'), step('heal'));
  it.messages.push({ from: 1, to: 2, name: 'n1->n2 RequestVote #1', is: 'vote', says: '', sent: 1, gone: 3 });
  assert.deepEqual([...causes(new Run(it), 3)].sort(), [1, 3]);
});

test('20,000 actions are summed up in little time', () => {
  const began = process.cpuUsage().user;
  const run = new Run(trace(20000));
  for (let step = 20000; step > 19000; step -= 1) run.after(step);
  assert.ok(process.cpuUsage().user - began < 3e6);
});
