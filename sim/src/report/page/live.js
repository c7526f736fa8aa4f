// Time that passes: in a living cluster true time in slow motion, elsewhere an action after the other.

/** @typedef {import('./session.js').Session} Session */

/** Milliseconds on the wall for a millisecond of the cluster's, at speed 1. */
const SLOW_MOTION = 24;
/** Milliseconds for an action of a recorded run, at speed 1. */
const PACE = 700;
/** Steps ahead at which chance is asked again. */
const EARLY = 12;

/** Lets time pass in a session. */
export class Life {
  /** @param {Session} session @param {(share: boolean) => void} redraw  `true` if only time has passed */
  constructor(session, redraw) {
    this.session = session;
    this.redraw = redraw;
    this.last = 0;
    this.carry = 0;
    this.isAsking = false;
  }

  /** Called with every frame. @param {number} now */
  frame(now) {
    const session = this.session;
    // The first frame may lie before the moment at which it was asked for.
    const passed = Math.max(0, Math.min(100, now - (this.last || now)));
    this.last = now;
    if (!session.playing || !session.run || session.busy === 'replay') return;
    if (session.isLab) this.live(passed);
    else this.pace(passed);
  }

  /** @param {number} passed */
  pace(passed) {
    const session = this.session;
    this.carry += passed * session.speed;
    if (this.carry < PACE) return;
    this.carry = 0;
    if (session.run && session.k < session.run.last) session.jump(session.k + 1);
    else session.stop();
    this.redraw(false);
  }

  /** @param {number} passed */
  live(passed) {
    const session = this.session;
    const run = /** @type {import('./model.js').Run} */ (session.run);
    const here = run.trace.steps[session.k].at_us;
    session.clock_us = Math.max(session.clock_us, here);
    const next = run.trace.steps[session.k + 1];
    if (run.last - session.k < EARLY && session.limit === session.k && !this.isAsking) this.prepare();
    if (!next) return;
    session.clock_us = Math.min(session.clock_us + (passed * 1000 * session.speed) / SLOW_MOTION, next.at_us);
    if (session.clock_us < next.at_us) {
      this.redraw(true);
      return;
    }
    session.k += 1;
    session.limit = Math.max(session.limit, session.k);
    if (session.k % 8 === 0) session.remember();
    this.redraw(false);
  }

  async prepare() {
    this.isAsking = true;
    await this.session.goOn(80);
    this.isAsking = false;
  }
}
