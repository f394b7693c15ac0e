//! Running heads and feet: what stands at the same height of many pages and says the same but for its numbers.
//!
//! They are shown and never indexed: a query for the manual's title would else find each of its pages. A text that
//! recurs is not enough, for tables and listings that begin pages do so too: it must run where rows of many pages do.
//! Where they run, a row is a running one whatever it says; so the title of a short chapter is caught.
//!
//! Some run on a few pages only: those of one chapter, or of a leaflet that was bound in. Those are told from a table's
//! head by where they stand: outermost on the page, at a height at which hardly anything stands that does not recur.

use std::collections::HashMap;

use super::Leaf;
use super::order::{Role, Row};

/// Rows at either end of a page that may be running ones.
const ENDS: usize = 3;

/// Parts of the page's height, from either edge, in which heads and feet run.
const MARGIN: f32 = 0.15;

/// Fewest pages on which a text must recur.
const FEWEST_PAGES: usize = 3;

/// Share of the pages on which rows must run at a height, for any row at that height to be one.
const USUAL_SHARE: f32 = 0.25;

/// Fewest pages on which one text must recur where few pages have a running row.
const FEWEST_LOCAL_PAGES: usize = 4;

/// Share of the pages with an outermost row at a height that must have a recurring one there, for few to be enough.
const LOCAL_SHARE: f32 = 0.75;

/// Heights are compared in steps of so many points.
const STEP: f32 = 4.0;

/// A row's height and what it says, without its numbers.
type Likeness = (i32, String);

/// Marks the running rows of all pages.
pub fn mark(leaves: &mut [Leaf]) {
    let mut alike: HashMap<Likeness, usize> = HashMap::new();
    for leaf in leaves.iter() {
        let mut own: Vec<Likeness> =
            candidates(leaf).into_iter().flat_map(|at| likenesses(&leaf.rows[at])).collect();
        own.sort();
        own.dedup();
        for likeness in own {
            *alike.entry(likeness).or_default() += 1;
        }
    }
    let recurs = |row: &Row, fewest: usize| {
        likenesses(row).iter().any(|likeness| alike.get(likeness).is_some_and(|pages| *pages >= fewest))
    };
    let runs = |row: &Row| recurs(row, FEWEST_PAGES);
    let mut heights: HashMap<i32, usize> = HashMap::new();
    for leaf in leaves.iter() {
        for at in candidates(leaf).into_iter().filter(|at| runs(&leaf.rows[*at])) {
            *heights.entry(height(&leaf.rows[at])).or_default() += 1;
        }
    }
    let usual = |row: &Row| {
        let pages: usize = (-1..=1).filter_map(|step| heights.get(&(height(row) + step))).sum();
        pages >= FEWEST_PAGES && pages as f32 >= USUAL_SHARE * leaves.len() as f32
    };
    // Pages by the height of their outermost rows, and how many of those rows recur.
    let mut outermost: HashMap<i32, (usize, usize)> = HashMap::new();
    for leaf in leaves.iter() {
        for at in outer(leaf) {
            let (all, recurring) = outermost.entry(height(&leaf.rows[at])).or_default();
            *all += 1;
            *recurring += usize::from(runs(&leaf.rows[at]));
        }
    }
    let local = |row: &Row| {
        let near = (-1..=1).filter_map(|step| outermost.get(&(height(row) + step)));
        let (all, recurring) = near.fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
        recurs(row, FEWEST_LOCAL_PAGES) && recurring as f32 >= LOCAL_SHARE * all as f32
    };
    let running: Vec<Vec<usize>> = leaves
        .iter()
        .map(|leaf| {
            let mut found = candidates(leaf);
            let outer = outer(leaf);
            found.retain(|at| usual(&leaf.rows[*at]) || outer.contains(at) && local(&leaf.rows[*at]));
            found
        })
        .collect();
    for (leaf, running) in leaves.iter_mut().zip(running) {
        for at in running {
            leaf.rows[at].role = Role::Running;
        }
    }
}

/// The rows near the upper and the lower edge.
fn candidates(leaf: &Leaf) -> Vec<usize> {
    let page = leaf.extent.1;
    let near = |at: &usize| {
        let row = &leaf.rows[*at];
        let y = row.y();
        row.role == Role::Text && row.table().is_none() && (y < MARGIN * page || y > (1.0 - MARGIN) * page)
    };
    let mut by_height: Vec<usize> = (0..leaf.rows.len()).collect();
    by_height.sort_by(|a, b| leaf.rows[*a].y().total_cmp(&leaf.rows[*b].y()));
    let ends = by_height.len().min(ENDS);
    let mut ends: Vec<usize> =
        by_height[..ends].iter().chain(&by_height[by_height.len() - ends..]).copied().filter(near).collect();
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// Of the candidates, the highest and the lowest row of the page.
fn outer(leaf: &Leaf) -> Vec<usize> {
    let heights = |a: &&usize, b: &&usize| leaf.rows[**a].y().total_cmp(&leaf.rows[**b].y());
    let all: Vec<usize> = (0..leaf.rows.len()).collect();
    let ends: Vec<usize> =
        all.iter().min_by(heights).into_iter().chain(all.iter().max_by(heights)).copied().collect();
    candidates(leaf).into_iter().filter(|at| ends.contains(at)).collect()
}

fn height(row: &Row) -> i32 {
    (row.y() / STEP).round() as i32
}

/// The row's own likeness, and its neighbour's at the height above and below, since heights are rounded.
fn likenesses(row: &Row) -> Vec<Likeness> {
    let text = masked(&row.text());
    let height = height(row);
    (height - 1..=height + 1).map(|height| (height, text.clone())).collect()
}

/// A text without its numbers, Roman ones included: `Chapter 3 · xii` → `chapter # · #`.
fn masked(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        let is_roman = word.len() < 8 && word.chars().all(|c| "ivxlc".contains(c.to_ascii_lowercase()));
        let mut masked: String = if is_roman { "#".to_owned() } else { word.to_lowercase() };
        if masked.contains(|c: char| c.is_ascii_digit()) {
            let mut digits = false;
            masked = masked
                .chars()
                .filter_map(|c| {
                    let was = std::mem::replace(&mut digits, c.is_ascii_digit());
                    if !digits { Some(c) } else { (!was).then_some('#') }
                })
                .collect();
        }
        out.push_str(&masked);
        out.push(' ');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::pdf::lines::fragments;
    use crate::ingest::pdf::lines::tests::typed;
    use crate::ingest::pdf::order::rows;

    fn leaf(lines: &[(&str, f32)]) -> Leaf {
        let glyphs: Vec<_> = lines.iter().flat_map(|(text, y)| typed(text, 10.0, *y, 10.0)).collect();
        let fragments = fragments(&glyphs, &[]).into_iter().flatten().collect();
        Leaf { extent: (600.0, 800.0), rows: rows(fragments), ..Leaf::default() }
    }

    #[test]
    fn heads_and_feet_are_set_aside_and_text_is_not() {
        let mut leaves: Vec<Leaf> = (1..9)
            .map(|page| {
                let head = if page < 7 { "Pump manual" } else { "Only here" };
                let body = ["alpha", "bravo", "charly", "delta", "echo", "fox", "golf", "hotel"][page - 1];
                let foot = format!("{page}");
                leaf(&[(head, 40.0), (body, 100.0), ("the same text in the middle", 400.0), (&foot, 770.0)])
            })
            .collect();
        mark(&mut leaves);
        for leaf in &leaves {
            let kept: Vec<String> =
                leaf.rows.iter().filter(|row| row.role == Role::Text).map(Row::text).collect();
            assert_eq!(kept.len(), 2, "{kept:?}");
            assert_eq!(kept[1], "the same text in the middle");
        }
    }

    /// What is left of 40 pages of which the first `some` begin with `head` at a height of 40, the others with text of
    /// their own at a height of `others`.
    fn left_of(some: usize, others: f32) -> Vec<String> {
        let mut leaves: Vec<Leaf> = (0..40)
            .map(|page| {
                // No lone letter: `c` and `i` count as Roman numbers.
                let own = format!("q{} own words", (b'a' + page as u8 % 26) as char).repeat(1 + page / 26);
                if page < some {
                    leaf(&[("Name Type", 40.0), (&own, 100.0)])
                } else {
                    leaf(&[(&own, others), ("more of it", 300.0)])
                }
            })
            .collect();
        mark(&mut leaves);
        let first = |leaf: &Leaf| leaf.rows.iter().find(|row| row.role == Role::Text).map(Row::text);
        leaves.iter().filter_map(first).collect()
    }

    #[test]
    fn the_head_of_one_chapter_is_found_and_that_of_a_table_is_not() {
        let heads = |first: &[String]| first.iter().filter(|text| *text == "Name Type").count();
        assert_eq!(heads(&left_of(6, 100.0)), 0, "above all text: it runs");
        assert_eq!(heads(&left_of(6, 40.0)), 6, "where other pages have text: a table that goes on");
        assert_eq!(heads(&left_of(3, 100.0)), 3, "too few to tell");
    }

    #[test]
    fn two_pages_have_nothing_that_runs() {
        let mut leaves = vec![leaf(&[("Same", 40.0)]), leaf(&[("Same", 40.0)])];
        mark(&mut leaves);
        assert!(leaves.iter().all(|leaf| leaf.rows[0].role == Role::Text));
    }

    #[test]
    fn numbers_are_masked() {
        assert_eq!(masked("Chapter 12 of 3.4"), "chapter # of #.# ");
        assert_eq!(masked("Preface xiv"), "preface # ");
    }
}
