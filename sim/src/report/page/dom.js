// A small tree of what is to be shown, and the least change of the document that shows it: what stays
// the same is left alone, so focus, scroll and selection survive every step.

/**
 * @typedef {{ tag: string, props: Record<string, any>, kids: Tree[] }} Tree
 *   A piece of the document; the tag '' is text.
 * @typedef {Tree | string | number | null | undefined | false} Leaf
 * @typedef {Leaf | Leaf[] | Leaf[][]} Part
 */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * A piece of the document.
 * @param {string} tag  as `p`, or with classes as `p.quiet.wide`
 * @param {Record<string, any> | null} [props]  attributes; `on…` are listeners, `key` tells siblings apart
 * @param {...Part} kids
 * @returns {Tree}
 */
export function h(tag, props, ...kids) {
  const [name, ...classes] = tag.split('.');
  const given = props || {};
  const all = [...classes, given.class].filter(Boolean).join(' ');
  const flat = /** @type {Leaf[]} */ (kids.flat(3));
  return {
    tag: name,
    props: all ? { ...given, class: all } : given,
    kids: flat.filter((kid) => kid !== null && kid !== undefined && kid !== false).map(asTree),
  };
}

/** @param {Leaf} part @returns {Tree} */
function asTree(part) {
  return typeof part === 'object' ? /** @type {Tree} */ (part) : { tag: '', props: { text: String(part) }, kids: [] };
}

/** What an element was last made from. @type {WeakMap<Node, Tree>} */
const shown = new WeakMap();

/**
 * Shows these pieces, and nothing else, in an element.
 * @param {Element} inside @param {...Part} parts
 */
export function show(inside, ...parts) {
  const kids = h('x', null, ...parts).kids;
  patchKids(inside, kids);
}

/** @param {Element} inside @param {Tree[]} kids */
function patchKids(inside, kids) {
  const old = [...inside.childNodes];
  /** @type {Map<string, ChildNode>} */
  const keyed = new Map();
  for (const node of old) {
    const key = shown.get(node)?.props.key;
    if (key !== undefined) keyed.set(`${key}`, node);
  }
  let at = 0;
  for (const kid of kids) {
    const key = kid.props.key;
    const here = inside.childNodes[at];
    const before = key === undefined ? here : keyed.get(`${key}`) || (shown.get(here)?.props.key === undefined ? here : undefined);
    const node = before && fits(before, kid) ? before : create(kid, inside);
    if (node !== inside.childNodes[at]) inside.insertBefore(node, inside.childNodes[at] || null);
    patch(node, kid);
    at += 1;
  }
  while (inside.childNodes.length > at) inside.lastChild?.remove();
}

/** @param {Node} node @param {Tree} tree */
function fits(node, tree) {
  const was = shown.get(node);
  return was !== undefined && was.tag === tree.tag && was.props.key === tree.props.key;
}

/** @param {Tree} tree @param {Element} inside */
function create(tree, inside) {
  if (tree.tag === '') return document.createTextNode('');
  const isSvg = tree.tag === 'svg' || (inside.namespaceURI === SVG && inside.tagName !== 'foreignObject');
  return isSvg ? document.createElementNS(SVG, tree.tag) : document.createElement(tree.tag);
}

/** @param {Node} node @param {Tree} tree */
function patch(node, tree) {
  const was = shown.get(node);
  shown.set(node, tree);
  if (tree.tag === '') {
    if (node.nodeValue !== tree.props.text) node.nodeValue = tree.props.text;
    return;
  }
  const element = /** @type {HTMLElement} */ (node);
  const old = was ? was.props : {};
  for (const name of Object.keys(old)) {
    if (!(name in tree.props)) set(element, name, null, old[name]);
  }
  for (const [name, value] of Object.entries(tree.props)) {
    if (value !== old[name] || name === 'value' || name === 'checked') set(element, name, value, old[name]);
  }
  if (!tree.props.own) patchKids(element, tree.kids);
  if ('value' in tree.props && element instanceof HTMLSelectElement) element.value = tree.props.value;
}

/** @param {HTMLElement} element @param {string} name @param {any} value @param {any} old */
function set(element, name, value, old) {
  if (name === 'key' || name === 'own') return;
  if (name.startsWith('on')) {
    if (old) element.removeEventListener(name.slice(2), old);
    if (value) element.addEventListener(name.slice(2), value);
  } else if (name === 'style') {
    for (const key of Object.keys(old || {})) if (!(key in (value || {}))) element.style.removeProperty(key);
    for (const [key, text] of Object.entries(value || {})) element.style.setProperty(key, String(text));
  } else if (name === 'value' || name === 'checked') {
    const input = /** @type {any} */ (element);
    if (value !== null && input[name] !== value && (document.activeElement !== element || name === 'checked' || value !== old)) input[name] = value;
  } else if (value === null || value === undefined || value === false) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** The element of this id, which the page has. @param {string} id @returns {HTMLElement} */
export function place(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found;
}
