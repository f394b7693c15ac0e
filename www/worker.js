/**
 * The search worker: owns the wasm modules and keeps the page's thread free.
 *
 * The search module comes first: it answers from words, and then from the meaning of each word. The encoder, which
 * reads the query as a whole, is ten times its size, so it is imported, and its weights fetched, only when the page
 * asks for it; until then nothing here knows that it exists. The tools for agents are a third module, imported when one
 * of them is called; they are those of the page's own library.
 *
 * A page may ask several libraries. Each is asked by itself, and the page is told whenever one has answered.
 */

import { Library } from "./library.js";
import { merged } from "./merge.js";
import { Kind, State, failureFrom } from "./protocol.js";

/** How long a visitor must have paused before a query is read for its meaning, in ms: longer than between two keys. */
const PAUSE_MS = 180;
/** Progress is told at most once in this many bytes. */
const PROGRESS_BYTES = 1 << 18;

let state = State.BOOTING;
/** Of the page's own library. @type {string} */
let root;
/** Those that are asked, the page's own first; kept while they are being made, so that asks wait for them. @type {Promise<Library[]>} */
let booted;
/** @type {{made: object, fingerprint: string}|undefined} */
let encoder;
/** Kept while it is being made, so that calls wait for it. @type {Promise<object>|undefined} */
let agents;
/** The newest ask: the only one whose answer is still wanted. @type {Ask|undefined} */
let newest;

/**
 * A question on its way, and what the libraries have said to it.
 *
 * @typedef {{seq: number, request: object, parts: import("./merge.js").Part[]}} Ask
 */

function setState(next, detail = {}) {
  state = next;
  postMessage({ kind: Kind.STATE, state, ...detail });
}

const handlers = {
  [Kind.OPEN](message) {
    root = message.root;
    booted = boot([root, ...(message.others ?? [])]);
  },
  async [Kind.ASK]({ seq, request }) {
    const ask = { seq, request, parts: [] };
    newest = ask;
    const libraries = await booted;
    if (!libraries.length || ask !== newest) return;
    const asked = libraries.filter((library) => !request.library || library.root === request.library);
    ask.parts = asked.map((library) => ({ library }));
    await Promise.all(ask.parts.map((part) => answer(ask, part)));
  },
  async [Kind.LIBRARY]() {
    const libraries = await booted;
    await Promise.all(libraries.map((library) => describe(library, libraries)));
  },
  async [Kind.UPGRADE]() {
    const libraries = await booted;
    if (libraries.length && state === State.READY) await upgrade(libraries);
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

/** The libraries at these addresses; none where searching cannot run. */
async function boot(roots) {
  try {
    const module = await import("./mcdewey-www-search.js");
    await module.default();
    const libraries = roots.map((root) => new Library(root, module.Search));
    setState(State.READY);
    return libraries;
  } catch (thrown) {
    setState(State.FAILED);
    postMessage({ kind: Kind.FAILED, failure: failureFrom(thrown, "boot") });
    return [];
  }
}

/** Tells what there is to choose from, as far as the libraries have said so. */
async function describe(library, libraries) {
  try {
    await library.describe();
  } catch (thrown) {
    if (libraries.length === 1) throw thrown;
    library.failed(thrown);
    return;
  }
  const described = libraries.flatMap(({ described }) => described ?? []);
  const scopes = described.flatMap(({ scopes }) => scopes);
  const { encoder } = described.find(({ encoder }) => encoder) ?? { encoder: null };
  postMessage({ kind: Kind.LIBRARY, library: { name: libraries[0].name, scopes, encoder } });
}

/**
 * What one library answers: from words on every key; what cells of vectors the meaning takes is fetched when the visitor
 * pauses. One of several that cannot answer leaves the others as they are.
 */
async function answer(ask, part) {
  const { library } = part;
  const several = ask.parts.length > 1;
  part.failure = several ? library.away : undefined;
  if (part.failure) return tell(ask);
  const words = { ...ask.request, mode: "keyword" };
  try {
    let found = await library.answer(words);
    if (!found || ask !== newest) return undefined;
    if (found.missing.length) {
      const anew = await library.anew(words);
      if (anew && library.root === root) agents = undefined;
      found = anew ?? found;
    }
    part.answer = found;
    part.more = refines(ask.request);
    tell(ask);
    if (part.more) await refine(ask, part);
  } catch (thrown) {
    if (!several) throw thrown;
    part.failure = library.failed(thrown);
    part.more = false;
    tell(ask);
  }
  return undefined;
}

/** Tells the page what is known of the answer, unless it has asked anew or nobody has answered yet. */
function tell(ask) {
  if (ask !== newest) return;
  const { parts, request, seq } = ask;
  const more = parts.some(({ answer, failure, more }) => more || !(answer ?? failure));
  const several = parts.length > 1 || request.library;
  if (parts.every(({ failure }) => failure)) return void postMessage({ kind: Kind.FAILED, seq, failure: parts[0].failure });
  if (!parts.some(({ answer }) => answer)) return;
  postMessage({ kind: Kind.ANSWER, seq, answer: several ? merged(parts, request) : parts[0].answer, more });
}

/** Whether a second answer, by meaning too, will follow the first. */
function refines({ query, mode }) {
  return mode !== "keyword" && query.trim() !== "";
}

/**
 * Answers once more, by the meaning of the query, unless the visitor types on: from the encoder if it is here and made
 * this library's vectors, else from the vectors of the words, which came with the words.
 */
async function refine(ask, part) {
  await new Promise((resume) => setTimeout(resume, PAUSE_MS));
  if (ask !== newest) return;
  const { encoder: own } = encoder ? await part.library.describe() : {};
  const vector = own?.fingerprint === encoder?.fingerprint ? encoder?.made.embed(ask.request.query) : undefined;
  const found = await part.library.answer({ ...ask.request, ...(vector && { vector }) });
  if (!found || ask !== newest) return;
  part.answer = found;
  part.more = false;
  tell(ask);
}

/** The result of a tool, ranked by the encoder too if the visitor has it. */
async function call(name, args) {
  agents ??= agentsModule().catch((thrown) => {
    agents = undefined;
    throw thrown;
  });
  const tools = await agents;
  const words = tools.words(name, args);
  return JSON.parse(await tools.call(name, args, words && encoder?.made.embed(words)));
}

async function agentsModule() {
  const { default: init, Agents } = await import("./mcdewey-www-agents.js");
  await init();
  return new Agents(root);
}

async function upgrade(libraries) {
  setState(State.UPGRADING, { loaded: 0, total: 0 });
  try {
    const library = libraries.find(({ described }) => described?.encoder) ?? libraries[0];
    const { encoder: file } = await library.describe();
    if (!file) return setState(State.READY);
    const [module, bytes] = await Promise.all([encoderModule(), download(new URL(file.path, library.root), file)]);
    const made = new module.Encoder(file.path, bytes);
    if (made.fingerprint() !== file.fingerprint) {
      throw new Error(`${file.path}: expected the encoder ${file.fingerprint}, got ${made.fingerprint()}`);
    }
    encoder = { made, fingerprint: file.fingerprint };
    setState(State.UPGRADED);
  } catch (thrown) {
    setState(State.READY);
    postMessage({ kind: Kind.FAILED, failure: failureFrom(thrown, "encoder") });
    return undefined;
  }
  if (newest && refines(newest.request)) await Promise.all(newest.parts.filter(({ answer }) => answer).map((part) => refine(newest, part)));
  return undefined;
}

async function encoderModule() {
  const module = await import("./mcdewey-www-encoder.js");
  await module.default();
  return module;
}

/** The encoder's weights, telling how far it is. */
async function download(address, { path, bytes: total }) {
  const response = await fetch(address);
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
