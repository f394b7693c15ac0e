/**
 * What this device holds of a library, in the browser's cache storage.
 *
 *   seen    what was read: grows by itself, and makes room for what is newer
 *   kept    what the visitor asked for: whole products, with all that searching them takes
 *
 * Both the service worker and the page use it. Storage may be full, forbidden or emptied at any moment, and nothing here
 * throws because of that: what is not stored comes from the network, as on a first visit.
 */

export const SEEN = "seen";
export const KEPT = "kept";

/** When there is no room, this share of what was seen goes, the oldest first. */
const MAKE_ROOM = 0.25;

export class Storage {
  #root;

  /** @param {string} root The library's root; libraries of one host stay apart. */
  constructor(root) {
    this.#root = root;
  }

  /** The name of a shelf in the browser's own list. */
  name(shelf) {
    return `mcdewey ${shelf} ${new URL(this.#root).pathname}`;
  }

  /**
   * What is stored under an address.
   *
   * @param {string|URL} address
   * @param {string[]} shelves The first that has it gives it.
   * @returns {Promise<Response|undefined>}
   */
  async find(address, shelves = [KEPT, SEEN]) {
    for (const shelf of shelves) {
      try {
        const found = await caches.match(keyOf(address), { cacheName: this.name(shelf) });
        if (found) return found;
      } catch {
        return undefined; // Storage is forbidden here.
      }
    }
    return undefined;
  }

  /**
   * Stores an answer, whose body is read by that.
   *
   * @param {string} shelf
   * @param {string|URL} address
   * @param {Response} response
   * @returns {Promise<boolean>} Whether the device took it.
   */
  async put(shelf, address, response) {
    const again = response.clone();
    try {
      await (await caches.open(this.name(shelf))).put(keyOf(address), response);
      return true;
    } catch (thrown) {
      if (thrown?.name !== "QuotaExceededError" || !(await this.#makeRoom())) return false;
    }
    try {
      await (await caches.open(this.name(shelf))).put(keyOf(address), again);
      return true;
    } catch {
      return false;
    }
  }

  /** The addresses on a shelf, the oldest first. @returns {Promise<string[]>} */
  async addresses(shelf) {
    try {
      // Opening one that is not there would make it.
      if (!(await caches.has(this.name(shelf)))) return [];
      const requests = await (await caches.open(this.name(shelf))).keys();
      return requests.map(({ url }) => url);
    } catch {
      return [];
    }
  }

  /** @param {string} shelf @param {Iterable<string>} addresses */
  async remove(shelf, addresses) {
    try {
      if (!(await caches.has(this.name(shelf)))) return;
      const cache = await caches.open(this.name(shelf));
      for (const address of addresses) await cache.delete(address);
    } catch {
      // Nothing is stored where nothing can be.
    }
  }

  /** Forgets a shelf as a whole. */
  async empty(shelf) {
    try {
      await caches.delete(this.name(shelf));
    } catch {
      // As above.
    }
  }

  async #makeRoom() {
    const seen = await this.addresses(SEEN);
    const oldest = seen.slice(0, Math.ceil(seen.length * MAKE_ROOM));
    await this.remove(SEEN, oldest);
    return oldest.length > 0;
  }
}

/** A page is one page whatever is asked of it. */
function keyOf(address) {
  const url = new URL(address);
  url.search = "";
  url.hash = "";
  return url.href;
}
