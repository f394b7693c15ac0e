/** The words around the manuals: all of them in one file a language, in every place where a visitor reads. */

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { INPUT, LIBRARIES, OPTION, browserTests, mcdewey, root, savingData, scratch, search } from "./harness.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const [english, german] = ["en", "de"].map((language) => JSON.parse(read(`static/texts/${language}.json`)));

/** Modules whose words are for who maintains a site, or for agents: what failed, in English everywhere. */
const TECHNICAL = /^(?:worker|protocol|service-worker|mcp-endpoint|web-mcp|agents|embed|playground)\.js$|^offline\/(?:files|index-file|lists|pages|storage|sweep|start|keep)\.js$/;
/** Literals that look like words and are none: keys, names of headers, of events and of errors. */
const NO_WORDS = /^(?:Arrow(?:Up|Down)?|Home|End|Enter|Escape|\/ Control\+K Meta\+K|application\/json)$/;

const modules = readdirSync(join(root, "www"), { recursive: true }).filter((name) => /^(?:[\w-]+|offline\/[\w-]+)\.js$/.test(name));

/** A module without its comments. */
const code = (name) => read(`www/${name}`).replace(/\/\*[^]*?\*\//g, "").replace(/(^|[^:"'`])\/\/.*$/gm, "$1");

test("no script has words of its own for a visitor", () => {
  assert.ok(modules.includes("search-box.js") && modules.includes("offline/updates.js"));
  for (const name of modules.filter((name) => !TECHNICAL.test(name))) {
    const literals = code(name).replace(/^import .*$/gm, "").matchAll(/"([^"\n]*)"|`([^`]*)`/g);
    for (const [, plain, template] of literals) {
      const text = (plain ?? template).replace(/\$\{[^}]*\}/g, "");
      const words = /[A-Z][a-z]{2,}/.test(text) || /[a-z]{2,} [a-z]{2,}[^-=\]]*[.:,]? /.test(` ${text} `);
      assert.ok(!words || NO_WORDS.test(text) || /^[a-z-]+\[|^\.|^mcdewey /.test(text), `www/${name} says “${text}”`);
    }
  }
});

test("every text that a script names is there, and none is there for nothing", () => {
  const all = modules.map(code).join("\n");
  const named = [...all.matchAll(/\bsay\((?:"([\w]+)"|`(\w+)\$|[^")]*\? "(\w+)" : "(\w+)")/g)];
  const names = named.flatMap(([, ...found]) => found.filter(Boolean));
  for (const name of names.filter((name) => !name.endsWith("_"))) assert.ok(english.app[name], `nobody wrote the text “${name}”`);
  const stems = names.filter((name) => name.endsWith("_"));
  for (const name of Object.keys(english.app)) {
    assert.ok(names.includes(name) || stems.some((stem) => name.startsWith(stem)), `nobody says the text “${name}”`);
  }
});

test("the style sheet has no left and no right, so that it turns around with the language", () => {
  const rules = read("www/style.css").replace(/\/\*[^]*?\*\//g, "");
  const physical = /(?:^|[\s;{])(?:left|right|(?:margin|padding|border)-(?:left|right)[\w-]*|text-align:\s*(?:left|right)|float:\s*(?:left|right))\s*[:;]/;
  assert.equal(physical.exec(rules)?.[0], undefined);
});

/** The sample library in German, built anew. */
const inGerman = browserTests("sample", (site) => site, { serving: ["--no-mcp"], build: germanSite });

async function germanSite() {
  const library = scratch("german-library");
  rmSync(library, { recursive: true, force: true });
  cpSync(LIBRARIES.sample, library, { recursive: true });
  writeFileSync(join(library, "mcdewey.toml"), 'name = "Bücherei"\nlanguage = "de"\n');
  const site = scratch("german");
  const run = await mcdewey("build", library, "--out", site);
  assert.equal(run.code, 0, run.stderr);
  return site;
}

/** Texts of at least two words without places, which are another in German: none of them may be read on a German page. */
const foreign = [];
(function collect(en, de) {
  for (const [name, text] of Object.entries(en)) {
    if (typeof text === "object") collect(text, de[name]);
    else if (text !== de[name] && / /.test(text) && !/\{/.test(text)) foreign.push(text);
  }
})(english, german);

inGerman("a library in German speaks German on every page, and in the search", { locale: "en-GB" }, async ({ page, server }) => {
  await page.addInitScript(savingData);
  const speaksGerman = async (where) => {
    const said = await page.evaluate(() => {
      const names = ["aria-label", "placeholder", "title"];
      const attributes = [...document.querySelectorAll("*")].flatMap((one) => names.map((name) => one.getAttribute(name) ?? ""));
      // What the manuals say is theirs.
      const around = document.body.cloneNode(true);
      for (const one of around.querySelectorAll(".reading .leaf-body, .hit, script, .outline ol, .leaders")) one.remove();
      return [around.textContent, ...attributes].join("\n");
    });
    assert.deepEqual(foreign.filter((text) => said.includes(text)), [], where);
  };
  for (const path of ["", "mcdewey/", "mcdewey/v0.1/", "mcdewey/v0.1/a-z/", "mcdewey/v0.1/ranking/", "bookshelf/v1/developer-guide/page-3/", "agents/", "build-report/", "offline/"]) {
    await page.goto(server.url + path);
    await speaksGerman(path);
  }
  await page.goto(server.url);
  assert.equal(await page.getAttribute("html", "lang"), "de");
  assert.match(await page.textContent(".shelves-head"), /\d+ Dokumente, \d+ Seiten/);
  await page.goto(`${server.url}search/?q=search`);
  await page.waitForSelector(OPTION);
  await speaksGerman("search/");
  assert.match(await page.textContent("mcdewey-status"), /30 Ergebnisse von \d+/);
  assert.match(await page.textContent(OPTION), /Gefunden durch/);
  await page.fill(INPUT, "xyzzyplugh");
  await page.getByText("Nichts passt zu „xyzzyplugh“").waitFor();
  await page.click("[data-opens=storage]");
  await page.locator(".row .what", { hasText: "Die ganze Bibliothek" }).waitFor();
  await speaksGerman("the sheet about storage");
  await page.goto(`${server.url}mcdewey/v0.1/ranking/`);
  await page.keyboard.press("/");
  await search(page, "vectors");
  await speaksGerman("the dialog");
});

const ARABIC = `# دليل المضخة

افتح الصمام قبل تشغيل المضخة. تبدأ المضخة بعد ثانيتين.

## الصيانة

بدّل الصمام كل سنة، واكتب رقمه \`valve_12\` في السجل.

| الجزء | المدة |
|---|---|
| الصمام | سنة |
| المحمل | ألف ساعة |

\`\`\`sh
pumpctl --start --valve 12 --wait-for-pressure --timeout 30s --log /var/log/pump.log
\`\`\`
`;

/** A manual in Arabic, in a library that says so. */
const inArabic = browserTests("sample", (site) => site, { serving: ["--no-mcp"], build: arabicSite });

async function arabicSite() {
  const library = scratch("arabic-library");
  rmSync(library, { recursive: true, force: true });
  mkdirSync(join(library, "pump/v1"), { recursive: true });
  writeFileSync(join(library, "mcdewey.toml"), 'name = "مكتبة المضخات"\nlanguage = "ar"\n');
  writeFileSync(join(library, "pump/v1/guide.md"), ARABIC);
  const site = scratch("arabic");
  rmSync(site, { recursive: true, force: true });
  const run = await mcdewey("build", library, "--out", site);
  assert.equal(run.code, 0, run.stderr);
  return site;
}

inArabic("a manual that is read from right to left fits a phone, and code in it runs from left to right", { viewport: { width: 360, height: 740 } }, async ({ page, server }) => {
  await page.addInitScript(savingData);
  const direction = (selector) => page.$eval(selector, (one) => getComputedStyle(one).direction);
  for (const path of ["", "pump/", "pump/v1/", "pump/v1/a-z/", "pump/v1/guide/", "search/?q=%D8%A7%D9%84%D8%B5%D9%85%D8%A7%D9%85"]) {
    await page.goto(server.url + path);
    if (path.startsWith("search")) await page.waitForSelector(OPTION);
    const { clientWidth, scrollWidth } = await page.evaluate(() => {
      const { clientWidth, scrollWidth } = document.documentElement;
      return { clientWidth, scrollWidth };
    });
    assert.ok(scrollWidth <= clientWidth, `${path}: ${scrollWidth} > ${clientWidth}`);
    // Nobody has written the words around the manuals in Arabic: those pages are in English, and the manual is in its own.
    assert.equal(await direction("main"), path.endsWith("guide/") ? "rtl" : "ltr", path);
    if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `arabic-${path.replace(/\W+/g, "-")}.png`) });
    if (path.endsWith("guide/")) assert.equal(await direction("pre"), "ltr");
  }
  const [[snippet, from]] = await page.$$eval(".snippet", (all) =>
    all.map((one) => {
      const words = document.createRange();
      words.selectNodeContents(one);
      const { left, right } = one.getBoundingClientRect();
      const lines = words.getClientRects();
      const last = lines[lines.length - 1];
      return [one.textContent, right - last.right < last.left - left ? "right" : "left"];
    }),
  );
  assert.match(snippet, /الصمام/);
  assert.equal(from, "right", "the words of the manual begin where its readers begin");
});
