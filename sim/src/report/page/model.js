// A recorded run (`raft-sim-trace/1`) as the page looks at it: how everything stands after any step.
// A trace says what each step has changed; here the changes are summed up, with a full copy now and
// then, so that a run of 20,000 actions can be gone through in both directions.

/**
 * @typedef {[number, string]} Entry  a term and what the entry carries
 * @typedef {{ node: number, is: string, says: string, weight: number, term?: number, index?: number, other?: number, command?: string }} Note
 * @typedef {{ node: number, log?: { keep: number, add: Entry[], durable: number }, owes?: { keep: number, add: string[] }, [value: string]: any }} Change
 * @typedef {{ do?: string, line?: number, at_us: number, notes?: Note[], nodes?: Change[], reach?: number[][] }} Step
 * @typedef {{ from: number, to: number, name: string, is: string, yes?: boolean, entries?: number, term?: number, says: string, sent: number, gone?: number }} Message
 * @typedef {{ step: number, invariant: string, level: string, evidence: string, excused: boolean }} Violation
 * @typedef {{ format: string, target: string, cluster: string, nodes: number, disk: string, blocking: boolean, hash: string, steps: Step[], calm?: { step: number, says: string[] }, skipped: number[], messages: Message[], violations: Violation[], witnesses: { step: number, name: string }[], not_sitting: { invariant: string, why: string }[] }} Trace
 * @typedef {{ id: number, up: number, paused: number, stalled: number, busy: number, starts: number, clock: number, role?: number, term?: number, vote?: number, commit?: number, applied?: number, election: number, heartbeat: number, log: Entry[], durable: number, owes: string[], was: Record<string, any> }} NodeState
 * @typedef {{ nodes: NodeState[], reach: number[][] }} State
 * @typedef {{ index: number, entry: Entry, step: number }} Committed
 */

/** Steps between two full copies. */
const COPY_EVERY = 256;
export const ROLES = ['follower', 'candidate', 'leader', 'candidate before its term'];

/** A run that can be looked at. */
export class Run {
  /** @param {Trace} trace */
  constructor(trace) {
    this.trace = trace;
    this.last = trace.steps.length - 1;
    this.ids = Array.from({ length: trace.nodes }, (_, slot) => slot + 1);
    /** By node and step: role and health as a lane shows them. @type {{ term: number, role: number, up: number }[][]} */
    this.lanes = this.ids.map(() => []);
    /** Entries that somebody has ever called committed, by index. @type {Committed[]} */
    this.ledger = [];
    /** By node: up to where its commits are in the ledger. */
    this.heard = this.ids.map(() => 0);
    /** @type {State[]} */
    this.copies = [];
    /** Messages by the step in which they were sent. @type {Map<number, number[]>} */
    this.sentIn = new Map();
    trace.messages.forEach((message, place) => {
      const list = this.sentIn.get(message.sent);
      if (list) list.push(place);
      else this.sentIn.set(message.sent, [place]);
    });
    /** @type {Map<number, Message>} */
    this.goneIn = new Map();
    for (const message of trace.messages) if (message.gone !== undefined) this.goneIn.set(message.gone, message);
    this.state = nothing(trace.nodes);
    this.at = -1;
    while (this.at < this.last) {
      this.forward();
      this.remember();
    }
  }

  /** Sums up the next step. */
  forward() {
    this.at += 1;
    const step = this.trace.steps[this.at];
    for (const node of this.state.nodes) node.was = {};
    for (const change of step.nodes || []) follow(this.state.nodes[change.node - 1], change);
    if (step.reach) this.state.reach = step.reach;
  }

  /** Keeps what is asked of every step. */
  remember() {
    this.state.nodes.forEach((node, slot) => {
      this.lanes[slot].push({ term: node.term || 0, role: node.role || 0, up: node.up });
      for (let index = this.heard[slot] + 1; index <= Math.min(node.commit || 0, node.log.length); index += 1) {
        if (!this.ledger[index]) this.ledger[index] = { index, entry: node.log[index - 1], step: this.at };
        this.heard[slot] = index;
      }
    });
    if (this.at % COPY_EVERY === 0) this.copies.push(copy(this.state));
  }

  /** How everything stands after a step. @param {number} step @returns {State} */
  after(step) {
    const wanted = Math.max(0, Math.min(step, this.last));
    if (wanted < this.at || this.at + COPY_EVERY < wanted) {
      const place = Math.floor(wanted / COPY_EVERY);
      this.state = copy(this.copies[place]);
      this.at = place * COPY_EVERY;
      if (this.at === wanted && this.at > 0) {
        // What the step has changed shows only by taking it.
        this.state = copy(this.copies[place - 1]);
        this.at -= COPY_EVERY;
      }
    }
    while (this.at < wanted) this.forward();
    return this.state;
  }

  /** Messages on their way after a step, the oldest first. @param {number} step */
  onTheWay(step) {
    return this.trace.messages.filter((it) => it.sent <= step && (it.gone === undefined || step < it.gone));
  }

  /** Entries that were committed by then. @param {number} step */
  committed(step) {
    return this.ledger.filter((it) => it.step <= step);
  }

  /** The message that a step is about: delivered, dropped, or delivered again. @param {number} step @returns {Message | undefined} */
  messageOf(step) {
    const gone = this.goneIn.get(step);
    const action = this.trace.steps[step]?.do || '';
    if (!action.startsWith('duplicate ')) return gone;
    const name = action.slice('duplicate '.length);
    return this.trace.messages.filter((it) => it.name === name && it.gone !== undefined && it.gone < step).pop();
  }

  /** The node to which a step happens; 0 if it is none's. @param {number} step */
  nodeOf(step) {
    const words = (this.trace.steps[step]?.do || '').split(' ');
    if (words[0] === 'deliver' || words[0] === 'duplicate') return Number(words[1].split('->n')[1]);
    return /^n\d+$/.test(words[1] || '') ? Number(words[1].slice(1)) : 0;
  }

  /**
   * What the run is judged by: the invariant that it is kept for, or its first violation, or a graver
   * one than a lemma that follows it.
   * @param {string | null} [kept]
   */
  verdict(kept) {
    const expected = this.trace.violations.find((it) => it.invariant === kept);
    const [first] = this.trace.violations;
    if (expected) return expected;
    if (!first || first.level !== 'lemma') return first;
    return this.trace.violations.find((it) => it.level !== 'lemma' && it.level !== 'harness' && !it.excused) || first;
  }
}

/** @param {number} nodes @returns {State} */
function nothing(nodes) {
  const ids = Array.from({ length: nodes }, (_, slot) => slot + 1);
  return {
    nodes: ids.map((id) => ({ id, up: 0, paused: 0, stalled: 0, busy: 0, starts: 0, clock: 100, election: 0, heartbeat: 0, log: [], durable: 0, owes: [], was: {} })),
    reach: ids.map(() => ids),
  };
}

/** @param {State} state @returns {State} */
function copy(state) {
  return {
    nodes: state.nodes.map((node) => ({ ...node, log: node.log.slice(), owes: node.owes.slice(), was: { ...node.was } })),
    reach: state.reach,
  };
}

/** @param {NodeState} node @param {Change} change */
function follow(node, change) {
  const all = /** @type {Record<string, any>} */ (node);
  for (const [name, value] of Object.entries(change)) {
    if (name === 'node' || name === 'log' || name === 'owes') continue;
    node.was[name] = all[name];
    all[name] = value;
  }
  if (change.log) {
    node.was.log = node.log.length;
    node.was.kept = change.log.keep;
    node.log.length = change.log.keep;
    node.log.push(...change.log.add);
    node.durable = change.log.durable;
  }
  if (change.owes) {
    node.owes.length = change.owes.keep;
    node.owes.push(...change.owes.add);
  }
}

/** The groups into which the network has fallen, largest last; one group if it is whole. @param {State} state @returns {number[][]} */
export function sides(state) {
  /** @type {number[][]} */
  const groups = [];
  const placed = new Set();
  for (const { id } of state.nodes) {
    if (placed.has(id)) continue;
    const group = [id];
    placed.add(id);
    for (const member of group) {
      for (const other of state.reach[member - 1]) {
        if (placed.has(other) || !state.reach[other - 1].includes(member)) continue;
        placed.add(other);
        group.push(other);
      }
    }
    groups.push(group.sort((one, other) => one - other));
  }
  return groups.sort((one, other) => one.length - other.length || one[0] - other[0]);
}

/** Those that run and believe to lead, the newest term last. @param {State} state */
export function leaders(state) {
  return state.nodes.filter((node) => node.up && node.role === 2).sort((one, other) => (one.term || 0) - (other.term || 0));
}

/** The step that led to a violation and everything that happened before it in the sense of messages. @param {Run} run @param {number} end */
export function causes(run, end) {
  const wanted = new Set();
  /** Latest step of a node from which on back everything counts. @type {Map<number, number>} */
  const upTo = new Map();
  const actor = run.nodeOf(end);
  if (actor) upTo.set(actor, end);
  wanted.add(end);
  for (let step = end; step > 0; step -= 1) {
    const node = run.nodeOf(step);
    if (!node || (upTo.get(node) || 0) < step) continue;
    wanted.add(step);
    const message = (run.trace.steps[step].do || '').startsWith('d') ? run.messageOf(step) : undefined;
    if (message) upTo.set(message.from, Math.max(upTo.get(message.from) || 0, message.sent));
  }
  return wanted;
}
