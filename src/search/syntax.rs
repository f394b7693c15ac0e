//! Which parts of a query say how they want to be read?
//!
//! ```text
//! "connection refused" timeout -proxy
//! └──── phrase ──────┘         └ without
//! ```
//!
//! A *phrase* is what stands between two quotation marks, straight or curly: its words must follow each other. A word
//! behind a single hyphen is one that no answer may have; where it looks like an option of a program instead (`-v`, `-xzf2`,
//! `-Wall`, `--force`), or stands alone, the hyphen says nothing. A mark without its partner says nothing either.

use std::ops::Range;

/// Opening and closing marks of a phrase. Several languages open low and close high, or the other way round.
const MARKS: [char; 6] = ['"', '“', '”', '„', '«', '»'];
/// A shorter word behind a hyphen is an option (`-v`, `-rf`).
const MIN_EXCLUDED: usize = 3;

/// What a stretch of the query is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Byte range of a phrase, without its marks.
    Phrase(Range<usize>),
    /// Byte range of a word that no answer may have, without its hyphen.
    Without(Range<usize>),
}

/// The parts of `query` that are more than words to look for, in order.
pub(crate) fn parts(query: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut from = 0;
    while let Some((open, mark)) = query[from..].char_indices().find(|(_, letter)| MARKS.contains(letter)) {
        let start = from + open + mark.len_utf8();
        without(query, from..from + open, &mut parts);
        let Some(close) = query[start..].find(MARKS) else {
            from = start;
            continue;
        };
        if !query[start..start + close].trim().is_empty() {
            parts.push(Part::Phrase(start..start + close));
        }
        from = start + close + query[start + close..].chars().next().map_or(0, char::len_utf8);
    }
    without(query, from..query.len(), &mut parts);
    let excluded: usize =
        parts.iter().map(|part| if let Part::Without(range) = part { range.len() + 1 } else { 0 }).sum();
    let letters = query.chars().filter(|letter| !letter.is_whitespace()).map(char::len_utf8).sum();
    if excluded >= letters {
        parts.clear();
    }
    parts
}

/// Adds the words of `query[stretch]` that stand behind a hyphen.
fn without(query: &str, stretch: Range<usize>, parts: &mut Vec<Part>) {
    let mut at = stretch.start;
    for word in query[stretch].split_inclusive(char::is_whitespace) {
        let start = at;
        at += word.len();
        let Some(excluded) = word.trim_end().strip_prefix('-') else { continue };
        let plain = |letter: char| letter.is_lowercase() || matches!(letter, '_' | '-' | '.');
        if excluded.chars().count() >= MIN_EXCLUDED
            && excluded.starts_with(char::is_lowercase)
            && excluded.chars().all(plain)
        {
            parts.push(Part::Without(start + 1..start + 1 + excluded.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(query: &str) -> Vec<String> {
        let told = |part: &Part| match part {
            Part::Phrase(range) => format!("“{}”", &query[range.clone()]),
            Part::Without(range) => format!("-{}", &query[range.clone()]),
        };
        parts(query).iter().map(told).collect()
    }

    #[test]
    fn phrases_stand_between_marks_of_any_kind() {
        assert_eq!(told("\"connection refused\" now"), ["“connection refused”"]);
        assert_eq!(told("„Übersicht der Dienste“ und “more”"), ["“Übersicht der Dienste”", "“more”"]);
        assert_eq!(told("5\" disk \"a b\""), ["“ disk ”"]);
        for query in ["\"half", "\"\"", "\" \"", "\"", "“„", ""] {
            assert!(told(query).is_empty(), "{query}");
        }
    }

    #[test]
    fn words_behind_a_hyphen_are_left_out_and_options_are_not() {
        assert_eq!(told("restart -proxy server -über"), ["-proxy", "-über"]);
        assert_eq!(told("-proxy \"a b\" -tls"), ["-proxy", "“a b”", "-tls"]);
        for query in
            ["gcc -Wall", "rm -rf", "--force", "tar -xzf2", "e-mail", "a - bcd", "-proxy", "-proxy -server"]
        {
            assert!(told(query).is_empty(), "{query}");
        }
    }
}
