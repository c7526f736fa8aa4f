// The map: nodes on a ring, links and cuts, messages on their way. Nodes can be dragged apart; a
// message can be clicked. It is a short cut: everything on it can be done from the lists, too.

import { h } from './dom.js';
import { HALF, between, dragged, link, nodeRadius, onLink, ring } from './layout.js';
import { sides } from './model.js';
import { hue, messageShape, roleShape } from './signs.js';

/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./dom.js').Tree} Tree */

/** Messages that the map shows of one link and direction. */
const SHOWN_MAX = 4;
/** Longest election timeout that is usual, in microseconds. */
const PATIENCE = 300000;
/** A dragged node, and where it is. @type {{ node: number, x: number, y: number } | null} */
let drag = null;

/** @param {Session} session @param {{ menu: (node: number, x: number, y: number) => void, message: (place: number, x: number, y: number) => void }} open */
export function map(session, open) {
  const run = session.run;
  if (!run) return h('div', null);
  const state = run.after(session.k);
  const places = ring(run.trace.nodes);
  const radius = nodeRadius(run.trace.nodes);
  const groups = sides(state);
  const acting = run.nodeOf(session.k);
  const message = run.messageOf(session.k);
  /** @type {Tree[]} */
  const links = [];
  for (const one of run.ids) {
    for (const other of run.ids.filter((id) => one < id)) {
      const there = state.reach[one - 1].includes(other);
      const back = state.reach[other - 1].includes(one);
      const ends = link(places[one - 1], places[other - 1], radius + 4);
      // A cut in two is drawn as one line, not as all the links that it crosses.
      if (groups.length === 2 && !there && !back) continue;
      links.push(h('line', { key: `l${one}-${other}`, class: there && back ? 'link' : there || back ? 'link half' : 'link cut', ...ends }));
    }
  }
  return h('div.mapbox', null,
    h('svg', {
      class: `map n${run.trace.nodes}`, viewBox: `${-HALF} ${-HALF} ${2 * HALF} ${2 * HALF}`, role: 'group', 'aria-label': 'Map of the cluster',
      onpointermove: (/** @type {PointerEvent} */ event) => move(session, event), onpointerup: (/** @type {PointerEvent} */ event) => drop(session, event, groups, places, radius, open), onpointerleave: () => { if (drag) { drag = null; session.redraw(); } },
    },
    links,
    message && session.k > 0 && run.trace.steps[session.k].do?.startsWith('de') && h('line', { class: `way ${hue(message.term)}`, ...link(places[message.from - 1], places[message.to - 1], radius + 6) }),
    travellers(session, places, radius, open),
    state.nodes.map((node) => {
      const at = drag?.node === node.id ? drag : places[node.id - 1];
      const waits = session.isLab && session.scheduler === 'kindly' && node.up && node.election && node.role !== 2;
      const share = waits ? Math.min(1, Math.max(0, (Math.max(session.clock_us, run.trace.steps[session.k].at_us) - node.election + 1) / PATIENCE)) : 0;
      return h('g', {
        key: `n${node.id}`, class: `node ${hue(node.term)}${node.id === acting ? ' acts' : ''}${node.id === session.selected ? ' chosen' : ''}`, transform: `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`,
        onpointerdown: (/** @type {PointerEvent} */ event) => { if (!session.isOffline) { drag = { node: node.id, x: at.x, y: at.y }; /** @type {Element} */ (event.currentTarget).closest('svg')?.setPointerCapture(event.pointerId); } },
      },
      waits ? h('circle', { class: 'timer', r: radius + 6, pathLength: 100, 'stroke-dasharray': `${(share * 100).toFixed(1)} 100`, transform: 'rotate(-90)' }) : node.up && node.election ? h('circle', { class: 'timer off', r: radius + 6 }) : null,
      node.id === acting && session.k > 0 && h('circle', { class: 'now', r: radius + 10 }),
      roleShape(node.role, node.up, radius),
      h('text', { class: `name${node.up && node.role === 2 ? ' on' : ''}`, y: -2 }, `n${node.id}`),
      h('text', { class: `term${node.up && node.role === 2 ? ' on' : ''}`, y: 12 }, node.paused ? 'paused' : node.up ? `t${node.term ?? '?'}` : 'down'));
    }),
    groups.length === 2 ? cutLine(groups, places, held(session)) : groups.length > 2 && h('text', { class: 'cutword', y: HALF - 6 }, `${held(session)} held by the cuts`)));
}

/** A line between two sides, their names, and how much waits at it. @param {number[][]} groups @param {import('./layout.js').Point[]} places @param {number} waiting */
function cutLine(groups, places, waiting) {
  const { x, y, dx, dy } = between(groups, places);
  const name = (/** @type {string} */ side, /** @type {number} */ way) => h('text', { class: 'sidename', x: x + dy * way * 27, y: y - dx * way * 27 + 4 }, `Side ${side}`);
  return h('g', null,
    h('line', { class: 'cutline', x1: x - dx * 138, y1: y - dy * 138, x2: x + dx * 138, y2: y + dy * 138 }),
    name('A', 1), name('B', -1),
    waiting > 0 && h('rect', { class: 'heldbox', x: x - 28, y: y - 11, width: 56, height: 22, rx: 11 }),
    waiting > 0 && h('text', { class: 'cutword', x, y: y + 4 }, `${waiting} held`));
}

/** Messages that cannot arrive because of a cut. @param {Session} session */
function held(session) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  const state = run.after(session.k);
  return run.onTheWay(session.k).filter((it) => !state.reach[it.from - 1].includes(it.to)).length;
}

/** @param {Session} session @param {import('./layout.js').Point[]} places @param {number} radius @param {{ message: (place: number, x: number, y: number) => void }} open */
function travellers(session, places, radius, open) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  const state = run.after(session.k);
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  /** @type {Map<string, number>} */
  const counts = new Map();
  return run.onTheWay(session.k).slice(-60).reverse().flatMap((message) => {
    const key = `${message.from}-${message.to}`;
    const nth = counts.get(key) || 0;
    counts.set(key, nth + 1);
    if (nth >= SHOWN_MAX) return [];
    const ends = link(places[message.from - 1], places[message.to - 1], radius + 12);
    const arrives = message.gone === undefined ? undefined : run.trace.steps[message.gone];
    const left = run.trace.steps[message.sent].at_us;
    const isCut = !state.reach[message.from - 1].includes(message.to);
    let share = (nth + 1) / (Math.min(SHOWN_MAX, 4) + 1);
    if (session.isLab && !still && arrives && !isCut && session.playing) share = Math.min(1, Math.max(0, (session.clock_us - left) / Math.max(1, arrives.at_us - left)));
    else if (isCut) share = 0.3;
    const at = onLink({ x: ends.x1, y: ends.y1 }, { x: ends.x2, y: ends.y2 }, share);
    const place = run.trace.messages.indexOf(message);
    return [h('g', {
      key: `m${place}`, class: `traveller ${hue(message.term)}`, transform: `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`,
      onclick: (/** @type {MouseEvent} */ event) => open.message(place, event.clientX, event.clientY),
    }, h('title', null, `n${message.from} to n${message.to}: ${message.says}`), h('circle', { class: 'catch', r: 12 }), messageShape(message))];
  });
}

/** @param {PointerEvent} event @returns {import('./layout.js').Point} */
function point(event) {
  const svg = /** @type {SVGSVGElement} */ (/** @type {Element} */ (event.currentTarget).closest('svg'));
  const box = svg.getBoundingClientRect();
  return { x: ((event.clientX - box.left) / box.width - 0.5) * 2 * HALF, y: ((event.clientY - box.top) / box.height - 0.5) * 2 * HALF };
}

/** @param {Session} session @param {PointerEvent} event */
function move(session, event) {
  if (!drag) return;
  Object.assign(drag, point(event));
  session.redraw();
}

/** @param {Session} session @param {PointerEvent} event @param {number[][]} groups @param {import('./layout.js').Point[]} places @param {number} radius @param {{ menu: (node: number, x: number, y: number) => void }} open */
function drop(session, event, groups, places, radius, open) {
  if (!drag) return;
  const { node } = drag;
  drag = null;
  const at = point(event);
  const home = places[node - 1];
  if (Math.hypot(at.x - home.x, at.y - home.y) < 10) open.menu(node, event.clientX, event.clientY);
  else if (Math.hypot(at.x - home.x, at.y - home.y) > radius) session.cut(dragged(groups, node, at, places, radius * 1.6));
  session.redraw();
}

