//! Text to word pieces, as the encoder was trained on them (BERT normalisation, then WordPiece).
//!
//! ```text
//! "Überdruck-Ventile 5V"  ─► clean, unaccent, lower ─► split ─► longest known piece first
//!                             "uberdruck-ventile 5v"    uberdruck │ - │ ventile │ 5v
//!                             (each character keeps its range of bytes in the text)
//! ```
//!
//! Rules, in order: drop control and format characters; white space becomes a space; a CJK ideograph is a word of its
//! own; letters lose accents (canonical decomposition without its non-spacing marks) and case; words end at white
//! space and around every punctuation character. A word becomes the longest known piece, then the longest `##` piece
//! of the rest, and so on; if that fails, or the word is very long, it is one unknown piece.
//!
//! We wrote these rules out rather than use the `tokenizers` crate: its stable line brings thread pools and two
//! regular-expression engines into a browser module that needs one tokeniser, and its 1.0 candidate has neither
//! truncation nor a way to be built from a vocabulary. The reference test holds this file to that crate's ids.
//! One difference is meant: `[SEP]` in a manual is four characters of text here, never the special piece.

use std::collections::HashMap;

use mcdewey_format::encoder::Vocabulary;
use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::char::decompose_canonical;

/// One word piece and the bytes of the text that it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The id of the piece in the vocabulary.
    pub id: u32,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A character after normalisation, with the range of the character it came from.
#[derive(Clone, Copy)]
struct Mark {
    char: char,
    start: usize,
    end: usize,
}

/// Turns text into the ids of a vocabulary.
pub(crate) struct Tokenizer {
    /// Pieces that begin a word.
    first: HashMap<Box<str>, u32>,
    /// Pieces inside a word, without their `##`.
    inner: HashMap<Box<str>, u32>,
    /// No piece has more characters.
    longest_piece: usize,
    longest_word: usize,
    lowercase: bool,
    strip_accents: bool,
    split_cjk: bool,
    unknown: u32,
    start: u32,
    end: u32,
}

impl Tokenizer {
    pub(crate) fn new(vocabulary: &Vocabulary) -> Self {
        let (mut first, mut inner) = (HashMap::new(), HashMap::new());
        let mut longest_piece = 0;
        for (piece, id) in vocabulary.pieces.lines().zip(0u32..) {
            let (table, letters) = match piece.strip_prefix("##") {
                Some(rest) if !rest.is_empty() => (&mut inner, rest),
                _ => (&mut first, piece),
            };
            longest_piece = longest_piece.max(letters.chars().count());
            table.insert(letters.into(), id);
        }
        Self {
            first,
            inner,
            longest_piece,
            longest_word: vocabulary.longest_word as usize,
            lowercase: vocabulary.lowercase,
            strip_accents: vocabulary.strip_accents,
            split_cjk: vocabulary.split_cjk,
            unknown: vocabulary.unknown,
            start: vocabulary.start,
            end: vocabulary.end,
        }
    }

    /// The ids of `text` between the two special ones, cut so that there are at most `limit`.
    pub(crate) fn ids(&self, text: &str, limit: usize) -> Vec<u32> {
        let pieces = self.pieces(text).map(|piece| piece.id).take(limit.saturating_sub(2));
        std::iter::once(self.start).chain(pieces).chain([self.end]).collect()
    }

    /// The pieces of `text`, made word by word.
    pub(crate) fn pieces<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Piece> + 'a {
        let mut marks = text.char_indices().flat_map(|(at, char)| self.normalise(at, char)).peekable();
        let words = std::iter::from_fn(move || {
            while marks.next_if(|mark| mark.char == ' ').is_some() {}
            let head = marks.next()?;
            let mut word = vec![head];
            if !self.stands_alone(head.char) {
                while let Some(mark) = marks.next_if(|mark| mark.char != ' ' && !self.stands_alone(mark.char))
                {
                    word.push(mark);
                }
            }
            Some(word)
        });
        words.flat_map(|word| self.split(&word))
    }

    fn stands_alone(&self, char: char) -> bool {
        is_punctuation(char) || (self.split_cjk && is_cjk(char))
    }

    /// What becomes of one character: nothing, itself, or several.
    fn normalise(&self, at: usize, char: char) -> Vec<Mark> {
        let mut marks = Vec::with_capacity(1);
        let end = at + char.len_utf8();
        let mut keep = |char| marks.push(Mark { char, start: at, end });
        if matches!(char, '\t' | '\n' | '\r') {
            keep(' ');
        } else if char.is_ascii() {
            match char {
                '\0'..='\x1f' | '\x7f' => {}
                _ if self.lowercase => keep(char.to_ascii_lowercase()),
                _ => keep(char),
            }
        } else if is_dropped(char) {
        } else if char.is_whitespace() {
            keep(' ');
        } else if !self.strip_accents {
            self.fold(char, &mut keep);
        } else {
            decompose_canonical(char, |part| {
                if get_general_category(part) != GeneralCategory::NonspacingMark {
                    self.fold(part, &mut keep);
                }
            });
        }
        marks
    }

    fn fold(&self, char: char, keep: &mut impl FnMut(char)) {
        if self.lowercase {
            char.to_lowercase().for_each(keep);
        } else {
            keep(char);
        }
    }

    /// Longest piece first.
    fn split(&self, word: &[Mark]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let (mut at, mut letters) = (0, String::new());
        while at < word.len() && word.len() <= self.longest_word {
            let table = if at == 0 { &self.first } else { &self.inner };
            let longest = (word.len() - at).min(self.longest_piece);
            letters.clear();
            letters.extend(word[at..at + longest].iter().map(|mark| mark.char));
            let mut length = longest;
            let id = loop {
                if let Some(&id) = table.get(letters.as_str()) {
                    break Some(id);
                }
                letters.pop();
                length -= 1;
                if length == 0 {
                    break None;
                }
            };
            let Some(id) = id else { break };
            pieces.push(Piece { id, start: word[at].start, end: word[at + length - 1].end });
            at += length;
        }
        if at < word.len() {
            let (first, last) = (word[0], word[word.len() - 1]);
            pieces = vec![Piece { id: self.unknown, start: first.start, end: last.end }];
        }
        pieces
    }
}

/// Control, format and private characters, and those that only say that something was lost.
fn is_dropped(char: char) -> bool {
    char == '\u{fffd}'
        || matches!(
            get_general_category(char),
            GeneralCategory::Control | GeneralCategory::Format | GeneralCategory::PrivateUse
        )
}

/// Punctuation as BERT has it: all of ASCII that is no letter, digit or space (`$` and `+` too), and Unicode's.
fn is_punctuation(char: char) -> bool {
    char.is_ascii_punctuation()
        || (!char.is_ascii()
            && matches!(
                get_general_category(char),
                GeneralCategory::ConnectorPunctuation
                    | GeneralCategory::DashPunctuation
                    | GeneralCategory::OpenPunctuation
                    | GeneralCategory::ClosePunctuation
                    | GeneralCategory::InitialPunctuation
                    | GeneralCategory::FinalPunctuation
                    | GeneralCategory::OtherPunctuation
            ))
}

/// The blocks of CJK ideographs; not kana and not Hangul, which have spaces or are pieces by themselves.
fn is_cjk(char: char) -> bool {
    matches!(char,
        '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{2A6DF}'
        | '\u{2A700}'..='\u{2B73F}' | '\u{2B740}'..='\u{2B81F}' | '\u{2B820}'..='\u{2CEAF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokenizer() -> Tokenizer {
        let pieces =
            ["[UNK]", "[CLS]", "[SEP]", "uber", "##druck", "-", "ventil", "##e", "水", "5", "##v", "ㅎ"];
        Tokenizer::new(&Vocabulary {
            pieces: pieces.join("\n"),
            lowercase: true,
            strip_accents: true,
            split_cjk: true,
            longest_word: 12,
            unknown: 0,
            start: 1,
            end: 2,
        })
    }

    /// The pieces of a text as (id, the text they stand for).
    fn cut(text: &str) -> Vec<(u32, &str)> {
        tokenizer().pieces(text).map(|piece| (piece.id, &text[piece.start..piece.end])).collect()
    }

    #[test]
    fn accents_case_and_hyphens() {
        assert_eq!(cut("Überdruck-Ventile"), [(3, "Über"), (4, "druck"), (5, "-"), (6, "Ventil"), (7, "e")]);
    }

    #[test]
    fn decomposed_accents_belong_to_no_range_of_their_own() {
        assert_eq!(cut("U\u{308}ber 5V"), [(3, "U\u{308}ber"), (9, "5"), (10, "V")]);
    }

    #[test]
    fn ideographs_are_words_and_unknown_words_are_one_piece() {
        assert_eq!(cut("水水 xyz"), [(8, "水"), (8, "水"), (0, "xyz")]);
    }

    #[test]
    fn words_beyond_the_longest_are_unknown() {
        assert_eq!(cut("uberdruckdruck"), [(0, "uberdruckdruck")]);
    }

    #[test]
    fn invisible_characters_and_special_pieces_in_text_are_only_text() {
        assert_eq!(cut("5\u{200b}\u{fffd}\0v"), [(9, "5"), (10, "v")]);
        assert_eq!(cut("[SEP]").len(), 3);
        assert_eq!(cut(" \t\r\n\u{a0}\u{3000}"), []);
    }

    #[test]
    fn ids_are_cut_to_the_limit_with_both_special_pieces() {
        assert_eq!(tokenizer().ids("5 5 5 5 5", 5), [1, 9, 9, 9, 2]);
        assert_eq!(tokenizer().ids("", 5), [1, 2]);
    }
}
