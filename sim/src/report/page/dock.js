// The dock: one scrubber for everything. Behind it lies how likely the failure is (explorer) or who led
// when (laboratory).

import { h } from './dom.js';
import { hue, icon } from './signs.js';

/** @typedef {import('./session.js').Session} Session */
/** @typedef {{ id: number, term: number, from: number, to: number }} Reign */

/** Width and height of what lies behind the scrubber. */
const [WIDE, HIGH] = [1000, 44];
/** Reigns as they were last counted. @type {{ run: import('./model.js').Run | null, limit: number, list: Reign[] }} */
let known = { run: null, limit: 0, list: [] };
const SPEEDS = [0.5, 1, 2, 5, 20];

/** @param {Session} session */
export function dock(session) {
  const run = session.run;
  const last = session.limit;
  const button = (/** @type {string} */ says, /** @type {any} */ name, /** @type {() => void} */ act, props = {}) => h('button.b.icon', { 'aria-label': says, title: says, onclick: act, ...props }, icon(name));
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
      run && h('svg', { viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, ticks(session), session.why ? curve(session) : reigns(session), violations(session)),
      run && h('div.labels', { 'aria-hidden': 'true' }, session.why ? percents(session) : reignNames(session)),
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

/** Who led when. @param {Session} session @returns {Reign[]} */
function reignList(session) {
  const { run, limit } = session;
  if (run !== known.run || limit !== known.limit) known = { run, limit, list: reignsOf(session) };
  return known.list;
}

/** @param {Session} session @returns {Reign[]} */
function reignsOf(session) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  return run.ids.flatMap((id) => {
    const lane = run.lanes[id - 1];
    /** @type {Reign[]} */
    const list = [];
    for (let step = 0; step <= session.limit; step += 1) {
      const { up, role, term } = lane[step];
      const last = list[list.length - 1];
      if (!up || role !== 2) continue;
      if (last && last.to === step - 1 && last.term === term) last.to = step;
      else list.push({ id, term, from: step, to: step });
    }
    return list;
  });
}

/** A bar for each reign. @param {Session} session */
function reigns(session) {
  const nodes = session.run?.trace.nodes || 1;
  const x = (/** @type {number} */ step) => (WIDE * step) / Math.max(1, session.limit);
  return reignList(session).map(({ id, term, from, to }) => h('rect', { class: `reign ${hue(term)}`, x: x(from), width: Math.max(2, x(to) - x(from)), y: 6 + ((id - 1) * 26) / nodes, height: Math.min(7, 22 / nodes) }));
}

/** Steps, where there are few enough to be told apart. @param {Session} session */
function ticks(session) {
  if (session.limit > 60) return null;
  return Array.from({ length: session.limit + 1 }, (_, step) => h('line', { class: 'tickmark', x1: (WIDE * step) / Math.max(1, session.limit), x2: (WIDE * step) / Math.max(1, session.limit), y1: 37, y2: 41 }));
}

/** Words over the curve where it jumps, at most a few. @param {Session} session */
function percents(session) {
  const { moments, futures } = session.why;
  /** @type {{ after: number, failing: number }[]} */
  const told = [];
  for (const moment of [...moments].reverse()) {
    const next = told[told.length - 1];
    const isApart = !next || (next.after - moment.after) * 14 > session.limit;
    if (isApart && told.length < 3 && moment.failing * 20 >= futures) told.push(moment);
  }
  return told.map((it) => label(session, it.after, `${Math.round((100 * it.failing) / futures)} %`, 16 - (26 * it.failing) / futures));
}

/** Who led when, in words where there is room. @param {Session} session */
function reignNames(session) {
  const list = reignList(session).filter((it) => (it.to - it.from) * 9 > session.limit);
  return list.slice(-4).map((it) => label(session, it.from, `n${it.id} t${it.term}`, ((it.id - 1) * 26) / (session.run?.trace.nodes || 1)));
}

/** @param {Session} session @param {number} step @param {string} text @param {number} [y] */
function label(session, step, text, y = -6) {
  const share = step / Math.max(1, session.limit);
  return h('span', { style: { left: `${(100 * share).toFixed(2)}%`, top: `${y.toFixed(0)}px` }, class: share > 0.9 ? 'atend' : '' }, text);
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
