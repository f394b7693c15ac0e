//! What else the encoder reads, so that a query has a meaning before the encoder has arrived.
//!
//! ```text
//! chunks ──► spans   2 to 9 words in a row, as they stand     fit:   Σ vectors of a span's words ≈ the span's vector
//!        └─► words   each term in its most frequent spelling  prior: what a word alone points at
//! ```
//!
//! [`assemble`](crate::assemble) fits the vectors of terms on them. Spans are as long as queries are; they are chosen
//! by the hash of their text, so that an edit changes few of them and the cache has the others.

use std::collections::{BTreeSet, HashMap};

use mcdewey_text::{TokenKind, is_stop_word, sentences, tokens};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::analyse::Stems;
use crate::share::SharedChunk;

/// Spans of a library, at most. A span costs a tenth of a passage to embed; beyond some thousands the fit gains little.
const MAX_SPANS: usize = 6000;
/// Spans of a chunk, at most: a small library is not to spend more on them than on itself.
const SPANS_PER_CHUNK: usize = 4;
/// Words of a span.
const SPAN_WORDS: std::ops::RangeInclusive<u64> = 2..=9;
/// Terms of a library that get a vector, at most, the most frequent first.
const MAX_WORDS: usize = 8000;
/// A term that occurs less often gets none: whoever types it is looking for that one place, which the word itself finds.
const MIN_COUNT: u64 = 2;

/// Texts to embed beside the passages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Samples {
    /// A few words in a row.
    pub spans: Vec<String>,
    /// The terms that get a vector, sorted.
    pub words: Vec<Word>,
    /// Words of the library, each occurrence counted.
    pub total: u64,
}

/// A term that gets a vector.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word {
    /// The term.
    pub term: String,
    /// How the library mostly spells it.
    pub spelling: String,
    /// How often it occurs.
    pub count: u64,
}

impl Samples {
    /// Every text, spans first.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.spans.iter().map(String::as_str).chain(self.words.iter().map(|word| word.spelling.as_str()))
    }
}

/// What some chunks give.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Found {
    /// Spans with the hash of their text, the first [`MAX_SPANS`] of them.
    spans: BTreeSet<(u64, String)>,
    /// Each word as it is spelled, with its term and how often it is there.
    spellings: HashMap<String, (String, u64)>,
}

impl Found {
    pub fn of(chunks: &[SharedChunk<'_>]) -> Self {
        let mut found = Self::default();
        let mut stems = Stems::default();
        for chunk in chunks.iter().map(|chunk| chunk.newest().chunk) {
            let mut spans = Vec::new();
            let heading = chunk.headings.last().map(String::as_str);
            let sentences = sentences(&chunk.text).into_iter().map(|range| &chunk.text[range]);
            for text in heading.into_iter().chain(sentences) {
                spans.extend(found.read(text, &mut stems));
            }
            spans.sort();
            spans.truncate(SPANS_PER_CHUNK);
            found.spans.extend(spans);
        }
        found
    }

    /// What these chunks and `others` give together.
    pub fn then(mut self, others: Self) -> Self {
        self.spans.extend(others.spans);
        while self.spans.len() > MAX_SPANS {
            self.spans.pop_last();
        }
        for (spelling, (term, count)) in others.spellings {
            self.spellings.entry(spelling).or_insert((term, 0)).1 += count;
        }
        self
    }

    /// The samples of a library that gives this.
    pub fn samples(self) -> Samples {
        let total = self.spellings.values().map(|(_, count)| count).sum();
        let mut by_term: HashMap<String, (String, u64, u64)> = HashMap::new();
        for (spelling, (term, count)) in self.spellings {
            let (best, most, all) = by_term.entry(term).or_default();
            *all += count;
            // The first of equals in the order of letters.
            if count > *most || (count == *most && spelling < *best) {
                (*best, *most) = (spelling, count);
            }
        }
        let word = |(term, (spelling, _, count))| Word { term, spelling, count };
        let mut words: Vec<Word> = by_term.into_iter().map(word).collect();
        words.retain(|word| word.count >= MIN_COUNT);
        words.sort_by(|a, b| b.count.cmp(&a.count).then(a.term.cmp(&b.term)));
        words.truncate(MAX_WORDS);
        words.sort_by(|a, b| a.term.cmp(&b.term));
        Samples { spans: self.spans.into_iter().map(|(_, span)| span).collect(), words, total }
    }

    /// Counts the words of a sentence, and takes a span from it.
    fn read(&mut self, text: &str, stems: &mut Stems) -> Option<(u64, String)> {
        let mut words = stems.tokens(text);
        words.retain(|token| token.kind != TokenKind::Whole);
        for word in words.iter().filter(|word| has_meaning(&word.term)) {
            let spelling = mcdewey_text::folded(&text[word.range.clone()]);
            self.spellings.entry(spelling).or_insert_with(|| (word.term.clone(), 0)).1 += 1;
        }
        // One span a sentence, its place and length by the hash of the sentence.
        let hash = xxh3_64(text.as_bytes());
        let wanted = SPAN_WORDS.start() + hash % (SPAN_WORDS.end() - SPAN_WORDS.start() + 1);
        let wanted = (wanted as usize).min(words.len());
        let room = words.len() - wanted;
        let first = (hash >> 32) as usize % (room + 1);
        let span = &words[first..first + wanted];
        if span.iter().filter(|word| has_meaning(&word.term)).count() < 2 {
            return None;
        }
        let (start, end) = (span[0].range.start, span[span.len() - 1].range.end);
        let span = text[start..end].to_owned();
        Some((xxh3_64(span.as_bytes()), span))
    }
}

/// Whether a term gets a vector: no stop word, not a mere number.
pub fn has_meaning(term: &str) -> bool {
    !is_stop_word(term) && term.chars().any(char::is_alphabetic) && term.chars().nth(1).is_some()
}

/// The terms of a text that get vectors, as the query side reads them.
pub fn meaning_terms(text: &str) -> impl Iterator<Item = String> {
    let tokens = tokens(text).into_iter().filter(|token| token.kind != TokenKind::Whole);
    tokens.map(|token| token.term).filter(|term| has_meaning(term))
}
