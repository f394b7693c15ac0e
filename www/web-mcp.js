/**
 * The tools for agents, offered by the page itself where the browser lets pages do so (WebMCP).
 *
 *   agent ── modelContext ──► this page ── CALL ──► search worker ──► the agents module (wasm)
 *
 * They are the tools of `/mcp`, with the same answers. Their definitions were written when the site was built, so that
 * the module that answers is fetched by the first call and not by the first visit.
 */

/** Where the definitions are, below the site's root. */
const DEFINITIONS = "agents/tools.json";

/**
 * Offers the tools until `signal` says otherwise.
 *
 * @param {{registerTool: (tool: object, options: {signal?: AbortSignal}) => unknown}} modelContext The browser's.
 * @param {URL} root The site's root.
 * @param {() => Promise<import("./session.js").Session>} session
 * @param {AbortSignal} [signal]
 */
export async function offerTools(modelContext, root, session, signal) {
  const response = await fetch(new URL(DEFINITIONS, root), { signal });
  if (!response.ok) throw new Error(`${DEFINITIONS}: the host answered ${response.status}`);
  for (const { name, title, description, inputSchema, annotations } of await response.json()) {
    const execute = async (args) => (await session()).call(name, args);
    await modelContext.registerTool({ name, title, description, inputSchema, annotations, execute }, { signal });
  }
}
