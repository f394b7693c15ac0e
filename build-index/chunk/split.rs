//! Where a text may be cut: sentences, blank lines of code, rows of a table, and at last words.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::Tokens;
use crate::document::Block;

/// Between two cells of a table's row.
const CELL: &str = " | ";

/// The lines of a table: its header, then its rows.
pub fn table_lines<'t>(header: &'t [String], rows: &'t [Vec<String>]) -> impl Iterator<Item = String> + 't {
    let header = (!header.is_empty()).then(|| row_text(header));
    header.into_iter().chain(rows.iter().map(|row| row_text(row)))
}

/// One row as a line.
pub fn row_text(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('\n', " ")).collect();
    cells.join(CELL).trim().to_owned()
}

/// How many tokens a block has.
pub fn block_tokens(block: &Block, tokens: &dyn Tokens) -> usize {
    match block {
        Block::Text(text) | Block::Code { text, .. } => tokens.count(text),
        Block::Table { header, rows } => table_lines(header, rows).map(|line| tokens.count(&line)).sum(),
    }
}

/// The block, or blocks of at most `most` tokens that together say the same; a table's parts all have its header.
pub fn block(block: &Block, most: usize, tokens: &dyn Tokens) -> Vec<Block> {
    if block_tokens(block, tokens) <= most {
        return vec![block.clone()];
    }
    match block {
        Block::Text(text) => packed(text, sentences(text), most, tokens)
            .map(|part| Block::Text(part.trim().to_owned()))
            .collect(),
        Block::Code { language, text } => packed(text, code_parts(text, most, tokens), most, tokens)
            .map(|part| Block::Code {
                language: language.clone(),
                text: part.trim_matches('\n').trim_end().to_owned(),
            })
            .collect(),
        Block::Table { header, rows } => {
            let head = if header.is_empty() { 0 } else { tokens.count(&row_text(header)) };
            let mut parts: Vec<(Vec<Vec<String>>, usize)> = Vec::new();
            for row in rows {
                let size = tokens.count(&row_text(row));
                match parts.last_mut() {
                    Some((part, filled)) if *filled + size <= most => {
                        part.push(row.clone());
                        *filled += size;
                    }
                    _ => parts.push((vec![row.clone()], head + size)),
                }
            }
            parts.into_iter().map(|(rows, _)| Block::Table { header: header.clone(), rows }).collect()
        }
    }
}

/// Neighbouring ranges put together up to `most` tokens, as text.
fn packed<'t>(
    text: &'t str,
    ranges: Vec<Range<usize>>,
    most: usize,
    tokens: &dyn Tokens,
) -> impl Iterator<Item = &'t str> + use<'t> {
    let mut out: Vec<(Range<usize>, usize)> = Vec::new();
    for range in ranges {
        let size = tokens.count(&text[range.clone()]);
        match out.last_mut() {
            Some((last, filled)) if *filled + size <= most => {
                last.end = range.end;
                *filled += size;
            }
            _ => out.push((range, size)),
        }
    }
    out.into_iter().map(|(range, _)| &text[range]).filter(|part| !part.trim().is_empty())
}

/// Sentences, each with the blanks after it.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    text.split_sentence_bound_indices().map(|(at, sentence)| at..at + sentence.len()).collect()
}

/// Runs of lines up to a blank line, and single lines of runs that have more than `most` tokens.
pub fn code_parts(text: &str, most: usize, tokens: &dyn Tokens) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut at = 0;
    let mut blank_before = false;
    for line in text.split_inclusive('\n') {
        let blank = line.trim().is_empty();
        if blank_before && !blank && at > from {
            parts.push(from..at);
            from = at;
        }
        blank_before = blank;
        at += line.len();
    }
    if at > from {
        parts.push(from..at);
    }
    parts
        .into_iter()
        .flat_map(
            |part| if tokens.count(&text[part.clone()]) > most { lines(text, part) } else { vec![part] },
        )
        .collect()
}

/// The lines of a range, each with its end.
pub fn lines(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut at = range.start;
    text[range]
        .split_inclusive('\n')
        .map(|line| {
            at += line.len();
            at - line.len()..at
        })
        .collect()
}

/// Parts of at most `most` tokens, cut between words where there are any.
pub fn words(text: &str, range: Range<usize>, most: usize, tokens: &dyn Tokens) -> Vec<Range<usize>> {
    let part = &text[range.clone()];
    let starts: Vec<usize> = tokens.offsets(part).into_iter().map(|(start, _)| start).collect();
    let mut parts = Vec::new();
    let mut from = 0;
    let mut first = 0;
    while starts.len() - first > most.max(1) {
        // The last start of a word among the tokens that fit, else the token itself.
        let fits = first + 1..=first + most.max(1);
        let after_blank = |at: &usize| part[..starts[*at]].ends_with(char::is_whitespace);
        let next = fits.clone().rev().find(after_blank).unwrap_or(*fits.end());
        let cut = starts[next];
        if cut <= from {
            break;
        }
        parts.push(range.start + from..range.start + cut);
        from = cut;
        first = next;
    }
    parts.push(range.start + from..range.end);
    parts
}
