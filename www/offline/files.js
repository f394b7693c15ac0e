/**
 * The policy for files that are named by their content: what is stored is right for ever, so it is answered without asking
 * anybody, and two builds cannot disagree about a name. A tab that holds an older build finds its files here when the
 * host has them no more.
 */

import { below, namedByContent } from "./lists.js";
import { SEEN } from "./storage.js";

export class Files {
  #root;
  #storage;

  /** @param {string} root @param {import("./storage.js").Storage} storage */
  constructor(root, storage) {
    this.#root = root;
    this.#storage = storage;
  }

  takes({ method, url, headers }) {
    const path = below(this.#root, url);
    return method === "GET" && !headers.has("range") && path !== undefined && namedByContent(path);
  }

  /** @param {Request} request @param {(work: Promise) => void} after For work that outlives the answer. */
  async answer(request, after) {
    const stored = await this.#storage.find(request.url);
    if (stored) return stored;
    const response = await fetch(request);
    if (isWhole(response)) after(this.#storage.put(SEEN, request.url, response.clone()));
    return response;
  }

  /** Stores a file that the page fetched before the service worker was there; most often from the browser's cache. */
  async learn(url) {
    if (await this.#storage.find(url)) return;
    const response = await fetch(url, { cache: "force-cache" });
    if (isWhole(response)) await this.#storage.put(SEEN, url, response);
  }
}

/** Whether an answer is the file: some hosts answer a missing one with a page and status 200. */
export function isWhole(response) {
  const html = /^text\/html/i.test(response.headers.get("content-type") ?? "");
  return response.status === 200 && response.type === "basic" && !html;
}
