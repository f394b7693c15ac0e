/** Pagefind, asked as its own interface asks it. The address of a hit is in its fragment, so fragments are fetched. */

let pagefind;

export async function open(base) {
  pagefind = await import(`${base}pagefind.js`);
  await pagefind.init();
}

export async function search(query, limit) {
  const { results } = await pagefind.search(query);
  const shown = await Promise.all(results.slice(0, limit).map((result) => result.data()));
  return shown.map(({ raw_url: url }) => url);
}
