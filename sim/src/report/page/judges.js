// The judges' panel: every invariant as a sign in its group, the chosen one in words.

import { h } from './dom.js';
import { drawing } from './signs.js';

/** @typedef {import('./session.js').Session} Session */

/** Groups by the first letter of an invariant's number. @type {Record<string, string>} */
const GROUPS = { A: 'Elections', B: 'Logs', C: 'Commits', D: 'State', F: 'Clients', G: 'Progress', H: 'Harness' };

/** What an invariant has to say so far. @param {Session} session @param {string} name @returns {{ is: 'silent' | 'absent' | 'later' | 'violated', step?: number, evidence?: string, why?: string }} */
export function saying(session, name) {
  const trace = session.run?.trace;
  const absent = trace?.not_sitting.find((it) => it.invariant === name);
  if (absent) return { is: 'absent', why: absent.why };
  const spoken = trace?.violations.find((it) => it.invariant === name && it.step <= session.limit);
  if (!spoken) return { is: 'silent' };
  return { is: spoken.step <= session.k ? 'violated' : 'later', step: spoken.step, evidence: spoken.evidence };
}

/** @param {Session} session */
export function judges(session) {
  const all = session.start.invariants;
  const said = new Map(all.map((it) => [it.name, saying(session, it.name)]));
  const count = (/** @type {string} */ is) => [...said.values()].filter((it) => it.is === is).length;
  const spoken = count('violated');
  const words = spoken ? `${spoken} ${spoken === 1 ? 'has' : 'have'} spoken` : `${all.length - count('absent')} sit, all silent${count('later') ? ' so far' : ''}`;
  const letters = [...new Set(all.map((it) => it.id[0]))];
  const chosen = all.find((it) => it.name === (session.judge || session.verdict()?.invariant || 'StateMachineSafety'));
  return h('section.judges', { 'aria-label': 'Judges' },
    h('div.hd', null, h('h2', null, 'Judges ', h('span', { class: spoken ? 'badtext' : 'quiet' }, words, count('absent') ? `, ${count('absent')} ${count('absent') === 1 ? 'does' : 'do'} not sit` : '')), h('button.b.bare', { 'aria-expanded': String(session.judgesByName), onclick: () => { session.judgesByName = !session.judgesByName; session.redraw(); } }, session.judgesByName ? 'As signs' : 'All by name')),
    session.judgesByName
      ? h('ul.byname', null, all.map((it) => h('li', { key: it.name }, one(session, it.name, said.get(it.name), true))))
      : h('div.groups', null, letters.map((letter) => h('div.group', { key: letter }, h('h3', null, GROUPS[letter] || letter), h('div.signs', null, all.filter((it) => it.id[0] === letter).map((it) => one(session, it.name, said.get(it.name), false)))))),
    chosen && told(session, chosen, /** @type {any} */ (said.get(chosen.name))),
    witnesses(session));
}

/** @param {Session} session @param {string} name @param {ReturnType<typeof saying> | undefined} said @param {boolean} isNamed */
function one(session, name, said, isNamed) {
  const is = said?.is || 'silent';
  const word = { silent: 'silent', absent: 'does not sit', later: `speaks at ${said?.step}`, violated: `violated at ${said?.step}` }[is];
  const sign = is === 'silent' ? h('circle', { r: 2.6 }) : is === 'absent' ? h('path', { d: 'M-3.5 0h7' }) : h('path', { d: 'M-3-7h6l4 4v6l-4 4h-6l-4-4v-6z' });
  return h('button', { key: name, class: `j ${is}${session.judge === name ? ' sel' : ''}`, 'aria-pressed': String(session.judge === name), 'aria-label': `${name}, ${word}`, title: `${name}: ${word}`, onclick: () => { session.judge = name; session.redraw(); } }, drawing('icon', 18, sign, is === 'violated' && h('path', { class: 'x', d: 'M-2.6-2.6l5.2 5.2M2.6-2.6l-5.2 5.2' })), isNamed && h('span', null, name, ' ', h('small.quiet', null, word)));
}

/** @param {Session} session @param {import('./session.js').Start['invariants'][number]} invariant @param {ReturnType<typeof saying>} said */
function told(session, invariant, said) {
  const [why] = invariant.explain.split('\n\n');
  return h('div', { class: `told ${said.is}` },
    h('p', null, h('b', null, invariant.name), { silent: ' is silent. ', absent: ` does not sit: ${said.why}. `, later: ' is silent so far. ', violated: ' is violated. ' }[said.is], invariant.statement),
    (said.is === 'violated' || said.is === 'later') && h('p', null, said.evidence, ' ', h('button.b.tiny', { onclick: () => session.jump(said.step || 0) }, `step ${said.step}`)),
    h('details', { key: invariant.name }, h('summary', null, 'Why it must hold'), h('p', null, why), ...invariant.explain.split('\n\n').slice(1).map((text) => h('p.quiet', null, text)), h('p.quiet', null, invariant.source)));
}

/** What a run should have seen to mean something, as it lights up. @param {Session} session */
function witnesses(session) {
  const lit = new Map((session.run?.trace.witnesses || []).map((it) => [it.name, it.step]));
  return h('details.witnesses', { key: 'witnesses' }, h('summary', null, 'Seen on the way ', h('span.quiet', null, `${[...lit.values()].filter((step) => step <= session.k).length} of ${session.start.witnesses.length}`)),
    h('ul', null, session.start.witnesses.map((it) => {
      const step = lit.get(it.name);
      const isSeen = step !== undefined && step <= session.k;
      return h('li', { key: it.name, class: isSeen ? 'seen' : 'quiet' }, isSeen ? h('button.b.tiny', { onclick: () => session.jump(/** @type {number} */ (step)) }, step) : h('span.none', null, '–'), h('span', null, h('b', null, it.name), ' ', it.statement));
    })));
}
