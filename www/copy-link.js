/**
 * Links that are copied as well as followed: `<a class="permalink" href="#page-128">`. Without the clipboard they
 * remain links, and the address bar shows what to copy.
 */

/** How long "Copied" is shown, in ms. */
const SHOWN_MS = 1600;

addEventListener("click", async (event) => {
  const link = event.target instanceof Element ? event.target.closest("a.permalink") : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
  try {
    await navigator.clipboard.writeText(link.href);
  } catch {
    return; // Not allowed here; the link was followed all the same.
  }
  link.dataset.copied = "";
  setTimeout(() => delete link.dataset.copied, SHOWN_MS);
});
