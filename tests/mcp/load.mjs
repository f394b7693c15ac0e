/**
 * What does `mcdewey serve` hold? Clients that search and read without pause, over the shared library.
 *
 *     node load.mjs OUT.md [SECONDS]
 *
 * Each client asks, waits for the answer, and asks the next: questions about what the library holds, every fourth a
 * reading of what was found. Errors are all answers that are none.
 */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { cpus } from "node:os";
import { LIBRARIES, serve, siteOf } from "../browser/harness.mjs";
import { queriesOf } from "../browser/queries.mjs";
import { quantile, row, writeFigures } from "./figures.mjs";

const [out, seconds = "60"] = process.argv.slice(2);
const SECONDS = Number(seconds);
/** Before the first row: the encoder and the index are read once. */
const WARM_UP_SECONDS = 5;
/** The last row repeats the one before: memory that was only warming up stays where it was. */
const CLIENTS = [8, 64, 64];
const library = existsSync(LIBRARIES.shared) ? "shared" : "sample";
const queries = queriesOf(library);
const server = await serve(await siteOf(library), "--rate", "100000000");
const lines = [
  `${cpus()[0].model}, ${cpus().length} cores, shared with the clients; ${library} library; ${SECONDS} s a row.`,
  "",
  "| clients | answers | a second | p50, ms | p99, ms | errors | memory before, MB | after, MB |",
  "|---|---|---|---|---|---|---|---|",
];
try {
  await run(1, WARM_UP_SECONDS);
  for (const clients of CLIENTS) {
    const before = residentMb();
    const { times, errors } = await run(clients, SECONDS);
    const at = (share) => quantile(times, share).toFixed(1);
    const rate = (times.length / SECONDS).toFixed(0);
    lines.push(row([clients, times.length, rate, at(0.5), at(0.99), errors, before, residentMb()]));
    if (errors > 0) process.exitCode = 1;
  }
  writeFigures(out, lines);
} finally {
  await server.stop();
}

async function run(clients, seconds) {
  const times = [];
  let errors = 0;
  const end = performance.now() + seconds * 1000;
  const client = async (number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let id;
    for (let turn = number; performance.now() < end; turn += 1) {
      const read = id && turn % 4 === 0;
      const [name, args] = read ? ["read_docs", { id }] : ["search_docs", { query: queries[turn % queries.length] }];
      const begun = performance.now();
      const result = await call(agent, name, args);
      times.push(performance.now() - begun);
      if (!result) errors += 1;
      id = result?._meta["mcdewey/ids"]?.[0] ?? id;
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number * 7)));
  return { times, errors };
}

/** The result of a tool, or nothing where the server answered with something else. */
function call(agent, name, args) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } });
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  return new Promise((resolve) => {
    const sent = request(new URL("mcp", server.url), { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () => resolve(response.statusCode === 200 ? JSON.parse(text).result : undefined));
      response.on("error", () => resolve(undefined));
    });
    sent.on("error", () => resolve(undefined));
    sent.end(body);
  });
}

/** Resident memory of the server, in MB. */
function residentMb() {
  const status = `/proc/${server.pid}/status`;
  const kb = existsSync(status)
    ? /^VmRSS:\s+(\d+)/m.exec(readFileSync(status, "utf8"))[1]
    : execFileSync("ps", ["-o", "rss=", "-p", String(server.pid)]).toString();
  return Math.round(Number(kb) / 1000);
}
