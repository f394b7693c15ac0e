//! Small questions about nodes of the tree.

use ego_tree::NodeRef;

use super::parse::Node;

/// A node of a page.
pub type N<'a> = NodeRef<'a, Node>;

/// Elements within a line; all others end the text before them.
const INLINE: [&str; 37] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "ins", "kbd", "label", "mark", "nobr", "output", "q", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "math",
];

/// The element's lower-case name; empty for what is no element.
pub fn name(node: N<'_>) -> &str {
    node.value().as_element().map_or("", |element| element.name())
}

/// The value of an attribute.
pub fn attribute<'a>(node: N<'a>, name: &str) -> Option<&'a str> {
    node.value().as_element()?.attribute(name)
}

/// Whether the element has an attribute, of whatever value.
pub fn has(node: N<'_>, name: &str) -> bool {
    attribute(node, name).is_some()
}

/// Whether one of the words of an attribute is `word`, in any case of letters.
pub fn says(node: N<'_>, name: &str, word: &str) -> bool {
    attribute(node, name)
        .is_some_and(|value| value.split_ascii_whitespace().any(|own| own.eq_ignore_ascii_case(word)))
}

/// The element's classes.
pub fn classes<'a>(node: N<'a>) -> impl Iterator<Item = &'a str> {
    attribute(node, "class").unwrap_or_default().split_ascii_whitespace()
}

/// The level of a heading, 1 to 6.
pub fn heading_level(node: N<'_>) -> Option<u8> {
    match name(node) {
        "h1" => Some(1),
        "h2" => Some(2),
        "h3" => Some(3),
        "h4" => Some(4),
        "h5" => Some(5),
        "h6" => Some(6),
        _ => None,
    }
}

/// Whether the element stands within a line of text.
pub fn is_inline(node: N<'_>) -> bool {
    INLINE.contains(&name(node))
}

/// The nodes below `root` in order; `enter` sees each and says whether to go below it.
pub fn each<'a>(root: N<'a>, mut enter: impl FnMut(N<'a>) -> bool) {
    let mut next = root.first_child();
    while let Some(node) = next {
        let below = if enter(node) { node.first_child() } else { None };
        next = below.or_else(|| after(node, root));
    }
}

/// The node after `node` and all below it, if it is still below `root`.
fn after<'a>(node: N<'a>, root: N<'a>) -> Option<N<'a>> {
    let mut node = node;
    loop {
        if let Some(next) = node.next_sibling() {
            return Some(next);
        }
        node = node.parent()?;
        if node.id() == root.id() {
            return None;
        }
    }
}

/// The first element of this name below `root`.
pub fn find<'a>(root: N<'a>, wanted: &str) -> Option<N<'a>> {
    root.descendants().find(|node| name(*node) == wanted)
}

/// All text below a node, as it stands, without scripts and styles.
pub fn raw_text(node: N<'_>) -> String {
    let mut text = String::new();
    each(node, |inner| {
        if let Some(part) = inner.value().as_text() {
            text.push_str(part);
        }
        !matches!(name(inner), "script" | "style" | "template")
    });
    text
}
