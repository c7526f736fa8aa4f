// The laboratory of the article, played through: a leader, a write on all three, the leader killed; the
// five split, a minority that commits nothing, a majority that goes on, and one history after the heal.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isClean, launch, open, says, serve } from './browser.mjs';

let browser;
let server;
before(async () => { browser = await launch(); server = await serve('lab'); });
after(async () => { await browser?.close(); server?.end(); });

/** The page in quick motion. */
async function lab() {
  const opened = await open(browser, server.url);
  await opened.page.getByLabel('Speed').selectOption('20');
  return opened;
}

/** Writes a value to a node, or to the leader. */
async function write(page, value, node) {
  await page.getByLabel('Key and value, as x=10').fill(value);
  if (node) await page.getByLabel('To which node').selectOption(String(node));
  await page.getByRole('button', { name: 'Write', exact: true }).click();
}

/** The number of the node that leads, from the button that would kill it. */
async function leader(page) {
  const button = page.locator('#kill:not([disabled])');
  await button.waitFor({ timeout: 60000 });
  return Number((await button.textContent()).match(/node (\d)/)[1]);
}

/** The logs in the table, by node. */
function logs(page) {
  return page.locator('.nodes tbody tr:not(.ledger):not(.side) .logc').evaluateAll((cells) => cells.map((cell) => [...cell.querySelectorAll('.e')].map((entry) => `${entry.classList.contains('com') || entry.classList.contains('fold') ? '+' : '-'}${entry.title}`)));
}

test('three nodes: a leader, a write on all three, a new leader in a higher term', { timeout: 240000 }, async () => {
  const opened = await lab();
  const { page } = opened;
  const first = await leader(page);
  await says(page, '#moment', `Node ${first} leads term`);
  const term = Number((await page.locator('#moment h2').textContent()).match(/term (\d+)/)[1]);
  await write(page, 'x=10', first);
  await says(page, '#story', 'x=10 is committed');
  await says(page, '#lead h1', 'Lose the leader');
  const stored = await logs(page);
  assert.ok(stored.every((log) => JSON.stringify(log) === JSON.stringify(stored[0])), JSON.stringify(stored));
  await page.locator('#kill').click();
  await page.waitForFunction((was) => { const found = /Node (\d) leads term (\d+)/.exec(document.querySelector('#moment').textContent); return found && Number(found[1]) !== was.first && Number(found[2]) > was.term; }, { first, term }, { timeout: 60000 });
  await says(page, '#lead h1', 'Split the five');
  await page.getByRole('button', { name: `Revive node ${first}` }).click();
  await page.waitForFunction(() => document.querySelectorAll('.isdown').length === 0);
  await page.getByRole('button', { name: 'Pause' }).click();
  await isClean(opened);
  await opened.close();
});

test('five nodes: two histories, and one after the heal', { timeout: 240000 }, async () => {
  const opened = await lab();
  const { page } = opened;
  await page.getByLabel('Nodes').selectOption('5');
  const old = await leader(page);
  await write(page, 'x=1', old);
  await says(page, '#story', 'x=1 is committed');
  await page.getByRole('button', { name: 'Split 2 from 3' }).click();
  await says(page, '#table', '2 of 5, no majority: cannot commit');
  await write(page, 'x=2', old);
  await page.waitForFunction((was) => { const found = document.querySelector('#kill')?.textContent.match(/node (\d)/); return found && Number(found[1]) !== was; }, old, { timeout: 60000 });
  await write(page, 'x=4', await leader(page));
  await says(page, '.end.stays', 'x=4 committed');
  await says(page, '.end.goes', 'x=2 not committed');
  await page.getByRole('button', { name: 'Pause' }).click();
  await isClean(opened);
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByRole('button', { name: 'Heal the cut' }).click();
  await says(page, '#story', 'gives up what it had');
  await page.waitForFunction(() => { const cells = [...document.querySelectorAll('.nodes tbody tr:not(.ledger):not(.side) .logc')].map((cell) => cell.textContent); return cells.length === 5 && cells.every((text) => text === cells[0]) && cells[0].includes('x=4'); }, null, { timeout: 60000 });
  assert.ok(!(await logs(page)).flat().some((entry) => entry.includes('x=2')), 'what was not committed is gone');
  assert.equal(await page.locator('.j.violated').count(), 0, 'no judge has spoken');
  await opened.close();
});

test('the past can be acted in, and what came after it comes back', { timeout: 240000 }, async () => {
  const opened = await lab();
  const { page } = opened;
  const first = await leader(page);
  await page.getByRole('button', { name: 'Pause' }).click();
  const length = Number(await page.evaluate(() => document.body.dataset.limit));
  await page.keyboard.press('Home');
  await page.keyboard.press(String(first === 1 ? 2 : 1));
  await page.keyboard.press('t');
  await page.waitForFunction((longer) => Number(document.body.dataset.limit) < longer, length);
  await says(page, '#moment', 'Nobody leads');
  await opened.close();
});

test('a bug is planted, a judge speaks, and the schedule becomes a story', { timeout: 240000 }, async () => {
  const opened = await lab();
  const { page } = opened;
  // Of three, two are a majority, whoever answers twice.
  await page.getByLabel('Nodes').selectOption('5');
  await page.getByLabel('Target').selectOption('raft-core?bug=vote-duplicate-counted');
  await page.getByRole('button', { name: 'Hunt' }).click();
  await page.locator('.j.violated').first().waitFor({ timeout: 120000 });
  await page.getByRole('button', { name: 'Minimize' }).click();
  await says(page, '#toast', 'actions became');
  assert.ok(Number(await page.evaluate(() => document.body.dataset.limit)) < 12);
  await opened.close();
});
