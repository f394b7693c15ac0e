//! Which word was meant by one that nobody wrote?
//!
//! The word of the library that is fewest edits away (optimal string alignment: a letter more, less, or another, or two
//! neighbours swapped; Damerau, 1964): one edit, in longer words two. Of several, one with the same first letter, which
//! people seldom get wrong (Pollock, Zamora, 1984), then one that makes a name of the library where the word is part of a
//! name (`page_makers`), then the more common, then the first in the order of letters.

use std::cmp::Reverse;

use mcdewey_format::spelling::Spelling;
use strsim::osa_distance;

/// Words of as many letters may have two edits.
const TWO_EDITS: usize = 8;
/// In shorter words an edit of the first letter makes another word as often as a mistake.
const FIRST_LETTER_MAY_DIFFER: usize = 5;

/// Lengths, in letters, of the words that `typed` may stand for.
pub(crate) fn lengths(typed: &str) -> std::ops::RangeInclusive<usize> {
    let letters = typed.chars().count();
    letters.saturating_sub(1)..=letters + 1
}

/// The words that `typed`, folded, may stand for, of those in `lists`: all that are as near as the nearest, the more common
/// first.
pub(crate) fn meant<'a>(typed: &str, lists: impl IntoIterator<Item = &'a Spelling>) -> Vec<&'a str> {
    let letters = typed.chars().count();
    let most = if letters < TWO_EDITS { 1 } else { 2 };
    let first = typed.chars().next();
    let candidates = lists.into_iter().flat_map(Spelling::words).filter_map(|(word, common)| {
        let elsewhere = word.chars().next() != first;
        let edits = osa_distance(typed, word);
        let may = edits <= most && !(elsewhere && letters < FIRST_LETTER_MAY_DIFFER);
        may.then_some((edits, elsewhere, Reverse(common), word))
    });
    let mut candidates: Vec<_> = candidates.collect();
    candidates.sort_unstable();
    let nearest = candidates.first().map(|&(edits, elsewhere, ..)| (edits, elsewhere));
    let nearest =
        candidates.into_iter().take_while(|&(edits, elsewhere, ..)| Some((edits, elsewhere)) == nearest);
    nearest.map(|(.., word)| word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant_of(typed: &str) -> Option<&'static str> {
        let words = [
            ("table", 40),
            ("cable", 4000),
            ("tablet", 4),
            ("restart", 90),
            ("connection", 900),
            ("connexions", 1),
        ];
        let lists: Vec<Spelling> = (1..12)
            .map(|letters| {
                Spelling::new(
                    letters,
                    words.into_iter().filter(|(word, _)| word.len() == usize::from(letters)),
                )
            })
            .collect();
        let found = *meant(typed, &lists).first()?;
        words.iter().map(|&(word, _)| word).find(|&word| word == found)
    }

    #[test]
    fn any_one_edit_is_undone() {
        for typed in ["restrat", "restar", "rstart", "estart", "restaart", "redtart"] {
            assert_eq!(meant_of(typed), Some("restart"), "{typed}");
        }
    }

    #[test]
    fn the_nearest_word_then_the_first_letter_then_the_common_word() {
        assert_eq!(meant_of("tabel"), Some("table"));
        assert_eq!(meant_of("tables"), Some("table"), "tablet is as near and rarer");
        assert_eq!(meant_of("conection"), Some("connection"));
        assert_eq!(meant_of("conecttion"), Some("connection"), "two edits");
        assert_eq!(meant_of("able"), None, "four letters and another first one");
        assert_eq!(meant_of("tuple"), None, "two edits in a short word");
    }
}
