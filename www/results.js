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

/**
 * A better answer to the same query, without moving what the visitor has in hand: the cards down to the one that
 * holds `held` stay as they are, and the new ranking continues below them.
 *
 * @param {Card[]} shown
 * @param {Hit[]} hits
 * @param {string|undefined} held A chunk_id.
 */
export function mergeBelow(shown, hits, held) {
  const at = held === undefined ? -1 : shown.findIndex((card) => card.hits.some((hit) => hit.chunk_id === held));
  const kept = shown.slice(0, at + 1);
  const keptIds = new Set(kept.flatMap((card) => card.hits.map((hit) => hit.chunk_id)));
  return [...kept, ...cardsFrom(hits.filter((hit) => !keptIds.has(hit.chunk_id)))];
}

/**
 * The cards as groups of options. Every option is a link too, so that it opens in a new tab or is copied as any link.
 *
 * @param {Card[]} cards
 * @param {URL} root
 * @param {string} prefix Of the ids.
 * @param {boolean} tabbable Whether Tab stops at each option, where they are the page's content.
 */
export function renderCards(cards, root, prefix, tabbable) {
  return cards.map((card, c) => {
    const [first] = card.hits;
    const head = element(
      "div.card-head",
      { id: `${prefix}-card-${c}` },
      element("span.trail", {}, ...trail(placeOf(first))),
      element("span.document", {}, first.document),
    );
    const options = card.hits.map((hit, h) => option(hit, root, `${prefix}-hit-${c}-${h}`, tabbable));
    return element("div.card", { role: "group", "aria-labelledby": head.id }, head, ...options);
  });
}

/** Vendor, product and version: the breadcrumb down to the document. */
function placeOf(hit) {
  const end = hit.breadcrumb.indexOf(hit.document);
  return end > 0 ? hit.breadcrumb.slice(0, end) : [hit.product, hit.version].filter(Boolean);
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
