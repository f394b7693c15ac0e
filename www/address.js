/**
 * The search page's address, `?q=&product=&v=`: what a visitor can bookmark, share and go back to.
 *
 * @typedef {{query: string, product: string, version: string}} Search
 */

/** @returns {Search} */
export function readAddress() {
  const params = new URLSearchParams(location.search);
  return { query: params.get("q") ?? "", product: params.get("product") ?? "", version: params.get("v") ?? "" };
}

/**
 * The address of a search.
 *
 * @param {URL} root
 * @param {Search} search
 */
export function searchAddress(root, { query, product, version }) {
  const address = new URL("search/", root);
  if (query) address.searchParams.set("q", query);
  if (product) address.searchParams.set("product", product);
  if (version) address.searchParams.set("v", version);
  return address;
}
