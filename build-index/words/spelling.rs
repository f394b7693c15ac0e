//! How the library spells its words, for queries that spell them otherwise.
//!
//! Words of letters alone, folded: `Größe` as `grosse`, and of `max_connections` both words. Numbers and names with digits are
//! not guessed at, nor are scripts without spaces, whose terms are pairs of letters.

use std::collections::{BTreeMap, HashMap, HashSet};

use mcdewey_format::spelling::Spelling;
use mcdewey_text::{TokenKind, is_unspaced, tokens_by};
use serde::{Deserialize, Serialize};

use crate::share::SharedChunk;

/// Letters of a word that is kept: shorter ones are an edit away from too many others, longer ones are data.
const LETTERS: std::ops::RangeInclusive<usize> = 4..=24;
/// Words of a library, at most, the most common first: some 4 bytes each.
const MAX_WORDS: usize = 40_000;
/// In how many chunks each word is.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Spellings(HashMap<String, u32>);

impl Spellings {
    pub fn of(chunks: &[SharedChunk<'_>]) -> Self {
        let mut chunks_with: HashMap<String, u32> = HashMap::new();
        for newest in chunks.iter().map(SharedChunk::newest) {
            let texts =
                newest.chunk.headings.iter().chain([&newest.entry.document.title, &newest.chunk.text]);
            for word in texts.flat_map(|text| words(text)).collect::<HashSet<String>>() {
                *chunks_with.entry(word).or_default() += 1;
            }
        }
        Self(chunks_with)
    }

    /// These chunks and others.
    pub fn then(mut self, others: Self) -> Self {
        others.0.into_iter().for_each(|(word, chunks)| *self.0.entry(word).or_default() += chunks);
        self
    }

    /// The lists of words by number of letters, rising.
    pub fn lists(self) -> Vec<(u8, Spelling)> {
        let mut common: Vec<(String, u32)> = self.0.into_iter().collect();
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
