//! What was published under another address: the link still leads somewhere, and says so.
//!
//! A fragment that its page has no more gets a line of its own that is seen only by who follows it (`:target`), so that
//! it works without a script. A manual that was renamed keeps a page at its old address.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::layout::Page;
use super::{Manual, Site, SiteFile};

/// A line for each anchor that readers may still link to and the manual has no more.
pub(super) fn notices(manual: &Manual<'_>) -> Markup {
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
                "The part that this link led to has changed. Read on in "
                a href=(format!("#{}", chunk.anchor)) { (chunk.title) } "."
            }
        }
    }
}

/// A page at each address that a manual had before, unless another has it now.
pub(super) fn pages<'a>(site: &'a Site<'a>) -> impl Iterator<Item = SiteFile> + 'a {
    let mut taken: BTreeSet<&str> = site.manuals.iter().map(|manual| manual.url).collect();
    let formerly = site.manuals.iter().flat_map(|manual| {
        manual.known.into_iter().flat_map(|known| &known.formerly).map(move |(_, url)| (manual, url.as_str()))
    });
    formerly.filter(move |(_, url)| !url.is_empty() && taken.insert(url)).map(|(manual, url)| {
        let page = Page { url: None, ..Page::at(site, url, &manual.document.title) };
        let main = html! {
            header.title { h1 { (manual.document.title) } }
            p.lead {
                "This manual has moved. It is now at "
                a href=(page.to(manual.url)) { (manual.url) } "."
            }
        };
        SiteFile::page(url, page.wrap("missing", &main))
    })
}
