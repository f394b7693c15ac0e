/** Types of the search elements, for pages that are written in TypeScript. Put `import "./mcdewey/search.js"` beside them. */

/** One ranked chunk. */
export interface Hit {
  chunk_id: string;
  /** Below the index's folder; the whole address where several libraries are asked. */
  url: string;
  title: string;
  breadcrumb: string[];
  document: string;
  product: string;
  version: string;
  page: number | null;
  page_label: string | null;
  snippet: string;
  /** Half-open ranges of `snippet`, in Unicode scalar values. */
  marks: [number, number][];
  matched_by: string[];
  /** What hits of several libraries are sorted by, 0 to 3. */
  worth: number;
  /** Whose it is, where several libraries are asked. */
  library?: { name: string; root: string };
}

export interface Answer {
  query: string;
  /** What ranked it. */
  rung: "keyword" | "terms" | "transformer";
  /** How many chunks have a word of the query. */
  matched: number;
  /** How many of them each product has, or each version of the product that was asked for. */
  places?: { name: string; matched: number }[];
  hits: Hit[];
  /** Parts of the index that did not arrive. */
  missing: { file: string; reason: string }[];
  /** Where several libraries are asked, what became of each; those that wait are in a later answer. */
  libraries?: Asked[];
}

/** One of several libraries. */
export interface Asked {
  name: string;
  root: string;
  state: "waiting" | "answered" | "failed";
  matched: number;
  /** Where it failed. */
  failure?: Failure;
}

export interface Failure {
  code: string;
  message: string;
  hint: string;
}

/** `<mcdewey-search root product version meaning="ask" libraries="https://… https://…">` */
export interface McDeweySearchElement extends HTMLElement {
  /** Puts the caret into the box. */
  focus(): void;
}

/** `<mcdewey-search-button shortcut="/ mod+k">`, and the attributes of the box */
export interface McDeweySearchButtonElement extends HTMLElement {
  /** Opens the dialog. */
  open(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "mcdewey-search": McDeweySearchElement;
    "mcdewey-search-button": McDeweySearchButtonElement;
  }
  /** All of them bubble. */
  interface GlobalEventHandlersEventMap {
    "mcdewey-answer": CustomEvent<Answer>;
    /** Can be cancelled; the result is then not opened. */
    "mcdewey-open": CustomEvent<{ url: string; query: string }>;
    "mcdewey-failed": CustomEvent<Failure>;
  }
}
