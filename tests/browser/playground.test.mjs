/**
 * The ranking playground: untouched it ranks as the search does, a weight that is moved moves the ranking and says so, and
 * taken back it is as it was. It can be used from the keyboard, and breaks no rule of accessibility.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { browserTests, mcdewey } from "./harness.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const QUERY = "search by meaning";
const HIT = "section.found li > a";

const inBrowser = browserTests("sample");

const links = (page) => page.$$eval(HIT, (links) => links.map((link) => link.getAttribute("href")));
const scores = (page) => page.$$eval(`${HIT} + .count`, (counts) => counts.map((count) => count.textContent));

/** Waits until what is said of the hits is no longer `before`. */
async function changed(page, before) {
  await page.waitForFunction(
    ([hit, before]) => {
      const now = [...document.querySelectorAll(`${hit} + .count`)].map((count) => count.textContent);
      return now.length > 0 && JSON.stringify(now) !== before;
    },
    [HIT, JSON.stringify(before)],
  );
}

inBrowser("an untouched playground ranks as the search does, a moved weight moves it", {}, async ({ page, server, site }) => {
  await page.goto(`${server.url}playground/?q=${encodeURIComponent(QUERY)}`);
  await page.waitForSelector(HIT);
  const run = await mcdewey("search", site, QUERY, "--word-by-word", "--json");
  const expected = JSON.parse(run.stdout).hits.map(({ url }) => new URL(url, server.url).href);
  assert.deepEqual(await links(page), expected);
  const shipped = await scores(page);
  assert.ok(!shipped.some((text) => /up|down|new/.test(text)), `nothing has moved yet: ${shipped}`);

  // From the keyboard: the weight of meaning down to nothing.
  await page.focus("[name=meaning_of_terms]");
  await page.keyboard.press("Home");
  await changed(page, shipped);
  assert.equal(await page.textContent("output[for=meaning_of_terms]"), "0");
  const keyword = await mcdewey("search", site, QUERY, "--mode", "keyword", "--json");
  const byWords = JSON.parse(keyword.stdout).hits.map(({ url }) => new URL(url, server.url).href);
  assert.deepEqual(await links(page), byWords, "without meaning it is the order of the words");
  assert.notDeepEqual(byWords, expected, "the query was chosen because meaning moves it");
  assert.ok((await scores(page)).some((text) => /up from|down from|new/.test(text)), "what moved is said");

  const moved = await scores(page);
  await page.click("form.playground button[type=reset]");
  await changed(page, moved);
  assert.deepEqual(await links(page), expected);
  assert.deepEqual(await scores(page), shipped);
});

inBrowser("every hit of the playground shows the factors of its score, and the page is accessible", {}, async ({ page, server }) => {
  await page.goto(`${server.url}playground/?q=max_connections`);
  await page.fill("#asked", "copy_sources");
  await page.waitForSelector(HIT);
  await page.click("section.found li summary");
  const tree = await page.textContent("section.found li details");
  for (const factor of ["score", "share of words", "spelled as it was typed"]) assert.ok(tree.includes(factor), tree);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(AXE);
    const violations = await page.evaluate(async () => {
      const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
      return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
    });
    assert.deepEqual(violations, []);
  }
});
