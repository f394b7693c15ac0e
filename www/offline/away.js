/** The page about a page that is not on this device: leads to it, and to those that are. */

import { element } from "../dom.js";
import { below } from "./lists.js";
import { KEPT, SEEN, Storage } from "./storage.js";

/** Pages that are named; past it nobody reads the list. */
const MOST = 60;

/**
 * @param {URL} root
 * @param {() => Promise<import("../sayer.js").Say>} words
 */
export async function showAway(root, words) {
  const place = document.querySelector("[data-away]");
  if (!place) return;
  const say = await words();
  const at = new URLSearchParams(location.search).get("at");
  const wanted = at && new URL(at, root).href;
  if (wanted?.startsWith(root.href)) place.append(element("p", {}, element("a.more", { href: wanted }, say("try_again"))));
  const storage = new Storage(root.href);
  const addresses = new Set([...(await storage.addresses(KEPT)), ...(await storage.addresses(SEEN))]);
  const pages = [...addresses].filter((address) => below(root.href, address)?.endsWith("/")).sort().slice(0, MOST);
  const items = [];
  for (const address of pages) {
    const text = (await (await storage.find(address))?.text()) ?? "";
    const title = new DOMParser().parseFromString(text, "text/html").title;
    if (below(root.href, address) !== "offline/") items.push(element("li", {}, element("a", { href: address }, title || address)));
  }
  if (items.length) place.append(element("h2", {}, say("on_this_device")), element("ul.leaders", {}, ...items));
}
