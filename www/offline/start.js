/**
 * The page's part of reading without a network: starts the service worker, and tells it what was fetched before it was
 * there. Everything else works without it: over plain `http`, in a browser that forbids storage, for who saves data.
 */

/** @param {string} root @param {() => Promise<string[]>} more Brings what workers of this page have fetched. */
export async function startServiceWorker(root, more) {
  if (!navigator.serviceWorker || navigator.connection?.saveData) return;
  const tell = async (worker) => {
    const own = performance.getEntriesByType("resource").map(({ name }) => name);
    worker?.postMessage({ seen: [location.href.split("#")[0], ...own, ...(await more())] });
  };
  try {
    // Where one is in charge already, it has seen the page itself.
    if (!navigator.serviceWorker.controller) {
      navigator.serviceWorker.addEventListener("controllerchange", () => tell(navigator.serviceWorker.controller), { once: true });
    }
    await navigator.serviceWorker.register(new URL("service-worker.js", root), { type: "module", scope: root });
  } catch {
    // A browser that does not know modules here, storage that is full or forbidden: no service worker, then.
  }
}
