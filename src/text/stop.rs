//! Words that say nothing about what a text is about.
//!
//! They are indexed (a heading may be nothing else), but without positions, and a query that has other words is
//! ranked by those. The list is the function words of English that a question carries.

/// Whether a folded, stemmed word is a stop word.
pub fn is_stop_word(term: &str) -> bool {
    term.len() <= LONGEST && STOP_WORDS.binary_search(&term).is_ok()
}

/// Letters of the longest of them.
const LONGEST: usize = 6;

/// Sorted, in the form that [`crate::stem`] leaves.
#[rustfmt::skip]
const STOP_WORDS: &[&str] = &[
    "a", "am", "an", "and", "any", "are", "as", "at", "be", "been", "by", "can", "could", "did", "do",
    "doe", "for", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in", "into", "is",
    "it", "its", "me", "my", "of", "on", "or", "our", "she", "should", "so", "than", "that", "the", "their",
    "them", "then", "there", "these", "they", "this", "those", "to", "was", "we", "were", "what", "when",
    "where", "which", "who", "why", "will", "with", "would", "you", "your",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        let mut sorted = STOP_WORDS.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted, STOP_WORDS);
        assert_eq!(sorted.iter().map(|word| word.len()).max(), Some(LONGEST));
    }

    #[test]
    fn function_words_stop_and_others_do_not() {
        for word in ["the", "does", "how", "why", "any"] {
            assert!(is_stop_word(&crate::stem(word)), "{word} → {}", crate::stem(word));
        }
        assert!(!is_stop_word("server"));
    }
}
