/**
 * How many questions and how many tokens does an agent need until it has read what answers it?
 *
 *   search_docs ─► snippets with ids ─► read_docs, the best first ─► … ─► a chunk of a page that the truth names
 *
 * The agent is a script without a language model, so it cannot be clever: it searches once and reads the hits in their
 * order until it meets evidence, five at most. Beside it stands what many servers do instead: one answer with the whole
 * text of the best five chunks. Both rank alike, so the difference is what is paid for it. Truth is by page, and a page is
 * found when one of its chunks was read. Tokens are the server's own count, which is rather too high than too low.
 *
 *     node agent.mjs RELEVANCE OUT.md
 */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { LIBRARIES, mcdewey, serve, siteOf } from "../browser/harness.mjs";
import { quantile, row, writeFigures } from "./figures.mjs";

/** Sets that differ in what is asked: links of authors, links once more, and people's own words. */
const SETS = ["etcd-3.7-anchors", "keda-2.21-anchors", "stackfaq"];
/** Queries of a set, spread over it. */
const QUERIES = 200;
/** Hits that are read, and chunks in the plain answer. */
const READ = 5;
/** What the agent allows a search and a reading, in tokens. */
const SEARCH_TOKENS = 1000;
const READ_TOKENS = 1500;
const BUDGETS = [2000, 4000];

const [relevance, out] = process.argv.slice(2);
const lines = [];
const work = mkdtempSync(join(tmpdir(), "mcdewey-agent-"));
try {
  lines.push(
    "| set | way | found | rounds, median | p90 | tokens, median | p90 | within 2k | within 4k |",
    "|---|---|---|---|---|---|---|---|---|",
  );
  for (const set of SETS) {
    const folder = join(relevance, set);
    if (existsSync(folder)) lines.push(...(await evidence(set, folder)));
    else console.error(`${folder} is not here; left out`);
  }
  if (existsSync(LIBRARIES.shared)) lines.push("", ...(await versions()));
  else console.error(`${LIBRARIES.shared} is not here; versions left out`);
} finally {
  rmSync(work, { recursive: true });
}
writeFigures(out, lines);

/** The agent and the plain answer on one truth set. */
async function evidence(set, folder) {
  const library = join(work, set);
  const names = new Map();
  mkdirSync(join(library, "manuals/v1"), { recursive: true });
  const corpus = jsonLines(gunzipSync(readFileSync(join(folder, "corpus.jsonl.gz"))).toString());
  corpus.forEach(({ _id, title, text }, at) => {
    const name = `d${String(at).padStart(5, "0")}`;
    names.set(name, _id);
    writeFileSync(join(library, "manuals/v1", `${name}.md`), `# ${title || name}\n\n${text}\n`);
  });
  const built = await mcdewey("build", library, "--out", `${library}-site`);
  assert.equal(built.code, 0, built.stdout + built.stderr);

  const truth = new Map();
  for (const line of readFileSync(join(folder, "qrels.tsv"), "utf8").trim().split("\n").slice(1)) {
    const [query, page, score] = line.split("\t");
    if (Number(score) > 0) truth.set(query, (truth.get(query) ?? new Set()).add(page));
  }
  const all = jsonLines(readFileSync(join(folder, "queries.jsonl"), "utf8")).filter(({ _id }) => truth.has(_id));
  const queries = spread(all, QUERIES);
  const server = await serve(`${library}-site`, "--rate", "1000000");
  const agent = [];
  const plain = [];
  for (const { _id, text } of queries) {
    const search = await call(server, "search_docs", { query: text, max_tokens: SEARCH_TOKENS, limit: READ + 1 });
    const ids = idsOf(search).slice(0, READ);
    const wanted = truth.get(_id);
    const at = ids.findIndex((id) => wanted.has(names.get(id.split("::")[2])));
    const costs = [];
    for (const id of ids) costs.push(tokensOf(await call(server, "read_docs", { id, max_tokens: READ_TOKENS })));
    const whole = [];
    for (const id of ids) whole.push(tokensOf(await call(server, "read_docs", { id, max_tokens: 20_000 })));
    const found = at >= 0;
    agent.push({ found, rounds: at + 2, tokens: tokensOf(search) + sum(costs.slice(0, at + 1)) });
    // The plain answer comes whole; cut at a budget, its first chunks are left.
    plain.push({ found, rounds: 1, tokens: sum(whole), until: sum(whole.slice(0, at + 1)) });
  }
  await server.stop();
  const name = `${set} (${queries.length} queries)`;
  return [row([name, "search, then read", ...paid(agent)]), row(["", `best ${READ} chunks`, ...paid(plain)])];
}

/** Of hits asked for in a version, how many are from another. */
async function versions() {
  const server = await serve(await siteOf("shared"), "--rate", "1000000");
  const asked = { "3.7": "v3.7", "3.6": "v3.6", newest: "v3.7", ">=3.6 <3.7": "v3.6" };
  const queries = spread(jsonLines(readFileSync(join(relevance, SETS[0], "queries.jsonl"), "utf8")), QUERIES);
  const count = { hits: 0, wrong: 0, read: 0, wrongRead: 0, blind: 0, wrongBlind: 0, refused: 0 };
  for (const { text: query } of queries) {
    for (const [version, means] of Object.entries(asked)) {
      const ids = idsOf(await call(server, "search_docs", { query, product: "etcd", version }));
      count.hits += ids.length;
      count.wrong += ids.filter((id) => id.split("::")[2] !== means).length;
      if (ids.length === 0) continue;
      const read = idsOf(await call(server, "read_docs", { id: ids[0] }));
      count.read += read.length;
      count.wrongRead += read.filter((id) => id.split("::")[2] !== means).length;
    }
    const blind = idsOf(await call(server, "search_docs", { query, product: "etcd", version: "any", limit: READ }));
    count.blind += blind.length;
    count.wrongBlind += blind.filter((id) => id.split("::")[2] !== "v3.6").length;
    count.refused += (await call(server, "search_docs", { query, product: "etcd", version: "9.9" })).isError;
  }
  await server.stop();
  assert.ok(count.hits > 0 && count.read > 0, "versions are only compared where something was found");
  return [
    `| etcd 3.6 and 3.7 in one library, ${queries.length} queries | from another version than asked |`,
    "|---|---|",
    `| hits, asked for 3.7, 3.6, newest and >=3.6 <3.7 | ${count.wrong} of ${count.hits} |`,
    `| chunks read by the id of the first hit | ${count.wrongRead} of ${count.read} |`,
    `| 3.6 meant, no version asked for (any): the best ${READ} | ${count.wrongBlind} of ${count.blind} |`,
    `| version 9.9, which does not exist: refused | ${count.refused} of ${queries.length} |`,
  ];
}

async function call({ url }, name, args) {
  const params = { name, arguments: args };
  const response = await fetch(new URL("mcp", url), {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  });
  const { result, error } = await response.json();
  assert.ok(result, JSON.stringify(error));
  return result;
}

function idsOf(result) {
  return result._meta["mcdewey/ids"] ?? [];
}

function tokensOf(result) {
  return result._meta["mcdewey/tokens"];
}

/** What was found, and what it took. */
function paid(runs) {
  const found = runs.filter((run) => run.found);
  const share = (part) => `${((100 * part.length) / runs.length).toFixed(1)} %`;
  const within = BUDGETS.map((budget) => share(found.filter(({ until, tokens }) => (until ?? tokens) <= budget)));
  const of = (part) => [0.5, 0.9].map((share) => quantile(found.map((run) => run[part]), share));
  return [share(found), ...of("rounds"), ...of("tokens"), ...within];
}

/** As many items, evenly spread. */
function spread(items, count) {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)]);
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

function jsonLines(text) {
  return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}
