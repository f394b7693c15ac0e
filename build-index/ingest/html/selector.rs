//! The CSS selectors that `mcdewey.toml` may name: elements by name, id, class and attribute, several by commas.
//!
//! ```text
//! main, #content, div.chapter, [data-docs], [role=main]
//! ```
//!
//! Selectors of what stands inside of what are not understood, and are refused rather than read otherwise: a page of a
//! built site marks its content with one of these.

use super::dom::{N, attribute, classes, name};

/// A list of selectors; an element matches if one of them does.
#[derive(Debug, PartialEq, Eq)]
pub struct Selector(Vec<Vec<Part>>);

/// What an element must have.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Any,
    Name(String),
    Id(String),
    Class(String),
    Attribute(String, Option<String>),
}

impl Selector {
    /// Reads a selector; none if it is not understood.
    pub fn parse(text: &str) -> Option<Self> {
        text.split(',').map(|item| compound(item.trim())).collect::<Option<Vec<_>>>().map(Self)
    }

    /// Whether the element matches.
    pub fn matches(&self, node: N<'_>) -> bool {
        node.value().is_element() && self.0.iter().any(|parts| parts.iter().all(|part| part.matches(node)))
    }
}

impl Part {
    fn matches(&self, node: N<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::Name(own) => name(node) == own,
            Self::Id(id) => attribute(node, "id") == Some(id),
            Self::Class(class) => classes(node).any(|own| own == class),
            Self::Attribute(key, None) => attribute(node, key).is_some(),
            Self::Attribute(key, value) => attribute(node, key) == value.as_deref(),
        }
    }
}

/// `div#a.b[c=d]`
fn compound(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let part;
        if let Some(inner) = rest.strip_prefix('[') {
            let (inside, after) = inner.split_once(']')?;
            rest = after;
            let (key, value) =
                inside.split_once('=').map_or((inside, None), |(key, value)| (key, Some(value)));
            let value = value.map(|value| value.trim().trim_matches(['"', '\'']).to_owned());
            part = Part::Attribute(ident(key.trim())?.to_lowercase(), value);
        } else {
            let marked = matches!(first, '#' | '.' | '*');
            let body = if marked { &rest[1..] } else { rest };
            let end = body.find(['#', '.', '[', '*']).unwrap_or(body.len());
            let word = &body[..end];
            rest = &body[end..];
            part = match first {
                '*' => word.is_empty().then_some(Part::Any)?,
                '#' => Part::Id(ident(word)?.to_owned()),
                '.' => Part::Class(ident(word)?.to_owned()),
                _ if parts.is_empty() => Part::Name(ident(word)?.to_lowercase()),
                _ => return None,
            };
        }
        parts.push(part);
    }
    (!parts.is_empty()).then_some(parts)
}

fn ident(word: &str) -> Option<&str> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    (!word.is_empty() && word.chars().all(fits)).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::html::dom;
    use crate::ingest::html::parse::parse;

    #[test]
    fn elements_are_found_by_what_they_have() {
        let parsed = parse("<div id=a class='b c' data-x='1 2'>x</div>");
        let node = dom::find(parsed.tree.root(), "div").unwrap();
        for (text, wanted) in [
            ("div", true),
            ("DIV.b.c#a", true),
            ("p, .c", true),
            ("[data-x]", true),
            ("div[data-x=\"1 2\"]", true),
            ("*", true),
            (".d", false),
            ("#b", false),
            ("[data-x=1]", false),
            ("p.b", false),
        ] {
            assert_eq!(Selector::parse(text).unwrap().matches(node), wanted, "{text}");
        }
        for odd in ["", "a b", "a > b", "a:hover", ".", "a,,b", "[x", "#a b", "*a", ".a*b"] {
            assert_eq!(Selector::parse(odd), None, "{odd}");
        }
    }
}
