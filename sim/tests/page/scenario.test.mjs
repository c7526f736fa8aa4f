// A run as a scenario: its text is what the project's own scenarios are written in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Run } from '../../src/report/page/model.js';
import { toScenario } from '../../src/report/page/scenario.js';

/** A run of three nodes of this target, in which n1 leads, n2 has heard of it and n3 is down. */
function run(target, violations) {
  const reach = [[1, 2, 3], [1, 2, 3], [1, 2, 3]];
  const boot = { at_us: 0, nodes: [1, 2, 3].map((node) => ({ node, up: 1, role: 0, term: 0, vote: 0, commit: 0 })), reach };
  const win = { do: 'timeout n1', at_us: 1, notes: [{ node: 1, is: 'acknowledges', says: 'tells its client: x=1 is committed at index 2', weight: 2 }], nodes: [{ node: 1, role: 2, term: 1, vote: 1, commit: 2, log: { keep: 0, add: [[1, 'no-op'], [1, 'x=1']], durable: 2 } }, { node: 2, term: 1, log: { keep: 0, add: [[1, 'no-op'], [1, 'x=1']], durable: 1 } }] };
  const lose = { do: 'crash n3', at_us: 2, nodes: [{ node: 3, up: 0 }] };
  return new Run({ format: '', target, cluster: 'cluster nodes=3 disk=queued batch=1 window=1', nodes: 3, disk: 'queued', blocking: false, hash: '', steps: [boot, win, lose], skipped: [], messages: [], violations, witnesses: [], not_sitting: [] });
}

test('the picture is the reference\'s, and a flawed copy says what it violates', () => {
  const text = toScenario('n3 is not missed.', run('raft-core', []), run('flawed', [{ step: 1, invariant: 'ElectionSafety', level: 'paper', evidence: '', excused: false }]));
  assert.equal(text, `# n3 is not missed.
cluster nodes=3 disk=queued batch=1 window=1
timeout n1
crash n3
----
n1 leader of term 1, voted n1  log 1 1  commit 2
n2 follower of term 1          log 1 1  commit 0  durable 1
n3 down                        log -
n1 tells its client: x=1 is committed at index 2
violations none

==== flawed
violations ElectionSafety
`);
});
