// A finding as one file: stepped through with scripts, and read without them, without styles, and
// under a policy that allows nothing.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { isClean, launch, open, says } from './browser.mjs';

const FILE = 'seeds/known/leader-completeness-2ebf64fb.json';
const { PAGE_PROGRAM } = process.env;
const folder = mkdtempSync(join(tmpdir(), 'raft-sim-page-'));
const artifact = join(folder, 'run.html');
let browser;
before(async () => {
  browser = await launch();
  execFileSync(PAGE_PROGRAM, ['replay', FILE, '--html', artifact], { stdio: 'ignore' });
});
after(async () => { await browser?.close(); rmSync(folder, { recursive: true }); });

/** What everybody must be able to read. */
async function canBeRead(page) {
  await says(page, '#paper h1', 'LeaderCompleteness is violated at action 15 of 15');
  await says(page, '#paper', 'n1 comes to lead term 4');
  await says(page, '#paper code', `explore ${FILE}`);
  await says(page, '#paper table', 'deliver n1->n3 RequestVote');
  await says(page, '#paper table', 'VoteForUpToDateLog');
  assert.ok(await page.locator('#paper svg line').count() > 30, 'the diagram is drawn');
  assert.ok(await page.locator('#paper svg').isVisible());
  assert.ok(!(await page.locator('#page').isVisible()), 'nothing that cannot work is shown');
}

test('a minimized story is small', () => {
  assert.ok(statSync(artifact).size < 300_000, `${statSync(artifact).size} bytes`);
});

test('with scripts it is the page, without a server', { timeout: 120000 }, async () => {
  const opened = await open(browser, pathToFileURL(artifact).href);
  const { page } = opened;
  await says(page, '#lead h1', 'LeaderCompleteness');
  assert.equal(await page.locator('#paper').count(), 0);
  await page.getByRole('button', { name: 'A step back' }).click();
  await says(page, '#moment', 'n3 votes for n1, term 4');
  await says(page, '#act', `explore ${FILE}`);
  for (const name of ['Share', 'Minimize', 'Deliver']) assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, `${name} needs a server`);
  await page.keyboard.press('m');
  await says(page, '#toast', 'open it live');
  await isClean(opened);
  await page.reload();
  await says(page, '#moment', 'n3 votes for n1, term 4');
  await opened.close();
});

test('with scripts switched off it is a document', { timeout: 120000 }, async () => {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ javaScriptEnabled: false, colorScheme });
    const page = await context.newPage();
    await page.goto(pathToFileURL(artifact).href);
    await canBeRead(page);
    await context.close();
  }
});

test('under a policy that allows nothing it is a document', { timeout: 120000 }, async () => {
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.setHeader('Content-Security-Policy', "sandbox; default-src 'none'");
    response.end(readFileSync(artifact));
  });
  await new Promise((listening) => { server.listen(0, '127.0.0.1', listening); });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await canBeRead(page);
  await page.close();
  server.close();
});

test('a campaign leaves a page of each finding, which its report names', { timeout: 120000 }, async () => {
  const pages = join(folder, 'pages');
  const words = ['fuzz', '--target', 'raft-core?bug=commit-prior-term-entry', '--seed', '1', '--runs', '3000', '--minimize', '5s', '--html', pages, '--out', join(folder, 'out'), '--format', 'json'];
  const { status, stdout } = spawnSync(PAGE_PROGRAM, words, { encoding: 'utf8', maxBuffer: 1 << 27 });
  assert.equal(status, 1);
  const [campaign] = JSON.parse(stdout).campaigns;
  const named = campaign.failures.map((failure) => failure.page);
  assert.deepEqual(named.toSorted(), readdirSync(pages).map((name) => join(pages, name)).toSorted());
  for (const [at, path] of named.entries()) {
    const { page, wrong, close } = await open(browser, pathToFileURL(path).href);
    await says(page, '#lead h1', campaign.failures[at].invariant);
    assert.deepEqual(wrong, []);
    await close();
  }
});
