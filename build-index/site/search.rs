//! The search page: `/search/?q=`. The results are the page; without JavaScript it leads to the shelves.

use maud::{Markup, html};

use super::Site;
use super::home::shelf_list;
use super::layout::Page;
use super::shelves::Shelves;

pub(super) fn page(site: &Site<'_>, shelves: &Shelves<'_>) -> Markup {
    let page = Page { search: false, ..Page::at(site, "search/", "Search") };
    let main = html! {
        h1.unseen { "Search" }
        (page.search_box(true))
        p.count { a href=(page.to(super::playground::URL)) { "Ranking playground" } }
        noscript {
            p.notice {
                "Searching runs in your browser and needs JavaScript, which is off here. Everything can be read \
                 without it: choose a product below, and use the browser's own find in the manual."
            }
            section.shelves aria-labelledby="shelves-head" {
                header.shelves-head {
                    h2 id="shelves-head" { "On the shelves" }
                    p { (shelves.count()) }
                }
                (shelf_list(&page, shelves))
            }
        }
    };
    page.wrap("searching", &main)
}
