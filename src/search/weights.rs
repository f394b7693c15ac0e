//! Every constant of the ranking, with its reason.
//!
//! The defaults are customary values and such as the truth sets reward; `tests/relevance/README.md` says which, and shows
//! what they reach.

use serde::{Deserialize, Serialize};

use crate::answer::{Rung, Support};

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
    /// What it is worth, beside the words themselves, that a chunk's title and headings are the query (see `lexical`).
    pub naming: f32,
    /// How far meaning is trusted beside words, per word typed; see `fuse`.
    pub meaning: f32,
    /// The same while the query's vector is the sum of its terms' vectors, which knows no order of words.
    pub meaning_of_terms: f32,
    /// What the closeness of meaning counts beside the share of words, when it is asked whether a query is answered at
    /// all.
    pub support_of_meaning: f32,
    /// What the share of the query's words that the library has at all counts, at that.
    pub support_of_known: f32,
    /// How much support an answer by words, by the sum of their vectors, and by the encoder needs to be one.
    pub support_needed: [f32; 3],
}

impl Weights {
    /// How many times the support that an answer needs these hits have; from 1 on they answer their query.
    pub(crate) fn strength(&self, rung: Rung, support: Support) -> f32 {
        let support =
            support.words + self.support_of_meaning * support.meaning + self.support_of_known * support.known;
        support / self.support_needed[rung as usize].max(f32::MIN_POSITIVE)
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            fields: [2.5, 2.0, 1.0, 0.8],
            saturation: 1.2,
            text_length: 0.4,
            head_length: 0.3,
            prefix: 0.3,
            nearness: 0.5,
            naming: 1.0,
            meaning: 2.0,
            meaning_of_terms: 1.4,
            support_of_meaning: 1.5,
            support_of_known: 0.5,
            support_needed: [0.65, 1.45, 1.45],
        }
    }
}
