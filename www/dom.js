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
