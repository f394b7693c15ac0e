/**
 * Throws away what no build needs any more.
 *
 *   alive:  what the newest build lists  ∪  what a stored page names
 *
 * It waits until a single tab is open: another may hold an older build, whose files it still wants.
 */

import { below, namedByContent, readLists, shared } from "./lists.js";
import { SEEN } from "./storage.js";

/** A file named by its content, as pages link to it; an app's files are alive together. */
const NAMED = /(?:app\/[0-9a-f]+\/|media\/[0-9a-f]+\.\w+)/g;

/**
 * @param {string} root
 * @param {import("./storage.js").Storage} storage
 * @param {import("./lists.js").Index} index The newest.
 */
export async function sweep(root, storage, index) {
  const tabs = await clients.matchAll({ type: "window", includeUncontrolled: true });
  if (tabs.length > 1) return;
  const lists = await readLists(root, index);
  const entries = [...shared(lists), ...lists.meaning, ...lists.products.flatMap(({ pictures }) => pictures)];
  const alive = new Set([index.offline.path, ...entries.map(([path]) => path)]);
  const addresses = await storage.addresses(SEEN);
  const fixed = addresses.filter((address) => namedByContent(below(root, address) ?? ""));
  const apps = new Set();
  for (const address of addresses) {
    if (fixed.includes(address)) continue;
    const page = await storage.find(address, [SEEN]);
    for (const [name] of ((await page?.text()) ?? "").matchAll(NAMED)) {
      if (name.startsWith("app/")) apps.add(name);
      else alive.add(name);
    }
  }
  const dead = fixed.filter((address) => {
    const path = below(root, address);
    return !alive.has(path) && !apps.has(/^app\/[0-9a-f]+\//.exec(path)?.[0]);
  });
  await storage.remove(SEEN, dead);
}
