//! A manual: its outline and its pages on one address, so that `#page-128` is a permalink and the browser's own
//! find-in-page sees everything. The style sheet lets the browser skip what is out of sight, and a manual that is too
//! long for one file goes on in others (`parts.rs`).

use maud::{Markup, html};
use serde_json::{Value, json};

use super::layout::{Page, absolute, breadcrumb, scope_name};
use super::leaves::{leaf_id, leaves, starts_with_title};
use super::listing::level_at;
use super::parts::Parts;
use super::shelves::Shelves;
use super::{Manual, Put, Site, SiteFile, Told, bodies, markdown, moved};
use crate::document::Document;

/// An outline longer than this keeps only the levels that fit: past it nobody reads it, they search.
const OUTLINE_ENTRIES: usize = 400;

/// The manual's page, and one for each further part.
pub(super) fn pages(told: &Told<'_>, put: Put<'_>) -> Result<(), String> {
    let url = |part| format!("{}{}", told.manual.url, Parts::address(part));
    (0..told.parts.count()).try_for_each(|part| put(SiteFile::page(&url(part), page(told, part))))
}

fn page(told: &Told<'_>, part: usize) -> Markup {
    let &Told { site, shelves, at, manual, parts, bodies } = told;
    let document = manual.document;
    let texts = &site.texts.pages.manual;
    let (product, version) = shelves.place(at);
    let summary = summary(manual);
    let url = format!("{}{}", manual.url, Parts::address(part));
    let title = if part == 0 { document.title.clone() } else { parts.name(part, &texts.in_part) };
    let page = Page {
        description: &summary,
        language: document.language.as_deref().unwrap_or(site.language),
        scope: Some((scope_name(manual.vendor, manual.product), manual.version)),
        canonical: document.canonical.as_deref(),
        markdown: Some(markdown::path(manual.url)),
        structured: Some(structured(site, manual, &title, &url)),
        ..Page::at(site, &url, &title)
    };
    let mut trail = vec![(product.name, product.url.as_str()), (version.name, version.url.as_str())];
    trail.retain(|(name, url)| !name.is_empty() && *url != manual.url);
    let here = if part == 0 { document.title.clone() } else { parts.name(part, &texts.pages_from_to) };
    if part > 0 {
        trail.push((&document.title, manual.url));
    }
    let outline = outline(document, parts, part);
    let shown = parts.range(part).map(|n| (&document.pages[n], parts.body(part, &bodies[n])));
    let shown: Vec<_> = shown.collect();
    let permanent = if part == 0 { "" } else { "../" };
    let main = html! {
        (breadcrumb(&page, &trail, &here))
        div.manual {
            @if outline.len() > 1 { (contents(&page, &outline)) }
            article.text {
                header.title {
                    p.over { @if let Some(vendor) = manual.vendor { (vendor) " " } (product.name) " " (version.name) }
                    @if document.paged || !starts_with_title(document) { h1 { (title) } }
                    @if document.paged && part == 0 {
                        p.count { (site.texts.counted(&site.texts.pages.counts.pages, document.pages.len())) }
                    }
                    @if part == 0 { (other_versions(&page, shelves, at)) }
                }
                @if part == 0 { (moved::notices(site, manual)) }
                (leaves(&page, shelves, manual, &shown, 0, permanent))
                @if part == 0 {
                    (parts.rest(site.texts))
                    @if let Some(list) = level_at(&page, shelves, product, manual.url) { (list) }
                }
                @if parts.count() > 1 { (next_parts(&page, parts, manual, part)) }
                @if part == 0 {
                    (neighbours(&page, shelves, at))
                    p.also { a href="index.md" { (texts.as_markdown) } }
                }
            }
        }
    };
    page.wrap("reading", &main)
}

/// The ways to the parts before and after.
fn next_parts(page: &Page<'_>, parts: &Parts<'_>, manual: &Manual<'_>, part: usize) -> Markup {
    let texts = &page.site.texts.pages.manual;
    let href = |part: usize| page.to(&format!("{}{}", manual.url, Parts::address(part)));
    html! {
        nav.neighbours aria-label=(texts.neighbouring_parts) {
            @if let Some(before) = part.checked_sub(1) {
                a.before rel="prev" href=(href(before)) { span { (texts.previous) } (parts.name(before, &texts.pages_from_to)) }
            }
            @if part + 1 < parts.count() {
                a.after rel="next" href=(href(part + 1)) { span { (texts.next) } (parts.name(part + 1, &texts.pages_from_to)) }
            }
        }
    }
}

/// The first words of the manual, as its description.
fn summary(manual: &Manual<'_>) -> String {
    let words = manual.chunks.first().map_or("", |chunk| chunk.text.as_str());
    let start: Vec<&str> = words.split_whitespace().take(30).collect();
    let place = format!("{} {}", manual.product, manual.version);
    format!("{}: {}", place.trim_end(), start.join(" "))
}

/// What a page of a manual is about, as schema.org tells it.
pub(super) fn structured(site: &Site<'_>, manual: &Manual<'_>, title: &str, url: &str) -> Value {
    let mut about = json!({
        "@context": "https://schema.org",
        "@type": "TechArticle",
        "headline": title,
        "inLanguage": manual.document.language.as_deref().unwrap_or(site.language),
        "about": { "@type": "Product", "name": manual.product },
        "isPartOf": { "@type": "WebSite", "name": site.name },
    });
    if !manual.version.is_empty() {
        about["version"] = manual.version.into();
    }
    if let Some(vendor) = manual.vendor {
        about["about"]["brand"] = json!({ "@type": "Brand", "name": vendor });
    }
    if let Some(public) = site.public_url {
        about["url"] = absolute(public, url).into();
        about["isPartOf"]["url"] = absolute(public, "").into();
    }
    about
}

/// A line of the outline.
struct Entry<'a> {
    level: u8,
    title: &'a str,
    href: String,
    page: Option<u32>,
}

/// The outline of a part; of the first, of the whole manual.
fn outline<'a>(document: &'a Document, parts: &Parts<'_>, part: usize) -> Vec<Entry<'a>> {
    let mut entries = Vec::new();
    let of = if part == 0 { 0..parts.count() } else { part..part + 1 };
    for (one, n) in of.flat_map(|one| parts.range(one).map(move |n| (one, n))) {
        let leaf = &document.pages[n];
        for section in leaf.sections.iter().filter(|section| section.level > 0) {
            let Some(title) = section.path.last() else { continue };
            let address = if one == part { String::new() } else { Parts::address(one) };
            let id = if section.anchor.is_empty() { leaf_id(leaf.number) } else { section.anchor.clone() };
            let page = document.paged.then_some(leaf.number);
            entries.push(Entry { level: section.level, title, href: format!("{address}#{id}"), page });
        }
    }
    let mut deepest = 6;
    while deepest > 1 && entries.len() > OUTLINE_ENTRIES {
        deepest -= 1;
        entries.retain(|entry| entry.level <= deepest);
    }
    entries
}

fn contents(page: &Page<'_>, outline: &[Entry<'_>]) -> Markup {
    let top = outline.iter().map(|entry| entry.level).min().unwrap_or(1);
    let name = &page.site.texts.pages.manual.contents;
    html! {
        nav.outline aria-label=(name) {
            details open {
                summary { (name) }
                ol {
                    @for entry in outline {
                        li class=(format!("depth-{}", (entry.level - top).min(3))) {
                            a href=(entry.href) { (entry.title) }
                            @if let Some(page) = entry.page { span.number { (page) } }
                        }
                    }
                }
            }
        }
    }
}

/// The library's own `README`, for the home page.
pub(super) fn own_words(page: &Page<'_>, shelves: &Shelves<'_>, own: &Manual<'_>) -> Markup {
    let shown: Vec<_> = own.document.pages.iter().zip(bodies(page.site, own.document)).collect();
    html! { article.text { (leaves(page, shelves, own, &shown, 1, "")) } }
}

fn other_versions(page: &Page<'_>, shelves: &Shelves<'_>, at: usize) -> Markup {
    let manuals = &page.site.manuals;
    let others: Vec<_> = shelves.editions(at).iter().filter(|&&other| other != at).collect();
    html! {
        @if !others.is_empty() {
            @let texts = &page.site.texts.pages.manual;
            nav.editions aria-label=(texts.other_versions) {
                span { (texts.also_in) }
                ul.versions {
                    @for &&other in &others {
                        li { a href=(page.to(manuals[other].url)) { (manuals[other].version) } }
                    }
                }
            }
        }
    }
}

fn neighbours(page: &Page<'_>, shelves: &Shelves<'_>, at: usize) -> Markup {
    let [before, after] = shelves.neighbours(at).map(|at| at.map(|at| &page.site.manuals[at]));
    html! {
        @if before.is_some() || after.is_some() {
            @let texts = &page.site.texts.pages.manual;
            nav.neighbours aria-label=(texts.neighbours) {
                @if let Some(manual) = before {
                    a.before rel="prev" href=(page.to(manual.url)) { span { (texts.previous) } (manual.document.title) }
                }
                @if let Some(manual) = after {
                    a.after rel="next" href=(page.to(manual.url)) { span { (texts.next) } (manual.document.title) }
                }
            }
        }
    }
}
