// Signs: one shape for each thing, so that colour is never alone. Hue is the term, and its number
// always stands beside; red is for judges alone.

import { h } from './dom.js';

/** @typedef {import('./dom.js').Tree} Tree */

/** The class that gives a piece the hue of a term. @param {number | undefined} term */
export function hue(term) {
  return term ? `t${((term - 1) % 6) + 1}` : 't0';
}

/** A drawing that only eyes need. @param {string} kind @param {number} size @param {...(Tree | Tree[] | false)} kids */
export function drawing(kind, size, ...kids) {
  const half = size / 2;
  return h('svg', { class: kind, viewBox: `${-half} ${-half} ${size} ${size}`, 'aria-hidden': 'true' }, ...kids);
}

/** @param {string} path @param {Record<string, any>} [props] */
const line = (path, props) => h('path', { d: path, ...props });

/** Corners of a hexagon. @param {number} radius */
function hexagon(radius) {
  const corners = [0, 1, 2, 3, 4, 5].map((it) => (it * Math.PI) / 3);
  return corners.map((angle) => `${(radius * Math.cos(angle)).toFixed(1)},${(radius * Math.sin(angle)).toFixed(1)}`).join(' ');
}

/** The shape of a role around 0,0. @param {number | undefined} role @param {number} up @param {number} radius */
export function roleShape(role, up, radius) {
  if (!up) {
    const arm = radius / 2.6;
    return h('g', { class: 'shape down' }, h('circle', { r: radius }), line(`M${-arm} ${-arm}L${arm} ${arm}M${arm} ${-arm}L${-arm} ${arm}`));
  }
  if (role === 2) return h('polygon', { class: 'shape leader', points: hexagon(radius * 1.08) });
  if (role === 1 || role === 3) return line(`M0 ${-radius * 1.1}L${radius * 1.1} 0L0 ${radius * 1.1}L${-radius * 1.1} 0z`, { class: 'shape candidate' });
  return h('circle', { class: 'shape follower', r: radius });
}

/** A role beside a word. @param {import('./model.js').NodeState} node */
export function roleIcon(node) {
  return drawing(`icon ${hue(node.term)}`, 26, roleShape(node.role, node.up, 10));
}

const TICK = 'M-3 .3l2 2.2L3.2-2.3';
const CROSS = 'M-2.3-2.3l4.6 4.6M2.3-2.3l-4.6 4.6';

/** A message around 0,0: diamond votes, square entries, circle heartbeat; filled asks, hollow answers. @param {import('./model.js').Message} message */
export function messageShape(message) {
  const asks = message.is === 'vote' || message.is === 'append' || message.is === 'other';
  const shape = { class: asks ? 'msg asks' : 'msg answers' };
  const isVote = message.is === 'vote' || message.is === 'voted';
  const isPulse = message.is === 'append' && !message.entries;
  const body = isVote ? line('M0-9L9 0 0 9-9 0z', shape) : isPulse || message.is === 'other' ? h('circle', { ...shape, r: 6.5 }) : h('rect', { ...shape, x: -7, y: -7, width: 14, height: 14, rx: 2.5 });
  const sign = asks ? 'sign on' : 'sign';
  if (isPulse) return h('g', null, body, line('M-3.8 .5h1.8l1.2-2.6 1.5 4.6 1.2-2h1.8', { class: sign }));
  if (asks) return h('g', null, body, h('text', { class: 'sign on', y: 3.6 }, message.is === 'vote' ? '?' : message.is === 'append' ? `+${message.entries}` : 'm'));
  return h('g', null, body, line(message.yes ? TICK : CROSS, { class: sign }));
}

/** A message beside words. @param {import('./model.js').Message} message */
export function messageIcon(message) {
  return drawing(`icon ${hue(message.term)}`, 20, messageShape(message));
}

/** The octagon of a judge who has spoken. @param {string} [kind] */
export function octagon(kind = 'icon bad') {
  return drawing(kind, 16, line('M-3-7h6l4 4v6l-4 4h-6l-4-4v-6z', { class: 'oct' }), line('M-2.6-2.6l5.2 5.2M2.6-2.6l-5.2 5.2', { class: 'oct-x' }));
}

/** The same with a tick: nobody has spoken. */
export function silence() {
  return drawing('icon calm', 16, line('M-3-7h6l4 4v6l-4 4h-6l-4-4v-6z', { class: 'oct' }), line(TICK, { class: 'oct-x' }));
}

/** Decided, first wrong step: where the run turned. @param {'decided' | 'wrong'} which */
export function landmark(which) {
  const path = which === 'decided' ? 'M-4 3h3l2.2-2.6L3.8-3M1.3-3.3h2.6v2.6' : 'M-2.4 4.2V1.6c0-2.2 4.9-1.6 4.9-5M.4-1.8l2.1-2 2 2';
  return drawing('icon mark', 16, h('circle', { r: 7 }), line(path));
}

/** Signs of buttons, around 8,8. */
const ICONS = {
  first: 'M4 3.5v9M12.5 4 7 8l5.5 4z', back: 'M10.5 3.5 5.5 8l5 4.5', play: 'M5 3.5 12.5 8 5 12.5z', pause: 'M5.5 3.5v9M10.5 3.5v9',
  on: 'M5.5 3.5 10.5 8l-5 4.5', last: 'M12 3.5v9M3.5 4 9 8l-5.5 4z', theme: 'M12.5 9.5A5 5 0 0 1 6.5 3.5a5 5 0 1 0 6 6z',
  share: 'M6.5 9.5l3-3M7 4.5l1.5-1.5a3 3 0 0 1 4.5 4.5L11.5 9M9 11.5 7.5 13A3 3 0 0 1 3 8.5L4.5 7', save: 'M8 2.5v7M5 7l3 3 3-3M3 13.5h10',
  ledger: 'M3 4h10M3 8h10M3 12h6', cross: 'M4 4l8 8M12 4l-8 8', twice: 'M2.5 2.5h8v8h-8zM13.5 5.5v6a2 2 0 0 1-2 2h-6', power: 'M8 2v5M4.5 4.5a5 5 0 1 0 7 0', compare: 'M3 6h10M3 10h10M10.5 3l-5 10', help: 'M6 6a2 2 0 1 1 3 1.8c-.8.5-1 1-1 1.9M8 12.5v.1',
};

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  return h('svg', { class: `ic ${name}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' }, h('path', { d: ICONS[name] }));
}

/** The project's sign. */
export function logo() {
  return drawing('logo', 24, line('M0-5.5-5 4.5M0-5.5 5 4.5M-3 6H3'), h('circle', { cx: -6, cy: 6, r: 3 }), h('circle', { cx: 6, cy: 6, r: 3 }), h('g', { transform: 'translate(0 -7)' }, h('polygon', { points: hexagon(3.9) })));
}
