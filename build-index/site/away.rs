//! `offline/`: what a reader without a network gets for a page that this device does not have. The script lists those that
//! it has.

use maud::{Markup, html};

use super::Site;
use super::layout::Page;

/// The page's address; the service worker leads here.
pub(super) const URL: &str = "offline/";

pub(super) fn page(site: &Site<'_>) -> Markup {
    let page = Page {
        description: "What can be read without a network.",
        ..Page::at(site, URL, "Not on this device")
    };
    let main = html! {
        header.title { h1 { "Not on this device" } }
        p.lead { "There is no network now, and this page has not been read here before." }
        div data-away {}
        p { a href=(page.root) { "To the shelves" } }
    };
    page.wrap("missing", &main)
}
