// The script, which is the state of the page: editing it, and writing it into an address.

/**
 * @typedef {{ text: string, off?: boolean, at_us?: number }} Line
 *   An action, whether it is switched off, and when it happened if somebody has lived through it.
 * @typedef {{ cluster: string, lines: Line[] }} Script
 */

/** Reads a script as files have it. @param {string} text @returns {Script} */
export function parse(text) {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#'));
  return { cluster: lines[0] || '', lines: lines.slice(1).map((line) => ({ text: line })) };
}

/** The script as it is run: without what is switched off. @param {Script} script */
export function print(script) {
  return [script.cluster, ...script.lines.filter((line) => !line.off).map((line) => line.text)].join('\n') + '\n';
}

/** When its first lines happened, as far as that is known without a gap. @param {Script} script */
export function times(script) {
  const on = script.lines.filter((line) => !line.off);
  const unknown = on.findIndex((line) => line.at_us === undefined);
  return on.slice(0, unknown < 0 ? on.length : unknown).map((line) => line.at_us || 0);
}

/** Positions of the lines that are run. @param {Script} script */
export function running(script) {
  return script.lines.flatMap((line, place) => (line.off ? [] : [place]));
}

/** With an action switched off or on again. @param {Script} script @param {number} place @returns {Script} */
export function toggled(script, place) {
  const lines = script.lines.map((line, at) => (at === place ? { ...line, off: !line.off } : line));
  return { ...script, lines };
}

/** With all actions switched on. @param {Script} script @returns {Script} */
export function restored(script) {
  return { ...script, lines: script.lines.map((line) => ({ ...line, off: false })) };
}

/** The first lines, and then these. @param {Script} script @param {number} length @param {Line[]} added @returns {Script} */
export function forked(script, length, added) {
  return { ...script, lines: [...script.lines.slice(0, length), ...added] };
}

/** The name of a message without its content's hash. @param {string} text */
export function unsigned(text) {
  return text.replace(/ #[0-9a-f]+$/, '');
}

/** Groups as a script has them. @param {number[][]} groups */
export function partition(groups) {
  return `partition ${groups.map((group) => `{${group.map((id) => `n${id}`).join(' ')}}`).join(' ')}`;
}

/**
 * What is shared by an address: everything that the page shows follows from it.
 * @typedef {{ mode: string, target: string, at: number, script: Script }} Moment
 */

/** @param {Moment} moment @returns {Promise<string>} */
export async function toAddress(moment) {
  const marked = moment.script.lines.map((line) => (line.off ? `!${line.text}` : line.text));
  const packed = await squeeze([moment.script.cluster, ...marked].join('\n'));
  const words = new URLSearchParams({ mode: moment.mode, target: moment.target, at: String(moment.at), script: packed });
  return `#${words}`;
}

/** @param {string} hash @returns {Promise<Moment | null>} */
export async function fromAddress(hash) {
  const words = new URLSearchParams(hash.slice(1));
  const packed = words.get('script');
  if (!packed) return null;
  const script = parse(await unsqueeze(packed));
  const lines = script.lines.map((line) => (line.text.startsWith('!') ? { text: line.text.slice(1), off: true } : line));
  return { mode: words.get('mode') || 'explore', target: words.get('target') || '', at: Number(words.get('at') || 0), script: { ...script, lines } };
}

/** @param {string} text */
async function squeeze(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @param {string} packed */
async function unsqueeze(packed) {
  const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).text();
}

/**
 * The script as a file of `raft-sim-repro/1`.
 * @param {Script} script @param {string} target @param {import('./model.js').Violation | undefined} violation
 */
export function toRepro(script, target, violation) {
  const words = Object.fromEntries(script.cluster.split(' ').slice(1).map((word) => word.split('=')));
  const expect = violation ? { outcome: 'violation', invariant: violation.invariant, actions: Math.min(violation.step, script.lines.filter((line) => !line.off).length) } : { outcome: 'pass' };
  return JSON.stringify({
    format: 'raft-sim-repro/1',
    target,
    expect,
    cluster: { nodes: Number(words.nodes), batch_entries_max: Number(words.batch || 1), window_messages_max: Number(words.window || 1), disk: words.disk || 'instant' },
    actions: script.lines.filter((line) => !line.off).map((line) => line.text),
  }, null, 2) + '\n';
}
