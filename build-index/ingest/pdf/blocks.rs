//! The rows of a page → pieces: paragraphs, items of lists, code, tables, lines that keep their shape.
//!
//! A new paragraph begins where the rows are further apart than usual, where a row is indented, where the type changes,
//! or where the row before ended early with the end of a sentence.

use std::collections::HashMap;
use std::ops::Range;

use super::Leaf;
use super::lines::{Letter, plain};
use super::marks::Style;
use super::order::{Role, Row, median};
use super::words::Words;

/// Rows further apart than this many usual distances belong to two paragraphs.
const APART: f32 = 1.3;

/// Type that differs by more than this share is another paragraph's.
const OTHER_SIZE: f32 = 0.12;

/// An indent, in ems.
const INDENT: f32 = 0.8;

/// A row that ends this share of its column before the column does ended early.
const EARLY: f32 = 0.15;

/// Share of its letters that must be of one width for a row to be code.
const MONO_SHARE: f32 = 0.9;

/// A gap inside a row that is wider, in ems, separates columns.
const CELL_GAP: f32 = 1.4;

/// How far the cells of two rows may be off each other, in points, and still stand in one column.
const ALIGNED: f32 = 3.0;

/// Characters a preformatted line may be indented or wide; more is not worth keeping.
const WIDEST_LINE: usize = 400;

/// Signs that begin an item of a list.
const BULLETS: [char; 17] =
    ['•', '◦', '▪', '■', '●', '○', '·', '‣', '⁃', '∙', '□', '➢', '✓', '–', '—', '-', '*'];

/// What a page is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// A heading, and the document's number of it.
    Heading {
        /// From 1 to 6.
        level: u8,
        /// What it says.
        title: String,
        /// Which of the document's headings.
        number: usize,
    },
    /// Running text.
    Paragraph(Vec<Letter>),
    /// An item of a list, without its sign.
    Item {
        /// Its number, where it has one.
        number: Option<u32>,
        /// What it says.
        text: Vec<Letter>,
    },
    /// Code, line by line.
    Code(String),
    /// Lines that keep their ends: contents, or columns without rules, padded with blanks if `columns`.
    Lines {
        /// The lines.
        lines: Vec<Vec<Letter>>,
        /// Whether blanks keep columns apart.
        columns: bool,
    },
    /// A table: its heads, which may be none, and its rows.
    Table {
        /// Heads of the columns.
        header: Vec<Vec<Letter>>,
        /// Rows of cells.
        rows: Vec<Vec<Vec<Letter>>>,
    },
    /// A running head or foot.
    Running(Vec<Letter>),
}

/// What a row looks like, by itself and beside its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Heading,
    HeadingGoesOn,
    Running,
    Table(usize),
    Code,
    Columns,
    Leader,
    Text,
}

/// The pieces of a page, in reading order.
pub fn pieces(leaf: &Leaf, words: &Words) -> Vec<Piece> {
    let rows = &leaf.rows;
    let pitches = pitches(rows);
    let shapes = shapes(rows, &pitches);
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let alike = shapes[at..].iter().take_while(|shape| **shape == shapes[at]).count();
        let taken = match shapes[at] {
            Shape::Heading => {
                if let Role::Heading { level, title, number } = &rows[at].role {
                    pieces.push(Piece::Heading { level: *level, title: title.clone(), number: *number });
                }
                1
            }
            Shape::HeadingGoesOn => 1,
            Shape::Running => {
                pieces.push(Piece::Running(rows[at].letters()));
                1
            }
            Shape::Table(table) => {
                pieces.extend(leaf.tables.get(table).map(|table| {
                    let mut rows = table.texts(words);
                    let header = if table.headed { rows.remove(0) } else { Vec::new() };
                    Piece::Table { header, rows }
                }));
                1
            }
            Shape::Code => {
                let count = column_run(rows, at, alike);
                pieces.push(Piece::Code(code(&rows[at..at + count], &pitches[at..at + count])));
                count
            }
            Shape::Columns => {
                let count = column_run(rows, at, alike);
                let lines = padded(&rows[at..at + count]);
                pieces.push(Piece::Lines { lines, columns: true });
                count
            }
            Shape::Leader => {
                let lines = rows[at..at + alike].iter().map(|row| with_leader(&row.letters())).collect();
                pieces.push(Piece::Lines { lines, columns: false });
                alike
            }
            Shape::Text => {
                let count = paragraph(rows, &pitches, &shapes, at);
                pieces.push(text_piece(words.join(&rows[at..at + count])));
                count
            }
        };
        at += taken;
    }
    pieces
}

fn shapes(rows: &[Row], pitches: &[f32]) -> Vec<Shape> {
    let mut shapes: Vec<Shape> = rows
        .iter()
        .map(|row| match &row.role {
            Role::Heading { .. } => Shape::Heading,
            Role::HeadingGoesOn => Shape::HeadingGoesOn,
            Role::Running => Shape::Running,
            Role::Text => match row.table() {
                Some(table) => Shape::Table(table),
                None if has_leader(&row.text()) => Shape::Leader,
                None if is_mono(row) => Shape::Code,
                None => Shape::Text,
            },
        })
        .collect();
    // A single row of code within a paragraph is a wrapped word of it.
    for at in 1..rows.len().saturating_sub(1) {
        let alone = shapes[at - 1..=at + 1] == [Shape::Text, Shape::Code, Shape::Text];
        let inside = |other: usize| (rows[other].left() - rows[at].left()).abs() < INDENT * rows[at].size();
        if alone
            && inside(at - 1)
            && inside(at + 1)
            && goes_on(rows, pitches, at - 1..at, at)
            && goes_on(rows, pitches, at..at + 1, at + 1)
        {
            shapes[at] = Shape::Text;
        }
    }
    // Neighbours whose cells stand below each other are columns.
    let cells: Vec<Vec<f32>> = rows
        .iter()
        .zip(&shapes)
        .map(|(row, shape)| if *shape == Shape::Text { cells(row) } else { Vec::new() })
        .collect();
    let aligned = |a: usize, b: usize| {
        cells[a].len() > 1
            && cells[b].len() > 1
            && cells[a][1..].iter().any(|x| cells[b][1..].iter().any(|other| (x - other).abs() < ALIGNED))
    };
    for at in 0..rows.len() {
        let before = at > 0 && aligned(at - 1, at);
        let after = at + 1 < rows.len() && aligned(at, at + 1);
        if (before || after) && shapes[at] == Shape::Text && item_sign(&rows[at].letters()).is_none() {
            shapes[at] = Shape::Columns;
        }
    }
    shapes
}

fn is_mono(row: &Row) -> bool {
    let letters =
        row.fragments.iter().flat_map(|fragment| &fragment.letters).filter(|letter| letter.letter != ' ');
    let (mut mono, mut all) = (0, 0);
    for letter in letters {
        mono += usize::from(letter.style.has(Style::MONO));
        all += 1;
    }
    all > 0 && mono as f32 >= MONO_SHARE * all as f32
}

/// Where the parts of a row begin that stand apart from each other.
fn cells(row: &Row) -> Vec<f32> {
    let mut cells = Vec::new();
    let mut end = f32::MIN;
    for fragment in &row.fragments {
        if fragment.left - end > CELL_GAP * fragment.size {
            cells.push(fragment.left);
        }
        end = end.max(fragment.right);
    }
    cells
}

/// How many of `alike` rows from `at` on stand in one column.
fn column_run(rows: &[Row], at: usize, alike: usize) -> usize {
    rows[at..at + alike].iter().take_while(|row| row.column == rows[at].column).count().max(1)
}

/// How many rows from `at` on make one paragraph.
fn paragraph(rows: &[Row], pitches: &[f32], shapes: &[Shape], at: usize) -> usize {
    let mut last = at;
    for (next, shape) in shapes.iter().enumerate().take(rows.len()).skip(at + 1) {
        match shape {
            // A foot may stand between two columns of a paragraph.
            Shape::Running => break,
            Shape::Text if goes_on(rows, pitches, at..last + 1, next) => last = next,
            _ => break,
        }
    }
    last - at + 1
}

/// Whether row `next` goes on with the paragraph of the rows `own`.
fn goes_on(rows: &[Row], pitches: &[f32], own: Range<usize>, next: usize) -> bool {
    let (before, row) = (&rows[own.end - 1], &rows[next]);
    let letters = row.letters();
    if (row.size() - before.size()).abs() > OTHER_SIZE * before.size()
        || is_bold(before) != is_bold(row)
        || item_sign(&letters).is_some()
    {
        return false;
    }
    let ended = before.text().trim_end().ends_with(['.', ':', '!', '?', ';']);
    let (left, right) = before.column;
    let early = before.right() < right - EARLY * (right - left);
    if before.column != row.column {
        // The next column, or a cut through the page: only a sentence that is not over goes on.
        let goes_on = letters.first().is_some_and(|letter| letter.letter.is_lowercase());
        return goes_on && !ended && !early;
    }
    let distance = row.y() - before.y();
    if distance <= 0.0 || distance > APART * pitches[next] || (early && ended) {
        return false;
    }
    // Indented further than its own paragraph is the next one. The text of an item, though, stands right of its sign,
    // and after one row nobody can tell, unless a sentence ended there.
    let indented =
        row.left() > rows[own.clone()].iter().map(Row::left).fold(f32::MAX, f32::min) + INDENT * row.size();
    let first_only = own.len() == 1;
    let item = item_sign(&rows[own.start].letters()).is_some();
    !indented || item || (first_only && !ended)
}

/// For each row, the usual distance of rows like it in its column.
fn pitches(rows: &[Row]) -> Vec<f32> {
    let kind =
        |row: &Row| (row.column.0.to_bits(), row.column.1.to_bits(), (row.size() * 2.0).round() as i32);
    let mut distances: HashMap<_, (f32, Vec<f32>)> = HashMap::new();
    for row in rows {
        let y = row.y();
        let (last, found) = distances.entry(kind(row)).or_insert((y, Vec::new()));
        if y - *last > 0.5 * row.size() {
            found.push(y - *last);
        }
        *last = y;
    }
    for (_, found) in distances.values_mut() {
        found.sort_by(f32::total_cmp);
    }
    let usual = |row: &Row| {
        // A third of the way up: paragraphs of one row have many wide distances.
        let found = distances.get(&kind(row)).and_then(|(_, found)| found.get(found.len() / 3));
        let size = row.size().max(1.0);
        found.copied().unwrap_or(1.2 * size).clamp(size, 2.2 * size)
    };
    rows.iter().map(usual).collect()
}

fn is_bold(row: &Row) -> bool {
    row.fragments
        .iter()
        .flat_map(|fragment| &fragment.letters)
        .all(|letter| letter.letter == ' ' || letter.style.has(Style::BOLD))
}

/// How many letters an item's sign takes, blanks included, and its number.
fn item_sign(letters: &[Letter]) -> Option<(usize, Option<u32>)> {
    let first = letters.first()?.letter;
    let blank_at = letters.iter().position(|letter| letter.letter == ' ')?;
    if blank_at + 1 >= letters.len() {
        return None;
    }
    if blank_at == 1 && BULLETS.contains(&first) {
        return Some((2, None));
    }
    let sign = plain(&letters[..blank_at]);
    let number = sign.strip_suffix(['.', ')'])?;
    let number = number.strip_prefix('(').unwrap_or(number);
    let digits = (1..=3).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit());
    digits.then(|| (blank_at + 1, number.parse().ok()))
}

fn text_piece(letters: Vec<Letter>) -> Piece {
    match item_sign(&letters) {
        Some((taken, number)) => Piece::Item { number, text: letters[taken..].to_vec() },
        None => Piece::Paragraph(letters),
    }
}

/// Rows of code, with their indents and the blank lines between them.
fn code(rows: &[Row], pitches: &[f32]) -> String {
    let left = rows.iter().map(Row::left).fold(f32::MAX, f32::min);
    let width = median(rows.iter().filter_map(letter_width));
    let mut out = String::new();
    let mut above: Option<f32> = None;
    for (row, pitch) in rows.iter().zip(pitches) {
        if let Some(above) = above {
            out.push('\n');
            if row.y() - above > 1.7 * pitch {
                out.push('\n');
            }
        }
        above = Some(row.y());
        let mut line = String::new();
        for fragment in &row.fragments {
            let wanted = ((fragment.left - left) / width).round().max(0.0) as usize;
            let has = line.chars().count();
            let blanks = wanted.saturating_sub(has).min(WIDEST_LINE).max(usize::from(has > 0));
            line.extend(std::iter::repeat_n(' ', blanks));
            line.push_str(&plain(&fragment.letters));
        }
        out.push_str(line.trim_end());
    }
    out
}

fn letter_width(row: &Row) -> Option<f32> {
    let fragment = row.fragments.iter().max_by_key(|fragment| fragment.letters.len())?;
    let width = (fragment.right - fragment.left) / fragment.letters.len().max(1) as f32;
    (width > 0.5).then_some(width)
}

/// Rows whose cells stand below each other, padded with blanks so that they still do.
fn padded(rows: &[Row]) -> Vec<Vec<Letter>> {
    let left = rows.iter().map(Row::left).fold(f32::MAX, f32::min);
    let width = median(rows.iter().filter_map(letter_width));
    let line = |row: &Row| {
        let mut line: Vec<Letter> = Vec::new();
        for fragment in &row.fragments {
            let wanted = ((fragment.left - left) / width).round().max(0.0) as usize;
            let blanks = wanted.saturating_sub(line.len()).min(WIDEST_LINE);
            let blanks = if line.is_empty() { blanks } else { blanks.max(2) };
            line.extend(std::iter::repeat_n(
                Letter { letter: ' ', style: Style::default(), link: 0 },
                blanks,
            ));
            line.extend_from_slice(&fragment.letters);
        }
        line
    };
    rows.iter().map(line).collect()
}

/// `Installing . . . . . . 12`
fn has_leader(text: &str) -> bool {
    [". . . .", ".....", "……"].iter().any(|leader| text.contains(leader))
}

/// The line with its leader made short: four dots say as much as forty.
fn with_leader(letters: &[Letter]) -> Vec<Letter> {
    let is_dot = |letter: &Letter| matches!(letter.letter, '.' | '…' | ' ');
    let mut out: Vec<Letter> = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let run = letters[at..].iter().take_while(|letter| is_dot(letter)).count();
        let dots = letters[at..at + run].iter().filter(|letter| letter.letter != ' ').count();
        if dots >= 4 {
            let dot = |letter| Letter { letter, ..letters[at] };
            out.extend([dot(' '), dot('.'), dot('.'), dot('.'), dot('.'), dot(' ')]);
        } else {
            out.extend_from_slice(&letters[at..at + run]);
        }
        at += run;
        if at < letters.len() {
            out.push(letters[at]);
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::pdf::lines::fragments;
    use crate::ingest::pdf::lines::tests::typed;
    use crate::ingest::pdf::order::rows;

    fn read(lines: &[(&str, f32, f32)], style: Style) -> Vec<String> {
        let mut glyphs: Vec<_> = lines.iter().flat_map(|(text, x, y)| typed(text, *x, *y, 10.0)).collect();
        glyphs.iter_mut().for_each(|glyph| glyph.style = style);
        let rows = rows(fragments(&glyphs, &[]).into_iter().flatten().collect());
        let leaf = Leaf { extent: (600.0, 800.0), rows, ..Leaf::default() };
        let shown = |piece: &Piece| match piece {
            Piece::Paragraph(text) => format!("p {}", plain(text)),
            Piece::Item { number, text } => format!("li {} {}", number.unwrap_or(0), plain(text)),
            Piece::Code(code) => format!("code {code}"),
            Piece::Lines { lines, .. } => {
                format!("lines {}", lines.iter().map(|line| plain(line)).collect::<Vec<_>>().join("|"))
            }
            other => format!("{other:?}"),
        };
        pieces(&leaf, &Words::default()).iter().map(shown).collect()
    }

    #[test]
    fn paragraphs_end_where_a_reader_sees_it() {
        let lines = [
            ("first paragraph that fills its row", 0.0, 10.0),
            ("and goes on.", 0.0, 22.0),
            ("second paragraph, close below, is", 0.0, 34.0),
            ("longer than one row", 0.0, 46.0),
            ("third, further down", 0.0, 80.0),
        ];
        assert_eq!(
            read(&lines, Style::default()),
            [
                "p first paragraph that fills its row and goes on.",
                "p second paragraph, close below, is longer than one row",
                "p third, further down"
            ]
        );
    }

    #[test]
    fn items_and_leaders_are_kept_apart() {
        let lines = [
            ("• one item that", 0.0, 10.0),
            ("goes on", 10.0, 22.0),
            ("2. another", 0.0, 34.0),
            ("Chapter . . . . . . . . 12", 0.0, 46.0),
            ("Index ........ 99", 0.0, 58.0),
        ];
        assert_eq!(
            read(&lines, Style::default()),
            ["li 0 one item that goes on", "li 2 another", "lines Chapter .... 12|Index .... 99"]
        );
    }

    #[test]
    fn code_keeps_its_shape() {
        let lines = [("if x {", 0.0, 10.0), ("go();", 20.0, 22.0), ("}", 0.0, 34.0), ("end", 0.0, 58.0)];
        assert_eq!(read(&lines, Style::MONO), ["code if x {\n    go();\n}\n\nend"]);
    }

    #[test]
    fn columns_without_rules_stay_columns() {
        let lines = [("name", 0.0, 10.0), ("size", 100.0, 10.0), ("a", 0.0, 22.0), ("12", 100.0, 22.0)];
        assert_eq!(read(&lines, Style::default()), ["lines name                size|a                   12"]);
    }
}
