/**
 * `<mcdewey-search-button>`: a button that opens the search in a dialog, for pages that have no room for a box.
 *
 *   <mcdewey-search-button shortcut="/ mod+k">Search the manual</mcdewey-search-button>
 *
 * Attributes: `shortcut`, keys parted by blanks, of which `mod` is Ctrl, or ⌘ (none if it is empty or absent); `root`,
 * `product`, `version`, `meaning` and `libraries` as the box takes them. What stands inside is the button's text.
 */

import { dialogAround, openDialog } from "./dialog.js";
import { element } from "./dom.js";
import { say } from "./text.js";

const PASSED_ON = ["root", "product", "version", "meaning", "libraries"];

export class SearchButton extends HTMLElement {
  #dialog;
  #stop;

  connectedCallback() {
    if (!this.querySelector("button")) {
      const text = this.textContent.trim() || say("search");
      const button = element("button", { type: "button", "aria-haspopup": "dialog" }, text);
      button.addEventListener("click", () => this.open());
      this.replaceChildren(button);
    }
    const keys = (this.getAttribute("shortcut") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    this.#stop = new AbortController();
    if (keys.length) addEventListener("keydown", (event) => this.#press(event, keys), { signal: this.#stop.signal });
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  /** Opens the dialog. */
  open() {
    this.#dialog ??= this.#make();
    openDialog(this.#dialog);
  }

  #make() {
    const given = PASSED_ON.map((name) => [name, this.getAttribute(name) ?? undefined]);
    const box = element("mcdewey-search", { ...Object.fromEntries(given), sheet: true });
    return dialogAround(box, this.textContent.trim());
  }

  #press(event, keys) {
    const mod = event.ctrlKey || event.metaKey;
    const pressed = `${mod ? "mod+" : ""}${event.key.toLowerCase()}`;
    const { target } = event;
    const editing = target instanceof HTMLElement && (target.isContentEditable || target.closest("input, textarea, select"));
    if (event.altKey || !keys.includes(pressed) || (editing && !mod)) return;
    event.preventDefault();
    this.open();
  }
}

customElements.define("mcdewey-search-button", SearchButton);
