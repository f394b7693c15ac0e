/**
 * Tells a screen reader what changed, politely and only once things have settled: counts that change with every key
 * would talk over the key's own echo.
 */

/** Longer than the pause between two keys, in ms. */
const SETTLE_MS = 700;

export class Announcer {
  #region = document.createElement("p");
  #timer = 0;

  /** @param {Element} parent Where the live region lives. */
  constructor(parent) {
    this.#region.className = "unseen";
    this.#region.setAttribute("role", "status");
    parent.append(this.#region);
  }

  /** @param {string} text */
  say(text) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#region.textContent = text;
    }, SETTLE_MS);
  }

  /** Says nothing more about what is no longer shown. */
  hush() {
    clearTimeout(this.#timer);
    this.#region.textContent = "";
  }
}
