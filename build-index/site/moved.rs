//! What was published under another address: the link still leads somewhere, and says so.
//!
//! A fragment that its page has no more gets a line of its own that is seen only by who follows it (`:target`), so that
//! it works without a script. A manual that was renamed keeps a page at its old address.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::layout::Page;
use super::shelves::Shelves;
use super::{Manual, Site, SiteFile, leaf};
use crate::texts::with;

/// A line for each anchor that readers may still link to and the manual has no more.
pub(super) fn notices(site: &Site<'_>, manual: &Manual<'_>) -> Markup {
    let Some(known) = manual.known else { return html! {} };
    let pages = &manual.document.pages;
    let ids: BTreeSet<String> = pages
        .iter()
        .map(|page| format!("page-{}", page.number))
        .chain(pages.iter().flat_map(|page| page.sections.iter().map(|section| section.anchor.clone())))
        .collect();
    let mut seen = BTreeSet::new();
    let lost = known.gone.iter().filter(|gone| {
        !gone.anchor.is_empty() && !ids.contains(&gone.anchor) && seen.insert(gone.anchor.as_str())
    });
    let lost: Vec<_> = lost
        .filter_map(|gone| Some((gone, manual.chunks.iter().find(|chunk| chunk.number == gone.to)?)))
        .collect();
    html! {
        @for (gone, chunk) in lost {
            p.moved id=(gone.anchor) {
                @let link = html! { a href=(format!("#{}", chunk.anchor)) { (chunk.title) } };
                (with(&site.texts.pages.moved.part, &[("link", link)]))
            }
        }
    }
}

/// A page at each address that a manual had before, and that its pages had below it, unless another has it now.
pub(super) fn pages(site: &Site<'_>, shelves: &Shelves<'_>) -> Vec<SiteFile> {
    let mut taken: BTreeSet<String> = site.manuals.iter().map(|manual| manual.url.to_owned()).collect();
    let mut files = Vec::new();
    for manual in &site.manuals {
        let known = manual.known.into_iter().flat_map(|known| &known.formerly);
        for (_, old) in known.filter(|(_, url)| !url.is_empty()) {
            let leaves = manual.document.pages.iter().filter_map(|page| {
                let now = leaf::url(site, shelves, manual, page.number)?;
                Some((format!("{old}{}", &now[manual.url.len()..]), now))
            });
            for (from, to) in std::iter::once((old.clone(), manual.url.to_owned())).chain(leaves) {
                if taken.insert(from.clone()) {
                    files.push(SiteFile::page(&from, page(site, manual, &from, &to)));
                }
            }
        }
    }
    files
}

fn page(site: &Site<'_>, manual: &Manual<'_>, from: &str, to: &str) -> Markup {
    let page = Page { url: None, ..Page::at(site, from, &manual.document.title) };
    let link = html! { a href=(page.to(to)) { (to) } };
    let main = html! {
        header.title { h1 { (manual.document.title) } }
        p.lead { (with(&site.texts.pages.moved.manual, &[("link", link)])) }
    };
    page.wrap("missing", &main)
}
