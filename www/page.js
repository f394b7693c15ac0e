/**
 * What every page runs, and it is little: the keys, links that are copied, what agents find here, and the service worker.
 * Searching and the sheet about storage are fetched when somebody first reaches for them.
 */

import "./copy-link.js";
import "./parts.js";
import { offerToAgents } from "./agents.js";
import { startServiceWorker } from "./offline/start.js";
import { watchForUpdates } from "./offline/updates.js";
import { showAway } from "./offline/away.js";
import { sayer } from "./sayer.js";

const root = new URL(document.documentElement.dataset.root ?? "./", location);
/** The box that is the page's own, and the form that stands for the dialog. */
const box = document.querySelector("mcdewey-search");
const form = document.querySelector(".finder");

/** The search's code, and its session. */
let finding;
const finder = () => (finding ??= Promise.all([import("./finder.js"), texts()]).then(([module]) => module));
/** What scripts say: fetched with the search, and by the little here that speaks. */
const texts = () => import("./texts.js");
const words = async () => sayer((await texts()).default);

/** Whether a key typed here belongs to the page's own fields. */
function editing(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest("input, textarea, select"));
}

addEventListener("keydown", async (event) => {
  const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
  const command = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
  if (!(slash && !editing(event.target)) && !command) return;
  event.preventDefault();
  if (box) box.querySelector("input").focus();
  else (await finder()).openFinder(form, root);
});

/** In place of the form a button, as what it opens is a dialog. */
function offerDialog() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "opener";
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-keyshortcuts", "/ Control+K Meta+K");
  button.append(form.querySelector("input").placeholder);
  button.addEventListener("click", async () => (await finder()).openFinder(form, root));
  button.addEventListener("pointerenter", finder, { once: true });
  form.querySelector("form").hidden = true;
  form.append(button);
}

if (form) offerDialog();
if (box?.hasAttribute("standing")) finder();
else box?.addEventListener("focusin", finder, { once: true });
box?.addEventListener("pointerenter", finder, { once: true });
if (box?.contains(document.activeElement)) finder();

addEventListener("click", async (event) => {
  const link = event.target instanceof Element ? event.target.closest("a.large") : null;
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  try {
    const [{ openFigure }] = await Promise.all([import("./figure.js"), texts()]);
    openFigure(link);
  } catch {
    location.assign(link.href); // Without a network the script may be missing where the picture is not.
  }
});

const session = async () => (await finder()).sessionOf(root);
offerToAgents(root, session);
showAway(root, words);

for (const button of document.querySelectorAll("[data-opens=storage]")) {
  button.hidden = false;
  button.addEventListener("click", async () => (await Promise.all([import("./storage-sheet.js"), texts()]))[0].openStorage(root));
}

async function afterLoading() {
  if (document.readyState !== "complete") await new Promise((resume) => addEventListener("load", resume, { once: true }));
  await startServiceWorker(root.href, async () => (finding ? (await session()).seen() : []));
  if (!navigator.connection?.saveData) watchForUpdates(root.href, words);
}

afterLoading();
