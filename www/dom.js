/** Makes elements out of values. Text is always set as text: what a manual says is never read as HTML. */

/**
 * @param {string} name Element name, with classes: `span.count`.
 * @param {Record<string, string|number|boolean|undefined>} [attributes] Left out where undefined or false.
 * @param {...(Node|string)} children
 */
export function element(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/** `1 result`, `1,204 results`. */
export function counted(number, one, many) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** `12 MB`, for a download a person is asked about. */
export function megabytes(bytes) {
  const size = bytes / 1e6;
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} MB`;
}
