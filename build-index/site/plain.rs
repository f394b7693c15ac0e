//! Files for machines: the sitemap, `robots.txt`, `llms.txt`, the manifest that makes the site installable, and the name
//! of the service worker.

use std::collections::BTreeSet;

use serde_json::json;

use super::Site;
use super::layout::absolute;
use super::shelves::Shelves;

/// A sitemap may name no more addresses than this (sitemaps.org).
const SITEMAP_ADDRESSES: usize = 50_000;

/// Every page's address, if it is known where the site will live. The protocol wants absolute ones.
pub(super) fn sitemap(site: &Site<'_>, shelves: &Shelves<'_>) -> Option<String> {
    let public = site.public_url?;
    let lists = shelves.products().flat_map(|(_, product)| {
        std::iter::once(&product.url).chain(product.versions.iter().map(|version| &version.url))
    });
    let all = lists.map(String::as_str).chain(site.manuals.iter().map(|manual| manual.url));
    let mut seen = BTreeSet::new();
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for url in std::iter::once("").chain(all).filter(|&url| seen.insert(url)).take(SITEMAP_ADDRESSES) {
        let address = absolute(public, url).replace('&', "&amp;").replace('<', "&lt;");
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

/// The library as a language model reads it (llmstxt.org): a title, a sentence, lists of links.
pub(super) fn llms(site: &Site<'_>, shelves: &Shelves<'_>) -> String {
    let mut text = format!("# {}\n\n> {}\n", one_line(site.name), one_line(site.description));
    for (vendor, product) in shelves.products() {
        for version in &product.versions {
            let name = [vendor.unwrap_or(""), product.name, version.name].join(" ");
            text.push_str(&format!("\n## {}\n\n", one_line(&name)));
            for manual in version.manuals.iter().map(|&at| &site.manuals[at]) {
                let title = one_line(&manual.document.title).replace('[', "\\[").replace(']', "\\]");
                let link = match (site.public_url, manual.url) {
                    (Some(public), url) => absolute(public, url),
                    (None, "") => "./".to_owned(),
                    (None, url) => url.to_owned(),
                };
                text.push_str(&format!("- [{title}]({link})"));
                if manual.document.paged {
                    text.push_str(&format!(": {} pages", manual.document.pages.len()));
                }
                text.push('\n');
            }
        }
    }
    text
}

/// The manifest of the installable site. Its addresses are relative to itself, at the root.
pub(super) fn manifest(site: &Site<'_>) -> String {
    let manifest = json!({
        "name": site.name,
        "short_name": site.name.chars().take(30).collect::<String>(),
        "description": site.description,
        "lang": site.language,
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",
        "background_color": "#faf7f0",
        "theme_color": "#7b2d20",
        "icons": [{
            "src": format!("{}/favicon.svg", site.app_base),
            "type": "image/svg+xml",
            "sizes": "any",
            "purpose": "any",
        }],
    });
    format!("{manifest:#}\n")
}

/// The service worker's name that stays; what it does belongs to the build. It lies at the root because a service worker
/// sees only what is below it.
pub(super) fn service_worker(site: &Site<'_>) -> String {
    format!("import \"./{}/service-worker.js\";\n", site.app_base)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
