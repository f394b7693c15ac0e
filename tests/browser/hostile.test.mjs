/**
 * Documents that an attacker wrote. On every page that is made of them nothing of theirs runs, nothing is fetched from
 * elsewhere, and no element of theirs is taken for one of ours.
 */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { OPTION, browserTests } from "./harness.mjs";

const inBrowser = browserTests("hostile", undefined, { serving: ["--no-mcp"] });

/** Notes what is called, from whichever frame. */
function watch() {
  globalThis.pwnedBy = [];
  globalThis.pwned = (what) => globalThis.pwnedBy.push(what);
}

/** The addresses of all pages of a site. */
function pagesOf(site) {
  const names = readdirSync(site, { recursive: true }).filter((name) => name.endsWith("index.html"));
  return names.map((name) => name.slice(0, -"index.html".length)).sort();
}

inBrowser("nothing of a hostile document runs on any page", {}, async ({ page, context, server, site, problems }) => {
  const elsewhere = [];
  context.on("request", (request) => {
    if (!request.url().startsWith(server.url) && !request.url().startsWith("data:")) elsewhere.push(request.url());
  });
  page.on("dialog", (dialog) => dialog.dismiss().then(() => assert.fail("a dialog was opened")));
  await page.addInitScript(watch);
  const pages = pagesOf(site);
  assert.ok(pages.some((path) => path.includes("page-3/")) && pages.some((path) => path.includes("a-z/")));
  for (const path of pages) {
    await page.goto(server.url + path);
    const found = await page.evaluate(() => {
      const all = [...document.querySelectorAll("*")];
      const handlers = all.flatMap((one) => [...one.attributes].map(({ name }) => name).filter((name) => /^on|^style$|^ping$/.test(name)));
      const links = [...document.querySelectorAll("[href], [src], [action], [formaction]")].flatMap((one) =>
        ["href", "src", "action", "formaction"].map((name) => one.getAttribute(name) ?? ""),
      );
      const main = document.querySelector("main");
      return {
        ran: globalThis.pwnedBy,
        handlers,
        schemes: links.filter((link) => /^[\s\0-\x20]*(?:javascript|data|vbscript)\s*:/i.test(link)),
        elements: [...main.querySelectorAll("script, iframe, object, embed, base, meta, style, math, template, .leaf-body mcdewey-search, .leaf-body form, .leaf-body [data-opens], .leaf-body [data-copy], .leaf-body [data-away]")].map((one) => one.outerHTML),
        mains: document.querySelectorAll("#main").length,
      };
    });
    assert.deepEqual(found, { ran: [], handlers: [], schemes: [], elements: [], mains: 1 }, path);
  }
  await page.goto(`${server.url}search/?q=plugh`);
  await page.waitForSelector(OPTION);
  await page.goto(`${server.url}search/?q=${encodeURIComponent("</script><script>pwned(1)</script> heading")}`);
  await page.waitForSelector(OPTION);
  assert.deepEqual(await page.evaluate(() => globalThis.pwnedBy), []);
  assert.deepEqual(elsewhere, [], "nothing is fetched from elsewhere");
  // Its pictures that are nowhere are all that a reader notices.
  assert.deepEqual(problems.splice(0).filter((problem) => !/status of 404/.test(problem)), []);
});

inBrowser("a picture that is a program is not published, and the report says so", {}, async ({ page, server, site }) => {
  const pictures = readdirSync(join(site, "media"));
  assert.equal(pictures.length, 1, "the plain one");
  const report = JSON.parse(readFileSync(join(site, "build-report.json"), "utf8"));
  assert.match(JSON.stringify(report), /armed\.svg holds a script/);
  await page.goto(server.url);
});

inBrowser("every page has a policy that allows no code of its own", {}, async ({ page, server, site, problems }) => {
  for (const path of [...pagesOf(site), "404.html"]) {
    const html = readFileSync(join(site, path.endsWith("/") || !path ? `${path}index.html` : path), "utf8");
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
    assert.ok(policy.includes("default-src 'none'") && !policy.includes("unsafe-inline"), `${path}: ${policy}`);
    assert.ok(html.indexOf("Content-Security-Policy") < html.indexOf("<script"), `${path}: the policy stands before what it governs`);
  }
  await page.addInitScript(watch);
  await page.goto(`${server.url}pump/v1/guide/`);
  await page.evaluate(() => {
    const made = document.createElement("div");
    made.innerHTML = `<img src="none" onerror="pwned('inline')">`;
    document.body.append(made);
  });
  await page.waitForLoadState("networkidle");
  assert.deepEqual(await page.evaluate(() => globalThis.pwnedBy), [], "the policy would hold back what came through");
  assert.ok(problems.splice(0).some((problem) => /Content Security Policy/.test(problem)));
});
