/**
 * One ranking on every surface: the page's worker and the terminal give the same chunk ids in the same order, by
 * words, by words and the meaning of each, and by words and the meaning of the query as a whole.
 */

import assert from "node:assert/strict";
import { PATIENCE, browserTests, mcdewey, openSession } from "./harness.mjs";
import { AT_LEAST, queriesOf } from "./queries.mjs";

const LIMIT = 10;
/** Programs that run at once: as many as the smallest machine we build on has cores. */
const AT_ONCE = 2;
/**
 * The encoder multiplies in another order of additions in the browser than natively, so its vectors differ in the last
 * digits of a 32-bit float; hits whose scores (0 to 1) differ by no more than this are a tie that either may win. Words,
 * and the sum of their vectors, are added alike everywhere: there nothing is a tie but a tie.
 */
const LAST_DIGITS = 1e-6;
/** Differences shown of those found. */
const SHOWN = 5;

for (const library of ["sample", "shared"]) {
  const inBrowser = browserTests(library);

  inBrowser(`the ${library} library is ranked alike by the page and by the terminal`, {}, async (test) => {
    const { page, server, site } = test;
    const queries = queriesOf(library);
    assert.ok(queries.length >= AT_LEAST, `only ${queries.length} queries could be made from the library`);

    await page.goto(server.url);
    await openSession(page, server.url);
    const keyword = await asked(page, queries, "keyword");
    const terms = await asked(page, queries, "hybrid");
    await page.evaluate(() => globalThis.upgrade());
    const hybrid = await asked(page, queries, "hybrid");

    for (const [mode, rung, answers] of [
      ["keyword", "keyword", keyword],
      ["hybrid", "terms", terms],
      ["hybrid", "transformer", hybrid],
    ]) {
      const expected = await fromTerminal(site, queries, mode, rung === "terms" ? ["--word-by-word"] : []);
      const differences = [];
      queries.forEach((query, at) => {
        const { ids, missing } = answers[at];
        assert.deepEqual(missing, [], `${mode}, ${JSON.stringify(query)}: every part arrives`);
        // A query of unknown words alone has no vector until the encoder reads its letters.
        const rungs = rung === "terms" ? [rung, "keyword"] : [rung];
        if (ids.length > 0) assert.ok(rungs.includes(answers[at].rung), `${mode}, ${JSON.stringify(query)}: what ranked it`);
        const slack = rung === "transformer" ? LAST_DIGITS : 0;
        const terminal = expected[at].map((hit) => hit.chunk_id).slice(0, LIMIT);
        if (!ranksAlike(ids, expected[at], slack)) differences.push({ mode, query, page: ids, terminal });
      });
      const answered = expected.filter((hits) => hits.length > 0).length;
      assert.ok(answered > queries.length / 2, `${mode}: only ${answered} of ${queries.length} queries found anything`);
      assert.equal(differences.length, 0, told(differences, queries.length));
    }
  });
}

/** What the page's worker answers to every query. */
async function asked(page, queries, mode) {
  const answers = [];
  // One call a query: a call for all of them could not be told from one that hangs.
  for (const query of queries) {
    const request = { query, mode, limit: LIMIT };
    const late = new Promise((_, reject) => {
      setTimeout(reject, PATIENCE, new Error(`${mode}, ${JSON.stringify(query)}: no answer`)).unref();
    });
    answers.push(await Promise.race([page.evaluate((request) => globalThis.ask(request), request), late]));
  }
  return answers;
}

/** Whether the page's ids are the program's first hits, but for hits that change places within `slack` of score. */
function ranksAlike(ids, hits, slack) {
  const score = new Map(hits.map((hit) => [hit.chunk_id, hit.score]));
  const stands = (id, at) => id === hits[at]?.chunk_id || Math.abs(score.get(id) - hits[at]?.score) <= slack;
  return ids.length === Math.min(hits.length, LIMIT) && new Set(ids).size === ids.length && ids.every(stands);
}

/** The hits that the program prints for every query, one more than are compared: the last may be a tie. */
async function fromTerminal(site, queries, mode, more) {
  const hits = [];
  let next = 0;
  const worker = async () => {
    while (next < queries.length) {
      const at = next++;
      const run = await mcdewey("search", site, "--json", "--limit", `${LIMIT + 1}`, "--mode", mode, ...more, "--", queries[at]);
      assert.equal(run.code, 0, `mcdewey search ${JSON.stringify(queries[at])}\n${run.stdout}${run.stderr}`);
      hits[at] = JSON.parse(run.stdout).hits;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return hits;
}

function told(differences, all) {
  const shown = differences.slice(0, SHOWN).map((difference) => JSON.stringify(difference, null, 1));
  return `${differences.length} of ${all} queries are ranked differently\n${shown.join("\n")}`;
}
