/** The search as a dialog, and what must hold of every search: nothing moves under the hand, nothing late is shown. */

import assert from "node:assert/strict";
import { INPUT, OPTION, RUNG, browserTests, savingData, search, shownIds, untilMeaning } from "./harness.mjs";

const GUIDE = "mcdewey/v0.1/user-guide/";
const LEAF = "bookshelf/v1/developer-guide/page-5/";
const QUERY = "search by meaning";
/** The most that a page may weigh before anybody searches: HTML, style and scripts as they go over the wire. */
const PAGE_BYTES = 30_000;

const inBrowser = browserTests("sample", undefined, { serving: ["--no-mcp"] });

inBrowser("a page weighs little, and brings no search before somebody reaches for it", {}, async ({ page, server }) => {
  await page.addInitScript(savingData);
  await page.goto(server.url + LEAF);
  await page.waitForLoadState("networkidle");
  const own = server.log.filter(({ path }) => /\/$|\.(?:js|css|html)$/.test(path));
  const bytes = own.reduce((sum, entry) => sum + entry.bytes, 0);
  assert.ok(bytes <= PAGE_BYTES, `${bytes} bytes: ${own.map((entry) => `${entry.path} ${entry.bytes}`).join(", ")}`);
  assert.ok(!server.log.some(({ path }) => /finder|worker|wasm|\.mcd/.test(path)), "nothing of the search");
  await page.keyboard.press("/");
  await page.waitForSelector(`dialog ${INPUT}`);
  assert.ok(server.log.some(({ path }) => /finder/.test(path)));
});

inBrowser("the dialog opens by keys and by the button, holds the focus and gives it back", {}, async ({ page, server }) => {
  const focused = () => page.evaluate(() => document.activeElement.matches("dialog input[type=search]"));
  await page.goto(server.url + GUIDE);
  for (const key of ["/", "Control+k", "Meta+k"]) {
    await page.keyboard.press(key);
    await page.waitForSelector("dialog[open]");
    assert.equal(await focused(), true, key);
    assert.equal(await page.inputValue(INPUT), "", `${key} is not typed`);
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog:not([open])", { state: "attached" });
  }
  await page.focus(".opener");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  for (let n = 0; n < 12; n += 1) {
    await page.keyboard.press("Tab");
    const inside = await page.evaluate(() => document.activeElement === document.body || !!document.activeElement.closest("dialog"));
    assert.ok(inside, "Tab stays in the dialog");
  }
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog:not([open])", { state: "attached" });
  assert.equal(await page.evaluate(() => document.activeElement.className), "opener");
});

inBrowser("a key that is typed into a field stays there", {}, async ({ page, server }) => {
  await page.goto(`${server.url}search/`);
  await page.focus(INPUT);
  await page.keyboard.type("a/b");
  assert.equal(await page.inputValue(INPUT), "a/b");
});

inBrowser("the dialog begins where the manual is, and leads to the chosen result", {}, async ({ page, server }) => {
  await page.goto(server.url + GUIDE);
  await page.keyboard.press("/");
  await page.waitForSelector("dialog[open]");
  await search(page, QUERY);
  assert.deepEqual(await page.$$eval("dialog select", (all) => all.map(({ value }) => value)), ["mcdewey", "v0.1"]);
  await untilMeaning(page);
  await page.keyboard.press("ArrowDown");
  const href = await page.getAttribute(`${OPTION}[aria-selected=true]`, "href");
  await page.keyboard.press("Enter");
  await page.waitForURL(href);
  await page.waitForSelector("dialog:not([open])", { state: "attached" }).catch(() => undefined);

  await page.goto(`${server.url}bookshelf/`);
  await page.keyboard.press("/");
  await page.click(`.recent >> text=${QUERY}`);
  assert.equal(await page.inputValue(INPUT), QUERY, "what led somewhere is offered again");
  await page.fill(INPUT, "");
  await page.click("text=Forget these");
  assert.equal(await page.locator(".recent").count(), 0);
});

inBrowser("a better answer never moves the chosen result, nor what stands above it", {}, async ({ page, server }) => {
  await page.addInitScript(savingData);
  await page.goto(`${server.url}search/`);
  await search(page, QUERY);
  await page.waitForFunction((rung) => document.querySelector(rung).dataset.rung === "terms", RUNG);
  const before = await shownIds(page);
  await page.focus(INPUT);
  for (let n = 0; n < 3; n += 1) await page.keyboard.press("ArrowDown");
  const place = () => page.$eval(`${OPTION}[aria-selected=true]`, (one) => [one.dataset.chunk, Math.round(one.getBoundingClientRect().top)]);
  const held = await place();
  assert.equal(held[0], before[2]);
  await page.click("mcdewey-status button");
  await untilMeaning(page);
  assert.deepEqual((await shownIds(page)).slice(0, 3), before.slice(0, 3));
  assert.deepEqual(await place(), held);
});

/** A worker whose first answer comes two seconds late. */
function lateFirstAnswer() {
  const { Worker } = globalThis;
  globalThis.Worker = class extends Worker {
    addEventListener(kind, listener) {
      super.addEventListener(kind, (event) => {
        const { kind: said, seq } = event.data ?? {};
        if (said === "answer") globalThis.first ??= seq;
        const late = said === "answer" && seq === globalThis.first;
        if (late) globalThis.late = (globalThis.late ?? 0) + 1;
        setTimeout(() => listener(event), late ? 2000 : 0);
      });
    }
  };
}

inBrowser("an answer that comes late is not shown after a newer question", {}, async ({ page, server }) => {
  await page.addInitScript(savingData);
  await page.addInitScript(lateFirstAnswer);
  await page.goto(`${server.url}search/`);
  await page.fill(INPUT, "loan");
  await page.waitForFunction(() => globalThis.late > 0);
  await page.fill(INPUT, "vectors");
  // The encoder is not fetched here, so the second answer is the last.
  await page.waitForFunction((rung) => document.querySelector(rung)?.dataset.rung === "terms", RUNG);
  const newer = await shownIds(page);
  await page.waitForTimeout(2500);
  const after = await shownIds(page);
  assert.deepEqual([...after].sort(), [...newer].sort());
  assert.ok(await page.evaluate(() => globalThis.late > 0), "there was a late one");
});

inBrowser("where nothing matches, the wider places are a button away", {}, async ({ page, server }) => {
  await page.goto(`${server.url}search/?q=xyzzyplugh&product=mcdewey&version=v0.0`);
  await page.getByText("Nothing matches").waitFor();
  assert.match(await page.textContent(".after"), /mcdewey v0\.0.*as it is written/s);
  await page.getByRole("button", { name: "Look in all versions" }).click();
  await page.waitForURL((url) => url.searchParams.get("version") === "all");
  await page.getByRole("button", { name: "Look in every product" }).click();
  await page.waitForURL((url) => !url.searchParams.has("product"));
});

inBrowser("the chip of a product counts all that matches there, shown or not", {}, async ({ page, server }) => {
  await page.addInitScript(savingData);
  await page.goto(`${server.url}search/?q=search`);
  await page.waitForSelector(OPTION);
  const chip = page.locator(".chip[data-chip=mcdewey]");
  const counted = Number((await chip.locator(".n").textContent()).replace(/\D/g, ""));
  assert.ok(counted > (await shownIds(page)).length, `${counted}: more than is shown`);
  await chip.click();
  await page.waitForURL((url) => url.searchParams.get("product") === "mcdewey");
  await page.waitForFunction((all) => document.querySelector("mcdewey-status .total").textContent.endsWith(` of ${all}`), String(counted));
});

inBrowser("a shared address asks what its sender asked, by both names of the version", {}, async ({ page, server }) => {
  for (const name of ["version", "v"]) {
    await page.goto(`${server.url}search/?q=preview&product=mcdewey&${name}=v0.0`);
    await page.waitForSelector(OPTION);
    const links = await page.$$eval(OPTION, (all) => all.map(({ href }) => new URL(href).pathname));
    assert.ok(links.every((path) => path.startsWith("/mcdewey/v0.0/")), links.join());
  }
});

inBrowser("keys of an input method are not taken for commands", {}, async ({ page, server }) => {
  await page.goto(`${server.url}search/`);
  await search(page, QUERY);
  await untilMeaning(page);
  await page.evaluate((input) => {
    const key = (name) => new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, isComposing: true });
    document.querySelector(input).dispatchEvent(key("ArrowDown"));
    document.querySelector(input).dispatchEvent(key("Enter"));
  }, INPUT);
  assert.equal(await page.getAttribute(INPUT, "aria-activedescendant"), null);
  assert.equal(new URL(page.url()).pathname, "/search/");
});

/** A browser that forbids all storage. */
function forbidStorage() {
  const refuse = () => {
    throw new DOMException("storage is forbidden", "SecurityError");
  };
  Object.defineProperty(globalThis, "localStorage", { get: refuse });
  Object.defineProperty(globalThis, "caches", { get: refuse });
  Object.defineProperty(Navigator.prototype, "serviceWorker", { get: () => undefined });
}

inBrowser("where storage is forbidden, everything but keeping works", {}, async ({ page, server }) => {
  await page.addInitScript(forbidStorage);
  await page.goto(server.url + GUIDE);
  await page.keyboard.press("/");
  await page.waitForSelector("dialog[open]");
  await search(page, QUERY);
  await page.keyboard.press("Escape");
  await page.click("[data-opens=storage]");
  await page.getByText("keeps no pages").waitFor();
});

inBrowser("without JavaScript the form leads to the shelves, and every page is whole", { javaScriptEnabled: false }, async ({ page, server }) => {
  await page.goto(server.url + LEAF);
  assert.match(await page.textContent("main"), /chunk_id/);
  assert.equal(await page.isVisible("[data-opens=storage]"), false, "no button that does nothing");
  await page.fill("#q", QUERY);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === "/search/" && url.searchParams.get("q") === QUERY);
  assert.match(await page.textContent("noscript"), /bookshelf/);
});

inBrowser("a deep link arrives where it leads, and pictures do not move it", {}, async ({ page, server }) => {
  await page.goto(`${server.url}bookshelf/v1/developer-guide/#page-12`);
  await page.waitForLoadState("networkidle");
  const sized = await page.$$eval("main img", (all) => all.every((one) => one.hasAttribute("width") && one.hasAttribute("height")));
  assert.ok(sized, "every picture says its size before it is here");
  const top = await page.$eval("#page-12", (one) => one.getBoundingClientRect().top);
  assert.ok(top >= 0 && top < 200, `page 12 is at ${top}`);
});
