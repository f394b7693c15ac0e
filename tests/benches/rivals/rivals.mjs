/**
 * Search engines for static sites over the same pages, in the same browser, in one run: what a visitor downloads and waits
 * for, and how well the answers are ranked.
 *
 *   node rivals.mjs FOLDER TRUTH
 *
 * FOLDER holds the pages, and gets the indexes; TRUTH is a folder with queries.jsonl and qrels.tsv whose documents are those
 * pages. Writes a table in Markdown to standard output, and says on standard error how far it is.
 *
 *   cold      a fresh browser, the engine's code and index and ten results with their addresses; median of five queries
 *   far       the same at the end of a line of 60 ms and 10 Mbit/s
 *   further   ten more queries in the same page, mean
 *   warm      fifty more, median and 95th of a hundred
 *   ranking   all queries of the truth, distinct pages, a page is as good as its best section
 */

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { launch } from "../../browser/harness.mjs";
import { serve } from "./server.mjs";

const LINE = { delay: 60, bytesPerMs: 10_000_000 / 8 / 1000 };
const [COLD, FURTHER, WARM] = [5, 10, 50];
/** Results on a page, and how deep is looked for ten distinct pages. */
const SHOWN = 10;
const DEEP = 40;

const [folder, truth] = process.argv.slice(2);
const mcdewey = process.env.MCDEWEY ?? "mcdewey";
const pagefind = new URL("node_modules/.bin/pagefind", import.meta.url).pathname;

/** Each with its folder below the pages, how it is built, and how it is asked. */
const ENGINES = [
  { name: "McDewey, words", below: "mcdewey", build: [mcdewey, "build", "--html", folder], way: "keyword" },
  { name: "McDewey, words and their meaning", below: "mcdewey", way: "words" },
  { name: "McDewey, with the encoder", below: "mcdewey", way: "encoder" },
  { name: "Pagefind", below: "pagefind", build: [pagefind, "--site", folder, "--output-subdir", "pagefind"] },
  {
    name: "Pagefind, tuned",
    below: "pagefind-tuned",
    build: [pagefind, "--site", folder, "--output-subdir", "pagefind-tuned", "--force-language", "en"].concat([
      "--include-characters",
      "_$.<>:",
      "--exclude-selectors",
      ".navheader, .navfooter, .related, .sphinxsidebar, a.headerlink",
    ]),
  },
];

const say = (line) => process.stderr.write(`${line}\n`);
const lines = (file) => readFileSync(join(truth, file), "utf8").split("\n").filter(Boolean);

/** The queries in an order that is the same each time and mixes their kinds, each with its relevant pages. */
function queries() {
  const relevant = new Map();
  for (const [query, document, grade] of lines("qrels.tsv").slice(1).map((line) => line.split("\t"))) {
    if (Number(grade) <= 0) continue;
    relevant.set(query, (relevant.get(query) ?? new Set()).add(document.split("#")[0]));
  }
  const all = lines("queries.jsonl").map((line) => JSON.parse(line));
  const known = all.filter(({ _id }) => relevant.has(_id));
  const placed = known.map(({ _id, text }, n) => ({ text, pages: relevant.get(_id), place: (n * 7919) % known.length }));
  return placed.sort((a, b) => a.place - b.place);
}

const median = (numbers) => quantile(numbers, 0.5);
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

/** nDCG@10 and MRR@10 of distinct pages, each relevant or not. */
function score(urls, base, pages) {
  const ranked = [...new Set(urls.map((url) => decodeURIComponent(new URL(url, base).pathname).slice(1)))].slice(0, SHOWN);
  const gain = (place) => 1 / Math.log2(place + 2);
  const gains = ranked.map((page, place) => (pages.has(page) ? gain(place) : 0));
  const ideal = Array.from({ length: Math.min(SHOWN, pages.size) }, (_, place) => gain(place));
  const first = gains.findIndex((gain) => gain > 0);
  const sum = (numbers) => numbers.reduce((sum, number) => sum + number, 0);
  return { ndcg: sum(gains) / sum(ideal), mrr: first < 0 ? 0 : 1 / (first + 1) };
}

function files(folder) {
  const all = readdirSync(folder, { recursive: true }).map((name) => join(folder, name));
  return all.map((name) => statSync(name)).filter((one) => one.isFile());
}

async function measure(engine, browser, all) {
  const own = new Map([["/test.html", "<!doctype html><title>test</title><link rel=icon href=data:,>"]]);
  for (const name of readdirSync(new URL("adapters/", import.meta.url))) {
    own.set(`/${name}`, readFileSync(new URL(`adapters/${name}`, import.meta.url), "utf8"));
  }
  const server = await serve(folder, own);
  const base = `${server.url}${engine.below}/`;
  const adapter = engine.below.startsWith("pagefind") ? "pagefind.js" : "mcdewey.js";
  const fresh = async (body) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(300_000);
    await page.goto(`${server.url}test.html`);
    const visit = (query, limit = SHOWN, opens = false) =>
      page.evaluate(
        async ([adapter, base, way, query, limit, opens]) => {
          const start = performance.now();
          const engine = await import(`/${adapter}`);
          if (opens) await engine.open(base, way);
          const urls = await engine.search(query, limit);
          return { urls, ms: performance.now() - start };
        },
        [adapter, base, engine.way, query, limit, opens],
      );
    try {
      return await body(visit);
    } finally {
      await context.close();
    }
  };

  const cold = { bytes: [], requests: [], ms: [], far: [] };
  // Compresses once, so that the host is not what is timed.
  await fresh((visit) => visit(all[0].text, SHOWN, true));
  for (const { text } of all.slice(0, COLD)) {
    server.take();
    cold.ms.push((await fresh((visit) => visit(text, SHOWN, true))).ms);
    const log = server.take();
    const lost = log.filter(({ status }) => status !== 200);
    if (lost.length) say(`${engine.name}: ${lost[0].path} was not there`);
    cold.bytes.push(log.reduce((sum, { bytes }) => sum + bytes, 0));
    cold.requests.push(log.length);
  }
  for (const { text } of engine.way === "encoder" ? all.slice(0, 1) : all.slice(0, COLD)) {
    server.far(LINE);
    cold.far.push((await fresh((visit) => visit(text, SHOWN, true))).ms);
    server.far(undefined);
  }
  const row = { engine, cold, further: [], warm: [], scores: [] };
  await fresh(async (visit) => {
    await visit(all[0].text, SHOWN, true);
    for (const { text } of all.slice(COLD, COLD + FURTHER)) {
      server.take();
      await visit(text);
      row.further.push(server.take().reduce((sum, { bytes }) => sum + bytes, 0));
    }
    for (const { text } of all.slice(COLD + FURTHER, COLD + FURTHER + WARM)) row.warm.push((await visit(text)).ms);
    for (const { text, pages } of all) row.scores.push(score((await visit(text, DEEP)).urls, base, pages));
  });
  server.stop();
  return row;
}

function built({ build, below }) {
  execFileSync(build[0], build.slice(1), { stdio: ["ignore", "ignore", "inherit"] });
  const all = files(join(folder, below));
  return { count: all.length, bytes: all.reduce((sum, { size }) => sum + size, 0) };
}

const kB = (bytes) => (bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
const head = ["engine", "files", "disk", "cold", "requests", "ms", "far ms", "a further query", "warm ms p50/p95"];
head.push("nDCG@10", "MRR@10");

const browser = await launch();
const all = queries();
const pages = readdirSync(folder).filter((name) => name.endsWith(".html")).length;
console.log("# What a search costs, and how it ranks\n");
console.log("Written by `make rivals`; `tests/benches/rivals/rivals.mjs` says what is measured. The lowest bytes are not always ours.\n");
console.log(`${pages} pages, ${all.length} queries, Chromium ${browser.version()}, ${new Date().toISOString().slice(0, 10)}\n`);
console.log(`| ${head.join(" | ")} |\n|${head.map(() => "---|").join("")}`);
const disk = new Map();
for (const engine of ENGINES) {
  say(engine.name);
  if (engine.build) disk.set(engine.below, built(engine));
  const { count, bytes } = disk.get(engine.below);
  const { cold, further, warm, scores } = await measure(engine, browser, all);
  const cells = [engine.name, count, kB(bytes), kB(median(cold.bytes)), median(cold.requests), Math.round(median(cold.ms))];
  cells.push(Math.round(median(cold.far)), kB(mean(further)), `${Math.round(median(warm))} / ${Math.round(quantile(warm, 0.95))}`);
  cells.push(mean(scores.map(({ ndcg }) => ndcg)).toFixed(3), mean(scores.map(({ mrr }) => mrr)).toFixed(3));
  console.log(`| ${cells.join(" | ")} |`);
}
await browser.close();
