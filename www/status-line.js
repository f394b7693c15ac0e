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

  /** @param {import("./protocol.js").Answer} answer */
  showAnswer(answer) {
    this.#count.textContent = totalOf(answer);
    const told = known(`rung_${answer.rung}`);
    this.#rung.textContent = told ? say(`rung_${answer.rung}`) : answer.rung;
    this.#rung.title = told ? say(`rung_${answer.rung}_title`) : "";
    this.#rung.dataset.rung = answer.rung;
    this.#rung.hidden = answer.hits.length === 0;
    const [first, ...more] = answer.missing;
    if (first) {
      const { reason } = first;
      this.showNotice(more.length ? say("parts_missing", { reason, n: more.length }) : say("part_missing", { reason }));
    } else {
      const notices = (answer.notices ?? []).join(" ");
      this.showNotice(notices && element("span", { lang: FOREIGN }, notices));
    }
  }

  /** Words instead of a count: while waiting, or when there is nothing to count. */
  showWords(text) {
    this.#count.textContent = text;
    this.#rung.hidden = true;
  }

  /** @param {string|Node} text Empty for none. @param {Node[]} more */
  showNotice(text, ...more) {
    this.#notice.hidden = text === "";
    this.#notice.replaceChildren(text, ...more);
  }

  /** The size of the encoder, if there is one to offer. */
  offer(bytes) {
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

/** @param {import("./protocol.js").Answer} answer */
export function totalOf({ hits, matched }) {
  const n = hits.length;
  return matched > n ? say("count_of", { n, all: matched }) : say("count", { n });
}

customElements.define("mcdewey-status", StatusLine);
