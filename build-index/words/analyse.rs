//! Chunks → terms: which words a chunk has, in which field, and where.

use std::collections::HashMap;

use mcdewey_format::length::LengthCode;
use mcdewey_format::shard::{FIELD_COUNT, FIELD_GAP, Field};
use mcdewey_text::{Token, TokenKind, is_stop_word, stem, tokens_by};

use crate::chunk::Chunk;

/// Stems that were asked for before: a manual says the same few thousand words over and over.
#[derive(Debug, Default)]
pub struct Stems(HashMap<String, String>);

impl Stems {
    /// As [`mcdewey_text::tokens`].
    pub fn tokens(&mut self, text: &str) -> Vec<Token> {
        tokens_by(text, &mut |word| {
            if let Some(known) = self.0.get(word) {
                return known.clone();
            }
            let stem = stem(word);
            self.0.insert(word.to_owned(), stem.clone());
            stem
        })
    }
}

/// The words of one chunk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChunkTerms {
    /// Each term with its occurrences by field and its positions.
    pub terms: HashMap<String, TermInChunk>,
    /// Words by field, wholes not counted.
    pub lengths: [u32; FIELD_COUNT],
}

/// Where a chunk has one term.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermInChunk {
    /// Occurrences by field.
    pub counts: [u32; FIELD_COUNT],
    /// Positions over all fields, sorted; empty for stop words.
    pub positions: Vec<u32>,
}

impl ChunkTerms {
    /// The words of `chunk`, a part of the document titled `title`.
    pub fn of(title: &str, chunk: &Chunk, stems: &mut Stems) -> Self {
        let mut out = Self::default();
        let mut next = out.add(stems.tokens(title), 0, |_| Field::Title);
        for heading in chunk.headings.iter().filter(|heading| *heading != title) {
            next = out.add(stems.tokens(heading), next, |_| Field::Heading);
        }
        out.add(stems.tokens(&chunk.text), next, |byte| {
            if chunk.inner_headings.iter().any(|range| range.contains(&byte)) {
                Field::Heading
            } else if chunk.code.iter().any(|range| range.contains(&byte)) {
                Field::Code
            } else {
                Field::Body
            }
        });
        out
    }

    /// Adds a text whose first word stands at `first`; returns where the next text may begin.
    fn add(&mut self, tokens: Vec<Token>, first: u32, field_at: impl Fn(usize) -> Field) -> u32 {
        let mut next = first;
        for token in tokens {
            let field = field_at(token.range.start) as usize;
            let position = first + token.position;
            next = position + 1;
            if token.kind != TokenKind::Whole {
                self.lengths[field] += 1;
            }
            let keeps_positions = !is_stop_word(&token.term);
            let term = self.terms.entry(token.term).or_default();
            term.counts[field] += 1;
            if keeps_positions {
                term.positions.push(position);
            }
        }
        next + FIELD_GAP
    }

    /// The two length codes of the boot file: title and headings together, and text.
    pub fn length_codes(&self) -> [u8; 2] {
        let [title, heading, body, code] = self.lengths;
        [LengthCode::of(title + heading).0, LengthCode::of(body + code).0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_by_field_and_keep_their_places() {
        let text = "Set the limit.\n\nlimit = 5".to_owned();
        let code = text.find("limit =").unwrap()..text.len();
        let chunk = Chunk {
            headings: vec!["Guide".into(), "Limits".into()],
            code: vec![code],
            text,
            ..Chunk::default()
        };
        let found = ChunkTerms::of("Guide", &chunk, &mut Stems::default());
        assert_eq!(found.lengths, [1, 1, 3, 2]);
        let limit = &found.terms["limit"];
        assert_eq!(limit.counts, [0, 1, 1, 1]);
        assert!(limit.positions.is_sorted() && limit.positions.len() == 3);
        assert!(found.terms["the"].positions.is_empty());
    }
}
