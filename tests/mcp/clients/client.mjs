/**
 * The TypeScript client in both eras, and `mcp-remote` between it and the server: each lists, searches, reads, and looks
 * at a picture.
 *
 *     client.mjs URL PROGRAM SITE
 */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const [url, program, site] = process.argv.slice(2);
const REMOTE = fileURLToPath(new URL("node_modules/mcp-remote/dist/proxy.js", import.meta.url));

const http = () => new StreamableHTTPClientTransport(new URL(url));
const stdio = (command, args) => new StdioClientTransport({ command, args, stderr: "ignore" });

await converse("http, 2025 era", "legacy", http());
await converse("http, newest era", "auto", http());
await converse("stdio, 2025 era", "legacy", stdio(program, ["mcp", site]));
await converse("stdio, newest era", "auto", stdio(program, ["mcp", site]));
await converse("through mcp-remote", "legacy", stdio(process.execPath, [REMOTE, url, "--transport", "http-only"]));

async function converse(name, mode, transport) {
  const client = new Client({ name: "mcdewey-test", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(transport);
  try {
    const { tools } = await client.listTools();
    assert.ok(tools.some((tool) => tool.name === "search_docs"));

    const found = await call(client, "search_docs", { query: "how do I publish a site", max_tokens: 1000 });
    const [, id] = /^id: (.+)$/m.exec(found.content[0].text);
    const read = await call(client, "read_docs", { id });
    assert.ok(read.content[0].text.includes(`id: ${id}`));

    const picture = await firstPicture(client);
    assert.equal(picture, "image/png");

    const { resources } = await client.listResources();
    const { contents } = await client.readResource({ uri: resources[0].uri });
    assert.ok(contents[0].text);
    const refused = await client.callTool({ name: "read_docs", arguments: { id: "../../etc/passwd" } });
    assert.ok(refused.isError);
    const facts = `${tools.length} tools, ${resources.length} resources, read ${id}, picture ${picture}`;
    console.log(`typescript, ${name} (${client.getNegotiatedProtocolVersion?.() ?? "?"}): ${facts}`);
  } finally {
    await client.close();
  }
}

async function call(client, name, args) {
  const result = await client.callTool({ name, arguments: args });
  assert.ok(!result.isError, JSON.stringify(result.content));
  return result;
}

async function firstPicture(client) {
  for (let page = 1; page < 40; page += 1) {
    const shown = await client.callTool({ name: "get_page_image", arguments: { id: "bookshelf/v1/developer-guide/", page } });
    if (!shown.isError && shown.content[1]?.type === "image") return shown.content[1].mimeType;
  }
  return undefined;
}
