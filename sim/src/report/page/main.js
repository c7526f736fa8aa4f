// The page: one script, looked at in four places that are always the same. Whatever changes the
// session asks for a new drawing, and every part is drawn from the session alone.

import { Gone, ask } from './api.js';
import { bar, controls } from './bar.js';
import { legend, messages, moment, table } from './cluster.js';
import { follow, sentencesPanel } from './console.js';
import { dock } from './dock.js';
import { h, place, show } from './dom.js';
import { judges } from './judges.js';
import { help, onKey } from './keys.js';
import { lead } from './lead.js';
import { Life } from './live.js';
import { map } from './map.js';
import { closeMenu, messageMenu, nodeMenu } from './menu.js';
import { fromAddress } from './script.js';
import { Session } from './session.js';
import { reveal, story } from './story.js';

/** @typedef {import('./session.js').Start} Start */

const TABS = [['cluster', 'Cluster'], ['story', 'Story'], ['judges', 'Judges']];
/** Milliseconds for which a remark stays. */
const REMARK_MS = 6000;

/** The page on what is to be opened. */
class Page {
  /** @param {Start} start @param {import('./model.js').Trace | null} recorded */
  constructor(start, recorded) {
    this.session = new Session(start, () => this.ask());
    this.life = new Life(this.session, (isTime) => (isTime ? this.drawMap() : this.ask()));
    this.recorded = recorded;
    this.isAsked = false;
    this.shownAt = -1;
    this.remark = 0;
    this.menu = (/** @type {number} */ id, /** @type {number} */ x, /** @type {number} */ y) => nodeMenu(this.session, id, x, y);
    this.message = (/** @type {number} */ at, /** @type {number} */ x, /** @type {number} */ y) => messageMenu(this.session, at, x, y);
  }

  async open() {
    const session = this.session;
    document.addEventListener('keydown', (event) => onKey(session, event));
    document.addEventListener('pointerdown', (event) => { if (!place('menu').contains(/** @type {Node} */ (event.target))) closeMenu(); });
    document.addEventListener('visibilitychange', () => { if (document.hidden) { session.stop(); this.ask(); } });
    addEventListener('resize', () => this.ask());
    addEventListener('hashchange', () => this.fromAddress());
    const tick = (/** @type {number} */ now) => { this.life.frame(now); requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
    if (this.recorded) {
      session.isOffline = true;
      session.take(this.recorded);
      session.kept = session.run?.verdict(session.kept)?.invariant ?? null;
      const at = new URLSearchParams(location.hash.slice(1)).get('at');
      session.jump(at === null ? session.verdict()?.step ?? session.limit : Number(at));
    } else if (!(await this.fromAddress())) {
      await session.replay(0);
      session.kept = session.run?.verdict(session.kept)?.invariant ?? null;
      session.jump(session.isLab ? 0 : session.verdict()?.step ?? session.limit);
      if (session.isLab) session.play();
    }
    document.body.dataset.ready = 'yes';
    this.ask();
  }

  /** Opens what the address says, if it says anything. */
  async fromAddress() {
    const shared = await fromAddress(location.hash).catch(() => null);
    if (!shared) return false;
    const session = this.session;
    const isKnown = session.start.targets.some((it) => it.name === shared.target);
    session.stop();
    session.mode = shared.mode;
    session.target = isKnown ? shared.target : session.target;
    session.diagram = session.mode !== 'lab';
    session.script = shared.script;
    if (session.mode === 'lab') session.original = shared.script;
    if (await session.replay(shared.at)) session.jump(shared.at);
    session.kept = session.kept || session.run?.verdict()?.invariant || null;
    if (!isKnown) session.say(`${shared.target} is not linked in here; this is ${session.target}.`);
    return true;
  }

  /** Draws with the next frame. */
  ask() {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => { this.isAsked = false; this.draw(); });
  }

  drawMap() {
    show(place('map'), map(this.session, { menu: this.menu, message: this.message }));
  }

  draw() {
    const session = this.session;
    Object.assign(document.body.dataset, { mode: session.mode, tab: session.tab, step: String(session.k), limit: String(session.limit), busy: session.busy, diagram: String(session.diagram) });
    const isConsole = session.isLab && !session.diagram;
    show(place('bar'), bar(session, { help, theme }));
    show(place('lead'), lead(session));
    show(place('tabs'), TABS.map(([id, name]) => h('button', { key: id, 'aria-pressed': String(session.tab === id), onclick: () => { session.tab = id; this.ask(); } }, name)));
    show(place('moment'), moment(session));
    this.drawMap();
    show(place('table'), table(session, this.menu));
    show(place('legend'), legend());
    show(place('act'), controls(session));
    show(place('messages'), messages(session));
    show(place('judges'), judges(session));
    show(place('story'), isConsole ? sentencesPanel(session) : story(session));
    show(place('dock'), dock(session));
    show(place('toast'), session.toast);
    place('toast').hidden = !session.toast;
    if (session.toast && !this.remark) this.remark = setTimeout(() => { session.toast = ''; this.remark = 0; this.ask(); }, REMARK_MS);
    if (this.shownAt === session.k) return;
    this.shownAt = session.k;
    if (isConsole) follow();
    else { reveal(session); show(place('story'), story(session)); }
  }
}

function theme() {
  const isDark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = isDark ? 'light' : 'dark';
}

async function begin() {
  const kept = document.getElementById('recorded');
  if (kept) {
    const { start, trace } = JSON.parse(kept.textContent || '');
    place('page').hidden = false;
    place('paper').remove();
    await new Page(start, trace).open();
    return;
  }
  try {
    await new Page(await ask('start', {}), null).open();
  } catch (error) {
    show(place('lead'), h('h1', null, error instanceof Gone ? 'The server is gone' : 'The page cannot be opened'), h('p', null, String(error instanceof Error ? error.message : error)));
  }
}

begin();
