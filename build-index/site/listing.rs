//! Product and version pages: the contents of a shelf, set like a table of contents.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::layout::{Page, breadcrumb, scope_name};
use super::shelves::{Product, Shelves, Version};
use super::{Site, SiteFile, headings};

/// One page per product, and one per version where the product has versions. A manual that has a level's address
/// (its `README`) is the level's page, and shows the list itself.
pub(super) fn pages(site: &Site<'_>, shelves: &Shelves<'_>) -> Vec<SiteFile> {
    let manuals: BTreeSet<&str> = site.manuals.iter().map(|manual| manual.url).collect();
    let mut files = Vec::new();
    for (vendor, product) in shelves.products() {
        if !manuals.contains(product.url.as_str()) {
            let page = SiteFile::page(&product.url, product_page(site, shelves, vendor, product));
            files.push(page.of(vendor, product.name));
        }
        for version in product.versions.iter().filter(|version| version.url != product.url) {
            if !manuals.contains(version.url.as_str()) {
                let page = version_page(site, shelves, vendor, product, version);
                files.push(SiteFile::page(&version.url, page).of(vendor, product.name));
            }
        }
    }
    files
}

/// The list of the level whose address this is, if it is one.
pub(super) fn level_at(
    page: &Page<'_>,
    shelves: &Shelves<'_>,
    product: &Product<'_>,
    url: &str,
) -> Option<Markup> {
    if product.url == url {
        return Some(versions(page, shelves, product));
    }
    let version = product.versions.iter().find(|version| version.url == url)?;
    Some(html! { section.contents { (documents(page, shelves, version)) } })
}

fn product_page(
    site: &Site<'_>,
    shelves: &Shelves<'_>,
    vendor: Option<&str>,
    product: &Product<'_>,
) -> Markup {
    let count = product.count().say(site.texts);
    let summary = format!("{}: {count}.", product.name);
    let page = Page {
        description: &summary,
        scope: Some((scope_name(vendor, product.name), "")),
        ..Page::at(site, &product.url, product.name)
    };
    let main = html! {
        (breadcrumb(&page, &[], product.name))
        header.title {
            @if let Some(vendor) = vendor { p.over { (vendor) } }
            h1 { (product.name) }
            p.count { (count) }
        }
        (versions(&page, shelves, product))
    };
    page.wrap("list", &main)
}

fn versions(page: &Page<'_>, shelves: &Shelves<'_>, product: &Product<'_>) -> Markup {
    html! {
        @for version in &product.versions {
            section.contents {
                @if !version.name.is_empty() {
                    h2 { a href=(page.to(&version.url)) { (version.name) } }
                }
                (documents(page, shelves, version))
            }
        }
    }
}

fn version_page(
    site: &Site<'_>,
    shelves: &Shelves<'_>,
    vendor: Option<&str>,
    product: &Product<'_>,
    version: &Version<'_>,
) -> Markup {
    let title = format!("{} {}", product.name, version.name);
    let count = version.count().say(site.texts);
    let summary = format!("{title}: {count}.");
    let other_versions = &site.texts.pages.listing.other_versions;
    let page = Page {
        description: &summary,
        scope: Some((scope_name(vendor, product.name), version.name)),
        ..Page::at(site, &version.url, &title)
    };
    let others: Vec<_> = product.versions.iter().filter(|other| other.url != version.url).collect();
    let main = html! {
        (breadcrumb(&page, &[(product.name, &product.url)], version.name))
        header.title {
            @if let Some(vendor) = vendor { p.over { (vendor) } }
            h1 { (title) }
            p.count { (count) }
        }
        section.contents { (documents(&page, shelves, version)) }
        @if !others.is_empty() {
            nav.editions aria-label=(other_versions) {
                span { (other_versions) }
                ul.versions { @for other in others { li { a href=(page.to(&other.url)) { (other.name) } } } }
            }
        }
    };
    page.wrap("list", &main)
}

fn documents(page: &Page<'_>, shelves: &Shelves<'_>, version: &Version<'_>) -> Markup {
    let texts = page.site.texts;
    html! {
        ul.leaders {
            @for manual in version.manuals.iter().map(|&at| &page.site.manuals[at]) {
                li {
                    a href=(page.to(manual.url)) { (manual.document.title) }
                    @if manual.document.paged {
                        span.leader {}
                        span.count { (texts.counted(&texts.pages.counts.pages, manual.document.pages.len())) }
                    }
                }
            }
        }
        @if let Some(url) = headings::url(page.site, shelves, version) {
            p.also { a href=(page.to(&url)) { (texts.pages.listing.all_headings) } }
        }
    }
}
