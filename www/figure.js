/** A figure in a dialog of its own, as large as it is, or twice that where there is room. */

import { dialogAround } from "./dialog.js";
import { element } from "./dom.js";

/** What the dialog and its edges leave of the window's width, as a share. */
const ROOM = 0.92;

/** @param {HTMLAnchorElement} link Around the picture, leading to its file. */
export function openFigure(link) {
  const { alt, naturalWidth } = link.querySelector("img");
  const width = Math.max(naturalWidth, Math.min(naturalWidth * 2, Math.floor(innerWidth * ROOM)));
  const picture = element("img", { src: link.href, alt, width: width || undefined });
  const dialog = dialogAround(picture, alt, "figure");
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}
