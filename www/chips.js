/**
 * The row of chips above the results: what the answer holds, with counts, each a press away from being all that is shown; what
 * it was narrowed to, each a press away from being dropped; and, on the search page, the pin.
 *
 *   [Acme manuals 9] [Pumps …] | [mcdewey 120] [bookshelf 52] | [heading 4] [code 2] | ☆ Pin this search
 *
 * Libraries, products and versions are asked for anew, and their counts are of all that matches the words, as the engine has
 * counted it. How a hit was found is a choice among those that are here, and counts these; its chip says so. The row has one
 * line and its room from the start, so that it never moves what stands below it.
 */

import { element } from "./dom.js";
import { counted, known, say } from "./text.js";

/** @typedef {{product: string, version: string}} Scope */

/** More products or versions are chosen above the row, where they stand in their order. */
const MOST_PLACES = 12;

export class Chips {
  /** How a hit must have been found to be shown; empty for any way. */
  #kind = "";
  #acts;
  /** The row. */
  element = element("div.chips", { role: "group", "aria-label": say("narrow") });

  /** @param {{narrow: (scope: Scope) => void, enter: (library: string) => void, choose: () => void, pin: () => void}} acts */
  constructor(acts) {
    this.#acts = acts;
  }

  /** Whether a hit is among those that are to be shown. @param {import("./protocol.js").Hit} hit */
  takes(hit) {
    return this.#kind === "" || hit.matched_by.includes(this.#kind);
  }

  /** A new question begins with all hits. */
  reset() {
    this.#kind = "";
  }

  /**
   * @param {import("./protocol.js").Answer} answer
   * @param {Scope} scope What was asked for.
   * @param {string} library Root of the only library that was asked, or empty.
   * @param {boolean|undefined} pinned Undefined where nothing is pinned.
   */
  show({ hits, places, libraries }, scope, library, pinned) {
    const held = this.element.contains(document.activeElement) ? document.activeElement.dataset.chip : undefined;
    const chips = [...this.#libraries(libraries, library), ...this.#places(hits, places, scope), ...this.#kinds(hits)];
    if (pinned !== undefined) chips.push(this.#pin(pinned));
    // The focus goes from chip to chip, and never out of the box, which would close it.
    const past = [...this.element.children];
    this.element.append(...chips);
    const again = chips.find((chip) => chip.dataset.chip === held);
    if (held !== undefined) (again ?? chips.at(-1))?.focus({ preventScroll: true });
    past.forEach((chip) => chip.remove());
  }

  clear() {
    this.element.replaceChildren();
  }

  /** Each library with what it has, or with what became of it. */
  #libraries(libraries = [], chosen) {
    return libraries.map(({ name, root, state, matched }) => {
      const n = { waiting: "…", failed: "–" }[state] ?? matched;
      const pressed = root === chosen;
      return this.#chip(name, pressed ? undefined : n, pressed, () => this.#acts.enter(pressed ? "" : root), { key: root });
    });
  }

  #places(hits, places = [], { product, version }) {
    const chips = [];
    const { narrow } = this.#acts;
    if (product) {
      chips.push(this.#chip(product, undefined, true, () => narrow({ product: "", version: "" })));
    } else {
      for (const [name, n] of most(counts(hits.map((hit) => hit.product), places))) {
        chips.push(this.#chip(name, n, false, () => narrow({ product: name, version: "" })));
      }
    }
    if (version) {
      const name = version === "all" ? say("all_versions") : version;
      chips.push(this.#chip(name, undefined, true, () => narrow({ product, version: "" })));
    }
    if (product && (!version || version === "all")) {
      for (const [name, n] of most(counts(hits.map((hit) => hit.version), places))) {
        chips.push(this.#chip(name, n, false, () => narrow({ product, version: name })));
      }
    }
    return chips;
  }

  #kinds(hits) {
    const all = counts(hits.flatMap((hit) => hit.matched_by));
    if (this.#kind && !all.some(([kind]) => kind === this.#kind)) all.push([this.#kind, 0]);
    // What all were found by leaves nothing out.
    const telling = all.filter(([kind, n]) => n < hits.length || kind === this.#kind);
    return telling.map(([kind, n]) => {
      const name = known(`reason_${kind}`) ? say(`reason_${kind}`) : kind;
      const pressed = kind === this.#kind;
      return this.#chip(name, n, pressed, () => {
        this.#kind = pressed ? "" : kind;
        this.#acts.choose();
      }, { key: kind, title: say("chip_kind", { n, all: hits.length, name }) });
    });
  }

  #chip(name, n, pressed, act, { key = name, title } = {}) {
    const chip = element("button.chip", { type: "button", "aria-pressed": String(pressed), "data-chip": key }, name);
    if (n !== undefined) chip.append(" ", element("span.n", {}, typeof n === "number" ? counted(n) : n));
    if (title) chip.title = title;
    if (pressed) {
      chip.append(element("span", { "aria-hidden": "true" }, " ✕"));
      chip.title = say("chip_remove", { name });
    }
    chip.addEventListener("click", act);
    return chip;
  }

  #pin(pinned) {
    const text = [element("span", { "aria-hidden": "true" }, pinned ? "★" : "☆"), element("span.words", {}, ` ${say("pin")}`)];
    const chip = element("button.chip.pin", { type: "button", "aria-pressed": String(pinned), "data-chip": "pin" }, ...text);
    chip.addEventListener("click", this.#acts.pin);
    return chip;
  }
}

/**
 * How much there is of each name, the most first; nothing where all are alike. A hit that was found by its meaning alone is here
 * and matches no word, so there is never less than what is here.
 *
 * @param {string[]} here Names of the hits.
 * @param {{name: string, matched: number}[]} places
 */
function counts(here, places = []) {
  const all = new Map();
  for (const name of here) if (name) all.set(name, (all.get(name) ?? 0) + 1);
  for (const { name, matched } of places) if (name) all.set(name, Math.max(all.get(name) ?? 0, matched));
  return all.size < 2 ? [] : [...all].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}

function most(counted) {
  return counted.slice(0, MOST_PLACES);
}
