// The bar on top: what runs, and what can be taken away from here. Below the map: the controls of the
// laboratory.

import { h } from './dom.js';
import { newestLeader } from './legal.js';
import { sides } from './model.js';
import { command } from './lead.js';
import { scenarioOf } from './scenario.js';
import { print, toRepro } from './script.js';
import { icon, logo } from './signs.js';

/** @typedef {import('./session.js').Session} Session */

/** @param {Session} session @param {{ help: () => void, theme: () => void }} open */
export function bar(session, open) {
  const names = session.start.targets;
  const plain = names.filter((it) => !it.name.includes('?bug='));
  const planted = names.filter((it) => it.name.includes('?bug='));
  const option = (/** @type {import('./session.js').Target} */ it) => h('option', { value: it.name, title: it.summary }, it.name.split('?bug=').pop());
  return [
    h('span.markname', null, logo(), h('b', null, 'raft-sim')),
    h('span.where', null, session.isLab ? `Laboratory${session.run ? `, ${['', 'one node', 'two nodes', 'three nodes', 'four nodes', 'five nodes'][session.run.trace.nodes] || `${session.run.trace.nodes} nodes`}` : ''}` : h('code', null, session.name)),
    h('span.sp', null),
    session.isOffline ? h('code.where', null, session.target) : h('label.pick', null, h('span.wide', null, 'Running'), h('select.field', { 'aria-label': 'Target', value: session.target, onchange: (/** @type {any} */ event) => session.choose(event.target.value) }, plain.map(option), planted.length > 0 && h('optgroup', { label: 'with a planted bug' }, planted.map(option)))),
    !session.isOffline && !session.isLab && h('label.pick.opt', null, h('span.wide', null, icon('compare')), h('select.field', { 'aria-label': 'Compare with', value: session.other?.name || '', onchange: (/** @type {any} */ event) => session.compare(event.target.value) }, h('option', { value: '' }, 'Compare …'), reference(session), plain.map(option))),
    !session.isOffline && h('button.b.opt', { onclick: () => share(session) }, icon('share'), 'Share'),
    h('details.save.opt', { key: 'save' }, h('summary.b', null, icon('save'), 'Save'), h('div.pop', null,
      h('button', { onclick: () => download(session, 'json') }, 'As a repro file (.json)'), h('button', { onclick: () => download(session, 'txt') }, 'As a script (.txt)'), !session.isOffline && h('button', { onclick: () => download(session, 'scenario.txt') }, 'As a scenario, with its picture (.txt)'), h('button', { onclick: () => copyCommand(session) }, 'Copy the command that replays it'))),
    h('button.b.bare.icon', { 'aria-label': 'Light or dark', onclick: open.theme }, icon('theme')),
    h('button.b.bare.icon', { 'aria-label': 'Keys and help', onclick: open.help }, icon('help')),
  ];
}

/** What the target is a flawed copy of. @param {Session} session */
function reference(session) {
  const name = session.start.targets.find((it) => it.name === session.target)?.reference;
  return name ? h('option', { value: name }, `${name}, its reference`) : null;
}

/** @param {Session} session */
async function share(session) {
  history.replaceState(null, '', await session.address());
  await copy(session, location.href, 'The address of this moment is copied. It works while this server runs; the part behind # is all there is to it.');
}

/** @param {Session} session @param {string} text @param {string} said */
async function copy(session, text, said) {
  try {
    await navigator.clipboard.writeText(text);
    session.say(said);
  } catch {
    session.say(text);
  }
}

/** @param {Session} session */
function script(session) {
  return session.isLab ? session.lived(session.limit) : session.script;
}

/** @param {Session} session @param {string} kind */
async function download(session, kind) {
  const texts = { json: () => toRepro(script(session), session.target, session.verdict()), txt: () => print(script(session)), 'scenario.txt': () => scenarioOf(session) };
  const text = await texts[/** @type {keyof typeof texts} */ (kind)]();
  if (!text) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: kind === 'json' ? 'application/json' : 'text/plain' }));
  link.download = `${(session.verdict()?.invariant || 'schedule').toLowerCase()}.${kind}`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** @param {Session} session */
function copyCommand(session) {
  const lines = print(script(session)).trimEnd().split('\n').map((line) => line.replaceAll("'", ''));
  const text = session.edited || session.isLab ? `printf '${lines.join('\\n')}\\n' | ${session.start.command} replay - --target '${session.target}'` : command(session).replace(' explore ', ' replay ');
  copy(session, text, 'The command is copied.');
}

/** The laboratory's controls: kill, revive, cut, heal, write. @param {Session} session */
export function controls(session) {
  const run = session.run;
  if (!run) return [];
  if (session.isOffline) return live(session);
  const state = run.after(session.k);
  const leader = newestLeader(state);
  const down = state.nodes.filter((node) => !node.up);
  const groups = sides(state);
  const isCut = groups.length > 1;
  const leads = (/** @type {import('./model.js').NodeState} */ node) => (node.up && node.role === 2 ? `, leads ${isCut ? `side ${'ABCDEFGHI'[groups.findIndex((group) => group.includes(node.id))]}` : ''}`.trimEnd() : node.up ? '' : ', down');
  return [
    h('div.grp', null,
      session.isLab && h('button.b.stop', { id: 'kill', onclick: () => leader && session.act(`crash n${leader.id}`), disabled: !leader }, icon('power'), leader ? `KILL LEADER, node ${leader.id}` : 'KILL LEADER'),
      down.map((node) => h('button.b', { key: `revive${node.id}`, onclick: () => session.act(`restart n${node.id}`) }, `Revive node ${node.id}`)),
      isCut ? h('button.b.primary', { onclick: () => session.act('heal') }, 'Heal the cut') : run.trace.nodes > 1 && h('button.b', { onclick: () => session.cut(splitAround(run, leader?.id)) }, run.trace.nodes === 5 ? 'Split 2 from 3' : 'Cut one off'),
      session.isLab && h('label', null, h('span.wide', null, 'Nodes'), h('select.field', { 'aria-label': 'Nodes', value: String(run.trace.nodes), onchange: (/** @type {any} */ event) => session.fresh(Number(event.target.value)) }, sizes(session).map((count) => h('option', { value: String(count) }, count)))),
      session.isLab && article(session),
      session.isLab && (/bug=|article/.test(session.target)) && h('button.b', { onclick: () => session.hunt() }, 'Hunt')),
    h('form.grp.write', { onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); write(session); } },
      h('label', { for: 'value' }, 'Write'), h('input.field', { id: 'value', value: session.draft, oninput: (/** @type {any} */ event) => { session.draft = event.target.value; }, size: 7, autocomplete: 'off', spellcheck: 'false', 'aria-label': 'Key and value, as x=10' }),
      h('label', { for: 'whom' }, 'to'), h('select.field', { id: 'whom', 'aria-label': 'To which node', value: String(session.selected || leader?.id || 1), onchange: (/** @type {any} */ event) => { session.selected = Number(event.target.value); session.redraw(); } }, state.nodes.map((node) => h('option', { value: String(node.id) }, `node ${node.id}${leads(node)}`))),
      h('button.b.primary', { type: 'submit' }, 'Write')),
  ];
}

/** A recording cannot be acted on: what opens it where it can. @param {Session} session */
function live(session) {
  const line = command(session);
  return [h('p.live', null, 'A recording. To act on it, open it live: ', h('code', null, line), ' ', h('button.b.tiny', { onclick: () => copy(session, line, 'The command is copied.') }, 'Copy'))];
}

/** The engine of the article instead of the reference, on the same life. @param {Session} session */
function article(session) {
  const names = session.start.targets.map((it) => it.name);
  if (!names.includes('article')) return null;
  const isOn = session.target === 'article';
  return h('button.b', { id: 'article', 'aria-pressed': String(isOn), title: 'What has happened so far happens to it, too.', onclick: () => session.choose(isOn ? names[0] : 'article') }, 'The article\'s engine');
}

/** @param {Session} session */
function sizes(session) {
  const [low, high] = session.start.targets.find((it) => it.name === session.target)?.nodes || [1, 9];
  return [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((count) => low <= count && count <= high);
}

/** The leader, and of five one other, on one side; all others on the other. @param {import('./model.js').Run} run @param {number | undefined} leader */
function splitAround(run, leader) {
  const first = leader || 1;
  const partner = run.ids.find((id) => id !== first) || first;
  const few = run.trace.nodes === 5 ? [first, partner].sort() : [first];
  return [few, run.ids.filter((id) => !few.includes(id))];
}

/** @param {Session} session */
function write(session) {
  const whom = /** @type {HTMLSelectElement} */ (document.getElementById('whom'));
  const asked = /^([a-z])\s*=\s*(\d{1,9})$/.exec(session.draft.trim());
  if (!asked) {
    session.say('Write a letter and a number, as x=10.');
    return;
  }
  session.act(`write n${whom.value} ${asked[1]}=${asked[2]}`);
}
