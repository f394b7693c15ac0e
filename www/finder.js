/**
 * Finding, as a page fetches it when somebody first reaches for it: the search box, and the dialog around it on pages that
 * have none of their own.
 */

import "./search-box.js";
import { dialogAround, openDialog } from "./dialog.js";
import { element } from "./dom.js";
import { Session } from "./session.js";

/** @type {HTMLDialogElement|undefined} */
let dialog;
/** For a page without a box whose visitor has not searched. @type {Session|undefined} */
let session;

/**
 * Opens the dialog.
 *
 * @param {HTMLElement} finder The page's form, which knows where to look first.
 * @param {URL} root
 */
export function openFinder(finder, root) {
  dialog ??= makeDialog(finder, root);
  openDialog(dialog);
}

/** The session of the page's search, which its tools for agents share. @param {URL} root */
export function sessionOf(root) {
  session ??= document.querySelector("mcdewey-search")?.session ?? new Session(root);
  return session;
}

function makeDialog(finder, root) {
  const { product, version } = finder.dataset;
  const form = finder.querySelector("form").cloneNode(true);
  form.hidden = false;
  const input = form.querySelector("input");
  input.id = form.querySelector("label").htmlFor = "finder-q";
  const box = element("mcdewey-search", { root: root.href, product, version, sheet: true }, form);
  box.session = session;
  return dialogAround(box, input.placeholder);
}
