//! A manual: its outline and all its pages on one address, so that `#page-128` is a permalink and the browser's own
//! find-in-page sees everything. The style sheet lets the browser skip what is out of sight.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};

use super::fit::fit;
use super::layout::{Page, absolute, breadcrumb, scope_name};
use super::listing::level_at;
use super::shelves::Shelves;
use super::{Manual, Site, leaf, markdown, moved};
use crate::chunk::Chunk;
use crate::document::{Document, Page as Leaf};
use crate::texts::fill;

/// An outline longer than this keeps only the levels that fit: past it nobody reads it, they search.
const OUTLINE_ENTRIES: usize = 400;

pub(super) fn page(site: &Site<'_>, shelves: &Shelves<'_>, at: usize) -> Markup {
    let manual = &site.manuals[at];
    let document = manual.document;
    let (product, version) = shelves.place(at);
    let summary = summary(manual);
    let page = Page {
        description: &summary,
        language: document.language.as_deref().unwrap_or(site.language),
        scope: Some((scope_name(manual.vendor, manual.product), manual.version)),
        canonical: document.canonical.as_deref(),
        markdown: Some(markdown::path(manual.url)),
        structured: Some(structured(site, manual, &document.title, manual.url)),
        ..Page::at(site, manual.url, &document.title)
    };
    let mut trail = vec![(product.name, product.url.as_str()), (version.name, version.url.as_str())];
    trail.retain(|(name, url)| !name.is_empty() && *url != manual.url);
    let outline = outline(document);
    let texts = site.texts;
    let main = html! {
        (breadcrumb(&page, &trail, &document.title))
        div.manual {
            @if outline.len() > 1 { (contents(&page, &outline)) }
            article.text {
                header.title {
                    p.over { @if let Some(vendor) = manual.vendor { (vendor) " " } (product.name) " " (version.name) }
                    @if document.paged || !starts_with_title(document) { h1 { (document.title) } }
                    @if document.paged {
                        p.count { (texts.counted(&texts.pages.counts.pages, document.pages.len())) }
                    }
                    (other_versions(&page, shelves, at))
                }
                (moved::notices(site, manual))
                (leaves(&page, shelves, manual, 0))
                @if let Some(list) = level_at(&page, shelves, product, manual.url) { (list) }
                (neighbours(&page, shelves, at))
                p.also { a href="index.md" { (texts.pages.manual.as_markdown) } }
            }
        }
    };
    page.wrap("reading", &main)
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

/// Whether an unpaged document's HTML opens with its own title, so that it needs no second one.
fn starts_with_title(document: &Document) -> bool {
    document.pages.first().is_some_and(|leaf| leaf.html.trim_start().starts_with("<h1"))
}

/// A line of the outline.
struct Entry<'a> {
    level: u8,
    title: &'a str,
    fragment: String,
    page: Option<u32>,
}

fn outline(document: &Document) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    for leaf in &document.pages {
        for section in leaf.sections.iter().filter(|section| section.level > 0) {
            let Some(title) = section.path.last() else { continue };
            let fragment =
                if section.anchor.is_empty() { leaf_id(leaf.number) } else { section.anchor.clone() };
            let page = document.paged.then_some(leaf.number);
            entries.push(Entry { level: section.level, title, fragment, page });
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
                            a href=(format!("#{}", entry.fragment)) { (entry.title) }
                            @if let Some(page) = entry.page { span.number { (page) } }
                        }
                    }
                }
            }
        }
    }
}

fn leaf_id(number: u32) -> String {
    format!("page-{number}")
}

/// The library's own `README`, for the home page. Nothing if it has none.
pub(super) fn own_words(page: &Page<'_>, shelves: &Shelves<'_>) -> Markup {
    let own = page.site.manuals.iter().find(|manual| manual.url.is_empty());
    html! { @if let Some(manual) = own { article.text { (leaves(page, shelves, manual, 1)) } } }
}

/// All pages. `above`: how many levels of headings the page around has, beyond the manual's own title.
fn leaves(page: &Page<'_>, shelves: &Shelves<'_>, manual: &Manual<'_>, above: u8) -> Markup {
    let document = manual.document;
    let texts = &page.site.texts.pages.manual;
    let mut chunks: BTreeMap<Option<u32>, Vec<&Chunk>> = BTreeMap::new();
    for chunk in manual.chunks {
        chunks.entry(chunk.page).or_default().push(chunk);
    }
    let mut labels = BTreeSet::new();
    // Without pages the manual's own title is the page's, so its headings stay as they are.
    let own_title = above == 0 && starts_with_title(document);
    let (mut last, by) = if document.paged { (2, 2) } else { (u8::from(!own_title), above) };
    html! {
        @for leaf in &document.pages {
            @let (body, level) = fit(&leaf.html, by, if document.paged { 2 } else { last }, &texts.table);
            @let cited = chunks.get(&document.paged.then_some(leaf.number)).map_or(&[][..], Vec::as_slice);
            @let () = last = level;
            @if document.paged {
                @let id = leaf_id(leaf.number);
                @let name = fill(&texts.page, &[("n", &leaf.number)]);
                section.leaf id=(id) aria-labelledby=(format!("{id}-head")) {
                    header.leaf-head {
                        h2 id=(format!("{id}-head")) {
                            @if let Some(own) = leaf::url(page.site, shelves, manual, leaf.number) {
                                a href=(page.to(&own)) { (name) }
                            } @else { (name) }
                        }
                        (printed(page.site, leaf, &mut labels))
                        @if page.site.originals && super::is_original(&document.source) {
                            a.original href=(original(&document.source, leaf.number)) { (texts.in_the_pdf) }
                        }
                        a.permalink href=(format!("#{id}")) {
                            (texts.copy_link) span.unseen { (fill(&texts.copy_link_to, &[("n", &leaf.number)])) }
                        }
                    }
                    (leaf_body(page, leaf, &body))
                    (citation(page.site, document, cited))
                }
            } @else {
                section.leaf id=(leaf_id(leaf.number)) {
                    (leaf_body(page, leaf, &body))
                    (citation(page.site, document, cited))
                }
            }
        }
    }
}

/// A page of the PDF itself, which lies beside the manual's own page.
pub(super) fn original(source: &str, number: u32) -> String {
    let name = source.rsplit_once('/').map_or(source, |(_, name)| name);
    format!("{}#page={number}", crate::url::encode(name))
}

/// The number printed on the page, where it is another; also an address, where it is the only page with it.
fn printed(site: &Site<'_>, leaf: &Leaf, seen: &mut BTreeSet<String>) -> Markup {
    let Some(label) = leaf.label.as_deref().filter(|label| *label != leaf.number.to_string()) else {
        return html! {};
    };
    let id = format!("printed-{label}");
    let usable =
        label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.') && seen.insert(id.clone());
    html! { span.printed id=[usable.then_some(id)] { (fill(&site.texts.pages.manual.printed, &[("label", &label)])) } }
}

fn leaf_body(page: &Page<'_>, leaf: &Leaf, body: &str) -> Markup {
    html! {
        div.leaf-body { (PreEscaped(body)) }
        (leaf_pictures(page, leaf, body))
    }
}

/// Pictures that the text itself does not show, as PDF pages have them.
pub(super) fn leaf_pictures(page: &Page<'_>, leaf: &Leaf, body: &str) -> Markup {
    html! {
        @for (at, image) in leaf.images.iter().enumerate() {
            @if let Some(url) = page.site.picture(&image.source).filter(|url| !body.contains(*url)) {
                @let caption = fill(&page.site.texts.pages.manual.image, &[("k", &(at + 1)), ("n", &leaf.number)]);
                figure {
                    img src=(page.to(url)) loading="lazy" decoding="async"
                        alt=(if image.alt.is_empty() { &caption } else { &image.alt })
                        width=[image.size.map(|size| size.0)] height=[image.size.map(|size| size.1)];
                    figcaption { (caption) }
                }
            }
        }
    }
}

/// Where the text comes from and under which ids it is cited.
fn citation(site: &Site<'_>, document: &Document, chunks: &[&Chunk]) -> Markup {
    let texts = site.texts;
    html! {
        dl.cite {
            div { dt { (texts.pages.manual.source) } dd { code { (document.source) } } }
            @if let [chunk] = chunks {
                div { dt { "chunk_id" } dd { code { (chunk.id) } } }
            } @else if !chunks.is_empty() {
                div {
                    dt { "chunk_ids" }
                    dd {
                        details {
                            summary { (texts.counted(&texts.pages.counts.sections, chunks.len())) }
                            ul {
                                @for chunk in chunks {
                                    li {
                                        code { (chunk.id) } " "
                                        a href=(format!("#{}", chunk.anchor)) { (chunk.title) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
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
