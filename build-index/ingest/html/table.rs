//! `<table>`: cells as plain text, spans filled, or no table at all but a way to lay out a page.

use super::blocks::text_of;
use super::content::Content;
use super::dom::{N, attribute, each, heading_level, name, says};

/// Widest span that is believed.
const WIDEST: usize = 50;

/// Most cells that spans may add to a table. More is a mistake or an attack.
const FILLED: usize = 10_000;

/// Whether the table only arranges what is in it.
pub fn is_layout(table: N<'_>) -> bool {
    if says(table, "role", "presentation") || says(table, "role", "none") {
        return true;
    }
    let (mut heads, mut blocks, mut widest) = (false, false, 0);
    let mut titles = false;
    each(table, |node| {
        titles |= heading_level(node).is_some();
        heads |= name(node) == "th";
        blocks |= matches!(name(node), "table" | "pre" | "ul" | "ol" | "dl");
        if name(node) == "tr" {
            let cells = node.children().filter(|cell| matches!(name(*cell), "td" | "th")).count();
            widest = widest.max(cells);
        }
        true
    });
    titles || !heads && (widest <= 1 || blocks)
}

/// Caption, header and rows.
pub fn read(content: &Content<'_>, table: N<'_>) -> (String, Vec<String>, Vec<Vec<String>>) {
    let mut caption = String::new();
    let mut lines = Vec::new();
    each(table, |node| {
        match name(node) {
            "caption" => caption = text_of(content, node),
            "tr" => lines.push(node),
            _ => {}
        }
        // Rows of tables inside of a cell are the cell's text.
        !content.is_skipped(node) && !matches!(name(node), "tr" | "caption")
    });
    let mut header = Vec::new();
    let mut rows = Vec::new();
    // What hangs down into a column, and for how many rows.
    let mut hanging: Vec<(usize, String)> = Vec::new();
    let mut filled = 0;
    for line in lines {
        let mut row: Vec<String> = Vec::new();
        let mut all_heads = true;
        let hang = |row: &mut Vec<String>, hanging: &mut Vec<(usize, String)>, filled: &mut usize| {
            while let Some((rest, text)) = hanging.get_mut(row.len()).filter(|(rest, _)| *rest > 0)
                && *filled < FILLED
            {
                *rest -= 1;
                *filled += 1;
                row.push(text.clone());
            }
        };
        for cell in
            line.children().filter(|cell| matches!(name(*cell), "td" | "th") && !content.is_skipped(*cell))
        {
            hang(&mut row, &mut hanging, &mut filled);
            all_heads &= name(cell) == "th";
            let span = |key: &str| {
                attribute(cell, key).and_then(|span| span.trim().parse::<usize>().ok()).unwrap_or(1)
            };
            let (wide, high) = (span("colspan").clamp(1, WIDEST), span("rowspan").max(1));
            let text = text_of(content, cell);
            if high > 1 {
                hanging.resize(hanging.len().max(row.len() + 1), (0, String::new()));
                hanging[row.len()] = (high - 1, text.clone());
            }
            row.push(text);
            for _ in 1..wide {
                if filled < FILLED {
                    filled += 1;
                    row.push(String::new());
                }
            }
        }
        hang(&mut row, &mut hanging, &mut filled);
        if row.iter().all(String::is_empty) {
            continue;
        }
        if all_heads && header.is_empty() && rows.is_empty() {
            header = row;
        } else {
            rows.push(row);
        }
    }
    (caption, header, rows)
}
