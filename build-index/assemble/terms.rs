//! Term lists and vectors → term shards.

use std::collections::BTreeMap;

use mcdewey_format::shard::{self, Entry as TermEntry, PostingList};
use rayon::prelude::*;

/// Bytes of a shard before compression: about 9 kB on the wire, so three words cost less than a picture.
const SHARD_BYTES: usize = 16 << 10;

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
