//! What else the encoder reads, so that a query has a meaning before the encoder has arrived.
//!
//! ```text
//! chunks ──► spans   2 to 9 words in a row, as they stand     fit:   Σ vectors of a span's words ≈ the span's vector
//!        └─► words   each term in its most frequent spelling  prior: what a word alone points at
//! ```
//!
//! [`assemble`](crate::assemble) fits the vectors of terms on them. Spans are as long as queries are; they are chosen
//! by the hash of their text, so that an edit changes few of them and the cache has the others.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use mcdewey_text::{TokenKind, is_stop_word, sentences, tokens};
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::analyse::Stems;
use crate::chunk::Chunk;
use crate::share::Shared;

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
/// Chunks that one core reads in a row, for which words are counted together.
const AT_ONCE: usize = 128;

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

/// The samples of a library.
pub fn samples(shared: &Shared<'_>) -> Samples {
    let chunks: Vec<_> = shared.chunks.iter().map(|chunk| chunk.newest().chunk).collect();
    let found: Vec<Found> = chunks.par_chunks(AT_ONCE).map(Found::of).collect();
    let mut spans = BTreeSet::new();
    let mut spellings: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for one in found {
        spans.extend(one.spans);
        while spans.len() > MAX_SPANS {
            spans.pop_last();
        }
        for (spelling, (term, count)) in one.spellings {
            *spellings.entry(term).or_default().entry(spelling).or_default() += count;
        }
    }
    let mut words: Vec<Word> = spellings
        .into_iter()
        .filter_map(|(term, spellings)| {
            let count = spellings.values().sum();
            // The first of equals in the order of letters.
            let best =
                spellings.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
            Some(Word { term, spelling: best.0, count })
        })
        .collect();
    let total = words.iter().map(|word| word.count).sum();
    words.retain(|word| word.count >= MIN_COUNT);
    words.sort_by(|a, b| b.count.cmp(&a.count).then(a.term.cmp(&b.term)));
    words.truncate(MAX_WORDS);
    words.sort_by(|a, b| a.term.cmp(&b.term));
    Samples { spans: spans.into_iter().map(|(_, span)| span).collect(), words, total }
}

/// What some chunks give.
#[derive(Debug, Default)]
struct Found {
    /// Spans with the hash of their text.
    spans: Vec<(u64, String)>,
    /// Each word as it is spelled, with its term and how often it is there.
    spellings: HashMap<String, (String, u64)>,
}

impl Found {
    fn of(chunks: &[&Chunk]) -> Self {
        let mut found = Self::default();
        let mut stems = Stems::default();
        for chunk in chunks {
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
