/**
 * The policy for pages: the host's, so that a visitor never reads an old page while there is a newer; what was read
 * before if the host is away; and else the page that says so.
 */

import { below, namedByContent } from "./lists.js";
import { inTime } from "./index-file.js";
import { KEPT, SEEN } from "./storage.js";

/** The page about pages that are not here, below the root. */
const AWAY = "offline/";

export class Pages {
  #root;
  #storage;

  /** @param {string} root @param {import("./storage.js").Storage} storage */
  constructor(root, storage) {
    this.#root = root;
    this.#storage = storage;
  }

  takes({ method, mode, url }) {
    const path = below(this.#root, url);
    return method === "GET" && mode === "navigate" && path !== undefined && !namedByContent(path);
  }

  async answer(request, after) {
    const network = fetch(request);
    const answered = network.then((response) => {
      if (isPage(response)) after(this.#storage.put(SEEN, request.url, response.clone()));
      return response;
    });
    const arrived = await inTime(answered);
    if (arrived) return arrived;
    // The newest is what was read last: a page that is kept may have been read since.
    const stored = await this.#storage.find(request.url, [SEEN, KEPT]);
    if (stored) return stored;
    try {
      return await answered;
    } catch (thrown) {
      if (!(await this.#storage.find(new URL(AWAY, this.#root)))) throw thrown;
      const away = new URL(AWAY, this.#root);
      if (request.url.split(/[?#]/)[0] === away.href) throw thrown;
      away.searchParams.set("at", request.url.slice(this.#root.length));
      return Response.redirect(away.href, 302);
    }
  }

  /** Stores a page that was read before the service worker was there. */
  async learn(url) {
    if (await this.#storage.find(url, [SEEN])) return;
    const response = await fetch(url, { cache: "force-cache" });
    if (isPage(response)) await this.#storage.put(SEEN, url, response);
  }
}

function isPage(response) {
  const html = /^text\/html/i.test(response.headers.get("content-type") ?? "");
  return response.status === 200 && response.type === "basic" && html && !response.redirected;
}
