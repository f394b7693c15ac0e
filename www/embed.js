/**
 * The search on a page that is not ours: what `search.js` beside an index imports.
 *
 *   <script type="module" src="mcdewey/search.js"></script>
 *   <mcdewey-search></mcdewey-search>
 *
 * The page keeps its own look: the style sheet is the site's, held to the inside of our elements by `@scope`. Its colours
 * and faces are CSS variables, which the page may set on the element as `--mcdewey-ink` and so on.
 */

import "./search-box.js";
import "./search-button.js";

const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);
const response = await fetch(new URL("style.css", import.meta.url));
if (response.ok) await sheet.replace(scoped(await response.text()));

/** The site's rules, for the inside of our elements: each of the site's variables is the page's, where it sets it. */
function scoped(rules) {
  const names = new Set();
  const renamed = (block) =>
    block.replace(/--([\w-]+):/g, (_, name) => {
      names.add(name);
      return `--own-${name}:`;
    });
  // In a scope a selector begins below its root, unless it names the root.
  const inside = rules.replaceAll(":root", ":scope").replace(/mcdewey-search(?![\w-])/g, "mcdewey-search:scope");
  const own = inside.replace(/(?<!search):scope\s*\{[^}]*\}/g, renamed);
  const theme = [...names].map((name) => `--${name}: var(--mcdewey-${name}, var(--own-${name}));`).join(" ");
  const look = "color: var(--ink); font: 1rem/1.6 var(--sans);";
  return `@scope (mcdewey-search, mcdewey-search-button, dialog.finding) { ${own} :scope { ${theme} ${look} } }`;
}
