//! Fragments → rows in reading order, by cutting the page where it is empty (recursive XY-cut).
//!
//! ```text
//! ┌───────────────┐      a gutter from top to bottom with lines enough on both sides: columns, left one first
//! │     title     │ ◄─┐
//! ├───────┬───────┤   └─ else the widest empty band across: what is above, then what is below
//! │ left  │ right │
//! └───────┴───────┘      else: rows from top to bottom
//! ```

use super::lines::{Fragment, Letter, lines};

/// Fewest lines on each side of a gutter. Fewer are cells of a table or a label beside its text.
const COLUMN_LINES: usize = 4;

/// How much of its column the median line must fill. Columns of text are full, columns of a table ragged.
const COLUMN_FILL: f32 = 0.45;

/// Narrowest column, as a share of what is cut.
const COLUMN_SHARE: f32 = 0.2;

/// Narrowest gutter and narrowest band, in ems.
const GUTTER: f32 = 0.9;
const BAND: f32 = 0.55;

/// Deepest cut: more than the paragraphs of any page, less than the stack holds.
const DEEPEST: u32 = 200;

/// What a row is for the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Role {
    /// Text of the page.
    #[default]
    Text,
    /// A running head or foot: shown, never indexed.
    Running,
    /// The first row of a heading.
    Heading {
        /// Its level, from 1.
        level: u8,
        /// What it says, all its rows together.
        title: String,
        /// Which of the document's headings it is, for its anchor.
        number: usize,
    },
    /// A further row of the heading above.
    HeadingGoesOn,
}

/// Fragments on one line of a column, from left to right.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// At least one, unless the row is a heading that the page itself does not show.
    pub fragments: Vec<Fragment>,
    /// Left and right end of its column.
    pub column: (f32, f32),
    /// What it is.
    pub role: Role,
}

impl Row {
    /// Where it begins.
    pub fn left(&self) -> f32 {
        self.fragments.iter().map(|fragment| fragment.left).fold(f32::MAX, f32::min)
    }

    /// Where it ends.
    pub fn right(&self) -> f32 {
        self.fragments.iter().map(|fragment| fragment.right).fold(f32::MIN, f32::max)
    }

    /// Its baseline: that of its longest fragment.
    pub fn y(&self) -> f32 {
        self.main().map_or(0.0, |fragment| fragment.y)
    }

    /// Its font's height: that of its longest fragment.
    pub fn size(&self) -> f32 {
        self.main().map_or(0.0, |fragment| fragment.size)
    }

    fn main(&self) -> Option<&Fragment> {
        // The first of the longest.
        self.fragments.iter().rev().max_by_key(|fragment| fragment.letters.len())
    }

    /// The table that the row is.
    pub fn table(&self) -> Option<usize> {
        self.fragments.first()?.table
    }

    /// All it says, with a blank between fragments.
    pub fn letters(&self) -> Vec<Letter> {
        let mut out: Vec<Letter> = Vec::new();
        for fragment in &self.fragments {
            if let (Some(before), Some(after)) = (out.last(), fragment.letters.first()) {
                out.push(before.blank_before(*after));
            }
            out.extend_from_slice(&fragment.letters);
        }
        out
    }

    /// The same without looks and links.
    pub fn text(&self) -> String {
        super::lines::plain(&self.letters())
    }
}

/// The rows of fragments that have one direction.
pub fn rows(fragments: Vec<Fragment>) -> Vec<Row> {
    let mut rows = Vec::new();
    let column = extent(&fragments);
    cut(fragments, column, 0, &mut rows);
    rows
}

fn cut(fragments: Vec<Fragment>, column: (f32, f32), depth: u32, rows: &mut Vec<Row>) {
    let em = median(fragments.iter().map(|fragment| fragment.size));
    if depth < DEEPEST
        && fragments.len() >= 2 * COLUMN_LINES
        && let Some(gutter) = gutter(&fragments, em)
    {
        let (left, right): (Vec<_>, Vec<_>) =
            fragments.into_iter().partition(|fragment| fragment.right <= gutter);
        for side in [left, right] {
            let column = extent(&side);
            cut(side, column, depth + 1, rows);
        }
        return;
    }
    if depth < DEEPEST
        && fragments.len() > COLUMN_LINES
        && let Some(band) = band(&fragments, em)
    {
        let (above, below): (Vec<_>, Vec<_>) = fragments.into_iter().partition(|fragment| fragment.y < band);
        cut(above, column, depth + 1, rows);
        cut(below, column, depth + 1, rows);
        return;
    }
    rows.extend(in_lines(fragments, column));
}

/// The rows of one column.
fn in_lines(mut fragments: Vec<Fragment>, column: (f32, f32)) -> impl Iterator<Item = Row> {
    fragments.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.left.total_cmp(&b.left)));
    lines(fragments).into_iter().map(move |mut fragments| {
        fragments.sort_by(|a, b| a.left.total_cmp(&b.left));
        Row { fragments, column, role: Role::Text }
    })
}

fn extent(fragments: &[Fragment]) -> (f32, f32) {
    let left = fragments.iter().map(|fragment| fragment.left).fold(f32::MAX, f32::min);
    let right = fragments.iter().map(|fragment| fragment.right).fold(f32::MIN, f32::max);
    (left, right)
}

/// The middle of the widest gutter that separates columns.
fn gutter(fragments: &[Fragment], em: f32) -> Option<f32> {
    let mut spans: Vec<(f32, f32)> =
        fragments.iter().map(|fragment| (fragment.left, fragment.right)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut best: Option<(f32, f32)> = None;
    let mut end = spans.first()?.1;
    for (left, right) in spans {
        let gap = left - end;
        let middle = f32::midpoint(left, end);
        if gap > GUTTER * em && best.is_none_or(|(width, _)| gap > width) && separates(fragments, middle) {
            best = Some((gap, middle));
        }
        end = end.max(right);
    }
    best.map(|(_, middle)| middle)
}

fn separates(fragments: &[Fragment], middle: f32) -> bool {
    let (left, right): (Vec<_>, Vec<_>) = fragments.iter().partition(|fragment| fragment.right <= middle);
    let (from, to) = extent(fragments);
    [left, right].iter().all(|side| {
        let (first, last) = side.iter().fold((f32::MAX, f32::MIN), |(first, last), fragment| {
            (first.min(fragment.left), last.max(fragment.right))
        });
        let width = last - first;
        let fill = median(side.iter().map(|fragment| fragment.right - fragment.left));
        distinct_lines(side) >= COLUMN_LINES
            && width > COLUMN_SHARE * (to - from)
            && fill > COLUMN_FILL * width
    })
}

fn distinct_lines(side: &[&Fragment]) -> usize {
    let mut ys: Vec<f32> = side.iter().map(|fragment| fragment.y).collect();
    ys.sort_by(f32::total_cmp);
    ys.dedup_by(|a, b| (*a - *b).abs() < 2.0);
    ys.len()
}

/// The middle of the widest empty band across.
fn band(fragments: &[Fragment], em: f32) -> Option<f32> {
    let mut spans: Vec<(f32, f32)> =
        fragments.iter().map(|fragment| (fragment.top, fragment.bottom)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut best: Option<(f32, f32)> = None;
    let mut end = spans.first()?.1;
    for (top, bottom) in spans {
        let gap = top - end;
        if gap > BAND * em && best.is_none_or(|(width, _)| gap > width) {
            best = Some((gap, f32::midpoint(top, end)));
        }
        end = end.max(bottom);
    }
    best.map(|(_, middle)| middle)
}

/// The middle value, 10 where there is none.
pub fn median(values: impl Iterator<Item = f32>) -> f32 {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(10.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::pdf::lines::fragments;
    use crate::ingest::pdf::lines::tests::typed;

    fn read(lines: &[(&str, f32, f32)]) -> Vec<String> {
        let glyphs: Vec<_> = lines.iter().flat_map(|(text, x, y)| typed(text, *x, *y, 10.0)).collect();
        let fragments = fragments(&glyphs, &[]).into_iter().next().unwrap();
        rows(fragments).iter().map(Row::text).collect()
    }

    #[test]
    fn columns_are_read_one_after_the_other() {
        let mut lines = vec![("a title that is as wide as the page is", 0.0, 10.0)];
        let at = |line: usize| 40.0 + 12.0 * line as f32;
        for (line, (left, right)) in [
            ("one is text", "five is text"),
            ("two is text", "six is text"),
            ("three is text", "seven is"),
            ("four is text", "eight is text"),
        ]
        .into_iter()
        .enumerate()
        {
            lines.push((left, 0.0, at(line)));
            lines.push((right, 110.0, at(line)));
        }
        let firsts: Vec<String> =
            read(&lines).iter().map(|row| row.split(' ').next().unwrap().to_owned()).collect();
        assert_eq!(firsts, ["a", "one", "two", "three", "four", "five", "six", "seven", "eight"]);
    }

    #[test]
    fn a_table_without_rules_is_read_by_rows() {
        let mut lines = Vec::new();
        for line in 0..6 {
            let y = 12.0 * line as f32;
            lines.push((if line == 2 { "a long one" } else { "-x" }, 0.0, y));
            lines.push((if line == 3 { "a description that is long" } else { "is short" }, 90.0, y));
        }
        let rows = read(&lines);
        assert_eq!(rows.len(), 6);
        assert_eq!(rows[0], "-x is short");
    }

    #[test]
    fn rows_far_apart_stay_in_order() {
        let rows =
            read(&[("one", 0.0, 10.0), ("two", 50.0, 200.0), ("three", 0.0, 300.0), ("four", 0.0, 312.0)]);
        assert_eq!(rows, ["one", "two", "three", "four"]);
    }
}
