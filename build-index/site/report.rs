//! The build report as a page: which documents the site has, what was odd about them, and what is not in it.

use maud::{Markup, html};

use super::layout::Page;
use super::shelves::counted;
use super::{Site, SiteFile};
use crate::document::{Note, Weight};
use crate::report::BuildReport;

/// The page's address.
const URL: &str = "build-report/";

/// Notes of one document shown; the file has them all.
const NOTES_SHOWN: usize = 20;

/// The page.
pub fn page(site: &Site<'_>, report: &BuildReport) -> SiteFile {
    let page = Page { description: "What was read and what was not.", ..Page::at(site, URL, "Build report") };
    let totals = report.totals;
    let main = html! {
        header.title {
            h1 { "Build report" }
            p.count {
                (counted(totals.documents, "document", "documents")) ", "
                (counted(totals.pages, "page", "pages")) ", "
                (counted(totals.chunks, "chunk", "chunks")) ", "
                (counted(totals.passages, "passage", "passages")) ", "
                (counted(totals.images, "picture", "pictures")) ". "
                (totals.lost) " lost, " (totals.doubtful) " doubtful, " (totals.left_out) " left out on purpose. "
                a href=(page.to(crate::report::FILE)) { "All of it as JSON" }
            }
        }
        article.text {
            (not_in_the_site(report))
            h2 { "Documents" }
            div.scroll role="group" aria-label="Documents" tabindex="0" {
                table {
                    thead { tr { th { "Document" } th { "Pages" } th { "Chunks" } th { "Passages" } th { "Pictures" } th { "Notes" } } }
                    tbody {
                        @for row in &report.documents {
                            tr {
                                td { a href=(page.to(&row.url)) { (row.title) } br; code { (row.source) } }
                                td { (row.pages) } td { (row.chunks) } td { (row.passages) } td { (row.images) }
                                td { (notes(&row.notes)) }
                            }
                        }
                    }
                }
            }
        }
    };
    SiteFile::page(URL, page.wrap("report", &main))
}

fn not_in_the_site(report: &BuildReport) -> Markup {
    let reasons = report.left_out();
    let rest = || report.files.iter().filter(|file| file.note.weight != Weight::LeftOut);
    html! {
        @if rest().next().is_some() {
            h2 { "Not in the site, or odd" }
            ul { @for file in rest() { li { code { (file.source) } ": " (file.note.text) } } }
        }
        @if !reasons.is_empty() {
            h2 { "Left out on purpose" }
            ul { @for (why, count) in &reasons { li { (count) " × " (why) } } }
        }
    }
}

fn notes(notes: &[Note]) -> Markup {
    html! {
        @if !notes.is_empty() {
            details {
                summary { (counted(notes.len(), "note", "notes")) }
                ul {
                    @for note in notes.iter().take(NOTES_SHOWN) {
                        li {
                            @if note.weight == Weight::Lost { strong { "lost: " } }
                            @if let Some(line) = note.line { "line " (line) ": " }
                            (note.text)
                        }
                    }
                    @if notes.len() > NOTES_SHOWN { li { "and " (notes.len() - NOTES_SHOWN) " more" } }
                }
            }
        }
    }
}
