//! Where sentences and lines end, closely enough to show one.
//!
//! Rules instead of a segmentation table (UAX #29), which would weigh more than the rest of the search module: a
//! line break ends a sentence, and so does `.`, `!`, `?` or their full-width forms when a space and no lower-case
//! letter follows. A wrong cut costs a snippet half a sentence, nothing else.

use std::ops::Range;

/// Byte ranges of the sentences of `text`, trimmed, none empty.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let end = at + letter.len_utf8();
        let ends = match letter {
            '\n' | '。' | '！' | '？' => true,
            '.' | '!' | '?' => {
                let mut ahead = text[end..].chars();
                ahead.next().is_some_and(char::is_whitespace)
                    && ahead.find(|next| !next.is_whitespace()).is_some_and(|next| !next.is_lowercase())
            }
            _ => false,
        };
        if ends || letters.peek().is_none() {
            out.extend(trimmed(text, start..end));
            start = end;
        }
    }
    out
}

fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let piece = &text[range.clone()];
    let start = range.start + piece.len() - piece.trim_start().len();
    let end = start + piece.trim().len();
    (start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_and_lines_end_where_a_reader_sees_it() {
        let text = "Version 3.6 is new. It runs, e.g. on Linux!\n\n  let x = 1.0;\nLast";
        let found: Vec<_> = sentences(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["Version 3.6 is new.", "It runs, e.g. on Linux!", "let x = 1.0;", "Last"]);
        assert!(sentences(" \n ").is_empty());
    }
}
