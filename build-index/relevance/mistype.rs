//! One mistake in a query, as fingers make them.
//!
//! The mistake is in the longest word: a letter left out, doubled, replaced by an `e` (an `e` by an `r`), or swapped with
//! the next. Which, and where, follows from the hash of the query, so that a query always has the same mistake.

use std::ops::Range;

use mcdewey_text::{TokenKind, tokens};
use xxhash_rust::xxh3::xxh3_64;

/// The query with one mistake; as it is where no word has four letters.
pub(super) fn mistype(query: &str) -> String {
    let words =
        tokens(query).into_iter().filter(|token| token.kind != TokenKind::Whole).map(|token| token.range);
    let of_letters = words.filter(|range| query[range.clone()].chars().all(char::is_alphabetic));
    let length = |range: &Range<usize>| query[range.clone()].chars().count();
    // The first of the longest.
    let Some(word) = of_letters.reduce(|best, next| if length(&next) > length(&best) { next } else { best })
    else {
        return query.to_owned();
    };
    let letters: Vec<char> = query[word.clone()].chars().collect();
    if letters.len() < 4 {
        return query.to_owned();
    }
    let hash = xxh3_64(query.as_bytes());
    let at = (hash >> 8) as usize % letters.len();
    let mut wrong = letters.clone();
    match hash % 4 {
        0 => drop(wrong.remove(at)),
        1 => wrong.insert(at, letters[at]),
        2 => wrong[at] = if letters[at] == 'e' { 'r' } else { 'e' },
        _ => {
            let other =
                (at..letters.len() - 1).chain(0..at).find(|&n| letters[n] != letters[n + 1]).unwrap_or(0);
            wrong.swap(other, other + 1);
        }
    }
    let wrong: String = wrong.into_iter().collect();
    format!("{}{wrong}{}", &query[..word.start], &query[word.end..])
}

#[cfg(test)]
mod tests {
    use super::mistype;

    #[test]
    fn one_word_has_one_mistake_and_the_others_none() {
        for query in
            ["restart the connection pool", "über die Verbindungen", "aaaaaaaa", "max_connections = 5"]
        {
            let wrong = mistype(query);
            assert_ne!(wrong, query);
            assert_eq!(wrong, mistype(query));
            let same = query.chars().zip(wrong.chars()).take_while(|(a, b)| a == b).count();
            let rest = query.chars().rev().zip(wrong.chars().rev()).take_while(|(a, b)| a == b).count();
            assert!(query.chars().count() - same.min(query.chars().count()) <= rest + 2, "{wrong}");
        }
        assert_eq!(mistype("a to b"), "a to b");
    }
}
