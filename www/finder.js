/**
 * Finding, as a page fetches it when somebody first reaches for it: the search box, and the dialog around it on pages that
 * have none of their own. The dialog is the browser's: it keeps the focus inside, and gives it back.
 */

import "./search-box.js";
import { element } from "./dom.js";
import { Session } from "./session.js";

/** @type {HTMLDialogElement|undefined} */
let dialog;
/** For a page without a box whose visitor has not searched. @type {Session|undefined} */
let session;

/**
 * Opens the dialog.
 *
 * @param {HTMLElement} form The page's form, which knows where to look first.
 * @param {URL} root
 */
export function openFinder(form, root) {
  dialog ??= makeDialog(form, root);
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("mcdewey-search").focus();
}

/** The session of the page's search, which its tools for agents share. @param {URL} root */
export function sessionOf(root) {
  session ??= document.querySelector("mcdewey-search")?.session ?? new Session(root);
  return session;
}

function makeDialog(form, root) {
  const { product, version } = form.dataset;
  const own = form.querySelector("form").cloneNode(true);
  own.hidden = false;
  const input = own.querySelector("input");
  const label = own.querySelector("label");
  input.id = label.htmlFor = "finder-q";
  const close = element("button.link.close", { type: "button" }, "Close");
  const box = element("mcdewey-search", { root: root.href, product, version, sheet: true }, own);
  box.session = session;
  const made = element("dialog.finding", { "aria-label": input.placeholder }, close, box);
  close.addEventListener("click", () => made.close());
  // The grey around it is the dialog itself; what is in it fills it.
  made.addEventListener("click", (event) => event.target === made && made.close());
  document.body.append(made);
  return made;
}
