/**
 * The search page's address, `?q=&product=&version=`: what a visitor can bookmark, share and go back to. Of the version
 * the short name `v` is read, too.
 *
 * @typedef {{query: string, product: string, version: string}} Search
 */

/** @returns {Search} */
export function readAddress() {
  const params = new URLSearchParams(location.search);
  const version = params.get("version") ?? params.get("v") ?? "";
  return { query: params.get("q") ?? "", product: params.get("product") ?? "", version };
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
  if (version) address.searchParams.set("version", version);
  return address;
}
