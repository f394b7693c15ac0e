//! Rows → running text: which blanks and hyphens at the ends of rows are real.
//!
//! A hyphen at the end of a row is the typesetter's only if the joined word stands somewhere in the same document;
//! else it stays. So `config-⏎uration` becomes `configuration`, and `well-⏎known` stays `well-known`.

use std::collections::HashSet;

use super::lines::{Letter, plain};
use super::order::{Role, Row};

/// Most words that are remembered; those of a document of 10,000 pages are under a million.
const MOST_WORDS: usize = 2_000_000;

/// The words of a document.
#[derive(Debug, Default)]
pub struct Words {
    known: HashSet<String>,
}

impl Words {
    /// Remembers the words of a row, but for the last one where it goes on in the next row.
    pub fn learn(&mut self, row: &Row) {
        let text = row.text();
        let text = text.trim_end();
        let whole = match text.strip_suffix(is_hyphen) {
            Some(cut) => cut.rsplit_once(' ').map_or("", |(whole, _)| whole),
            None => text,
        };
        for word in whole.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 2) {
            if self.known.len() >= MOST_WORDS {
                return;
            }
            let word = word.to_lowercase();
            if !self.known.contains(&word) {
                self.known.insert(word);
            }
        }
    }

    /// The text of rows that follow each other.
    pub fn join<'r>(&self, rows: impl IntoIterator<Item = &'r Row>) -> Vec<Letter> {
        let mut text: Vec<Letter> = Vec::new();
        for row in rows.into_iter().filter(|row| row.role != Role::Running) {
            self.append(&mut text, &row.letters());
        }
        text
    }

    /// Goes on with `next` after a row's end.
    pub fn append(&self, text: &mut Vec<Letter>, next: &[Letter]) {
        let Some(last) = text.last().copied() else {
            text.extend_from_slice(next);
            return;
        };
        let Some(first) = next.first() else { return };
        let before = text.len().checked_sub(2).map(|at| text[at].letter);
        if is_hyphen(last.letter) && before.is_some_and(char::is_alphanumeric) {
            if self.is_typesetters(text, next) {
                text.pop();
            }
        } else if !(is_unspaced(last.letter) && is_unspaced(first.letter)) && last.letter != '/' {
            text.push(last.blank_before(*first));
        }
        text.extend_from_slice(next);
    }

    /// Whether the hyphen at the end of `text` goes when `next` follows.
    fn is_typesetters(&self, text: &[Letter], next: &[Letter]) -> bool {
        if text.last().is_some_and(|last| last.letter == '\u{ad}') {
            return true;
        }
        let letters = |letter: &&Letter| letter.letter.is_alphabetic();
        let mut head: Vec<Letter> = text.iter().rev().skip(1).take_while(letters).copied().collect();
        head.reverse();
        let tail: Vec<Letter> = next.iter().take_while(letters).copied().collect();
        let goes_on = tail.first().is_some_and(|first| first.letter.is_lowercase());
        let joined = format!("{}{}", plain(&head), plain(&tail)).to_lowercase();
        goes_on && !head.is_empty() && self.known.contains(&joined)
    }
}

fn is_hyphen(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}' | '\u{ad}')
}

/// Whether the script of a letter puts no blanks between words.
fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::pdf::lines::fragments;
    use crate::ingest::pdf::lines::tests::typed;
    use crate::ingest::pdf::order::rows;

    fn joined(lines: &[&str]) -> String {
        let glyphs: Vec<_> =
            lines.iter().zip(1..).flat_map(|(text, at)| typed(text, 0.0, 12.0 * at as f32, 10.0)).collect();
        let rows = rows(fragments(&glyphs, &[]).into_iter().flatten().collect());
        let mut words = Words::default();
        rows.iter().for_each(|row| words.learn(row));
        plain(&words.join(&rows))
    }

    #[test]
    fn hyphens_go_only_where_the_word_is_known() {
        for (lines, wanted) in [
            (
                &["the configuration of a config-", "uration file"][..],
                "the configuration of a configuration file",
            ),
            (&["a well-", "known port"], "a well-known port"),
            (&["sub-", "Saharan"], "sub-Saharan"),
            (&["pages 1-", "2 and more"], "pages 1-2 and more"),
            (&["this -", "that"], "this - that"),
            (&["so\u{ad}", "lo"], "solo"),
            (&["数据", "库"], "数据库"),
        ] {
            assert_eq!(joined(lines), wanted);
        }
    }
}
