/**
 * `<mcdewey-search>`: turns the search form inside it into a combobox with a listbox of results (the ARIA practices'
 * pattern: focus stays in the input, `aria-activedescendant` names the chosen option).
 *
 * Attributes: `root`, the way to the site's root; `product` and `version`, where to look first; `standing`, if the
 * results are the page's content rather than a panel that opens and closes; `sheet`, if they stand in a dialog that is
 * all search; `meaning="ask"`, if the encoder is only to be fetched when the visitor asks for it; `libraries`, addresses
 * parted by blanks of further libraries, whose hits stand in the same list.
 *
 * Events, all of which bubble: `mcdewey-answer` (detail: the answer, as `protocol.js` tells it), `mcdewey-open` (detail:
 * `{url, query}`; can be cancelled, and then the result is not opened), `mcdewey-failed` (detail: the failure).
 *
 * Without a form inside it stands on somebody else's page: it makes the form itself, and as that site has no search page
 * of ours, Enter opens the first result and further results are added to the panel.
 */

import { Announcer } from "./announcer.js";
import { readAddress, searchAddress } from "./address.js";
import { element } from "./dom.js";
import { State } from "./protocol.js";
import { Deck, cardsFrom, mergeBelow } from "./results.js";
import { beforeAsking, pinOf } from "./before-asking.js";
import { Chips } from "./chips.js";
import { pins, recents } from "./local-list.js";
import { Session } from "./session.js";
import { say } from "./text.js";
import { totalOf } from "./status-line.js";
import "./scope.js";

const PANEL_HITS = 12;
const PAGE_HITS = 30;
/** The address follows a query that rests this long, in ms; browsers refuse changes that come too often. */
const ADDRESS_MS = 500;
/** "Searching" is said only when an answer is late by this much, in ms: sooner it would flicker. */
const LATE_MS = 400;

let boxes = 0;

export class SearchBox extends HTMLElement {
  #prefix = `mcdewey-${(boxes += 1)}`;
  #standing = false;
  #sheet = false;
  /** On a site without our search page. */
  #pageless = false;
  /** Whether other libraries are asked, too. */
  #several = false;
  #limit = PANEL_HITS;
  #input;
  #panel = element("div.panel", { hidden: true });
  #scope = element("mcdewey-scope");
  #status = element("mcdewey-status");
  #list = element("div.results", { role: "listbox", "aria-label": say("results") });
  #after = element("div.after");
  #chips = new Chips({
    narrow: (scope) => {
      this.#scope.set(scope);
      this.#ask();
    },
    enter: (library) => {
      this.#library = library;
      this.#ask();
    },
    choose: () => this.#present(this.#answer, false),
    pin: () => this.#pin(),
  });
  /** The answer that is shown. @type {import("./protocol.js").Answer|undefined} */
  #answer;
  /** @type {import("./results.js").Card[]} */
  #cards = [];
  #deck;
  /** Root of the only library that is asked; empty for all. */
  #library = "";
  #active;
  #asked = "";
  #shown = "";
  #late = 0;
  #settle = 0;
  #announcer;
  #session;
  #upgradeWanted = true;
  #upgradeAsked = false;

  connectedCallback() {
    if (this.#input) return;
    this.#standing = this.hasAttribute("standing");
    this.#sheet = this.hasAttribute("sheet");
    this.#limit = this.#standing ? PAGE_HITS : PANEL_HITS;
    this.#upgradeWanted = this.getAttribute("meaning") !== "ask";
    this.#pageless = !this.querySelector("form");
    if (this.#pageless) this.append(ownForm());
    const root = new URL(this.getAttribute("root") ?? "../../", this.hasAttribute("root") ? location : import.meta.url);
    const others = othersOf(this.getAttribute("libraries"), root);
    this.#several = others.length > 0;
    this.#session ??= new Session(root, others);
    this.root = root;
    this.#deck = new Deck(root, this.#prefix, this.#standing);
    this.#build();
    this.#listen();
    if (this.#standing) this.#readAddress();
    else if (this.#sheet) this.#showNothingAsked();
    // What was typed before this code was here is asked now.
    if (this.contains(document.activeElement)) this.#session.open();
    if (this.#query && !this.#standing) this.#ask();
  }

  #build() {
    this.#input = this.querySelector("input[type=search]");
    this.#list.id = `${this.#prefix}-results`;
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-controls": this.#list.id,
    })) {
      this.#input.setAttribute(name, value);
    }
    const scope = this.#standing ? readAddress() : {};
    this.#scope.setAttribute("product", scope.product || this.getAttribute("product") || "");
    this.#scope.setAttribute("version", scope.version || this.getAttribute("version") || "");
    this.#panel.append(this.#scope, this.#status, this.#chips.element, this.#list, this.#after);
    this.#chips.element.hidden = !this.#standing && !this.#several;
    this.append(this.#panel);
    this.#announcer = new Announcer(this);
    if (this.#standing || this.#sheet) this.#panel.hidden = false;
  }

  #listen() {
    this.#input.addEventListener("focus", () => this.#session.open());
    this.#input.addEventListener("input", () => this.#ask());
    this.#input.addEventListener("click", () => this.#open());
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("submit", (event) => this.#submit(event));
    this.#scope.addEventListener("change", () => this.#ask());
    this.#status.addEventListener("upgrade", () => {
      // The button goes away with its offer; the focus must not go with it, nor the choice.
      this.#input.focus({ preventScroll: true });
      this.#upgradeAsked = true;
      this.#session.upgrade();
    });
    this.#list.addEventListener("focusin", (event) => this.#choose(event.target.closest("[role=option]"), false));
    this.#list.addEventListener("click", (event) => this.#leave(event));
    this.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.contains(relatedTarget)) this.#close();
    });
    this.#session.addEventListener("answer", ({ detail }) => this.#show(detail.answer));
    this.#session.addEventListener("library", ({ detail }) => {
      this.#scope.offer(detail.library);
      this.#status.offer(detail.library.encoder?.bytes);
    });
    this.#session.addEventListener("state", ({ detail }) => this.#status.showState(detail));
    this.#session.addEventListener("failed", ({ detail }) => this.#showFailure(detail.failure));
    if (this.#standing) addEventListener("popstate", () => this.#readAddress());
  }

  /** The box's session, which the page's tools for agents share; one that there is already is given before the start. */
  get session() {
    return this.#session;
  }

  set session(session) {
    this.#session ??= session;
  }

  get #query() {
    return this.#input.value.trim();
  }

  get #options() {
    return [...this.#list.querySelectorAll("[role=option]")];
  }

  #readAddress() {
    const { query, product, version } = readAddress();
    this.#input.value = query;
    this.#scope.set({ product, version });
    this.#ask();
  }

  #ask() {
    clearTimeout(this.#late);
    const query = this.#query;
    const { product, version } = this.#scope.value;
    this.#asked = JSON.stringify([query, product, version, this.#library, this.#limit]);
    if (this.#standing) this.#followAddress();
    if (query !== this.#answer?.query) this.#chips.reset();
    if (!query) return this.#showNothingAsked();
    this.#choose(undefined);
    this.#late = setTimeout(() => this.#status.showWords(say("searching")), LATE_MS);
    this.#session.ask({
      query,
      limit: this.#limit,
      ...(product && { product }),
      ...(version && { version }),
      ...(this.#library && { library: this.#library }),
    });
    return this.#open();
  }

  #followAddress() {
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => {
      const address = searchAddress(this.root, { query: this.#query, ...this.#scope.value });
      if (address.href !== location.href) history.replaceState(null, "", address);
    }, ADDRESS_MS);
  }

  #showNothingAsked() {
    this.#session.forget();
    this.#library = "";
    this.#shown = "";
    this.#announcer.hush();
    this.#render([]);
    this.#status.showWords("");
    this.#status.showNotice();
    this.#after.replaceChildren();
    this.#chips.clear();
    if (!this.#standing && !this.#sheet) return this.#close();
    const changed = () => {
      this.#showNothingAsked();
      this.#input.focus();
    };
    this.#after.append(...beforeAsking(this.root, { ask: (search) => this.#askFor(search), changed }));
    return undefined;
  }

  #askFor({ query, product, version }) {
    if (product || version) this.#scope.set({ product, version });
    this.#input.value = query;
    this.#input.focus();
    this.#ask();
  }

  /** A result is opened, unless the page that we stand on wants it otherwise. */
  #leave(event) {
    const link = event.target.closest("[role=option]");
    if (!link) return;
    recents.add(this.root, this.#query);
    const told = { bubbles: true, cancelable: true, detail: { url: link.href, query: this.#query } };
    if (!this.dispatchEvent(new CustomEvent("mcdewey-open", told))) event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    this.#close();
    this.closest("dialog")?.close();
  }

  /** @param {import("./protocol.js").Answer} answer */
  #show(answer) {
    clearTimeout(this.#late);
    const again = this.#shown === this.#asked;
    this.#shown = this.#asked;
    this.#answer = answer;
    this.#present(answer, again);
    this.dispatchEvent(new CustomEvent("mcdewey-answer", { bubbles: true, detail: answer }));
    if (this.#upgradeWanted && Session.mayUpgradeUnasked()) {
      this.#upgradeWanted = false;
      (globalThis.requestIdleCallback ?? setTimeout)(() => this.#session.upgrade());
    }
  }

  /** Shows an answer, or of it what the chips let through. `again`: the question is the one that is shown. */
  #present(answer, again) {
    const held = again ? (this.#active ?? this.#list.querySelector("[role=option]:hover"))?.dataset.key : undefined;
    const hits = answer.hits.filter((hit) => this.#chips.takes(hit));
    this.#render(again ? mergeBelow(this.#cards, hits, held) : cardsFrom(hits));
    const unsaid = this.#status.showAnswer({ ...answer, hits }, held !== undefined);
    this.#after.replaceChildren(...(unsaid.length ? [element("p.notice", {}, ...unsaid)] : []), ...this.#afterwords(answer));
    this.#showChips(answer);
    this.#announcer.say(hits.length ? totalOf({ ...answer, hits }) : say("no_results", { query: answer.query }));
  }

  /** The search as it is pinned. */
  get #search() {
    return pinOf({ query: this.#query, ...this.#scope.value });
  }

  #pin() {
    const search = this.#search;
    if (pins.of(this.root).includes(search)) pins.remove(this.root, search);
    else pins.add(this.root, search);
    this.#showChips(this.#answer);
  }

  #showChips(answer) {
    if (this.#chips.element.hidden) return;
    // A search is pinned where its address can be opened.
    const pinned = this.#standing ? pins.of(this.root).includes(this.#search) : undefined;
    this.#chips.show(answer, this.#scope.value, this.#library, pinned);
  }

  /** Keeps the chosen option chosen, if it is still there. */
  #render(cards) {
    const chosen = this.#active?.dataset.key;
    const inside = this.#list.contains(document.activeElement);
    this.#cards = cards;
    this.#choose(undefined);
    this.#deck.lay(this.#list, cards);
    const again = chosen && this.#options.find((option) => option.dataset.key === chosen);
    this.#choose(again || undefined, false);
    if (inside) (again || this.#input).focus({ preventScroll: true });
    this.#list.hidden = cards.length === 0;
    this.#expand();
  }

  #afterwords({ query, hits }) {
    if (hits.length === 0) {
      const { product, version } = this.#scope.value;
      const place = this.#scope.words;
      const nothing = this.#scope.narrow ? say("nothing_in", { query, place }) : say("nothing", { query });
      const words = [element("p.empty", {}, nothing)];
      if (!this.#scope.everyVersion) words.push(this.#button(say("all_versions_button"), () => this.#widen({ product, version: "all" })));
      if (product) words.push(this.#button(say("every_product_button"), () => this.#widen({ product: "", version: "" })));
      words.push(element("p.empty", {}, say("spelling")));
      return words;
    }
    if (hits.length < this.#limit) return [];
    if (!this.#standing && !this.#pageless) {
      const address = searchAddress(this.root, { query, ...this.#scope.value });
      return [element("a.all", { href: address.href }, say("all_results"))];
    }
    return [this.#button(say("more_results"), () => this.#more())];
  }

  #button(text, act, look = "more") {
    const button = element(`button.${look}`, { type: "button" }, text);
    button.addEventListener("click", act);
    return button;
  }

  #widen(scope) {
    this.#scope.set(scope);
    this.#input.focus();
    this.#ask();
  }

  #more() {
    this.#limit += PAGE_HITS;
    this.#ask();
  }

  /** @param {import("./protocol.js").Failure} failure */
  #showFailure({ code, message, hint }) {
    clearTimeout(this.#late);
    // Nobody asked for it, and answers go on as they are; the offer is there again.
    if (code === "encoder" && !this.#upgradeAsked) return;
    const browse = element("a", { href: new URL("#shelves", this.root).href }, say("browse"));
    const links = this.#session.state === State.FAILED && !this.#pageless ? [" ", browse] : [];
    this.#status.showWords("");
    this.#status.showNotice(say("failed", { message, hint }), ...links);
    this.#announcer.say(say("failed_spoken", { hint }));
    this.dispatchEvent(new CustomEvent("mcdewey-failed", { bubbles: true, detail: { code, message, hint } }));
  }

  #open() {
    if (this.#query) this.#panel.hidden = false;
    this.#expand();
  }

  #close() {
    if (!this.#standing && !this.#sheet) this.#panel.hidden = true;
    this.#choose(undefined);
    this.#expand();
  }

  #expand() {
    this.#input.setAttribute("aria-expanded", String(!this.#panel.hidden && this.#cards.length > 0));
  }

  #choose(option, scroll = true) {
    this.#active?.setAttribute("aria-selected", "false");
    this.#active = option ?? undefined;
    this.#active?.setAttribute("aria-selected", "true");
    if (this.#active) {
      this.#input.setAttribute("aria-activedescendant", this.#active.id);
      if (scroll) this.#active.scrollIntoView({ block: "nearest" });
    } else {
      this.#input.removeAttribute("aria-activedescendant");
    }
  }

  #key(event) {
    if (event.isComposing || event.altKey) return undefined;
    if ([this.#scope, this.#chips.element].some((part) => part.contains(event.target))) return undefined;
    const options = this.#panel.hidden ? [] : this.#options;
    const at = options.indexOf(this.#active);
    const moves = {
      ArrowDown: () => options[(at + 1) % options.length],
      ArrowUp: () => options.at(at <= 0 ? -1 : at - 1),
      Home: () => (at < 0 ? undefined : options[0]),
      End: () => (at < 0 ? undefined : options.at(-1)),
    };
    const move = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined;
    if (move && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
      if (!options.length) return void (event.key.startsWith("Arrow") && this.#open());
      const next = move();
      if (!next) return undefined;
      event.preventDefault();
      this.#input.focus({ preventScroll: true });
      this.#choose(next);
    } else if (event.key === "Enter" && this.#active) {
      event.preventDefault();
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return this.#active.click();
      recents.add(this.root, this.#query);
      open(this.#active.href, "_blank", "noopener");
    } else if (event.key === "Escape") {
      this.#escape(event);
    }
    return undefined;
  }

  /** One step back at a time: the choice, then the dialog, or the panel and the text. */
  #escape(event) {
    event.preventDefault();
    if (this.#active) return this.#choose(undefined);
    if (this.#sheet) return this.closest("dialog")?.close();
    if (!this.#standing && !this.#panel.hidden) return this.#close();
    this.#input.value = "";
    return this.#ask();
  }

  /** Enter without a choice: the search page, or a step of its history. */
  #submit(event) {
    event.preventDefault();
    if (this.#pageless) return this.#options[0]?.click();
    recents.add(this.root, this.#query);
    const address = searchAddress(this.root, { query: this.#query, ...this.#scope.value });
    if (!this.#standing) return location.assign(address);
    clearTimeout(this.#settle);
    if (address.href !== location.href) history.pushState(null, "", address);
    return undefined;
  }

  /** Puts the caret into the box, as the keyboard shortcuts do. */
  focus() {
    this.#input.focus();
    this.#input.select();
  }
}

/** The roots of further libraries, as the page names them, without the box's own. */
function othersOf(addresses, own) {
  // An empty address would be that of the host's own root.
  const named = (addresses?.match(/\S+/g) ?? []).filter((address) => URL.canParse(address, document.baseURI));
  const roots = named.map((address) => new URL(address.replace(/\/*$/, "/"), document.baseURI).href);
  return [...new Set(roots)].filter((root) => root !== own.href);
}

/** The form of a box that came without one. */
function ownForm() {
  const input = element("input", {
    type: "search",
    "aria-label": say("search"),
    placeholder: say("search"),
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
  });
  return element("form", { role: "search" }, input);
}

customElements.define("mcdewey-search", SearchBox);
