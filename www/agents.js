/** What a page does for agents: offers its tools where the browser lets it, and answers `/mcp` where no server does. */

/** @param {import("./search-box.js").SearchBox|null} box The page's search box, which knows the root. */
export async function offerToAgents(box) {
  if (!box) return;
  // The property moved from the navigator to the document while it was being designed.
  const modelContext = document.modelContext ?? navigator.modelContext;
  if (modelContext?.registerTool) await offerTools(modelContext, box);
  if (document.readyState !== "complete") await new Promise((resume) => addEventListener("load", resume, { once: true }));
  await startServiceWorker(box.root);
}

async function offerTools(modelContext, { root, session }) {
  try {
    const { offerTools } = await import("./web-mcp.js");
    await offerTools(modelContext, root, session);
  } catch {
    // A host that is away, a page that offered its tools before: the page is the same for its reader.
  }
}

/** Registers the service worker, unless the visitor saves data. Everything else works without it. */
async function startServiceWorker(root) {
  if (!navigator.serviceWorker || navigator.connection?.saveData) return;
  const script = new URL("service-worker.js", root);
  try {
    await navigator.serviceWorker.register(script, { type: "module", scope: root.href });
  } catch {
    // A browser that does not know modules here, storage that is full or forbidden: no service worker, then.
  }
}
