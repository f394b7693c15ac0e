//! The build report: what was read of every document, what was left out, and why.
//!
//! It is told three times: as lines on the terminal, as `build-report.json` in the site, and as the site's page
//! `build-report/`. All three come from one value, so that they agree.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::document::{Note, Weight};
use crate::library::Library;
use crate::tree::Report;

/// The file's name in the site.
pub const FILE: &str = "build-report.json";

/// What came of a build.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BuildReport {
    /// The release of McDewey that built the site.
    pub generator: &'static str,
    /// Sums over all documents.
    pub totals: Totals,
    /// Every document that is in the site, in the library's order.
    pub documents: Vec<Row>,
    /// Files that are not in the site, and folders and files about which something else was odd.
    pub files: Vec<Report>,
}

/// Sums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Documents in the site.
    pub documents: usize,
    /// Their pages.
    pub pages: usize,
    /// Their chunks.
    pub chunks: usize,
    /// Their passages.
    pub passages: usize,
    /// Pictures that they show.
    pub images: usize,
    /// Notes of what is not in the site.
    pub lost: usize,
    /// Notes of what is doubtful.
    pub doubtful: usize,
    /// Files left out on purpose.
    pub left_out: usize,
}

/// What was read of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Path below the library's root.
    pub source: String,
    /// Its title.
    pub title: String,
    /// Its page, below the site's root.
    pub url: String,
    /// Pages.
    pub pages: usize,
    /// Chunks.
    pub chunks: usize,
    /// Passages.
    pub passages: usize,
    /// Pictures it shows.
    pub images: usize,
    /// What was lost or doubtful.
    pub notes: Vec<Note>,
}

impl BuildReport {
    /// The report on a library that was read.
    pub fn of(library: &Library) -> Self {
        let documents: Vec<Row> = library
            .entries
            .iter()
            .map(|entry| Row {
                source: entry.document.source.clone(),
                title: entry.document.title.clone(),
                url: entry.url.clone(),
                pages: entry.document.pages.len(),
                chunks: entry.chunks.len(),
                passages: entry.chunks.iter().map(|chunk| chunk.passages.len()).sum(),
                images: entry.document.pages.iter().map(|page| page.images.len()).sum(),
                notes: Vec::new(),
            })
            .collect();
        let mut report =
            Self { generator: concat!("mcdewey ", env!("CARGO_PKG_VERSION")), documents, ..Self::default() };
        let places: BTreeMap<String, usize> =
            report.documents.iter().enumerate().map(|(at, row)| (row.source.clone(), at)).collect();
        let totals = &mut report.totals;
        for row in &report.documents {
            totals.pages += row.pages;
            totals.chunks += row.chunks;
            totals.passages += row.passages;
            totals.images += row.images;
        }
        totals.documents = report.documents.len();
        for line in &library.reports {
            match line.note.weight {
                Weight::Lost => totals.lost += 1,
                Weight::Doubtful => totals.doubtful += 1,
                Weight::LeftOut => totals.left_out += 1,
            }
            match places.get(&line.source) {
                Some(&at) => report.documents[at].notes.push(line.note.clone()),
                None => report.files.push(line.clone()),
            }
        }
        report
    }

    /// Why files were left out on purpose, and how many for each reason; most first.
    pub fn left_out(&self) -> Vec<(String, usize)> {
        reasons(self.files.iter().map(|report| &report.note))
    }
}

/// The reasons of all notes about what was left out, counted; most first. Where a redirect leads is no part of it.
pub fn reasons<'a>(notes: impl Iterator<Item = &'a Note>) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for note in notes.filter(|note| note.weight == Weight::LeftOut) {
        let why = note.text.strip_prefix("left out: ").unwrap_or(&note.text);
        *counts.entry(why.split(", to ").next().unwrap_or(why)).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> =
        counts.into_iter().map(|(why, count)| (why.to_owned(), count)).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Page};
    use crate::library::Entry;

    #[test]
    fn notes_stand_with_their_documents_and_reasons_are_counted() {
        let note = |weight, text: &str| Note { weight, line: None, text: text.into() };
        let line = |source: &str, note| Report { source: source.into(), note };
        let document =
            Document { source: "a.html".into(), pages: vec![Page::default()], ..Document::default() };
        let entry = Entry { url: "a/".into(), document, ..Entry::default() };
        let library = Library {
            entries: vec![entry],
            reports: vec![
                line("a.html", note(Weight::Doubtful, "odd")),
                line("b.html", note(Weight::LeftOut, "left out: a redirect, to x")),
                line("c.html", note(Weight::LeftOut, "left out: a redirect, to y")),
                line("d.html", note(Weight::Lost, "not read")),
            ],
            ..Library::default()
        };
        let report = BuildReport::of(&library);
        let totals = report.totals;
        assert_eq!(
            (totals.documents, totals.pages, totals.lost, totals.doubtful, totals.left_out),
            (1, 1, 1, 1, 2)
        );
        assert_eq!(report.documents[0].notes[0].text, "odd");
        assert_eq!(report.files.len(), 3);
        assert_eq!(report.left_out(), [("a redirect".to_owned(), 2)]);
    }
}
