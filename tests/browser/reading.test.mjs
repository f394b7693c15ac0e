/** Reading a manual: one that is too long for a file, figures, code; and what the search page offers beside its results. */

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { INPUT, OPTION, browserTests, mcdewey, savingData, scratch, search, shownIds, untilMeaning } from "./harness.mjs";

/** The most that one page of a site may weigh, in bytes: a part of a manual with what stands around it. */
const LONGEST = 1_700_000;
const PAGES = 300;

/** A manual of 300 pages, which say the same so that the build is short, with a chapter every hundred. */
async function longManual() {
  const library = scratch("long-library");
  rmSync(library, { recursive: true, force: true });
  mkdirSync(join(library, "pump/v1"), { recursive: true });
  const body = "The valve closes when the pressure falls. ".repeat(200);
  let text = "# Pump guide\n";
  for (let n = 1; n <= PAGES; n += 1) {
    text += `\n<!-- page ${n} label=${n - 1} -->\n\n`;
    if (n % 100 === 50) text += `## Chapter ${Math.ceil(n / 100)}\n\n`;
    if (n === 2) text += "See [the third chapter](#chapter-3).\n\n";
    text += `${body}\n`;
  }
  writeFileSync(join(library, "pump/v1/guide.md"), text);
  const site = scratch("long");
  const run = await mcdewey("build", library, "--out", site);
  assert.equal(run.code, 0, run.stderr);
  return site;
}

const inLong = browserTests("sample", undefined, { serving: ["--no-mcp"], build: longManual });

inLong("a long manual is in several files, each of which a phone can hold", {}, async ({ page, server, site }) => {
  const sizes = readdirSync(site, { recursive: true }).filter((name) => name.endsWith("index.html"));
  for (const name of sizes) assert.ok(statSync(join(site, name)).size <= LONGEST, `${name} is too long`);
  await page.goto(`${server.url}pump/v1/guide/`);
  const onFirst = await page.locator("section.leaf").count();
  assert.ok(onFirst > 50 && onFirst < PAGES, `${onFirst} pages on the first`);
  let seen = onFirst;
  while (await page.locator("a.after[href*=part-]").count()) {
    await page.click("a.after[href*=part-]");
    await page.waitForURL(/part-\d+\/$/);
    seen += await page.locator("section.leaf").count();
  }
  assert.equal(seen, PAGES, "the parts together have every page");
});

inLong("every address that a page or a heading has leads to it, whichever part has it", {}, async ({ page, server }) => {
  for (const id of ["page-250", "chapter-3", "printed-249"]) {
    await page.goto("about:blank");
    await page.goto(`${server.url}pump/v1/guide/#${id}`);
    await page.waitForURL((url) => /\/part-\d+\/$/.test(url.pathname) && url.hash === `#${id}`);
    const top = await page.$eval(`#${id}`, (one) => one.getBoundingClientRect().top);
    assert.ok(top >= 0 && top < 400, `#${id} is at ${top}`);
  }
  await page.goto(`${server.url}pump/v1/guide/page-250/`);
  await page.click(".context a");
  await page.waitForURL(/part-\d+\/#page-250$/);
  await page.goto(`${server.url}pump/v1/guide/#page-2`);
  await page.click("text=the third chapter");
  await page.waitForURL(/part-\d+\/#chapter-3$/);
  const copied = await page.getAttribute("#page-250 a.permalink", "href");
  assert.equal(copied, "../#page-250", "what is copied names no part");
});

inLong("without JavaScript a page in another part is a click away", { javaScriptEnabled: false }, async ({ page, server }) => {
  await page.goto(`${server.url}pump/v1/guide/#page-250`);
  await page.click("#page-250");
  await page.waitForURL(/part-\d+\/#page-250$/);
});

const inBrowser = browserTests("sample", undefined, { serving: ["--no-mcp"] });
const LEAF = "bookshelf/v1/developer-guide/";

inBrowser("a figure opens large by mouse and by key, says what it is, and gives the focus back", {}, async ({ page, server }) => {
  await page.addInitScript(savingData);
  await page.goto(server.url + LEAF);
  const figure = page.locator("a.large").first();
  const alt = await figure.locator("img").getAttribute("alt");
  assert.ok(alt.trim(), "a figure has words");
  for (const open of [() => figure.click(), () => page.keyboard.press("Enter")]) {
    await figure.scrollIntoViewIfNeeded();
    const before = await figure.locator("img").evaluate((one) => one.getBoundingClientRect().width);
    await figure.focus();
    await open();
    const dialog = page.locator("dialog.figure[open]");
    await dialog.waitFor();
    assert.equal(await dialog.getAttribute("aria-label"), alt);
    const width = await dialog.locator("img").evaluate(async (one) => {
      await one.decode();
      return one.getBoundingClientRect().width;
    });
    assert.ok(width > before, `${width} px are not more than ${before}`);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => document.activeElement.className), "large");
  }
});

inBrowser("without JavaScript a figure is a link to its picture", { javaScriptEnabled: false }, async ({ page, server }) => {
  await page.goto(server.url + LEAF);
  await page.locator("a.large").first().click();
  await page.waitForURL(/\/media\/[0-9a-f]+\.\w+$/);
});

inBrowser("code has colours, and what is copied of it is the code", {}, async ({ page, server }) => {
  await page.addInitScript(savingData);
  await page.goto(`${server.url}mcdewey/v0.1/user-guide/`);
  const block = page.locator("pre code.language-sh").first();
  assert.ok((await block.locator("span").count()) > 0);
  assert.match(await block.textContent(), /^make demo +# builds McDewey/);
  const colours = await page.$$eval("pre code.language-sh span.c", (all) => all.map((one) => getComputedStyle(one).color));
  const text = await page.$eval("pre code.language-sh", (one) => getComputedStyle(one).color);
  assert.ok(colours.length && colours.every((colour) => colour !== text));
});

inBrowser("chips say what was found, narrow it by keys, and are taken off again", {}, async ({ page, server }) => {
  await page.addInitScript(savingData);
  await page.goto(`${server.url}search/`);
  await search(page, "page");
  await page.waitForFunction(() => document.querySelector("mcdewey-status .rung").dataset.rung === "terms");
  const chip = (name) => page.locator(`.chip[data-chip="${name}"]`);
  const all = await shownIds(page);
  const n = Number(await chip("heading").locator(".n").textContent());
  assert.ok(n > 0 && n < all.length, `${n} of ${all.length}`);
  await chip("heading").focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.getAttribute("aria-pressed") === "true");
  assert.equal((await shownIds(page)).length, n, "as many are shown as the chip said");
  const reasons = await page.$$eval(`${OPTION} .reasons:first-of-type`, (all) => all.map((one) => one.textContent));
  assert.ok(reasons.filter((text) => /Found by/.test(text)).every((text) => /heading/.test(text)));
  await page.keyboard.press("Enter");
  assert.deepEqual(await shownIds(page), all, "pressed again, all are back in their order");

  await chip("bookshelf").press("Enter");
  await page.waitForURL((url) => url.searchParams.get("product") === "bookshelf");
  await page.waitForFunction(() => document.querySelector('.chip[data-chip="bookshelf"]')?.getAttribute("aria-pressed") === "true");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.chip), "bookshelf", "the focus stays on the chip");
  await chip("bookshelf").press("Enter");
  await page.waitForURL((url) => !url.searchParams.has("product"));
});

inBrowser("a search that was pinned is offered again with its place, until it is taken off", {}, async ({ page, server }) => {
  await page.addInitScript(savingData);
  await page.goto(`${server.url}search/?q=loan&product=bookshelf`);
  await page.waitForSelector(OPTION);
  await page.click(".pin");
  await page.waitForSelector('.pin[aria-pressed="true"]');
  await page.goto(`${server.url}mcdewey/`);
  await page.keyboard.press("/");
  await page.click(".pinned >> text=loan · bookshelf");
  await page.waitForSelector(OPTION);
  assert.equal(await page.inputValue(INPUT), "loan");
  assert.equal(await page.$eval("dialog select", ({ value }) => value), "bookshelf");
  await page.fill(INPUT, "");
  await page.getByRole("button", { name: "Take loan · bookshelf off the pins" }).click();
  assert.equal(await page.locator(".pinned").count(), 0);
});

inBrowser("a better answer leaves the row of chips where it is", {}, async ({ page, server }) => {
  await page.goto(`${server.url}search/`);
  await search(page, "search by meaning");
  const top = () => page.$eval("mcdewey-search .results", (one) => one.getBoundingClientRect().top);
  const before = await top();
  await untilMeaning(page);
  assert.equal(await top(), before);
});
