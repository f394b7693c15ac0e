//! What is a hit worth beside those of another library?
//!
//! Scores of one answer are scaled by that answer's own best, and a word is rare or common by one library's count: they say
//! nothing about another library. What was made to be compared is [`Support`](crate::Support), how much of the query the best
//! hits have, which the same bar decides for every library. So libraries are weighed by their support, and hits within
//! a library by their scores, as CORI does it (Callan, Lu, Croft, *Searching distributed collections with inference networks*,
//! 1995):
//!
//! ```text
//! strength = support / the support that an answer needs                 of the library, for this query and rung
//! share    = (words + meaning) / (words + meaning) of its best hit      of the hit
//! worth    = lane + x / (1 + x),  x = strength · share                  lane: 2 spelled as the symbol typed, 1 named by it
//! ```
//!
//! Over six truth sets such a list keeps .68 of the .75 that the right library reaches alone, where taking hits in turn
//! keeps .37 (`tests/relevance/README.md`).
//!
//! A lane stays above the others across libraries as it does within one. An answer to what was probably meant counts half
//! as much as one to what was typed: another library may know the word. Worth keeps the order of the scores, so
//! a merged list has each library's hits in its own order, and a host that merges only sorts, ties by library.

use crate::fuse::Ranked;

/// What the strength of an answer to another query than the typed one counts.
const MEANT: f32 = 0.5;

/// What the hits of one answer are measured by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Worth {
    strength: f32,
    best: f32,
}

impl Worth {
    /// Of an answer with these hits, which have `strength` times the support they need.
    pub fn new(ranked: &[Ranked], strength: f32, is_correction: bool) -> Self {
        let best = ranked.iter().map(evidence).fold(f32::MIN_POSITIVE, f32::max);
        Self { strength: if is_correction { MEANT * strength } else { strength }, best }
    }

    /// Of one of the hits.
    pub fn of(&self, hit: &Ranked) -> f32 {
        let lanes = [hit.named, hit.spelled].into_iter().filter(|&lane| lane > 0.0).count();
        let worth = self.strength * evidence(hit) / self.best;
        lanes as f32 + worth / (1.0 + worth)
    }
}

/// What words and meaning gave to a score.
fn evidence(hit: &Ranked) -> f32 {
    hit.words + hit.meaning
}

#[cfg(test)]
mod tests {
    use super::*;

    const THIRD: f32 = 1.0 / 3.0;

    fn hit(words: f32, named: f32, spelled: f32) -> Ranked {
        Ranked { chunk: 0, score: words + named + spelled, words, meaning: 0.0, named, spelled }
    }

    /// The worth of each hit of one answer.
    fn worths(hits: &[Ranked], strength: f32, is_correction: bool) -> Vec<f32> {
        let worth = Worth::new(hits, strength, is_correction);
        hits.iter().map(|hit| worth.of(hit)).collect()
    }

    #[test]
    fn worth_keeps_the_order_of_the_scores() {
        let hits = [
            hit(0.1, THIRD, THIRD),
            hit(0.3, THIRD, 0.0),
            hit(0.1, THIRD, 0.0),
            hit(0.33, 0.0, 0.0),
            hit(0.2, 0.0, 0.0),
        ];
        for strength in [0.0, 0.4, 1.0, 9.0] {
            let worths = worths(&hits, strength, false);
            assert!(worths.is_sorted_by(|a, b| a >= b), "{strength}: {worths:?}");
            assert!(worths.iter().all(|worth| (0.0..3.0).contains(worth)), "{worths:?}");
        }
    }

    #[test]
    fn the_library_with_more_of_the_query_comes_first_however_its_scores_are_scaled() {
        let (strong, weak) =
            (worths(&[hit(0.2, 0.0, 0.0)], 1.4, false), worths(&[hit(1.0, 0.0, 0.0)], 0.6, false));
        assert!(strong > weak, "{strong:?} {weak:?}");
    }

    #[test]
    fn what_bears_the_symbol_is_above_what_mentions_it_in_a_stronger_library() {
        let (bears, mentions) =
            (worths(&[hit(0.1, THIRD, 0.0)], 0.7, false), worths(&[hit(1.0, 0.0, 0.0)], 2.0, false));
        assert!(bears > mentions);
    }

    #[test]
    fn what_was_typed_is_above_what_may_have_been_meant() {
        let hits = [hit(0.5, 0.0, 0.0)];
        assert!(worths(&hits, 1.2, false) > worths(&hits, 1.2, true));
        assert!(worths(&hits, 1.2, true)[0] > 0.0);
    }
}
