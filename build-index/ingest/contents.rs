//! Sections that only say where to go.

use crate::document::{Block, Section};

/// Fewest entries of a list of links that is taken for a table of contents.
const FEWEST_LINKS: usize = 3;

/// How many letters and digits a text has.
pub fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Whether a section's text stands almost wholly in links: a table of contents.
pub fn is_contents(section: &Section, link_letters: usize) -> bool {
    let mut all = 0;
    let mut entries = 0;
    for block in &section.blocks {
        let Block::Text(text) = block else { return false };
        all += letters(text);
        entries += 1;
    }
    entries >= FEWEST_LINKS && link_letters * 10 >= all * 8
}
