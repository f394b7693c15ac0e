/** Queries that led somewhere, kept in this browser only; where it keeps nothing, they last as long as the page. */

/** How many are kept. */
const MOST = 8;

/** For browsers that forbid storage. */
const memory = new Map();

function keyOf(root) {
  return `mcdewey recent ${root.pathname}`;
}

/** @param {URL} root @returns {string[]} The newest first. */
export function recents(root) {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(root)) ?? "[]");
    return Array.isArray(kept) ? kept.filter((query) => typeof query === "string") : [];
  } catch {
    return memory.get(keyOf(root)) ?? [];
  }
}

/** @param {URL} root @param {string} query */
export function remember(root, query) {
  if (!query) return;
  const all = [query, ...recents(root).filter((other) => other !== query)].slice(0, MOST);
  try {
    localStorage.setItem(keyOf(root), JSON.stringify(all));
  } catch {
    memory.set(keyOf(root), all);
  }
}

/** @param {URL} root */
export function forgetRecents(root) {
  memory.delete(keyOf(root));
  try {
    localStorage.removeItem(keyOf(root));
  } catch {
    // There was nothing.
  }
}
