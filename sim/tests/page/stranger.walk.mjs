// The page on a guest that nobody here knows: the one of the crate's documentation, whose program is a
// main of four lines. It reveals neither log nor commits.

import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { isClean, launch, open, says, serveBy } from './browser.mjs';

const STRANGER = process.env.PAGE_STRANGER || join(dirname(process.env.PAGE_PROGRAM), 'examples', 'elector');
let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

test('it lives in the laboratory: a leader is killed and revived, and somebody leads again', { timeout: 120000 }, async (walk) => {
  const server = await serveBy(STRANGER, 'lab');
  walk.after(server.end);
  const opened = await open(browser, server.url);
  const { page } = opened;
  await page.getByLabel('Speed').selectOption('20');
  const kill = page.locator('#kill:not([disabled])');
  await kill.waitFor({ timeout: 60000 });
  // Who does not send heartbeats does not lead for long: first the time stands still.
  await page.getByRole('button', { name: 'Pause' }).click();
  const first = (await kill.textContent()).match(/node (\d)/)[1];
  await kill.click();
  await says(page, '#story', `Node ${first} is killed`);
  await page.getByRole('button', { name: `Revive node ${first}` }).click();
  await kill.waitFor({ timeout: 60000 });
  await page.getByRole('button', { name: 'Pause' }).click();
  await says(page, '#judges', 'do not sit');
  await isClean(opened);
  await opened.close();
});

test('its runs are explored: stepped through, forked, and said to be silent', { timeout: 120000 }, async (walk) => {
  const script = 'cluster nodes=3\ntimeout n1\ndeliver n1->n2 RequestVote\ndeliver n2->n1 Vote\n';
  const server = await serveBy(STRANGER, { script }, 'explore', '-');
  walk.after(server.end);
  const opened = await open(browser, server.url);
  const { page } = opened;
  await says(page, '#lead h1', 'No violation');
  await says(page, '#moment', 'n1 becomes leader, term 1');
  await page.getByRole('button', { name: 'A step back' }).click();
  await says(page, '#moment', 'n2 votes for n1');
  await page.getByRole('button', { name: 'n1, candidate: act on it' }).click();
  await page.getByRole('menuitem', { name: /^Crash/ }).click();
  await says(page, '#lead', 'Fork');
  assert.equal(await page.locator('#table').getByText('hidden').count(), 0, 'term and vote are revealed');
  await isClean(opened);
  await opened.close();
});
