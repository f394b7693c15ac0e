//! Chunks → fragments.

use mcdewey_format::boot::Scope;
use mcdewey_format::fragment::{DocumentRef, Fragment, StoredChunk};

use crate::chunk::Chunk;
use crate::library::Entry;

/// A fragment takes no further chunk beyond this many bytes of text: about 5 kB on the wire.
const FRAGMENT_BYTES: usize = 12 << 10;
/// Nor beyond this many chunks.
const FRAGMENT_CHUNKS: usize = 16;

/// The fragments of a library, in chunk order.
pub(super) fn fragments(entries: &[Entry], scopes: &[Scope]) -> Vec<Fragment> {
    let mut fragments: Vec<Fragment> = Vec::new();
    let mut open = Fragment::default();
    let mut bytes = 0;
    let mut number = 0;
    for entry in entries {
        let vendor = entry.place.vendor.as_deref().unwrap_or_default();
        let scope = scopes.iter().position(|scope| {
            scope.vendor == vendor
                && scope.product == entry.place.product
                && scope.version == entry.place.version
        });
        let stem =
            entry.chunks.first().map_or("", |chunk| chunk.id.rsplit_once("::").map_or("", |(stem, _)| stem));
        let document = DocumentRef {
            scope: scope.unwrap_or_default() as u32,
            source: entry.document.source.clone(),
            stem: stem.to_owned(),
            url: entry.url.clone(),
            title: entry.document.title.clone(),
        };
        for chunk in &entry.chunks {
            let full = bytes + chunk.text.len() > FRAGMENT_BYTES || open.chunks.len() >= FRAGMENT_CHUNKS;
            if full && !open.chunks.is_empty() {
                fragments.push(std::mem::take(&mut open));
                bytes = 0;
            }
            if open.chunks.is_empty() {
                open.first_chunk = number;
            }
            if open.documents.last() != Some(&document) {
                open.documents.push(document.clone());
            }
            open.chunks.push(stored(chunk, open.documents.len() as u32 - 1));
            bytes += chunk.text.len();
            number += 1;
        }
    }
    if !open.chunks.is_empty() {
        fragments.push(open);
    }
    fragments
}

fn stored(chunk: &Chunk, document: u32) -> StoredChunk {
    // Passages lie end to end; the last takes what is left, so that lengths alone tell their places.
    let starts = chunk.passages.iter().map(|passage| passage.range.start);
    let ends = starts.clone().skip(1).chain([chunk.text.len()]);
    let mut passages: Vec<u32> = starts.zip(ends).map(|(start, end)| (end - start) as u32).collect();
    if let (Some(first), Some(passage)) = (passages.first_mut(), chunk.passages.first()) {
        *first += passage.range.start as u32;
    }
    StoredChunk {
        document,
        ordinal: chunk.ordinal,
        page: chunk.page,
        page_label: chunk.page_label.clone(),
        anchor: chunk.anchor.clone(),
        headings: chunk.headings.clone(),
        text: chunk.text.clone(),
        passages,
        images: chunk.images.iter().map(|image| (image.source.clone(), image.alt.clone())).collect(),
    }
}
