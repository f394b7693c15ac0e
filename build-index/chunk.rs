//! Chunks and passages: what is shown and cited, and what is embedded.
//!
//! ```text
//! Document ──draft──► pages or sections ──body──► text, its pieces ──passage──► 160 to 220 tokens each, no overlap
//! ```
//!
//! Every character of a chunk's text belongs to exactly one passage, unless the chunk has none: contents pages and
//! back-of-book indexes are found by their words and stay out of the vectors, where they would resemble everything.

mod body;
mod breadcrumb;
mod contents;
mod draft;
mod passage;
mod split;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::document::{Document, Image};

/// The encoder's own way to count: the sizes below are its tokens, not words or bytes.
pub trait Tokens: Sync {
    /// Where each token of `text` begins and ends, in bytes, without the encoder's special tokens.
    fn offsets(&self, text: &str) -> Vec<(usize, usize)>;

    /// How many tokens `text` has.
    fn count(&self, text: &str) -> usize {
        self.offsets(text).len()
    }
}

/// Sizes, in the encoder's tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Sizes {
    /// What the encoder reads at most; the rest would be cut off unseen. 256 for all-MiniLM-L6-v2.
    pub limit: usize,
    /// Tokens the encoder adds itself: `[CLS]` and `[SEP]`.
    pub specials: usize,
    /// A passage is not ended before it has as many, if more text follows.
    pub least: usize,
    /// A passage takes no further paragraph beyond this. With the breadcrumb it stays below the limit.
    pub most: usize,
    /// Longest breadcrumb. Longer ones would make passages of one document resemble each other.
    pub breadcrumb: usize,
    /// A passage or a section smaller than this says too little alone and is joined to its neighbour.
    pub orphan: usize,
    /// Longest chunk of an unpaged document; a longer section is cited in parts. Two and a half pages of a manual.
    pub chunk: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { limit: 256, specials: 2, least: 160, most: 220, breadcrumb: 32, orphan: 40, chunk: 1000 }
    }
}

/// The chunks of a document. Their ids begin with `stem`, the document's path components joined by `::`.
pub fn chunks(document: &Document, stem: &str, sizes: &Sizes, tokens: &dyn Tokens) -> Vec<Chunk> {
    let drafts = draft::drafts(document, sizes, tokens);
    (0..).zip(drafts).map(|(ordinal, draft)| chunk(document, stem, ordinal, &draft, sizes, tokens)).collect()
}

fn chunk(
    document: &Document,
    stem: &str,
    ordinal: u32,
    draft: &draft::Draft,
    sizes: &Sizes,
    tokens: &dyn Tokens,
) -> Chunk {
    let body = body::compose(draft);
    let page = &document.pages[draft.page];
    let first = draft.sections.first();
    let headings = first.map(|section| section.path.clone()).unwrap_or_default();
    let (anchor, title) = if document.paged {
        (format!("page-{}", page.number), None)
    } else {
        (first.map(|section| section.anchor.clone()).unwrap_or_default(), headings.last().cloned())
    };
    let title = title.filter(|title| !title.is_empty()).unwrap_or_else(|| {
        if document.paged { format!("Page {}", page.number) } else { document.title.clone() }
    });
    let passages = if contents::is_contents(draft, &body.text) {
        Vec::new()
    } else {
        passage::passages(&document.title, &body, sizes, tokens)
    };
    Chunk {
        id: format!("{stem}::{ordinal}"),
        number: ordinal,
        ordinal,
        page: document.paged.then_some(page.number),
        page_label: page.label.clone().filter(|_| document.paged),
        anchor,
        title,
        headings,
        passages,
        images: if draft.holds_images { page.images.clone() } else { Vec::new() },
        text: body.text.into_boxed_str().into(),
        code: body.code,
        inner_headings: body.inner_headings,
    }
}

/// What is shown and cited: a physical page of a paged document, or a section of an unpaged one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Chunk {
    /// `finesse::v12.5::developer-guide::developer-guide::112`: path components without extension, then `number`.
    pub id: String,
    /// Its `ordinal` when it was first published.
    pub number: u32,
    /// Place among the document's chunks, from 0.
    pub ordinal: u32,
    /// Physical page number, for paged documents.
    pub page: Option<u32>,
    /// The printed page number, where it is known.
    pub page_label: Option<String>,
    /// Fragment identifier of the permalink: `page-128`, or the section's anchor; empty for a document's start.
    pub anchor: String,
    /// "Page 128" of a paged document; else the section's heading, else the document's title.
    pub title: String,
    /// Headings above and including this chunk's first section, outermost first.
    pub headings: Vec<String>,
    /// The chunk's text: blocks joined by blank lines, code lines kept, table rows one a line with ` | ` between cells.
    pub text: String,
    /// Byte ranges of `text` that are code.
    pub code: Vec<Range<usize>>,
    /// Byte ranges of `text` that are headings of sections inside the chunk.
    pub inner_headings: Vec<Range<usize>>,
    /// Passages in order.
    pub passages: Vec<Passage>,
    /// Pictures shown with the chunk.
    pub images: Vec<Image>,
}

/// What is embedded and ranked: 160 to 220 encoder tokens of a chunk.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// Byte range of the chunk's text.
    pub range: Range<usize>,
    /// What the encoder reads above it, whole lines: a breadcrumb of at most 32 tokens, and the header of the table that
    /// the passage continues.
    pub above: String,
}

impl Chunk {
    /// What the encoder reads of a passage of this chunk.
    pub fn embedded(&self, passage: &Passage) -> String {
        let text = self.text.get(passage.range.clone()).unwrap_or_default().trim();
        format!("{}{text}", passage.above)
    }
}

#[cfg(test)]
pub(crate) mod tests;
