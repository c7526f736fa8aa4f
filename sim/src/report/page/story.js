// The story: a row for each action, with the space-time diagram in the rows' own lanes, so that there
// is nothing to keep in sync. Only the rows near the window are in the document.

import { h } from './dom.js';
import { matches, windowed } from './layout.js';
import { unsigned } from './script.js';
import { hue, landmark, octagon } from './signs.js';
import { headline, isPulse } from './words.js';

/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./session.js').Row} Row */
/** @typedef {import('./dom.js').Tree} Tree */

/** The list as it was scrolled last. */
export const scrolled = { top: 0, height: 600, row: 36 };

/** The rows that the filters leave. @param {Session} session @returns {Row[]} */
export function visible(session) {
  const run = session.run;
  if (!run) return [];
  const causes = session.onlyCauses ? session.causes() : null;
  const isLong = run.last > 60;
  return session.rows().filter((row) => {
    if (row.off || row.skipped) return !session.filter || matches(text(session, row), session.filter);
    if (causes && !causes.has(row.step)) return false;
    if ((session.isLab || isLong) && session.foldPulse && isPulse(run, row.step) && !session.filter) return false;
    return !session.filter || matches(`${text(session, row)} ${headline(run, row.step)}`, session.filter);
  });
}

/** @param {Session} session @param {Row} row */
function text(session, row) {
  const line = session.isLab ? session.run?.trace.steps[row.place + 1]?.do : session.script.lines[row.place]?.text;
  return unsigned(line || '');
}

/** @param {Session} session */
export function story(session) {
  const run = session.run;
  if (!run) return [h('p.quiet.empty', null, session.busy ? 'Replaying …' : '')];
  const rows = visible(session);
  const verdict = session.verdict();
  const { first, end } = windowed(rows.length, scrolled.top, scrolled.height, scrolled.row);
  const pitch = run.trace.nodes <= 3 ? 62 : run.trace.nodes <= 5 ? 42 : 28;
  const width = narrow() ? run.trace.nodes * 26 : run.trace.nodes * pitch;
  const lane = (/** @type {number} */ id) => ((id - 0.5) * width) / run.trace.nodes;
  const count = session.isLab ? session.limit : session.script.lines.length;
  return [
    h('div.hd', null, h('h2', null, 'Story ', h('span.quiet', null, `${count} ${count === 1 ? 'action' : 'actions'}${session.minimal && !session.edited ? ', 1-minimal' : ''}`)),
      h('input.field', { id: 'filter', type: 'search', placeholder: 'Filter  /', 'aria-label': 'Filter actions by words', value: session.filter, oninput: (/** @type {any} */ event) => { session.filter = event.target.value; session.redraw(); } }),
      verdict && h('button.b', { 'aria-pressed': String(session.onlyCauses), onclick: () => { session.onlyCauses = !session.onlyCauses; session.redraw(); } }, 'Only causes'),
      (session.isLab || run.last > 60) && h('button.b', { 'aria-pressed': String(session.foldPulse), onclick: () => { session.foldPulse = !session.foldPulse; session.redraw(); } }, 'Fold heartbeats'),
      verdict && !session.isOffline && h('button.b', { onclick: () => session.explain(), 'aria-pressed': String(Boolean(session.why)), disabled: session.busy === 'why' }, session.busy === 'why' ? 'Looking …' : 'Why'),
      verdict && !session.isOffline && h('button.b', { onclick: () => session.minimize(), disabled: session.minimal || session.busy === 'minimize' }, session.busy === 'minimize' ? 'Trying …' : 'Minimize'),
      session.isLab && h('button.b', { onclick: () => { session.diagram = false; session.redraw(); } }, 'Console')),
    h('div.lanehead', { style: { '--lanes': `${width}px` } }, h('span', null), h('span.names', null, run.ids.map((id) => h('b', null, `n${id}`))), h('span', null, 'What happened'), h('span', null, session.isOffline || session.isLab ? '' : 'What if')),
    h('div.tell', { id: 'tell', tabindex: -1, style: { '--lanes': `${width}px` }, onscroll: (/** @type {any} */ event) => { scrolled.top = event.target.scrollTop; session.redraw(); } },
      h('ol.rows', { style: { height: `${rows.length * scrolled.row}px` } },
        rows.length ? lanes(session, rows, first, end, lane, width) : h('li.empty.quiet', null, session.filter ? 'No action has these words.' : 'Nothing has happened yet.'),
        rows.slice(first, end).map((row, at) => line(session, row, first + at)))),
  ];
}

function narrow() {
  return innerWidth <= 720;
}

/** @param {Session} session @param {Row} row @param {number} place */
function line(session, row, place) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  const isHere = row.step === session.k && !row.off && !row.skipped;
  const violations = run.trace.violations.filter((it) => it.step === row.step && it.step <= session.limit && !row.off && !row.skipped);
  const isBad = violations.some((it) => it.invariant === session.verdict()?.invariant);
  const title = row.off ? 'switched off' : row.skipped ? 'means nothing here' : headline(run, row.step);
  const decided = session.why?.decided_by;
  const marks = [
    decided && decided[0] <= row.step && row.step <= decided[1] && decided[1] === row.step && landmark('decided'),
    session.why?.first_wrong?.action === row.step && landmark('wrong'),
    session.other?.differs?.step === row.step && !row.off && h('b.ne', { title: `differs from ${session.other.name}` }, '≠'),
    violations.length > 0 && octagon(isBad ? 'icon bad' : 'icon bad outline'),
  ];
  return h('li', { key: `r${row.place}`, class: `r${isHere ? ' cur' : ''}${row.step > session.k ? ' later' : ''}${isBad ? ' bad' : ''}${row.off ? ' off' : ''}${row.skipped ? ' skipped' : ''}`, style: { top: `${place * scrolled.row}px` } },
    h('button.go', { 'aria-current': isHere ? 'step' : false, onclick: () => { session.stop(); session.jump(row.step); } },
      h('span.no', null, row.off || row.skipped ? '·' : row.step), h('span.room', null), h('span.tx', null, h('span', null, title), h('code', null, text(session, row)))),
    h('span.mk', null, marks),
    !session.isOffline && !session.isLab && h('input.sw', { type: 'checkbox', checked: !row.off, 'aria-label': `Action ${row.place + 1} happens`, onchange: () => session.toggle(row.place) }));
}

/** The lanes behind the rows that are in the window. @param {Session} session @param {Row[]} rows @param {number} first @param {number} end @param {(id: number) => number} lane @param {number} width */
function lanes(session, rows, first, end, lane, width) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  const height = scrolled.row;
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

/** Keeps the current row in sight. @param {Session} session */
export function reveal(session) {
  const list = document.getElementById('tell');
  if (!list) return;
  const css = getComputedStyle(document.documentElement).getPropertyValue('--row');
  Object.assign(scrolled, { height: list.clientHeight || 600, row: parseInt(css, 10) || 36 });
  const place = visible(session).findIndex((row) => row.step === session.k);
  if (place < 0) {
    if (session.k === 0) list.scrollTop = 0;
    return;
  }
  const top = place * scrolled.row;
  if (top < list.scrollTop + scrolled.row) list.scrollTop = Math.max(0, top - scrolled.row);
  else if (top > list.scrollTop + list.clientHeight - 2 * scrolled.row) list.scrollTop = top - list.clientHeight + 2 * scrolled.row;
  scrolled.top = list.scrollTop;
}

