/**
 * Reading and searching without a network, and two builds at once. The host of these tests can be taken away, slowed
 * down, and given another build, as hosts are in life.
 */

import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LIBRARIES, OPTION, browserTests, mcdewey, search, shownIds, untilMeaning } from "./harness.mjs";

const QUERY = "search by meaning";
const GUIDE = "mcdewey/v0.1/user-guide/";

const inBrowser = browserTests("sample", undefined, { serving: ["--no-mcp"] });

/** Waits until the service worker has the page, and has stored what the page consists of. */
async function settled(page, url) {
  await page.goto(url);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.waitForFunction((url) => caches.match(url), url);
  await page.waitForFunction(async () => caches.match(document.querySelector("link[rel=stylesheet]").href));
}

/** The browser notes each request that fails; without a network they are meant to. */
function expectLostNetwork(problems) {
  const other = problems.splice(0).filter((problem) => !/ERR_|Failed to load resource|Failed to fetch/.test(problem));
  assert.deepEqual(other, []);
}

inBrowser("a page that was read is read again without a network, with its style", {}, async ({ page, server, problems }) => {
  await settled(page, server.url + GUIDE);
  const words = await page.textContent("h1");
  await server.stop();
  await page.reload();
  assert.equal(await page.textContent("h1"), words);
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector("main")).maxWidth), "none");
  expectLostNetwork(problems);
});

inBrowser("what was searched before is found again without a network", {}, async ({ page, server, problems }) => {
  await settled(page, `${server.url}search/?q=${encodeURIComponent(QUERY)}`);
  await page.waitForSelector(OPTION);
  await page.waitForLoadState("networkidle");
  // What the worker fetched before the service worker was there is told to it; what came later it saw itself.
  await page.reload();
  await page.waitForSelector(OPTION);
  await page.waitForLoadState("networkidle");
  const before = await shownIds(page);
  await server.stop();
  await page.reload();
  await page.waitForSelector(OPTION);
  assert.deepEqual((await shownIds(page)).slice(0, 1), before.slice(0, 1));
  expectLostNetwork(problems);
});

inBrowser("a page that was not read leads to those that were", {}, async ({ page, server, problems }) => {
  await settled(page, server.url + GUIDE);
  await page.waitForFunction((url) => caches.match(url), `${server.url}offline/`);
  await server.stop();
  await page.goto(`${server.url}bookshelf/v1/developer-guide/`);
  assert.equal(new URL(page.url()).pathname, "/offline/");
  await page.waitForSelector(`main a[href$="${GUIDE}"]`);
  assert.equal(await page.getAttribute("main a.more", "href"), `${server.url}bookshelf/v1/developer-guide/`);
  expectLostNetwork(problems);
});

inBrowser("a product that is kept can be read and searched whole, its size told before", {}, async ({ page, server, problems }) => {
  await settled(page, server.url);
  await page.click("[data-opens=storage]");
  const row = page.locator(".row", { hasText: "bookshelf" });
  await row.waitFor();
  assert.match(await row.textContent(), /\d MB/);
  const before = server.log.length;
  await row.getByRole("button", { name: "Keep offline" }).click();
  await page.getByText("can be read and searched without a network").waitFor();
  assert.ok(server.log.length > before, "it was fetched only then");
  assert.match(await row.textContent(), /kept/);
  assert.ok(!server.log.some(({ path }) => /encoder/.test(path)), "the encoder is not asked for");
  await server.stop();
  await page.goto(`${server.url}bookshelf/v1/developer-guide/`);
  assert.match(await page.textContent("h1"), /Bookshelf/i);
  await page.goto(`${server.url}search/?q=loan&product=bookshelf`);
  await page.waitForSelector(OPTION);
  assert.equal(await page.isVisible("mcdewey-status .notice"), false, "no part of the index is missing");
  await page.click("[data-opens=storage]");
  await page.getByRole("button", { name: "Clear everything" }).click();
  await page.getByText("Nothing of this library is stored").waitFor();
  assert.equal(await page.evaluate(async () => (await caches.keys()).filter((name) => /kept/.test(name)).length), 0);
  expectLostNetwork(problems);
});

inBrowser("a device without room says so, and reading goes on", {}, async ({ page, context, server }) => {
  const session = await context.newCDPSession(page);
  await page.goto(server.url);
  await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(server.url).origin, quotaSize: 1 });
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.goto(server.url + GUIDE);
  assert.match(await page.textContent("h1"), /guide/i);
  await page.click("[data-opens=storage]");
  await page.locator(".row", { hasText: "bookshelf" }).getByRole("button", { name: "Keep offline" }).click();
  await page.getByText("no more room").waitFor();
});

const inInsecure = browserTests("sample", undefined, {
  serving: ["--no-mcp"],
  flags: ["--host-resolver-rules=MAP manuals.example 127.0.0.1"],
});

inInsecure("over plain http there is no service worker, and everything else works", {}, async ({ page, server }) => {
  const url = server.url.replace("127.0.0.1", "manuals.example");
  await page.goto(url);
  assert.equal(await page.evaluate(() => isSecureContext), false);
  await search(page, QUERY);
  await page.goto(url + GUIDE);
  await page.click("[data-opens=storage]");
  await page.locator("dialog.sheet").getByText("begin with https").waitFor();
});

// ---- two builds ----

/** A folder to serve, which holds the sample library's site now and the one of `rebuild` later. */
const changing = {};
const inChanging = browserTests(
  "sample",
  (site) => {
    changing.folder = `${site}-changing`;
    rmSync(changing.folder, { recursive: true, force: true });
    cpSync(site, changing.folder, { recursive: true });
    return changing.folder;
  },
  { serving: ["--no-mcp"] },
);

/** Builds the library with a sentence more, and puts it in the place of the site that is served. */
async function rebuild() {
  const library = `${changing.folder}-library`;
  // From nothing: a site that an earlier run left there would lend its ids.
  for (const left of [library, `${changing.folder}-new`]) rmSync(left, { recursive: true, force: true });
  cpSync(LIBRARIES.sample, library, { recursive: true });
  const guide = join(library, "mcdewey/v0.1/user-guide.md");
  writeFileSync(guide, `${readFileSync(guide, "utf8")}\n## Xyzzyplugh\n\nA sentence about the xyzzyplugh.\n`);
  const run = await mcdewey("build", library, "--out", `${changing.folder}-new`);
  assert.equal(run.code, 0, run.stderr);
  // Emptied rather than exchanged: the server holds the folder open.
  for (const name of ["index", "index.json", "mcdewey", "bookshelf"]) {
    rmSync(join(changing.folder, name), { recursive: true, force: true });
    cpSync(join(`${changing.folder}-new`, name), join(changing.folder, name), { recursive: true });
  }
}

inChanging("two tabs on two builds both answer, and the older says that there is a newer", {}, async ({ page, context, server, problems }) => {
  await settled(page, server.url);
  await search(page, QUERY);
  await untilMeaning(page);
  const before = await shownIds(page);
  await rebuild();

  const other = await context.newPage();
  await other.goto(`${server.url}search/?q=xyzzyplugh`);
  await other.waitForSelector(OPTION);
  assert.match(await other.textContent(OPTION), /Xyzzyplugh/);

  await search(page, "loan");
  await search(page, QUERY);
  await untilMeaning(page);
  assert.deepEqual(await shownIds(page), before, "the older tab answers from its build");
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.getByText("newer edition").waitFor();
  await page.getByRole("button", { name: "Load it" }).click();
  await page.waitForLoadState("networkidle");
  await search(page, "xyzzyplugh");
  assert.match(await page.textContent(OPTION), /Xyzzyplugh/);
  expectLostNetwork(problems);
});
