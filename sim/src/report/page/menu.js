// Menus at a node or a message: what may be done, and for what may not, why.

import { h, place, show } from './dom.js';
import { choices } from './legal.js';
import { nameNow } from './cluster.js';

/** @typedef {import('./session.js').Session} Session */
/** @typedef {{ label: string, key?: string, no?: string, do: () => void }} Item */

/** What had the focus before. @type {HTMLElement | null} */
let before = null;

export function closeMenu() {
  const box = place('menu');
  if (box.hidden) return;
  box.hidden = true;
  show(box);
  before?.focus();
}

/** @param {string} title @param {Item[]} items @param {number} x @param {number} y */
function openMenu(title, items, x, y) {
  const box = place('menu');
  before = /** @type {HTMLElement | null} */ (document.activeElement);
  box.hidden = false;
  show(box, h('p', null, h('b', null, title)), items.map((it) => h('button', { role: 'menuitem', key: it.label, 'aria-disabled': it.no ? 'true' : false, onclick: () => { if (it.no) return; closeMenu(); it.do(); } }, h('span', null, it.label, it.no && h('small', null, ` ${it.no}`)), it.key && h('kbd', null, it.key))));
  const size = box.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(x, innerWidth - size.width - 8))}px`;
  box.style.top = `${Math.max(8, Math.min(y, innerHeight - size.height - 8))}px`;
  /** @type {HTMLElement | null} */ (box.querySelector('button:not([aria-disabled])'))?.focus();
}

/** @param {Session} session @param {number} id @param {number} x @param {number} y */
export function nodeMenu(session, id, x, y) {
  if (!session.run || session.isOffline) return;
  session.selected = id;
  session.redraw();
  const state = session.run.after(session.k);
  const items = choices(state, state.nodes[id - 1], session.run.trace.disk).map((it) => ({ ...it, do: () => session.act(it.action) }));
  openMenu(`Node ${id}`, [...items, { label: 'Write to it', key: 'w', do: () => document.getElementById('value')?.focus() }], x, y);
}

/** @param {Session} session @param {number} at @param {number} x @param {number} y */
export function messageMenu(session, at, x, y) {
  if (!session.run || session.isOffline) return;
  const message = session.run.trace.messages[at];
  const name = nameNow(session.run.onTheWay(session.k), message);
  const isCut = !session.run.after(session.k).reach[message.from - 1].includes(message.to);
  const no = isCut ? 'the link is cut' : '';
  openMenu(`n${message.from} to n${message.to}: ${message.says}`, [
    { label: 'Deliver', no, do: () => session.act(`deliver ${name}`) },
    { label: 'Drop', do: () => session.act(`drop ${name}`) },
    { label: 'Deliver twice', no, do: async () => { await session.act(`deliver ${name}`); await session.act(`duplicate ${name}`); } },
  ], x, y);
}

/** Arrows move within a menu, Escape closes it. @param {KeyboardEvent} event @returns {boolean} whether it was the menu's */
export function menuKey(event) {
  const box = place('menu');
  if (box.hidden) return false;
  const items = /** @type {HTMLElement[]} */ ([...box.querySelectorAll('button')]);
  const here = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  if (event.key === 'Escape' || event.key === 'Tab') closeMenu();
  else if (event.key === 'ArrowDown') items[(here + 1) % items.length].focus();
  else if (event.key === 'ArrowUp') items[(here - 1 + items.length) % items.length].focus();
  else return false;
  event.preventDefault();
  return true;
}
