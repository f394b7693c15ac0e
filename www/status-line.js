/**
 * `<mcdewey-status>`: the line above the results. Says how many there are and what ranked them, offers the encoder,
 * shows how far it is, and says what did not work. Fires `upgrade` when a visitor asks for the encoder.
 */

import { State } from "./protocol.js";
import { counted, element, megabytes } from "./dom.js";

const RUNGS = {
  keyword: ["Words", "Ranked by the words of the query"],
  terms: ["Words and meaning", "Ranked by the words of the query and by what each of them means"],
  transformer: ["Words and full meaning", "Ranked by the words of the query and by its meaning as a whole"],
};

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
    const [name, title] = RUNGS[answer.rung] ?? [answer.rung, ""];
    this.#rung.textContent = name;
    this.#rung.title = title;
    this.#rung.dataset.rung = answer.rung;
    this.#rung.hidden = answer.hits.length === 0;
    const [first, ...more] = answer.missing;
    if (first) {
      const others = more.length ? ` and ${counted(more.length, "other", "others")}` : "";
      this.showNotice(`A part of the index did not arrive, so some results may be missing: ${first.reason}${others}.`);
    } else {
      this.showNotice((answer.notices ?? []).join(" "));
    }
  }

  /** Words instead of a count: while waiting, or when there is nothing to count. */
  showWords(text) {
    this.#count.textContent = text;
    this.#rung.hidden = true;
  }

  /** @param {string} text Empty for none. @param {Node[]} more */
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
      const text = `Read whole questions: ${megabytes(this.#offered)}, once`;
      const button = element("button.link", { type: "button" }, text);
      button.addEventListener("click", () => this.dispatchEvent(new Event("upgrade")));
      this.#encoder.append(button);
    } else if (state === State.UPGRADING) {
      const share = total ? loaded / total : 0;
      const bar = element("progress", { max: 1, value: share, "aria-label": "Loading the reader of whole questions" });
      this.#encoder.append(bar, `Loading full meaning, ${Math.round(share * 100)} %`);
    }
  }
}

/** @param {import("./protocol.js").Answer} answer */
export function totalOf({ hits, matched }) {
  const shown = counted(hits.length, "result", "results");
  return matched > hits.length ? `${shown} of ${matched.toLocaleString("en")}` : shown;
}

customElements.define("mcdewey-status", StatusLine);
