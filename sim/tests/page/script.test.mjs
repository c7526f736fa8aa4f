// Editing a script, and carrying it in an address.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forked, fromAddress, parse, partition, print, restored, running, times, toAddress, toggled, toRepro, unsigned } from '../../src/report/page/script.js';

const TEXT = 'cluster nodes=3 disk=instant batch=1 window=1\ntimeout n1\ndeliver n1->n2 RequestVote #9f3c12ab\nheal\n';

test('what is read is printed again, without remarks', () => {
  assert.equal(print(parse(`# why\n\n${TEXT}`)), TEXT);
});

test('an action that is switched off is not run, and comes back in its place', () => {
  const off = toggled(parse(TEXT), 1);
  assert.equal(print(off), TEXT.replace(/deliver.*\n/, ''));
  assert.deepEqual(running(off), [0, 2]);
  assert.equal(print(toggled(off, 1)), TEXT);
  assert.equal(print(restored(off)), TEXT);
});

test('a fork keeps what came before it', () => {
  const fork = forked(parse(TEXT), 1, [{ text: 'crash n1' }]);
  assert.deepEqual(fork.lines.map((line) => line.text), ['timeout n1', 'crash n1']);
});

test('times are those that are known from the beginning on', () => {
  const script = { cluster: '', lines: [{ text: 'a', at_us: 5 }, { text: 'b', at_us: 6, off: true }, { text: 'c', at_us: 7 }, { text: 'd' }, { text: 'e', at_us: 9 }] };
  assert.deepEqual(times(script), [5, 7]);
});

test('an address carries script, target, position and what is switched off', async () => {
  const moment = { mode: 'explore', target: 'raft-core?bug=x', at: 2, script: toggled(parse(TEXT), 2) };
  const back = await fromAddress(await toAddress(moment));
  assert.equal(back.target, moment.target);
  assert.equal(back.at, 2);
  assert.deepEqual(back.script.lines.map((line) => [line.text, Boolean(line.off)]), moment.script.lines.map((line) => [line.text, Boolean(line.off)]));
  assert.equal(await fromAddress(''), null);
  await assert.rejects(fromAddress('#script=%25'));
});

test('an address stays short', async () => {
  const lines = Array.from({ length: 500 }, (_, at) => `deliver n${1 + (at % 3)}->n${1 + ((at + 1) % 3)} AppendEntries entries`);
  const address = await toAddress({ mode: 'lab', target: 'raft-core', at: 500, script: parse(`cluster nodes=3\n${lines.join('\n')}`) });
  assert.ok(address.length < 1000, `${address.length}`);
});

test('a file to keep says what must come of it', () => {
  const repro = JSON.parse(toRepro(toggled(parse(TEXT), 2), 'noraft', { invariant: 'ElectionSafety', step: 2 }));
  assert.deepEqual(repro.expect, { outcome: 'violation', invariant: 'ElectionSafety', actions: 2 });
  assert.deepEqual(repro.cluster, { nodes: 3, batch_entries_max: 1, window_messages_max: 1, disk: 'instant' });
  assert.equal(repro.actions.length, 2);
  assert.equal(unsigned(repro.actions[1]), 'deliver n1->n2 RequestVote');
  assert.equal(partition([[1, 2], [3]]), 'partition {n1 n2} {n3}');
});
