/** Several libraries in one list: a site's own, and one of another origin that is there, late, or not there at all. */

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { INPUT, OPTION, PATIENCE, launch, mcdewey, scratch, serveFolder } from "./harness.mjs";
import { merged } from "../../www/merge.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** What lets pages of other origins read a host's files. */
const OPEN = { "access-control-allow-origin": "*" };

const PUMPS = {
  "start.html": "Starting the pump|Open the inlet valve, then press the green button. The pump starts within two seconds.",
  "valve.html": "The inlet valve|The inlet valve closes the pump against its tank. Replace the valve every year.",
  "grease.html": "Bearings and grease|Grease the bearings of the pump with lithium soap every thousand hours.",
};
const FANS = {
  "valve.html": "A valve of the fan|The fan has one valve, which lets dust out. It needs no care.",
  "blades.html": "Balancing the blades|An unbalanced blade shakes the fan. Balance the blades with small weights of brass.",
  "bearings.html": "Bearings of the fan|The bearings run dry and need no grease.",
};

const shared = {};

before(async () => {
  shared.pumps = await siteOf("pumps", PUMPS, "Pumps");
  shared.fans = await siteOf("fans", FANS, "Fans");
  shared.browser = await launch();
});
after(() => shared.browser?.close());

/** A folder of pages as another generator writes them, with an index beside them. */
async function siteOf(name, pages, title) {
  const folder = scratch(`libraries-${name}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "mcdewey.toml"), `name = "${title}"\n`);
  for (const [file, page] of Object.entries(pages)) {
    const [heading, text] = page.split("|");
    const html = `<!doctype html><html lang="en"><title>${heading}</title><main><h1>${heading}</h1><p>${text}</p></main></html>`;
    writeFileSync(join(folder, file), html);
  }
  const run = await mcdewey("build", "--html", folder);
  assert.equal(run.code, 0, run.stderr);
  return folder;
}

/**
 * Opens a page of the pumps' that asks the fans, too.
 *
 * @param {(visit: {page: import("playwright-core").Page, own: {url: string}, others: {url: string}, problems: string[]}) => Promise<void>} body
 * @param {{ways?: object, context?: object, attributes?: string}} [more] How the fans are served.
 */
async function visit(body, { ways = { headers: OPEN }, context: options, attributes = "" } = {}) {
  const own = await serveFolder(shared.pumps);
  const others = await serveFolder(shared.fans, ways);
  const line = `<mcdewey-search libraries="${others.url}mcdewey" ${attributes}></mcdewey-search>`;
  const head = `<title>Help</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">`;
  const script = `<script type="module" src="mcdewey/search.js"></script>`;
  writeFileSync(join(shared.pumps, "help.html"), `<!doctype html><html lang="en">${head}${script}<main><h1>Help</h1>${line}</main></html>`);
  const context = await shared.browser.newContext(options);
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const problems = [];
  page.on("console", (message) => problems.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
  try {
    await page.goto(`${own.url}help.html`);
    await page.waitForSelector(INPUT);
    await body({ page, own, others, problems });
    assert.deepEqual(problems, [], "the console stays empty");
  } finally {
    await context.close();
    own.stop();
    others.stop();
  }
}

const hrefs = (page) => page.$$eval(OPTION, (options) => options.map(({ href }) => href));
const chips = (page) => page.$$eval(".chip", (all) => all.map(({ innerText }) => innerText.replace(/\s+/g, " ").trim()));

/** Waits until a library's chip says this. */
function untilChip(page, text) {
  return page.waitForFunction((text) => [...document.querySelectorAll(".chip")].some(({ innerText }) => innerText.replace(/\s+/g, " ").trim() === text), text);
}

/** Waits until every library has answered by meaning, too. */
function untilMeaning(page) {
  return page.waitForFunction(() => /transformer/.test(document.querySelector("mcdewey-status .rung")?.dataset.rung));
}

for (const [look, context] of [["wide", { colorScheme: "light" }], ["on a phone", { colorScheme: "dark", viewport: { width: 360, height: 740 } }]]) {
  test(`hits of another origin's library stand in one list with one's own, and say whose they are, ${look}`, async () => {
    await visit(async ({ page, own, others }) => {
      await page.fill(INPUT, "balance the blades");
      await page.waitForSelector(OPTION);
      await untilMeaning(page);
      const [first] = await hrefs(page);
      assert.ok(first.startsWith(`${others.url}blades.html`), `${first}: who has all of the query comes first`);
      assert.match(await page.textContent(".card-head"), /^Fans/);

      await page.fill(INPUT, "valve");
      await untilChip(page, "Pumps 2");
      await untilChip(page, "Fans 1");
      await untilMeaning(page);
      const all = await hrefs(page);
      for (const { url } of [own, others]) assert.ok(all.some((href) => href.startsWith(url)), `${url} is in ${all}`);
      await page.evaluate(AXE);
      const violations = await page.evaluate(async () => (await globalThis.axe.run(document)).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`));
      assert.deepEqual(violations, []);
      const { clientWidth, scrollWidth } = await page.evaluate(() => document.documentElement);
      assert.ok(!(scrollWidth > clientWidth), "nothing is wider than the screen");
      if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `libraries-${look.replaceAll(" ", "-")}.png`) });

      await page.click(".chip >> text=Fans");
      await page.waitForFunction(([option, url]) => [...document.querySelectorAll(option)].every(({ href }) => href.startsWith(url)), [OPTION, others.url]);
      assert.ok((await hrefs(page)).length > 0);
      await page.click(".chip[aria-pressed=true]");
      await untilChip(page, "Pumps 2");

      await page.click(`${OPTION}[href^="${others.url}"]`);
      await page.waitForURL((address) => address.href.startsWith(others.url));
    }, { context });
  });
}

test("a library that does not answer is named, and the others' answers stand", async () => {
  await visit(async ({ page, own, others, problems }) => {
    others.stop();
    await page.fill(INPUT, "valve");
    await page.waitForSelector(OPTION);
    await page.getByText(/did not answer/).waitFor();
    assert.match(await page.textContent("mcdewey-status .notice"), /^127\.0\.0\.1:\d+\/mcdewey did not answer: .*host could not be reached/);
    const all = await hrefs(page);
    assert.ok(all.length > 0 && all.every((href) => href.startsWith(own.url)));
    assert.ok((await chips(page)).some((chip) => / –$/.test(chip)), "its button has no count");
    if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, "libraries-failed.png") });
    // The browser notes a host that is not there.
    assert.equal(problems.splice(0).filter((problem) => !/ERR_CONNECTION_REFUSED/.test(problem)).join(), "");
  });
});

test("a library that may not be read from here is named like one that is not there", async () => {
  await visit(async ({ page, problems }) => {
    await page.fill(INPUT, "valve");
    await page.waitForSelector(OPTION);
    await page.getByText(/did not answer/).waitFor();
    assert.equal(problems.splice(0).filter((problem) => !/CORS|ERR_FAILED/.test(problem)).join(), "");
  }, { ways: {} });
});

test("a library that answers late moves neither the chosen result nor what stands above it", async () => {
  let open;
  const gate = new Promise((resolve) => (open = resolve));
  await visit(async ({ page, own, others }) => {
    await page.fill(INPUT, "valve");
    await page.waitForSelector(OPTION);
    await page.waitForFunction(() => /terms|transformer/.test(document.querySelector("mcdewey-status .rung").dataset.rung));
    assert.ok((await chips(page)).some((chip) => / …$/.test(chip)), "it is shown that one is waited for");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const held = () =>
      page.$$eval(OPTION, (options) => {
        const at = options.findIndex((option) => option.ariaSelected === "true");
        return options.slice(0, at + 1).map((option) => [option.href, Math.round(option.getBoundingClientRect().top)]);
      });
    const before = await held();
    assert.equal(before.length, 2);
    open();
    await page.waitForFunction(([option, url]) => [...document.querySelectorAll(option)].some(({ href }) => href.startsWith(url)), [OPTION, others.url]);
    assert.deepEqual(await held(), before);
    await untilMeaning(page);
    assert.deepEqual(await held(), before);
    assert.ok(before.every(([href]) => href.startsWith(own.url)));
  }, { ways: { headers: OPEN, before: () => gate } });
});

test("a library that fails late moves nothing either, and is named below what is in hand", async () => {
  let fail;
  const gate = new Promise((_, reject) => (fail = reject));
  gate.catch(() => undefined);
  await visit(async ({ page, others, problems }) => {
    await page.fill(INPUT, "valve");
    await page.waitForSelector(OPTION);
    await page.keyboard.press("ArrowDown");
    const top = () => page.$eval(`${OPTION}[aria-selected=true]`, (option) => Math.round(option.getBoundingClientRect().top));
    const before = await top();
    others.stop();
    fail();
    await page.locator(".after").getByText(/did not answer/).waitFor();
    assert.equal(await top(), before);
    problems.length = 0;
  }, { ways: { headers: OPEN, before: () => gate.catch(() => new Promise(() => undefined)) } });
});

// ---- the merge alone ----

const library = (name) => ({ name, root: `https://${name}.example/` });
const answered = (hits, more = {}) => ({ answered: true, rung: "terms", matched: hits.length, hits, missing: [], ...more });
const hit = (chunk_id, worth, url = `${chunk_id}.html`) => ({ chunk_id, worth, url });

test("the order of the list is that of worth, ties by library and rank, whoever answers first", () => {
  const a = answered([hit("a1", 0.6), hit("a2", 0.4)], { places: [{ name: "p", matched: 2 }] });
  const b = answered([hit("b1", 0.6), hit("b2", 0.5)], { rung: "keyword", places: [{ name: "p", matched: 3 }] });
  const parts = [{ library: library("a"), answer: a }, { library: library("b"), answer: b }, { library: library("c") }];
  const all = merged(parts, { query: "q", limit: 3 });
  assert.deepEqual(all.hits.map(({ chunk_id }) => chunk_id), ["a1", "b1", "b2"]);
  assert.deepEqual([all.rung, all.matched, all.places], ["keyword", 4, [{ name: "p", matched: 5 }]]);
  assert.deepEqual(all.libraries.map(({ state }) => state), ["answered", "answered", "waiting"]);
});

test("that one library has no answer is said only where none has", () => {
  const none = (name) => ({ library: library(name), answer: answered([hit("x", 0.1)], { answered: false, notices: ["Nothing here."] }) });
  const some = { library: library("c"), answer: answered([hit("y", 0.9)]) };
  assert.deepEqual(merged([none("a"), none("b")], { query: "q", limit: 9 }).notices, ["a, b: Nothing here."]);
  assert.deepEqual(merged([none("a"), some], { query: "q", limit: 9 }).notices, []);
});

test("where a result of another library leads is a page, never a script", () => {
  for (const url of ["javascript:alert(1)", "data:text/html,x", "blob:https://a.example/1", "http://[", " javascript:alert(1)"]) {
    const [found] = merged([{ library: library("a"), answer: answered([hit("x", 1, url)]) }], { query: "q", limit: 9 }).hits;
    assert.match(found.url, /^https:\/\/a\.example\//, url);
  }
});
