// The pictures of the README: `node screenshots.mjs FOLDER`, called by ci/screenshots.sh. Each is
// reduced to 256 colours, which is all that the page needs, so that it stays small.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { launch, open, says, serve } from './browser.mjs';

const FILE = 'seeds/known/leader-completeness-2ebf64fb.json';
const [, , folder] = process.argv;

/** A failing run, at the step that is to blame. */
async function explorer(page) {
  await page.getByRole('button', { name: 'Why', exact: true }).click();
  await says(page, '#lead', 'Decided');
  await page.locator('#lead').getByRole('button', { name: /First alarm/ }).click();
  await says(page, '#moment', 'n3 votes for n1');
}

/** Five nodes, split, with two histories. */
async function laboratory(page) {
  await page.getByLabel('Speed').selectOption('20');
  await page.getByLabel('Nodes').selectOption('5');
  const kill = page.locator('#kill:not([disabled])');
  const leader = async () => { await kill.waitFor(); return (await kill.textContent()).match(/node (\d)/)[1]; };
  const write = async (value, node) => {
    await page.getByLabel('Key and value, as x=10').fill(value);
    await page.getByLabel('To which node').selectOption(node);
    await page.getByRole('button', { name: 'Write', exact: true }).click();
  };
  const old = await leader();
  await write('x=1', old);
  await says(page, '#story', 'x=1 is committed');
  await page.getByRole('button', { name: 'Split 2 from 3' }).click();
  await says(page, '#table', 'cannot commit');
  await write('x=2', old);
  await page.waitForFunction((was) => document.querySelector('#kill')?.textContent.match(/node (\d)/)?.[1] !== was, old);
  await write('x=4', await leader());
  await says(page, '.end.stays', 'x=4 committed');
  await page.getByRole('button', { name: 'Pause' }).click();
}

/** The pixels of a picture, one number each. */
async function pixels(page, picture) {
  return page.evaluate(async (text) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${text}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    const { data } = canvas.getImageData(0, 0, image.width, image.height);
    const each = Array.from({ length: data.length / 4 }, (_, at) => (data[4 * at] << 16) | (data[4 * at + 1] << 8) | data[4 * at + 2]);
    return { width: image.width, height: image.height, each };
  }, picture.toString('base64'));
}

/** The most frequent colours, and for each other one the nearest of them. */
function palette(each) {
  const counts = new Map();
  for (const colour of each) counts.set(colour, (counts.get(colour) || 0) + 1);
  const colours = [...counts.keys()].sort((one, two) => counts.get(two) - counts.get(one)).slice(0, 256);
  const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const distance = (one, two) => parts(one).reduce((sum, part, at) => sum + (part - parts(two)[at]) ** 2, 0);
  const nearest = new Map(colours.map((colour, at) => [colour, at]));
  for (const colour of counts.keys()) {
    if (!nearest.has(colour)) nearest.set(colour, colours.reduce((best, other, at) => (distance(colour, other) < distance(colour, colours[best]) ? at : best), 0));
  }
  return { colours: colours.flatMap(parts), nearest };
}

/** A PNG of these pixels with a palette. */
function png({ width, height, each }) {
  const { colours, nearest } = palette(each);
  const lines = Buffer.alloc((width + 1) * height);
  each.forEach((colour, at) => { lines[at + Math.floor(at / width) + 1] = nearest.get(colour); });
  const chunk = (name, bytes) => {
    const body = Buffer.concat([Buffer.from(name), Buffer.from(bytes)]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(bytes.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const sign = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([sign, chunk('IHDR', head), chunk('PLTE', colours), chunk('IDAT', deflateSync(lines, { level: 9 })), chunk('IEND', [])]);
}

const browser = await launch();
for (const [name, words, play] of [['explorer', ['explore', FILE], explorer], ['laboratory', ['lab'], laboratory]]) {
  const server = await serve(...words);
  for (const theme of ['light', 'dark']) {
    const { page, close } = await open(browser, server.url, { colorScheme: theme, reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } });
    await play(page);
    await page.waitForTimeout(400);
    const picture = await page.screenshot();
    await page.goto('about:blank');
    writeFileSync(join(folder, `${name}-${theme}.png`), png(await pixels(page, picture)));
    await close();
  }
  server.end();
}
await browser.close();
