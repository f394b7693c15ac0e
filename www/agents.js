/** What a page does for agents: offers its tools where the browser lets it. */

/**
 * @param {URL} root The site's root.
 * @param {() => Promise<import("./session.js").Session>} session Brings the page's search session, with the first call.
 */
export async function offerToAgents(root, session) {
  // The property moved from the navigator to the document while it was being designed.
  const modelContext = document.modelContext ?? navigator.modelContext;
  if (!modelContext?.registerTool) return;
  try {
    const { offerTools } = await import("./web-mcp.js");
    await offerTools(modelContext, root, session);
  } catch {
    // A host that is away, a page that offered its tools before: the page is the same for its reader.
  }
}
