/**
 * The row of chips above the results of the search page: what the answer holds, with counts, each a press away from being
 * all that is shown; what it was narrowed to, each a press away from being dropped; and the pin.
 *
 *   [mcdewey 12] [bookshelf 5] | [heading 4] [code 2] | ☆ Pin this search
 *
 * Product and version are asked for anew, as the whole library may hold more; how a hit was found is a choice among those
 * that are here. The row has one line and its room from the start, so that it never moves what stands below it.
 */

import { element } from "./dom.js";
import { known, say } from "./text.js";

/** @typedef {{product: string, version: string}} Scope */

export class Chips {
  /** How a hit must have been found to be shown; empty for any way. */
  #kind = "";
  #acts;
  /** The row. */
  element = element("div.chips", { role: "group", "aria-label": say("narrow") });

  /** @param {{narrow: (scope: Scope) => void, choose: () => void, pin: () => void}} acts */
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
   * @param {import("./protocol.js").Hit[]} hits All of the answer's.
   * @param {Scope} scope What was asked for.
   * @param {boolean} pinned
   */
  show(hits, scope, pinned) {
    const held = this.element.contains(document.activeElement) ? document.activeElement.dataset.chip : undefined;
    this.element.replaceChildren(...this.#places(hits, scope), ...this.#kinds(hits), this.#pin(pinned));
    const again = [...this.element.children].find((chip) => chip.dataset.chip === held);
    if (held !== undefined) (again ?? this.element.lastElementChild).focus({ preventScroll: true });
  }

  clear() {
    this.element.replaceChildren();
  }

  #places(hits, { product, version }) {
    const chips = [];
    const { narrow } = this.#acts;
    if (product) {
      chips.push(this.#chip(product, undefined, true, () => narrow({ product: "", version: "" })));
    } else {
      for (const [name, n] of counts(hits.map((hit) => hit.product))) {
        chips.push(this.#chip(name, n, false, () => narrow({ product: name, version: "" })));
      }
    }
    if (version) {
      const name = version === "all" ? say("all_versions") : version;
      chips.push(this.#chip(name, undefined, true, () => narrow({ product, version: "" })));
    }
    if (product && (!version || version === "all")) {
      for (const [name, n] of counts(hits.map((hit) => hit.version))) {
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
      }, kind);
    });
  }

  #chip(name, n, pressed, act, key = name) {
    const chip = element("button.chip", { type: "button", "aria-pressed": String(pressed), "data-chip": key }, name);
    if (n !== undefined) chip.append(" ", element("span.n", {}, String(n)));
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

/** How often each name is there, the most frequent first; nothing where all are alike. */
function counts(names) {
  const all = new Map();
  for (const name of names) if (name) all.set(name, (all.get(name) ?? 0) + 1);
  return all.size < 2 ? [] : [...all].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}
