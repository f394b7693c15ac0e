//! Every constant of the ranking, with its reason.
//!
//! The defaults are customary values and those of prototypes, not yet learned from the truth sets;
//! `tests/relevance/README.md` shows what they reach.

use serde::{Deserialize, Serialize};

/// What the ranking weighs. `Default` is what ships.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Weights {
    /// Occurrences in title, heading, body, code count this many times (BM25F field weights). Titles and headings
    /// are few words that someone chose; in code most words are noise around the one that matters.
    pub fields: [f32; 4],
    /// How soon further occurrences stop counting (BM25 `k1`, 0.5 to 2).
    pub saturation: f32,
    /// How much a long text is held against its words (BM25 `b`, 0 to 1).
    pub text_length: f32,
    /// The same for title and headings.
    pub head_length: f32,
    /// Share of a word's weight that a word beginning with it gets, when it is the last one typed.
    pub prefix: f32,
    /// Weight of two neighbouring query words standing next to each other, relative to the rarer of them.
    pub nearness: f32,
    /// How far meaning is trusted beside words, per word typed; see `fuse`.
    pub meaning: f32,
    /// The same while the query's vector is the sum of its terms' vectors, which knows no order of words.
    pub meaning_of_terms: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            fields: [2.5, 2.0, 1.0, 0.8],
            saturation: 0.9,
            text_length: 0.4,
            head_length: 0.3,
            prefix: 0.3,
            nearness: 0.3,
            meaning: 2.7,
            meaning_of_terms: 2.0,
        }
    }
}
