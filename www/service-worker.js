/**
 * The service worker: a list of small policies. The first that takes a request answers it; what none takes goes to the
 * network as if there were no service worker.
 *
 *   /mcp          the tools for agents, where the host has none
 *   app/ index/ media/   named by their content: stored first
 *   index.json    the host's first
 *   pages         the host's first, then what was read before
 *
 * It is registered by the name that stays, `service-worker.js` at the site's root, which does nothing but import this
 * file of the build.
 */

import init, { Agents } from "./mcdewey-www-agents.js";
import { McpEndpoint } from "./mcp-endpoint.js";
import { Files } from "./offline/files.js";
import { IndexFile } from "./offline/index-file.js";
import { below, namedByContent } from "./offline/lists.js";
import { Pages } from "./offline/pages.js";
import { Storage } from "./offline/storage.js";

/** The site's root. */
const root = new URL("./", registration.scope).href;
/** Read by who has no network, and what it takes: stored with the first visit. */
const AWAY = ["offline/", "style.css", "page.js", "texts.js", "favicon.svg"];

const storage = new Storage(root);
const files = new Files(root, storage);
const pages = new Pages(root, storage);

/** @type {{takes: (request: Request) => boolean, answer: (request: Request, after: Function) => Promise<Response>}[]} */
const policies = [
  new McpEndpoint(root, async () => {
    await init();
    return new Agents(root);
  }),
  files,
  new IndexFile(root, storage, files),
  pages,
];

// A file's name is its content's, so builds cannot disagree about what is stored, and the newest takes over at once.
addEventListener("install", (event) => {
  skipWaiting();
  const [page, ...names] = AWAY;
  const own = names.map((name) => new URL(name, import.meta.url).href);
  event.waitUntil(learn([new URL(page, root).href, ...own]));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const policy = policies.find((policy) => policy.takes(event.request));
  if (!policy) return;
  const after = (work) => {
    try {
      event.waitUntil(work.catch(() => undefined));
    } catch {
      // The answer was given long ago; what is left to do is done if the browser lets us live.
    }
  };
  event.respondWith(policy.answer(event.request, after));
});

/** A page tells what it fetched before we were there: `{seen: [address…]}`. */
addEventListener("message", (event) => {
  if (Array.isArray(event.data?.seen)) event.waitUntil(learn(event.data.seen));
});

async function learn(addresses) {
  const taken = addresses.map((address) => [address, below(root, address)]).filter(([, path]) => path !== undefined);
  const learnt = taken.map(([address, path]) => {
    if (namedByContent(path)) return files.learn(address);
    return path === "" || path.endsWith("/") ? pages.learn(address) : undefined;
  });
  await Promise.allSettled(learnt);
}
