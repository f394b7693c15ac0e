/**
 * Links that are copied as well as followed, `<a class="permalink" href="#page-128">`, and buttons that copy a text,
 * `<button data-copy="…" hidden>`. Without the clipboard the links remain links, and the buttons stay away.
 */

/** How long "Copied" is shown, in ms. */
const SHOWN_MS = 1600;

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copy]")) button.hidden = false;
}

addEventListener("click", async (event) => {
  const source = event.target instanceof Element ? event.target.closest("a.permalink, button[data-copy]") : null;
  if (!source || event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
  // A site that does not know its address learns it from the reader's.
  const here = new URL("./", location).href;
  try {
    await navigator.clipboard.writeText(source.dataset.copy?.replace("{address}", here) ?? source.href);
  } catch {
    return; // Not allowed here; a link was followed all the same.
  }
  source.dataset.copied = "";
  setTimeout(() => delete source.dataset.copied, SHOWN_MS);
});
