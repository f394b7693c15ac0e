/** Types of the search elements, for pages that are written in TypeScript. Put `import "./mcdewey/search.js"` beside them. */

/** One ranked chunk. */
export interface Hit {
  chunk_id: string;
  /** Below the index's folder. */
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
}

export interface Answer {
  query: string;
  /** What ranked it. */
  rung: "keyword" | "terms" | "transformer";
  matched: number;
  hits: Hit[];
  /** Parts of the index that did not arrive. */
  missing: { file: string; reason: string }[];
}

export interface Failure {
  code: string;
  message: string;
  hint: string;
}

/** `<mcdewey-search root product version meaning="ask">` */
export interface McDeweySearchElement extends HTMLElement {
  /** Puts the caret into the box. */
  focus(): void;
}

/** `<mcdewey-search-button shortcut="/ mod+k">` */
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
