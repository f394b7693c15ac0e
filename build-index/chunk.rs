//! Chunks and passages: what is shown and cited, and what is embedded.

use std::ops::Range;

use crate::document::Image;

/// What is shown and cited: a physical page of a paged document, or a section of an unpaged one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chunk {
    /// `finesse::v12.5::developer-guide::developer-guide::112`: path components without extension, then `ordinal`.
    pub id: String,
    /// Place among the document's chunks, from 0.
    pub ordinal: u32,
    /// Physical page number, for paged documents.
    pub page: Option<u32>,
    /// The printed page number, where it is known.
    pub page_label: Option<String>,
    /// Fragment identifier of the permalink: `page-128`, or the section's anchor; empty for a document's start.
    pub anchor: String,
    /// The section's heading, else "Page 128", else the document's title.
    pub title: String,
    /// Headings above and including this chunk's first section, outermost first.
    pub headings: Vec<String>,
    /// The chunk's text: blocks joined by blank lines, code lines kept, table rows one a line with ` | ` between cells.
    pub text: String,
    /// Byte ranges of `text` that are code.
    pub code: Vec<Range<usize>>,
    /// Byte ranges of `text` that are headings of sections inside the chunk.
    pub inner_headings: Vec<Range<usize>>,
    /// Passages in order: byte ranges of `text` and what the encoder reads for each.
    pub passages: Vec<Passage>,
    /// Pictures shown with the chunk.
    pub images: Vec<Image>,
}

/// What is embedded and ranked: 160 to 220 encoder tokens of a chunk.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Passage {
    /// Byte range of the chunk's text.
    pub range: Range<usize>,
    /// What the encoder reads: a breadcrumb of at most 32 tokens, then the text.
    pub embedded: String,
}
