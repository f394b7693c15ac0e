/**
 * Hits as a visitor sees them: one card per document, at most three hits on a card, in rank order. A document's
 * further hits open another card where they rank: a result is never dropped.
 *
 * @typedef {import("./protocol.js").Hit} Hit
 * @typedef {{key: string, hits: Hit[]}} Card
 */

import { element } from "./dom.js";
import { known, listed, say } from "./text.js";

const HITS_PER_CARD = 3;
/** What of a hit does not show. */
const UNSEEN = new Set(["score", "worth"]);

/** @param {Hit[]} hits @returns {Card[]} */
export function cardsFrom(hits) {
  const cards = [];
  const open = new Map();
  for (const hit of hits) {
    const key = hit.url.split("#", 1)[0];
    let card = open.get(key);
    if (!card || card.hits.length === HITS_PER_CARD) {
      card = { key, hits: [] };
      open.set(key, card);
      cards.push(card);
    }
    card.hits.push(hit);
  }
  return cards;
}

/** What a hit is known by: of several libraries two may have chunks of one name. @param {Hit} hit */
export function keyOf(hit) {
  return hit.library ? `${hit.library.root} ${hit.chunk_id}` : hit.chunk_id;
}

/**
 * A better answer to the same query, without moving what the visitor has in hand: the cards down to the one that
 * holds `held` stay as they are, and the new ranking continues below them.
 *
 * @param {Card[]} shown
 * @param {Hit[]} hits
 * @param {string|undefined} held The key of a hit.
 */
export function mergeBelow(shown, hits, held) {
  const at = held === undefined ? -1 : shown.findIndex((card) => card.hits.some((hit) => keyOf(hit) === held));
  const kept = shown.slice(0, at + 1);
  const keptKeys = new Set(kept.flatMap((card) => card.hits.map(keyOf)));
  return [...kept, ...cardsFrom(hits.filter((hit) => !keptKeys.has(keyOf(hit))))];
}

/**
 * Cards as groups of options. Every option is a link too, so that it opens in a new tab or is copied as any link. What stands on
 * the page and looks the same in the next answer stays the element it is.
 */
export class Deck {
  #root;
  #prefix;
  #tabbable;
  #made = 0;
  /** What is drawn, by all that shows of it. @type {Map<string, Element>} */
  #drawn = new Map();

  /**
   * @param {URL} root
   * @param {string} prefix Of the ids.
   * @param {boolean} tabbable Whether Tab stops at each option, where they are the page's content.
   */
  constructor(root, prefix, tabbable) {
    this.#root = root;
    this.#prefix = prefix;
    this.#tabbable = tabbable;
  }

  /** Makes the list hold these cards, and moves none that is in its place. @param {Element} list @param {Card[]} cards */
  lay(list, cards) {
    this.#draw(cards).forEach((card, at) => {
      if (list.children[at] !== card) list.insertBefore(card, list.children[at] ?? null);
    });
    while (list.children.length > cards.length) list.lastElementChild.remove();
  }

  #draw(cards) {
    const faces = cards.map(({ hits }) => JSON.stringify(hits, (name, value) => (UNSEEN.has(name) ? undefined : value)));
    this.#drawn = new Map(cards.map((card, at) => [faces[at], this.#drawn.get(faces[at]) ?? this.#card(card)]));
    return faces.map((face) => this.#drawn.get(face));
  }

  #card({ hits }) {
    const [first] = hits;
    const id = `${this.#prefix}-card-${(this.#made += 1)}`;
    const head = element(
      "div.card-head",
      { id },
      element("span.trail", {}, ...trail(placeOf(first))),
      element("span.document", {}, first.document),
    );
    const options = hits.map((hit, n) => option(hit, this.#root, `${id}-${n}`, this.#tabbable));
    return element("div.card", { role: "group", "aria-labelledby": id }, head, ...options);
  }
}

/** Vendor, product and version: the breadcrumb down to the document; before it the library, where there are several. */
function placeOf(hit) {
  const end = hit.breadcrumb.indexOf(hit.document);
  const place = end > 0 ? hit.breadcrumb.slice(0, end) : [hit.product, hit.version];
  return [hit.library?.name, ...place].filter(Boolean);
}

/** The headings below the document, without the one that is the title. */
function headingsOf(hit) {
  const start = hit.breadcrumb.indexOf(hit.document);
  const headings = start < 0 ? [] : hit.breadcrumb.slice(start + 1);
  return headings.at(-1) === hit.title ? headings.slice(0, -1) : headings;
}

function trail(steps) {
  return steps.flatMap((step, at) => (at ? [element("i", { "aria-hidden": "true" }, "›"), step] : [step]));
}

function option(hit, root, id, tabbable) {
  const link = element("a.hit", {
    role: "option",
    id,
    href: new URL(hit.url, root).href,
    tabindex: tabbable ? 0 : -1,
    "aria-selected": "false",
    "data-chunk": hit.chunk_id,
    "data-key": keyOf(hit),
  });
  const line = element("span.hit-head", {}, element("span.hit-title", {}, hit.title));
  if (hit.page != null) line.append(element("span.page", {}, pageWords(hit)));
  link.append(line);
  const headings = headingsOf(hit);
  if (headings.length) link.append(element("span.headings", {}, ...trail(headings)));
  if (hit.snippet) link.append(element("span.snippet", {}, ...marked(hit.snippet, hit.marks)));
  const reasons = hit.matched_by.map(reasonWords);
  if (reasons.length) link.append(element("span.reasons", {}, say("found_by", { reasons: listed(reasons) })));
  const versions = versionWords(hit);
  if (versions) link.append(element("span.reasons", {}, versions));
  return link;
}

/** In which other versions the same or much the same is said; empty for none. */
function versionWords({ also_in: same = [], nearly_in: nearly = [] }) {
  const [also, almost] = [listed(same.map(({ version }) => version)), listed(nearly)];
  if (also && almost) return say("also_and_nearly_in", { also, nearly: almost });
  if (also) return say("also_in", { versions: also });
  return almost && say("nearly_in", { versions: almost });
}

/** What a person reads for one of the engine's reasons. */
function reasonWords(reason) {
  return known(`reason_${reason}`) ? say(`reason_${reason}`) : reason;
}

function pageWords({ page, page_label: label }) {
  const n = String(page);
  return label && label !== n ? say("page_printed", { n, label }) : say("page", { n });
}

/** The snippet with its matches marked. Offsets count Unicode scalar values, as the engine does; JavaScript does not. */
function marked(snippet, marks) {
  const characters = Array.from(snippet);
  const parts = [];
  let at = 0;
  for (const [start, end] of marks) {
    if (start < at || end > characters.length) continue;
    parts.push(characters.slice(at, start).join(""));
    parts.push(element("mark", {}, characters.slice(start, end).join("")));
    at = end;
  }
  parts.push(characters.slice(at).join(""));
  return parts.filter((part) => part !== "");
}
