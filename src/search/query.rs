//! Which terms does a person's query ask for?

use mcdewey_text::{TokenKind, is_stop_word, tokens};

/// A query reads at most this many words; what follows is pasted text, not a question.
const MAX_WORDS: usize = 64;
/// A prefix is followed only when it has at least this many letters: shorter ones match half the dictionary.
const MIN_PREFIX: usize = 3;

/// A query as terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// How many words were typed, stop words and repetitions included.
    pub typed: usize,
    /// Distinct terms, in the order typed.
    pub words: Vec<Word>,
    /// Neighbouring pairs, as places in `words`.
    pub pairs: Vec<(usize, usize)>,
    /// What the word being typed begins with, folded: its expansions count as that word.
    pub prefix: Option<Prefix>,
}

/// One term of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// The term as the dictionary has it.
    pub term: String,
}

/// The last word, while it may still be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prefix {
    /// Place in [`Query::words`].
    pub word: usize,
    /// Its letters so far, folded and not stemmed.
    pub letters: String,
}

impl Query {
    /// Reads what was typed. Stop words count only when there is nothing else.
    pub fn parse(text: &str) -> Self {
        let all: Vec<_> = tokens(text).into_iter().take(MAX_WORDS).collect();
        let has_content = all.iter().any(|token| !is_stop_word(&token.term));
        let typed = all.iter().filter(|token| token.kind != TokenKind::Whole).count();
        let mut query = Self { typed, ..Self::default() };
        let mut before: Option<(usize, u32)> = None;
        for token in &all {
            if has_content && is_stop_word(&token.term) {
                continue;
            }
            let known = query.words.iter().position(|word| word.term == token.term);
            let place = known.unwrap_or_else(|| {
                query.words.push(Word { term: token.term.clone() });
                query.words.len() - 1
            });
            if token.kind != TokenKind::Whole {
                if let Some((other, _)) =
                    before.filter(|&(other, at)| other != place && token.position <= at + 2)
                {
                    query.pairs.push((other, place));
                }
                before = Some((place, token.position));
            }
        }
        let last = all.iter().rev().find(|token| token.kind != TokenKind::Whole);
        query.prefix = last.filter(|token| token.range.end == text.len()).and_then(|token| {
            let letters = mcdewey_text::folded(&text[token.range.clone()]);
            let word = query.words.iter().position(|word| word.term == token.term)?;
            (letters.chars().count() >= MIN_PREFIX).then_some(Prefix { word, letters })
        });
        query
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        Query::parse(text).words.into_iter().map(|word| word.term).collect()
    }

    #[test]
    fn stop_words_count_only_alone() {
        assert_eq!(terms("how do I restart the server"), ["restart", "server"]);
        assert_eq!(terms("what is it"), ["what", "is", "it"]);
        assert!(terms(" \u{200b} ").is_empty());
    }

    #[test]
    fn the_last_word_is_a_prefix_until_a_space_follows() {
        let prefix = |text: &str| Query::parse(text).prefix.map(|prefix| prefix.letters);
        assert_eq!(prefix("restart connecti"), Some("connecti".into()));
        assert_eq!(prefix("restart connecti "), None);
        assert_eq!(prefix("to a"), None);
    }

    #[test]
    fn neighbours_are_pairs_over_stop_words_too() {
        assert_eq!(Query::parse("list of users online").pairs, [(0, 1), (1, 2)]);
    }
}
