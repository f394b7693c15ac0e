//! HTML that came from a document → HTML that is safe on the site. The last step for every reader.
//!
//! Allowed is what manuals are made of: text, lists, tables, code, pictures, `<details>`, `<kbd>`, `<sup>`. Scripts,
//! styles, forms, frames, event handlers and links other than http(s), mailto and relative ones are gone. An `id` from
//! the document could hide one of the site's own elements from its scripts, so all but the headings' anchors get a prefix.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use ammonia::{Builder, UrlRelative};

use super::attributes::with_few_attributes;
use super::tags::{self, Piece};
use crate::url;

/// Put in front of every `id` of the document that is no anchor of a section, and of links to it.
pub const ID_PREFIX: &str = "user-content-";

/// What an `<a>` to another site carries.
const OUTSIDE_REL: &str = " rel=\"noopener noreferrer\"";

/// Deepest element. Browsers themselves stop at 512; an HTML parser takes quadratic time in this number.
const DEEPEST: usize = 200;

/// Elements that hold nothing or end by themselves, so that they open no level.
const UNCOUNTED: [&str; 20] = [
    "area", "base", "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "p", "source",
    "tbody", "td", "th", "thead", "tr", "wbr",
];

/// Sanitised HTML. `anchors` are the ids of headings; these stay as they are.
pub fn clean(html: &str, anchors: &Arc<HashSet<String>>) -> String {
    clean_with(html, anchors, is_heading)
}

/// Sanitised HTML of a web page, whose `ids` stay as they are wherever they stand: its links lead to terms, rows and
/// sections as well. Each of them stands there once, and none is one that the site uses itself.
pub fn clean_page(html: &str, ids: &Arc<HashSet<String>>) -> String {
    clean_with(html, ids, |_| true)
}

fn clean_with(html: &str, anchors: &Arc<HashSet<String>>, keeps_id: fn(&str) -> bool) -> String {
    let anchors = Arc::clone(anchors);
    let mut builder = Builder::default();
    builder
        .add_tags(["section", "input", "figure", "figcaption", "details", "summary", "center"])
        .rm_tags(["map", "area"])
        .add_generic_attributes(["id"])
        .add_tag_attributes("a", ["name"])
        .add_tag_attributes("code", ["class"])
        .add_tag_attributes("pre", ["class"])
        .add_tag_attributes("span", ["class"])
        .add_tag_attributes("div", ["class"])
        .add_tag_attributes("p", ["class"])
        .add_tag_attributes("section", ["class"])
        .add_tag_attributes("ul", ["class"])
        .add_tag_attributes("li", ["class"])
        .add_tag_attributes("sup", ["class"])
        .add_tag_attributes("input", ["type", "checked", "disabled"])
        .add_tag_attributes("img", ["loading"])
        .add_tag_attributes("details", ["open"])
        .set_tag_attribute_value("input", "disabled", "")
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .strip_comments(true)
        .attribute_filter(move |element, attribute, value| match attribute {
            "id" | "name" if anchors.contains(value) && (attribute == "name" || keeps_id(element)) => {
                Some(value.into())
            }
            "id" | "name" => Some(format!("{ID_PREFIX}{value}").into()),
            "href" => match value.strip_prefix('#') {
                Some(target) if !target.is_empty() && !anchors.contains(&url::decode(target)) => {
                    Some(format!("#{ID_PREFIX}{target}").into())
                }
                _ => Some(value.into()),
            },
            "src" if element == "img" && has_scheme(value) => None,
            "type" if element == "input" => Some("checkbox".into()),
            "class" => classes(value).map(Into::into),
            _ => Some(value.into()),
        });
    mark_outside_links(&builder.clean(&with_few_attributes(&shallow(html))).to_string())
}

/// The HTML without the elements that stand deeper than [`DEEPEST`] levels; their content stays.
fn shallow(html: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut done = 0;
    let mut open: Vec<String> = Vec::new();
    let mut dropped: Vec<String> = Vec::new();
    let mut at = 0;
    for piece in tags::pieces(html) {
        let from = at;
        at += tags::length(&piece);
        let drop = match &piece {
            Piece::Open(tag) if UNCOUNTED.contains(&tag.name.as_str()) => false,
            Piece::Open(tag) if open.len() >= DEEPEST => {
                dropped.push(tag.name.clone());
                true
            }
            Piece::Open(tag) => {
                open.push(tag.name.clone());
                false
            }
            Piece::Close(name, _) if dropped.last() == Some(name) => {
                dropped.pop();
                true
            }
            Piece::Close(name, _) => {
                if let Some(level) = open.iter().rposition(|own| own == name) {
                    open.truncate(level);
                }
                false
            }
            Piece::Text(_) | Piece::Other(_) => false,
        };
        if drop {
            kept.push_str(&html[done..from]);
            done = at;
        }
    }
    if done == 0 {
        return Cow::Borrowed(html);
    }
    kept.push_str(&html[done..]);
    Cow::Owned(kept)
}

fn is_heading(element: &str) -> bool {
    matches!(element, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Only the classes that our own renderer writes: a document cannot dress up as the site.
fn classes(value: &str) -> Option<String> {
    let known = |class: &&str| {
        class.starts_with("language-")
            || class.starts_with("markdown-alert")
            || class.starts_with("footnote")
            || matches!(*class, "contains-task-list" | "task-list-item" | "math" | "running")
    };
    let kept: Vec<&str> = value.split_ascii_whitespace().filter(known).collect();
    (!kept.is_empty()).then(|| kept.join(" "))
}

/// Whether an address names a scheme or a host, so that it leaves the site.
pub fn has_scheme(address: &str) -> bool {
    address.starts_with("//")
        || address.find([':', '/', '?', '#']).is_some_and(|at| {
            at > 0 && address.as_bytes()[at] == b':' && address.as_bytes()[0].is_ascii_alphabetic()
        })
}

fn mark_outside_links(html: &str) -> String {
    let mut marked = String::with_capacity(html.len());
    let mut done = 0;
    for piece in tags::pieces(html) {
        let Piece::Open(tag) = piece else { continue };
        if tag.name == "a" && tag.attribute("href").is_some_and(has_scheme) {
            let end = tag.range.end - 1;
            marked.push_str(&html[done..end]);
            marked.push_str(OUTSIDE_REL);
            done = end;
        }
    }
    marked.push_str(&html[done..]);
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(html: &str) -> String {
        clean(html, &Arc::new(HashSet::from(["setup".to_owned()])))
    }

    #[test]
    fn hostile_html_is_disarmed() {
        for (html, wanted) in [
            ("<script>alert(1)</script>ok", "ok"),
            ("<img src=\"a.png\" onerror=\"alert(1)\">", "<img src=\"a.png\">"),
            ("<a href=\"javascript:alert(1)\">x</a>", "<a>x</a>"),
            ("<a href=\"JaVaScRiPt&#58;alert(1)\">x</a>", "<a>x</a>"),
            ("<a href=\"data:text/html,x\">x</a>", "<a>x</a>"),
            ("<p style=\"background:url(x)\">x</p>", "<p>x</p>"),
            ("<style>p{color:red}</style>x", "x"),
            ("<iframe src=\"//evil\"></iframe>x", "x"),
            (
                "<form action=\"/x\"><input type=\"text\" name=\"q\"></form>",
                "<input type=\"checkbox\" disabled=\"\">",
            ),
            ("<svg onload=\"alert(1)\"><script>1</script></svg>x", "x"),
            ("<div id=\"search\" class=\"results\">x</div>", "<div id=\"user-content-search\">x</div>"),
            ("<h2 id=\"setup\">x</h2>", "<h2 id=\"setup\">x</h2>"),
            ("<b id=\"setup\">x</b>", "<b id=\"user-content-setup\">x</b>"),
            (
                "<a href=\"#setup\">x</a><a href=\"#other\">y</a>",
                "<a href=\"#setup\">x</a><a href=\"#user-content-other\">y</a>",
            ),
            ("<img src=\"https://evil/pixel.gif\" alt=\"x\">", "<img alt=\"x\">"),
            ("<base href=\"//evil\"><meta http-equiv=\"refresh\" content=\"0\">x", "x"),
        ] {
            assert_eq!(cleaned(html), wanted, "{html}");
        }
    }

    #[test]
    fn links_to_other_sites_give_nothing_away() {
        assert_eq!(
            cleaned("<a title=\"<a\" href=\"https://example.org/\">x</a><a href=\"../b/\">y</a>"),
            "<a title=\"&lt;a\" href=\"https://example.org/\" rel=\"noopener noreferrer\">x</a><a href=\"../b/\">y</a>"
        );
    }

    #[test]
    fn a_flood_of_attributes_costs_little() {
        let flood: String = (0..200_000).map(|n| format!(" a{n}=\"\"")).collect();
        assert_eq!(cleaned(&format!("<p{flood}>text</p>")), "<p>text</p>");
    }

    #[test]
    fn what_manuals_are_made_of_stays() {
        for html in [
            "<details open=\"\"><summary>More</summary><kbd>Ctrl</kbd> x<sup>2</sup></details>",
            "<table><thead><tr><th align=\"left\">a</th></tr></thead><tbody><tr><td colspan=\"2\">b</td></tr></tbody></table>",
            "<pre><code class=\"language-rust\">fn x() {}</code></pre>",
            "<img src=\"../media/0f.png\" alt=\"a\" width=\"3\" height=\"4\" loading=\"lazy\">",
        ] {
            assert_eq!(cleaned(html), html);
        }
    }
}
