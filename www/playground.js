/**
 * The ranking playground: asks the same worker as the search page, with the weights of the sliders in the request, and
 * shows what each score is made of as the engine's `explain` tells it.
 *
 *   query typed ──► ask as it ships ──► remember the places ──► ask with the weights moved ──► places and how they moved
 *
 * Sliders that stand at what ships send no weights at all, so an untouched playground answers as the search does.
 */

import { element } from "./dom.js";
import { State } from "./protocol.js";
import { Session } from "./session.js";
import { megabytes } from "./text.js";

const root = new URL(document.documentElement.dataset.root ?? "./", location);
const form = document.querySelector("form.playground");
const found = document.querySelector("section.found");
const status = found.querySelector("[role=status]");
const list = found.querySelector("ol");
const sliders = [...form.querySelectorAll("input[type=range]")];
const encoder = form.elements.namedItem("encoder");
const query = form.elements.namedItem("q");

const HITS = 10;
/** Further down than this, a hit is said to be new. */
const REMEMBERED = 50;
/** A slider that rests this long is asked for, in ms. */
const REST_MS = 120;

const session = new Session(root);
/** Place of each chunk as the ranking ships, for the query it belongs to. @type {{key: string, places: Map<string, number>}} */
let shipped = { key: "", places: new Map() };
/** What is being asked: which query, and with which weights. */
let asked = { key: "", weights: undefined };
let resting = 0;

/** The weights of the sliders, nested as the engine has them; undefined where none was moved. */
function weights() {
  if (sliders.every((slider) => slider.value === slider.defaultValue)) return undefined;
  const all = {};
  for (const slider of sliders) {
    const [name, place] = slider.name.split(".");
    if (place === undefined) all[name] = slider.valueAsNumber;
    else (all[name] ??= [])[Number(place)] = slider.valueAsNumber;
  }
  return all;
}

/** The same query ranks otherwise once the encoder is there. */
const keyOf = () => `${session.state === State.UPGRADED} ${query.value}`;

function ask() {
  const text = query.value.trim();
  found.hidden = text === "";
  if (text === "") return session.forget();
  const key = keyOf();
  // How hits move is told against the ranking that ships, so that is asked first.
  const moved = shipped.key === key ? weights() : undefined;
  asked = { key, weights: moved };
  const limit = shipped.key === key ? HITS : REMEMBERED;
  session.ask({ query: query.value, limit, explain: true, ...(moved && { weights: moved }) });
  return undefined;
}

session.addEventListener("answer", ({ detail: { answer, more } }) => {
  if (more) return;
  if (shipped.key !== asked.key) {
    shipped = { key: asked.key, places: new Map(answer.hits.map(({ chunk_id: id }, at) => [id, at + 1])) };
    if (weights()) return ask();
  }
  show(answer);
});

session.addEventListener("state", ({ detail }) => {
  if (detail.state === State.UPGRADING && detail.total) {
    status.textContent = `The encoder is on its way: ${megabytes(detail.loaded)} of ${megabytes(detail.total)}.`;
  }
  if (detail.state === State.UPGRADED) ask();
});

session.addEventListener("failed", ({ detail: { failure } }) => {
  found.hidden = false;
  status.textContent = `${failure.message}. ${failure.hint}`;
});

function show(answer) {
  const hits = answer.hits.slice(0, HITS);
  const rungs = { keyword: "words", terms: "words and the meaning of each", transformer: "words and meaning" };
  const support = `support ${rounded(answer.support.words)} by words, ${rounded(answer.support.meaning)} by meaning`;
  const verdict = answer.answered ? "" : " Nothing here seems to answer this; these are the nearest pages.";
  status.textContent = `The first ${hits.length} by ${rungs[answer.rung]}; ${support}.${verdict}`;
  list.replaceChildren(...hits.map(item));
}

function item(hit, at) {
  const moved = movement(hit.chunk_id, at + 1);
  return element(
    "li",
    {},
    element("a.hit-title", { href: new URL(hit.url, root).href }, hit.title),
    " ",
    element("span.count", {}, [rounded(hit.score), moved].filter(Boolean).join(" · ")),
    element("p.context", {}, hit.breadcrumb.join(" › ")),
    element("details", {}, element("summary", {}, `Found by ${hit.matched_by.join(", ")}`), tree([hit.explain])),
  );
}

/** How a hit moved against the ranking that ships. */
function movement(id, place) {
  const before = shipped.places.get(id);
  if (before === undefined) return `new, from below ${REMEMBERED}`;
  if (before === place) return "";
  return `${before > place ? "up" : "down"} from ${before}`;
}

/** The factors as nested lists. @param {{name: string, value: number, parts?: object[]}[]} factors */
function tree(factors) {
  const line = ({ name, value, parts = [] }) =>
    element("li", {}, element("b", {}, rounded(value)), ` ${name}`, ...(parts.length ? [tree(parts)] : []));
  return element("ul", {}, ...factors.map(line));
}

function rounded(value) {
  return value.toFixed(3);
}

function soon() {
  clearTimeout(resting);
  resting = setTimeout(ask, REST_MS);
}

function tellValues() {
  for (const slider of sliders) slider.parentElement.querySelector("output").value = slider.value;
}

form.addEventListener("input", ({ target }) => {
  if (target === encoder) return;
  tellValues();
  soon();
});
form.addEventListener("reset", () => {
  const text = query.value;
  // The fields have their values back only after the event.
  setTimeout(() => {
    query.value = text;
    encoder.checked = encoder.disabled;
    tellValues();
    ask();
  });
});
form.addEventListener("submit", (event) => event.preventDefault());
encoder.addEventListener("change", () => {
  // What is here stays here: ranking without it again takes another visit.
  encoder.disabled = true;
  session.upgrade();
});

query.value = new URLSearchParams(location.search).get("q") ?? "";
form.hidden = false;
session.open();
ask();
