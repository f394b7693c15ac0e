//! Is the query the name of a thing that programs know, and does a heading bear it?
//!
//! ```text
//! max_connections   readFile   std::vec   --force   /etc/hosts   open()   E0308   postgresql.conf
//! ```
//!
//! Who types one wants the place that tells of it, however the rest of the library ranks. Chunks that have it in title or
//! headings come first, as far as the index knows: it keeps identifiers whole but folded, so `AddField` and `add_field()` are
//! one to it. Among the first hits, whose text is here anyway, those come before that spell it as it was typed.

use mcdewey_text::{TokenKind, tokens};

use crate::query::Word;

/// Hits whose headings are read: what a page shows first. A constant, so that the order does not depend on how many are
/// asked for.
pub(crate) const SPELLED: usize = 10;
/// A longer line is no heading.
const MAX_HEADING: usize = 120;
/// What people put around a symbol, or leave behind it.
const AROUND: [char; 8] = ['"', '`', '\'', '“', '”', ',', ';', '?'];

/// A query that is a symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Symbol {
    /// As it was typed, without its parentheses.
    name: String,
    /// Place, among the words of the query, of the term that stands for all of it.
    pub word: usize,
}

impl Symbol {
    /// The symbol that `query` is; `None` where it is anything else.
    pub fn of(query: &str, words: &[Word]) -> Option<Self> {
        let typed = query.trim().trim_matches(AROUND);
        let called = typed.strip_suffix("()");
        let name = called.unwrap_or(typed);
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-.:/$%@".contains(letter);
        if !name.chars().all(plain) || !(called.is_some() || is_symbol(name)) {
            return None;
        }
        // One run of letters and connectors, not several.
        let of_name = tokens(typed);
        let end = of_name.iter().map(|token| token.range.end).max()?;
        let whole = of_name.iter().find(|token| token.kind == TokenKind::Whole);
        let term = match whole {
            Some(whole) if whole.range.end == end => whole,
            None if of_name.len() == 1 => of_name.first()?,
            _ => return None,
        };
        let word = words.iter().position(|word| word.term == term.term)?;
        Some(Self { name: name.to_owned(), word })
    }

    /// Whether title, headings, or headings within the text spell it so.
    pub fn is_spelled_in<'a>(&self, mut headings: impl Iterator<Item = &'a str>, text: &str) -> bool {
        // A heading within the text is a paragraph of one line that does not end as a sentence does.
        let mut lines = text.split("\n\n").map(str::trim);
        headings.any(|heading| self.stands_in(heading))
            || lines.any(|line| {
                line.len() <= MAX_HEADING
                    && !line.contains('\n')
                    && !line.ends_with(['.', ':', ',', ';'])
                    && self.stands_in(line)
            })
    }

    /// Whether the name stands in a line with nothing right before or behind it that would make it another name.
    fn stands_in(&self, line: &str) -> bool {
        let before = |letter: char| letter.is_alphanumeric() || "_-.:/$@".contains(letter);
        let behind = |letter: char| letter.is_alphanumeric() || "_/".contains(letter);
        line.match_indices(&self.name).any(|(at, name)| {
            let rest = &line[at + name.len()..];
            // `.` and `-` behind it may end a sentence or be a dash: only with a letter after them do they go on.
            let mut next = rest.chars();
            let goes_on = matches!(next.next(), Some('.' | '-' | ':' | '@')) && {
                let rest = next.as_str().trim_start_matches(':');
                rest.starts_with(char::is_alphanumeric)
            };
            !line[..at].ends_with(before) && !rest.starts_with(behind) && !goes_on
        })
    }
}

/// Whether a word without parentheses is nothing that prose would say.
fn is_symbol(name: &str) -> bool {
    let letters: Vec<char> = name.chars().collect();
    let has = |sign: fn(char, char) -> bool| letters.windows(2).any(|two| sign(two[0], two[1]));
    // `U.S.` and `e.g.` are abbreviations.
    let of_name =
        |part: &str| part.len() > 1 && part.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let is_dotted = name.contains('.') && name.split('.').all(of_name);
    let starts_with_letter = name.trim_start_matches('-').starts_with(char::is_alphabetic);
    // `read/write` and `TCP/IP` are two words.
    let is_path = name.starts_with('/');
    let two_words = name.contains('/') && !is_path && !name.contains(['_', ':']);
    let sign = name.contains('_')
        || name.contains("::")
        || (is_path && name.len() > 2)
        || (name.starts_with('-') && starts_with_letter)
        || is_dotted
        || has(|a, b| a.is_ascii_lowercase() && b.is_ascii_uppercase())
        // `E0308`, `utf8mb4`: letters and digits, but no version.
        || (starts_with_letter && !is_version(name) && has(|a, b| a.is_ascii_alphabetic() && b.is_ascii_digit()));
    sign && !two_words && letters.iter().any(char::is_ascii_alphabetic)
}

/// `v12`, `v3.6`.
fn is_version(name: &str) -> bool {
    let number = name.strip_prefix(['v', 'V']).unwrap_or(name);
    number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;

    fn symbol(query: &str) -> Option<(String, String)> {
        let query = Query::parse(query, mcdewey_text::ANALYSIS_VERSION);
        let symbol = query.symbol?;
        Some((symbol.name, query.words[symbol.word].term.clone()))
    }

    #[test]
    fn names_of_programs_are_symbols() {
        for (query, name, term) in [
            ("max_connections", "max_connections", "maxconnections"),
            (" `readFile`, ", "readFile", "readfile"),
            ("std::vec::Vec", "std::vec::Vec", "stdvecvec"),
            ("--force", "--force", "--force"),
            ("-o", "-o", "-o"),
            ("--max-size", "--max-size", "maxsize"),
            ("/etc/hosts", "/etc/hosts", "etchosts"),
            ("open()", "open", "open()"),
            ("E0308", "E0308", "e0308"),
            ("postgresql.conf", "postgresql.conf", "postgresqlconf"),
        ] {
            assert_eq!(symbol(query), Some((name.to_owned(), term.to_owned())), "{query}");
        }
    }

    #[test]
    fn words_and_questions_are_none() {
        for query in [
            "",
            "restart",
            "read-only",
            "12.5",
            "v3.6",
            "read/write",
            "max_connections default",
            "E 0308",
            "U.S.",
            "-",
            "()",
            "日本",
        ] {
            assert_eq!(symbol(query), None, "{query}");
        }
    }

    #[test]
    fn only_the_very_name_counts() {
        let spelled = |name: &str, heading: &str, text: &str| {
            Symbol { name: name.to_owned(), word: 0 }.is_spelled_in([heading].into_iter(), text)
        };
        assert!(spelled("max_wal", "The max_wal (integer)", ""));
        assert!(spelled("open", "open(path)", ""));
        assert!(spelled("--force", "-f, --force.", ""));
        assert!(spelled("AddField", "Operations", "Intro.\n\nAddField\n\nIt adds."));
        for heading in ["max_wal_size", "xmax_wal", "wal.max_wal", "max_wal.conf", "--max_wal", "MAX_WAL"] {
            assert!(!spelled("max_wal", heading, "Set max_wal.\n\nor max_wal\nhere"), "{heading}");
        }
    }
}
