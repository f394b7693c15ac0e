/**
 * A static host in the manner of GitHub Pages: gzip for text, scripts, JSON and wasm, whole files, ten minutes of caching. It
 * keeps a log of what went over the wire, and can pretend to be far away.
 */

import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};
const BINARY = "application/octet-stream";
/** Types that GitHub Pages compresses; files of no known type are among them. */
const COMPRESSED = /^(?:text\/|application\/(?:json|wasm|octet-stream)|image\/svg)/;
/** Bytes that are put on the line at a time. */
const PIECE = 16 << 10;

/**
 * @param {string} folder
 * @param {Map<string, string>} own Files beside it, by path; they are in no log.
 */
export async function serve(folder, own) {
  /** @type {{path: string, status: number, bytes: number}[]} */
  let log = [];
  /** @type {{delay: number, bytesPerMs: number}|undefined} */
  let line;
  let lineFreeAt = 0;
  const compressed = new Map();

  const find = (path) => {
    if (own.has(path)) return { type: TYPES[extname(path)], body: Buffer.from(own.get(path)) };
    const file = join(folder, normalize(path));
    const type = TYPES[extname(file)] ?? BINARY;
    try {
      if (!statSync(file).isFile()) return undefined;
    } catch {
      return undefined;
    }
    if (!COMPRESSED.test(type)) return { type, body: readFileSync(file) };
    if (!compressed.has(file)) compressed.set(file, gzipSync(readFileSync(file)));
    return { type, body: compressed.get(file), encoding: "gzip" };
  };

  const server = createServer(async ({ url }, response) => {
    const path = decodeURIComponent(new URL(url, "http://host").pathname);
    const found = find(path);
    const { type, body, encoding } = found ?? { type: "text/plain", body: Buffer.from("not found") };
    const status = found ? 200 : 404;
    if (!own.has(path)) log.push({ path, status, bytes: body.length });
    if (line) await wait(line.delay);
    const headers = { "content-type": type, "content-length": body.length, "cache-control": "max-age=600" };
    response.writeHead(status, encoding ? { ...headers, "content-encoding": encoding } : headers);
    for (let at = 0; line && at < body.length; at += PIECE) {
      const piece = body.subarray(at, at + PIECE);
      // The line is shared: each piece is booked on it.
      lineFreeAt = Math.max(lineFreeAt, performance.now()) + piece.length / line.bytesPerMs;
      await wait(lineFreeAt - performance.now());
      response.write(piece);
    }
    response.end(line ? undefined : body);
  });
  await new Promise((resume) => server.listen(0, "127.0.0.1", resume));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    /** What was asked for since the last call. */
    take() {
      const taken = log;
      log = [];
      return taken;
    },
    /** From now on at the end of such a line; of none when there is no argument. */
    far(next) {
      line = next;
      lineFreeAt = 0;
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const wait = (ms) => (ms > 0 ? new Promise((resume) => setTimeout(resume, ms)) : undefined);
