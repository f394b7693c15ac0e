//! What is one score made of?
//!
//! ```text
//! words'   = words / best words of this query
//! meaning' = cosine / best cosine of this query     (0 below 0)
//! score    = meaning · meaning' + (1 − meaning) · words'
//! ```
//!
//! A convex mix of scaled scores keeps how much better the best is, which ranks (reciprocal rank fusion) throw away;
//! in prototypes it was better on every truth set. The scale is set by the query's own best, not by its worst:
//! the worst depends on how many cells were read.

use std::ops::Range;

use crate::answer::{Mode, Rung};
use crate::nearest::Nearest;
use crate::weights::Weights;

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
}

/// The chunks of `scope` with the best scores, best first, ties by number; at most `limit`.
pub(crate) fn fuse(
    mode: Mode,
    rung: Rung,
    weights: &Weights,
    scope: &[Range<u32>],
    words: &[f32],
    meaning: Option<&[Option<Nearest>]>,
    limit: usize,
) -> Vec<Ranked> {
    let chunks = || scope.iter().cloned().flatten();
    let cosine = |chunk: u32| -> f32 {
        let near = meaning.and_then(|all| all.get(chunk as usize).copied().flatten());
        near.map_or(0.0, |near| near.cosine.max(0.0))
    };
    let word = |chunk: u32| words.get(chunk as usize).copied().unwrap_or(0.0);
    let share = match mode {
        Mode::Keyword => 0.0,
        _ if meaning.is_none() => 0.0,
        Mode::Semantic => 1.0,
        Mode::Hybrid if rung == Rung::Terms => weights.meaning_of_terms,
        Mode::Hybrid => weights.meaning,
    };
    let scale = |best: f32, share: f32| if best > 0.0 { share / best } else { 0.0 };
    let word_scale = scale(chunks().map(word).fold(0.0, f32::max), 1.0 - share);
    let meaning_scale = scale(chunks().map(cosine).fold(0.0, f32::max), share);
    let mut ranked: Vec<Ranked> = chunks()
        .map(|chunk| {
            let (words, meaning) = (word_scale * word(chunk), meaning_scale * cosine(chunk));
            Ranked { chunk, score: words + meaning, words, meaning }
        })
        .filter(|ranked| ranked.score > 0.0)
        .collect();
    let order = |a: &Ranked, b: &Ranked| b.score.total_cmp(&a.score).then(a.chunk.cmp(&b.chunk));
    if ranked.len() > limit && limit > 0 {
        ranked.select_nth_unstable_by(limit - 1, order);
        ranked.truncate(limit);
    }
    ranked.sort_by(order);
    ranked
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    fn near(cosine: f32) -> Option<Nearest> {
        Some(Nearest { cosine, passage: 0 })
    }

    #[test]
    fn each_mode_ranks_by_its_own_evidence_and_ties_go_to_the_first() {
        let words = [0.0, 8.0, 4.0, 4.0];
        let meaning = [near(0.9), near(0.1), near(0.2), near(0.2)];
        let order = |mode| -> Vec<u32> {
            let scope = 0..4;
            let ranked = fuse(
                mode,
                Rung::Transformer,
                &Weights::default(),
                from_ref(&scope),
                &words,
                Some(&meaning),
                3,
            );
            ranked.iter().map(|ranked| ranked.chunk).collect()
        };
        assert_eq!(order(Mode::Keyword), [1, 2, 3]);
        assert_eq!(order(Mode::Semantic), [0, 2, 3]);
        assert_eq!(order(Mode::Hybrid)[..2], [0, 1]);
    }

    #[test]
    fn without_vectors_words_rank_alone() {
        let scope = 0..2;
        let ranked =
            fuse(Mode::Hybrid, Rung::Keyword, &Weights::default(), from_ref(&scope), &[1.0, 2.0], None, 10);
        assert_eq!(ranked[0].chunk, 1);
        assert_eq!(ranked[0].score, 1.0);
    }

    #[test]
    fn chunks_outside_the_scope_do_not_count() {
        let scope = 1..2;
        let ranked =
            fuse(Mode::Keyword, Rung::Keyword, &Weights::default(), from_ref(&scope), &[9.0, 1.0], None, 10);
        assert_eq!(ranked.iter().map(|ranked| ranked.chunk).collect::<Vec<_>>(), [1]);
    }
}
