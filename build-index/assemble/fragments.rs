//! Chunks → fragments.

use std::ops::Range;

use mcdewey_format::fragment::{DocumentRef, Edition, Fragment, StoredChunk};
use xxhash_rust::xxh3::xxh3_64;

use crate::chunk::Chunk;
use crate::share::{self, SharedChunk};

/// A fragment takes no further chunk beyond this many bytes of text: about 5 kB on the wire.
const FRAGMENT_BYTES: usize = 12 << 10;
/// Nor beyond this many chunks.
const FRAGMENT_CHUNKS: usize = 16;
/// A fragment ends with a chunk whose hash says so, one in as many, so that the next fragments begin where they
/// began before a chunk was inserted: bounds follow the content, as in rsync. With it a fragment has 10 chunks on average
/// where chunks are short.
const ENDS_ONE_IN: u64 = 16;
/// But not before it has this many bytes of text.
const LEAST_BYTES: usize = 4 << 10;

/// Which chunks of a library go into one fragment each, in order; none is empty.
pub(super) fn bounds(chunks: &[SharedChunk<'_>]) -> Vec<Range<usize>> {
    let mut bounds = Vec::new();
    let (mut first, mut bytes) = (0, 0);
    for (n, chunk) in chunks.iter().enumerate() {
        let text = &chunk.newest().chunk.text;
        if n > first && (bytes + text.len() > FRAGMENT_BYTES || n - first >= FRAGMENT_CHUNKS) {
            bounds.push(first..n);
            (first, bytes) = (n, 0);
        }
        bytes += text.len();
        if bytes >= LEAST_BYTES && xxh3_64(text.as_bytes()).is_multiple_of(ENDS_ONE_IN) {
            bounds.push(first..n + 1);
            (first, bytes) = (n + 1, 0);
        }
    }
    if first < chunks.len() {
        bounds.push(first..chunks.len());
    }
    bounds
}

/// The fragment of these chunks.
pub(super) fn fragment(chunks: &[SharedChunk<'_>]) -> Fragment {
    let mut open = Open::default();
    chunks.iter().for_each(|chunk| open.push(chunk));
    open.fragment
}

/// A fragment that takes further chunks.
#[derive(Default)]
struct Open {
    fragment: Fragment,
    /// Place in the library of each of the fragment's documents.
    documents: Vec<usize>,
}

impl Open {
    fn push(&mut self, chunk: &SharedChunk<'_>) {
        let editions = chunk.editions.iter().map(|edition| self.edition(edition)).collect();
        let newest = chunk.newest().chunk;
        self.fragment.chunks.push(StoredChunk {
            headings: newest.headings.clone(),
            text: newest.text.clone(),
            passages: passage_lengths(newest),
            editions,
        });
    }

    fn edition(&mut self, edition: &share::Edition<'_>) -> Edition {
        let known = self.documents.iter().position(|&document| document == edition.document);
        let document = known.unwrap_or_else(|| {
            let entry = edition.entry;
            self.documents.push(edition.document);
            self.fragment.documents.push(DocumentRef {
                scope: edition.scope,
                source: entry.document.source.clone(),
                stem: entry.stem().to_owned(),
                url: entry.url.clone(),
                title: entry.document.title.clone(),
            });
            self.documents.len() - 1
        });
        let chunk = edition.chunk;
        Edition {
            document: document as u32,
            number: chunk.number,
            page: chunk.page,
            page_label: chunk.page_label.clone(),
            anchor: chunk.anchor.clone(),
            images: chunk.images.iter().map(|image| (image.source.clone(), image.alt.clone())).collect(),
        }
    }
}

/// Lengths of the passages. They lie end to end; the last takes what is left, so that lengths alone tell their places.
fn passage_lengths(chunk: &Chunk) -> Vec<u32> {
    let starts = chunk.passages.iter().map(|passage| passage.range.start);
    let ends = starts.clone().skip(1).chain([chunk.text.len()]);
    let mut lengths: Vec<u32> = starts.zip(ends).map(|(start, end)| (end - start) as u32).collect();
    if let (Some(first), Some(passage)) = (lengths.first_mut(), chunk.passages.first()) {
        *first += passage.range.start as u32;
    }
    lengths
}
