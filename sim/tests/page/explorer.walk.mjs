// A failing run, explored: step, rewind, what-if, why, compare, fork, share, by mouse and by keyboard.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { isClean, launch, open, says, serve, serveBy } from './browser.mjs';

const FILE = 'seeds/known/leader-completeness-2ebf64fb.json';
let browser;
let server;
before(async () => { browser = await launch(); server = await serve('explore', FILE); });
after(async () => { await browser?.close(); server?.end(); });

/** Waits until the page shows this step. */
const stands = (page, step) => page.waitForFunction((it) => document.body.dataset.step === it, String(step), { timeout: 20000 });

test('a violation is shown, and the run can be gone through in both directions', { timeout: 120000 }, async () => {
  const opened = await open(browser, server.url);
  const { page } = opened;
  await says(page, '#lead h1', 'LeaderCompleteness');
  await stands(page, 15);
  await page.getByRole('button', { name: 'A step back' }).click();
  await says(page, '#moment', 'n3 votes for n1, term 4');
  await page.locator('.r').filter({ hasText: 'n2 commits' }).getByRole('button').click();
  await says(page, '#table .chg', '1');
  await page.locator('#lead').getByRole('button', { name: /Violated/ }).click();
  await stands(page, 15);
  await isClean(opened);
  await opened.close();
});

test('the walk that the README describes names the guilty step in under a minute', { timeout: 120000 }, async () => {
  const began = Date.now();
  const { page, wrong, close } = await open(browser, server.url);
  await says(page, '#lead', 'lacks entries up to index 1 that were committed');
  await page.locator('#lead').getByRole('button', { name: /First alarm/ }).click();
  await says(page, '#moment', 'n3 votes for n1, term 4');
  await says(page, '#lead', 'VoteForUpToDateLog');
  await page.getByLabel('Action 14 happens').uncheck();
  await says(page, '#lead', 'Does not fail any more');
  await page.getByLabel('Action 14 happens').check();
  await page.getByLabel('Compare with').selectOption('raft-core');
  await says(page, '#lead', "n3's vote: n1 here, nobody on raft-core");
  await stands(page, 14);
  assert.ok(Date.now() - began < 60000);
  assert.deepEqual(wrong, []);
  await close();
});

test('a run is saved as a file, as a script and as a scenario', { timeout: 120000 }, async () => {
  const { page, close } = await open(browser, server.url);
  const saved = async (name) => {
    await page.locator('.save summary').click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    await page.locator('.save summary').click();
    return readFileSync(await download.path(), 'utf8');
  };
  const repro = JSON.parse(await saved('As a repro file'));
  const kept = JSON.parse(readFileSync(FILE, 'utf8'));
  assert.deepEqual([repro.target, repro.expect.invariant, repro.actions], [kept.target, kept.expect.invariant, kept.actions]);
  assert.equal((await saved('As a script')).split('\n').length, 17);
  const scenario = await saved('As a scenario');
  assert.match(scenario, /^# n1 comes to lead.*\ncluster nodes=3/);
  assert.match(scenario, /\n----\nn1 candidate of term 4, voted n1/);
  assert.match(scenario, /\n==== raftbare\nviolations VoteForUpToDateLog, LeaderCompleteness\n$/);
  await close();
});

test('a calm is gone through like everything else, and nobody acts in it', { timeout: 120000 }, async (walk) => {
  const calm = await serveBy(process.env.PAGE_PROGRAM, { script: 'cluster nodes=3\ntimeout n1\npartition {n1} {n2 n3}\ncalm\n' }, 'explore', '-');
  walk.after(calm.end);
  const opened = await open(browser, calm.url);
  const { page } = opened;
  await says(page, '#lead', 'The calm from 3 on: the faults end');
  await says(page, '#lead', 'sit, all silent');
  await page.keyboard.press('Home');
  await page.locator('.r').filter({ hasText: 'what must come about is waited for' }).getByRole('button').click();
  await stands(page, 3);
  await page.keyboard.press('Shift+ArrowRight');
  await page.waitForFunction(() => Number(document.body.dataset.step) > 3); // its actions are steps
  await page.keyboard.press('1');
  await page.keyboard.press('c');
  await says(page, '#toast', 'In the calm nobody acts');
  await page.getByLabel('Action 3 happens').uncheck();
  await says(page, '#lead', 'Without action 3');
  await page.waitForFunction(() => document.body.dataset.limit === '2');
  await isClean(opened);
  await opened.close();
});

test('nodes are dragged apart, and the network is cut there', { timeout: 120000 }, async () => {
  const opened = await open(browser, server.url);
  const { page } = opened;
  await page.keyboard.press('Home');
  const box = await page.locator('.map .node').nth(2).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x - 60, box.y + 120, { steps: 5 });
  await page.mouse.up();
  await says(page, '#moment', 'The network falls apart: {n1 n2} {n3}');
  await says(page, '.map', 'Side A');
  await isClean(opened);
  await opened.close();
});

test('why names the step that decided, and compare the first that differs', { timeout: 120000 }, async () => {
  const opened = await open(browser, server.url);
  const { page } = opened;
  await page.getByRole('button', { name: 'Why', exact: true }).click();
  await page.locator('#lead').getByRole('button', { name: /Decided/ }).click();
  await says(page, '#moment', 'Needed: without it the script does not fail');
  await page.getByLabel('Compare with').selectOption('raft-core');
  await says(page, '#lead', 'Differs');
  await isClean(opened);
  await opened.close();
});

test('what if: an action is switched off, and the answer stands where the verdict was', { timeout: 120000 }, async () => {
  const opened = await open(browser, server.url);
  const { page } = opened;
  await page.getByLabel('Action 12 happens').uncheck();
  await says(page, '#lead', 'Does not fail any more');
  await says(page, '#lead', 'Without action 12');
  await page.getByLabel('Action 12 happens').check();
  await says(page, '#lead h1', 'LeaderCompleteness');
  await opened.close();
});

test('a fork is made by acting in the past, and an address shares the moment', { timeout: 120000 }, async () => {
  const opened = await open(browser, server.url);
  const { page } = opened;
  await page.locator('.r').filter({ hasText: 'n2 commits' }).getByRole('button').click();
  await page.getByRole('button', { name: 'n3, follower: act on it' }).click();
  await page.getByRole('menuitem', { name: /^Crash/ }).click();
  await says(page, '#lead', 'Fork: 15 actions are set aside');
  await page.waitForFunction(() => document.body.dataset.step === '13' && location.hash.includes('at=13'));
  const other = await open(browser, page.url());
  await says(other.page, '#moment', 'n3 loses power');
  await stands(other.page, 13);
  assert.deepEqual(other.wrong, []);
  await other.close();
  await page.getByRole('button', { name: 'Bring back what was set aside' }).click();
  await says(page, '#lead h1', 'LeaderCompleteness');
  await opened.close();
});

test('a message is delivered by a click, and the filter finds it', { timeout: 120000 }, async () => {
  const opened = await open(browser, server.url);
  const { page } = opened;
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.locator('#messages li').first().getByRole('button', { name: 'Deliver', exact: true }).click();
  await says(page, '#lead', 'Fork');
  await page.waitForFunction(() => document.body.dataset.step === '2');
  await page.keyboard.press('/');
  await page.keyboard.type('deliver');
  await page.waitForFunction(() => document.querySelectorAll('.r').length === 1);
  await opened.close();
});

test('everything is done without a mouse', { timeout: 120000 }, async () => {
  const opened = await open(browser, server.url);
  const { page } = opened;
  const keys = async (...names) => { for (const name of names) await page.keyboard.press(name); };
  await keys('Home', 'ArrowRight', 'ArrowRight');
  await stands(page, 2);
  await keys('v');
  await stands(page, 15);
  await keys('Shift+ArrowLeft');
  await stands(page, 12);
  await keys('x');
  await says(page, '#lead', 'Does not fail any more');
  await page.getByRole('button', { name: 'Undo all edits' }).focus();
  await keys('Enter');
  await says(page, '#lead h1', 'LeaderCompleteness');
  await keys('3', 'c');
  await says(page, '#moment', 'n3 loses power');
  await keys('?');
  await page.locator('dialog[open]').waitFor();
  await isClean(opened);
  await keys('Escape');
  await page.getByRole('button', { name: /^n1, .*act on it/ }).focus();
  await keys('Enter', 'ArrowDown', 'Escape');
  assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), /^n1, .*act on it/, 'the focus is back');
  await opened.close();
});

for (const [width, theme] of [[360, 'light'], [768, 'dark'], [1280, 'dark']]) {
  test(`${width} px, ${theme}: nothing is cut off, and all can be read`, { timeout: 120000 }, async () => {
    const opened = await open(browser, server.url, { viewport: { width, height: 800 }, colorScheme: theme, reducedMotion: 'reduce' });
    const { page } = opened;
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page does not scroll sideways');
    for (const tab of width < 720 ? ['Cluster', 'Story', 'Judges'] : []) {
      await page.locator('#tabs').getByRole('button', { name: tab }).click();
      await isClean(opened);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), tab);
    }
    await isClean(opened);
    await opened.close();
  });
}
