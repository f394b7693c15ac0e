//! What is one score made of?
//!
//! ```text
//! closeness = (cosine − mean cosine of the library)²                  0 below the mean
//! trust     = weight · √best words · (1 + words typed)                what closeness is worth, in words' own units
//! score     = (words + trust · closeness) / (best words + trust · best closeness)
//! ```
//!
//! A sum of scores keeps how much better the best is, which ranks (reciprocal rank fusion) throw away. How far to trust
//! meaning is told by how much was typed, *of* and *the* included: one or two words are a name, and a name is looked up; a
//! sentence says what it means. The root says that words which match well are trusted, but not without bound. Of a
//! cosine counts what is above that of any passage, squared: where all are equally near (a language that the encoder
//! has not learned, a bare number) or none is, meaning has little to say. `tests/relevance/README.md` has the measurements.
//!
//! A query that is a [symbol](crate::symbol) has a lane of its own: a chunk named by it is above any other, and one that spells
//! it as it was typed above these. Each is worth as much as all else together, so the three are thirds of the score.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::answer::Mode;
use crate::nearest::Nearest;

/// Where all passages are nearer than this to the query, they are taken for no nearer.
const ALIKE: f32 = 0.9;
/// Further words make a sentence no more of a sentence.
const MAX_TYPED: usize = 24;

/// A chunk and what its score is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ranked {
    /// Number of the chunk.
    pub chunk: u32,
    /// What it is ranked by, between 0 and 1.
    pub score: f32,
    /// The part of `score` that words gave.
    pub words: f32,
    /// The part of `score` that meaning gave.
    pub meaning: f32,
    /// The part of `score` for being named by the symbol that the query is.
    pub named: f32,
    /// The part of `score` for spelling that symbol as it was typed.
    pub spelled: f32,
}

/// What each of the two is worth, and the words and meaning of the best chunk together, where the query is a symbol.
const THIRD: f32 = 1.0 / 3.0;

impl Ranked {
    /// Notes that the chunk spells the symbol as it was typed.
    pub fn spells(&mut self) {
        self.spelled = THIRD;
        self.score += THIRD;
    }
}

/// The better first, ties by number.
pub(crate) fn order(a: &Ranked, b: &Ranked) -> Ordering {
    b.score.total_cmp(&a.score).then(a.chunk.cmp(&b.chunk))
}

/// What is known of the closeness of chunks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meaning<'a> {
    /// The closest passage of each chunk, where it has one that was compared.
    pub nearest: &'a [Option<Nearest>],
    /// The query's cosine with the mean of all passages.
    pub common: f32,
    /// How far it is trusted, see [`Weights::meaning`](crate::Weights::meaning).
    pub weight: f32,
}

impl Meaning<'_> {
    /// How far a chunk's closest passage supports an answer; `None` where it was not compared.
    ///
    /// ```text
    /// (cosine − mean cosine) / (1 − mean cosine)³
    /// ```
    ///
    /// What is above any passage, measured by what could be above it. An encoder finds all text alike that is in a language
    /// it has not read, so that little can stand out there; the power is what the truth sets reward.
    pub fn support_of(&self, chunk: u32) -> Option<f32> {
        let above = self.nearest.get(chunk as usize).copied().flatten()?.cosine - self.common;
        let room = 1.0 - self.common.clamp(0.0, ALIKE);
        Some(above.max(0.0) / (room * room * room))
    }
}

/// The chunks of `scope` with the best scores, best first, ties by number; at most `limit`. `typed` is the number of words
/// of the query, `symbol` the chunks that are named by the symbol that it is.
pub(crate) fn fuse(
    mode: Mode,
    typed: usize,
    words: &[f32],
    meaning: Option<Meaning<'_>>,
    scope: &[Range<u32>],
    symbol: &BTreeSet<u32>,
    limit: usize,
) -> Vec<Ranked> {
    let chunks = || scope.iter().cloned().flatten();
    let cosine = |chunk: u32| -> f32 {
        let near = meaning.and_then(|all| all.nearest.get(chunk as usize).copied().flatten());
        near.map_or(0.0, |near| near.cosine.max(0.0))
    };
    let word = |chunk: u32| words.get(chunk as usize).copied().unwrap_or(0.0);
    let best_word = chunks().map(word).fold(0.0, f32::max);
    let (common, weight) = meaning.map_or((0.0, 0.0), |meaning| (meaning.common, meaning.weight));
    let closeness = |chunk: u32| (cosine(chunk) - common).max(0.0).powi(2);
    let trust = weight * best_word.sqrt() * (1 + typed.min(MAX_TYPED)) as f32;
    // What a chunk's words and meaning add up from, before the sum is scaled.
    let evidence = |chunk: u32| match mode {
        _ if meaning.is_none() => (word(chunk), 0.0),
        Mode::Keyword => (word(chunk), 0.0),
        // Nothing to compare meaning with: its order is that of the cosines.
        Mode::Hybrid if best_word == 0.0 => (0.0, cosine(chunk)),
        Mode::Semantic => (0.0, cosine(chunk)),
        Mode::Hybrid => (word(chunk), trust * closeness(chunk)),
    };
    let most = |part: fn((f32, f32)) -> f32| chunks().map(|chunk| part(evidence(chunk))).fold(0.0, f32::max);
    let best = most(|(words, _)| words) + most(|(_, meaning)| meaning);
    let has_symbol = chunks().any(|chunk| symbol.contains(&chunk));
    let whole = if has_symbol { THIRD } else { 1.0 };
    let scale = if best > 0.0 { whole / best } else { 0.0 };
    let mut ranked: Vec<Ranked> = chunks()
        .map(|chunk| {
            let (words, meaning) = evidence(chunk);
            let (words, meaning) = (scale * words, scale * meaning);
            let named = if symbol.contains(&chunk) { THIRD } else { 0.0 };
            Ranked { chunk, score: words + meaning + named, words, meaning, named, spelled: 0.0 }
        })
        .filter(|ranked| ranked.score > 0.0)
        .collect();
    if ranked.len() > limit && limit > 0 {
        ranked.select_nth_unstable_by(limit - 1, order);
        ranked.truncate(limit);
    }
    ranked.sort_by(order);
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The order of chunks with these scores of words and these cosines.
    fn order(mode: Mode, typed: usize, words: &[f32], cosines: &[f32], scope: Range<u32>) -> Vec<u32> {
        let nearest: Vec<Option<Nearest>> =
            cosines.iter().map(|&cosine| Some(Nearest { cosine, passage: 0 })).collect();
        let meaning = Meaning { nearest: &nearest, common: 0.1, weight: 2.5 };
        let meaning = Some(meaning).filter(|_| !cosines.is_empty());
        let ranked = fuse(mode, typed, words, meaning, &[scope], &BTreeSet::new(), 3);
        assert!(ranked.iter().all(|ranked| (0.0..=1.0).contains(&ranked.score)), "{ranked:?}");
        ranked.iter().map(|ranked| ranked.chunk).collect()
    }

    #[test]
    fn each_mode_ranks_by_its_own_evidence_and_ties_go_to_the_first() {
        let (words, cosines) = ([0.0, 8.0, 4.0, 4.0], [0.6, 0.1, 0.2, 0.2]);
        assert_eq!(order(Mode::Keyword, 2, &words, &cosines, 0..4), [1, 2, 3]);
        assert_eq!(order(Mode::Semantic, 2, &words, &cosines, 0..4), [0, 2, 3]);
        assert_eq!(order(Mode::Hybrid, 2, &words, &cosines, 0..4)[..2], [1, 0]);
    }

    #[test]
    fn a_name_is_looked_up_and_a_sentence_is_understood() {
        let best = |typed| order(Mode::Hybrid, typed, &[9.0, 7.0], &[0.30, 0.45], 0..2)[0];
        assert_eq!((best(1), best(9)), (0, 1));
    }

    #[test]
    fn what_is_as_near_as_any_passage_says_nothing() {
        assert_eq!(order(Mode::Hybrid, 9, &[2.0, 2.1, 0.0], &[0.1, 0.05, 0.09], 0..3), [1, 0]);
    }

    #[test]
    fn what_is_named_by_the_symbol_comes_first_and_no_score_passes_one() {
        let (words, scope) = ([9.0, 1.0, 2.0], 0..3);
        let mut ranked = fuse(Mode::Keyword, 1, &words, None, &[scope], &[1, 2].into(), 9);
        assert_eq!(ranked.iter().map(|ranked| ranked.chunk).collect::<Vec<_>>(), [2, 1, 0]);
        ranked[1].spells();
        ranked.sort_by(super::order);
        assert_eq!(ranked.iter().map(|ranked| ranked.chunk).collect::<Vec<_>>(), [1, 2, 0]);
        assert!(ranked.iter().all(|ranked| ranked.score <= 1.0 && ranked.score > 0.0));
    }

    #[test]
    fn support_is_measured_by_the_room_above_any_passage() {
        let nearest =
            [Some(Nearest { cosine: 0.5, passage: 0 }), None, Some(Nearest { cosine: 0.1, passage: 0 })];
        let support = |common, chunk| Meaning { nearest: &nearest, common, weight: 1.0 }.support_of(chunk);
        assert_eq!(support(0.0, 0), Some(0.5));
        assert!(support(0.2, 0) > Some(0.5), "less stands out where all are alike, and says more");
        assert_eq!((support(0.2, 1), support(0.2, 2)), (None, Some(0.0)));
        assert!(support(1.0, 0).is_some_and(f32::is_finite));
    }

    #[test]
    fn one_kind_of_evidence_is_enough() {
        assert_eq!(order(Mode::Hybrid, 1, &[1.0, 2.0], &[], 0..2), [1, 0]);
        assert_eq!(order(Mode::Hybrid, 1, &[0.0, 0.0], &[0.05, 0.2], 0..2), [1, 0]);
    }

    #[test]
    fn chunks_outside_the_scope_do_not_count() {
        assert_eq!(order(Mode::Keyword, 1, &[9.0, 1.0], &[], 1..2), [1]);
    }
}
