/**
 * Short lists that a visitor's own browser keeps: what was looked for lately, and the searches that were pinned. Nobody
 * else learns of them; where the browser keeps nothing, they last as long as the page.
 */

/** For browsers that forbid storage. @type {Map<string, string[]>} */
const memory = new Map();

export class LocalList {
  #name;
  #most;

  /** @param {string} name Of the list. @param {number} most How many are kept. */
  constructor(name, most) {
    this.#name = name;
    this.#most = most;
  }

  /** Libraries of one host stay apart. */
  #key(root) {
    return `mcdewey ${this.#name} ${root.pathname}`;
  }

  /** @param {URL} root @returns {string[]} The newest first. */
  of(root) {
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key(root)) ?? "[]");
      return Array.isArray(kept) ? kept.filter((entry) => typeof entry === "string") : [];
    } catch {
      return memory.get(this.#key(root)) ?? [];
    }
  }

  /** @param {URL} root @param {string} entry Goes to the front. */
  add(root, entry) {
    if (entry) this.#write(root, [entry, ...this.of(root).filter((other) => other !== entry)].slice(0, this.#most));
  }

  /** @param {URL} root @param {string} entry */
  remove(root, entry) {
    this.#write(root, this.of(root).filter((other) => other !== entry));
  }

  /** @param {URL} root */
  clear(root) {
    memory.delete(this.#key(root));
    try {
      localStorage.removeItem(this.#key(root));
    } catch {
      // There was nothing.
    }
  }

  #write(root, entries) {
    try {
      localStorage.setItem(this.#key(root), JSON.stringify(entries));
    } catch {
      memory.set(this.#key(root), entries);
    }
  }
}

/** Queries that led somewhere. */
export const recents = new LocalList("recent", 8);
/** Searches, as the part of their address after the `?`. */
export const pins = new LocalList("pinned", 24);
