/**
 * The sheet about this device: what is stored here, what keeping a product would take, and a button that clears it all.
 * Nothing large is fetched before its size was read and a button was pressed.
 */

import { counted, element, megabytes } from "./dom.js";
import { Keeper, MEANING } from "./offline/keep.js";
import { below } from "./offline/lists.js";
import { KEPT, SEEN, Storage } from "./offline/storage.js";
import { forgetRecents } from "./recents.js";

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
    const close = element("button.link.close", { type: "button" }, "Close");
    const clear = element("button.more", { type: "button" }, "Clear everything");
    const head = element("div.sheet-head", {}, element("h2", { id: "storage-head" }, "On this device"), close);
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
      this.#say(`What could be kept is not known now: ${thrown.message}.`);
    }
    return undefined;
  }

  async #count() {
    const all = new Set([...(await this.#storage.addresses(SEEN)), ...(await this.#storage.addresses(KEPT))]);
    const pages = [...all].filter((address) => /(?:^|\/)$/.test(below(this.#root.href, address) ?? "x"));
    const { usage } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
    const size = usage ? ` This address takes ${megabytes(usage)} in all.` : "";
    this.#stored.textContent = `${counted(pages.length, "page", "pages")} can be read without a network.${size}`;
  }

  #offer() {
    const { products } = this.#keeper;
    const name = (product) => (product === MEANING ? "Reading whole questions" : product.replace("/", " › "));
    const rows = products.map((product) => this.#row(name(product), [product]));
    if (products.length > 2) rows.unshift(this.#row("The whole library", products));
    this.#rows.replaceChildren(...rows);
  }

  /** A line: what, how much, and the button. */
  #row(name, products) {
    const missing = Keeper.sum(this.#keeper.missing(products));
    const kept = products.every((product) => this.#keeper.isKept(product));
    const size = kept ? (missing ? `kept, ${megabytes(missing)} are new` : "kept") : megabytes(missing);
    const progress = element("progress", { max: 1, value: 0, hidden: true, "aria-label": `Keeping ${name}` });
    const buttons = [];
    if (missing || !kept) buttons.push(this.#button(kept ? "Update" : "Keep offline", name, () => this.#keep(products, progress)));
    if (kept) buttons.push(this.#button("Let go", name, () => this.#drop(products)));
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
      this.#say("Done: this can be read and searched without a network.");
    } catch (thrown) {
      if (this.#stop.signal.aborted) return;
      this.#stop.abort();
      this.#stop = new AbortController();
      this.#say(`It could not be kept as a whole: ${thrown.message}. What has arrived stays; press again to go on.`);
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
    forgetRecents(this.#root);
    this.#say("Nothing of this library is stored on this device any more.");
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

/** Why nothing can be kept here; empty if it can. */
function refusalOfStorage() {
  if (!isSecureContext) return "A browser keeps pages only of addresses that begin with https. This one does not.";
  if (!navigator.serviceWorker || !globalThis.caches) return "This browser, or the window you are in, keeps no pages.";
  return "";
}
