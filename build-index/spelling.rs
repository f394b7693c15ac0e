//! How the library spells its words, for queries that spell them otherwise.
//!
//! Words of letters alone, folded: `Größe` as `grosse`, and of `max_connections` both words. Numbers and names with digits are
//! not guessed at, nor are scripts without spaces, whose terms are pairs of letters.

use std::collections::{BTreeMap, HashMap, HashSet};

use mcdewey_format::spelling::Spelling;
use mcdewey_text::{TokenKind, is_unspaced, tokens_by};
use rayon::prelude::*;

use crate::share::SharedChunk;

/// Letters of a word that is kept: shorter ones are an edit away from too many others, longer ones are data.
const LETTERS: std::ops::RangeInclusive<usize> = 4..=24;
/// Words of a library, at most, the most common first: some 4 bytes each.
const MAX_WORDS: usize = 40_000;
/// Chunks that are read at a time, by one thread.
const BATCH: usize = 512;

/// The lists of words by number of letters, rising; a chunk that several versions share counts once.
pub fn spellings(chunks: &[SharedChunk<'_>]) -> Vec<(u8, Spelling)> {
    let of_batch = |batch: &[SharedChunk<'_>]| {
        let mut chunks_with: HashMap<String, u32> = HashMap::new();
        for chunk in batch {
            let newest = chunk.newest();
            let title = &newest.entry.document.title;
            let texts = newest.chunk.headings.iter().chain([title, &newest.chunk.text]);
            for word in texts.flat_map(|text| words(text)).collect::<HashSet<String>>() {
                *chunks_with.entry(word).or_default() += 1;
            }
        }
        chunks_with
    };
    let mut chunks_with: BTreeMap<String, u32> = BTreeMap::new();
    for (word, chunks) in chunks.par_chunks(BATCH).map(of_batch).collect::<Vec<_>>().into_iter().flatten() {
        *chunks_with.entry(word).or_default() += chunks;
    }
    let mut common: Vec<(String, u32)> = chunks_with.into_iter().collect();
    common.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    common.truncate(MAX_WORDS);
    common.sort();
    let mut by_letters: BTreeMap<usize, Vec<(&str, u32)>> = BTreeMap::new();
    for (word, chunks) in &common {
        by_letters.entry(word.chars().count()).or_default().push((word, *chunks));
    }
    by_letters
        .into_iter()
        .map(|(letters, words)| (letters as u8, Spelling::new(letters as u8, words)))
        .collect()
}

/// The words of a text that may be meant by a mistyped one.
fn words(text: &str) -> impl Iterator<Item = String> {
    // A folded word is its own stem here.
    let tokens =
        tokens_by(text, &mut str::to_owned).into_iter().filter(|token| token.kind != TokenKind::Whole);
    tokens.filter_map(|token| {
        let typed = &text[token.range];
        let of_letters = typed.chars().all(|letter| letter.is_alphabetic() && !is_unspaced(letter));
        (of_letters && LETTERS.contains(&token.term.chars().count())).then_some(token.term)
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_of_letters_alone() {
        let found: Vec<String> =
            words("The Größe of max_connections, utf8mb4, 日本語 and an SQL-Server").collect();
        assert_eq!(found, ["grosse", "connections", "server"]);
    }
}
