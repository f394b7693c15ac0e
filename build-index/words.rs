//! The words of a library, read once for all that is made of them.
//!
//! ```text
//! chunks ──► runs of a document ──► postings   ┐                ┌─► indexed: term lists, lengths, spellings
//!                                   spellings  ├─► all together ┤
//!                                   samples    ┘                └─► samples, for the encoder
//! ```
//!
//! A run is what one core reads in a row, and what is kept for the next build: an edited page costs reading its run.
//! Runs are put together in the library's order, so the bytes made of them depend neither on threads nor on what was kept.

pub mod analyse;
mod postings;
pub mod samples;
mod spelling;

use std::collections::BTreeMap;

use mcdewey_format::shard::{FIELD_COUNT, PostingList};
use mcdewey_format::spelling::Spelling;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::chunk::Chunk;
use crate::parsed::Parsed;
use crate::share::SharedChunk;

use postings::Postings;
use samples::{Found, Samples};
use spelling::Spellings;

/// Chunks of a run: enough that words recur, few enough that an edit reads little again and no core is left alone.
const RUN: usize = 64;

/// The words of a library.
#[derive(Debug, Default)]
pub struct Words {
    /// What the index says of them.
    pub indexed: Indexed,
    /// What the encoder reads of them.
    pub samples: Samples,
}

/// What goes into the index.
#[derive(Debug, Default)]
pub struct Indexed {
    /// Encoded postings by term.
    pub lists: BTreeMap<String, PostingList>,
    /// Two length codes a chunk.
    pub lengths: Vec<u8>,
    /// Mean number of words by field.
    pub mean_lengths: [f32; FIELD_COUNT],
    /// How words are spelled, by number of letters, rising.
    pub spellings: Vec<(u8, Spelling)>,
}

/// What is read of some chunks in a row. The empty one is that of no chunk.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Run {
    postings: Postings,
    spellings: Spellings,
    samples: Found,
}

impl Words {
    /// Reads every chunk, in order; one that several versions share is read once. Runs that `kept` has are not read again.
    pub fn of(chunks: &[SharedChunk<'_>], kept: Option<&Parsed>) -> Self {
        let of_one_document = chunks.chunk_by(|a, b| a.newest().document == b.newest().document);
        let runs: Vec<&[SharedChunk<'_>]> = of_one_document.flat_map(|chunks| chunks.chunks(RUN)).collect();
        let read = |chunks: &&[SharedChunk<'_>]| match kept {
            Some(kept) => kept.words(&key(chunks), || Run::of(chunks)),
            None => Run::of(chunks),
        };
        let Run { postings, spellings, samples } = runs.par_iter().map(read).reduce(Run::default, Run::then);
        let indexed = Indexed {
            mean_lengths: postings.mean_lengths(),
            lists: postings.lists.into_iter().collect(),
            lengths: postings.lengths,
            spellings: spellings.lists(),
        };
        Self { indexed, samples: samples.samples() }
    }
}

/// All that a run depends on.
fn key<'a>(chunks: &[SharedChunk<'a>]) -> Vec<(&'a str, &'a Chunk)> {
    chunks.iter().map(SharedChunk::newest).map(|one| (one.entry.document.title.as_str(), one.chunk)).collect()
}

impl Run {
    fn of(chunks: &[SharedChunk<'_>]) -> Self {
        Self { postings: Postings::of(chunks), spellings: Spellings::of(chunks), samples: Found::of(chunks) }
    }

    /// These chunks and those of `later`, which follow them.
    fn then(self, later: Self) -> Self {
        Self {
            postings: self.postings.then(later.postings),
            spellings: self.spellings.then(later.spellings),
            samples: self.samples.then(later.samples),
        }
    }
}
