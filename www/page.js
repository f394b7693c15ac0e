/** What every page runs: the search box, its keys, links that are copied, and what agents find here. */

import "./copy-link.js";
import "./search-box.js";
import { offerToAgents } from "./agents.js";

/** Whether a key typed here belongs to the page's own fields. */
function editing(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest("input, textarea, select"));
}

addEventListener("keydown", (event) => {
  const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
  const command = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
  if (!(slash && !editing(event.target)) && !command) return;
  const box = document.querySelector("mcdewey-search");
  if (!box) return;
  event.preventDefault();
  box.focus();
});

offerToAgents(document.querySelector("mcdewey-search"));
