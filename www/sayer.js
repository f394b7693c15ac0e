/**
 * Says texts of one language: fills their places and bends them by their number, as the browser knows the language.
 *
 *   say("count", { n: 1204 })  ──►  "1,204 results"
 *
 * @typedef {(name: string, values?: Record<string, string|number>) => string} Say
 */

/** @param {Record<string, string|Record<string, string>>} texts Those of `texts.js`. @returns {Say} */
export function sayer(texts) {
  const numbers = new Intl.NumberFormat(texts.language);
  const forms = new Intl.PluralRules(texts.language);
  return (name, values = {}) => {
    const text = texts[name];
    const form = typeof text === "string" ? text : (text[forms.select(values.n)] ?? text.other);
    const shown = (value) => (typeof value === "number" ? numbers.format(value) : value);
    return form.replace(/\{(\w+)\}/g, (_, place) => shown(values[place]));
  };
}
