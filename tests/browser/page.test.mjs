/** The pages as a visitor meets them: readable by everyone, usable from the keyboard, at home under any path. */

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { INPUT, OPTION, RUNG, browserTests, search, shownIds, untilMeaning } from "./harness.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const QUERY = "search by meaning";
/** The narrowest screen that pages must fit (WCAG 1.4.10), and an ordinary one. */
const WIDTHS = [320, 1280];

/** A page of each kind that is written beside those. */
const PAGES = [
  "mcdewey/",
  "mcdewey/v0.1/",
  "mcdewey/v0.1/a-z/",
  "bookshelf/v1/developer-guide/page-3/",
  "agents/",
  "build-report/",
  "offline/",
  "no/such/page",
];

const inBrowser = browserTests("sample");

for (const [colorScheme, forcedColors] of [["light", "none"], ["dark", "none"], ["light", "active"]]) {
  for (const width of WIDTHS) {
    const options = { colorScheme, forcedColors, viewport: { width, height: 800 } };
    const look = forcedColors === "active" ? "forced colours" : colorScheme;

    inBrowser(`nothing stands in anyone's way, ${look}, ${width} px`, options, async ({ page, server, problems }) => {
      await page.goto(server.url);
      await assertSound(page, "the home page");
      await search(page, QUERY);
      await assertSound(page, "the home page with results");

      await page.goto(`${server.url}search/?q=${encodeURIComponent(QUERY)}`);
      await page.waitForSelector(OPTION);
      await assertSound(page, "the search page with results");

      const document = await page.getAttribute(OPTION, "href");
      await page.goto(document);
      await assertSound(page, "a document");
      await page.click(".opener");
      await page.waitForSelector("dialog[open]");
      await assertSound(page, "the dialog, with nothing asked");
      await search(page, QUERY);
      await assertSound(page, "the dialog with results");
      await page.keyboard.press("Escape");

      for (const path of PAGES) {
        await page.goto(server.url + path);
        await assertSound(page, path);
      }
      // The browser notes the page that is not there.
      assert.equal(problems.splice(0).filter((problem) => !/status of 404/.test(problem)).join(), "");
      await page.goto(`${server.url}mcdewey/`);
      await page.click("[data-opens=storage]");
      await page.waitForSelector("dialog .row");
      await assertSound(page, "the sheet about storage");

      await page.goto(`${server.url}search/`);
      await page.fill(INPUT, "xyzzyplugh");
      await page.waitForFunction(() => /nothing matches/i.test(document.body.innerText));
      await assertSound(page, "the search page without results");
    });
  }
}

/** No violation that axe knows of, and nothing wider than the screen. */
async function assertSound(page, where) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" | ")}`);
  });
  assert.deepEqual(violations, [], where);
  const wider = await page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const out = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > clientWidth + 1);
    return scrollWidth > clientWidth ? [`${scrollWidth} > ${clientWidth}`, ...out.slice(0, 5).map((one) => one.outerHTML.slice(0, 120))] : [];
  });
  assert.deepEqual(wider, [], `${where} is wider than the screen`);
}

inBrowser("the keyboard is enough", {}, async ({ page, server }) => {
  const chosen = () =>
    page.evaluate((input) => {
      const id = document.querySelector(input).getAttribute("aria-activedescendant");
      return id && [document.getElementById(id).dataset.chunk, document.getElementById(id).getAttribute("aria-selected")];
    }, INPUT);
  const focused = () => page.evaluate((input) => document.activeElement === document.querySelector(input), INPUT);

  await page.goto(server.url);
  assert.equal(await focused(), false);
  await page.keyboard.press("/");
  assert.equal(await focused(), true, "/ goes to the search box");
  assert.equal(await page.inputValue(INPUT), "", "and is not typed into it");
  await page.keyboard.type("search");
  await page.waitForSelector(OPTION);
  await untilMeaning(page);
  const ids = await shownIds(page);
  assert.ok(ids.length >= 2, "the query finds enough to move in");
  assert.equal(await page.getAttribute(INPUT, "aria-expanded"), "true");

  await page.keyboard.press("ArrowDown");
  assert.deepEqual(await chosen(), [ids[0], "true"]);
  await page.keyboard.press("ArrowDown");
  assert.deepEqual(await chosen(), [ids[1], "true"]);
  await page.keyboard.press("ArrowUp");
  assert.deepEqual(await chosen(), [ids[0], "true"]);
  await page.keyboard.press("ArrowUp");
  assert.deepEqual(await chosen(), [ids.at(-1), "true"], "up from the first is the last");
  assert.equal(await focused(), true, "the caret stays in the box");

  await page.keyboard.press("Escape");
  assert.equal(await chosen(), null, "Esc first lets go of the choice");
  await page.keyboard.press("Escape");
  assert.equal(await page.getAttribute(INPUT, "aria-expanded"), "false", "then closes the results");
  await page.keyboard.press("Escape");
  assert.equal(await page.inputValue(INPUT), "", "then empties the box");

  await page.keyboard.type("search");
  await page.waitForSelector(OPTION);
  await untilMeaning(page);
  await page.keyboard.press("ArrowDown");
  const href = await page.getAttribute(`${OPTION}[aria-selected=true]`, "href");
  await page.keyboard.press("Enter");
  await page.waitForURL(href);
  const anchor = decodeURIComponent(new URL(href).hash.slice(1));
  if (anchor) assert.ok(await page.evaluate((id) => document.getElementById(id) !== null, anchor), `#${anchor} is on the page`);
});

inBrowser("Enter without a choice opens the search page, and its address says what was asked", {}, async ({ page, server }) => {
  await page.goto(server.url);
  await page.fill(INPUT, QUERY);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === "/search/");
  assert.equal(new URL(page.url()).searchParams.get("q"), QUERY);
  await page.waitForSelector(OPTION);
  assert.equal(await page.inputValue(INPUT), QUERY);
  await untilMeaning(page);
  assert.match(await page.textContent(RUNG), /meaning/i, "the page says what ranked the answer");
});

inBrowser("every result leads to its place on a page", {}, async ({ page, server }) => {
  await page.goto(`${server.url}search/?q=${encodeURIComponent(QUERY)}`);
  await page.waitForSelector(OPTION);
  await untilMeaning(page);
  const links = await page.$$eval(OPTION, (options) => options.map((option) => option.href));
  for (const link of links) {
    await page.goto(link);
    const anchor = decodeURIComponent(new URL(link).hash.slice(1));
    if (anchor) assert.ok(await page.evaluate((id) => document.getElementById(id) !== null, anchor), `${link} leads nowhere`);
  }
});

// ---- under a path ----

const inParent = (site) => {
  const parent = `${site}-parent`;
  rmSync(parent, { recursive: true, force: true });
  mkdirSync(parent);
  cpSync(site, join(parent, "repo"), { recursive: true });
  // The server wants a site at its root; this one would answer nothing, so whoever asks it by mistake is found out.
  writeFileSync(join(parent, "index.json"), "{}\n");
  return parent;
};
const inFolder = browserTests("sample", inParent, { serving: ["--no-mcp"] });

inFolder("a site works in a folder of its host", {}, async ({ page, server }) => {
  const site = `${server.url}repo/`;
  await page.goto(site);
  await search(page, QUERY);
  await untilMeaning(page);
  await page.goto(`${site}search/?q=${encodeURIComponent(QUERY)}`);
  await page.waitForSelector(OPTION);
  await page.goto(await page.getAttribute(OPTION, "href"));
  await page.keyboard.press("/");
  await page.waitForSelector(`dialog ${INPUT}`);
  await search(page, QUERY);
  await page.goto(site);
  const links = await page.$$eval("a[href]", (all) => all.map((link) => link.href));
  for (const link of links.filter((link) => new URL(link).origin === new URL(site).origin)) {
    assert.ok(link.startsWith(site), `${link} leads out of the site`);
  }
  for (const { path, status } of server.log) {
    assert.ok(path.startsWith("/repo/"), `${path} was asked for, outside the site`);
    assert.ok(status < 400, `${path} was answered with ${status}`);
  }
});
