/**
 * The sheet about this device: what is stored here, what keeping a product would take, and a button that clears it all.
 * Nothing large is fetched before its size was read and a button was pressed.
 */

import { element } from "./dom.js";
import { Keeper, MEANING, NoRoom } from "./offline/keep.js";
import { below } from "./offline/lists.js";
import { KEPT, SEEN, Storage } from "./offline/storage.js";
import { pins, recents } from "./local-list.js";
import { megabytes, say } from "./text.js";

/** @param {URL} root */
export async function openStorage(root) {
  const sheet = new StorageSheet(root);
  await sheet.open();
}

class StorageSheet {
  #root;
  #storage;
  /** @type {Keeper|undefined} */
  #keeper;
  #stop = new AbortController();
  #stored = element("p.stored");
  #rows = element("div.rows");
  #notice = element("p.notice", { role: "status", hidden: true });
  #dialog;

  constructor(root) {
    this.#root = root;
    this.#storage = new Storage(root.href);
  }

  async open() {
    const close = element("button.link.close", { type: "button" }, say("close"));
    const clear = element("button.more", { type: "button" }, say("clear"));
    const head = element("div.sheet-head", {}, element("h2", { id: "storage-head" }, say("on_this_device")), close);
    this.#dialog = element("dialog.sheet", { "aria-labelledby": "storage-head" }, head, this.#stored, this.#rows, this.#notice, clear);
    close.addEventListener("click", () => this.#dialog.close());
    clear.addEventListener("click", () => this.#clear());
    this.#dialog.addEventListener("close", () => {
      this.#stop.abort();
      this.#dialog.remove();
    });
    document.body.append(this.#dialog);
    this.#dialog.showModal();
    await this.#read();
  }

  async #read() {
    await this.#count();
    const refusal = refusalOfStorage();
    if (refusal) return this.#say(refusal);
    try {
      this.#keeper = await new Keeper(this.#root.href, this.#storage).open();
      this.#offer();
    } catch (thrown) {
      this.#say(say("unknown", { message: thrown.message }));
    }
    return undefined;
  }

  async #count() {
    const all = new Set([...(await this.#storage.addresses(SEEN)), ...(await this.#storage.addresses(KEPT))]);
    const pages = [...all].filter((address) => /(?:^|\/)$/.test(below(this.#root.href, address) ?? "x"));
    const { usage } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
    const size = usage ? ` ${say("stored_size", { size: megabytes(usage) })}` : "";
    this.#stored.textContent = say("stored", { n: pages.length }) + size;
  }

  #offer() {
    const { products } = this.#keeper;
    const name = (product) => (product === MEANING ? say("whole_questions") : product.replace("/", " › "));
    const rows = products.map((product) => this.#row(name(product), [product]));
    if (products.length > 2) rows.unshift(this.#row(say("whole_library"), products));
    this.#rows.replaceChildren(...rows);
  }

  /** A line: what, how much, and the button. */
  #row(name, products) {
    const missing = Keeper.sum(this.#keeper.missing(products));
    const kept = products.every((product) => this.#keeper.isKept(product));
    const size = kept ? keptWords(missing) : megabytes(missing);
    const progress = element("progress", { max: 1, value: 0, hidden: true, "aria-label": say("keeping", { name }) });
    const buttons = [];
    if (missing || !kept) buttons.push(this.#button(say(kept ? "update" : "keep"), name, () => this.#keep(products, progress)));
    if (kept) buttons.push(this.#button(say("let_go"), name, () => this.#drop(products)));
    return element("div.row", {}, element("span.what", {}, name), element("span.count", {}, size), progress, ...buttons);
  }

  #button(text, about, act) {
    const button = element("button.link", { type: "button" }, text, element("span.unseen", {}, `: ${about}`));
    button.addEventListener("click", act);
    return button;
  }

  async #keep(products, progress) {
    for (const button of this.#rows.querySelectorAll("button")) button.disabled = true;
    progress.hidden = false;
    this.#say("");
    const step = (share) => (progress.value = share);
    try {
      await this.#keeper.keep(products, { signal: this.#stop.signal, step });
      this.#say(say("done"));
    } catch (thrown) {
      if (this.#stop.signal.aborted) return;
      this.#stop.abort();
      this.#stop = new AbortController();
      const message = thrown instanceof NoRoom ? say("no_room") : thrown.message;
      this.#say(say("not_whole", { message }));
    }
    await this.#again();
  }

  async #drop(products) {
    for (const product of products) await this.#keeper.drop(product);
    await this.#again();
  }

  async #clear() {
    await this.#storage.empty(SEEN);
    await this.#storage.empty(KEPT);
    recents.clear(this.#root);
    pins.clear(this.#root);
    this.#say(say("cleared"));
    if (this.#keeper) this.#keeper = await new Keeper(this.#root.href, this.#storage).open().catch(() => undefined);
    await this.#again();
  }

  async #again() {
    await this.#count();
    if (this.#keeper) this.#offer();
  }

  #say(text) {
    this.#notice.hidden = text === "";
    this.#notice.textContent = text;
  }
}

/** What is said of the size of what is kept. */
function keptWords(missing) {
  return missing ? say("kept_new", { size: megabytes(missing) }) : say("kept");
}

/** Why nothing can be kept here; empty if it can. */
function refusalOfStorage() {
  if (!isSecureContext) return say("not_https");
  if (!navigator.serviceWorker || !globalThis.caches) return say("no_storage");
  return "";
}
