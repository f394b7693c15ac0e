/**
 * Keeping whole products on this device, so that they are read and searched without a network.
 *
 *   missing(product) ──► what it would take, in bytes
 *   keep(product)    ──► fetch each file that is not here ──► then index.json, last
 *
 * What is here already is not fetched again, so a broken download goes on where it stopped, and keeping a new build costs
 * what changed. The index is exchanged at the end: until then a device without a network has the old build as a whole.
 */

import { INDEX, readIndex, readLists, shared } from "./lists.js";
import { KEPT, SEEN } from "./storage.js";

/** Where the record of what is kept lies among it; no file of a site has this name. */
const RECORD = ".kept.json";
/** The part that is no product: the encoder, which reads questions as a whole. */
export const MEANING = "*";
/** Files that are fetched at once: hosts refuse who asks for more. */
const AT_ONCE = 4;

/** The device has no more room. */
export class NoRoom extends Error {}

export class Keeper {
  #root;
  #storage;
  /** @type {import("./lists.js").Index} */
  index;
  /** @type {import("./lists.js").Lists} */
  lists;
  /** What is kept: the products, and the hash of each page. @type {{products: string[], pages: Record<string, string>}} */
  record = { products: [], pages: {} };

  /** @param {string} root @param {import("./storage.js").Storage} storage */
  constructor(root, storage) {
    this.#root = root;
    this.#storage = storage;
  }

  /** Reads what there is, and what is here. */
  async open() {
    const record = await this.#storage.find(this.#url(RECORD), [KEPT]);
    if (record) this.record = await record.json();
    this.index = await readIndex(this.#root);
    this.lists = await readLists(this.#root, this.index);
    this.lists.products.push({ product: MEANING, pages: [], pictures: this.lists.meaning });
    this.here = new Set(await this.#storage.addresses(KEPT));
    return this;
  }

  /** The products of the library, as they are named in a search, and `MEANING`. */
  get products() {
    return this.lists.products.map(({ product }) => product);
  }

  isKept(product) {
    return this.record.products.includes(product);
  }

  /** The files that products take and this device does not keep yet. @param {string[]} products */
  missing(products) {
    const chosen = this.lists.products.filter(({ product }) => products.includes(product));
    const own = chosen.flatMap(({ pages, pictures }) => [...pages, ...pictures]);
    const byPath = new Map([...shared(this.lists), ...own].map((entry) => [entry[0], entry]));
    return [...byPath.values()].filter((entry) => !this.#has(entry));
  }

  /** Bytes of files. */
  static sum(entries) {
    return entries.reduce((sum, [, bytes]) => sum + bytes, 0);
  }

  /**
   * Fetches what products take.
   *
   * @param {string[]} products
   * @param {{signal: AbortSignal, step: (share: number) => void}} options
   */
  async keep(products, { signal, step }) {
    await navigator.storage?.persist?.();
    const waiting = this.missing(products);
    const total = Keeper.sum(waiting);
    let done = 0;
    const next = async () => {
      for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
        await this.#fetch(entry, signal);
        done += entry[1];
        step(done / total);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    const index = new Response(JSON.stringify(this.index), { headers: { "content-type": "application/json" } });
    await this.#put(INDEX, index);
    this.record.products = [...new Set([...this.record.products, ...products])];
    await this.#write();
  }

  /** Lets go of a product; of everything with the last. */
  async drop(product) {
    this.record.products = this.record.products.filter((kept) => kept !== product);
    if (this.record.products.length === 0) {
      this.record.pages = {};
      await this.#storage.empty(KEPT);
      this.here.clear();
      return;
    }
    const chosen = this.lists.products.filter(({ product }) => this.isKept(product));
    const wanted = new Set([...shared(this.lists), ...chosen.flatMap((one) => [...one.pages, ...one.pictures])].map(([path]) => this.#url(path)));
    const left = [...this.here].filter((address) => !wanted.has(address) && ![this.#url(INDEX), this.#url(RECORD)].includes(address));
    await this.#storage.remove(KEPT, left);
    for (const address of left) this.here.delete(address);
    await this.#write();
  }

  #has([path, , hash]) {
    return this.here.has(this.#url(path)) && (hash === undefined || this.record.pages[path] === hash);
  }

  async #fetch([path, , hash], signal) {
    const address = this.#url(path);
    const seen = hash === undefined ? await this.#storage.find(address, [SEEN]) : undefined;
    const response = seen ?? (await fetch(address, { signal, cache: hash === undefined ? "default" : "no-cache" }));
    if (!response.ok) throw new Error(`${path}: the host answered ${response.status}`);
    await this.#put(path, response);
    if (hash === undefined) return;
    this.record.pages[path] = hash;
    // What was seen of the page before is older.
    await this.#storage.remove(SEEN, [address]);
  }

  async #put(path, response) {
    const address = this.#url(path);
    if (!(await this.#storage.put(KEPT, address, response))) {
      throw new NoRoom("this device has no more room for this site");
    }
    this.here.add(address);
  }

  #write() {
    const body = JSON.stringify(this.record);
    return this.#put(RECORD, new Response(body, { headers: { "content-type": "application/json" } }));
  }

  #url(path) {
    return new URL(path, this.#root).href;
  }
}
