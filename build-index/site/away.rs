//! `offline/`: what a reader without a network gets for a page that this device does not have. The script lists those that
//! it has.

use maud::{Markup, html};

use super::Site;
use super::layout::Page;

/// The page's address; the service worker leads here.
pub(super) const URL: &str = "offline/";

pub(super) fn page(site: &Site<'_>) -> Markup {
    let texts = &site.texts.pages.away;
    let page = Page { description: &texts.description, ..Page::at(site, URL, &texts.title) };
    let main = html! {
        header.title { h1 { (texts.title) } }
        p.lead { (texts.sentence) }
        div data-away {}
        p { a href=(page.root) { (texts.to_shelves) } }
    };
    page.wrap("missing", &main)
}
