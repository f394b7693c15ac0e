/**
 * The service worker: a list of small policies. The first that takes a request answers it; what none takes goes to the
 * network as if there were no service worker.
 *
 * It is registered by the name that stays, `service-worker.js` at the site's root, which does nothing but import this
 * file of the build.
 */

import init, { Agents } from "./mcdewey-www-agents.js";
import { McpEndpoint } from "./mcp-endpoint.js";

/** The site's root. */
const root = new URL("./", registration.scope).href;

/** @type {{takes: (request: Request) => boolean, answer: (request: Request) => Promise<Response>}[]} */
const policies = [
  new McpEndpoint(root, async () => {
    await init();
    return new Agents(root);
  }),
];

// There is nothing yet that two builds could disagree about, so the newest takes over at once.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const policy = policies.find((policy) => policy.takes(event.request));
  if (policy) event.respondWith(policy.answer(event.request));
});
