/**
 * The search elements on sites that other generators made: a manual by mdBook and one by Sphinx, real ones, where they are
 * beside the checkout. One line is put into a page, as their owners would.
 */

import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { INPUT, OPTION, launch, mcdewey, root, scratch, serveFolder } from "./harness.mjs";

const SITES = {
  mdBook: { folder: "rust-rustc/1.63.0", query: "codegen options", kept: /^(?:index|what-is-rustc|codegen-options\/index)\.html$/ },
  Sphinx: { folder: "frr/8.4.4", query: "route map", kept: /^(?:index|routemap|filter|ripd)\.html$/ },
};

/** The page that gets the line. */
const START = "index.html";

for (const [generator, { folder, query, kept }] of Object.entries(SITES)) {
  const original = join(root, "../shared/data/html", folder);
  test(`a manual by ${generator} is searched by one line in its page`, { skip: existsSync(original) ? false : `${original} is not here` }, async () => {
    const site = scratch(`embed-${generator}`);
    rmSync(site, { recursive: true, force: true });
    cpSync(original, site, { recursive: true });
    // A few pages of many: reading all of a manual is not what is tested here.
    const pages = readdirSync(site, { recursive: true }).filter((name) => name.endsWith(".html"));
    for (const name of pages) if (!kept.test(name)) rmSync(join(site, name));
    const html = readFileSync(join(site, START), "utf8");
    const lines = `<script type="module" src="mcdewey/search.js"></script>
      <style>mcdewey-search { --mcdewey-cloth: rgb(1, 2, 3); }</style>
      <mcdewey-search></mcdewey-search><mcdewey-search-button shortcut="mod+k">Find</mcdewey-search-button>`;
    rmSync(join(site, START));
    writeFileSync(join(site, START), html.replace(/<main[^>]*>|<div class="body"[^>]*>|<body[^>]*>/, (tag) => tag + lines));
    const run = await mcdewey("build", "--html", site);
    assert.equal(run.code, 0, run.stderr);
    assert.match(readFileSync(join(site, "mcdewey/search.d.ts"), "utf8"), /mcdewey-open/);

    const server = await serveFolder(site);
    const browser = await launch();
    try {
      const page = await browser.newPage();
      const problems = [];
      page.on("console", (message) => /mcdewey/.test(message.location().url) && problems.push(message.text()));
      page.on("pageerror", (error) => /mcdewey/.test(error.stack) && problems.push(error.message));
      await page.goto(server.url + START);
      await page.evaluate(() => {
        globalThis.told = [];
        for (const name of ["mcdewey-answer", "mcdewey-open"]) document.addEventListener(name, ({ type }) => globalThis.told.push(type));
        document.addEventListener("mcdewey-open", (event) => event.preventDefault(), { once: true });
      });
      await page.waitForSelector(INPUT);
      assert.equal(await page.$eval(INPUT, (input) => getComputedStyle(input).getPropertyValue("--cloth").trim()), "rgb(1, 2, 3)");
      await page.fill(INPUT, query);
      await page.waitForSelector(OPTION);
      const [link] = await page.$$eval(OPTION, (options) => options.map(({ href }) => href));
      await page.click(OPTION);
      assert.equal(page.url(), server.url + START, "the page can keep a result from being opened");
      assert.ok((await page.evaluate(() => globalThis.told)).includes("mcdewey-answer"));

      await page.keyboard.press("Control+k");
      const inDialog = `dialog ${INPUT}`;
      await page.waitForSelector(inDialog);
      await page.fill(inDialog, query);
      await page.waitForSelector(`dialog ${OPTION}`);
      await page.keyboard.press("Escape");

      const answer = await page.goto(link);
      assert.equal(answer.status(), 200, `${link} is a page of the site`);
      assert.deepEqual(problems, []);
    } finally {
      await browser.close();
      server.stop();
    }
  });
}
