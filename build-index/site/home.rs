//! The home page: what the library holds, and the search box.

use maud::{Markup, html};

use super::layout::Page;
use super::manual::own_words;
use super::shelves::{Product, Shelves, counted};
use super::{Manual, Site};

/// `own`: the library's own `README`, if it has one.
pub(super) fn page(site: &Site<'_>, shelves: &Shelves<'_>, own: Option<&Manual<'_>>) -> Markup {
    let page = Page { search: false, ..Page::at(site, "", site.name) };
    let main = html! {
        section.hero {
            h1 { (site.name) }
            p.lead { (site.description) }
            (page.search_box(false))
            p.hint.keys {
                kbd { "/" } " to search · " kbd { "↑" } kbd { "↓" } " to choose · " kbd { "Enter" } " to open"
            }
        }
        section.shelves id="shelves" aria-labelledby="shelves-head" {
            header.shelves-head {
                h2 id="shelves-head" { "On the shelves" }
                p { (shelves.count()) }
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
            p.empty { "The library is empty. Add manuals to its folder and build the site again." }
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
            p.count { (product.count()) }
            @let named: Vec<_> = product.versions.iter().filter(|version| !version.name.is_empty()).collect();
            @if !named.is_empty() {
                ul.versions aria-label=(counted(named.len(), "version", "versions")) {
                    @for version in named { li { a href=(page.to(&version.url)) { (version.name) } } }
                }
            }
        }
    }
}
