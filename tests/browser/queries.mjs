/**
 * Queries for a library, made from its own words by a rule without chance: the same library gives the same queries.
 *
 * They are not a measure of quality (`mcdewey relevance` is). They are many and different, so that two
 * implementations that answer all of them alike are the same implementation.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LIBRARIES, markdownOf } from "./harness.mjs";

/** How many of each kind. */
const HEADINGS = 60;
const QUESTIONS = 40;
const CODE = 30;
const PREFIXES = 30;
const TRUTH = 40;
const PAIRS = 100;
/** How many in all, at least; filled up with neighbouring words, then with single ones. */
export const AT_LEAST = 220;

const STARTS = ["how do I set up", "what is", "why does it fail:", "where can I find", "can I change"];

/** What trips a tokeniser or a border between languages. */
const ODD = [
  "a",
  "the of and",
  "%%% ---",
  "--jobs",
  "C++ && ||",
  "naïve café Straße",
  "日本語の検索",
  "поиск по смыслу",
  "emoji 🙂 in a query",
  "ﬁle ligature",
  '"exact words"',
  "snake_case camelCase kebab-case v1.2.3",
  "xyzzyplugh quuxification",
  "  spaces   around  ",
  "one two three four five six seven eight nine ten ".repeat(8),
];

/**
 * @param {keyof typeof LIBRARIES} library
 * @returns {string[]} Without repetition.
 */
export function queriesOf(library) {
  const texts = markdownOf(library);
  const prose = texts.map((text) => text.replace(/^(```|~~~)[\s\S]*?^\1/gm, ""));
  const headings = distinct(prose.flatMap((text) => [...text.matchAll(/^#{1,4}\s+(.+)$/gm)].map((found) => plain(found[1]))));
  const code = distinct(prose.flatMap((text) => [...text.matchAll(/`([^`\n]{3,40})`/g)].map((found) => found[1])));
  const pairs = distinct(prose.flatMap((text) => [...text.matchAll(/\p{L}{4,} \p{L}{4,}/gu)].map((found) => found[0])));
  const words = distinct(prose.flatMap((text) => [...text.matchAll(/[\p{L}\p{N}_]{3,}/gu)].map((found) => found[0])));
  const queries = distinct([
    ...ODD,
    ...pick(headings, HEADINGS),
    ...pick(headings, QUESTIONS, "question").map((heading, at) => `${STARTS[at % STARTS.length]} ${heading.toLowerCase()}?`),
    ...pick(code, CODE),
    ...pick(headings, PREFIXES, "prefix").map((heading) => heading.slice(0, Math.max(3, Math.ceil(heading.length * 0.7)))),
    ...(library === "shared" ? truthQueries() : []),
  ]);
  const more = [...pick(pairs, PAIRS), ...pick(words, Infinity)].filter((filler) => !queries.includes(filler));
  return [...queries, ...more.slice(0, Math.max(0, AT_LEAST - queries.length))];
}

/** What people really asked of manuals that the shared library holds. */
function truthQueries() {
  return ["etcd-3.7-anchors", "freeswitch-anchors"].flatMap((set) => {
    const file = join(LIBRARIES.shared, "../relevance", set, "queries.jsonl");
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    return pick(lines.map((line) => JSON.parse(line).text), TRUTH);
  });
}

/** A heading without its markup. */
function plain(heading) {
  return heading
    .replace(/\{[^}]*\}\s*$/, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*`#]/g, "")
    .trim();
}

function distinct(items) {
  return [...new Set(items.filter((item) => item.trim() !== ""))];
}

/** `count` items spread over all of them, in an order that depends on nothing but the items and `salt`. */
function pick(items, count, salt = "") {
  const ranked = items.map((item) => [hash(salt + item), item]);
  ranked.sort(([a, x], [b, y]) => a - b || (x < y ? -1 : 1));
  return ranked.slice(0, count).map(([, item]) => item);
}

/** FNV-1a, 32 bits: spreads, and is the same everywhere. */
function hash(text) {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
