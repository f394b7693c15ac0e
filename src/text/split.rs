//! Where words begin and end, in prose and in code.
//!
//! A *run* is letters and digits, with single connectors between them (`snake_case`, `a::b`, `x.conf`, `e-mail`).
//! A run without connectors and without inner capitals is one *word*. Any other run gives its *parts* and the
//! *whole*: the parts joined. Connectors are left out of the whole, so that all spellings of an identifier meet,
//! except a dot between digits (`12.5` is not `125`).
//!
//! An option of one word (`-o`, `--force`) gives the word, and the whole with its hyphens; a call of one word (`open(path)`)
//! the whole with its parentheses, `open()`: *force* and *open* are said everywhere.
//!
//! Chinese, Japanese and Korean text has no spaces; there every pair of neighbouring letters is a word (bigrams,
//! as in most search engines without a dictionary).

use std::ops::Range;

use crate::{fold::fold, stem};

/// No term is longer than this many bytes: longer runs are data (hashes, base64), not words anybody types.
const MAX_TERM_LEN: usize = 64;

/// What a token is to its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// The only token of its run.
    Word,
    /// One of several parts of an identifier or a compound.
    Part,
    /// An identifier or a compound, joined.
    Whole,
}

/// A term where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Folded, and stemmed unless it is a whole. Only of an option it begins with hyphens, and only of a
    /// call of one word it ends with parentheses.
    pub term: String,
    /// Place in the text, counted in words and parts from 0. A whole stands where its first part stands.
    pub position: u32,
    /// Byte range of the text.
    pub range: Range<usize>,
    /// Word, part or whole.
    pub kind: TokenKind,
}

/// The tokens of a text, in order of position; a whole follows its first part.
pub fn tokens(text: &str) -> Vec<Token> {
    tokens_by(text, &mut stem)
}

/// As [`tokens`], for who remembers stems: `stem` must say what [`stem()`](crate::stem()) says.
pub fn tokens_by(text: &str, stem: &mut impl FnMut(&str) -> String) -> Vec<Token> {
    let mut out = Vec::with_capacity(text.len() / 5);
    let mut position = 0;
    let mut at = 0;
    while let Some(run) = next_run(text, at) {
        at = run.end;
        split_run(text, run, &mut position, stem, &mut out);
    }
    out
}

/// The next run of `text` at or after byte `from`.
fn next_run(text: &str, from: usize) -> Option<Range<usize>> {
    let start = from + text[from..].find(is_letter)?;
    let mut end = start;
    let mut letters = text[start..].char_indices().peekable();
    while let Some((offset, letter)) = letters.next() {
        if is_letter(letter) {
            end = start + offset + letter.len_utf8();
        } else if is_connector(letter) {
            // `::` and `->`-like pairs are one connector; anything longer ends the run.
            if letter == ':' && letters.peek().is_some_and(|&(_, next)| next == ':') {
                letters.next();
            }
            if !letters.peek().is_some_and(|&(_, next)| is_letter(next)) {
                break;
            }
        } else {
            break;
        }
    }
    Some(start..end)
}

fn split_run(
    text: &str,
    run: Range<usize>,
    position: &mut u32,
    stem: &mut impl FnMut(&str) -> String,
    out: &mut Vec<Token>,
) {
    let parts = parts(text, run.clone());
    let first = *position;
    let one = parts.len() == 1;
    let mut whole = String::new();
    let mut ends_in_digit = false;
    let mut last_end = run.start;
    for part in parts {
        let mut term = String::with_capacity(part.len());
        text[part.clone()].chars().for_each(|letter| fold(letter, &mut term));
        let starts_with_digit = term.starts_with(|letter: char| letter.is_ascii_digit());
        if ends_in_digit && starts_with_digit && text[last_end..part.start].contains('.') {
            whole.push('.');
        }
        ends_in_digit = term.ends_with(|letter: char| letter.is_ascii_digit());
        last_end = part.end;
        whole.push_str(&term);
        if !term.is_empty() && term.len() <= MAX_TERM_LEN {
            let kind = if one { TokenKind::Word } else { TokenKind::Part };
            out.push(Token { term: stem(&term), position: *position, range: part, kind });
        }
        *position += 1;
    }
    if !one && whole.len() <= MAX_TERM_LEN && !whole.contains(is_unspaced) {
        let after_first =
            out.iter().rposition(|token| token.position == first).map_or(out.len(), |at| at + 1);
        let token = Token { term: whole, position: first, range: run, kind: TokenKind::Whole };
        out.insert(after_first, token);
    } else if one && !whole.is_empty() {
        let term = match hyphens_before(text, &run) {
            Some(hyphens) => format!("{hyphens}{whole}"),
            None if is_called(text, &run) => format!("{whole}()"),
            None => return,
        };
        if term.len() <= MAX_TERM_LEN {
            out.push(Token { term, position: first, range: run, kind: TokenKind::Whole });
        }
    }
}

/// Whether a parenthesis opens right behind a run that begins with a letter; `file(s)` is no call.
fn is_called(text: &str, run: &Range<usize>) -> bool {
    let behind = &text[run.end..];
    behind.starts_with('(')
        && !behind.starts_with("(s)")
        && text[run.clone()].starts_with(|letter: char| letter.is_alphabetic() && !is_unspaced(letter))
}

/// The hyphens of an option: one or two before a letter, with nothing of a word before them.
fn hyphens_before<'a>(text: &'a str, run: &Range<usize>) -> Option<&'a str> {
    let before = text[..run.start].trim_end_matches('-');
    let hyphens = &text[before.len()..run.start];
    let is_option = matches!(hyphens.len(), 1 | 2)
        && text[run.clone()].starts_with(|letter: char| letter.is_alphabetic() && !is_unspaced(letter))
        && !before.ends_with(|letter: char| is_letter(letter) || is_connector(letter));
    is_option.then_some(hyphens)
}

/// Splits a run at connectors, at inner capitals, and between the letters of scripts without spaces.
fn parts(text: &str, run: Range<usize>) -> Vec<Range<usize>> {
    let letters: Vec<(usize, char)> =
        text[run.clone()].char_indices().map(|(offset, letter)| (run.start + offset, letter)).collect();
    let mut parts = Vec::new();
    let mut start = None;
    for (n, &(at, letter)) in letters.iter().enumerate() {
        let next = letters.get(n + 1).map(|&(_, next)| next);
        if is_apostrophe(letter) {
            // `user's` is `user`; `don't` stays one part.
            if start.is_some() && matches!(next, Some('s' | 'S')) && ends_word(&letters, n + 2) {
                parts.extend(start.take().map(|start| start..at));
            }
            continue;
        }
        if !is_letter(letter) {
            parts.extend(start.take().map(|start| start..at));
            continue;
        }
        if is_unspaced(letter) {
            parts.extend(start.take().map(|start| start..at));
            let previous = n.checked_sub(1).map(|before| letters[before].1);
            match next.filter(|&next| is_unspaced(next)) {
                Some(next) => parts.push(at..at + letter.len_utf8() + next.len_utf8()),
                None if previous.is_some_and(is_unspaced) => {}
                None => parts.push(at..at + letter.len_utf8()),
            }
            continue;
        }
        if let (Some(begun), Some(before)) = (start, n.checked_sub(1).map(|before| letters[before].1)) {
            let up = before.is_lowercase() && letter.is_uppercase();
            let word_after_acronym = before.is_uppercase()
                && letter.is_uppercase()
                && next.is_some_and(char::is_lowercase)
                // The plural of an acronym (`URLs`, `IDs`) is no new word.
                && !(next == Some('s') && ends_word(&letters, n + 2));
            if up || word_after_acronym {
                parts.push(begun..at);
                start = Some(at);
            }
        }
        if start.is_none() {
            // The `s` of a possessive was passed over above.
            let possessive =
                n > 0 && is_apostrophe(letters[n - 1].1) && ends_word(&letters, n + 1) && !parts.is_empty();
            if !possessive {
                start = Some(at);
            }
        }
    }
    parts.extend(start.map(|start| start..run.end));
    parts
}

/// Whether no letter stands at `n`.
fn ends_word(letters: &[(usize, char)], n: usize) -> bool {
    letters.get(n).is_none_or(|&(_, letter)| !is_letter(letter))
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '\u{300}'..='\u{36f}')
}

fn is_connector(letter: char) -> bool {
    matches!(letter, '_' | '-' | '.' | ':' | '/' | '@' | '\\') || is_apostrophe(letter)
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2019}')
}

/// Letters of scripts that are written without spaces between words.
pub fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{2e80}'..='\u{303f}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| format!("{}@{}", token.term, token.position)).collect()
    }

    #[test]
    fn prose_is_words() {
        assert_eq!(terms("Running the users' servers."), ["run@0", "the@1", "user@2", "server@3"]);
        assert_eq!(terms("the user's mail, don't"), ["the@0", "user@1", "mail@2", "don't@3"]);
    }

    #[test]
    fn identifiers_are_parts_and_a_whole() {
        assert_eq!(terms("maxConnections"), ["max@0", "maxconnections@0", "connect@1"]);
        assert_eq!(terms("--max-connections"), ["max@0", "maxconnections@0", "connect@1"]);
        assert_eq!(terms("std::vec::Vec"), ["std@0", "stdvecvec@0", "vec@1", "vec@2"]);
        assert_eq!(terms("/etc/postgresql.conf"), ["etc@0", "etcpostgresqlconf@0", "postgresql@1", "conf@2"]);
        assert_eq!(terms("HTTPServer"), ["http@0", "httpserver@0", "server@1"]);
        assert_eq!(terms("URLs"), ["url@0"]);
    }

    #[test]
    fn an_option_of_one_word_is_a_whole_with_its_hyphens() {
        assert_eq!(terms("--forced (-o)"), ["forc@0", "--forced@0", "o@1", "-o@1"]);
        assert_eq!(
            terms("a - b, --- c ---d x--y -5 -日本"),
            ["a@0", "b@1", "c@2", "d@3", "x@4", "y@5", "5@6", "日本@7"]
        );
    }

    #[test]
    fn a_call_of_one_word_is_a_whole_with_its_parentheses() {
        assert_eq!(terms("opens(path) closed()"), ["open@0", "opens()@0", "path@1", "close@2", "closed()@2"]);
        assert_eq!(terms("readFile(x)"), ["read@0", "readfile@0", "file@1", "x@2"]);
        assert_eq!(terms("file(s) in (a) 5(b)"), ["file@0", "s@1", "in@2", "a@3", "5@4", "b@5"]);
    }

    #[test]
    fn versions_keep_their_dots() {
        assert_eq!(terms("12.5"), ["12@0", "12.5@0", "5@1"]);
        assert_eq!(terms("v3.6"), ["v3@0", "v3.6@0", "6@1"]);
    }

    #[test]
    fn unspaced_scripts_are_bigrams() {
        assert_eq!(terms("数据库"), ["数据@0", "据库@1"]);
        assert_eq!(terms("字"), ["字@0"]);
    }

    #[test]
    fn ranges_are_of_the_text() {
        let text = "see «maxConnections»";
        let found: Vec<_> = tokens(text).into_iter().map(|token| &text[token.range]).collect();
        assert_eq!(found, ["see", "max", "maxConnections", "Connections"]);
    }

    #[test]
    fn odd_input_is_harmless() {
        for text in ["", " ", "...", "'", "''s", "a'", "\u{301}", "\u{200b}", "--", "::", "a::", "🦀🦀", "\0"]
        {
            tokens(text);
        }
        assert!(tokens(&"x".repeat(10_000)).is_empty());
    }
}
