//! Chunks that did not change between versions, stored once.
//!
//! Versions of a manual are mostly the same words. A chunk with the same text under the same headings of a document of
//! the same title is one chunk with several editions: one set of postings, one vector, one text. What differs is where it
//! stands, and that is kept for each edition.
//!
//! ```text
//! pump 3   A  B' C  D              A  B' C  D  B
//! pump 2   A  B  C          ──►    3  3  3  3  2        B' is kin of B, if they say nearly the same
//! pump 1   A  B                    2  2  2     1
//!                                  1     (pump 1 lacks C)
//! ```
//!
//! Numbers in a title do not count (`Guide to release 12.5`), or no chunk of such a manual would ever be shared; the
//! newest edition's title is the one that is indexed. Nothing is shared within a version: two documents with the same
//! licence text are two places that a reader may mean.

mod kin;

use std::collections::BTreeMap;

use mcdewey_format::documents::ListedDocument;
use mcdewey_format::scope::{Scope, Stretch};
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_128;

use crate::chunk::Chunk;
use crate::library::Entry;
use crate::vectors::Text;

/// A library's chunks, each once, numbered by their place in `chunks`.
#[derive(Debug, Default)]
pub struct Shared<'a> {
    /// Versions of products, in library order.
    pub scopes: Vec<Scope>,
    /// Which chunks stand in which versions.
    pub stretches: Vec<Stretch>,
    /// The chunks, in the order of the stretches.
    pub chunks: Vec<SharedChunk<'a>>,
    /// Chunks that say nearly the same as an earlier one of another version, with the first that does; rising.
    pub kin: Vec<(u32, u32)>,
    /// The documents of each scope, in library order.
    pub documents: Vec<Vec<ListedDocument>>,
}

/// A chunk and where it stands.
#[derive(Debug)]
pub struct SharedChunk<'a> {
    /// Its editions, newest version first; never empty. All that ranks is read from the first.
    pub editions: Vec<Edition<'a>>,
}

/// A chunk as it stands in one version.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'a> {
    /// Number of the version.
    pub scope: u32,
    /// Place of the document in the library.
    pub document: usize,
    /// The document.
    pub entry: &'a Entry,
    /// The chunk.
    pub chunk: &'a Chunk,
}

/// What a product's versions have in common, for the build report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sharing {
    /// `vendor/product`, or the product alone.
    pub product: String,
    /// Its versions, newest first.
    pub versions: Vec<String>,
    /// Chunks of all versions together.
    pub chunks: u32,
    /// Chunks that are stored.
    pub stored: u32,
    /// Stored chunks that stand in more than one version.
    pub shared: u32,
    /// Stored chunks that say nearly the same as one of another version; pages, half the same.
    pub nearly: u32,
}

/// What one version of a product may share with another: the words, and where they are headings or code.
type Likeness = u128;

impl<'a> SharedChunk<'a> {
    /// The newest edition, which is the one that is indexed.
    pub fn newest(&self) -> &Edition<'a> {
        &self.editions[0]
    }
}

impl<'a> Shared<'a> {
    /// The chunks of `entries`, which must be in the library's order: a product's versions together, newest first.
    pub fn of(entries: &'a [Entry]) -> Self {
        let mut shared = Self::default();
        let of_scopes = entries.chunk_by(|a, b| a.place == b.place);
        let mut document = 0;
        let mut chunks: Vec<SharedChunk<'a>> = Vec::new();
        // Where the chunks of the product begin, and which of them has a likeness for the how-manieth time in a version.
        let mut known: BTreeMap<(Likeness, u32), usize> = BTreeMap::new();
        for entries in of_scopes {
            let scope = shared.begin(&entries[0]);
            if shared.scopes[scope as usize].newest {
                known.clear();
            }
            let mut times: BTreeMap<Likeness, u32> = BTreeMap::new();
            for entry in entries {
                shared.scopes[scope as usize].documents += 1;
                shared.scopes[scope as usize].pages += entry.document.pages.len() as u32;
                shared.scopes[scope as usize].chunks += entry.chunks.len() as u32;
                for chunk in &entry.chunks {
                    let edition = Edition { scope, document, entry, chunk };
                    let likeness = likeness(&entry.document.title, chunk);
                    let time = times.entry(likeness).or_default();
                    let place = *known.entry((likeness, *time)).or_insert_with(|| {
                        chunks.push(SharedChunk { editions: Vec::new() });
                        chunks.len() - 1
                    });
                    *time += 1;
                    chunks[place].editions.push(edition);
                }
                document += 1;
            }
        }
        // Stable, so that within a stretch the newest version's reading order holds.
        chunks.sort_by_cached_key(SharedChunk::scopes);
        shared.chunks = chunks;
        shared.divide();
        shared.list_documents(entries.len());
        shared.kin = kin::kin(&shared.chunks);
        shared
    }

    /// Adds the version that `entry` stands in.
    fn begin(&mut self, entry: &Entry) -> u32 {
        let mut scope = Scope {
            vendor: entry.place.vendor.clone().unwrap_or_default(),
            product: entry.place.product.clone(),
            version: entry.place.version.clone(),
            ..Scope::default()
        };
        // Versions come newest first, so a product's first scope is its newest.
        scope.newest = self.scopes.last().is_none_or(|last| !last.same_product(&scope));
        self.scopes.push(scope);
        self.scopes.len() as u32 - 1
    }

    fn divide(&mut self) {
        for chunk in &self.chunks {
            let scopes = chunk.scopes();
            match self.stretches.last_mut() {
                Some(stretch) if stretch.scopes == scopes => stretch.chunks += 1,
                _ => self.stretches.push(Stretch { scopes, chunks: 1 }),
            }
        }
    }

    fn list_documents(&mut self, documents: usize) {
        let mut in_order: Vec<Vec<(u32, u32, u32)>> = vec![Vec::new(); documents];
        let mut entries: Vec<Option<(u32, &Entry)>> = vec![None; documents];
        for (chunk, shared) in (0..).zip(&self.chunks) {
            for edition in &shared.editions {
                in_order[edition.document].push((edition.chunk.ordinal, chunk, edition.chunk.number));
                entries[edition.document] = Some((edition.scope, edition.entry));
            }
        }
        self.documents = vec![Vec::new(); self.scopes.len()];
        for (mut chunks, entry) in in_order.into_iter().zip(entries) {
            // A document without a chunk cannot be found, so nobody asks for it by name.
            let Some((scope, entry)) = entry else { continue };
            let mut listed = ListedDocument {
                source: entry.document.source.clone(),
                stem: entry.stem().to_owned(),
                url: entry.url.clone(),
                title: entry.document.title.clone(),
                pages: entry.document.pages.len() as u32,
                ..ListedDocument::default()
            };
            chunks.sort_unstable();
            chunks.into_iter().for_each(|(_, chunk, number)| listed.push(chunk, number));
            listed.gone.clone_from(&entry.gone);
            self.documents[scope as usize].push(listed);
        }
    }

    /// Every passage, in order.
    pub fn passages(&self) -> Vec<Text<'a>> {
        let chunks = self.chunks.iter().map(|chunk| chunk.newest().chunk);
        let passages = chunks.flat_map(|chunk| chunk.passages.iter().map(move |passage| (chunk, passage)));
        passages.map(|(chunk, passage)| Text::Passage(chunk, passage)).collect()
    }

    /// What each product with several versions has in common among them.
    pub fn sharing(&self) -> Vec<Sharing> {
        let mut found: Vec<(Sharing, std::ops::Range<u32>)> = Vec::new();
        for (number, scope) in (0..).zip(&self.scopes) {
            if scope.newest {
                let vendor =
                    if scope.vendor.is_empty() { String::new() } else { format!("{}/", scope.vendor) };
                let product = format!("{vendor}{}", scope.product);
                found.push((Sharing { product, ..Sharing::default() }, number..number));
            }
            if let Some((sharing, scopes)) = found.last_mut() {
                sharing.versions.push(scope.version.clone());
                sharing.chunks += scope.chunks;
                scopes.end = number + 1;
            }
        }
        for (number, chunk) in (0..).zip(&self.chunks) {
            let scope = chunk.newest().scope;
            let at = found.partition_point(|(_, scopes)| scopes.end <= scope);
            if let Some((sharing, _)) = found.get_mut(at) {
                sharing.stored += 1;
                sharing.shared += u32::from(chunk.editions.len() > 1);
                let is_kin = self.kin.binary_search_by_key(&number, |&(chunk, _)| chunk).is_ok();
                sharing.nearly += u32::from(is_kin);
            }
        }
        found.into_iter().map(|(sharing, _)| sharing).filter(|sharing| sharing.versions.len() > 1).collect()
    }
}

impl SharedChunk<'_> {
    fn scopes(&self) -> Vec<u32> {
        self.editions.iter().map(|edition| edition.scope).collect()
    }
}

/// Equal for chunks that may be stored as one.
fn likeness(title: &str, chunk: &Chunk) -> Likeness {
    let ranges = |ranges: &[std::ops::Range<usize>]| -> Vec<u8> {
        ranges
            .iter()
            .flat_map(|range| [range.start, range.end])
            .flat_map(|at| (at as u64).to_le_bytes())
            .collect()
    };
    let mut parts: Vec<Vec<u8>> = vec![without_numbers(title).into_bytes(), chunk.text.clone().into_bytes()];
    parts.extend([ranges(&chunk.code), ranges(&chunk.inner_headings)]);
    // A contents page is not embedded; the same words elsewhere may be.
    parts.push(vec![u8::from(chunk.passages.is_empty())]);
    parts.extend(chunk.headings.iter().map(|heading| heading.clone().into_bytes()));
    let mut all = Vec::new();
    for part in parts {
        all.extend((part.len() as u64).to_le_bytes());
        all.extend(part);
    }
    xxh3_128(&all)
}

/// A title as its versions have it in common: `Guide to release .` of `Guide to release 12.5`.
fn without_numbers(title: &str) -> String {
    title.chars().filter(|c| !c.is_numeric()).collect()
}

#[cfg(test)]
mod tests;
