//! The home page: what the library holds, and the search box.

use maud::{Markup, html};

use super::layout::Page;
use super::manual::own_words;
use super::shelves::{Product, Shelves};
use super::{Manual, Site};
use crate::texts::with;

/// `own`: the library's own `README`, if it has one.
pub(super) fn page(site: &Site<'_>, shelves: &Shelves<'_>, own: Option<&Manual<'_>>) -> Markup {
    let page = Page { search: false, ..Page::at(site, "", site.name) };
    let texts = &site.texts.pages.home;
    let keys = [
        ("slash", html! { kbd { "/" } }),
        ("arrows", html! { kbd { "↑" } kbd { "↓" } }),
        ("enter", html! { kbd { (texts.enter) } }),
    ];
    let main = html! {
        section.hero {
            h1 { (site.name) }
            p.lead { (site.description) }
            (page.search_box(false))
            p.hint.keys { (with(&texts.keys, &keys)) }
        }
        section.shelves id="shelves" aria-labelledby="shelves-head" {
            header.shelves-head {
                h2 id="shelves-head" { (texts.shelves) }
                p { (shelves.count().say(site.texts)) }
            }
            (shelf_list(&page, shelves))
        }
        @if let Some(own) = own { (own_words(&page, shelves, own)) }
    };
    page.wrap("home", &main)
}

/// Every product, by vendor. Also the way in for a visitor without JavaScript.
pub(super) fn shelf_list(page: &Page<'_>, shelves: &Shelves<'_>) -> Markup {
    html! {
        @if shelves.vendors.is_empty() {
            p.empty { (page.site.texts.pages.home.empty) }
        }
        @for vendor in &shelves.vendors {
            section.shelf {
                @if let Some(name) = vendor.name { h3.vendor { (name) } }
                ul.products {
                    @for product in &vendor.products { li { (product_card(page, product, vendor.name.is_some())) } }
                }
            }
        }
    }
}

fn product_card(page: &Page<'_>, product: &Product<'_>, below_vendor: bool) -> Markup {
    let name = html! { a href=(page.to(&product.url)) { (product.name) } };
    html! {
        article.product {
            @if below_vendor { h4 { (name) } } @else { h3 { (name) } }
            p.count { (product.count().say(page.site.texts)) }
            @let named: Vec<_> = product.versions.iter().filter(|version| !version.name.is_empty()).collect();
            @if !named.is_empty() {
                @let texts = page.site.texts;
                ul.versions aria-label=(texts.counted(&texts.pages.counts.versions, named.len())) {
                    @for version in named { li { a href=(page.to(&version.url)) { (version.name) } } }
                }
            }
        }
    }
}
