// The moment: what this step did, the nodes as a table with their logs, and what is on its way.

import { h } from './dom.js';
import { shared } from './layout.js';
import { ROLES, leaders, sides } from './model.js';
import { hue, icon, messageIcon, roleIcon } from './signs.js';
import { unsigned } from './script.js';
import { headline, messageName, outcome } from './words.js';

/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./model.js').NodeState} NodeState */
/** @typedef {import('./model.js').Entry} Entry */
/** @typedef {{ start: number, same: number }} Fold  entries that are not shown one by one, and on how many all agree */

/** Logs longer than this fold what all agree on. */
const FOLD_FROM = 3;
/** Pixels of an entry, and of all columns before the log. */
const [ENTRY, BEFORE] = [86, 300];

/** What this step did. @param {Session} session */
export function moment(session) {
  const run = session.run;
  if (!run) return h('div.moment', null);
  if (session.isLab) return h('div.moment.short', { 'aria-live': session.playing ? 'off' : 'polite' }, h('h2', null, whoLeads(session), h('span.quiet', null, committedWords(run.committed(session.k).length))));
  if (session.k === 0) return h('div.moment', { 'aria-live': 'polite' }, h('h2', null, h('span.no', null, '0'), 'Before anything has happened'), h('p.quiet', null, 'All nodes have booted from empty disks.'));
  const step = run.trace.steps[session.k];
  const needed = session.why?.omissions?.find((/** @type {any} */ it) => it.actions[0] <= session.k && session.k <= it.actions[1]);
  const wrong = session.why?.first_wrong?.action === session.k ? session.why.first_wrong.correctly : '';
  return h('div.moment', { 'aria-live': session.playing ? 'off' : 'polite' },
    h('h2', null, h('span.no', null, session.k), headline(run, session.k)),
    h('p', null, h('code', null, unsigned(step.do || '')), ' ', h('span.quiet', null, outcome(run, session.k))),
    wrong ? h('p.first', null, wrong) : needed ? h('p.quiet', null, needed.needed ? `Needed: without it ${needed.fails_with ? `it fails with ${needed.fails_with}` : 'the script does not fail'}.` : 'Not needed: without it the script fails the same.') : null);
}

/** @param {number} count */
function committedWords(count) {
  return `${count || 'no'} ${count === 1 ? 'entry' : 'entries'} committed`;
}

/** Entries at the end of a log that find room. */
function room() {
  const width = document.getElementById('table')?.clientWidth || 0;
  return innerWidth <= 720 ? 4 : Math.max(2, Math.floor((width - BEFORE) / ENTRY));
}

/** @param {Session} session */
function whoLeads(session) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  const list = leaders(run.after(session.k));
  if (!list.length) return 'Nobody leads ';
  if (list.length === 1) return `Node ${list[0].id} leads term ${list[0].term} `;
  return `${list.length === 2 ? 'Two' : list.length} leaders: ${list.map((it) => `node ${it.id} of term ${it.term}`).join(', ')} `;
}

/** The nodes, and above them what anybody has ever committed. @param {Session} session @param {(node: number, x: number, y: number) => void} menu */
export function table(session, menu) {
  const run = session.run;
  if (!run) return h('div', null);
  const state = run.after(session.k);
  const committed = run.committed(session.k);
  const ledger = /** @type {Entry[]} */ ([]);
  for (const it of committed) ledger[it.index - 1] = it.entry;
  const isNew = new Set(committed.filter((it) => it.step === session.k && session.k > 0).map((it) => it.index));
  const logs = state.nodes.map((node) => node.log);
  const longest = Math.max(ledger.length, ...logs.map((log) => log.length));
  const same = shared(logs.filter((log) => log.length));
  const fold = longest > FOLD_FROM ? Math.min(Math.max(same, 0), longest - 1) : 0;
  // What differs is folded only where there are too many entries to be looked at.
  const start = longest <= fold + room() ? fold : longest - room() + 1;
  const groups = sides(state);
  const isSplit = groups.length > 1;
  const rows = isSplit ? groups.flatMap((group, at) => [
    h('tr.side', { key: `side${at}` }, h('th', { colspan: 6, scope: 'rowgroup' }, h('b', null, `Side ${'ABCDEFGHI'[at]} `), `${group.length} of ${run.trace.nodes}, ${2 * group.length > run.trace.nodes ? 'a majority: commits' : 'no majority: cannot commit'}`)),
    ...group.map((id) => row(session, state.nodes[id - 1], ledger, { start, same }, menu)),
  ]) : state.nodes.map((node) => row(session, node, ledger, { start, same }, menu));
  return h('div.tablebox', null, h('table.nodes', null,
    h('thead', null, h('tr', null, ['Node', 'Term', 'Vote', 'Commit', 'Applied', 'Log term:value'].map((name) => h('th', { scope: 'col', class: name === 'Applied' ? 'col-app' : '' }, name)))),
    h('tbody', null,
      h('tr.ledger', { key: 'ledger' }, h('th.who', { scope: 'row' }, h('span.nodebutton', null, icon('ledger'), h('span', null, h('b', null, 'Committed'), h('small', null, 'by anyone, ever')))), h('td', null), h('td', null), h('td', null), h('td.col-app', null),
        h('td.logc', null, h('div.log', null, ledger.length ? [start > 0 && folded(Math.min(start, ledger.length), true), ...ledger.slice(start).map((entry, at) => box(entry, { committed: true, isNew: isNew.has(start + at + 1), key: `c${start + at}` }))] : h('span.quiet', null, 'nothing yet')))),
      rows)));
}

/** @param {Session} session @param {NodeState} node @param {Entry[]} ledger @param {Fold} fold @param {(node: number, x: number, y: number) => void} menu */
function row(session, node, ledger, fold, menu) {
  const run = /** @type {import('./model.js').Run} */ (session.run);
  const acts = run.nodeOf(session.k) === node.id && session.k > 0;
  const was = session.k > 0 ? node.was : {};
  const health = !node.up ? 'down' : node.paused ? 'paused' : node.busy ? 'waits for its disk' : ROLES[node.role || 0];
  const name = session.isLab ? `Node ${node.id}` : `n${node.id}`;
  const here = /** @type {(event: MouseEvent) => void} */ ((event) => { const { left, bottom } = /** @type {Element} */ (event.currentTarget).getBoundingClientRect(); menu(node.id, left, bottom + 4); });
  return h('tr', { key: `n${node.id}`, class: `${acts ? 'hot' : ''}${session.selected === node.id ? ' chosen' : ''}${node.up ? '' : ' isdown'}` },
    h('th.who', { scope: 'row' }, session.isOffline ? h('span.nodebutton', null, roleIcon(node), h('span', null, h('b', null, name), h('small', null, health))) : h('button.nodebutton', { onclick: here, 'aria-haspopup': 'menu', 'aria-label': `${name}, ${health}: act on it` }, roleIcon(node), h('span', null, h('b', null, name), h('small', null, health, node.clock !== 100 && `, clock ${node.clock} %`)))),
    values(node, was),
    h('td.logc', null, logOf(node, was, ledger, fold)));
}

/** All of a node that is a single value. @param {NodeState} node @param {Record<string, any>} was */
function values(node, was) {
  return [
    h('td', { 'data-l': 'term' }, node.term === undefined ? h('span.quiet', null, 'hidden') : h('span', { class: `tm ${hue(node.term)}` }, `t${node.term}`), changed(was, 'term', (it) => `t${it}`)),
    h('td', { 'data-l': 'vote' }, node.vote === undefined ? h('span.quiet', null, 'hidden') : value(was, 'vote', node.vote ? `n${node.vote}` : '–', (it) => (it ? `n${it}` : '–'))),
    h('td', { 'data-l': 'commit' }, value(was, 'commit', node.commit ?? '?'), node.applied !== undefined && node.applied !== node.commit && h('small.unapplied', null, `applied ${node.applied}`)),
    h('td.col-app', { 'data-l': 'applied' }, value(was, 'applied', node.applied ?? '?')),
  ];
}

/** @param {NodeState} node @param {Record<string, any>} was @param {Entry[]} ledger @param {Fold} fold */
function logOf(node, was, ledger, { start, same }) {
  return h('div.log', null,
    start > 0 && node.log.length > 0 && folded(Math.min(start, node.log.length), start <= same && start <= (node.commit || 0)),
    node.log.slice(start).map((entry, at) => {
      const index = start + at + 1;
      const there = ledger[index - 1];
      const differs = there !== undefined && (there[0] !== entry[0] || there[1] !== entry[1]);
      return box(entry, { key: `e${index}`, committed: index <= (node.commit || 0), pending: index > node.durable, differs, isNew: was.log !== undefined && index > was.kept });
    }),
    !node.log.length && h('span.quiet', null, 'empty'),
    node.owes.length > 0 && h('span.owes', { title: node.owes.join('; ') }, `owes ${node.owes.length}`));
}

/** @param {Record<string, any>} was @param {string} field @param {any} now @param {(it: any) => any} [say] */
function value(was, field, now, say = (it) => it) {
  if (!(field in was) || was[field] === undefined) return h('span.v', null, now);
  return h('span.v', null, h('span.chg', null, now), h('small.was', null, `was ${say(was[field])}`));
}

/** @param {Record<string, any>} was @param {string} field @param {(it: any) => any} say */
function changed(was, field, say) {
  return field in was && was[field] !== undefined ? h('small.was', null, `was ${say(was[field])}`) : null;
}

/** @param {number} count @param {boolean} isAgreed  whether all have them and this one knows them committed */
function folded(count, isAgreed) {
  return h('span.e.fold', { key: 'fold', title: `entries 1 to ${count}` }, count === 1 ? '1' : `1–${count}`, ' ', isAgreed ? tick() : '…');
}

/** A tick beside a committed entry. */
function tick() {
  return h('svg', { class: 'tick', viewBox: '-5 -5 10 10', 'aria-label': 'committed', role: 'img' }, h('path', { d: 'M-3.4 .3l2.3 2.5L3.6-2.6' }));
}

/** An entry of a log. @param {Entry} entry @param {{ key: string, committed?: boolean, pending?: boolean, differs?: boolean, isNew?: boolean }} how */
function box([term, text], how) {
  const names = [how.committed && 'com', how.pending && 'pend', how.isNew && 'new', how.differs && 'dif'].filter(Boolean).join(' ');
  return h('span', { key: how.key, class: `e ${hue(term)} ${names}`, title: `${term}:${text}${how.committed ? ', committed' : ''}${how.pending ? ', not on disk yet' : ''}` }, h('b', null, `${term}:`), h('i', null, text), how.committed && tick(), how.differs && h('em', { 'aria-label': 'differs from what is committed' }, '≠'));
}

/** What the signs mean. */
export function legend() {
  return h('p.legend', null,
    h('span', null, box([1, 'x'], { key: 'a', committed: true }), 'committed here'), h('span', null, box([1, 'x'], { key: 'b' }), 'not yet'),
    h('span', null, box([1, 'x'], { key: 'c', pending: true }), 'not on disk yet'), h('span', null, h('em.ne', null, '≠'), 'differs from what is committed'));
}

/** Messages on their way, with what can be done to them. @param {Session} session */
export function messages(session) {
  const run = session.run;
  if (!run) return h('div', null);
  const state = run.after(session.k);
  const list = run.onTheWay(session.k);
  const shown = list.slice(-40).reverse();
  return h('details.flight', { open: !session.isLab, key: `flight-${session.mode}` },
    h('summary', null, h('h2', null, 'On their way ', h('span.quiet', null, `${list.length} ${list.length === 1 ? 'message' : 'messages'}`))),
    list.length ? h('ul.msgs', null, shown.map((message) => {
      const isCut = !state.reach[message.from - 1].includes(message.to);
      const later = message.gone !== undefined && message.gone <= session.limit ? message.gone : undefined;
      const name = nameNow(list, message);
      return h('li', { key: `${run.trace.messages.indexOf(message)}` }, messageIcon(message),
        h('span.mname', { title: message.says }, `n${message.from}→n${message.to} `, h('b', null, messageName(message)), h('span.quiet', null, message.term ? ` t${message.term}` : '', isCut ? ', held by the cut' : '')),
        later !== undefined && h('button.b.tiny', { onclick: () => session.jump(later), title: `Goes at step ${later}` }, later),
        !session.isOffline && [h('button.b', { onclick: () => session.act(`deliver ${name}`), disabled: isCut }, 'Deliver'), h('button.b.icon', { onclick: () => session.act(`drop ${name}`), 'aria-label': 'Drop it' }, icon('cross')), h('button.b.icon', { onclick: () => twice(session, name), disabled: isCut, 'aria-label': 'Deliver it twice' }, icon('twice'))]);
    })) : h('p.quiet', null, 'None; only timers can move it.'));
}

/** Delivers a message, and then once more. @param {Session} session @param {string} name */
async function twice(session, name) {
  await session.act(`deliver ${name}`);
  await session.act(`duplicate ${name}`);
}

/** A message as a script names it now: its hash only where the newest of its kind is another. @param {import('./model.js').Message[]} list @param {import('./model.js').Message} message */
export function nameNow(list, message) {
  const plain = unsigned(message.name);
  const newest = list.filter((it) => unsigned(it.name) === plain).pop();
  return newest === message ? plain : message.name;
}

