//! Contents pages and back-of-book indexes, told by their lines.

use super::draft::Draft;
use crate::document::Block;

/// Fewest lines that can be a table of contents by their look alone.
const FEWEST_LINES: usize = 8;

/// Titles that make a weaker likeness enough.
const TITLES: [&str; 8] = [
    "contents",
    "table of contents",
    "toc",
    "index",
    "list of figures",
    "list of tables",
    "inhaltsverzeichnis",
    "inhalt",
];

/// Whether the draft is a table of contents or an index: mostly links, or mostly lines that end in page numbers.
pub fn is_contents(draft: &Draft, text: &str) -> bool {
    let blocks = || draft.sections.iter().flat_map(|section| &section.blocks);
    if draft.sections.iter().any(|section| section.contents)
        && draft.sections.iter().all(|section| section.contents || section.blocks.is_empty())
    {
        return true;
    }
    if blocks().any(|block| matches!(block, Block::Table { .. }))
        && !text.contains("....")
        && !text.contains(". . .")
    {
        return false;
    }
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let leaders = lines.iter().filter(|line| has_leader(line)).count();
    let entries = lines.iter().filter(|line| has_leader(line) || ends_in_page(line)).count();
    let titled = draft.sections.iter().any(|section| {
        section.path.last().is_some_and(|title| TITLES.contains(&title.trim().to_lowercase().as_str()))
    });
    lines.len() >= FEWEST_LINES
        && (leaders * 10 >= lines.len() * 4
            || entries * 10 >= lines.len() * 7
            || (titled && entries * 10 >= lines.len() * 4))
}

/// `Installing ........ 12`
fn has_leader(line: &str) -> bool {
    let end = line.trim().trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '-').trim_end();
    end.len() < line.trim().len() && (end.ends_with("...") || end.ends_with(". .") || end.ends_with('…'))
}

/// `certificates, 12, 40–42`: words, then only page numbers.
fn ends_in_page(line: &str) -> bool {
    let line = line.trim();
    let Some(letter) = line.rfind(char::is_alphabetic) else { return false };
    let Some(gap) = line[letter..].find([',', ' ']) else { return false };
    let (words, numbers) = line.split_at(letter + gap);
    let has_number = numbers.chars().any(|c| c.is_ascii_digit());
    has_number
        && numbers.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | ' ' | '-' | '–'))
        && words.split_whitespace().count() <= 10
        && numbers.split([',', ' ', '-', '–']).all(|number| number.len() <= 4)
}
