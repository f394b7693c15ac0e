//! What the report says about a PDF, and its title where the file names none.

use super::Leaf;
use super::headings::body_size;
use super::limits;
use super::order::{Role, Row};
use super::pictures::Lost;
use crate::document::{Note, Weight};

/// Longest title taken from the first pages, in characters.
const LONGEST_TITLE: usize = 120;

/// Pages on which a title is looked for.
const TITLE_PAGES: usize = 2;

/// Type this much larger than the text's is a title's.
const TITLE_SIZE: f32 = 1.3;

fn lost(text: impl Into<String>) -> Note {
    Note { weight: Weight::Lost, line: None, text: text.into() }
}

fn doubtful(text: impl Into<String>) -> Note {
    Note { weight: Weight::Doubtful, line: None, text: text.into() }
}

pub fn locked() -> Note {
    lost("not read: it is encrypted and opens only with a password; put a copy without one in its place")
}

pub fn odd_encryption() -> Note {
    lost(
        "not read: it is encrypted in a way that is not understood; put a copy without encryption in its place",
    )
}

pub fn damaged() -> Note {
    lost("not read: it is damaged or no PDF; open it in a reader and print it to a new PDF")
}

pub fn no_pages() -> Note {
    lost("not read: no page was found in it; if a reader shows some, print it to a new PDF")
}

pub fn too_large(bytes: u64) -> Note {
    lost(format!(
        "not read: it has {} MB and {} MB is the most that is read of a PDF; split it into volumes",
        bytes.div_ceil(1 << 20),
        limits::LARGEST_FILE_BYTES >> 20
    ))
}

/// What was doubtful about a document that was read.
pub fn notes(leaves: &[Leaf], all: usize, lost_pictures: Lost) -> Vec<Note> {
    let mut notes = Vec::new();
    if all > leaves.len() {
        notes.push(lost(format!(
            "only its first {} pages were read, of {all}; split it into volumes",
            leaves.len()
        )));
    }
    let pages = |is: &dyn Fn(&Leaf) -> bool| {
        (1..).zip(leaves).filter(|(_, leaf)| is(leaf)).map(|(number, _)| number).collect::<Vec<usize>>()
    };
    let scanned = pages(&|leaf| leaf.needs_ocr);
    if !scanned.is_empty() {
        notes.push(doubtful(format!(
            "needs_ocr: {} no text that can be read and {}; run OCR on the file to make {} searchable",
            verb(&scanned, "has", "have"),
            if scanned.len() == 1 { "is shown as a picture" } else { "are shown as pictures" },
            if scanned.len() == 1 { "it" } else { "them" },
        )));
    }
    let cut = pages(&|leaf| leaf.cut);
    if !cut.is_empty() {
        notes.push(lost(format!(
            "{} more text than is read; the rest is left out",
            verb(&cut, "has", "have")
        )));
    }
    let tables = pages(&|leaf| leaf.loses_table);
    if !tables.is_empty() {
        notes.push(doubtful(format!(
            "{} a table whose columns are not ruled, or with more lines than are looked at; it is kept as lines of text",
            verb(&tables, "has", "each have")
        )));
    }
    let Lost { large, damaged, beyond, unwritten } = lost_pictures;
    for (count, why) in [
        (large, format!("has more than {} million pixels", limits::PICTURE_PIXELS >> 20)),
        (damaged, "is damaged or in a form that is not understood".to_owned()),
        (
            beyond,
            format!(
                "is beyond the {} pictures or {} MB that are kept of one document",
                limits::PICTURES,
                limits::PICTURE_BYTES >> 20
            ),
        ),
        (unwritten, "could not be written to disk".to_owned()),
    ] {
        match count {
            0 => {}
            1 => notes.push(doubtful(format!("1 picture is not shown: it {why}"))),
            _ => notes.push(doubtful(format!("{count} pictures are not shown: each {why}"))),
        }
    }
    notes
}

/// `page 3 has`, `pages 1–4 and 7 have`.
fn verb(pages: &[usize], one: &str, many: &str) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for page in pages {
        match ranges.last_mut() {
            Some((_, to)) if *to + 1 == *page => *to = *page,
            _ => ranges.push((*page, *page)),
        }
    }
    /// More ranges than these are counted, not named.
    const NAMED: usize = 12;
    let more = ranges.len().saturating_sub(NAMED);
    let mut named: Vec<String> = ranges
        .iter()
        .take(NAMED)
        .map(|(from, to)| if from == to { from.to_string() } else { format!("{from}–{to}") })
        .collect();
    if more > 0 {
        named.push(format!("{more} further ranges"));
    }
    let last = named.pop().unwrap_or_default();
    let list = if named.is_empty() { last } else { format!("{} and {last}", named.join(", ")) };
    if pages.len() == 1 { format!("page {list} {one}") } else { format!("pages {list} {many}") }
}

/// The largest type of the first pages, if it is clearly larger than the text's.
pub fn first_title(leaves: &[Leaf]) -> Option<String> {
    let text = body_size(leaves);
    let first = || leaves.iter().take(TITLE_PAGES);
    let largest = first().flat_map(|leaf| &leaf.rows).map(Row::size).fold(0.0, f32::max);
    if largest < TITLE_SIZE * text {
        return None;
    }
    let leaf = first().find(|leaf| leaf.rows.iter().any(|row| row.size() >= largest))?;
    let rows = leaf.rows.iter().skip_while(|row| row.size() < 0.95 * largest);
    let rows = rows.take_while(|row| row.size() >= 0.95 * largest && row.role != Role::Running);
    let title = rows.map(Row::text).collect::<Vec<String>>().join(" ");
    let title = title.trim();
    let says = title.chars().filter(|c| c.is_alphabetic()).count() > 1;
    (says && title.chars().count() <= LONGEST_TITLE).then(|| title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_named_as_people_do() {
        for (pages, wanted) in [
            (&[3][..], "page 3 has"),
            (&[1, 2, 3, 7], "pages 1–3 and 7 have"),
            (&[1, 3, 5], "pages 1, 3 and 5 have"),
        ] {
            assert_eq!(verb(pages, "has", "have"), wanted);
        }
    }

    #[test]
    fn what_was_left_out_is_told() {
        let scan = Leaf { needs_ocr: true, loses_table: true, ..Leaf::default() };
        let notes = notes(&[Leaf::default(), scan], 3, Lost { large: 1, ..Lost::default() });
        let texts: Vec<&str> = notes.iter().map(|note| note.text.as_str()).collect();
        assert_eq!(texts.len(), 4);
        assert!(texts[0].starts_with("only its first 2 pages were read, of 3"), "{}", texts[0]);
        assert!(texts[1].starts_with("needs_ocr: page 2 has no text"), "{}", texts[1]);
        assert!(texts[2].starts_with("page 2 has a table whose columns are not ruled"), "{}", texts[2]);
        assert!(texts[3].starts_with("1 picture is not shown: it has more than 64 million"), "{}", texts[3]);
    }
}
