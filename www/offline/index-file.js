/**
 * The policy for `index.json`, the one name whose content changes: the host's, and what is stored if the host is away.
 *
 * Everything that is read later is named by it, so reading it is what decides for a build. It is stored only after the
 * directory that it names, and what is kept as a whole goes before what was seen in parts: a device without a network
 * never starts a build that it does not have.
 */

import { INDEX, below } from "./lists.js";
import { KEPT, SEEN } from "./storage.js";
import { sweep } from "./sweep.js";

/** How long the host may take before what is stored is answered, in ms. */
export const PATIENCE_MS = 4000;

export class IndexFile {
  #root;
  #storage;
  #files;

  /**
   * @param {string} root
   * @param {import("./storage.js").Storage} storage
   * @param {import("./files.js").Files} files
   */
  constructor(root, storage, files) {
    this.#root = root;
    this.#storage = storage;
    this.#files = files;
  }

  takes({ method, url }) {
    return method === "GET" && below(this.#root, url) === INDEX;
  }

  async answer(request, after) {
    const network = fetch(request);
    const answered = network.then((response) => {
      if (response.ok) after(this.#store(request.url, response.clone()));
      return response;
    });
    return (await inTime(answered)) ?? (await this.#storage.find(request.url, [KEPT, SEEN])) ?? answered;
  }

  async #store(url, response) {
    const index = await response.clone().json();
    const before = await this.#storage.find(url, [SEEN]);
    await this.#files.learn(new URL(index.boot.path, this.#root).href);
    await this.#storage.put(SEEN, url, response);
    if (before && (await before.json()).build !== index.build) await sweep(this.#root, this.#storage, index);
  }
}

/** What arrives in time; undefined if it fails or takes too long. */
export async function inTime(promise) {
  const late = new Promise((resume) => setTimeout(resume, PATIENCE_MS));
  const arrived = promise.then(
    (response) => (response.status < 500 && response.status !== 429 ? response : undefined),
    () => undefined,
  );
  return Promise.race([arrived, late]);
}
