// Layout, filter, folding: functions without a document.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dragged, matches, ring, shared, windowed } from '../../src/report/page/layout.js';

test('nodes stand on a ring, the first on top, none on another', () => {
  for (let nodes = 1; nodes <= 9; nodes += 1) {
    const places = ring(nodes);
    assert.equal(places.length, nodes);
    assert.ok(places.every(({ y }) => places[0].y <= y + 1e-9));
    for (const one of places) for (const other of places) if (one !== other) assert.ok(Math.hypot(one.x - other.x, one.y - other.y) > 40, `${nodes} nodes`);
  }
});

test('a node that is dragged away is alone, onto another it joins its side', () => {
  const places = ring(5);
  const away = { x: 1000, y: 0 };
  assert.deepEqual(dragged([[1, 2, 3, 4, 5]], 2, away, places, 40), [[1, 3, 4, 5], [2]]);
  assert.deepEqual(dragged([[1, 3, 4, 5], [2]], 1, places[1], places, 40), [[3, 4, 5], [1, 2]]);
  assert.deepEqual(dragged([[3, 4, 5], [1, 2]], 1, places[2], places, 40), [[1, 3, 4, 5], [2]]);
});

test('a filter wants all of its words, and one of each alternative', () => {
  assert.ok(matches('deliver n1->n2 AppendEntries', 'n2 append'));
  assert.ok(!matches('deliver n1->n2 AppendEntries', 'n2 vote'));
  assert.ok(matches('deliver n1->n2 AppendEntries', 'vote|append n1'));
  assert.ok(matches('anything', '  '));
});

test('of a long list only what is near the window is drawn', () => {
  const { first, end } = windowed(20000, 36000, 600, 36);
  assert.ok(first <= 1000 && end >= 1017 && end - first < 60);
  assert.deepEqual(windowed(3, 0, 600, 36), { first: 0, end: 3 });
  assert.deepEqual(windowed(3, 36000, 600, 36), { first: 0, end: 3 }, 'a list that became short while it was scrolled far down');
});

test('what all logs share is folded, and nothing more', () => {
  assert.equal(shared([[[1, 'a'], [1, 'b']], [[1, 'a'], [2, 'b']]]), 1);
  assert.equal(shared([[[1, 'a']], []]), 0);
  assert.equal(shared([]), 0);
});
