// Where things stand: nodes on the map, groups of nodes, messages on their links, rows in the window.

/** @typedef {{ x: number, y: number }} Point */

/** Half the width of the map. */
export const HALF = 150;
/** Radius of a node's sign, by how many there are. @param {number} nodes */
export function nodeRadius(nodes) {
  return nodes <= 3 ? 31 : nodes <= 5 ? 26 : nodes <= 7 ? 22 : 19;
}

/** Places of the nodes on a ring, the first on top. @param {number} nodes @returns {Point[]} */
export function ring(nodes) {
  const radius = nodes === 1 ? 0 : HALF - nodeRadius(nodes) - 16;
  return Array.from({ length: nodes }, (_, slot) => {
    const angle = (2 * Math.PI * slot) / nodes - Math.PI / 2;
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
  });
}

/** A point between two nodes, `share` of the way, beside the link so that both directions have room. @param {Point} from @param {Point} to @param {number} share */
export function onLink(from, to, share) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const aside = 9;
  return { x: from.x + dx * share - (dy / length) * aside, y: from.y + dy * share + (dx / length) * aside };
}

/** A link without what lies under its nodes. @param {Point} from @param {Point} to @param {number} gap */
export function link(from, to, gap) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const share = gap / length;
  return {
    x1: from.x + (to.x - from.x) * share, y1: from.y + (to.y - from.y) * share,
    x2: to.x - (to.x - from.x) * share, y2: to.y - (to.y - from.y) * share,
  };
}

/** The line between two groups: a point on it, and its direction with the first group on its left. @param {number[][]} groups @param {Point[]} places */
export function between([one, other], places) {
  const middle = (/** @type {number[]} */ group) => ({
    x: group.reduce((sum, id) => sum + places[id - 1].x, 0) / group.length,
    y: group.reduce((sum, id) => sum + places[id - 1].y, 0) / group.length,
  });
  const [from, to] = [middle(one), middle(other)];
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  // Nearer to the smaller group, whose nodes reach less far.
  const share = 0.5 * (one.length / (one.length + other.length)) + 0.25;
  return {
    x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share,
    dx: (to.y - from.y) / length, dy: -(to.x - from.x) / length,
  };
}

/** The groups after a node was dragged to a place: on another node to its side, elsewhere alone. @param {number[][]} groups @param {number} node @param {Point} at @param {Point[]} places @param {number} reach */
export function dragged(groups, node, at, places, reach) {
  const near = places.findIndex((point, slot) => slot + 1 !== node && Math.hypot(point.x - at.x, point.y - at.y) < reach);
  const others = groups.map((group) => group.filter((id) => id !== node)).filter((group) => group.length);
  if (near < 0) return [...others, [node]];
  return others.map((group) => (group.includes(near + 1) ? [...group, node].sort((one, other) => one - other) : group));
}

/** Rows that are to be drawn of a long list. @param {number} rows @param {number} top @param {number} height @param {number} row */
export function windowed(rows, top, height, row) {
  const spare = 12;
  const first = Math.max(0, Math.min(Math.floor(top / row), rows) - spare);
  return { first, end: Math.min(rows, Math.ceil((top + height) / row) + spare) };
}

/** Whether a text has all words of a filter; `|` separates alternatives. @param {string} text @param {string} filter */
export function matches(text, filter) {
  const lower = text.toLowerCase();
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => word.split('|').some((one) => one !== '' && lower.includes(one)));
}

/** How many entries at their beginning all logs share. @param {import('./model.js').Entry[][]} logs */
export function shared(logs) {
  if (!logs.length) return 0;
  const shortest = Math.min(...logs.map((log) => log.length));
  let count = 0;
  while (count < shortest && logs.every((log) => log[count][0] === logs[0][count][0] && log[count][1] === logs[0][count][1])) count += 1;
  return count;
}
