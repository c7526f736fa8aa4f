// The keys: those of RaftScope and of debuggers, where they mean the same here.

import { h, place, show } from './dom.js';
import { choices } from './legal.js';
import { closeMenu, menuKey } from './menu.js';
import { icon } from './signs.js';

/** @typedef {import('./session.js').Session} Session */

const KEYS = [
  ['← →', 'a step back, a step on'], ['Shift ← →', 'to the last or next turn: a leader, a commit'], ['Home End', 'to the beginning, to the end'], ['Space', 'play, pause'],
  ['v', 'to the violation'], ['/', 'filter'], ['x', 'switch this action off or on'], ['1 … 9', 'choose a node; then'],
  ['t', 'it times out'], ['h', 'it sends heartbeats'], ['c', 'it crashes, or restarts'], ['p', 'it pauses, or resumes'], ['i', 'it is isolated, or connected'], ['s', 'its disk syncs'], ['w', 'write to it'], ['m', 'minimize'], ['y', 'why'], ['Esc', 'choose nothing'], ['?', 'this'],
];

export function help() {
  const dialog = /** @type {HTMLDialogElement} */ (place('help'));
  show(dialog, h('form', { method: 'dialog' }, h('div.hd', null, h('h2', null, 'Keys'), h('button.b.icon', { 'aria-label': 'Close' }, icon('cross'))),
    h('dl', null, KEYS.map(([keys, what]) => [h('dt', { key: keys }, keys.split(' ').map((key) => h('kbd', null, key))), h('dd', { key: `${keys}d` }, what)])),
    h('p.quiet', null, 'Drag a node away from the others to cut it off, onto another to its side. Click a message to deliver it, drop it, or deliver it twice. Acting in the past forks: what came later is set aside, and one button brings it back.')));
  if (!dialog.open) dialog.showModal();
}

/** The next step that turns the story. @param {Session} session @param {number} by */
function turn(session, by) {
  const run = session.run;
  if (!run) return 0;
  const isTurn = (/** @type {number} */ step) => (run.trace.steps[step].notes || []).some((note) => note.weight === 2);
  let step = session.k + by;
  while (step > 0 && step < session.limit && !isTurn(step)) step += by;
  return step;
}

/** @param {Session} session @param {KeyboardEvent} event */
export function onKey(session, event) {
  if (menuKey(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = /** @type {HTMLElement} */ (event.target);
  const isField = /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
  if (event.key === 'Escape') {
    closeMenu();
    session.selected = 0;
    if (isField) target.blur();
    session.redraw();
    return;
  }
  if (isField && /** @type {HTMLInputElement} */ (target).type !== 'checkbox') return;
  if (document.querySelector('dialog[open]')) return;
  if (event.key === ' ' && /^(BUTTON|SUMMARY|INPUT)$/.test(target.tagName)) return;
  if (act(session, event)) event.preventDefault();
}

/** @param {Session} session @param {KeyboardEvent} event @returns {boolean} */
function act(session, event) {
  const { key } = event;
  if (/^[1-9]$/.test(key) && session.run && Number(key) <= session.run.trace.nodes) {
    session.selected = Number(key);
    session.redraw();
    return true;
  }
  switch (key) {
    case 'ArrowLeft': if (event.shiftKey) { session.stop(); session.jump(turn(session, -1)); } else session.step(-1); return true;
    case 'ArrowRight': if (event.shiftKey) { session.stop(); session.jump(turn(session, 1)); } else session.step(1); return true;
    case 'Home': session.stop(); session.jump(0); return true;
    case 'End': session.stop(); session.jump(session.limit); return true;
    case ' ': if (session.playing) { session.stop(); session.redraw(); } else session.play(); return true;
    case 'v': { const verdict = session.verdict(); if (verdict) { session.stop(); session.jump(verdict.step); } return true; }
    case '/': session.diagram = true; session.redraw(); document.getElementById('filter')?.focus(); return true;
    case '?': help(); return true;
    case 'm': session.minimize(); return true;
    case 'y': session.explain(); return true;
    case 'x': { const row = session.rows().filter((it) => !session.isLab && (it.step === session.k)).pop(); if (row) session.toggle(row.place); return true; }
    default: return onNode(session, key);
  }
}

/** What a key does to the chosen node. @param {Session} session @param {string} key */
function onNode(session, key) {
  if (!session.selected || !session.run) return false;
  if (key === 'w') {
    document.getElementById('value')?.focus();
    return true;
  }
  const state = session.run.after(session.k);
  const choice = choices(state, state.nodes[session.selected - 1], session.run.trace.disk).find((it) => it.key === key);
  if (!choice) return false;
  if (choice.no) session.say(`Node ${session.selected}: ${choice.no}.`);
  else session.act(choice.action);
  return true;
}
