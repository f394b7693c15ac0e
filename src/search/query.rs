//! Which terms does a person's query ask for?

use std::ops::Range;

use mcdewey_text::{SIGNS_SINCE, Token, TokenKind, is_stop_word, tokens};

use crate::symbol::Symbol;
use crate::syntax::{self, Part};

/// A query reads at most this many words; what follows is pasted text, not a question.
const MAX_WORDS: usize = 64;
/// A shorter word is a letter away from too many others.
const MIN_MISTYPED: usize = 4;
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
    /// What an answer must have: for each phrase its words, as places in `words`, with their distance from its first.
    pub phrases: Vec<Vec<(usize, u32)>>,
    /// Words that no answer may have.
    pub without: Vec<Word>,
    /// The query as a symbol, where it is nothing else.
    pub symbol: Option<Symbol>,
}

/// One term of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// The term as the dictionary has it.
    pub term: String,
    /// Where it was typed first.
    pub typed_at: Range<usize>,
    /// Whether it is what was typed as it was meant: a number, an acronym, a part of a phrase, or too short to tell.
    pub as_meant: bool,
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
    /// Reads what was typed, for an index whose words were read by the rules `analysis`. Stop words count only when there
    /// is nothing else.
    pub fn parse(text: &str, analysis: u32) -> Self {
        let parts = syntax::parts(text);
        let part_of = |token: &Token| {
            let has = |range: &Range<usize>| range.contains(&token.range.start);
            parts
                .iter()
                .position(|part| matches!(part, Part::Phrase(range) | Part::Without(range) if has(range)))
        };
        let is_option = |token: &Token| token.term.starts_with('-');
        let is_call = |token: &Token| token.term.ends_with(')');
        // Beside other words a call is its name: who mentions `open()` writes it so, who tells of it `os.open(path)`.
        let alone = text.split_whitespace().nth(1).is_none();
        let known = |token: &Token| {
            (alone || !is_call(token)) && (analysis >= SIGNS_SINCE || !is_option(token) && !is_call(token))
        };
        let all: Vec<_> = tokens(text)
            .into_iter()
            .filter(known)
            .take(MAX_WORDS)
            .map(|token| (part_of(&token), token))
            .collect();
        let excluded = |part: &Option<usize>| part.is_some_and(|n| matches!(parts[n], Part::Without(_)));
        let wanted = || all.iter().filter(|(part, _)| !excluded(part));
        let has_content = wanted().any(|(_, token)| !is_stop_word(&token.term));
        let typed = wanted().filter(|(_, token)| token.kind != TokenKind::Whole).count();
        let mut query = Self { typed, without: without(&parts, &all), ..Self::default() };
        let mut phrases: Vec<Vec<(usize, u32)>> = vec![Vec::new(); parts.len()];
        let mut before: Option<(usize, u32)> = None;
        for (part, token) in wanted() {
            if has_content && is_stop_word(&token.term) {
                continue;
            }
            let known = query.words.iter().position(|word| word.term == token.term);
            let place = known.unwrap_or_else(|| {
                let as_meant = part.is_some() || !may_be_mistyped(&text[token.range.clone()], token.kind);
                query.words.push(Word { term: token.term.clone(), typed_at: token.range.clone(), as_meant });
                query.words.len() - 1
            });
            if token.kind != TokenKind::Whole {
                if let Some((other, _)) =
                    before.filter(|&(other, at)| other != place && token.position <= at + 2)
                {
                    query.pairs.push((other, place));
                }
                before = Some((place, token.position));
                // Stop words have no places in the index, so a phrase of them alone asks for nothing.
                if let Some(part) = part.filter(|_| !is_stop_word(&token.term)) {
                    phrases[part].push((place, token.position));
                }
            }
        }
        query.phrases = phrases.into_iter().filter(|phrase| !phrase.is_empty()).collect();
        for phrase in &mut query.phrases {
            let first = phrase[0].1;
            phrase.iter_mut().for_each(|(_, position)| *position -= first);
        }
        let last = all.iter().rev().find(|(_, token)| token.kind != TokenKind::Whole);
        let last = last.filter(|(part, token)| !excluded(part) && token.range.end == text.len());
        query.prefix = last.and_then(|(_, token)| {
            let letters = mcdewey_text::folded(&text[token.range.clone()]);
            let word = query.words.iter().position(|word| word.term == token.term)?;
            (letters.chars().count() >= MIN_PREFIX).then_some(Prefix { word, letters })
        });
        query.symbol = Symbol::of(text, &query.words);
        query
    }

    /// The words of the query `text` as they were typed, folded, without stop words.
    pub fn typed_words(&self, text: &str) -> Vec<String> {
        let typed = |word: &Word| text.get(word.typed_at.clone()).map(mcdewey_text::folded);
        self.words.iter().filter_map(typed).collect()
    }

    /// Whether the query says which chunks may answer it at all.
    pub fn restricts(&self) -> bool {
        !self.phrases.is_empty() || !self.without.is_empty()
    }
}

/// The terms that no answer may have: of an identifier the whole, since its parts are words of their own.
fn without(parts: &[Part], tokens: &[(Option<usize>, Token)]) -> Vec<Word> {
    let of_part = |n: usize| {
        let mut of_part = tokens.iter().filter(move |(part, _)| *part == Some(n)).map(|(_, token)| token);
        // The hyphen is what leaves the word out, not that of an option.
        let is_whole = |token: &&Token| token.kind == TokenKind::Whole && !token.term.starts_with('-');
        let whole = of_part.clone().find(is_whole);
        whole.or_else(|| of_part.next()).map(|token| Word {
            term: token.term.clone(),
            typed_at: token.range.clone(),
            as_meant: true,
        })
    };
    let excluded = (0..parts.len()).filter(|&n| matches!(parts[n], Part::Without(_)));
    excluded.filter_map(of_part).collect()
}

/// Whether a word could be another one, mistyped: letters only, enough of them, and not all capitals.
fn may_be_mistyped(typed: &str, kind: TokenKind) -> bool {
    kind != TokenKind::Whole
        && typed.chars().count() >= MIN_MISTYPED
        && typed.chars().all(char::is_alphabetic)
        && !typed.chars().all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Query {
        Query::parse(text, mcdewey_text::ANALYSIS_VERSION)
    }

    fn terms(text: &str) -> Vec<String> {
        parse(text).words.into_iter().map(|word| word.term).collect()
    }

    #[test]
    fn stop_words_count_only_alone() {
        assert_eq!(terms("how do I restart the server"), ["restart", "server"]);
        assert_eq!(terms("what is it"), ["what", "is", "it"]);
        assert!(terms(" \u{200b} ").is_empty());
    }

    #[test]
    fn the_last_word_is_a_prefix_until_a_space_follows() {
        let prefix = |text: &str| parse(text).prefix.map(|prefix| prefix.letters);
        assert_eq!(prefix("restart connecti"), Some("connecti".into()));
        assert_eq!(prefix("restart connecti "), None);
        assert_eq!(prefix("to a"), None);
    }

    #[test]
    fn a_call_is_asked_for_as_such_where_nothing_else_is() {
        assert_eq!(terms("open()"), ["open", "open()"]);
        assert_eq!(terms("open() in os"), ["open", "os"]);
        assert_eq!(Query::parse("open()", SIGNS_SINCE - 1).words.len(), 1);
    }

    #[test]
    fn a_phrase_is_its_words_and_how_far_they_stand_apart() {
        let query = parse("\"list of the users\" online");
        assert_eq!(query.phrases, [[(0, 0), (1, 3)]]);
        assert!(query.words[..2].iter().all(|word| word.as_meant) && !query.words[2].as_meant);
        assert!(parse("\"of the\" users").phrases.is_empty());
    }

    #[test]
    fn a_word_to_leave_out_is_not_looked_for() {
        let query = parse("restart server -max_connections -proxy");
        let without: Vec<&str> = query.without.iter().map(|word| word.term.as_str()).collect();
        assert_eq!(without, ["maxconnections", "proxi"]);
        assert_eq!(query.words.len(), 2);
        assert_eq!((query.typed, query.prefix), (2, None));
    }

    #[test]
    fn an_older_index_is_not_asked_for_options_and_calls() {
        let terms = |analysis| -> Vec<String> {
            Query::parse("tar --force", analysis).words.into_iter().map(|word| word.term).collect()
        };
        assert_eq!(terms(SIGNS_SINCE), ["tar", "forc", "--force"]);
        assert_eq!(terms(SIGNS_SINCE - 1), ["tar", "forc"]);
    }

    #[test]
    fn only_words_of_letters_may_be_mistyped() {
        let query = parse("restrat SELINUX utf8 max_conections cat");
        let doubted: Vec<&str> =
            query.words.iter().filter(|word| !word.as_meant).map(|word| word.term.as_str()).collect();
        assert_eq!(doubted, ["restrat", "conect"]);
    }

    #[test]
    fn neighbours_are_pairs_over_stop_words_too() {
        assert_eq!(parse("list of users online").pairs, [(0, 1), (1, 2)]);
    }
}
