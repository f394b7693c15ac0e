//! The build report as a page: which documents the site has, what was odd about them, and what is not in it.

use maud::{Markup, html};

use super::layout::Page;
use super::{Site, SiteFile};
use crate::document::{Note, Weight};
use crate::report::BuildReport;
use crate::texts::{Texts, fill};

/// The page's address.
const URL: &str = "build-report/";

/// Notes of one document shown; the file has them all.
const NOTES_SHOWN: usize = 20;

/// The page.
pub fn page(site: &Site<'_>, report: &BuildReport) -> SiteFile {
    let texts = &site.texts.pages.report;
    let page = Page { description: &texts.description, ..Page::at(site, URL, &texts.title) };
    let main = html! {
        header.title {
            h1 { (texts.title) }
            p.count { (totals(site.texts, report)) " " a href=(page.to(crate::report::FILE)) { (texts.as_json) } }
        }
        article.text {
            (not_in_the_site(site.texts, report))
            h2 { (texts.documents) }
            div.scroll role="group" aria-label=(texts.documents) tabindex="0" {
                table {
                    thead {
                        tr {
                            th { (texts.document) } th { (texts.pages) } th { (texts.chunks) }
                            th { (texts.passages) } th { (texts.pictures) } th { (texts.notes) }
                        }
                    }
                    tbody {
                        @for row in &report.documents {
                            tr {
                                td { a href=(page.to(&row.url)) { (row.title) } br; code { (row.source) } }
                                td { (row.pages) } td { (row.chunks) } td { (row.passages) } td { (row.images) }
                                td { (notes(site.texts, &row.notes)) }
                            }
                        }
                    }
                }
            }
        }
    };
    SiteFile::page(URL, page.wrap("report", &main))
}

fn totals(texts: &Texts, report: &BuildReport) -> String {
    let (counts, totals) = (&texts.pages.counts, report.totals);
    fill(
        &texts.pages.report.totals,
        &[
            ("documents", &texts.counted(&counts.documents, totals.documents)),
            ("pages", &texts.counted(&counts.pages, totals.pages)),
            ("chunks", &texts.counted(&counts.chunks, totals.chunks)),
            ("passages", &texts.counted(&counts.passages, totals.passages)),
            ("pictures", &texts.counted(&counts.pictures, totals.images)),
            ("lost", &texts.number(totals.lost)),
            ("doubtful", &texts.number(totals.doubtful)),
            ("left_out", &texts.number(totals.left_out)),
        ],
    )
}

fn not_in_the_site(texts: &Texts, report: &BuildReport) -> Markup {
    let reasons = report.left_out();
    let rest = || report.files.iter().filter(|file| file.note.weight != Weight::LeftOut);
    let texts = &texts.pages.report;
    html! {
        @if rest().next().is_some() {
            h2 { (texts.odd) }
            ul { @for file in rest() { li { code { (file.source) } ": " span lang="en" { (file.note.text) } } } }
        }
        @if !reasons.is_empty() {
            h2 { (texts.left_out) }
            ul { @for (why, count) in &reasons { li { (count) " × " span lang="en" { (why) } } } }
        }
    }
}

fn notes(all: &Texts, notes: &[Note]) -> Markup {
    let texts = &all.pages.report;
    html! {
        @if !notes.is_empty() {
            details {
                summary { (all.counted(&all.pages.counts.notes, notes.len())) }
                ul {
                    @for note in notes.iter().take(NOTES_SHOWN) {
                        li {
                            @if note.weight == Weight::Lost { strong { (texts.lost) ": " } }
                            @if let Some(line) = note.line { (fill(&texts.line, &[("n", &line)])) ": " }
                            span lang="en" { (note.text) }
                        }
                    }
                    @if notes.len() > NOTES_SHOWN {
                        li { (fill(&texts.more, &[("n", &(notes.len() - NOTES_SHOWN))])) }
                    }
                }
            }
        }
    }
}
