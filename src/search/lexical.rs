//! How well do the words of a chunk match?
//!
//! BM25F (Robertson, Zaragoza, Taylor, *Simple BM25 extension to multiple weighted fields*, 2004): occurrences are
//! weighed by field and by the field's length before they saturate, so a word in title and text is one word seen
//! in two places, not two words.
//!
//! ```text
//! tf  = Σ fields  weight_f · count_f / (1 − b_f + b_f · length_f / mean_f)
//! word = idf · tf · (k1 + 1) / (tf + k1)            idf = ln(1 + (n − df + ½) / (df + ½))
//! pair = nearness · min(idf_a, idf_b) / gap         gap = least distance of the two words, up to 8
//! named = naming · Σ idf of words in title or headings · (that sum / Σ idf of all words) · share of the heads' words
//! chunk = Σ words + Σ pairs + named
//! ```
//!
//! The last is for who types what they want by its name: a chunk whose headings are the query, and little else, is
//! where the thing is told, however often others mention it.

use std::collections::BTreeSet;

use mcdewey_format::boot::Boot;
use mcdewey_format::shard::{FIELD_COUNT, Field, Posting};

use crate::answer::Explain;
use crate::weights::Weights;

/// Words further apart than this are not near.
const MAX_GAP: u32 = 8;

/// A query word as the dictionary knows it: itself, or what it may become when typed to its end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    /// The term as it is shown in explanations.
    pub term: String,
    /// Inverse document frequency of the word itself (or of its best expansion).
    pub idf: f32,
    /// Chunks that have the word itself, then the expansions, each with its own idf and share.
    pub lists: Vec<List>,
}

/// The chunks that have one term.
#[derive(Debug, Clone, Default)]
pub(crate) struct List {
    /// The term.
    pub term: String,
    /// Its idf, already multiplied with the share that an expansion gets.
    pub idf: f32,
    /// Chunks in rising order.
    pub postings: Vec<Posting>,
    /// Positions in each chunk; empty where there are none.
    pub positions: Vec<Vec<u32>>,
}

/// Scores of all chunks for all words.
#[derive(Debug)]
pub(crate) struct Lexical<'a> {
    boot: &'a Boot,
    weights: &'a Weights,
    evidence: &'a [Evidence],
    pairs: &'a [(usize, usize)],
    /// Sum of the idf of all words, which a chunk could have in its headings.
    all_idf: f32,
    /// One score a chunk of the library; 0 where no word matches.
    pub scores: Vec<f32>,
}

impl Evidence {
    /// The chunks that have the word itself in title or headings.
    pub fn chunks_named(&self) -> BTreeSet<u32> {
        self.heads().map(|(posting, _)| posting.chunk).collect()
    }

    /// The chunks that have the word itself in title or headings, with its idf.
    fn heads(&self) -> impl Iterator<Item = (&Posting, f32)> {
        let own = self.lists.first().filter(|list| list.term == self.term);
        let postings = own.into_iter().flat_map(|list| &list.postings);
        postings.filter(|posting| in_head(posting) > 0).map(|posting| (posting, self.idf))
    }
}

/// What of the query stands in the title and the headings of a chunk.
#[derive(Debug, Clone, Copy, Default)]
struct Head {
    /// Sum of the idf of those words.
    idf: f32,
    /// How many they are, each as often as it stands there.
    words: u32,
}

impl Head {
    fn add(&mut self, posting: &Posting, idf: f32) {
        self.idf += idf;
        self.words += in_head(posting);
    }
}

/// Occurrences in title and headings.
fn in_head(posting: &Posting) -> u32 {
    posting.counts[Field::Title as usize].saturating_add(posting.counts[Field::Heading as usize])
}

/// The weight of a term that `df` of `chunks` chunks have.
pub(crate) fn idf(chunks: u32, df: u32) -> f32 {
    let (n, df) = (chunks as f32, df as f32);
    libm::logf(1.0 + (n - df + 0.5).max(0.0) / (df + 0.5))
}

impl<'a> Lexical<'a> {
    /// Scores every chunk that has a word of the query.
    pub fn new(
        boot: &'a Boot,
        weights: &'a Weights,
        evidence: &'a [Evidence],
        pairs: &'a [(usize, usize)],
    ) -> Self {
        let chunks = boot.chunk_count() as usize;
        let all_idf = evidence.iter().map(|word| word.idf).sum();
        let mut lexical = Self { boot, weights, evidence, pairs, all_idf, scores: vec![0.0; chunks] };
        let mut best = vec![0f32; chunks];
        let mut heads = vec![Head::default(); chunks];
        for word in evidence {
            // An expansion stands in for the word, it is not a further word: the best of them counts.
            let mut touched = Vec::new();
            for list in &word.lists {
                for posting in &list.postings {
                    let Some(slot) = best.get_mut(posting.chunk as usize) else { continue };
                    if *slot == 0.0 {
                        touched.push(posting.chunk as usize);
                    }
                    *slot = slot.max(list.idf * lexical.saturated(posting));
                }
            }
            for chunk in touched {
                lexical.scores[chunk] += best[chunk];
                best[chunk] = 0.0;
            }
            word.heads().for_each(|(posting, idf)| {
                if let Some(head) = heads.get_mut(posting.chunk as usize) {
                    head.add(posting, idf);
                }
            });
        }
        for (chunk, head) in (0u32..).zip(&heads).filter(|(_, head)| head.words > 0) {
            lexical.scores[chunk as usize] += lexical.named(chunk, head);
        }
        for &(a, b) in pairs {
            for (chunk, bonus) in lexical.pair_bonuses(a, b) {
                lexical.scores[chunk] += bonus;
            }
        }
        lexical
    }

    /// `tf · (k1 + 1) / (tf + k1)` of a posting.
    fn saturated(&self, posting: &Posting) -> f32 {
        let tf: f32 = self.field_parts(posting).iter().sum();
        let k1 = self.weights.saturation;
        tf * (k1 + 1.0) / (tf + k1)
    }

    /// What each field gives to `tf`.
    fn field_parts(&self, posting: &Posting) -> [f32; FIELD_COUNT] {
        let (head, text) = self.boot.lengths_of(posting.chunk);
        let means = self.boot.mean_lengths;
        let norm = |length: f32, mean: f32, b: f32| 1.0 - b + b * length / mean.max(1.0);
        let head_norm = norm(head, means[0] + means[1], self.weights.head_length);
        let text_norm = norm(text, means[2] + means[3], self.weights.text_length);
        let norms = [head_norm, head_norm, text_norm, text_norm];
        let mut parts = [0.0; FIELD_COUNT];
        for (n, part) in parts.iter_mut().enumerate() {
            *part = self.weights.fields[n] * posting.counts[n] as f32 / norms[n];
        }
        parts
    }

    /// What it is worth that the words of the query are those of a chunk's title and headings.
    fn named(&self, chunk: u32, head: &Head) -> f32 {
        let (length, _) = self.boot.lengths_of(chunk);
        let share = (head.words as f32 / length.max(1.0)).min(1.0);
        self.weights.naming * head.idf * head.idf / self.all_idf.max(f32::MIN_POSITIVE) * share
    }

    /// Chunks in which two words stand near each other, with what that is worth.
    fn pair_bonuses(&self, a: usize, b: usize) -> Vec<(usize, f32)> {
        let (Some(first), Some(second)) = (self.evidence.get(a), self.evidence.get(b)) else {
            return Vec::new();
        };
        let worth = self.weights.nearness * first.idf.min(second.idf);
        let (Some(xs), Some(ys)) = (first.lists.first(), second.lists.first()) else { return Vec::new() };
        let mut bonuses = Vec::new();
        let mut at = 0;
        for (posting, positions) in xs.postings.iter().zip(&xs.positions) {
            at += ys.postings[at..].partition_point(|other| other.chunk < posting.chunk);
            let Some(other) = ys.postings.get(at) else { break };
            if other.chunk != posting.chunk {
                continue;
            }
            let gap = ys.positions.get(at).and_then(|others| least_gap(positions, others));
            if let Some(gap) = gap.filter(|&gap| gap <= MAX_GAP) {
                bonuses.push((posting.chunk as usize, worth / gap as f32));
            }
        }
        bonuses
    }

    /// Share of the idf of all words of the query that a chunk has; a word that nobody wrote counts as the rarest.
    pub fn coverage(&self, chunk: u32) -> f32 {
        let rarest = idf(self.boot.chunk_count(), 0);
        let (mut all, mut here) = (0.0, 0.0);
        for word in self.evidence {
            let idf = if word.lists.is_empty() { rarest } else { word.idf };
            all += idf;
            here += if word.lists.iter().any(|list| posting_of(list, chunk).is_some()) { idf } else { 0.0 };
        }
        if all > 0.0 { here / all } else { 0.0 }
    }

    /// Share of the words of the query that any chunk of the library has; all of no words.
    pub fn known(&self) -> f32 {
        let known = self.evidence.iter().filter(|word| !word.lists.is_empty()).count();
        if self.evidence.is_empty() { 1.0 } else { known as f32 / self.evidence.len() as f32 }
    }

    /// The fields in which a chunk has words of the query, the most telling first.
    pub fn fields_of(&self, chunk: u32) -> Vec<Field> {
        let mut sums = [0f32; FIELD_COUNT];
        for (list, posting) in self.postings_of(chunk) {
            for (sum, part) in sums.iter_mut().zip(self.field_parts(posting)) {
                *sum += list.idf * part;
            }
        }
        let mut fields: Vec<Field> =
            Field::ALL.into_iter().filter(|&field| sums[field as usize] > 0.0).collect();
        fields.sort_by(|&a, &b| sums[b as usize].total_cmp(&sums[a as usize]).then(a.cmp(&b)));
        fields
    }

    /// How a chunk's score came about, from the same functions that made it.
    pub fn explain(&self, chunk: u32) -> Explain {
        let mut parts: Vec<Explain> = Vec::new();
        for word in self.evidence {
            let best = word.lists.iter().filter_map(|list| {
                let posting = posting_of(list, chunk)?;
                Some((list, posting, list.idf * self.saturated(posting)))
            });
            // The first of equals, as in scoring.
            let Some((list, posting, value)) =
                best.reduce(|best, next| if next.2 > best.2 { next } else { best })
            else {
                continue;
            };
            let mut inner = vec![Explain { name: "idf".into(), value: list.idf, parts: Vec::new() }];
            let fields = self.field_parts(posting);
            for field in Field::ALL {
                let value = fields[field as usize];
                if value > 0.0 {
                    let name = format!("{} × {}", field.name(), posting.counts[field as usize]);
                    inner.push(Explain { name, value, parts: Vec::new() });
                }
            }
            parts.push(Explain { name: format!("word “{}”", list.term), value, parts: inner });
        }
        for &(a, b) in self.pairs {
            let bonus = self.pair_bonuses(a, b).into_iter().find(|&(found, _)| found == chunk as usize);
            if let Some((_, value)) = bonus {
                let name = format!("“{}” near “{}”", self.evidence[a].term, self.evidence[b].term);
                parts.push(Explain { name, value, parts: Vec::new() });
            }
        }
        let mut head = Head::default();
        let heads = self.evidence.iter().flat_map(Evidence::heads);
        heads.filter(|(posting, _)| posting.chunk == chunk).for_each(|(posting, idf)| head.add(posting, idf));
        if head.words > 0 && self.weights.naming > 0.0 {
            let value = self.named(chunk, &head);
            parts.push(Explain { name: "named by title and headings".into(), value, parts: Vec::new() });
        }
        let value = self.scores.get(chunk as usize).copied().unwrap_or(0.0);
        Explain { name: "words".into(), value, parts }
    }

    /// The terms of the query, expansions included, that a chunk has, with their weights.
    pub fn terms_of(&self, chunk: u32) -> Vec<(&'a str, f32)> {
        self.postings_of(chunk).map(|(list, _)| (list.term.as_str(), list.idf)).collect()
    }

    fn postings_of(&self, chunk: u32) -> impl Iterator<Item = (&'a List, &'a Posting)> {
        let lists = self.evidence.iter().flat_map(|word| &word.lists);
        lists.filter_map(move |list| posting_of(list, chunk).map(|posting| (list, posting)))
    }
}

fn posting_of(list: &List, chunk: u32) -> Option<&Posting> {
    let at = list.postings.binary_search_by_key(&chunk, |posting| posting.chunk).ok()?;
    list.postings.get(at)
}

/// The least distance between a position of one sorted list and one of another.
fn least_gap(xs: &[u32], ys: &[u32]) -> Option<u32> {
    let (mut x, mut y) = (xs.iter().peekable(), ys.iter().peekable());
    let mut least = None;
    while let (Some(&&a), Some(&&b)) = (x.peek(), y.peek()) {
        let gap = a.abs_diff(b).max(1);
        least = Some(least.map_or(gap, |least: u32| least.min(gap)));
        if a < b {
            x.next();
        } else {
            y.next();
        }
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_gap_is_that_of_trying_all() {
        let (xs, ys) = ([3, 50, 90], [10, 47, 200]);
        let slow = xs.iter().flat_map(|x: &u32| ys.iter().map(|y| x.abs_diff(*y))).min();
        assert_eq!(least_gap(&xs, &ys), slow);
        assert_eq!(least_gap(&[], &ys), None);
    }

    #[test]
    fn rare_terms_weigh_more_and_none_weighs_less_than_nothing() {
        assert!(idf(1000, 1) > idf(1000, 10));
        assert!(idf(1000, 1000) > 0.0);
        assert!(idf(0, 5) >= 0.0);
    }
}
