//! A document as every reader leaves it: pages, sections, blocks, images, and what was doubtful about it.
//!
//! ```text
//! file ──ingest──► Document ─┬─ pages ─┬─ sections ── blocks (text that is indexed)
//!                            │         ├─ html (what a visitor reads, already sanitised)
//!                            │         └─ images
//!                            └─ notes (lines of the build report)
//! ```
//!
//! Markdown, HTML and PDF readers all end here; everything after (chunks, terms, vectors, pages of the site) starts
//! here and does not know which reader it was.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

/// One manual: one source file, read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Path below the library root, `/`-separated, as the source is cited: `finesse/v12.5/guide/guide.md`.
    pub source: String,
    /// The title: front matter, else the first top heading, else the file's name made readable.
    pub title: String,
    /// BCP 47 language tag, where the source says so.
    pub language: Option<String>,
    /// Pages in reading order. An unpaged file has exactly one.
    pub pages: Vec<Page>,
    /// Whether pages are physical (PDF, page markers) rather than the whole file.
    pub paged: bool,
    /// What was skipped or doubtful, in the order it was met.
    pub notes: Vec<Note>,
    /// Where the document itself says that it is published, `http(s)`.
    pub canonical: Option<String>,
    /// Where the document itself says that it belongs, over the folders it stands in.
    pub place: Option<Place>,
}

/// Where a document stands in the library.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Who makes the product; none in a library of one vendor.
    pub vendor: Option<String>,
    /// What the manual is about.
    pub product: String,
    /// Which version; empty where the library has none.
    pub version: String,
}

impl Place {
    /// Whether it is one of `product`, which is `vendor/product` or the product alone.
    pub fn is_of(&self, product: &str) -> bool {
        match product.split_once('/') {
            Some((vendor, product)) => self.vendor.as_deref() == Some(vendor) && self.product == product,
            None => self.product == product,
        }
    }
}

/// One page of a document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Physical page number, from 1.
    pub number: u32,
    /// The number printed on the page, where it differs or is known.
    pub label: Option<String>,
    /// Sections in reading order. Text before the first heading is a section without heading.
    pub sections: Vec<Section>,
    /// Sanitised HTML of the page's body, links resolved; headings carry their section's `anchor` as `id`.
    pub html: String,
    /// Pictures on this page, in reading order.
    pub images: Vec<Image>,
    /// What [`Self::says`] was when the page's body was put away.
    pub digest: Option<u64>,
}

impl Page {
    /// A hash of what it says, without its headings' anchors and its looks.
    pub fn says(&self) -> u64 {
        self.digest.unwrap_or_else(|| {
            let mut hasher = Xxh3::new();
            for section in &self.sections {
                let bytes = postcard::to_allocvec(&(&section.path, &section.blocks)).unwrap_or_default();
                hasher.update(&(bytes.len() as u64).to_le_bytes());
                hasher.update(&bytes);
            }
            hasher.digest()
        })
    }
}

/// A heading and what it governs, up to the next heading of any level.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// `id` of the heading in the page's HTML; empty for text before the first heading.
    pub anchor: String,
    /// The headings above and including this one, outermost first; continues over page breaks.
    pub path: Vec<String>,
    /// Level of the heading, 1 to 6; 0 without one.
    pub level: u8,
    /// What the section says.
    pub blocks: Vec<Block>,
    /// Nothing but links to other places of the library: searched by its words, never embedded. Only the reader sees
    /// links, so only it can tell.
    pub contents: bool,
}

/// A run of text that is indexed as one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Block {
    /// A paragraph, list item, quotation or admonition, as plain text.
    Text(String),
    /// A code block.
    Code {
        /// Language named by the source, or empty.
        language: String,
        /// The code, lines kept.
        text: String,
    },
    /// A table: cells as plain text.
    Table {
        /// Column heads.
        header: Vec<String>,
        /// Rows of cells.
        rows: Vec<Vec<String>>,
    },
}

/// A picture that a page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Path below the library root, `/`-separated; the file exists.
    pub source: String,
    /// Alternative text, may be empty.
    pub alt: String,
    /// Pixel size, where the file told it.
    pub size: Option<(u32, u32)>,
}

/// A line of the build report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Note {
    /// How bad it is.
    pub weight: Weight,
    /// Line of the source, from 1, where it is known.
    pub line: Option<u32>,
    /// What happened, what was expected, and what to do, in one sentence.
    pub text: String,
}

/// How bad a [`Note`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// The document, or a part of it, is not in the site. Fails the build under `--strict`.
    Lost,
    /// Something is missing or odd, but all text is there.
    Doubtful,
    /// Left out on purpose, and nobody misses it: a redirect, a list of words, a page that asks not to be indexed.
    #[serde(rename = "left out")]
    LeftOut,
}
