//! Addresses on pages that are not ours: the nearest anchor, and the words to scroll to.
//!
//! ```text
//! ../bgp.html#bgp-router-id:~:text=The%20router%20id%20is%20chosen
//!             └─ anchor ──┘└─ text fragment: a browser that knows it scrolls here and marks the words ─┘
//! ```
//!
//! A text fragment leads to the first place with these words, so only words that the page has once are used. A browser
//! that does not find them, or does not know text fragments, goes to the anchor.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::chunk::Chunk;
use crate::document::{Block, Document};

/// Fewest and most words of a fragment.
const WORDS: (usize, usize) = (3, 12);

/// A page with more text than this gets no fragments: looking whether words are there once takes time with its square.
const LONGEST: usize = 4 << 20;

/// Everything else is encoded: `-`, `,` and `&` mean something in a text fragment.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'_').remove(b'~');

/// Lets every chunk's anchor also name its first words.
pub fn point(chunks: &mut [Chunk], document: &Document) {
    let whole = whole_text(document);
    if whole.len() > LONGEST {
        return;
    }
    for chunk in chunks {
        if let Some(words) = first_words(&chunk.text, &whole) {
            chunk.anchor.push_str(":~:text=");
            chunk.anchor.extend(utf8_percent_encode(&words, ENCODED));
        }
    }
}

/// The shortest start of a line of the text that the page has once.
fn first_words(text: &str, whole: &str) -> Option<String> {
    text.lines().take(WORDS.1).find_map(|line| {
        // A cell is a block of its own, and so is a list's marker.
        let line = line.split(" | ").next().unwrap_or(line).trim();
        let line = line.strip_prefix("• ").unwrap_or(line);
        let words: Vec<&str> = line.split_whitespace().collect();
        (WORDS.0..=WORDS.1.min(words.len())).find_map(|count| {
            let start = words[..count].join(" ");
            let wanted = start.to_lowercase();
            let mut found = whole.match_indices(wanted.as_str());
            (found.next().is_some() && found.next().is_none()).then_some(start)
        })
    })
}

/// All that the page says, in lower case, blocks apart.
fn whole_text(document: &Document) -> String {
    let mut whole = String::new();
    let mut put = |text: &str| {
        whole.push_str(&text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase());
        whole.push('\n');
    };
    for section in document.pages.iter().flat_map(|page| &page.sections) {
        section.path.last().into_iter().for_each(|heading| put(heading));
        for block in &section.blocks {
            match block {
                Block::Text(text) => text.lines().for_each(&mut put),
                Block::Code { text, .. } => text.lines().for_each(&mut put),
                Block::Table { header, rows } => {
                    header.iter().chain(rows.iter().flatten()).for_each(|cell| put(cell));
                }
            }
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Page, Section};

    #[test]
    fn the_shortest_start_that_is_there_once_is_named() {
        let block = |text: &str| Block::Text(text.to_owned());
        let section = Section {
            blocks: vec![
                block("The pump is old."),
                block("The pump is new, and-so on."),
                block("Twice told."),
                block("Twice told."),
            ],
            ..Section::default()
        };
        let document = Document {
            pages: vec![Page { sections: vec![section], ..Page::default() }],
            ..Document::default()
        };
        let chunk =
            |anchor: &str, text: &str| Chunk { anchor: anchor.into(), text: text.into(), ..Chunk::default() };
        let mut chunks = [
            chunk("a", "The pump is old."),
            chunk("", "• The pump is new, and-so on."),
            chunk("c", "Twice told."),
        ];
        point(&mut chunks, &document);
        let anchors: Vec<&str> = chunks.iter().map(|chunk| chunk.anchor.as_str()).collect();
        assert_eq!(anchors, ["a:~:text=The%20pump%20is%20old.", ":~:text=The%20pump%20is%20new%2C", "c"]);
    }
}
