/**
 * What a visitor downloads, kept as a ledger: every kind of file up to the first keyword result, and then up to the
 * first answer that knows meaning. The ledger is committed, so that a change that costs visitors is seen in its diff.
 *
 * `make golden` rewrites it. Bytes are those of the encoded bodies; headers are the host's business.
 */

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { RUNG, browserTests, savingData, search, shownIds, untilMeaning } from "./harness.mjs";

const FILE = new URL("ledger.json", import.meta.url);
const UPDATE = process.env.UPDATE_LEDGER === "1";

/** Growth that passes, as a share: less than a person would notice, more than compression wavers. */
const TOLERANCE = 0.05;
/** Requests that may come on top: on a busy machine the page sometimes asks for one shard more. */
const MORE_REQUESTS = 1;

/** What is looked for: present in the library, with an answer of more than one part. */
const QUERIES = { sample: "search by meaning", shared: "call variables" };

for (const library of ["sample", "shared"]) {
  const inBrowser = browserTests(library);

  inBrowser(`a first visit to the ${library} library costs what the ledger says`, {}, async ({ page, server }) => {
    // The encoder waits until it is asked for, so that the two halves of the visit can be told apart.
    await page.addInitScript(savingData);
    await page.goto(server.url);
    await search(page, QUERIES[library]);
    await page.waitForLoadState("networkidle");
    const keyword = entryOf(server.log);
    assert.match(await page.textContent(RUNG), /words/i);
    assert.ok(!keyword.files["encoder module"], "nobody asked for the encoder");

    const before = server.log.length;
    await page.click("mcdewey-status button");
    await untilMeaning(page);
    await page.waitForLoadState("networkidle");
    const meaning = entryOf(server.log.slice(before));

    const visit = { query: QUERIES[library], keyword, meaning };
    const ledger = existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : {};
    if (UPDATE) {
      writeFileSync(FILE, `${JSON.stringify({ ...ledger, [library]: visit }, null, 2)}\n`);
    } else {
      assert.ok(ledger[library], `ledger.json has no entry for ${library}: \`make golden\` writes one`);
      for (const half of ["keyword", "meaning"]) compare(half, ledger[library][half], visit[half]);
    }
  });

  inBrowser(`the ${library} library answers when the server is gone`, {}, async ({ page, server }) => {
    await page.goto(server.url);
    await search(page, QUERIES[library]);
    await untilMeaning(page);
    const before = await shownIds(page);
    await server.stop();
    await search(page, QUERIES[library]);
    await untilMeaning(page);
    assert.deepEqual(await shownIds(page), before);
  });
}

/** Requests and bytes, in all and by kind of file. */
function entryOf(log) {
  const files = {};
  const entry = { requests: 0, bytes: 0, files };
  for (const { path, status, bytes } of log) {
    assert.equal(status, 200, `${path} was answered with ${status}`);
    const kind = kindOf(path);
    files[kind] ??= { requests: 0, bytes: 0 };
    for (const sum of [files[kind], entry]) {
      sum.requests += 1;
      sum.bytes += bytes;
    }
  }
  entry.files = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  return entry;
}

/** A file's kind: its name without what changes from build to build. */
function kindOf(path) {
  const name = path.split("/").at(-1);
  if (name === "" || name.endsWith(".html")) return "page";
  if (name.endsWith(".wasm")) return `${/www-(\w+?)_bg/.exec(name)[1]} module`;
  if (name.endsWith(".mcd")) return `index: ${name.replace(/\.mcd$/, "").replace(/[-.]?[0-9a-f]{8,}$/, "").replace(/[-.]?\d+$/, "")}`;
  if (/\.m?js$/.test(name)) return "script";
  return name.split(".").at(-1);
}

/** Fewer is always right, more within the tolerances. */
function compare(half, committed, now) {
  const shown = `\ncommitted ${JSON.stringify(committed, null, 1)}\nnow ${JSON.stringify(now, null, 1)}\n\`make golden\` accepts it`;
  assert.ok(now.requests <= committed.requests + MORE_REQUESTS, `${half}: ${now.requests} requests, it were ${committed.requests}${shown}`);
  const most = Math.round(committed.bytes * (1 + TOLERANCE));
  assert.ok(now.bytes <= most, `${half}: ${now.bytes} bytes, ${most} are allowed${shown}`);
}
