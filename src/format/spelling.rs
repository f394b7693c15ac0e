//! How the library spells its words of one length.
//!
//! ```text
//! letters  how many each word has             words of 10 letters: "absolutely" "acceptable" "accessible" …
//! words    one after the other, sorted        a word needs no length and no separator
//! common   a byte a word: log2 of the number of chunks that have it
//! ```
//!
//! A word of a query that is in no chunk may be another one, mistyped. One edit changes a word's length by one at most,
//! so three of these files have every word that is an edit away, whichever letter it is. They are fetched only
//! then. Words are folded and not stemmed: an edit near the end of a word would change its stem beyond recognition.

use serde::{Deserialize, Serialize};

use crate::{Error, Kind, Result, error::REBUILD, read, write};

/// The words of one length.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spelling {
    letters: u8,
    words: String,
    #[serde(with = "serde_bytes")]
    common: Vec<u8>,
}

impl Spelling {
    /// The sorted words of `letters` letters, each with the number of chunks that have it.
    pub fn new<'a>(letters: u8, words: impl IntoIterator<Item = (&'a str, u32)>) -> Self {
        let mut out = Self { letters, ..Self::default() };
        for (word, chunks) in words {
            out.words.push_str(word);
            out.common.push(chunks.max(1).ilog2() as u8);
        }
        out
    }

    /// Each word with how common it is: log2 of the number of chunks that have it.
    pub fn words(&self) -> impl Iterator<Item = (&str, u8)> {
        let mut rest = self.words.as_str();
        self.common.iter().map(move |&common| {
            let end = rest.char_indices().nth(usize::from(self.letters)).map_or(rest.len(), |(at, _)| at);
            let (word, after) = rest.split_at(end);
            rest = after;
            (word, common)
        })
    }

    /// The file's bytes.
    pub fn to_file(&self) -> Vec<u8> {
        write(Kind::Spelling, self)
    }

    /// Reads a file's bytes.
    ///
    /// # Errors
    /// When the frame or the body is not that of a whole list of words.
    pub fn from_file(file: &str, bytes: &[u8]) -> Result<Self> {
        let spelling: Self = read(file, Kind::Spelling, bytes)?;
        let (letters, words) = (usize::from(spelling.letters), spelling.common.len());
        let got = spelling.words.chars().count();
        if letters == 0 || got != words * letters {
            let expected = format!("{words} words of {letters} letters");
            return Err(Error::new(file, expected, format!("{got} letters"), REBUILD));
        }
        Ok(spelling)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back() {
        let spelling = Spelling::new(4, [("read", 1), ("über", 9), ("zone", 8)]);
        let again = Spelling::from_file("s", &spelling.to_file()).unwrap();
        assert_eq!(again, spelling);
        assert_eq!(again.words().collect::<Vec<_>>(), [("read", 0), ("über", 3), ("zone", 3)]);
    }

    #[test]
    fn words_of_another_length_are_refused() {
        let spelling = Spelling { letters: 5, words: "fourfive".into(), common: vec![0, 0] };
        let error = Spelling::from_file("s.mcd", &spelling.to_file()).unwrap_err().to_string();
        assert!(error.starts_with("s.mcd: expected 2 words of 5 letters, got 8 letters"), "{error}");
        let none = Spelling { letters: 0, words: String::new(), common: vec![0] };
        assert!(Spelling::from_file("s.mcd", &none.to_file()).is_err());
    }
}
