//! The search page: `/search/?q=`. The results are the page; without JavaScript it leads to the shelves.

use maud::{Markup, html};

use super::Site;
use super::home::shelf_list;
use super::layout::Page;
use super::shelves::Shelves;

pub(super) fn page(site: &Site<'_>, shelves: &Shelves<'_>) -> Markup {
    let page = Page { search: false, ..Page::at(site, "search/", &site.texts.pages.frame.search) };
    let texts = &site.texts.pages;
    let main = html! {
        h1.unseen { (texts.frame.search) }
        (page.search_box(true))
        noscript {
            p.notice { (texts.search.without_script) }
            section.shelves aria-labelledby="shelves-head" {
                header.shelves-head {
                    h2 id="shelves-head" { (texts.home.shelves) }
                    p { (shelves.count().say(site.texts)) }
                }
                (shelf_list(&page, shelves))
            }
        }
    };
    page.wrap("searching", &main)
}
