/**
 * The answers of several libraries to one question, as one answer.
 *
 *   own      answered   a ─ b ───── c          by worth, which the engine measures so that it can be compared (`merge.rs`);
 *   pumps    answered      x ─ y               ties by library, then by rank: the order in which they answered shows nowhere
 *   fans     waiting                           told by name, like one that failed
 *            merged     a b x y c
 *
 * @typedef {import("./protocol.js").Answer} Answer
 * @typedef {import("./protocol.js").Asked} Asked
 * @typedef {{library: import("./library.js").Library, answer?: Answer, failure?: import("./protocol.js").Failure}} Part
 */

/** From the least to the most that an answer can be ranked by. */
const RUNGS = ["keyword", "terms", "transformer"];

/**
 * @param {Part[]} parts In library order; one without answer and failure is waited for.
 * @param {{query: string, limit: number}} request
 * @returns {Answer}
 */
export function merged(parts, { query, limit }) {
  const answers = parts.map(({ answer }) => answer).filter(Boolean);
  const finding = answers.filter(({ hits }) => hits.length);
  // What a library without a hit has to say is of use only where none has one; that none answers, only where none does.
  const telling = finding.length ? finding : answers;
  const speaking = telling.some(({ answered }) => answered) ? telling.filter(({ answered }) => answered) : telling;
  return {
    query,
    answered: answers.some(({ answered }) => answered),
    rung: RUNGS[Math.min(...telling.map(({ rung }) => RUNGS.indexOf(rung)))] ?? RUNGS[0],
    matched: sum(answers.map(({ matched }) => matched)),
    places: placesOf(parts),
    hits: parts.flatMap(hitsOf).sort((a, b) => b.worth - a.worth).slice(0, limit),
    notices: noticesOf(parts.filter(({ answer }) => speaking.includes(answer))),
    missing: answers.flatMap(({ missing }) => missing),
    libraries: parts.map(asked),
  };
}

/** The hits of one library, which say whose they are; sorting keeps the order of libraries and ranks where worth is equal. */
function hitsOf({ library: { name, root }, answer }) {
  return (answer?.hits ?? []).map((hit) => ({ ...hit, url: addressOf(hit.url, root), library: { name, root } }));
}

/** Where a hit leads, from wherever it is shown. What others wrote is followed to a page, and never run as a script. */
function addressOf(url, root) {
  const address = URL.canParse(url, root) ? new URL(url, root) : undefined;
  return address && /^https?:$/.test(address.protocol) ? address.href : root;
}

/** What libraries have to say, each sentence once and with the names of those that say it. */
function noticesOf(parts) {
  const saying = new Map();
  for (const { library, answer } of parts) {
    for (const notice of answer.notices ?? []) saying.set(notice, [...(saying.get(notice) ?? []), library.name]);
  }
  return [...saying].map(([notice, names]) => `${names.join(", ")}: ${notice}`);
}

/** @returns {Asked} */
function asked({ library: { name, root }, answer, failure }) {
  const state = answer ? "answered" : failure ? "failed" : "waiting";
  return { name, root, state, matched: Math.max(answer?.matched ?? 0, answer?.hits.length ?? 0), ...(failure && { failure }) };
}

/** How much matched in each product or version, of all libraries together. */
function placesOf(parts) {
  const places = new Map();
  for (const { answer } of parts) {
    for (const { name, matched } of answer?.places ?? []) places.set(name, (places.get(name) ?? 0) + matched);
  }
  return [...places].map(([name, matched]) => ({ name, matched }));
}

function sum(numbers) {
  return numbers.reduce((all, one) => all + one, 0);
}
