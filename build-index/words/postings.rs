//! Chunks → term lists.

use std::collections::HashMap;

use mcdewey_format::shard::{FIELD_COUNT, Posting, PostingList};
use serde::{Deserialize, Serialize};

use super::analyse::{ChunkTerms, Stems};
use crate::share::SharedChunk;

/// The terms of some chunks in a row, which are numbered from 0.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Postings {
    /// Encoded postings by term, not yet in order: they are looked up a million times.
    pub lists: HashMap<String, PostingList>,
    /// Two length codes a chunk.
    pub lengths: Vec<u8>,
    /// Number of words by field.
    words: [u64; FIELD_COUNT],
}

impl Postings {
    pub fn of(chunks: &[SharedChunk<'_>]) -> Self {
        let mut all = Self::default();
        let mut stems = Stems::default();
        for (number, newest) in (0..).zip(chunks.iter().map(SharedChunk::newest)) {
            let chunk = ChunkTerms::of(&newest.entry.document.title, newest.chunk, &mut stems);
            all.lengths.extend(chunk.length_codes());
            all.words.iter_mut().zip(chunk.lengths).for_each(|(sum, words)| *sum += u64::from(words));
            for (term, found) in chunk.terms {
                let posting = Posting { chunk: number, counts: found.counts };
                all.lists.entry(term).or_default().push(posting, &found.positions);
            }
        }
        all
    }

    /// These chunks and those of `later`, which follow them.
    pub fn then(mut self, later: Self) -> Self {
        if self.lengths.is_empty() {
            return later;
        }
        let chunks = (self.lengths.len() / 2) as u32;
        for (term, list) in later.lists {
            self.lists.entry(term).or_default().append(chunks, list);
        }
        self.lengths.extend(later.lengths);
        self.words.iter_mut().zip(later.words).for_each(|(sum, words)| *sum += words);
        self
    }

    /// Mean number of words of a chunk by field.
    pub fn mean_lengths(&self) -> [f32; FIELD_COUNT] {
        let chunks = (self.lengths.len() / 2).max(1) as f64;
        self.words.map(|words| (words as f64 / chunks) as f32)
    }
}
