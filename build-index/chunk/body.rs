//! The text of a chunk, and where its pieces stand in it.

use std::ops::Range;

use super::draft::Draft;
use super::split::table_lines;
use crate::document::Block;

/// Between two blocks of a chunk's text.
const BETWEEN: &str = "\n\n";

/// Between two items of a list.
const BETWEEN_ITEMS: &str = "\n";

/// A chunk's text and what its parts are.
#[derive(Default)]
pub struct Body {
    /// All blocks.
    pub text: String,
    /// Ranges that are code.
    pub code: Vec<Range<usize>>,
    /// Ranges that are headings.
    pub inner_headings: Vec<Range<usize>>,
    /// The blocks in order; each goes on to the start of the next, so that together they are the whole text.
    pub pieces: Vec<Piece>,
    /// Heading paths of the sections that the pieces name.
    pub paths: Vec<Vec<String>>,
}

/// A block of the text.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Where it stands.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// Which of [`Body::paths`] it stands under.
    pub path: usize,
}

/// What a piece is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A heading; belongs to what follows.
    Heading,
    /// A paragraph.
    Text,
    /// A code block.
    Code,
    /// A table, and where its header line stands.
    Table(Option<Range<usize>>),
}

/// The text of the draft's sections.
pub fn compose(draft: &Draft) -> Body {
    let mut body = Body::default();
    for (at, section) in draft.sections.iter().enumerate() {
        body.paths.push(section.path.clone());
        if section.level > 0
            && (at > 0 || draft.first_heading)
            && let Some(heading) = section.path.last().filter(|heading| !heading.is_empty())
        {
            let range = body.put(heading, Kind::Heading);
            body.inner_headings.push(range);
        }
        for block in &section.blocks {
            match block {
                Block::Text(text) => {
                    body.put(text, Kind::Text);
                }
                Block::Code { text, .. } => {
                    let range = body.put(text, Kind::Code);
                    body.code.push(range);
                }
                Block::Table { header, rows } => {
                    let lines: Vec<String> = table_lines(header, rows).collect();
                    let range = body.put(&lines.join("\n"), Kind::Table(None));
                    if let (Some(piece), false) = (body.pieces.last_mut(), header.is_empty()) {
                        piece.kind = Kind::Table(Some(range.start..range.start + lines[0].len()));
                    }
                }
            }
        }
    }
    // Each piece goes on to the next one's start.
    for at in 1..body.pieces.len() {
        body.pieces[at - 1].range.end = body.pieces[at].range.start;
    }
    body
}

impl Body {
    fn put(&mut self, text: &str, kind: Kind) -> Range<usize> {
        if text.trim().is_empty() {
            return self.text.len()..self.text.len();
        }
        if !self.text.is_empty() {
            let before = self.pieces.last().map_or("", |piece| &self.text[piece.range.clone()]);
            let items = kind == Kind::Text && is_item(before) && is_item(text);
            self.text.push_str(if items { BETWEEN_ITEMS } else { BETWEEN });
        }
        let start = self.text.len();
        self.text.push_str(text);
        let range = start..self.text.len();
        self.pieces.push(Piece { range: range.clone(), kind, path: self.paths.len() - 1 });
        range
    }
}

/// Whether a text is an item of a list: `• …`, `3. …`.
fn is_item(text: &str) -> bool {
    let text = text.trim_start();
    let after_number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    text.starts_with("• ") || (after_number.len() < text.len() && after_number.starts_with(". "))
}
