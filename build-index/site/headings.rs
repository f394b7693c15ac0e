//! `v2/a-z/`: every heading of a version, by its first letter, for who knows the name of a thing and has no JavaScript.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::layout::{Page, breadcrumb, scope_name};
use super::shelves::{Product, Shelves, Version};
use super::{Site, SiteFile};
use crate::texts::fill;

/// What does not begin with a letter.
const OTHER: char = '#';

/// A heading, and where it stands.
struct Line<'a> {
    title: &'a str,
    document: &'a str,
    href: String,
    page: Option<u32>,
}

/// The page's address, unless a manual has it or there is nothing to list.
pub(super) fn url(site: &Site<'_>, shelves: &Shelves<'_>, version: &Version<'_>) -> Option<String> {
    let url = format!("{}a-z/", version.url);
    let lines = version.manuals.iter().flat_map(|&at| &site.manuals[at].document.pages);
    let any = lines.flat_map(|leaf| &leaf.sections).any(|section| section.level > 0);
    (any && !shelves.is_manual(&url)).then_some(url)
}

/// A page for each version.
pub(super) fn pages(site: &Site<'_>, shelves: &Shelves<'_>) -> Vec<SiteFile> {
    let mut files = Vec::new();
    for (vendor, product) in shelves.products() {
        for version in &product.versions {
            if let Some(url) = url(site, shelves, version) {
                let file = SiteFile::page(&url, page(site, vendor, product, version, &url));
                files.push(file.of(vendor, product.name));
            }
        }
    }
    files
}

fn page(
    site: &Site<'_>,
    vendor: Option<&str>,
    product: &Product<'_>,
    version: &Version<'_>,
    url: &str,
) -> Markup {
    let name = format!("{} {}", product.name, version.name);
    let texts = &site.texts.pages.headings;
    let title = fill(&texts.title, &[("name", &name.trim_end())]);
    let letters = by_letter(site, version);
    let count = letters.values().map(Vec::len).sum();
    let counted = site.texts.counted(&site.texts.pages.counts.headings, count);
    let summary = format!("{title}: {counted}.");
    let page = Page {
        description: &summary,
        scope: Some((scope_name(vendor, product.name), version.name)),
        ..Page::at(site, url, &title)
    };
    let mut trail = vec![(product.name, product.url.as_str()), (version.name, version.url.as_str())];
    trail.retain(|(name, _)| !name.is_empty());
    let main = html! {
        (breadcrumb(&page, &trail, &texts.here))
        header.title {
            h1 { (title) }
            p.count { (counted) }
        }
        nav.letters aria-label=(texts.letters) {
            @for &letter in letters.keys() { a href=(format!("#{}", id(letter))) { (letter) } }
        }
        @for (&letter, lines) in &letters {
            section.letter {
                h2 id=(id(letter)) { (letter) }
                ul.leaders {
                    @for line in lines {
                        li {
                            a href=(page.to(&line.href)) { (line.title) }
                            span.leader {}
                            span.count {
                                (line.document)
                                @if let Some(number) = line.page { (fill(&texts.at_page, &[("n", &number)])) }
                            }
                        }
                    }
                }
            }
        }
    };
    page.wrap("list", &main)
}

/// The id of a letter's heading.
fn id(letter: char) -> String {
    if letter == OTHER { "letter-other".to_owned() } else { format!("letter-{letter}") }
}

/// The headings, sorted as people sort words: letters before their case, digits and signs together at the front.
fn by_letter<'a>(site: &Site<'a>, version: &Version<'_>) -> BTreeMap<char, Vec<Line<'a>>> {
    let mut letters: BTreeMap<char, Vec<Line<'a>>> = BTreeMap::new();
    for &at in &version.manuals {
        let manual = &site.manuals[at];
        for leaf in &manual.document.pages {
            for section in leaf.sections.iter().filter(|section| section.level > 0) {
                let Some(title) = section.path.last().filter(|title| !title.trim().is_empty()) else {
                    continue;
                };
                let fragment = match section.anchor.as_str() {
                    "" => format!("page-{}", leaf.number),
                    anchor => anchor.to_owned(),
                };
                let line = Line {
                    title,
                    document: &manual.document.title,
                    href: format!("{}#{fragment}", manual.url),
                    page: manual.document.paged.then_some(leaf.number),
                };
                letters.entry(letter(title)).or_default().push(line);
            }
        }
    }
    for lines in letters.values_mut() {
        lines.sort_by_cached_key(|line| (line.title.to_lowercase(), line.href.clone()));
    }
    letters
}

fn letter(title: &str) -> char {
    let first = title.chars().find(|c| c.is_alphanumeric());
    first.filter(|c| c.is_alphabetic()).and_then(|c| c.to_uppercase().next()).unwrap_or(OTHER)
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn headings_stand_under_their_first_letter() {
        for (title, wanted) in
            [("Dialog", 'D'), ("`maxRetries`", 'M'), ("3.2 Install", '#'), ("épée", 'É'), ("—", '#')]
        {
            assert_eq!(letter(title), wanted, "{title}");
        }
    }
}
