//! The pages of a manual as they stand one after another: number, text, pictures, and what each is cited by.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, PreEscaped, html};

use super::enlarge::large;
use super::fit::fit;
use super::layout::Page;
use super::shelves::Shelves;
use super::{Manual, Site, leaf};
use crate::chunk::Chunk;
use crate::document::{Document, Page as Leaf};
use crate::texts::fill;

/// The id of a page on its manual.
pub(super) fn leaf_id(number: u32) -> String {
    format!("page-{number}")
}

/// Whether an unpaged document's HTML opens with its own title, so that it needs no second one.
pub(super) fn starts_with_title(document: &Document) -> bool {
    document.pages.first().is_some_and(|leaf| leaf.html.trim_start().starts_with("<h1"))
}

/// Pages with their bodies. `above`: how many levels of headings the page around has, beyond the manual's own title.
/// `permanent`: what leads to the address that stays.
pub(super) fn leaves(
    page: &Page<'_>,
    shelves: &Shelves<'_>,
    manual: &Manual<'_>,
    shown: &[(&Leaf, String)],
    above: u8,
    permanent: &str,
) -> Markup {
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
        @for (leaf, body) in shown {
            @let (body, level) = fit(body, by, if document.paged { 2 } else { last }, &texts.table);
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
                        a.permalink href=(format!("{permanent}#{id}")) {
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

/// The number printed on the page, where it is another, and the id that leads to it, where one can be made of it.
pub(super) fn printed_id(leaf: &Leaf) -> Option<(String, &str)> {
    let label = leaf.label.as_deref().filter(|label| *label != leaf.number.to_string())?;
    let usable = label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.');
    Some((if usable { format!("printed-{label}") } else { String::new() }, label))
}

/// The number printed on the page; also an address, where it is the only page with it.
fn printed(site: &Site<'_>, leaf: &Leaf, seen: &mut BTreeSet<String>) -> Markup {
    let Some((id, label)) = printed_id(leaf) else { return html! {} };
    let id = (!id.is_empty() && seen.insert(id.clone())).then_some(id);
    html! { span.printed id=[id] { (fill(&site.texts.pages.manual.printed, &[("label", &label)])) } }
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
                @let picture = html! {
                    img src=(page.to(url)) loading="lazy" decoding="async"
                        alt=(if image.alt.is_empty() { &caption } else { &image.alt })
                        width=[image.size.map(|size| size.0)] height=[image.size.map(|size| size.1)];
                };
                figure {
                    (large(page.site, &page.to(url), image.size.map(|size| size.0), &picture))
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
