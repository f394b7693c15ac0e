/**
 * The main ways through the site in Firefox, which other tests leave to Chromium. It is Debian's own, driven by WebDriver
 * BiDi, so the tests are few and look at what engines differ in: modules in workers, dialogs, the service worker.
 */

import assert from "node:assert/strict";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import puppeteer from "puppeteer-core";
import { INPUT, OPTION, PATIENCE, RUNG, host, siteOf } from "./harness.mjs";

const LEAF = "bookshelf/v1/developer-guide/page-3/";

function findFirefox() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const places = ["firefox-esr", "firefox"].flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env.FIREFOX ?? "", ...places].find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return path !== "";
    } catch {
      return false;
    }
  });
}

const executablePath = findFirefox();
const skip = executablePath ? false : "no Firefox on PATH: `.ci/setup tests` installs one, or name one in FIREFOX";
let browser;
let site;
before(async () => {
  if (skip) return;
  site = await siteOf("sample");
  browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true, timeout: PATIENCE });
});
after(() => browser?.close());

/** A test with a page of its own, whose console must stay empty. */
function inFirefox(name, body) {
  test(name, { skip }, async () => {
    const server = await host(site, ["--no-mcp"]);
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const problems = [];
    page.on("console", (message) => problems.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
    try {
      await body({ page, server });
      assert.deepEqual(problems, [], "the console stays empty");
    } finally {
      await context.close();
      await server.stop();
    }
  });
}

inFirefox("Firefox answers from words, then from meaning, and opens what is chosen by keys", async ({ page, server }) => {
  await page.goto(server.url);
  await page.keyboard.press("/");
  await page.keyboard.type("search by meaning");
  await page.waitForSelector(OPTION);
  await page.waitForFunction((rung) => document.querySelector(rung)?.dataset.rung === "transformer", {}, RUNG);
  await page.keyboard.press("ArrowDown");
  const href = await page.$eval(`${OPTION}[aria-selected=true]`, (one) => one.href);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  assert.equal(page.url(), href);
});

inFirefox("Firefox opens the dialog by its keys, and Esc closes it", async ({ page, server }) => {
  await page.goto(server.url + LEAF);
  await page.keyboard.down("Control");
  await page.keyboard.press("k");
  await page.keyboard.up("Control");
  await page.waitForSelector("dialog[open]");
  await page.waitForFunction((input) => document.activeElement === document.querySelector(input), {}, INPUT);
  await page.keyboard.type("loan");
  await page.waitForSelector(OPTION);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("dialog[open]"));
});

inFirefox("Firefox asks what a shared address asks, and narrows it by a chip", async ({ page, server }) => {
  await page.goto(`${server.url}search/?q=page`);
  await page.waitForSelector(".chip[data-chip=heading]");
  await page.waitForFunction((rung) => document.querySelector(rung)?.dataset.rung === "transformer", {}, RUNG);
  const count = () => page.$$eval(OPTION, (all) => all.length);
  const all = await count();
  await page.click(".chip[data-chip=heading]");
  assert.ok((await count()) < all);
});

inFirefox("Firefox opens a figure large", async ({ page, server }) => {
  await page.goto(`${server.url}bookshelf/v1/developer-guide/`);
  await page.click("a.large");
  await page.waitForSelector("dialog.figure[open] img");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("dialog.figure"));
});

inFirefox("Firefox reads again what it read, when the server is gone", async ({ page, server }) => {
  await page.goto(server.url + LEAF);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(async () => {
    for (const name of await caches.keys()) if (await (await caches.open(name)).match(location.href)) return true;
    return false;
  });
  await server.stop();
  // As a device without a network says it.
  await page.evaluateOnNewDocument(() => Object.defineProperty(Navigator.prototype, "onLine", { get: () => false }));
  await page.reload();
  assert.match(await page.$eval("main", (one) => one.textContent), /chunk_id/);
});
