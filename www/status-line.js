/**
 * `<mcdewey-status>`: the line above the results. Says how many there are and what ranked them, offers the encoder,
 * shows how far it is, and says what did not work. Fires `upgrade` when a visitor asks for the encoder.
 */

import { State } from "./protocol.js";
import { element } from "./dom.js";
import { FOREIGN, known, megabytes, say } from "./text.js";

export class StatusLine extends HTMLElement {
  #count = element("span.total");
  #rung = element("span.rung", { hidden: true });
  #encoder = element("span.encoder");
  #notice = element("p.notice", { hidden: true });
  #offered;

  connectedCallback() {
    if (this.firstChild) return;
    this.append(element("p.line", {}, this.#count, this.#rung, this.#encoder), this.#notice);
  }

  /**
   * @param {import("./protocol.js").Answer} answer
   * @param {boolean} still Something below is in somebody's hand: what stands here keeps its height.
   * @returns {(string|Node)[]} What is to be known and found no room.
   */
  showAnswer(answer, still) {
    this.#count.textContent = totalOf(answer);
    const told = known(`rung_${answer.rung}`);
    this.#rung.textContent = told ? say(`rung_${answer.rung}`) : answer.rung;
    this.#rung.title = told ? say(`rung_${answer.rung}_title`) : "";
    this.#rung.dataset.rung = answer.rung;
    this.#rung.hidden = answer.hits.length === 0;
    const notices = noticesOf(answer);
    const news = notices.map((part) => part.textContent ?? part).join("") !== this.#notice.textContent;
    if (!still) this.showNotice(...notices);
    else this.#notice.classList.toggle("past", news);
    return still && news ? notices : [];
  }

  /** Words instead of a count: while waiting, or when there is nothing to count. */
  showWords(text) {
    this.#count.textContent = text;
    this.#rung.hidden = true;
  }

  /** @param {(string|Node)[]} parts */
  showNotice(...parts) {
    this.#notice.classList.remove("past");
    this.#notice.hidden = parts.length === 0;
    this.#notice.replaceChildren(...parts);
  }

  /** The size of the encoder, if there is one to offer. */
  offer(bytes) {
    if (bytes === this.#offered) return;
    this.#offered = bytes;
    this.showState({ state: State.READY });
  }

  showState({ state, loaded, total }) {
    this.#encoder.replaceChildren();
    if (state === State.READY && this.#offered) {
      const text = say("upgrade", { size: megabytes(this.#offered) });
      const button = element("button.link", { type: "button" }, text);
      button.addEventListener("click", () => this.dispatchEvent(new Event("upgrade")));
      this.#encoder.append(button);
    } else if (state === State.UPGRADING) {
      const share = total ? loaded / total : 0;
      const bar = element("progress", { max: 1, value: share, "aria-label": say("upgrading_label") });
      this.#encoder.append(bar, say("upgrading", { n: Math.round(share * 100) }));
    }
  }
}

/**
 * What is to be known of an answer beside its hits: libraries that did not answer, parts that did not arrive, and what the
 * engine has to say where it has all of them.
 *
 * @param {import("./protocol.js").Answer} answer
 * @returns {(string|Node)[]}
 */
function noticesOf({ libraries = [], missing: [first, ...more], notices = [] }) {
  const away = libraries.filter(({ failure }) => failure);
  const sentences = away.map(({ name, failure: { message } }) => say("library_failed", { name, message }));
  if (first) {
    const { reason } = first;
    sentences.push(more.length ? say("parts_missing", { reason, n: more.length }) : say("part_missing", { reason }));
  }
  const own = sentences.map((sentence) => `${sentence} `);
  return first || !notices.length ? own : [...own, element("span", { lang: FOREIGN }, notices.join(" "))];
}

/** @param {import("./protocol.js").Answer} answer */
export function totalOf({ hits, matched }) {
  const n = hits.length;
  return matched > n ? say("count_of", { n, all: matched }) : say("count", { n });
}

customElements.define("mcdewey-status", StatusLine);
