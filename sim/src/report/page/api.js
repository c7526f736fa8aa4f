// Questions to the server that has served the page. Without one (a page that was kept as a file) there
// is nobody to ask.

/** What the server or the page itself has to say about a request that failed. */
export class Refused extends Error {}

/** The server is gone. */
export class Gone extends Error {}

/**
 * @param {string} name @param {any} question @param {AbortSignal} [signal] @returns {Promise<any>}
 */
export async function ask(name, question, signal) {
  let response;
  try {
    response = await fetch(`api/${name}`, { method: 'POST', body: JSON.stringify(question), signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Gone('The server is gone.');
  }
  if (!response.ok) throw new Refused((await response.text()).trim());
  return response.json();
}
