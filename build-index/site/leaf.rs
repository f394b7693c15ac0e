//! A page of a paged manual on an address of its own, `guide/page-128/`: what a visitor from a search engine meets, and
//! what is cited. The manual with all its pages is one link away.
//!
//! ```text
//! Page 128   ↗ View in doc context
//! page · source · chunk_id              copy link · copy citation · Markdown
//! the text, its pictures
//! ‹ Page 127   Page 129 ›               the same in v11: page 120, changed
//! ```

use std::collections::BTreeMap;

use maud::{Markup, PreEscaped, html};

use super::fit::fit;
use super::layout::{Page, absolute, breadcrumb, scope_name};
use super::leaves::{leaf_pictures, original};
use super::manual::structured;
use super::rebase::rebase;
use super::shelves::Shelves;
use super::{Manual, Put, Site, SiteFile, Told, markdown};
use crate::chunk::Chunk;
use crate::document::Page as Leaf;
use crate::texts::fill;

/// Where a page of a manual lies, unless a manual is there, or such pages are not wanted.
pub(super) fn url(
    site: &Site<'_>,
    shelves: &Shelves<'_>,
    manual: &Manual<'_>,
    number: u32,
) -> Option<String> {
    let url = format!("{}page-{number}/", manual.url);
    (site.single_pages && manual.document.paged && !manual.url.is_empty() && !shelves.is_manual(&url))
        .then_some(url)
}

/// Every page of a manual as HTML and as Markdown.
pub(super) fn pages(told: &Told<'_>, put: Put<'_>) -> Result<(), String> {
    let &Told { site, shelves, at, manual, .. } = told;
    let elsewhere = Elsewhere::of(site, shelves, at);
    for (n, leaf) in manual.document.pages.iter().enumerate() {
        let Some(url) = url(site, shelves, manual, leaf.number) else { continue };
        put(SiteFile::page(&url, page(told, n, &url, &elsewhere)))?;
        let text = markdown::page(site, manual, leaf, &url);
        put(SiteFile::new(crate::url::decode(&markdown::path(&url)), text))?;
    }
    Ok(())
}

fn page(told: &Told<'_>, n: usize, url: &str, elsewhere: &Elsewhere<'_>) -> Markup {
    let &Told { site, shelves, at, manual, parts, bodies } = told;
    let body = &bodies[n];
    let leaf = &manual.document.pages[n];
    let chunks: Vec<&Chunk> = manual.chunks.iter().filter(|chunk| chunk.page == Some(leaf.number)).collect();
    let texts = &site.texts.pages;
    let name = fill(&texts.manual.page, &[("n", &leaf.number)]);
    let title = format!("{name} · {}", manual.document.title);
    let words = chunks.first().map_or("", |chunk| chunk.text.as_str());
    let summary: Vec<&str> = words.split_whitespace().take(30).collect();
    let summary = if summary.is_empty() { title.clone() } else { summary.join(" ") };
    let page = Page {
        description: &summary,
        language: manual.document.language.as_deref().unwrap_or(site.language),
        scope: Some((scope_name(manual.vendor, manual.product), manual.version)),
        markdown: Some(markdown::path(url)),
        structured: Some(structured(site, manual, &title, url)),
        ..Page::at(site, url, &title)
    };
    let (product, version) = shelves.place(at);
    let mut trail = vec![(product.name, product.url.as_str()), (version.name, version.url.as_str())];
    trail.retain(|(name, url)| !name.is_empty() && *url != manual.url);
    trail.push((&manual.document.title, manual.url));
    let (body, _) = fit(&rebase(body, |fragment| parts.fragment(fragment)), 1, 1, &texts.manual.table);
    let main = html! {
        (breadcrumb(&page, &trail, &name))
        article.text {
            header.title {
                p.over { (manual.document.title) " · " (manual.product) " " (manual.version) }
                h1 { (name) }
                p.context {
                    a href=(format!("../{}", parts.place(leaf.number))) { "↗ " (texts.leaf.context) }
                }
            }
            (facts(site, manual, leaf, &chunks))
            div.actions {
                a.permalink href=(page.to(url)) { (texts.manual.copy_link) }
                button.link type="button" hidden data-copy=(citation(site, manual, leaf, url)) { (texts.leaf.copy_citation) }
                a href="index.md" { (texts.leaf.markdown) }
                @if site.originals && super::is_original(&manual.document.source) {
                    a href=(format!("../{}", original(&manual.document.source, leaf.number))) { (texts.manual.in_the_pdf) }
                }
            }
            div.leaf-body { (PreEscaped(&body)) }
            (leaf_pictures(&page, leaf, &body))
            (elsewhere.links(&page, shelves, leaf))
            (neighbours(site, shelves, manual, n))
        }
    };
    page.wrap("reading", &main)
}

fn facts(site: &Site<'_>, manual: &Manual<'_>, leaf: &Leaf, chunks: &[&Chunk]) -> Markup {
    let texts = &site.texts.pages.leaf;
    let printed = leaf.label.as_deref().filter(|label| *label != leaf.number.to_string());
    let number = printed.map_or_else(
        || leaf.number.to_string(),
        |label| fill(&texts.page_printed, &[("n", &leaf.number), ("label", &label)]),
    );
    html! {
        dl.facts {
            div { dt { (texts.page) } dd { (number) } }
            div { dt { (texts.source) } dd { code { (manual.document.source) } } }
            @for chunk in chunks { div { dt { "chunk_id" } dd { code { (chunk.id) } } } }
            @if let Some(language) = manual.document.language.as_deref().filter(|&own| own != site.language) {
                div { dt { (texts.language) } dd { (language) } }
            }
        }
    }
}

/// As it is quoted; the page puts its address in where the site does not know it.
fn citation(site: &Site<'_>, manual: &Manual<'_>, leaf: &Leaf, url: &str) -> String {
    let place = [manual.vendor.unwrap_or_default(), manual.product, manual.version];
    let place: Vec<_> = place.into_iter().filter(|name| !name.is_empty()).collect();
    let address = site.public_url.map_or_else(|| "{address}".to_owned(), |public| absolute(public, url));
    let cited = fill(&site.texts.pages.leaf.cited, &[("n", &leaf.number)]);
    format!("{}. {}, {cited}. {address}", manual.document.title, place.join(" "))
}

fn neighbours(site: &Site<'_>, shelves: &Shelves<'_>, manual: &Manual<'_>, n: usize) -> Markup {
    let leaf = |n: usize| {
        let number = manual.document.pages.get(n)?.number;
        url(site, shelves, manual, number).map(|_| number)
    };
    let (before, after) = (n.checked_sub(1).and_then(leaf), leaf(n + 1));
    let texts = &site.texts.pages;
    let name = |number: u32| fill(&texts.manual.page, &[("n", &number)]);
    html! {
        nav.neighbours aria-label=(texts.leaf.neighbours) {
            @if let Some(number) = before {
                a.before rel="prev" href=(format!("../page-{number}/")) { span { (texts.manual.previous) } (name(number)) }
            }
            @if let Some(number) = after {
                a.after rel="next" href=(format!("../page-{number}/")) { span { (texts.manual.next) } (name(number)) }
            }
        }
    }
}

/// Where the sections of a manual's pages stand in its other versions.
struct Elsewhere<'a> {
    editions: Vec<Edition<'a>>,
}

struct Edition<'a> {
    manual: &'a Manual<'a>,
    /// The page on which a section begins, by its headings.
    sections: BTreeMap<&'a [String], &'a Leaf>,
}

impl<'a> Elsewhere<'a> {
    fn of(site: &'a Site<'a>, shelves: &Shelves<'_>, at: usize) -> Self {
        let others =
            shelves.editions(at).iter().filter(|&&other| other != at).map(|&other| &site.manuals[other]);
        let editions = others.filter(|manual| manual.document.paged).map(|manual| {
            let mut sections = BTreeMap::new();
            for leaf in &manual.document.pages {
                for section in leaf.sections.iter().filter(|section| section.level > 0) {
                    sections.entry(section.path.as_slice()).or_insert(leaf);
                }
            }
            Edition { manual, sections }
        });
        Self { editions: editions.collect() }
    }

    /// The same page in the other versions: where the first of its sections that a version has begins.
    fn links(&self, page: &Page<'_>, shelves: &Shelves<'_>, leaf: &Leaf) -> Markup {
        let found = self.editions.iter().filter_map(|edition| {
            let own = leaf.sections.iter().filter(|section| section.level > 0);
            let there = own.filter_map(|section| edition.sections.get(section.path.as_slice())).next()?;
            Some((edition.manual, *there, url(page.site, shelves, edition.manual, there.number)?))
        });
        let found: Vec<_> = found.collect();
        let texts = &page.site.texts.pages.leaf;
        html! {
            @if !found.is_empty() {
                nav.editions aria-label=(texts.editions) {
                    span { (texts.in_other_versions) }
                    ul.versions {
                        @for (manual, there, url) in &found {
                            @let text = if there.says() == leaf.says() { &texts.same } else { &texts.changed };
                            li {
                                a href=(page.to(url)) {
                                    (fill(text, &[("version", &manual.version), ("n", &there.number)]))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
