/**
 * What a search box shows while nothing is asked: a hint, the searches that were pinned, and what was looked for lately.
 */

import { element } from "./dom.js";
import { pins, recents } from "./local-list.js";
import { say } from "./text.js";

/**
 * @param {URL} root
 * @param {{ask: (search: {query: string, product?: string, version?: string}) => void, changed: () => void}} box
 * @returns {HTMLElement[]}
 */
export function beforeAsking(root, { ask, changed }) {
  const parts = [element("p.empty", {}, say("hint"))];
  const pinned = pins.of(root);
  if (pinned.length) {
    const items = pinned.map((pin) => {
      const search = readPin(pin);
      const words = pinWords(search);
      const away = button("✕", () => {
        pins.remove(root, pin);
        changed();
      });
      away.setAttribute("aria-label", say("unpin", { what: words }));
      return element("li", {}, button(words, () => ask(search)), " ", away);
    });
    parts.push(element("div.recent.pinned", {}, element("h2", {}, say("pinned")), element("ul", {}, ...items)));
  }
  const queries = recents.of(root);
  if (queries.length) {
    const items = queries.map((query) => element("li", {}, button(query, () => ask({ query }))));
    const forget = button(say("forget"), () => {
      recents.clear(root);
      changed();
    });
    parts.push(element("div.recent", {}, element("h2", {}, say("recent")), element("ul", {}, ...items), forget));
  }
  return parts;
}

/** A search as it is pinned. */
export function pinOf({ query, product, version }) {
  const all = Object.entries({ q: query, product, version }).filter(([, value]) => value);
  return String(new URLSearchParams(all));
}

function readPin(pin) {
  const params = new URLSearchParams(pin);
  return { query: params.get("q") ?? "", product: params.get("product") ?? "", version: params.get("version") ?? "" };
}

function pinWords({ query, product, version }) {
  const place = [product, version === "all" ? say("all_versions") : version].filter(Boolean).join(" ");
  return place ? `${query} · ${place}` : query;
}

function button(text, act) {
  const made = element("button.link", { type: "button" }, text);
  made.addEventListener("click", act);
  return made;
}
