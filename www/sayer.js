/**
 * Says texts of one language: fills their places and bends them by their number, as the browser knows the language.
 *
 *   say("count", { n: 1204 })  ──►  "1,204 results"
 *
 * @typedef {(name: string, values?: Record<string, string|number>) => string} Say
 */

/**
 * What is made when it is first needed, and then kept. What the browser knows of languages is for such: it reads tables for each
 * of them, which takes longer than all else that a page does before it answers.
 *
 * @template T @param {() => T} make @returns {() => T}
 */
export function once(make) {
  let made;
  return () => (made ??= make());
}

/** @param {Record<string, string|Record<string, string>>} texts Those of `texts.js`. @returns {Say} */
export function sayer(texts) {
  const numbers = once(() => new Intl.NumberFormat(texts.language));
  const forms = once(() => new Intl.PluralRules(texts.language));
  return (name, values = {}) => {
    const text = texts[name];
    const form = typeof text === "string" ? text : (text[forms().select(values.n)] ?? text.other);
    const shown = (value) => (typeof value === "number" ? numbers().format(value) : value);
    return form.replace(/\{(\w+)\}/g, (_, place) => shown(values[place]));
  };
}
