/**
 * The page's end of a search session: starts the worker when it is first needed, numbers the asks, and lets only
 * answers to the newest one through.
 */

import { Kind, State } from "./protocol.js";
import { known, say } from "./text.js";

/** Connections on which a download of megabytes is not started unasked. */
const SLOW = new Set(["slow-2g", "2g", "3g"]);

/**
 * Events: `state` (detail: `{state, loaded?, total?}`), `answer` (`{answer, more}`), `library` (`{library}`),
 * `failed` (`{failure}`).
 */
export class Session extends EventTarget {
  #root;
  #others;
  #worker;
  #seq = 0;
  #called = 0;
  /** Calls of agents that wait for their answer. @type {Map<number, {resolve: Function, reject: Function}>} */
  #calls = new Map();
  /** @type {import("./protocol.js").Library|undefined} */
  library;
  state = State.BOOTING;

  /** @param {URL} root The site's root. @param {string[]} others Roots of further libraries, each ending in `/`. */
  constructor(root, others = []) {
    super();
    this.#root = root;
    this.#others = others;
  }

  /** Starts the worker, once; called by the first sign of interest. */
  open() {
    if (this.#worker) return;
    this.#worker = new Worker(new URL("worker.js", import.meta.url), { type: "module", name: "mcdewey-search" });
    this.#worker.addEventListener("message", ({ data }) => this.#receive(data));
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      const message = event.message || say("worker_failed");
      this.#receive({ kind: Kind.STATE, state: State.FAILED });
      const failure = { code: "worker", message };
      this.#receive({ kind: Kind.FAILED, failure });
      for (const id of [...this.#calls.keys()]) this.#receive({ kind: Kind.CALLED, id, failure });
    });
    this.#worker.postMessage({ kind: Kind.OPEN, root: this.#root.href, others: this.#others });
    this.#worker.postMessage({ kind: Kind.LIBRARY });
  }

  /** @param {import("./protocol.js").Request} request */
  ask(request) {
    this.open();
    this.#seq += 1;
    this.#worker.postMessage({ kind: Kind.ASK, seq: this.#seq, request });
  }

  /** Forgets the newest ask: nothing that is still on its way will be shown. */
  forget() {
    this.#seq += 1;
  }

  /** Fetches the encoder, so that answers know meaning too. */
  upgrade() {
    this.open();
    this.#worker.postMessage({ kind: Kind.UPGRADE });
  }

  /**
   * Calls one of the tools for agents.
   *
   * @param {string} name
   * @param {object} args
   * @returns {Promise<object>} The tool's result, as the protocol has it.
   */
  call(name, args) {
    this.open();
    return new Promise((resolve, reject) => {
      this.#called += 1;
      const id = this.#called;
      this.#calls.set(id, { resolve, reject });
      this.#worker.postMessage({ kind: Kind.CALL, id, name, args });
    });
  }

  /** The addresses that the worker has fetched, for a service worker that came later. @returns {Promise<string[]>} */
  async seen() {
    if (!this.#worker) return [];
    return new Promise((resolve) => {
      this.addEventListener(Kind.SEEN, ({ detail }) => resolve(detail.addresses), { once: true });
      this.#worker.postMessage({ kind: Kind.SEEN });
    });
  }

  #settle({ id, result, failure }) {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (failure) call.reject(new Error(`${failure.message}. ${failure.hint}`));
    else call.resolve(result);
  }

  /** Whether the encoder may be fetched without being asked for: a fast connection that nobody saves on. */
  static mayUpgradeUnasked() {
    const connection = navigator.connection;
    if (!connection) return true;
    return !connection.saveData && connection.type !== "cellular" && !SLOW.has(connection.effectiveType);
  }

  #receive({ kind, seq, ...detail }) {
    if (detail.failure) detail.failure.hint = hintFor(detail.failure);
    if (kind === Kind.CALLED) return this.#settle(detail);
    if (seq !== undefined && seq !== this.#seq) return;
    if (kind === Kind.STATE) this.state = detail.state;
    if (kind === Kind.LIBRARY) this.library = detail.library;
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}

/** What a person can do about a failure. @param {import("./protocol.js").Failure} failure */
function hintFor({ code, hint }) {
  return hint ?? (known(`hint_${code}`) ? say(`hint_${code}`) : say("hint_search"));
}
