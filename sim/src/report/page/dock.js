// The dock: one scrubber for everything. Behind it lies how likely the failure is (explorer) or who led
// when (laboratory).

import { h } from './dom.js';
import { hue, icon } from './signs.js';

/** @typedef {import('./session.js').Session} Session */

/** Width and height of what lies behind the scrubber. */
const [WIDE, HIGH] = [1000, 44];
const SPEEDS = [0.5, 1, 2, 5, 20];

/** @param {Session} session */
export function dock(session) {
  const run = session.run;
  const last = session.limit;
  const button = (/** @type {string} */ label, /** @type {any} */ name, /** @type {() => void} */ act, props = {}) => h('button.b.icon', { 'aria-label': label, title: label, onclick: act, ...props }, icon(name));
  const isStart = session.k === 0;
  const isEnd = session.k >= last;
  return [
    h('div.tr', null,
      button('To the beginning', 'first', () => { session.stop(); session.jump(0); }, { disabled: isStart }),
      button('A step back', 'back', () => session.step(-1), { disabled: isStart }),
      button(session.playing ? 'Pause' : 'Play', session.playing ? 'pause' : 'play', () => { if (session.playing) { session.stop(); session.remember(); session.redraw(); } else session.play(); }, { id: 'play' }),
      button('A step on', 'on', () => session.step(1), { disabled: isEnd && !session.isLab }),
      button('To the end', 'last', () => { session.stop(); session.jump(last); }, { disabled: isEnd })),
    h('div.scrub', null,
      h('p.cap', null, caption(session)),
      run && h('svg', { viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, session.why ? curve(session) : reigns(session), violations(session)),
      h('input', { type: 'range', min: 0, max: Math.max(1, last), value: session.k, 'aria-label': 'Step', 'aria-valuetext': `step ${session.k} of ${last}`, oninput: (/** @type {any} */ event) => { session.stop(); session.jump(Number(event.target.value)); } })),
    h('div.dockend', null,
      h('p.pos', null, h('b', null, session.k), h('span', null, ` of ${last}`)),
      h('select.field', { 'aria-label': 'Speed', value: String(session.speed), onchange: (/** @type {any} */ event) => { session.speed = Number(event.target.value); session.redraw(); } }, SPEEDS.map((speed) => h('option', { value: String(speed) }, speed === 0.5 ? '½×' : `${speed}×`))),
      !session.isOffline && h('label.opt', null, h('span.wide', null, 'goes on by'), h('select.field', { 'aria-label': 'Who goes on', value: session.scheduler, onchange: (/** @type {any} */ event) => { session.scheduler = event.target.value; session.redraw(); } }, session.start.schedulers.map((it) => h('option', { value: it.name, title: it.summary }, it.name === 'kindly' ? 'time, kindly' : it.name)))),
      !session.isOffline && !session.isLab && h('button.b.opt', { onclick: () => onByChance(session), title: 'Chance adds 50 actions at the end' }, 'Go on')),
  ];
}

/** @param {Session} session */
async function onByChance(session) {
  if (!(await session.goOn(50)) || !session.run) return;
  session.jump(session.run.last);
}

/** @param {Session} session */
function caption(session) {
  if (session.why) return 'Share of random futures that fail';
  if (session.isLab) return session.playing ? 'Live, in slow motion. Drag to go back; act there, and the rest is set aside.' : 'Paused. Step on, or go back and act: the rest is set aside.';
  return 'Who led when';
}

/** Who led when, a bar for each reign. @param {Session} session */
function reigns(session) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  const x = (/** @type {number} */ step) => (WIDE * step) / Math.max(1, session.limit);
  return run.ids.flatMap((id) => {
    const lane = run.lanes[id - 1];
    const bars = [];
    let from = -1;
    for (let step = 0; step <= session.limit + 1; step += 1) {
      const leads = step <= session.limit && lane[step].up && lane[step].role === 2;
      const isSame = from >= 0 && step <= session.limit && lane[step].term === lane[from].term;
      if (from >= 0 && !(leads && isSame)) {
        const y = 6 + ((id - 1) * 26) / run.trace.nodes;
        bars.push(h('rect', { class: `reign ${hue(lane[from].term)}`, x: x(from), width: Math.max(2, x(Math.min(step, session.limit)) - x(from)), y, height: Math.min(7, 22 / run.trace.nodes) }));
        from = -1;
      }
      if (leads && from < 0) from = step;
    }
    return bars;
  });
}

/** How likely the failure is after each step. @param {Session} session */
function curve(session) {
  const { moments, futures } = session.why;
  const x = (/** @type {number} */ step) => (WIDE * step) / Math.max(1, session.limit);
  const y = (/** @type {number} */ failing) => 36 - (34 * failing) / futures;
  const line = moments.map((/** @type {any} */ it) => `${x(it.after).toFixed(1)},${y(it.failing).toFixed(1)}`);
  const last = moments[moments.length - 1];
  return [h('polygon', { class: 'likely', points: `0,36 ${line.join(' ')} ${x(last?.after || 0)},36` }), h('polyline', { class: 'likelihood', points: line.join(' ') })];
}

/** @param {Session} session */
function violations(session) {
  const found = session.verdict();
  if (!found) return null;
  return h('rect', { class: 'spoken', x: (WIDE * found.step) / Math.max(1, session.limit) - 3, y: 0, width: 6, height: 36 });
}
