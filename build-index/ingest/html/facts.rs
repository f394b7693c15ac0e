//! What a page says about itself: title, language, address, and whether it is one to be read at all.

use super::dom::{self, N, attribute, name, says};
use crate::ingest::markup::squeezed;

/// How far into a page its generator signs it.
const SIGNED_WITHIN: usize = 2000;

/// What the head of a page says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// `<title>`, as it is.
    pub title: String,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// The address that the page says is its own: `http(s)` only.
    pub canonical: Option<String>,
    /// Where the page sends its readers at once.
    redirect: Option<String>,
    /// It asks not to be indexed.
    noindex: bool,
    /// It is what its own links `rel=index` or `rel=search` lead to.
    serves: Option<&'static str>,
    /// It only holds frames.
    frames: bool,
}

impl Facts {
    /// Reads them.
    pub fn of(page: N<'_>) -> Self {
        let mut facts = Self::default();
        for node in page.descendants() {
            match name(node) {
                "html" => facts.language = language(node),
                "title" if facts.title.is_empty() => facts.title = squeezed(&dom::raw_text(node)),
                "meta" => facts.meta(node),
                "link" => facts.link(node),
                "frameset" => facts.frames = true,
                // The heads of some pages go on in their bodies, but not past the first text.
                "main" | "article" | "h1" | "p" => break,
                _ => {}
            }
        }
        facts
    }

    fn meta(&mut self, node: N<'_>) {
        let content = attribute(node, "content").unwrap_or_default();
        let words = || content.split([',', ' ']).map(str::trim);
        if says(node, "name", "robots") && words().any(|word| matches!(word, "noindex" | "none")) {
            self.noindex = true;
        }
        if says(node, "http-equiv", "refresh")
            && let Some((_, target)) = content.split_once([';', ','])
        {
            let target = target.trim().trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
            let target = target.trim_start_matches(['=', ' ', '"', '\'']).trim_end_matches(['"', '\'', ' ']);
            self.redirect = Some(if target.is_empty() { content.to_owned() } else { target.to_owned() });
        }
        if self.language.is_none() && says(node, "http-equiv", "content-language") {
            self.language = tag(content);
        }
    }

    fn link(&mut self, node: N<'_>) {
        let href = attribute(node, "href").unwrap_or_default().trim();
        if says(node, "rel", "canonical") && (href.starts_with("https://") || href.starts_with("http://")) {
            self.canonical = Some(href.to_owned());
        }
        if href == "#" {
            if says(node, "rel", "index") {
                self.serves = Some("an index of words");
            } else if says(node, "rel", "search") {
                self.serves = Some("a search page");
            }
        }
    }

    /// Why the page at `source` is no page of the manual, if it is none.
    pub fn left_out(&self, source: &str, text: &str) -> Option<String> {
        let file = source.rsplit('/').next().unwrap_or(source).to_lowercase();
        let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
        let signed_by = |generator: &str| {
            let head = text.char_indices().nth(SIGNED_WITHIN).map_or(text, |(end, _)| &text[..end]);
            head.contains(generator)
        };
        if let Some(target) = &self.redirect {
            return Some(format!("a redirect, to {target}"));
        }
        if stem == "404" {
            return Some("the page for addresses that are not there".to_owned());
        }
        if self.noindex {
            return Some("a page that asks not to be indexed (robots: noindex)".to_owned());
        }
        if let Some(what) = self.serves {
            return Some(what.to_owned());
        }
        if stem == "print" && signed_by("mdBook") {
            return Some("the whole book once more, for printing".to_owned());
        }
        if (stem.starts_with("genindex") || stem == "py-modindex") && signed_by("_static/") {
            return Some("an index of words".to_owned());
        }
        if self.frames {
            return Some("a frame around other pages".to_owned());
        }
        None
    }
}

fn language(html: N<'_>) -> Option<String> {
    attribute(html, "lang").and_then(tag).or_else(|| attribute(html, "xml:lang").and_then(tag))
}

/// A language tag, if it looks like one: what stands here goes into the page's own `lang`.
fn tag(value: &str) -> Option<String> {
    let value = value.trim().replace('_', "-");
    let fits =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let first = value.split('-').next().unwrap_or_default();
    (value.split('-').all(fits) && first.len() >= 2 && first.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::html::parse::parse;

    fn facts(text: &str) -> Facts {
        Facts::of(parse(text).tree.root())
    }

    #[test]
    fn the_head_is_read() {
        let found = facts(
            "<html lang=de_AT><title> A\n &amp; B </title><link rel=canonical href=' https://x.org/a '><p>",
        );
        assert_eq!((found.title.as_str(), found.language.as_deref()), ("A & B", Some("de-AT")));
        assert_eq!(found.canonical.as_deref(), Some("https://x.org/a"));
        assert_eq!(
            facts("<html lang='\"><script>'><link rel=canonical href=javascript:1>"),
            Facts::default()
        );
    }

    #[test]
    fn pages_that_are_none_of_the_manual_are_told() {
        for (source, text, why) in [
            ("a.html", "<meta http-equiv=refresh content='0; URL=b.html'>", "a redirect, to b.html"),
            ("a.html", "<meta http-equiv=refresh content=\"3;url='../c/'\">", "a redirect, to ../c/"),
            ("a.html", "<meta name=Robots content='nofollow, noindex'>", "asks not to be indexed"),
            ("x/404.html", "<p>Gone", "not there"),
            ("genindex.html", "<link rel=index href='#'>", "an index of words"),
            ("genindex-A.html", "<script src=_static/doctools.js></script>", "an index of words"),
            ("suche.html", "<link rel=search href='#'>", "a search page"),
            ("print.html", "<!-- Book generated using mdBook --><p>x", "for printing"),
        ] {
            let found = facts(text).left_out(source, text).unwrap_or_default();
            assert!(found.contains(why), "{text}: {found:?}");
        }
        for (source, text) in [
            ("a.html", "<meta http-equiv=refresh content=30><meta name=robots content='index, follow'>"),
            ("print.html", "<p>How to print"),
            ("genindex.html", "<p>How indexes are made"),
            ("search.html", "<link rel=search href=other.html>"),
        ] {
            assert_eq!(facts(text).left_out(source, text), None, "{text}");
        }
    }
}
