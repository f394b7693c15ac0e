/**
 * The dialogs: the one that is all search, and a figure's. They are the browser's own: it keeps the focus inside, closes
 * them with Esc, and gives the focus back to where it was.
 */

import { element } from "./dom.js";
import { say } from "./text.js";

/**
 * Makes a dialog.
 *
 * @param {HTMLElement} content
 * @param {string} label What it is, for who cannot see it.
 * @param {string} look Its class.
 * @returns {HTMLDialogElement}
 */
export function dialogAround(content, label, look = "finding") {
  const close = element("button.link.close", { type: "button" }, say("close"));
  const dialog = element(`dialog.${look}`, { "aria-label": label }, close, content);
  close.addEventListener("click", () => dialog.close());
  // The grey around it is the dialog itself; what is in it fills it.
  dialog.addEventListener("click", (event) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const outside = event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
    if (event.target === dialog && outside) dialog.close();
  });
  document.body.append(dialog);
  return dialog;
}

/** Opens the search's, with the caret in the box. @param {HTMLDialogElement} dialog */
export function openDialog(dialog) {
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("mcdewey-search").focus();
}
