// What may be done to a node now, and why not.

/** @typedef {import('./model.js').NodeState} NodeState */
/** @typedef {import('./model.js').State} State */
/** @typedef {{ label: string, key?: string, action: string, no?: string }} Choice  `no` says why not */

/** Everything that may be done to a node, possible or not. @param {State} state @param {NodeState} node @param {string} disk @returns {Choice[]} */
export function choices(state, node, disk) {
  const name = `n${node.id}`;
  const deaf = !node.up ? 'it is down' : node.paused ? 'it is paused' : node.busy ? 'it waits for its disk' : '';
  const others = state.nodes.map((it) => it.id).filter((id) => id !== node.id);
  const isAlone = state.reach[node.id - 1].length === 1;
  /** @type {Choice[]} */
  const list = [
    { label: 'Time out: stand for election', key: 't', action: `timeout ${name}`, no: deaf || (node.election ? '' : 'its election timer is off') },
    { label: 'Send heartbeats', key: 'h', action: `heartbeat ${name}`, no: deaf || (node.heartbeat ? '' : 'it does not lead') },
    node.up ? { label: 'Crash', key: 'c', action: `crash ${name}` } : { label: 'Restart', key: 'c', action: `restart ${name}` },
    node.paused ? { label: 'Resume', key: 'p', action: `resume ${name}` } : { label: 'Pause', key: 'p', action: `pause ${name}`, no: node.up ? '' : 'it is down' },
    isAlone ? { label: 'Connect again', key: 'i', action: 'heal' } : { label: 'Isolate', key: 'i', action: `partition {${others.map((id) => `n${id}`).join(' ')}} {${name}}`, no: others.length ? '' : 'there is nobody else' },
    node.clock === 100 ? { label: 'Let its clock run at half speed', action: `skew ${name} -50%` } : { label: 'Set its clock right', action: `skew ${name} +0%` },
  ];
  if (disk === 'queued') {
    const owes = node.owes.length;
    list.push({ label: 'Sync its disk', key: 's', action: `sync ${name}`, no: !owes ? 'its disk owes nothing' : node.up ? '' : 'it is down' });
    if (node.up && owes) list.push({ label: `Crash, ${owes} unsynced kept`, action: `crash ${name} keep ${owes}` });
  }
  return list;
}

/** The node that KILL LEADER means: of those that lead, the newest. @param {State} state */
export function newestLeader(state) {
  return state.nodes.filter((node) => node.up && node.role === 2).sort((one, other) => (other.term || 0) - (one.term || 0))[0];
}
