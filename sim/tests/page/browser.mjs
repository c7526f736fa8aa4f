// What the page's walks share: a server, a browser, and eyes that miss nothing.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { PAGE_MODULES, PAGE_BROWSER, PAGE_PROGRAM } = process.env;
const load = createRequire(`${PAGE_MODULES}/`);
const { chromium } = load('playwright-core');
const axe = load('axe-core');

/** A browser that is offline but for this machine. */
export function launch() {
  return chromium.launch({ executablePath: PAGE_BROWSER, args: ['--no-sandbox'] });
}

/** Serves the page with these words of the command line. */
export function serve(...words) {
  return serveBy(PAGE_PROGRAM, ...words);
}

/** The same by another program; a script may come first, which it finds on stdin. */
export async function serveBy(program, ...words) {
  const { script } = typeof words[0] === 'object' ? words.shift() : { script: '' };
  const child = spawn(program, [...words, '--no-open'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(script);
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('http://')) return { url: line, end: () => child.kill('SIGINT') };
  }
  throw new Error(`${words.join(' ')} says no address`);
}

/** Opens an address, and notes all that a page should not do. */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) wrong.push(message.text()); });
  page.on('pageerror', (error) => wrong.push(String(error.stack)));
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (['http:', 'https:', 'ws:'].includes(protocol) && host !== new URL(url).host) wrong.push(`a request to ${host}`);
  });
  await page.goto(url);
  await page.waitForSelector('body[data-ready]', { timeout: 60000 });
  return { page, wrong, close: () => context.close() };
}

/** Nothing went wrong, and whoever cannot see or point can use what is shown. */
export async function isClean({ page, wrong }) {
  await page.evaluate(`${axe.source}; undefined`);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] }));
  assert.deepEqual(violations.map((it) => `${it.id}: ${it.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(' | ')}`), []);
  assert.deepEqual(wrong, []);
}

/** Waits until a text is in the page's part. */
export async function says(page, part, text) {
  await page.locator(part).filter({ hasText: text }).first().waitFor({ timeout: 60000 });
}
