// The state of the page and everything that changes it. The script is the state; a position in its
// run is where one looks; all else follows from the two.

import { Gone, ask } from './api.js';
import { firstDifference } from './compare.js';
import { Run } from './model.js';
import { forked, parse, partition, print, restored, running, times, toAddress, toggled } from './script.js';

/**
 * @typedef {{ name: string, summary: string, reference: string | null, nodes: [number, number] }} Target
 * @typedef {{ mode: string, name: string, target: string, script: string, invariant: string | null, one_minimal: boolean, version: string, command: string, targets: Target[], schedulers: { name: string, summary: string }[], invariants: { name: string, id: string, level: string, statement: string, source: string, explain: string }[], witnesses: { name: string, statement: string }[] }} Start
 * @typedef {import('./script.js').Script} Script
 * @typedef {{ place: number, step: number, off: boolean, skipped: boolean, isCalm?: boolean }} Row  `isCalm` is of what the calm does, which no line says
 */

/** Actions that a living cluster is asked for at once. */
const AHEAD = 60;
/** Lines with which a laboratory stops living: nobody looks back that far. */
const LIFE_MAX = 6000;

/** See the head of this file. */
export class Session {
  /** @param {Start} start @param {() => void} redraw */
  constructor(start, redraw) {
    this.start = start;
    this.redraw = redraw;
    this.mode = start.mode;
    this.target = start.target;
    this.name = start.name;
    /** @type {Script} */
    this.script = parse(start.script);
    /** What was opened, for the way back. */
    this.original = this.script;
    /** @type {Run | null} */
    this.run = null;
    this.k = 0;
    /** Steps that have been lived; beyond lies what chance has in store. */
    this.limit = 0;
    this.playing = false;
    /** Whether it played before somebody acted. */
    this.wasPlaying = false;
    /** True time of a cluster that lives, between two steps. */
    this.clock_us = 0;
    this.speed = 1;
    this.scheduler = 'kindly';
    /** Lines that a fork has set aside. @type {Script | null} */
    this.aside = null;
    /** @type {any} */
    this.why = null;
    /** @type {{ name: string, run: Run, differs: { step: number, node: number, field: string } | null } | null} */
    this.other = null;
    this.busy = '';
    this.error = '';
    this.isGone = false;
    this.toast = '';
    this.filter = '';
    /** What is to be written next. */
    this.draft = 'x=10';
    this.onlyCauses = false;
    this.foldPulse = true;
    this.judge = '';
    this.judgesByName = false;
    this.selected = 0;
    this.tab = start.mode === 'lab' ? 'cluster' : 'story';
    this.diagram = start.mode !== 'lab';
    /** Missions that were fulfilled. @type {Set<string>} */
    this.done = new Set();
    this.minimal = start.one_minimal;
    this.isOffline = false;
    /** The invariant that the run is kept for. @type {string | null} */
    this.kept = start.invariant;
    this.seed = 1;
    /** @type {AbortController | null} */
    this.work = null;
    this.asked = 0;
    this.remembering = 0;
  }

  get edited() {
    return print(this.script) !== print(this.original) || this.script.lines.some((line) => line.off);
  }

  get isLab() {
    return this.mode === 'lab';
  }

  /** The verdict as far as anybody has seen it. */
  verdict() {
    const verdict = this.run?.verdict(this.kept);
    if (!verdict || this.limit < verdict.step || (this.edited && this.kept && verdict.invariant !== this.kept)) return undefined;
    return verdict;
  }

  /** Shows a recorded run. @param {import('./model.js').Trace} trace @param {number} [limit] */
  take(trace, limit) {
    this.run = new Run(trace);
    this.limit = Math.min(limit ?? this.run.last, this.run.last);
    this.k = Math.min(this.k, this.limit);
  }

  /** Asks the server; what goes wrong is said where the verdict stands. @param {string} name @param {any} question @returns {Promise<any>} */
  async ask(name, question) {
    if (this.isOffline) {
      this.say('This is a recording: open it live to change it.');
      return null;
    }
    const work = new AbortController();
    this.work = work;
    this.busy = name;
    this.redraw();
    try {
      const answer = await ask(name, question, work.signal);
      this.error = '';
      return answer;
    } catch (error) {
      if (error instanceof Gone) this.isGone = true;
      else if (!work.signal.aborted) this.error = error instanceof Error ? error.message : String(error);
      return null;
    } finally {
      // An answer that comes late must not end the waiting for a later question.
      if (this.work === work) this.busy = '';
      this.redraw();
    }
  }

  /** Runs the script as it is now. @param {number} [k] where to look then */
  async replay(k) {
    this.asked += 1;
    const asked = this.asked;
    const trace = await this.ask('replay', { target: this.target, script: print(this.script), times_us: times(this.script) });
    if (!trace || asked !== this.asked) return false;
    if (k !== undefined) this.k = k;
    this.take(trace);
    this.remember();
    return true;
  }

  /** Opens another script. @param {Script} script @param {number} [k] */
  async open(script, k) {
    this.stop();
    Object.assign(this, { script, original: script, aside: null, why: null, other: null, limit: 0, k: 0 });
    await this.replay(k ?? 0);
    this.kept = this.run?.verdict(this.kept)?.invariant ?? null;
    this.redraw();
  }

  /** An empty cluster of so many nodes. @param {number} nodes */
  async fresh(nodes) {
    const cluster = this.script.cluster.replace(/nodes=\d+/, `nodes=${nodes}`);
    await this.open({ cluster, lines: [] });
    this.minimal = false;
    this.play();
  }

  /** Writes the moment into the address. */
  remember() {
    if (this.isOffline) {
      history.replaceState(null, '', `#at=${this.k}`);
      return;
    }
    // A long script takes its time to be squeezed: not with every step of one who hurries.
    this.remembering ||= setTimeout(async () => {
      this.remembering = 0;
      history.replaceState(null, '', await this.address());
    }, 120);
  }

  /** The moment as an address. */
  address() {
    return toAddress({ mode: this.mode, target: this.target, at: this.k, script: this.isLab ? this.lived(this.limit) : this.script });
  }

  /** The lines up to a step, with the times at which they were lived. @param {number} step @returns {Script} */
  lived(step) {
    const steps = this.run ? this.run.trace.steps.slice(1, step + 1) : [];
    return { cluster: this.script.cluster, lines: steps.map((it) => ({ text: it.do || '', at_us: it.at_us })) };
  }

  /** Looks at a step. @param {number} k */
  jump(k) {
    this.k = Math.max(0, Math.min(k, this.run ? this.run.last : 0));
    if (!this.isLab) this.limit = this.run ? this.run.last : 0;
    this.limit = Math.max(this.limit, this.k);
    this.clock_us = this.run?.trace.steps[this.k]?.at_us || 0;
    this.remember();
    this.redraw();
  }

  /** Steps by one; in a living cluster beyond the end chance goes on. @param {number} by */
  async step(by) {
    this.stop();
    if (this.isLab && by > 0 && this.run && this.k === this.run.last) await this.goOn(AHEAD);
    this.jump(this.k + by);
  }

  /** Lets chance add actions to what was lived. @param {number} steps */
  async goOn(steps) {
    if (!this.run || this.isOffline) return false;
    const script = this.isLab ? this.lived(this.run.last) : this.script;
    if (script.lines.length > LIFE_MAX) {
      this.stop();
      this.say(`${LIFE_MAX} actions: this life ends here. Begin a new one, or go back and act.`);
      return false;
    }
    this.seed += 1;
    const question = { target: this.target, script: print(script), times_us: times(script), scheduler: this.scheduler, seed: this.seed, steps };
    this.asked += 1;
    const asked = this.asked;
    const trace = await this.ask('continue', question);
    if (asked !== this.asked) return false;
    if (!trace) {
      this.stop();
      return false;
    }
    this.take(trace, this.isLab ? this.limit : undefined);
    this.script = this.lived(this.run ? this.run.last : 0);
    return true;
  }

  /** Does something at the step that is looked at; what came later is set aside. @param {string} action */
  async act(action) {
    if (!this.run || this.isOffline) return;
    if (this.run.trace.calm && this.k >= this.run.trace.calm.step) {
      this.say('In the calm nobody acts: go back before it.');
      return;
    }
    const before = this.isLab ? this.lived(this.limit) : this.script;
    const length = this.isLab ? this.k : this.placeAfter(this.k);
    const isFork = length < before.lines.length;
    if (isFork) this.aside = this.aside || { ...before };
    const at_us = this.isLab ? this.now() : undefined;
    this.script = forked(this.isLab ? this.lived(this.k) : this.script, length, [{ text: action, at_us }]);
    const was = this.k;
    this.why = null;
    this.other = null;
    this.minimal = false;
    if (!(await this.replay())) {
      this.script = before;
      await this.replay(was);
      return;
    }
    const run = /** @type {Run} */ (this.run);
    if (run.trace.skipped.includes(running(this.script).length)) {
      this.say(`That cannot happen now: ${action}`);
    }
    this.limit = run.last;
    this.jump(run.last);
    if (this.isLab && this.wasPlaying) this.play();
  }

  /** True time at the moment that is looked at. */
  now() {
    const step = this.run?.trace.steps[this.k];
    return Math.max(step?.at_us || 0, Math.floor(this.clock_us || 0));
  }

  /** How many lines of the script stand before what follows a step. @param {number} step */
  placeAfter(step) {
    const line = this.run?.trace.steps[step]?.line;
    return line === undefined ? (step === 0 ? 0 : this.script.lines.length) : running(this.script)[line - 1] + 1;
  }

  /** Switches an action off or on. @param {number} place */
  async toggle(place) {
    if (this.isOffline) return;
    const row = this.rows().find((it) => it.place === place);
    this.script = toggled(this.script, place);
    await this.replay(row ? Math.max(0, row.step) : undefined);
    this.redraw();
  }

  /** Back to what was opened. */
  async restore() {
    const script = this.aside || restored(this.original);
    this.aside = null;
    this.script = script;
    this.why = null;
    await this.replay(this.k);
    this.redraw();
  }

  /** Runs the same script on another target. @param {string} target */
  async choose(target) {
    this.stop();
    this.script = this.isLab ? this.lived(this.limit) : this.script;
    Object.assign(this, { target, why: null, other: null, minimal: false, aside: null });
    await this.replay(this.k);
    this.redraw();
  }

  /** The shortest script that fails the same way. */
  async minimize() {
    const verdict = this.run?.verdict(this.kept);
    if (!verdict) return;
    this.stop();
    const answer = await this.ask('minimize', { target: this.target, script: print(this.script), invariant: verdict.invariant });
    if (!answer) return;
    const before = this.script;
    await this.open(parse(answer.script));
    this.aside = before;
    this.minimal = answer.one_minimal;
    this.done.add('minimize');
    this.say(`${answer.before} actions became ${this.script.lines.length}, after ${answer.replays} replays.`);
    this.jump(this.run?.verdict(this.kept)?.step ?? 0);
  }

  /** When it was decided, and which actions matter. */
  async explain() {
    const verdict = this.run?.verdict(this.kept);
    if (!verdict) return;
    this.why = await this.ask('why', { target: this.target, script: print(this.script), invariant: verdict.invariant, futures: 100 });
    this.redraw();
  }

  /** Sets another target beside this one; none without a name. @param {string} name */
  async compare(name) {
    if (!name || !this.run) {
      this.other = null;
      this.redraw();
      return;
    }
    const trace = await this.ask('replay', { target: name, script: print(this.script), times_us: [] });
    if (trace) {
      const run = new Run(trace);
      this.other = { name, run, differs: firstDifference(this.run, run) };
      if (this.other.differs) this.jump(Math.min(this.other.differs.step, this.run.last));
    }
    this.redraw();
  }

  /** Tries schedules by chance until a judge speaks. */
  async hunt() {
    this.stop();
    const cluster = this.script.cluster;
    for (let tries = 0; tries < 60; tries += 1) {
      this.script = { cluster, lines: [] };
      this.seed += 1;
      const schedulers = ['walk', 'swarm', 'pos', 'pct'];
      const trace = await this.ask('continue', { target: this.target, script: print(this.script), times_us: [], scheduler: schedulers[tries % 4], seed: this.seed, steps: 400 });
      if (!trace) return;
      const verdict = new Run(trace).verdict();
      if (!verdict) continue;
      this.take(trace);
      this.script = forked(this.lived(this.limit), verdict.step, []);
      this.original = this.script;
      this.kept = verdict.invariant;
      await this.replay(verdict.step);
      this.say(`Schedule ${tries + 1} broke it: ${verdict.invariant}.`);
      return;
    }
    await this.replay(0);
    this.say('60 schedules by chance, and no judge has spoken.');
  }

  play() {
    if (this.isOffline && this.isLab) return;
    if (!this.isLab && this.run && this.k === this.run.last) this.jump(0);
    this.playing = true;
    this.wasPlaying = true;
    this.redraw();
  }

  stop() {
    this.wasPlaying = this.playing;
    this.playing = false;
  }

  /** @param {string} text */
  say(text) {
    this.toast = text;
    this.redraw();
  }

  /** The lines of the script as rows, each with the step in which it happened. @returns {Row[]} */
  rows() {
    if (!this.run) return [];
    const script = this.isLab ? this.lived(this.limit) : this.script;
    const steps = new Map(this.run.trace.steps.map((step, number) => [step.line, number]));
    let line = 0;
    let last = 0;
    const isAdded = this.isLab;
    /** @type {Row[]} */
    const rows = script.lines.map((it, place) => {
      if (!it.off) line += 1;
      const step = isAdded ? place + 1 : it.off ? undefined : steps.get(line);
      if (step !== undefined) last = step;
      return { place, step: step ?? last, off: Boolean(it.off), skipped: !it.off && step === undefined };
    });
    const calm = this.run.trace.calm?.step ?? this.run.last;
    for (let step = calm + 1; step <= this.run.last && !this.isLab; step += 1) rows.push({ place: script.lines.length + step, step, off: false, skipped: false, isCalm: true });
    return rows;
  }

  /** Cuts the network into these groups. @param {number[][]} groups */
  cut(groups) {
    return this.act(groups.length > 1 ? partition(groups) : 'heal');
  }
}
