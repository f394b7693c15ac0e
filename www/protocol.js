/**
 * What a page and its search worker say to each other, and the states of a session: told once, here.
 *
 *   page ── open, ask, library, upgrade, call, seen ──► worker ── fetch ──► index.json, index/*.mcd
 *   page ◄── state, answer, library, called, seen, failed ── worker
 *
 * Every `ask` carries a sequence number and its answers carry it back. An ask may be answered twice: at once from
 * words, and again by meaning too when the visitor has paused; where several libraries are asked, whenever one of
 * them answers. An answer to an older ask is
 * never posted after a newer ask was read, and the page ignores one that was already on its way.
 *
 * A `call` is an agent's: of one of the tools that `/mcp` has, too. Each is answered, with a `called` of its number.
 *
 * @typedef {object} Request What is asked; the field names are the engine's.
 * @property {string} query
 * @property {Float32Array} [vector] Added by the worker, from the encoder.
 * @property {number} [limit]
 * @property {string} [product] `product` or `vendor/product`.
 * @property {string} [version] A version, `all`, or absent for the newest.
 * @property {string} [library] Of several libraries only the one of this root.
 *
 * @typedef {object} Hit One ranked chunk.
 * @property {string} chunk_id
 * @property {string} url Below the site's root; the whole address where several libraries are asked.
 * @property {string} title
 * @property {string[]} breadcrumb Vendor, product, version, document, headings.
 * @property {string} document
 * @property {string} product
 * @property {string} version
 * @property {number|null} page
 * @property {string|null} page_label
 * @property {string} snippet
 * @property {[number, number][]} marks Half-open ranges of `snippet`, in Unicode scalar values.
 * @property {string[]} matched_by
 * @property {{version: string, chunk_id: string, url: string, page?: number}[]} [also_in] Where the same text stands.
 * @property {string[]} [nearly_in] Versions that say nearly the same.
 * @property {number} worth What hits of several libraries are sorted by.
 * @property {{name: string, root: string}} [library] Whose it is, where several are asked.
 *
 * @typedef {object} Answer
 * @property {string} query
 * @property {"keyword"|"terms"|"transformer"} rung What ranked it.
 * @property {number} matched How many chunks have a word of the query.
 * @property {{name: string, matched: number}[]} [places] How many of them each product has, or each version of the one asked for.
 * @property {Hit[]} hits
 * @property {string[]} [notices] What to know about the answer.
 * @property {{file: string, reason: string}[]} missing Parts of the index that did not arrive.
 * @property {Asked[]} [libraries] Where several are asked, what became of each; it may answer, or fail, later than this.
 *
 * @typedef {object} Asked
 * @property {string} name
 * @property {string} root
 * @property {"waiting"|"answered"|"failed"} state
 * @property {number} matched
 * @property {Failure} [failure]
 *
 * @typedef {object} Library What there is to choose from.
 * @property {string} name Of the page's own library, or empty.
 * @property {Scope[]} scopes In library order; of several libraries, one after the other.
 * @property {{path: string, bytes: number, fingerprint: string}|null} encoder
 *
 * @typedef {object} Scope A version of a product.
 * @property {string} vendor Or empty.
 * @property {string} product
 * @property {string} version Or empty.
 * @property {boolean} newest
 *
 * @typedef {object} Failure What went wrong, and what a person can do about it.
 * @property {string} code
 * @property {string} message
 * @property {string} [hint] Where whoever failed brings none, the page has one for the code.
 */

/**
 * The states of a session.
 *
 *   booting ──► ready ──► upgrading ──► upgraded
 *      │          ▲            │
 *      ▼          └────────────┘ the encoder did not arrive; searching goes on without
 *    failed
 *
 * @enum {string}
 */
export const State = Object.freeze({
  /** The search module is on its way; asks are kept and answered when it is here. */
  BOOTING: "booting",
  /** Answers come from words at once, then from the meaning of each word too. */
  READY: "ready",
  /** The same; the encoder is on its way. */
  UPGRADING: "upgrading",
  /** Answers come from words at once, then from the meaning of the whole query too. */
  UPGRADED: "upgraded",
  /** Searching cannot run here; the pages can still be read. */
  FAILED: "failed",
});

/**
 * The kinds of message. To the worker: `OPEN {root, others}` first and once (`others`: roots of
 * further libraries), `ASK {seq, request}`, `LIBRARY`, `UPGRADE`,
 * `CALL {id, name, args}`, `SEEN`. To the page: `STATE {state, loaded?, total?}`, `ANSWER {seq, answer, more}` (`more`: a better
 * one will follow), `LIBRARY {library}`, `CALLED {id, result}` or `CALLED {id, failure}`,
 * `SEEN {addresses}` (what was fetched so far), `FAILED {seq?, failure}`.
 *
 * @enum {string}
 */
export const Kind = Object.freeze({
  OPEN: "open",
  ASK: "ask",
  LIBRARY: "library",
  UPGRADE: "upgrade",
  CALL: "call",
  CALLED: "called",
  SEEN: "seen",
  STATE: "state",
  ANSWER: "answer",
  FAILED: "failed",
});

/**
 * Whatever was thrown, as a failure.
 *
 * @param {unknown} thrown
 * @param {string} code Used if it brings none.
 * @returns {Failure}
 */
export function failureFrom(thrown, code) {
  const given = /** @type {Partial<Failure>} */ (thrown ?? {});
  return {
    code: typeof given.code === "string" ? given.code : code,
    message: String(given.message ?? thrown),
    hint: given.hint,
  };
}
