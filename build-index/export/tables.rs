//! The three tables: what their columns are, and a row of each.
//!
//! ```text
//! documents ──document── chunks ──stored── passages
//!  a row for each         a row for         a row for each text that was embedded,
//!  manual of a version    each chunk id     with all that a hit shows
//! ```
//!
//! Engines of vectors do not join, so `passages` repeats what a filter asks for and a citation needs. A chunk that
//! versions share has a row in `chunks` for each of them, all with one `stored`, and its passages once; rows with the
//! same text follow each other, so that compression finds them.

use mcdewey_format::scope::Scope;

use crate::chunk::Passage;
use crate::library::Entry;
use crate::share::{Edition, SharedChunk};

use super::table::Cell;

/// Documents, in the library's order.
pub const DOCUMENTS: &str = "message documents {
    required binary document (STRING);
    required binary stem (STRING);
    optional binary vendor (STRING);
    required binary product (STRING);
    optional binary version (STRING);
    required boolean newest;
    required binary title (STRING);
    optional binary language (STRING);
    required binary url (STRING);
    optional binary canonical (STRING);
    required boolean paged;
    required int32 pages;
    required int32 chunks;
}";

/// A row of [`DOCUMENTS`].
pub fn document<'a>(entry: &'a Entry, scope: &'a Scope) -> Vec<Cell<'a>> {
    let document = &entry.document;
    vec![
        Cell::Text(&document.source),
        Cell::Text(entry.stem()),
        known(&scope.vendor),
        Cell::Text(&scope.product),
        known(&scope.version),
        Cell::Flag(scope.newest),
        Cell::Text(&document.title),
        Cell::text(document.language.as_deref()),
        Cell::Text(&entry.url),
        Cell::text(document.canonical.as_deref()),
        Cell::Flag(document.paged),
        Cell::Number(document.pages.len() as u32),
        Cell::Number(entry.chunks.len() as u32),
    ]
}

/// Chunks as they stand in each version, those that are stored as one together.
pub const CHUNKS: &str = "message chunks {
    required binary chunk_id (STRING);
    required int32 stored;
    required binary document (STRING);
    optional binary vendor (STRING);
    required binary product (STRING);
    optional binary version (STRING);
    required boolean newest;
    required int32 ordinal;
    optional int32 page;
    optional binary page_label (STRING);
    required binary url (STRING);
    required binary document_title (STRING);
    required binary title (STRING);
    required group headings (LIST) { repeated group list { required binary element (STRING); } }
    required binary text (STRING);
}";

/// A row of [`CHUNKS`]: this edition of the chunk that is stored under the number `stored`.
pub fn chunk<'a>(stored: u32, edition: &Edition<'a>, url: &'a str, scope: &'a Scope) -> Vec<Cell<'a>> {
    let (document, chunk) = (&edition.entry.document, edition.chunk);
    vec![
        Cell::Text(&chunk.id),
        Cell::Number(stored),
        Cell::Text(&document.source),
        known(&scope.vendor),
        Cell::Text(&scope.product),
        known(&scope.version),
        Cell::Flag(scope.newest),
        Cell::Number(chunk.ordinal),
        Cell::number(chunk.page),
        Cell::text(chunk.page_label.as_deref()),
        Cell::Text(url),
        Cell::Text(&document.title),
        Cell::Text(&chunk.title),
        Cell::Texts(chunk.headings.iter().map(String::as_str).collect()),
        Cell::Text(&chunk.text),
    ]
}

/// Passages with their vectors, numbered from 0. Where a chunk stands in several versions, what is not a list is told of
/// the newest.
pub const PASSAGES: &str = "message passages {
    required int32 passage;
    required int32 stored;
    required binary chunk_id (STRING);
    required binary document (STRING);
    optional binary vendor (STRING);
    required binary product (STRING);
    optional binary version (STRING);
    required boolean newest;
    required group versions (LIST) { repeated group list { required binary element (STRING); } }
    optional int32 page;
    optional binary page_label (STRING);
    required binary url (STRING);
    required binary document_title (STRING);
    required binary title (STRING);
    required group headings (LIST) { repeated group list { required binary element (STRING); } }
    required int32 text_start;
    required int32 text_end;
    required binary text (STRING);
    required binary embedded (STRING);
    required group vector (LIST) { repeated group list { required float element; } }
}";

/// A passage with what the encoder read and said of it.
#[derive(Debug, Clone, Copy)]
pub struct Read<'a> {
    /// Its place among all.
    pub number: u32,
    /// Number of the chunk.
    pub stored: u32,
    /// The passage.
    pub passage: &'a Passage,
    /// What the encoder read.
    pub embedded: &'a str,
    /// What it said.
    pub vector: &'a [f32],
}

/// A row of [`PASSAGES`].
pub fn passage<'a>(
    read: Read<'a>,
    chunk: &SharedChunk<'a>,
    url: &'a str,
    scopes: &'a [Scope],
) -> Vec<Cell<'a>> {
    let newest = chunk.newest();
    let (document, scope, range) =
        (&newest.entry.document, &scopes[newest.scope as usize], &read.passage.range);
    let versions = chunk.editions.iter().map(|edition| scopes[edition.scope as usize].version.as_str());
    vec![
        Cell::Number(read.number),
        Cell::Number(read.stored),
        Cell::Text(&newest.chunk.id),
        Cell::Text(&document.source),
        known(&scope.vendor),
        Cell::Text(&scope.product),
        known(&scope.version),
        Cell::Flag(scope.newest),
        Cell::Texts(versions.filter(|version| !version.is_empty()).collect()),
        Cell::number(newest.chunk.page),
        Cell::text(newest.chunk.page_label.as_deref()),
        Cell::Text(url),
        Cell::Text(&document.title),
        Cell::Text(&newest.chunk.title),
        Cell::Texts(newest.chunk.headings.iter().map(String::as_str).collect()),
        Cell::Number(range.start as u32),
        Cell::Number(range.end as u32),
        Cell::Text(newest.chunk.text.get(range.clone()).unwrap_or_default()),
        Cell::Text(read.embedded),
        Cell::Vector(read.vector),
    ]
}

/// The permalink of a chunk, below the site's root.
pub fn permalink(edition: &Edition<'_>) -> String {
    let (url, anchor) = (&edition.entry.url, &edition.chunk.anchor);
    if anchor.is_empty() { url.clone() } else { format!("{url}#{anchor}") }
}

/// A level of the library's tree, which it may not have.
fn known(level: &str) -> Cell<'_> {
    Cell::text(Some(level).filter(|level| !level.is_empty()))
}
