/**
 * The search box on a page that is not ours: what `search.js` beside an index imports.
 *
 *   <script type="module" src="mcdewey/search.js"></script>
 *   <mcdewey-search></mcdewey-search>
 *
 * The page keeps its own look: the style sheet is the site's, held to the inside of the box by `@scope`.
 */

import "./search-box.js";

const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);
const response = await fetch(new URL("style.css", import.meta.url));
if (response.ok) {
  const rules = (await response.text()).replaceAll(":root", ":scope");
  await sheet.replace(`@scope (mcdewey-search) { ${rules} :scope { color: var(--ink); font: 1rem/1.6 var(--sans); } }`);
}
