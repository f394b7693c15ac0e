//! Running heads and feet: what stands at the same height of many pages and says the same but for its numbers.
//!
//! They are shown and never indexed: a query for the manual's title would else find each of its pages. A text that
//! recurs is not enough, for tables and listings that begin pages do so too: it must run where rows of many pages do.
//! Where they run, a row is a running one whatever it says; so the title of a short chapter is caught.

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
    let runs = |row: &Row| {
        likenesses(row).iter().any(|likeness| alike.get(likeness).is_some_and(|pages| *pages >= FEWEST_PAGES))
    };
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
    let running: Vec<Vec<usize>> = leaves
        .iter()
        .map(|leaf| {
            let mut found = candidates(leaf);
            found.retain(|at| usual(&leaf.rows[*at]));
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
