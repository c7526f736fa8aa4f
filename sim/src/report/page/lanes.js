// The space-time diagram: a lane for each node, thick while it leads, with what arrives, is lost and
// turns drawn into the rows of the story.

import { h } from './dom.js';
import { hue } from './signs.js';

/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./session.js').Row} Row */
/** @typedef {import('./dom.js').Tree} Tree */

/** The lanes behind the rows that are in the window. @param {Session} session @param {Row[]} rows @param {{ first: number, end: number, row: number }} view  places, and a row's height @param {(id: number) => number} lane @param {number} width */
export function lanes(session, rows, { first, end, row: height }, lane, width) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  /** Where a step is drawn: in its row, or in the last one before it. @type {Map<number, number>} */
  const placeOf = new Map();
  rows.forEach((row, place) => { if (!row.off && !row.skipped) placeOf.set(row.step, place); });
  /** @param {number} step */
  const near = (step) => {
    for (let at = step; at >= 0; at -= 1) {
      const place = placeOf.get(at);
      if (place !== undefined) return place;
    }
    return -1;
  };
  const y = (/** @type {number} */ place) => (place + 0.5 - first) * height;
  /** @type {Tree[]} */
  const drawn = [];
  for (let place = first; place < end; place += 1) {
    const step = rows[place].step;
    const next = place + 1 < rows.length ? rows[place + 1].step : Math.max(step, session.limit);
    for (const id of run.ids) {
      const now = run.lanes[id - 1][step];
      const kind = !now.up ? 'gone' : now.role === 2 ? 'lead' : now.role ? 'stand' : 'follow';
      if (place === first && first === 0) drawn.push(h('line', { class: `lane follow t0`, x1: lane(id), x2: lane(id), y1: 0, y2: y(0) }));
      if (kind !== 'gone') drawn.push(h('line', { class: `lane ${kind} ${hue(now.term)}`, x1: lane(id), x2: lane(id), y1: y(place), y2: place + 1 < rows.length ? y(place + 1) : y(place) + height / 2 }));
    }
    if (rows[place].off || rows[place].skipped || next < step) continue;
    drawn.push(...arrows(session, step, place, near, y, lane), ...signs(session, step, y(place), lane, width));
  }
  return h('svg', { key: 'lanes', class: 'lanes', width, height: (end - first) * height, style: { top: `${first * height}px` }, 'aria-hidden': 'true' }, drawn);
}

/** The arrow of a message that arrives, slanted from where it was sent. @param {Session} session @param {number} step @param {number} place @param {(step: number) => number} near @param {(place: number) => number} y @param {(id: number) => number} lane */
function arrows(session, step, place, near, y, lane) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  const action = run.trace.steps[step].do || '';
  const message = run.messageOf(step);
  if (!message || !/^(deliver|duplicate|drop)/.test(action)) return stubs(run, step, y(place), lane);
  const kind = message.is === 'vote' || message.is === 'voted' ? 'votes' : message.entries || message.is === 'appended' ? 'entries' : 'pulse';
  const [x1, y1, y2] = [lane(message.from), y(Math.max(near(message.sent), -1)), y(place)];
  const isLost = action.startsWith('drop');
  const x2 = isLost ? (x1 + lane(message.to)) / 2 : lane(message.to) + (lane(message.to) > x1 ? -6 : 6);
  const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  return [
    h('line', { class: `arrow ${kind} ${hue(message.term)}${action.startsWith('duplicate') ? ' again' : ''}`, x1, y1, x2, y2: isLost ? (y1 + y2) / 2 : y2 }),
    isLost ? h('path', { class: `lost ${hue(message.term)}`, transform: `translate(${x2} ${(y1 + y2) / 2})`, d: 'M-4-4l8 8M4-4l-8 8' }) : h('path', { class: `head ${hue(message.term)}${message.is === 'voted' || message.is === 'appended' ? ' answers' : ''}`, transform: `translate(${x2} ${y2}) rotate(${angle.toFixed(0)})`, d: 'M0 0l-8-4v8z' }),
    ...stubs(run, step, y(place), lane),
  ];
}

/** What leaves and never arrives: a short line. @param {import('./model.js').Run} run @param {number} step @param {number} at @param {(id: number) => number} lane */
function stubs(run, step, at, lane) {
  const undelivered = (run.sentIn.get(step) || []).map((place) => run.trace.messages[place]).filter((it) => it.gone === undefined);
  return undelivered.map((it) => h('line', { class: `stub ${hue(it.term)}`, x1: lane(it.from), y1: at, x2: lane(it.from) + (lane(it.to) > lane(it.from) ? 12 : -12), y2: at + 7 }));
}

/** What a step has turned, in its lanes. @param {Session} session @param {number} step @param {number} at @param {(id: number) => number} lane @param {number} width */
function signs(session, step, at, lane, width) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  const { do: action = '', notes = [] } = run.trace.steps[step];
  const verb = action.split(' ')[0];
  const id = run.nodeOf(step);
  /** @type {Tree[]} */
  const drawn = [];
  if (['partition', 'heal', 'cut', 'mend'].includes(verb)) return [h('line', { class: 'across', x1: 2, x2: width - 2, y1: at, y2: at })];
  if (!id) return [];
  const term = run.lanes[id - 1][step].term;
  const before = run.lanes[id - 1][step - 1]?.term;
  const has = (/** @type {string} */ is) => notes.some((note) => note.is === is && note.node === id);
  const spot = { transform: `translate(${lane(id)} ${at})` };
  if (has('leads')) drawn.push(h('polygon', { ...spot, class: `dot leads ${hue(term)}`, points: '8,0 4,7 -4,7 -8,0 -4,-7 4,-7' }));
  else if (has('commits')) drawn.push(h('g', { ...spot, class: `dot commits ${hue(term)}` }, h('rect', { x: -7, y: -7, width: 14, height: 14, rx: 3 }), h('path', { d: 'M-3.4 .3l2.3 2.5L3.6-2.6' })));
  else if (verb === 'crash' || verb === 'fail') drawn.push(h('path', { ...spot, class: 'dot crash', d: 'M-5-5l10 10M5-5l-10 10' }));
  else if (verb === 'timeout') drawn.push(h('g', { ...spot, class: `dot clock ${hue(term)}` }, h('circle', { r: 7 }), h('path', { d: 'M0-4v4l3 2' })));
  else drawn.push(h('circle', { ...spot, class: `dot ${hue(term)}`, r: 3.5 }));
  if (before !== undefined && before !== term) drawn.push(h('text', { class: `termat ${hue(term)}`, x: lane(id) + 9, y: at - 7 }, `t${term}`));
  if (run.trace.violations.some((it) => it.step === step && it.step <= session.limit)) drawn.push(h('circle', { ...spot, class: 'ring', r: 12 }));
  return drawn;
}
