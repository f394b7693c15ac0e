//! Product and version pages: the contents of a shelf, set like a table of contents.

use maud::{Markup, html};

use super::layout::{Page, breadcrumb};
use super::shelves::{Product, Shelves, Version, counted};
use super::{Site, SiteFile};

/// One page per product, and one per version where the product has versions.
pub(super) fn pages(site: &Site<'_>, shelves: &Shelves<'_>) -> Vec<SiteFile> {
    let taken = |url: &str| site.manuals.iter().any(|manual| manual.url == url);
    let mut files = Vec::new();
    for vendor in &shelves.vendors {
        for product in &vendor.products {
            // A document may lie right where the list would: then the document is the page.
            if !taken(product.url) {
                files.push(SiteFile::page(product.url, product_page(site, vendor.name, product)));
            }
            for version in product.versions.iter().filter(|version| version.url != product.url) {
                if !taken(version.url) {
                    let html = version_page(site, vendor.name, product, version);
                    files.push(SiteFile::page(version.url, html));
                }
            }
        }
    }
    files
}

fn product_page(site: &Site<'_>, vendor: Option<&str>, product: &Product<'_>) -> Markup {
    let summary = format!("{}: {}.", product.name, product.count());
    let page = Page {
        description: &summary,
        scope: Some((product.name, "")),
        ..Page::at(site, product.url, product.name)
    };
    let main = html! {
        (breadcrumb(&page, &[], product.name))
        header.title {
            @if let Some(vendor) = vendor { p.over { (vendor) } }
            h1 { (product.name) }
            p.count { (product.count()) }
        }
        @for version in &product.versions {
            section.contents {
                @if !version.name.is_empty() {
                    h2 { a href=(page.to(version.url)) { (version.name) } }
                }
                (documents(&page, version))
            }
        }
    };
    page.wrap("list", &main)
}

fn version_page(
    site: &Site<'_>,
    vendor: Option<&str>,
    product: &Product<'_>,
    version: &Version<'_>,
) -> Markup {
    let title = format!("{} {}", product.name, version.name);
    let summary = format!("{title}: {}.", version.count());
    let page = Page {
        description: &summary,
        scope: Some((product.name, version.name)),
        ..Page::at(site, version.url, &title)
    };
    let others: Vec<_> = product.versions.iter().filter(|other| other.url != version.url).collect();
    let main = html! {
        (breadcrumb(&page, &[(product.name, product.url)], version.name))
        header.title {
            @if let Some(vendor) = vendor { p.over { (vendor) } }
            h1 { (title) }
            p.count { (version.count()) }
        }
        section.contents { (documents(&page, version)) }
        @if !others.is_empty() {
            nav.editions aria-label="Other versions" {
                span { "Other versions" }
                ul.versions { @for other in others { li { a href=(page.to(other.url)) { (other.name) } } } }
            }
        }
    };
    page.wrap("list", &main)
}

fn documents(page: &Page<'_>, version: &Version<'_>) -> Markup {
    html! {
        ul.leaders {
            @for manual in version.manuals.iter().map(|&at| &page.site.manuals[at]) {
                li {
                    a href=(page.to(manual.url)) { (manual.document.title) }
                    @if manual.document.paged {
                        span.leader {}
                        span.count { (counted(manual.document.pages.len(), "page", "pages")) }
                    }
                }
            }
        }
    }
}
