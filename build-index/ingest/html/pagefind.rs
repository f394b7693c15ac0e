//! Pagefind's attributes, so that a site made for it needs no change.
//!
//! | attribute | here |
//! |---|---|
//! | `data-pagefind-body` | only what has it is read; where one page of a manual has it, pages without it are left out |
//! | `data-pagefind-ignore` | not read; with `all`, its metadata and filters are not read either |
//! | `data-pagefind-meta` | `title` is the page's title; other keys mean nothing here |
//! | `data-pagefind-filter` | `vendor`, `product` and `version` are the page's place in the library |
//! | `data-pagefind-index-attrs` | the named attributes are read as text |
//! | `data-pagefind-weight` | not honoured, but for `0`: not read. Words rank here by where they stand |

use super::dom::{self, N, attribute};
use crate::ingest::markup::squeezed;

/// What Pagefind never reads.
pub const DROPPED: [&str; 11] =
    ["head", "style", "script", "noscript", "label", "form", "svg", "footer", "nav", "iframe", "template"];

/// Where the page says it belongs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Its title.
    pub title: Option<String>,
    /// Who makes the product.
    pub vendor: Option<String>,
    /// The product.
    pub product: Option<String>,
    /// Its version.
    pub version: Option<String>,
}

/// Whether the element is not to be read.
pub fn ignores(node: N<'_>) -> bool {
    let weightless = || {
        let weight =
            attribute(node, "data-pagefind-weight").and_then(|weight| weight.trim().parse::<f32>().ok());
        weight.is_some_and(|weight| weight <= 0.0)
    };
    dom::has(node, "data-pagefind-ignore") || weightless()
}

/// Whether nothing at all may be learned from the element.
fn excludes(node: N<'_>) -> bool {
    let value = attribute(node, "data-pagefind-ignore").map(|value| value.trim().to_lowercase());
    value.is_some_and(|value| !matches!(value.as_str(), "" | "index" | "true"))
}

/// What the page's metadata and filters name.
pub fn named(root: N<'_>) -> Named {
    let mut named = Named::default();
    let mut default_title = None;
    dom::each(root, |node| {
        if excludes(node) {
            return false;
        }
        for (key, value) in pairs(node, "data-pagefind-meta") {
            if key == "title" {
                named.title = Some(value);
            }
        }
        for (key, value) in pairs(node, "data-pagefind-default-meta") {
            if key == "title" {
                default_title = Some(value);
            }
        }
        for (key, value) in pairs(node, "data-pagefind-filter") {
            let place = match key.to_lowercase().as_str() {
                "vendor" => &mut named.vendor,
                "product" => &mut named.product,
                "version" => &mut named.version,
                _ => continue,
            };
            place.get_or_insert(value);
        }
        true
    });
    named.title = named.title.or(default_title);
    named
}

/// The texts of the attributes that the element asks to be read.
pub fn attribute_texts<'a>(node: N<'a>) -> impl Iterator<Item = &'a str> {
    let names = attribute(node, "data-pagefind-index-attrs").unwrap_or_default();
    names.split(',').filter_map(move |name| attribute(node, name.trim()))
}

/// Keys and values of an attribute: `key` (the element's text), `key:value`, `key[attribute]`, several by commas.
fn pairs(node: N<'_>, name: &str) -> Vec<(String, String)> {
    let Some(written) = attribute(node, name) else { return Vec::new() };
    let mut found = Vec::new();
    // A value may hold commas: only the last item may be of the form `key:value`.
    let mut rest = written;
    while !rest.trim().is_empty() {
        let comma = rest.find(',').unwrap_or(rest.len());
        let colon = rest.find(':').unwrap_or(rest.len());
        let item;
        (item, rest) =
            if colon < comma { (rest, "") } else { (&rest[..comma], rest.get(comma + 1..).unwrap_or("")) };
        let (key, value) = if let Some((key, value)) = item.split_once(':') {
            (key, value.to_owned())
        } else if let Some((key, of)) = item.trim().strip_suffix(']').and_then(|item| item.split_once('[')) {
            (key, attribute(node, of.trim()).unwrap_or_default().to_owned())
        } else {
            (item, dom::raw_text(node))
        };
        let value = squeezed(&value);
        if !value.is_empty() {
            found.push((key.trim().to_owned(), value));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::html::parse::parse;

    #[test]
    fn title_and_place_are_read_in_every_form() {
        let parsed = parse(
            "<body data-pagefind-filter='Product:Phone, Inc.'><h1 data-pagefind-meta=title>A <b>B</b></h1>
             <meta content=v2 data-pagefind-filter='version[content], section'>
             <p data-pagefind-ignore=all data-pagefind-filter=vendor>Not me</p>
             <p data-pagefind-ignore data-pagefind-filter=vendor>Acme</p>
             <p data-pagefind-default-meta='title:Other'>x</p>",
        );
        let named = named(parsed.tree.root());
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            named,
            Named {
                title: text("A B"),
                vendor: text("Acme"),
                product: text("Phone, Inc."),
                version: text("v2")
            }
        );
    }

    #[test]
    fn a_comma_parts_items_only_before_a_value() {
        let parsed = parse("<p data-pagefind-meta='image[src], date, title:One, two' src=a.png>Today</p>");
        let node = dom::find(parsed.tree.root(), "p").unwrap();
        let found = pairs(node, "data-pagefind-meta");
        let found: Vec<(&str, &str)> = found.iter().map(|(key, value)| (&**key, &**value)).collect();
        assert_eq!(found, [("image", "a.png"), ("date", "Today"), ("title", "One, two")]);
    }
}
