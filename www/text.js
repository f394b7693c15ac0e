/** What the search and the sheet about storage say, in the language of the library. */

import { once, sayer } from "./sayer.js";
import texts from "./texts.js";

export const say = sayer(texts);

const numbers = once(() => new Intl.NumberFormat(texts.language));
const lists = once(() => new Intl.ListFormat(texts.language, { type: "unit", style: "short" }));

/** The language that engine and readers speak of failures, where that is another than the reader's: a value of `lang`. */
export const FOREIGN = texts.language === "en" ? undefined : "en";

/** Whether there is such a text. */
export function known(name) {
  return Object.hasOwn(texts, name);
}

/** `1,204`, as the language writes it. @param {number} n */
export function counted(n) {
  return numbers().format(n);
}

/** `12 MB`, for a download a person is asked about. */
export function megabytes(bytes) {
  const size = bytes / 1e6;
  const number = new Intl.NumberFormat(texts.language, { maximumFractionDigits: size < 10 ? 1 : 0, minimumFractionDigits: size < 10 ? 1 : 0 });
  return say("megabytes", { n: number.format(size) });
}

/** `title, heading, words`, as the language parts them. */
export function listed(words) {
  return words.length > 1 ? lists().format(words) : words.join("");
}
