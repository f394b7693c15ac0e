//! `404.html`: what a host shows for an address that is not there, at any depth.
//!
//! Relative links need a known depth. Where the site's public address is configured, its path is the root and the
//! page is like any other. Where it is not, the page finds the root itself with a script of its own. That script is
//! the one that cannot be a file, because it would have to be found first; the policy names its hash instead.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::Site;
use super::layout::{POLICY, Page};
use crate::texts::{direction, with};

/// Run in the page, so it must not hold `</script`.
const FIND_ROOT: &str = include_str!("find-root.js");

pub(super) fn page(site: &Site<'_>) -> Markup {
    match site.public_url.and_then(path_of) {
        Some(root) => at_known_root(site, root),
        None => at_unknown_root(site),
    }
}

/// The path of a URL, with a `/` at its end: `/manuals/` of `https://docs.example.com/manuals`.
fn path_of(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let path = rest.split_once('/').map_or("", |(_, path)| path.trim_end_matches('/'));
    Some(if path.is_empty() { "/".to_owned() } else { format!("/{path}/") })
}

fn at_known_root(site: &Site<'_>, root: String) -> Markup {
    let texts = &site.texts.pages.missing;
    let page = Page { root, url: None, ..Page::at(site, "", &texts.title) };
    let shelves = html! { a href=(format!("{}#shelves", page.root)) { (texts.look) } };
    let main = html! {
        header.title {
            p.over { "404" }
            h1 { (texts.title) }
        }
        p.lead { (texts.sentence) }
        p { (with(&texts.ways, &[("shelves", shelves)])) }
    };
    page.wrap("missing", &main)
}

fn at_unknown_root(site: &Site<'_>) -> Markup {
    let (texts, frame) = (&site.texts.pages.missing, &site.texts.pages.frame);
    let hash = STANDARD.encode(Sha256::digest(FIND_ROOT));
    let policy = POLICY.replace("script-src 'self'", &format!("script-src 'self' 'sha256-{hash}'"));
    html! {
        (DOCTYPE)
        html lang=(site.texts.language) dir=[direction(&site.texts.language)] {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (texts.title) " · " (site.name) }
                meta name="robots" content="noindex";
            }
            body.missing {
                main id="main" {
                    header.title {
                        p.over { "404 · " (site.name) }
                        h1 { (texts.title) }
                    }
                    p.lead { (texts.sentence) }
                    form.plain role="search" action="/search/" method="get" data-below-root="search/" {
                        label for="q" { (frame.search_the_library) }
                        input id="q" name="q" type="search" autocomplete="off";
                        button type="submit" { (frame.search) }
                    }
                    p { a href="/" data-below-root="" { (texts.shelves) } }
                }
                script data-app=(site.app_base) { (PreEscaped(FIND_ROOT)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_the_path_of_the_public_address() {
        for (url, root) in [
            ("https://docs.example.com", "/"),
            ("https://docs.example.com/", "/"),
            ("https://example.org/manuals", "/manuals/"),
            ("https://example.org/a/b/", "/a/b/"),
        ] {
            assert_eq!(path_of(url).as_deref(), Some(root), "{url}");
        }
        assert_eq!(path_of("docs.example.com"), None);
    }

    #[test]
    fn the_script_cannot_end_early() {
        assert!(!FIND_ROOT.contains("</script"));
    }
}
