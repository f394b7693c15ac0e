/**
 * The tools for agents on every way to them, and one answer on all: over HTTP, over standard input, through the bridge to
 * a deployed site, from the page's own tools (WebMCP) and from the service worker's `/mcp`.
 *
 * The page has no encoder until its visitor fetches one, so all are compared as they answer word by word, and the page
 * once more with the encoder.
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { INPUT, PATIENCE, browserTests, program, serve } from "./harness.mjs";
import { AT_LEAST, queriesOf } from "./queries.mjs";

const LIMIT = 10;
/** Queries that are asked once more with the encoder: each is embedded on both sides. */
const WITH_ENCODER = 30;
const HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };

// A host without `/mcp`, as any static host is, and a browser that lets pages offer tools.
const inBrowser = browserTests("sample", undefined, { serving: ["--no-mcp"], flags: ["--enable-features=WebMCP"] });

inBrowser("the page offers its tools to the browser, and answers them", {}, async ({ page, server }) => {
  await page.goto(server.url);
  const tools = await offered(page);
  assert.deepEqual(tools, ["browse_library", "get_outline", "get_page_image", "read_docs", "search_docs"]);
  assert.ok(!server.log.some(({ path }) => path.includes("www-agents_bg.wasm")), "the module waits for the first call");

  const found = await page.webmcp.callTool("search_docs", { query: "how do I publish a site" });
  const [, id] = /^id: (.+)$/m.exec(found.content[0].text);
  const [, url] = /^url: (.+)$/m.exec(found.content[0].text);
  assert.ok(url.startsWith(server.url), `${url} is a link that a person can open`);
  const read = await page.webmcp.callTool("read_docs", { id });
  assert.ok(!read.isError && read.content[0].text.includes(`id: ${id}`));
  const refused = await page.webmcp.callTool("read_docs", { id: "../../etc/passwd" });
  assert.equal(refused.isError, true);
});

inBrowser("the service worker answers /mcp in both eras, and bad questions too", {}, async (test) => {
  const { page, server, problems } = test;
  await controlled(page, server);
  const said = (body, headers) => post(page, body, headers);
  const call = (method, params) => ({ jsonrpc: "2.0", id: 7, method, params });
  const modern = (method, more = {}) => ({ "mcp-protocol-version": "2026-07-28", "mcp-method": method, ...more });

  const hello = await said(call("initialize", { protocolVersion: "2025-06-18" }));
  assert.equal(hello.body.result.protocolVersion, "2025-06-18");
  assert.match(hello.body.result.instructions, /mcdewey \(v0\.0 to v0\.1\)/);
  const discovered = await said(call("server/discover", {}), modern("server/discover"));
  assert.ok(discovered.body.result.supportedVersions.includes("2026-07-28"));
  assert.equal(discovered.body.result.resultType, "complete");
  assert.equal((await said({ jsonrpc: "2.0", method: "notifications/initialized" })).status, 202);

  const { tools } = (await said(call("tools/list"))).body.result;
  assert.equal(tools.length, 5);
  const { resources } = (await said(call("resources/list"))).body.result;
  const { contents } = (await said(call("resources/read", { uri: resources[0].uri }))).body.result;
  assert.ok(contents[0].text.length > 0);
  const picture = await firstPicture(said, call);
  assert.equal(picture, "image/png");

  for (const [what, body, headers, status, code] of [
    ["no JSON", "{", {}, 400, -32700],
    ["a batch", [call("ping")], {}, 400, -32600],
    ["id null", { ...call("ping"), id: null }, {}, 400, -32600],
    ["unknown method", call("x/y"), {}, 200, -32601],
    ["unknown method, newest revision", call("x/y"), modern("x/y"), 404, -32601],
    ["unknown tool", call("tools/call", { name: "x" }), {}, 200, -32602],
    ["no name", call("tools/call", {}), {}, 200, -32602],
    ["unknown resource", call("resources/read", { uri: "file:///etc/passwd" }), {}, 200, -32602],
    ["header and body differ", call("tools/list"), modern("ping"), 400, -32020],
    ["too large", { ...call("ping"), params: "x".repeat(200_000) }, {}, 400, -32600],
  ]) {
    const answer = await said(body, headers);
    assert.deepEqual([answer.status, answer.body.error?.code], [status, code], what);
  }
  const got = await page.evaluate(async (url) => (await fetch(url)).status, `${server.url}mcp`);
  assert.equal(got, 405, "there is no stream to GET");
  // A browser notes each answer of 400 and above.
  const noted = problems.splice(0).filter((problem) => !/with a status of 40[045]/.test(problem));
  assert.deepEqual(noted, []);
});

inBrowser("where a server answers /mcp, the service worker leaves it to", {}, async ({ page, site }) => {
  const own = await serve(site);
  try {
    await controlled(page, own);
    const found = await post(page, { jsonrpc: "2.0", id: 1, ...searchFor("publish a site") });
    assert.match(found.body.result.content[0].text, /ranked by words and meaning/);
  } finally {
    await own.stop();
  }
});

inBrowser("the same ids in the same order on every way", {}, async ({ page, server, site }) => {
  const queries = queriesOf("sample");
  assert.ok(queries.length >= AT_LEAST, `only ${queries.length} queries could be made from the library`);
  const http = await serve(site, "--word-by-word", "--rate", "1000000");
  const folder = conversation(["mcp", site, "--word-by-word"]);
  const bridge = conversation(["mcp", server.url, "--word-by-word", "--no-cache"]);
  try {
    await controlled(page, server);
    await offered(page);
    const ways = {
      http: (query) => overHttp(http.url, query),
      "standard input": folder.search,
      bridge: bridge.search,
      "service worker": async (query) => (await post(page, { jsonrpc: "2.0", id: 1, ...searchFor(query) })).body.result,
      page: (query) => page.webmcp.callTool("search_docs", { query, limit: LIMIT }),
    };
    let answered = 0;
    for (const query of queries) {
      const expected = idsOf(await ways.http(query));
      answered += expected.length > 0;
      for (const [way, search] of Object.entries(ways)) {
        assert.deepEqual(idsOf(await search(query)), expected, `${way}: ${JSON.stringify(query)}`);
      }
    }
    assert.ok(answered > queries.length / 2, `only ${answered} of ${queries.length} queries found anything`);
  } finally {
    folder.end();
    bridge.end();
    await http.stop();
  }
});

inBrowser("with the encoder the page answers as the server does", {}, async ({ page, server, site }) => {
  const http = await serve(site, "--rate", "1000000");
  try {
    await page.goto(server.url);
    await offered(page);
    await page.focus(INPUT);
    await page.waitForFunction(() => document.querySelector("mcdewey-search").session);
    await page.evaluate(async () => {
      const { session } = document.querySelector("mcdewey-search");
      const upgraded = new Promise((resolve) => {
        session.addEventListener("state", ({ detail }) => detail.state === "upgraded" && resolve());
      });
      session.open();
      if (!session.library) await new Promise((resolve) => session.addEventListener("library", resolve, { once: true }));
      session.upgrade();
      await upgraded;
    });
    for (const query of queriesOf("sample").slice(0, WITH_ENCODER)) {
      const inPage = await page.webmcp.callTool("search_docs", { query, limit: LIMIT });
      assert.deepEqual(idsOf(inPage), idsOf(await overHttp(http.url, query)), JSON.stringify(query));
    }
  } finally {
    await http.stop();
  }
});

/** The names of the tools that the page has offered, once they are all there. */
async function offered(page) {
  const late = Date.now() + PATIENCE;
  for (;;) {
    const tools = await page.webmcp.tools();
    if (tools.length === 5) return tools.map(({ name }) => name).sort();
    assert.ok(Date.now() < late, `${tools.length} tools were offered`);
    await new Promise((resume) => setTimeout(resume, 50));
  }
}

/** Opens the site, and waits until its service worker has the page. */
async function controlled(page, { url }) {
  await page.goto(url);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** What the page gets for a message to `/mcp`. */
function post(page, message, more = {}) {
  const body = typeof message === "string" ? message : JSON.stringify(message);
  return page.evaluate(
    async ({ body, headers }) => {
      const root = new URL(document.documentElement.dataset.root, location);
      const response = await fetch(new URL("mcp", root), { method: "POST", headers, body });
      const text = await response.text();
      return { status: response.status, body: text && JSON.parse(text) };
    },
    { body, headers: { ...HEADERS, ...more } },
  );
}

async function firstPicture(said, call) {
  for (let page = 1; page < 40; page += 1) {
    const params = { name: "get_page_image", arguments: { id: "bookshelf/v1/developer-guide/", page } };
    const { content, isError } = (await said(call("tools/call", params))).body.result;
    if (!isError && content[1]?.type === "image") return content[1].mimeType;
  }
  return undefined;
}

function searchFor(query) {
  return { method: "tools/call", params: { name: "search_docs", arguments: { query, limit: LIMIT } } };
}

/** The ids of a result, in its order; a query that cannot be asked has none on any way. */
function idsOf(result) {
  assert.ok(result?.content, "every way answers");
  return result._meta["mcdewey/ids"] ?? [];
}

async function overHttp(url, query) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, ...searchFor(query) });
  const response = await fetch(new URL("mcp", url), { method: "POST", headers: HEADERS, body });
  return (await response.json()).result;
}

/** A program that is asked over its standard input. */
function conversation(args) {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let id = 0;
  const ask = async (method, params) => {
    id += 1;
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    const { value } = await lines.next();
    const answer = JSON.parse(value);
    assert.equal(answer.id, id);
    return answer.result;
  };
  const clientInfo = { name: "mcdewey-test", version: "1" };
  const begun = ask("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo }).then(() => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`);
  });
  return {
    async search(query) {
      await begun;
      const { method, params } = searchFor(query);
      return ask(method, params);
    },
    end: () => child.stdin.end(),
  };
}
