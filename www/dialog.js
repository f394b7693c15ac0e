/**
 * The dialog that is all search. It is the browser's own: it keeps the focus inside, closes with Esc, and gives the focus
 * back to where it was.
 */

import { element } from "./dom.js";
import { say } from "./text.js";

/**
 * Makes the dialog around a search box, and opens it.
 *
 * @param {HTMLElement} box
 * @param {string} label What it is, for who cannot see it.
 * @returns {HTMLDialogElement}
 */
export function dialogAround(box, label) {
  const close = element("button.link.close", { type: "button" }, say("close"));
  const dialog = element("dialog.finding", { "aria-label": label }, close, box);
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

/** Opens it, with the caret in the box. @param {HTMLDialogElement} dialog */
export function openDialog(dialog) {
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("mcdewey-search").focus();
}
