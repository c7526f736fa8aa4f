// Two runs of one script: where the second one first stands otherwise. States are compared, not
// messages: another target may word an answer otherwise and mean the same.

/** @typedef {import('./model.js').Run} Run */

/** The first step after which a node stands otherwise. @param {Run} one @param {Run} other */
export function firstDifference(one, other) {
  const fields = ['up', 'role', 'term', 'vote', 'commit'];
  for (let step = 0; step <= Math.min(one.last, other.last); step += 1) {
    const [here, there] = [one.after(step), other.after(step)];
    for (const node of here.nodes) {
      const twin = /** @type {any} */ (there.nodes[node.id - 1]);
      const mine = /** @type {any} */ (node);
      const field = fields.find((name) => twin[name] !== undefined && mine[name] !== undefined && mine[name] !== twin[name]);
      if (field) return { step, node: node.id, field };
      if (JSON.stringify(node.log) !== JSON.stringify(twin.log)) return { step, node: node.id, field: 'log' };
    }
  }
  return one.last === other.last ? null : { step: Math.min(one.last, other.last) + 1, node: 0, field: 'end' };
}
