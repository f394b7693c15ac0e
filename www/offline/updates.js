/**
 * Tells a reader that the library was built anew while the page was open. Nothing is exchanged under a reader's hands:
 * the page keeps its build until it is loaded again.
 */

import { element } from "../dom.js";
import { readIndex } from "./lists.js";

/** How long a page must have been open or away before the host is asked again, in ms. */
const PAUSE_MS = 10 * 60_000;

/**
 * @param {string} root
 * @param {() => Promise<import("../sayer.js").Say>} words
 */
export function watchForUpdates(root, words) {
  let build;
  let asked = 0;
  const look = async () => {
    // Without a network there is nothing to learn, and the browser would note the request that fails.
    if (document.hidden || !navigator.onLine || (build && Date.now() - asked < PAUSE_MS)) return;
    asked = Date.now();
    try {
      const now = (await readIndex(root)).build;
      build ??= now;
      if (now !== build) tell(await words());
    } catch {
      // No network, no news.
    }
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("online", () => {
    asked = 0;
    look();
  });
  look();
}

/** @param {import("../sayer.js").Say} say */
function tell(say) {
  if (document.querySelector(".update")) return;
  const reload = element("button.link", { type: "button" }, say("load"));
  const later = element("button.link", { type: "button" }, say("later"));
  const notice = element("div.update", { role: "status" }, say("newer"), " ", reload, " ", later);
  reload.addEventListener("click", () => location.reload());
  later.addEventListener("click", () => notice.remove());
  document.body.append(notice);
}
