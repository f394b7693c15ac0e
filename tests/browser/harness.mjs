/**
 * What every browser test stands on: a site built by the real program, served by it, seen through a recording proxy
 * by a real Chromium whose console must stay empty.
 *
 *   library ──mcdewey build──► site ──mcdewey serve──► recorder ──► Chromium
 *                                                      every request, its status and its encoded bytes
 *
 * The recorder, not the browser, keeps the network log: requests of workers are in it like any other, and bytes are
 * counted as they go over the wire.
 */

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, request as sendRequest } from "node:http";
import { delimiter, dirname, extname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
export const program = process.env.MCDEWEY ?? join(target, "release", "mcdewey");

/** The libraries that the tests build. The shared one is real data beside the checkout, where there is any. */
export const LIBRARIES = {
  sample: join(root, "static/library"),
  hostile: join(root, "tests/browser/hostile"),
  shared: join(root, "../shared/data/library"),
};

/** How long anything may take that a person would wait for, in ms: the encoder on a slow machine is the longest. */
export const PATIENCE = 60_000;

/** The input, an option of the results, and what ranked them. */
export const INPUT = "mcdewey-search input[type=search]";
export const OPTION = "mcdewey-search [role=option]";
export const RUNG = "mcdewey-status .rung";

// ---- the program --------------------------------------------------------------------------------------------------

/** Runs the program to its end. */
export function mcdewey(...args) {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: "1", XDG_CACHE_HOME: join(dirname(program), "test-cache") };
    execFile(program, args, { env, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? error.message) : 0, stdout, stderr });
    });
  });
}

/**
 * The site of one of `LIBRARIES`, built once for all test files: again only when the program or the library is newer.
 *
 * @param {keyof typeof LIBRARIES} name
 */
export async function siteOf(name) {
  assert.ok(existsSync(program), `${program} is missing: \`make build\` makes it`);
  const site = join(dirname(program), "browser-tests", name);
  const stamp = `${site}.json`;
  const state = JSON.stringify([fingerprint(program), fingerprint(LIBRARIES[name])]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === state) return site;
  rmSync(stamp, { force: true });
  // A site that is built over an older one keeps its bounds, and so costs a visitor something else.
  rmSync(site, { recursive: true, force: true });
  const run = await mcdewey("build", LIBRARIES[name], "--out", site);
  assert.equal(run.code, 0, `building ${LIBRARIES[name]} failed\n${run.stdout}${run.stderr}`);
  writeFileSync(stamp, state);
  return site;
}

/** A folder for a test's own files, beside the sites that were built. */
export function scratch(name) {
  return join(dirname(program), "browser-tests", name);
}

/** Count, size and newest change of the files at a path. */
function fingerprint(path) {
  const files = statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true }).map((name) => join(path, name))
    : [path];
  const all = files.map((file) => statSync(file)).filter((stat) => stat.isFile());
  const bytes = all.reduce((sum, stat) => sum + stat.size, 0);
  return [all.length, bytes, Math.max(...all.map((stat) => stat.mtimeMs))];
}

/** The Markdown of a library, sorted by path. */
export function markdownOf(name) {
  const names = readdirSync(LIBRARIES[name], { recursive: true }).filter((path) => /\.mdx?$/.test(path));
  return names.sort().map((path) => readFileSync(join(LIBRARIES[name], path), "utf8"));
}

/** Serves a site on a port that is free, until `stop`. */
export async function serve(site, ...more) {
  const args = ["serve", site, "--addr", "127.0.0.1:0", ...more];
  const server = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  let said = "";
  const url = await new Promise((resolve, reject) => {
    const listen = (chunk) => {
      said += chunk;
      const found = /at (http:\/\/\S+)/.exec(said);
      if (found) resolve(found[1]);
    };
    server.stdout.on("data", listen);
    server.stderr.on("data", listen);
    server.once("error", reject);
    ended.then((code) => reject(new Error(`mcdewey serve ended with ${code}: ${said}`)));
  });
  return {
    url,
    pid: server.pid,
    async stop() {
      server.kill("SIGTERM");
      await ended;
    },
  };
}

/**
 * A site on the network.
 *
 * @typedef {object} Host
 * @property {string} url Of the site's root, ending in `/`.
 * @property {{path: string, status: number, bytes: number}[]} log Every answer so far; bytes are the encoded body's.
 * @property {() => Promise<void>} stop
 *
 * @param {string} site
 * @param {string[]} [serving] Further arguments of `mcdewey serve`.
 * @returns {Promise<Host>}
 */
export async function host(site, serving = []) {
  const origin = await serve(site, ...serving);
  const log = [];
  const recorder = createServer((request, response) => {
    const { method, headers, url } = request;
    const onward = sendRequest(new URL(url, origin.url), { method, headers }, (answer) => {
      const entry = { path: new URL(url, origin.url).pathname, status: answer.statusCode, bytes: 0 };
      log.push(entry);
      answer.on("data", (chunk) => (entry.bytes += chunk.length));
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise((resolve) => recorder.listen(0, "127.0.0.1", resolve));
  let stopped = false;
  return {
    url: `http://127.0.0.1:${recorder.address().port}/`,
    log,
    async stop() {
      if (stopped) return;
      stopped = true;
      recorder.closeAllConnections();
      await new Promise((resolve) => recorder.close(resolve));
      await origin.stop();
    },
  };
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json" };

/**
 * A host as dumb as they come, and not of ours.
 *
 * @param {string} folder
 * @param {{headers?: Record<string, string>, before?: (path: string) => Promise<void>}} [ways] Further headers; what is waited
 *   for before an answer.
 */
export async function serveFolder(folder, { headers = {}, before = async () => undefined } = {}) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
    await before(path);
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    if (!file.startsWith(folder) || !existsSync(file)) return response.writeHead(404, headers).end();
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    return response.writeHead(200, { "content-type": type, ...headers }).end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

// ---- the browser --------------------------------------------------------------------------------------------------

/** Starts a browser. */
export function launch(flags = []) {
  return chromium.launch({ executablePath: findChromium(), args: flags });
}

function findChromium() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const places = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = [process.env.CHROMIUM ?? "", ...places].find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  });
  assert.ok(found, "no Chromium on PATH: `.ci/setup tests` installs one, or name one in CHROMIUM");
  return found;
}

/**
 * Declares a file's tests over one browser and one site, and returns the function that declares each test. A test
 * gets a fresh page that has visited nothing, and fails if the console said anything that the test did not take from
 * `problems`.
 *
 * @param {keyof typeof LIBRARIES} library
 * @param {(site: string) => string} [place] Makes the folder to serve from the built site.
 * @param {{serving?: string[], flags?: string[], build?: () => Promise<string>}} [more] Further arguments of the server
 *   and of Chromium; what builds the site, where it is not the library as it is.
 */
export function browserTests(library, place = (site) => site, { serving = [], flags = [], build } = {}) {
  const absent = !existsSync(LIBRARIES[library]);
  const skip = absent ? `${LIBRARIES[library]} is not here` : false;
  const shared = {};
  before(async () => {
    if (absent) return;
    shared.built = await (build ?? siteOf)(library);
    shared.site = place(shared.built);
    shared.browser = await launch(flags);
  });
  after(() => shared.browser?.close());

  return (name, options, body) =>
    test(name, { skip }, async () => {
      const server = await host(shared.site, serving);
      const context = await shared.browser.newContext(options);
      context.setDefaultTimeout(PATIENCE);
      const page = await context.newPage();
      const problems = [];
      page.on("console", (message) => problems.push(`${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
      page.on("crash", () => problems.push("the page crashed"));
      try {
        await body({ page, context, server, site: shared.built, problems });
        assert.deepEqual(problems, [], "the console stays empty");
      } catch (error) {
        if (problems.length) error.message += `\nThe console said:\n${problems.join("\n")}`;
        throw error;
      } finally {
        await context.close();
        await server.stop();
      }
    });
}

/** Tells the page that its visitor saves data, so that the encoder waits until it is asked for. */
export function savingData() {
  Object.defineProperty(Navigator.prototype, "connection", {
    configurable: true,
    value: Object.assign(new EventTarget(), { saveData: true, effectiveType: "4g", type: "wifi" }),
  });
}

/** Types a query into the search box and waits for the first result. */
export async function search(page, query) {
  await page.fill(INPUT, "");
  await page.waitForFunction((option) => !document.querySelector(option), OPTION);
  await page.fill(INPUT, query);
  await page.waitForSelector(OPTION);
}

/** Waits until the answer shown was ranked by words and the meaning of the query as a whole. */
export async function untilMeaning(page) {
  await page.waitForFunction((rung) => document.querySelector(rung)?.dataset.rung === "transformer", RUNG);
}

/** The chunk ids shown, in the order in which they are read. */
export function shownIds(page) {
  return page.$$eval(OPTION, (options) => options.map((option) => option.dataset.chunk));
}

/**
 * Starts a session with the search worker, through the site's own modules, and puts `ask` and `upgrade` on the page.
 * The worker is asked exactly as the search box asks it.
 */
export function openSession(page, rootUrl) {
  return page.evaluate(async (rootUrl) => {
    const app = new URL(".", document.querySelector("script[type=module][src]").src);
    const { Session } = await import(new URL("session.js", app).href);
    const session = new Session(new URL(rootUrl));
    const failed = (reject) => ({ detail }) => reject(new Error(`${detail.failure.message} ${detail.failure.hint}`));

    const until = (event, wanted) =>
      new Promise((resolve, reject) => {
        const stop = new AbortController();
        const done = (settle) => (value) => {
          stop.abort();
          settle(value);
        };
        const { signal } = stop;
        session.addEventListener(event, ({ detail }) => wanted(detail) && done(resolve)(detail), { signal });
        session.addEventListener("failed", failed(done(reject)), { signal });
      });

    globalThis.ask = async (request) => {
      const answered = until("answer", ({ more }) => !more);
      session.ask(request);
      const { answer } = await answered;
      const { rung, hits, missing } = answer;
      return { rung, ids: hits.map((hit) => hit.chunk_id), missing };
    };
    globalThis.upgrade = async () => {
      const upgraded = until("state", ({ state }) => state === "upgraded");
      session.upgrade();
      await upgraded;
    };
  }, rootUrl);
}
