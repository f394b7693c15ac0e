/**
 * What each rung of the query ladder costs in a browser: the time of an answer, and the bytes it fetches.
 *
 *   node rungs.mjs SITE TRUTH…        writes a page in Markdown to standard output
 *
 * SITE is a built site, each TRUTH a folder with queries.jsonl, whose first 200 queries are asked, in the order of the files. They
 * are asked one after the other in one page that starts with nothing, each of the words alone, then of the sum of their vectors
 * too, then with the encoder; so the bytes of a rung are those that it adds to the one below. Then all are asked again, from
 * the session's memory, and that is what is timed: the modules themselves, without the pause in which the page waits for the
 * next key.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { host, launch } from "../browser/harness.mjs";

const QUERIES = 200;
const RUNGS = ["words", "sum of the words", "encoder"];

const [site, ...truths] = process.argv.slice(2);
const lines = truths.flatMap((truth) => readFileSync(join(truth, "queries.jsonl"), "utf8").split("\n").filter(Boolean));
const queries = lines.slice(0, QUERIES).map((line) => JSON.parse(line).text);

/** The value that a share of the numbers does not exceed. */
function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** Loads the modules into the page, with `ask(query, rung)` for the time of an answer in ms. */
async function open(rootUrl) {
  const app = new URL(".", document.querySelector("script[type=module][src]").src);
  const load = async (name) => {
    const module = await import(new URL(name, app).href);
    await module.default();
    return module;
  };
  const { Search } = await load("mcdewey-www-search.js");
  const search = new Search(rootUrl);
  const { encoder: file } = await search.library();
  const { Encoder } = await load("mcdewey-www-encoder.js");
  const bytes = new Uint8Array(await (await fetch(new URL(file.path, rootUrl))).arrayBuffer());
  const encoder = new Encoder(file.path, bytes);
  globalThis.ask = async (query, rung) => {
    const start = performance.now();
    const vector = rung === 2 ? encoder.embed(query) : undefined;
    const request = { query, mode: rung === 0 ? "keyword" : "hybrid", limit: 10, ...(vector && { vector }) };
    const { answer } = await search.answer(request);
    if (answer.missing.length) throw new Error(`${query}: ${answer.missing[0].reason}`);
    return performance.now() - start;
  };
}

const server = await host(site);
const browser = await launch();
try {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(300_000);
  await page.goto(server.url);
  await page.evaluate(open, server.url);
  const ask = (query, rung) => page.evaluate(([query, rung]) => globalThis.ask(query, rung), [query, rung]);
  const rungs = RUNGS.map((name) => ({ name, first: [], bytes: [], requests: [], ms: [] }));
  for (const query of queries) {
    for (const [n, rung] of rungs.entries()) {
      const before = server.log.length;
      const ms = await ask(query, n);
      const log = server.log.slice(before);
      rung.first.push(ms);
      rung.bytes.push(log.reduce((sum, { bytes }) => sum + bytes, 0));
      rung.requests.push(log.length);
    }
  }
  for (const query of queries) {
    for (const [n, rung] of rungs.entries()) rung.ms.push(await ask(query, n));
  }
  const sum = (numbers) => numbers.reduce((sum, number) => sum + number, 0);
  const kilo = (bytes) => `${Math.round(bytes / 1000)} kB`;
  console.log("# What each rung of the query ladder costs\n");
  console.log("Written by `make rungs`; `tests/benches/rungs.mjs` says what is measured. Bytes are those that a rung adds to the");
  console.log("one above it, in one visit; modules, boot file and encoder are not among them, the text of the hits is.\n");
  console.log(`${queries.length} queries, Chromium ${browser.version()}\n`);
  console.log("| rung | ms p50 | ms p95 | first query | median query | 95 of 100 | all queries | requests |");
  console.log("|---|---|---|---|---|---|---|---|");
  for (const { name, ms, bytes, requests } of rungs) {
    const cells = [
      name,
      quantile(ms, 0.5).toFixed(1),
      quantile(ms, 0.95).toFixed(1),
      kilo(bytes[0]),
      kilo(quantile(bytes, 0.5)),
      kilo(quantile(bytes, 0.95)),
      kilo(sum(bytes)),
      sum(requests),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
} finally {
  await browser.close();
  await server.stop();
}
