//! Which sentence of a passage is closest to a query that shares no word with it?
//!
//! Meaning is known of whole passages only. Within one, the sentence is taken whose words look most like those of the
//! query: *authenticate* is no form of *authentication* to a stemmer, nor *Verbindung* of *Verbindungsfehler*, but they
//! have most of their letters in a row in common. Where no word looks like any, it is the first sentence.
//!
//! ```text
//! likeness(a, b) = 2 · shared threes of letters / (threes of a + threes of b)        0 below LIKE
//! sentence       = Σ over the words of the query of the best likeness in the sentence
//! ```

use std::ops::Range;

use mcdewey_text::folded;

/// Words that are less alike have nothing to do with each other.
const LIKE: f32 = 0.4;
/// Shorter words have too few letters in a row to look like anything.
const MIN_LETTERS: usize = 4;

/// The place among `sentences` of the one closest to the words of a query, of those that begin within `passage`; the earliest
/// of equals.
pub(crate) fn closest(
    text: &str,
    sentences: &[Range<usize>],
    passage: &Range<usize>,
    query: &[String],
) -> usize {
    let from = sentences.partition_point(|sentence| sentence.start < passage.start);
    let to = sentences.partition_point(|sentence| sentence.start < passage.end);
    if from >= to {
        // The passage is a part of one long sentence.
        return from.saturating_sub(1);
    }
    let asked: Vec<Vec<[char; 3]>> = query.iter().map(|word| threes(word)).collect();
    let mut best = (from, 0.0);
    for (place, sentence) in sentences.iter().enumerate().take(to).skip(from) {
        let said: Vec<Vec<[char; 3]>> = words(&text[sentence.clone()]).map(|word| threes(&word)).collect();
        let likest =
            |asked: &Vec<[char; 3]>| said.iter().map(|said| likeness(asked, said)).fold(0.0, f32::max);
        let likeness: f32 = asked.iter().map(likest).sum();
        if likeness > best.1 {
            best = (place, likeness);
        }
    }
    best.0
}

/// The words of a text that may look like others, folded.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(folded)
}

/// Every three letters in a row, sorted; none of a short word.
fn threes(word: &str) -> Vec<[char; 3]> {
    let letters: Vec<char> = word.chars().collect();
    if letters.len() < MIN_LETTERS {
        return Vec::new();
    }
    let mut threes: Vec<[char; 3]> = letters.windows(3).map(|three| [three[0], three[1], three[2]]).collect();
    threes.sort_unstable();
    threes.dedup();
    threes
}

fn likeness(a: &[[char; 3]], b: &[[char; 3]]) -> f32 {
    let shared = a.iter().filter(|three| b.binary_search(three).is_ok()).count();
    let likeness = 2.0 * shared as f32 / (a.len() + b.len()).max(1) as f32;
    if likeness < LIKE { 0.0 } else { likeness }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mcdewey_text::sentences;

    const TEXT: &str =
        "Before it all. Users come and go. Authentication is by token.\nlet verbindung = open();\nThe end.";

    fn shown(from: &str, query: &[&str]) -> &'static str {
        let all = sentences(TEXT);
        let passage = TEXT.find(from).unwrap()..TEXT.len();
        let query: Vec<String> = query.iter().map(|word| (*word).to_owned()).collect();
        &TEXT[all[closest(TEXT, &all, &passage, &query)].clone()]
    }

    #[test]
    fn the_sentence_with_kindred_words_is_the_closest() {
        assert_eq!(shown("Before", &["authenticate", "people"]), "Authentication is by token.");
        assert_eq!(shown("Before", &["verbindungsfehler"]), "let verbindung = open();");
    }

    #[test]
    fn without_any_it_is_the_first_whole_one_of_the_passage() {
        assert_eq!(shown("Before", &["nothing", "tok"]), "Before it all.");
        assert_eq!(shown("come", &[]), "Authentication is by token.", "the sentence before begins outside");
        assert_eq!(shown("end", &["zebra"]), "The end.");
    }

    #[test]
    fn odd_texts_are_harmless() {
        let query = ["word".to_owned()];
        assert_eq!(closest("", &[], &(0..0), &query), 0);
        let long = "word ".repeat(20_000);
        assert_eq!(closest(&long, &sentences(&long), &(0..long.len()), &query), 0);
    }
}
