/**
 * `<mcdewey-scope>`: which product and which version a search looks in. Fires `change`.
 *
 * What the page or the address asked for holds from the start; the other choices appear when the library is known.
 */

import { element } from "./dom.js";
import { say } from "./text.js";

const NEWEST = "";
const EVERY = "all";

export class Scope extends HTMLElement {
  #product = labelled(say("product"));
  #version = labelled(say("version"));
  /** Versions by product. @type {Map<string, string[]>} */
  #versions = new Map();

  connectedCallback() {
    if (this.firstChild) return;
    this.append(this.#product.label, this.#version.label);
    this.set({ product: this.getAttribute("product") ?? "", version: this.getAttribute("version") ?? "" });
    this.#product.select.addEventListener("change", () => this.#offerVersions(NEWEST));
  }

  /** @returns {{product: string, version: string}} */
  get value() {
    return { product: this.#product.select.value, version: this.#version.select.value };
  }

  /** Whether it leaves anything out but older versions. */
  get narrow() {
    return this.#product.select.value !== "" || ![NEWEST, EVERY].includes(this.#version.select.value);
  }

  /** Whether every version there is is looked in. */
  get everyVersion() {
    const { product, version } = this.value;
    const versions = this.#versions.get(product);
    return version === EVERY || (version === NEWEST && versions !== undefined && versions.length < 2);
  }

  /** What is chosen, in words: `Finesse v12.5`. */
  get words() {
    const { product, version } = this.value;
    const words = [product, version === EVERY ? "" : version].filter(Boolean);
    return words.join(" ");
  }

  set({ product, version }) {
    this.#offerProducts(product);
    this.#offerVersions(version);
  }

  /** @param {import("./protocol.js").Library} library */
  offer(library) {
    this.#versions.clear();
    for (const { vendor, product, version } of library.scopes) {
      const name = vendor ? `${vendor}/${product}` : product;
      const versions = this.#versions.get(name) ?? [];
      // Of several libraries, two may have it.
      if (version && !versions.includes(version)) versions.push(version);
      this.#versions.set(name, versions);
    }
    this.set(this.value);
  }

  #offerProducts(chosen) {
    const names = new Set(this.#versions.keys());
    // A page may name a product without its vendor.
    const known = names.has(chosen) ? chosen : [...names].find((name) => name.endsWith(`/${chosen}`)) ?? chosen;
    if (known) names.add(known);
    const choices = [...names].map((name) => [name, name.replace("/", " › ")]);
    fill(this.#product.select, [["", say("every_product")], ...choices], known);
  }

  #offerVersions(chosen) {
    const names = new Set(this.#versions.get(this.#product.select.value) ?? []);
    if (chosen && chosen !== EVERY) names.add(chosen);
    const choices = [...names].map((name) => [name, name]);
    fill(this.#version.select, [[NEWEST, say("newest_version")], ...choices, [EVERY, say("all_versions")]], chosen);
  }
}

function labelled(name) {
  const select = element("select");
  return { select, label: element("label", {}, element("span.unseen", {}, name), select) };
}

function fill(select, choices, chosen) {
  select.replaceChildren(...choices.map(([value, text]) => element("option", { value }, text)));
  select.value = chosen;
}

customElements.define("mcdewey-scope", Scope);
