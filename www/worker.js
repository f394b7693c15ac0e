/**
 * The search worker: owns the wasm modules and keeps the page's thread free.
 *
 * The search module comes first: it answers from words, and then from the meaning of each word. The encoder, which
 * reads the query as a whole, is ten times its size, so it is imported, and its weights fetched, only when the page
 * asks for it; until then nothing here knows that it exists. The tools for agents are a third module, imported when one
 * of them is called.
 */

import { Kind, State, failureFrom } from "./protocol.js";

/** How long a visitor must have paused before a query is read for its meaning, in ms: longer than between two keys. */
const PAUSE_MS = 180;
/** How long a site that was read anew is taken for the newest, in ms: without a network each try is in vain. */
const ANEW_MS = 60_000;
/** Progress is told at most once in this many bytes. */
const PROGRESS_BYTES = 1 << 18;

let state = State.BOOTING;
/** @type {string} */
let root;
/** Kept while it is being made, so that asks wait for it. @type {Promise<object>} */
let booted;
/** The search module's class, once it is here. */
let Search;
/** When the site was last read anew. */
let readAnew = -Infinity;
/** @type {object|undefined} */
let encoder;
/** Kept while it is being made, so that calls wait for it. @type {Promise<object>|undefined} */
let agents;
/** The newest ask: the only one whose answer is still wanted. @type {{seq: number, request: object}|undefined} */
let newest;

function setState(next, detail = {}) {
  state = next;
  postMessage({ kind: Kind.STATE, state, ...detail });
}

const handlers = {
  [Kind.OPEN](message) {
    root = message.root;
    booted = boot();
  },
  async [Kind.ASK]({ seq, request }) {
    newest = { seq, request };
    await answer(newest);
  },
  async [Kind.LIBRARY]() {
    const search = await booted;
    if (search) postMessage({ kind: Kind.LIBRARY, library: await search.library() });
  },
  async [Kind.UPGRADE]() {
    const search = await booted;
    if (search && state === State.READY) await upgrade(search);
  },
  [Kind.SEEN]() {
    postMessage({ kind: Kind.SEEN, addresses: performance.getEntriesByType("resource").map(({ name }) => name) });
  },
  async [Kind.CALL]({ id, name, args }) {
    try {
      postMessage({ kind: Kind.CALLED, id, result: await call(name, JSON.stringify(args ?? {})) });
    } catch (thrown) {
      postMessage({ kind: Kind.CALLED, id, failure: failureFrom(thrown, "agents") });
    }
  },
};

addEventListener("message", async ({ data }) => {
  try {
    await handlers[data.kind](data);
  } catch (thrown) {
    const failure = failureFrom(thrown, "search");
    postMessage({ kind: Kind.FAILED, seq: data.seq, failure });
  }
});

async function boot() {
  try {
    const module = await import("./mcdewey-www-search.js");
    await module.default();
    Search = module.Search;
    const search = new Search(root);
    setState(State.READY);
    return search;
  } catch (thrown) {
    setState(State.FAILED);
    postMessage({ kind: Kind.FAILED, failure: failureFrom(thrown, "boot") });
    return undefined;
  }
}

/** Answers from words on every key; what cells of vectors the meaning takes is fetched when the visitor pauses. */
async function answer(ask) {
  let search = await booted;
  if (!search || ask !== newest) return;
  let outcome = await search.answer({ ...ask.request, mode: "keyword" });
  if (outcome.superseded || ask !== newest) return;
  if (outcome.answer.missing.length) {
    const other = await anew(ask.request);
    if (ask !== newest) return;
    if (other) [search, outcome] = other;
  }
  postMessage({ kind: Kind.ANSWER, seq: ask.seq, answer: outcome.answer, more: refines(ask.request) });
  if (refines(ask.request)) await refine(search, ask);
}

/**
 * Parts that do not arrive may belong to a build that the host has replaced: the site is read anew, and that is what is
 * searched from now on if it answers as a whole.
 */
async function anew(request) {
  if (Date.now() - readAnew < ANEW_MS) return undefined;
  readAnew = Date.now();
  const search = new Search(root);
  const outcome = await search.answer({ ...request, mode: "keyword" }).catch(() => undefined);
  if (!outcome?.answer || outcome.answer.missing.length) return undefined;
  booted = Promise.resolve(search);
  agents = undefined;
  return [search, outcome];
}

/** Whether a second answer, by meaning too, will follow the first. */
function refines({ query, mode }) {
  return mode !== "keyword" && query.trim() !== "";
}

/**
 * Answers once more, by the meaning of the query, unless the visitor types on: from the encoder if it is here, else from
 * the vectors of the words, which came with the words.
 */
async function refine(search, ask) {
  await new Promise((resume) => setTimeout(resume, PAUSE_MS));
  if (ask !== newest) return;
  const vector = encoder?.embed(ask.request.query);
  const outcome = await search.answer({ ...ask.request, ...(vector && { vector }) });
  if (outcome.superseded || ask !== newest) return;
  postMessage({ kind: Kind.ANSWER, seq: ask.seq, answer: outcome.answer, more: false });
}

/** The result of a tool, ranked by the encoder too if the visitor has it. */
async function call(name, args) {
  agents ??= agentsModule().catch((thrown) => {
    agents = undefined;
    throw thrown;
  });
  const tools = await agents;
  const words = tools.words(name, args);
  return JSON.parse(await tools.call(name, args, words && encoder?.embed(words)));
}

async function agentsModule() {
  const { default: init, Agents } = await import("./mcdewey-www-agents.js");
  await init();
  return new Agents(root);
}

async function upgrade(search) {
  setState(State.UPGRADING, { loaded: 0, total: 0 });
  try {
    const { encoder: file } = await search.library();
    if (!file) return setState(State.READY);
    const [module, bytes] = await Promise.all([encoderModule(), download(file)]);
    const made = new module.Encoder(file.path, bytes);
    if (made.fingerprint() !== file.fingerprint) {
      throw new Error(`${file.path}: expected the encoder ${file.fingerprint}, got ${made.fingerprint()}`);
    }
    encoder = made;
    setState(State.UPGRADED);
  } catch (thrown) {
    setState(State.READY);
    postMessage({ kind: Kind.FAILED, failure: failureFrom(thrown, "encoder") });
    return undefined;
  }
  if (newest && refines(newest.request)) await refine(search, newest);
  return undefined;
}

async function encoderModule() {
  const module = await import("./mcdewey-www-encoder.js");
  await module.default();
  return module;
}

/** The encoder's weights, telling how far it is. */
async function download({ path, bytes: total }) {
  const response = await fetch(new URL(path, root));
  if (!response.ok) throw new Error(`${path}: the host answered ${response.status}`);
  const file = new Uint8Array(total);
  const reader = response.body.getReader();
  let loaded = 0;
  let told = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (loaded + value.length > total) throw new Error(`${path}: longer than the ${total} bytes expected`);
    file.set(value, loaded);
    loaded += value.length;
    if (loaded - told >= PROGRESS_BYTES) {
      told = loaded;
      setState(State.UPGRADING, { loaded, total });
    }
  }
  if (loaded !== total) throw new Error(`${path}: ${loaded} of ${total} bytes arrived`);
  return file;
}
