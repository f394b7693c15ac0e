/**
 * The builder's list of what a device fetches to do without a network, and the names in `index.json`.
 *
 * @typedef {[path: string, bytes: number, hash?: string]} Entry A file below the root. With a hash it is one whose
 *   content may change under its name; without, its name is its content's.
 *
 * @typedef {object} Lists
 * @property {Entry[]} everywhere What every page needs, and the pages that are no product's.
 * @property {Entry[]} index What searching needs.
 * @property {Entry[]} meaning What reading whole questions needs.
 * @property {{product: string, pages: Entry[], pictures: Entry[]}[]} products
 *
 * @typedef {{build: string, boot: {path: string}, app: string, offline?: {path: string, bytes: number}}} Index
 */

/** The one name whose content changes with every build. */
export const INDEX = "index.json";

/** Folders of files that are named by their content. */
const BY_CONTENT = /^(?:app\/[0-9a-f]+\/|index\/|media\/)[^?#]+$/;

/** Whether a path below the root names its content. */
export function namedByContent(path) {
  return BY_CONTENT.test(path);
}

/** The path of an address below the root, without query and fragment; undefined outside. */
export function below(root, address) {
  const { origin, pathname } = new URL(address);
  const own = new URL(root);
  if (origin !== own.origin || !pathname.startsWith(own.pathname)) return undefined;
  return pathname.slice(own.pathname.length);
}

/**
 * The index as the host has it now.
 *
 * @param {string} root
 * @returns {Promise<Index>}
 */
export async function readIndex(root) {
  const response = await fetch(new URL(INDEX, root), { cache: "no-cache" });
  if (!response.ok) throw new Error(`${INDEX}: the host answered ${response.status}`);
  return response.json();
}

/**
 * The lists of a build.
 *
 * @param {string} root
 * @param {Index} index
 * @returns {Promise<Lists>}
 */
export async function readLists(root, { offline }) {
  if (!offline) throw new Error("this site was built without lists of its files");
  const response = await fetch(new URL(offline.path, root));
  if (!response.ok) throw new Error(`${offline.path}: the host answered ${response.status}`);
  return response.json();
}

/** What a product takes beside itself: the pages' own files and the whole index. */
export function shared(lists) {
  return [...lists.everywhere, ...lists.index];
}
