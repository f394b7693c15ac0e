//! Files for machines: the sitemap, `robots.txt`, `llms.txt`, the manifest that makes the site installable, and the name
//! of the service worker.

use std::collections::BTreeSet;

use serde_json::json;

use super::layout::absolute;
use super::shelves::Shelves;
use super::{Site, headings, leaf, markdown};
use crate::texts::direction;

/// A sitemap may name no more addresses than this (sitemaps.org).
const SITEMAP_ADDRESSES: usize = 50_000;

/// Every page's address, if it is known where the site will live. The protocol wants absolute ones.
pub(super) fn sitemap(site: &Site<'_>, shelves: &Shelves<'_>) -> Option<String> {
    let public = site.public_url?;
    let lists = shelves.products().flat_map(|(_, product)| {
        std::iter::once(&product.url).chain(product.versions.iter().map(|version| &version.url))
    });
    let letters = shelves
        .products()
        .flat_map(|(_, product)| product.versions.iter().filter_map(|one| headings::url(site, shelves, one)));
    let leaves = site.manuals.iter().flat_map(|manual| {
        manual.document.pages.iter().filter_map(|page| leaf::url(site, shelves, manual, page.number))
    });
    let manuals = site.manuals.iter().map(|manual| manual.url.to_owned());
    // Where they are too many, single pages go first: their manuals lead to them.
    let all = lists.cloned().chain(manuals).chain(letters).chain(leaves);
    let mut seen = BTreeSet::new();
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let all = std::iter::once(String::new()).chain(all).filter(|url| seen.insert(url.clone()));
    for url in all.take(SITEMAP_ADDRESSES) {
        let address = absolute(public, &url).replace('&', "&amp;").replace('<', "&lt;");
        text.push_str(&format!("<url><loc>{address}</loc></url>\n"));
    }
    text.push_str("</urlset>\n");
    Some(text)
}

/// Everything may be read; the sitemap is named where there is one.
pub(super) fn robots(site: &Site<'_>) -> String {
    let mut text = String::from("User-agent: *\nAllow: /\n");
    if let Some(public) = site.public_url {
        text.push_str(&format!("Sitemap: {}\n", absolute(public, "sitemap.xml")));
    }
    text
}

/// The library as a language model reads it (llmstxt.org): a title, a sentence, lists of links to Markdown, and for each
/// version one to all of its text.
pub(super) fn llms(site: &Site<'_>, shelves: &Shelves<'_>) -> String {
    let link = |path: &str| site.public_url.map_or_else(|| path.to_owned(), |public| absolute(public, path));
    let mut text = format!("# {}\n\n> {}\n", one_line(site.name), one_line(site.description));
    for (vendor, product) in shelves.products() {
        for version in &product.versions {
            let name = [vendor.unwrap_or(""), product.name, version.name].join(" ");
            text.push_str(&format!("\n## {}\n\n", one_line(&name)));
            for manual in version.manuals.iter().map(|&at| &site.manuals[at]) {
                let title = one_line(&manual.document.title).replace('[', "\\[").replace(']', "\\]");
                text.push_str(&format!("- [{title}]({})", link(&markdown::path(manual.url))));
                if manual.document.paged {
                    text.push_str(&format!(": {} pages", manual.document.pages.len()));
                }
                text.push('\n');
            }
            text.push_str(&format!("- [All of it in one file]({})\n", link(&markdown::full_path(version))));
        }
    }
    text
}

/// The manifest of the installable site. Its addresses are relative to itself, at the root.
pub(super) fn manifest(site: &Site<'_>) -> String {
    let app = |name: &str| format!("{}/{name}", site.app_base);
    let manifest = json!({
        "name": site.name,
        "short_name": site.name.chars().take(30).collect::<String>(),
        "description": site.description,
        "lang": site.texts.language,
        "dir": direction(&site.texts.language).unwrap_or("ltr"),
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "display_override": ["minimal-ui"],
        "background_color": "#faf7f0",
        "theme_color": "#7b2d20",
        "id": "./",
        "icons": [
            { "src": app("icon-192.png"), "type": "image/png", "sizes": "192x192", "purpose": "any" },
            { "src": app("icon-512.png"), "type": "image/png", "sizes": "512x512", "purpose": "any" },
            { "src": app("icon-maskable.png"), "type": "image/png", "sizes": "512x512", "purpose": "maskable" },
            { "src": app("favicon.svg"), "type": "image/svg+xml", "sizes": "any", "purpose": "any" },
        ],
        "shortcuts": [{ "name": site.texts.pages.frame.search, "url": "./search/" }],
    });
    format!("{manifest:#}\n")
}

/// What lets a browser offer this library among its search engines. It wants an absolute address.
pub(super) fn open_search(site: &Site<'_>) -> Option<String> {
    let public = site.public_url?;
    let text = |text: &str| html_escape::encode_text(text).into_owned();
    // The name that browsers show has at most 16 characters (OpenSearch 1.1).
    let short: String = site.name.chars().take(16).collect();
    Some(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
         <ShortName>{}</ShortName>\n\
         <Description>{}</Description>\n\
         <InputEncoding>UTF-8</InputEncoding>\n\
         <Image width=\"192\" height=\"192\" type=\"image/png\">{}</Image>\n\
         <Url type=\"text/html\" template=\"{}?q={{searchTerms}}\"/>\n\
         </OpenSearchDescription>\n",
        text(&short),
        text(site.description),
        text(&absolute(public, &format!("{}/icon-192.png", site.app_base))),
        text(&absolute(public, "search/")),
    ))
}

/// The service worker's name that stays; what it does belongs to the build. It lies at the root because a service worker
/// sees only what is below it.
pub(super) fn service_worker(site: &Site<'_>) -> String {
    format!("import \"./{}/service-worker.js\";\n", site.app_base)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
