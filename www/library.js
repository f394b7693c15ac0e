/**
 * One of the libraries that a session asks, as its worker holds it: an engine, the address that it reads from, and when that
 * was last in vain. The first is the page's own; others may be anywhere that lets itself be read (CORS). All are
 * read by the page's own modules, so another library brings data and no code.
 *
 * @typedef {import("./protocol.js").Answer} Answer
 * @typedef {import("./protocol.js").Failure} Failure
 * @typedef {{name: string, scopes: object[], encoder: {path: string, bytes: number, fingerprint: string}|null}} Described
 */

import { failureFrom } from "./protocol.js";

/** How long a library that was read anew is taken for the newest, in ms: without a network each try is in vain. */
const ANEW_MS = 60_000;
/** How long a library of others that did not answer is left alone, in ms: a key is no reason to try again. */
const AWAY_MS = 30_000;

export class Library {
  #Search;
  #search;
  #readAnew = -Infinity;
  /** @type {{failure: Failure, since: number}|undefined} */
  #away;
  /** What it says of itself, once it was read. @type {Described|undefined} */
  described;

  /** @param {string} root Its address, ending in `/`. @param {typeof import("./mcdewey-www-search.js").Search} Search */
  constructor(root, Search) {
    this.root = root;
    this.#Search = Search;
    this.#search = new Search(root);
  }

  /** Its own name, else its address. */
  get name() {
    return this.described?.name || this.root.replace(/^https?:\/\/|\/$/g, "");
  }

  /** @returns {Promise<Described>} */
  async describe() {
    this.described ??= await this.#search.library();
    return this.described;
  }

  /**
   * @param {object} request
   * @returns {Promise<Answer|undefined>} None if a newer question was asked meanwhile.
   */
  async answer(request) {
    const { answer } = await this.#search.answer(request);
    return answer;
  }

  /**
   * Parts that do not arrive may belong to a build that the host has replaced: the library is read anew, and that is what
   * is searched from now on if it answers as a whole.
   *
   * @returns {Promise<Answer|undefined>} None if it is as it was.
   */
  async anew(request) {
    if (Date.now() - this.#readAnew < ANEW_MS) return undefined;
    this.#readAnew = Date.now();
    const search = new this.#Search(this.root);
    const { answer } = await search.answer(request).catch(() => ({}));
    if (!answer || answer.missing.length) return undefined;
    this.#search = search;
    this.described = undefined;
    return answer;
  }

  /** Why it did not answer a moment ago. @returns {Failure|undefined} */
  get away() {
    return this.#away && Date.now() - this.#away.since < AWAY_MS ? this.#away.failure : undefined;
  }

  /** @param {unknown} thrown @returns {Failure} */
  failed(thrown) {
    const failure = failureFrom(thrown, "search");
    this.#away = { failure, since: Date.now() };
    return failure;
  }
}
