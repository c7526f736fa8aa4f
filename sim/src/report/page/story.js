// The story: a row for each action, with the space-time diagram in the rows' own lanes, so that there
// is nothing to keep in sync. Only the rows near the window are in the document.

import { h } from './dom.js';
import { lanes } from './lanes.js';
import { matches, windowed } from './layout.js';
import { causes } from './model.js';
import { unsigned } from './script.js';
import { landmark, octagon } from './signs.js';
import { headline, isPulse } from './words.js';

/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./session.js').Row} Row */

/** The list as it was scrolled last. */
export const scrolled = { top: 0, height: 600, row: 36 };

/** What the filters left when they were last asked, and what it depends on. @type {{ from: any[], rows: Row[] }} */
let last = { from: [], rows: [] };

/** The rows that the filters leave. @param {Session} session @returns {Row[]} */
export function visible(session) {
  const { run, script, limit, filter, onlyCauses, foldPulse } = session;
  const from = [run, script, session.isLab && limit, filter, onlyCauses, foldPulse, onlyCauses && session.verdict()];
  if (from.some((it, at) => it !== last.from[at])) last = { from, rows: filtered(session) };
  return last.rows;
}

/** @param {Session} session @returns {Row[]} */
function filtered(session) {
  const run = session.run;
  if (!run) return [];
  const verdict = session.onlyCauses && run.verdict(session.kept);
  const wanted = verdict ? causes(run, verdict.step) : null;
  const isLong = run.last > 60;
  return session.rows().filter((row) => {
    if (row.off || row.skipped) return !session.filter || matches(text(session, row), session.filter);
    if (wanted && !wanted.has(row.step)) return false;
    if ((session.isLab || isLong) && session.foldPulse && isPulse(run, row.step) && !session.filter) return false;
    return !session.filter || matches(`${text(session, row)} ${headline(run, row.step)}`, session.filter);
  });
}

/** @param {Session} session @param {Row} row */
function text(session, row) {
  const action = session.isLab || row.isCalm ? session.run?.trace.steps[row.step]?.do : session.script.lines[row.place]?.text;
  return unsigned(action || '');
}

/** @param {Session} session */
export function story(session) {
  const run = session.run;
  if (!run) return [h('p.quiet.empty', null, session.busy ? 'Replaying …' : '')];
  const rows = visible(session);
  const { first, end } = windowed(rows.length, scrolled.top, scrolled.height, scrolled.row);
  const pitch = run.trace.nodes <= 3 ? 62 : run.trace.nodes <= 5 ? 42 : 26;
  const width = innerWidth < 1280 ? run.trace.nodes * (run.trace.nodes <= 5 ? 26 : 20) : run.trace.nodes * pitch;
  const lane = (/** @type {number} */ id) => ((id - 0.5) * width) / run.trace.nodes;
  return [
    heading(session),
    h('div.lanehead', { style: { '--lanes': `${width}px` } }, h('span', null), h('span.names', null, run.ids.map((id) => h('b', null, `n${id}`))), h('span', null, 'What happened'), h('span', null, session.isOffline || session.isLab ? '' : 'What if')),
    h('div.tell', { id: 'tell', tabindex: -1, style: { '--lanes': `${width}px` }, onscroll: (/** @type {any} */ event) => { scrolled.top = event.target.scrollTop; session.redraw(); } },
      h('ol.rows', { style: { height: `${rows.length * scrolled.row}px` } },
        rows.length ? lanes(session, rows, { first, end, row: scrolled.row }, lane, width) : h('li.empty.quiet', null, session.filter ? 'No action has these words.' : 'Nothing has happened yet.'),
        rows.slice(first, end).map((row, at) => line(session, row, first + at)))),
  ];
}

/** What the story is, what of it is shown, and what can be asked about it. @param {Session} session */
function heading(session) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  const verdict = session.verdict();
  const count = session.isLab ? session.limit : session.script.lines.length;
  return h('div.hd', null, h('h2', null, 'Story ', h('span.quiet', null, `${count} ${count === 1 ? 'action' : 'actions'}`, session.minimal && !session.edited && h('span', { class: 'minimal', title: 'No action can be left out.' }, ', 1-minimal'))),
      h('input.field', { id: 'filter', type: 'search', placeholder: 'Filter  /', 'aria-label': 'Filter actions by words', value: session.filter, oninput: (/** @type {any} */ event) => { session.filter = event.target.value; session.redraw(); } }),
      verdict && h('button.b', { 'aria-pressed': String(session.onlyCauses), onclick: () => { session.onlyCauses = !session.onlyCauses; session.redraw(); } }, 'Only causes'),
      (session.isLab || run.last > 60) && h('button.b', { 'aria-pressed': String(session.foldPulse), onclick: () => { session.foldPulse = !session.foldPulse; session.redraw(); } }, 'Fold heartbeats'),
      verdict && !session.isOffline && h('button.b', { onclick: () => session.explain(), 'aria-pressed': String(Boolean(session.why)), disabled: session.busy === 'why' }, session.busy === 'why' ? 'Looking …' : 'Why'),
      verdict && !session.isOffline && h('button.b', { onclick: () => session.minimize(), disabled: session.minimal || session.busy === 'minimize' }, session.busy === 'minimize' ? 'Trying …' : 'Minimize'),
      session.isLab && h('button.b', { onclick: () => { session.diagram = false; session.redraw(); } }, 'Console'));
}

/** @param {Session} session @param {Row} row @param {number} place */
function line(session, row, place) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  const happens = !row.off && !row.skipped;
  const isHere = happens && row.step === session.k;
  const violations = happens ? run.trace.violations.filter((it) => it.step === row.step && it.step <= session.limit) : [];
  const isBad = violations.some((it) => it.invariant === session.verdict()?.invariant);
  const names = { r: true, cur: isHere, later: row.step > session.k, bad: isBad, off: row.off, skipped: row.skipped };
  const title = row.off ? 'switched off' : row.skipped ? 'means nothing here' : headline(run, row.step);
  return h('li', { key: `r${row.place}`, class: Object.entries(names).filter(([, is]) => is).map(([name]) => name).join(' '), style: { top: `${place * scrolled.row}px` } },
    h('button.go', { 'aria-current': isHere ? 'step' : false, onclick: () => { session.stop(); session.jump(row.step); } },
      h('span.no', null, happens ? row.step : '·'), h('span.room', null), h('span.tx', null, h('span', null, title), h('code', null, text(session, row)))),
    h('span.mk', null, happens && marks(session, row.step), violations.length > 0 && octagon(isBad ? 'icon bad' : 'icon bad outline')),
    !session.isOffline && !session.isLab && !row.isCalm && h('input.sw', { type: 'checkbox', checked: !row.off, 'aria-label': `Action ${row.place + 1} happens`, onchange: () => session.toggle(row.place) }));
}

/** Whether the run was decided here, goes wrong, or goes otherwise on another target. @param {Session} session @param {number} step */
function marks({ why, other }, step) {
  return [
    why?.decided_by?.[1] === step && landmark('decided'),
    why?.first_wrong?.action === step && landmark('wrong'),
    other?.differs?.step === step && h('b.ne', { title: `differs from ${other.name}` }, '≠'),
  ];
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

