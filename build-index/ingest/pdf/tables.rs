//! Ruled grids → tables. Only rules make a table: columns guessed from gaps turn every form and every listing into one.
//!
//! ```text
//! ├──────┼──────┤   rules that touch form a grid; its distinct xs and ys are columns and rows;
//! │ a    │ b    │   a fragment belongs to the cell in which its middle lies
//! ├──────┼──────┤
//! ```

use super::lines::{Fragment, Letter, lines};
use super::marks::{Area, Rule, Style};
use super::order::{Role, Row};
use super::words::Words;

/// Rules that miss each other by less, in points, touch; lines closer than this are one.
const TOUCH: f32 = 3.0;

/// More rules than this are a drawing or a form of a thousand boxes, for which grids are not looked for.
const MOST_RULES: usize = 4_000;

/// A cell with more text than this, in characters, is a frame around text.
const FULLEST_CELL: usize = 1_500;

/// Most rows and columns together of one grid.
const MOST_LINES: usize = 2_000;

/// Fewest rules of a table that is ruled between its rows only: above and below its head, and at its end.
const FEWEST_ROW_RULES: usize = 3;

/// Highest head of such a table, in points.
const HIGHEST_HEAD: f32 = 60.0;

/// A table as it stands on the page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Cells by rows, each with its lines.
    pub cells: Vec<Vec<Vec<Row>>>,
    /// Whether the first row holds the columns' heads.
    pub headed: bool,
}

impl Table {
    /// The text of each cell, by rows.
    pub fn texts(&self, words: &Words) -> Vec<Vec<Vec<Letter>>> {
        self.cells.iter().map(|row| row.iter().map(|cell| words.join(cell)).collect()).collect()
    }
}

/// Takes the fragments that stand in grids out of `fragments`; each table leaves one in their place.
pub fn take(fragments: &mut Vec<Fragment>, rules: &[Rule]) -> Vec<Table> {
    let mut tables = Vec::new();
    for grid in grids(rules) {
        let area = grid.area();
        let middle = |fragment: &Fragment| {
            (f32::midpoint(fragment.left, fragment.right), f32::midpoint(fragment.top, fragment.bottom))
        };
        let inside = |fragment: &Fragment| {
            let (x, y) = middle(fragment);
            fragment.table.is_none() && area.holds(x, y)
        };
        let held: Vec<Fragment> = fragments.iter().filter(|fragment| inside(fragment)).cloned().collect();
        let Some(table) = grid.filled(held) else { continue };
        let size = super::order::median(fragments.iter().map(|fragment| fragment.size));
        fragments.retain(|fragment| !inside(fragment));
        fragments.push(Fragment {
            left: area.left,
            right: area.right,
            top: area.top,
            bottom: area.bottom,
            y: f32::midpoint(area.top, area.bottom),
            size,
            letters: Vec::new(),
            table: Some(tables.len()),
        });
        tables.push(table);
    }
    tables
}

/// Whether there is a table that [`take`] leaves as lines of text: its columns are not ruled, or it has too many lines.
///
/// Of a table that is ruled between its rows, the first two rules are as long as the others and hold its head, which
/// has two columns at least. The rules around running heads and notes are no such rules.
pub fn leaves_one(fragments: &[Fragment], rules: &[Rule]) -> bool {
    if rules.len() > MOST_RULES {
        return true;
    }
    let (lying, standing): (Vec<&Rule>, Vec<&Rule>) = rules.iter().partition(|rule| rule.lies);
    let mut lone: Vec<&Rule> =
        lying.into_iter().filter(|lies| !standing.iter().any(|stands| touches(lies, stands))).collect();
    lone.sort_by(|a, b| a.at.total_cmp(&b.at));
    let alike = |a: &Rule, b: &Rule| (a.from - b.from).abs() < TOUCH && (a.to - b.to).abs() < TOUCH;
    lone.iter().enumerate().any(|(at, first)| {
        let below: Vec<&&Rule> =
            lone[at + 1..].iter().filter(|rule| alike(first, rule) && rule.at - first.at > TOUCH).collect();
        let Some(second) = below.first() else { return false };
        let in_head = |fragment: &&Fragment| {
            let (x, y) = (f32::midpoint(fragment.left, fragment.right), fragment.y);
            (first.from..=first.to).contains(&x) && (first.at..=second.at).contains(&y)
        };
        below.len() + 1 >= FEWEST_ROW_RULES
            && second.at - first.at <= HIGHEST_HEAD
            && fragments.iter().filter(in_head).count() >= 2
    })
}

/// The lines of a grid.
#[derive(Debug, PartialEq)]
struct Grid {
    xs: Vec<f32>,
    ys: Vec<f32>,
}

impl Grid {
    fn area(&self) -> Area {
        let ends =
            |lines: &[f32]| (lines.first().copied().unwrap_or(0.0), lines.last().copied().unwrap_or(0.0));
        let ((left, right), (top, bottom)) = (ends(&self.xs), ends(&self.ys));
        Area { left, top, right, bottom }
    }

    /// The table with these fragments in its cells; `None` if it is rather a frame or a drawing.
    fn filled(&self, fragments: Vec<Fragment>) -> Option<Table> {
        let (rows, columns) = (self.ys.len() - 1, self.xs.len() - 1);
        let mut cells: Vec<Vec<Vec<Fragment>>> = vec![vec![Vec::new(); columns]; rows];
        for fragment in fragments {
            let x = f32::midpoint(fragment.left, fragment.right);
            let y = f32::midpoint(fragment.top, fragment.bottom);
            let column = self.xs.partition_point(|line| *line <= x).clamp(1, columns) - 1;
            let row = self.ys.partition_point(|line| *line <= y).clamp(1, rows) - 1;
            cells[row][column].push(fragment);
        }
        let is_empty = |cell: &Vec<Fragment>| cell.is_empty();
        cells.retain(|row| !row.iter().all(is_empty));
        let used: Vec<bool> =
            (0..columns).map(|column| cells.iter().any(|row| !is_empty(&row[column]))).collect();
        for row in &mut cells {
            let mut column = 0;
            row.retain(|_| {
                column += 1;
                used[column - 1]
            });
        }
        let count = |cell: &Vec<Fragment>| cell.iter().map(|fragment| fragment.letters.len()).sum::<usize>();
        let full = cells.iter().flatten().any(|cell| count(cell) > FULLEST_CELL);
        let columns = used.iter().filter(|used| **used).count();
        if cells.len() < 2 || columns < 2 || full {
            return None;
        }
        let mut first = cells[0].iter().flatten().flat_map(|fragment| &fragment.letters).peekable();
        let headed = first.peek().is_some() && first.all(|letter| letter.style.has(Style::BOLD));
        let cells = cells.into_iter().map(|row| row.into_iter().map(in_rows).collect()).collect();
        Some(Table { cells, headed })
    }
}

/// The lines of one cell.
fn in_rows(mut fragments: Vec<Fragment>) -> Vec<Row> {
    fragments.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.left.total_cmp(&b.left)));
    let row = |mut fragments: Vec<Fragment>| {
        fragments.sort_by(|a, b| a.left.total_cmp(&b.left));
        Row { fragments, column: (0.0, 0.0), role: Role::Text }
    };
    lines(fragments).into_iter().map(row).collect()
}

/// The grids that rules form: at least two rows and two columns.
fn grids(rules: &[Rule]) -> Vec<Grid> {
    if rules.len() > MOST_RULES {
        return Vec::new();
    }
    let (lying, standing): (Vec<&Rule>, Vec<&Rule>) = rules.iter().partition(|rule| rule.lies);
    let mut groups = Groups::of(rules.len());
    for (a, lies) in lying.iter().enumerate() {
        for (b, stands) in standing.iter().enumerate() {
            if touches(lies, stands) {
                groups.join(a, lying.len() + b);
            }
        }
    }
    let mut found: std::collections::BTreeMap<usize, (Vec<f32>, Vec<f32>)> =
        std::collections::BTreeMap::new();
    for (at, rule) in lying.iter().chain(&standing).enumerate() {
        let (xs, ys) = found.entry(groups.root(at)).or_default();
        if rule.lies { ys.push(rule.at) } else { xs.push(rule.at) }
    }
    let mut grids: Vec<Grid> = found
        .into_values()
        .map(|(xs, ys)| Grid { xs: distinct(xs), ys: distinct(ys) })
        .filter(|grid| grid.xs.len() > 2 && grid.ys.len() > 2 && grid.xs.len() + grid.ys.len() <= MOST_LINES)
        .collect();
    grids.sort_by(|a, b| a.ys[0].total_cmp(&b.ys[0]).then(a.xs[0].total_cmp(&b.xs[0])));
    grids
}

fn touches(lies: &Rule, stands: &Rule) -> bool {
    (lies.from - TOUCH..=lies.to + TOUCH).contains(&stands.at)
        && (stands.from - TOUCH..=stands.to + TOUCH).contains(&lies.at)
}

/// Sorted, with lines that are nearly the same taken as one.
fn distinct(mut lines: Vec<f32>) -> Vec<f32> {
    lines.sort_by(f32::total_cmp);
    lines.dedup_by(|a, b| (*a - *b).abs() < TOUCH);
    lines
}

/// Which rules belong together (union-find).
struct Groups(Vec<usize>);

impl Groups {
    fn of(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::pdf::lines::tests::typed;
    use crate::ingest::pdf::lines::{fragments, plain};

    fn grid(xs: &[f32], ys: &[f32]) -> Vec<Rule> {
        let (left, right) = (xs[0], xs[xs.len() - 1]);
        let (top, bottom) = (ys[0], ys[ys.len() - 1]);
        let lying = ys.iter().map(|y| Rule { lies: true, at: *y, from: left, to: right });
        let standing = xs.iter().map(|x| Rule { lies: false, at: *x, from: top, to: bottom });
        lying.chain(standing).collect()
    }

    #[test]
    fn a_grid_holds_its_text() {
        let rules = grid(&[0.0, 100.0, 200.0], &[0.0, 20.0, 60.0]);
        let mut glyphs = typed("name", 5.0, 15.0, 10.0);
        glyphs.extend(typed("value", 105.0, 15.0, 10.0));
        glyphs.extend(typed("one", 5.0, 35.0, 10.0));
        glyphs.extend(typed("two", 5.0, 50.0, 10.0));
        glyphs.extend(typed("3", 105.0, 35.0, 10.0));
        glyphs.extend(typed("outside", 5.0, 90.0, 10.0));
        let mut all = fragments(&glyphs, &rules).into_iter().flatten().collect();
        let tables = take(&mut all, &rules);
        let texts: Vec<Vec<String>> = tables[0]
            .texts(&Words::default())
            .iter()
            .map(|row| row.iter().map(|cell| plain(cell)).collect())
            .collect();
        assert_eq!(texts, [["name", "value"], ["one two", "3"]]);
        assert_eq!(all.len(), 2);
        assert_eq!(all.iter().filter(|fragment| fragment.table == Some(0)).count(), 1);
    }

    #[test]
    fn a_table_without_ruled_columns_is_told_of() {
        let rule = |at: f32| Rule { lies: true, at, from: 0.0, to: 300.0 };
        let mut glyphs = typed("name", 5.0, 35.0, 10.0);
        let told = |glyphs: &[super::super::marks::Glyph], rules: &[Rule]| {
            leaves_one(&fragments(glyphs, rules).into_iter().flatten().collect::<Vec<_>>(), rules)
        };
        let rules = [20.0, 40.0, 200.0].map(rule);
        assert!(!told(&glyphs, &rules), "one column is no table");
        glyphs.extend(typed("value", 205.0, 35.0, 10.0));
        assert!(told(&glyphs, &rules));
        assert!(!told(&glyphs, &rules[..2]), "a running head between two rules");
        assert!(!told(&glyphs, &[20.0, 400.0, 700.0].map(rule)), "rules around a page's text");
    }

    #[test]
    fn frames_and_single_rules_are_no_tables() {
        for rules in [grid(&[0.0, 200.0], &[0.0, 50.0]), grid(&[0.0, 200.0], &[0.0, 50.0, 70.0]), Vec::new()]
        {
            let mut all = fragments(&typed("text", 10.0, 20.0, 10.0), &rules).into_iter().flatten().collect();
            assert!(take(&mut all, &rules).is_empty());
            assert_eq!(all.len(), 1);
        }
    }
}
