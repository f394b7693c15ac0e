//! Chunks → term shards.

use std::collections::{BTreeMap, HashMap};

use mcdewey_format::shard::{self, Entry as TermEntry, FIELD_COUNT, Posting, PostingList};
use rayon::prelude::*;

use crate::analyse::{ChunkTerms, Stems};
use crate::share::SharedChunk;

/// Bytes of a shard before compression: about 9 kB on the wire, so three words cost less than a picture.
const SHARD_BYTES: usize = 16 << 10;
/// Chunks analysed at a time, which bounds the memory that words need before they are encoded.
const BATCH: usize = 4096;
/// Chunks that one core analyses in a row: enough that words recur, few enough that no core is left alone with many.
const AT_ONCE: usize = 128;

/// The words of a library.
#[derive(Debug, Default)]
pub(super) struct Analysed {
    /// Encoded postings by term.
    pub lists: BTreeMap<String, PostingList>,
    /// Two length codes a chunk.
    pub lengths: Vec<u8>,
    /// Mean number of words by field.
    pub mean_lengths: [f32; FIELD_COUNT],
}

/// Reads the words of every chunk, in order. A chunk that several versions share counts once.
pub(super) fn analyse(chunks: &[SharedChunk<'_>]) -> Analysed {
    let mut out = Analysed::default();
    let mut sums = [0f64; FIELD_COUNT];
    // Looked up a million times, so not yet in order.
    let mut lists: HashMap<String, PostingList> = HashMap::new();
    let mut number = 0;
    for batch in chunks.chunks(BATCH) {
        let terms = |part: &[SharedChunk<'_>]| -> Vec<ChunkTerms> {
            let mut stems = Stems::default();
            let newest = part.iter().map(SharedChunk::newest);
            newest
                .map(|newest| ChunkTerms::of(&newest.entry.document.title, newest.chunk, &mut stems))
                .collect()
        };
        let analysed: Vec<Vec<ChunkTerms>> = batch.par_chunks(AT_ONCE).map(terms).collect();
        for chunk in analysed.into_iter().flatten() {
            out.lengths.extend(chunk.length_codes());
            sums.iter_mut().zip(chunk.lengths).for_each(|(sum, length)| *sum += f64::from(length));
            for (term, found) in chunk.terms {
                let posting = Posting { chunk: number, counts: found.counts };
                lists.entry(term).or_default().push(posting, &found.positions);
            }
            number += 1;
        }
    }
    out.lists = lists.into_iter().collect();
    out.mean_lengths = sums.map(|sum| (sum / f64::from(number.max(1))) as f32);
    out
}

/// Cuts the dictionary into shard files, each with its first term; where there are `bounds`, at those terms. `vectors` are
/// codes of `dims` components; one whose term no chunk has is kept too.
pub(super) fn shards(
    lists: BTreeMap<String, PostingList>,
    vectors: Vec<(String, Vec<u8>)>,
    dims: usize,
    bounds: &[String],
) -> Vec<(String, Vec<u8>)> {
    let mut terms: BTreeMap<String, TermEntry> =
        lists.into_iter().map(|(term, list)| (term, TermEntry { list, vector: None })).collect();
    for (term, vector) in vectors {
        terms.entry(term).or_default().vector = Some(vector);
    }
    let slices = shard::cut(terms, dims, SHARD_BYTES, bounds);
    slices.par_iter().map(|slice| (slice.first().to_owned(), slice.to_file())).collect()
}
