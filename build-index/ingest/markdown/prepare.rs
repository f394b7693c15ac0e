//! One walk over the parsed tree before it is read: headings get their anchors, links and pictures their targets.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use comrak::Arena;
use comrak::nodes::{Ast, AstNode, Node, NodeLink, NodeValue};

use super::Parsed;
use super::blocks::{self, NO_LINK};
use super::page_marker::Leaf;
use crate::document::{Image, Note};
use crate::ingest::links::{Link, Picture, Resolver};
use crate::ingest::tags::{self, Piece};
use crate::ingest::{Anchors, Context};

/// What the walk found.
pub struct Prepared {
    /// Anchor and text of every heading of the document, in order.
    pub headings: Vec<(String, String)>,
    /// All anchors of headings.
    pub anchors: Arc<HashSet<String>>,
    /// Pictures, each with the stretch between page markers it stands in.
    pub images: Vec<(usize, Image)>,
    /// What the renderer has to know.
    pub shown: Shown,
    /// What was doubtful.
    pub notes: Vec<Note>,
}

/// What the renderer has to know beside the tree.
#[derive(Default, Clone)]
pub struct Shown {
    /// Anchors of the headings, in order.
    pub anchors: Vec<String>,
    /// Pixel sizes of pictures by their address on the page.
    pub sizes: HashMap<String, (u32, u32)>,
}

/// Walks the tree and changes it in place.
pub fn prepare<'a>(
    parsed: &Parsed<'a, '_>,
    arena: &'a Arena<'a>,
    leaves: &[Leaf],
    context: Context<'_>,
) -> Prepared {
    let mut anchors = Anchors::default();
    for leaf in leaves {
        anchors.reserve(format!("page-{}", leaf.number));
    }
    let mut walk = Walk {
        parsed,
        arena,
        resolver: Resolver::new(context),
        anchors,
        headings: Vec::new(),
        images: Vec::new(),
        sizes: HashMap::new(),
        stretch: 0,
    };
    let nodes: Vec<Node<'a>> = parsed.root.descendants().collect();
    for node in nodes {
        walk.visit(node);
    }
    let shown = Shown {
        anchors: walk.headings.iter().map(|(anchor, _)| anchor.clone()).collect(),
        sizes: walk.sizes,
    };
    Prepared {
        anchors: Arc::new(shown.anchors.iter().cloned().collect()),
        headings: walk.headings,
        images: walk.images,
        shown,
        notes: walk.resolver.notes,
    }
}

struct Walk<'a, 'p, 'l, 'c> {
    parsed: &'p Parsed<'a, 'l>,
    arena: &'a Arena<'a>,
    resolver: Resolver<'c>,
    anchors: Anchors,
    headings: Vec<(String, String)>,
    images: Vec<(usize, Image)>,
    sizes: HashMap<String, (u32, u32)>,
    stretch: usize,
}

impl<'a> Walk<'a, '_, '_, '_> {
    fn visit(&mut self, node: Node<'a>) {
        if self.parsed.is_marker(node) {
            self.stretch += 1;
            return;
        }
        let line = self.parsed.line(node);
        let value = node.data().value.clone();
        match value {
            NodeValue::Heading(_) => {
                let own = take_own_anchor(node);
                let text = blocks::inline_text(node);
                let anchor = match own {
                    Some(own) => self.anchors.unique(own),
                    None => self.anchors.of(&text),
                };
                self.headings.push((anchor, text));
            }
            NodeValue::Link(link) => {
                let url = match self.resolver.link(&link.url, line) {
                    Link::Inside(url) | Link::Outside(url) => url,
                    Link::Gone => NO_LINK.to_owned(),
                };
                set(node, NodeValue::Link(Box::new(NodeLink { url, title: link.title })));
            }
            NodeValue::Image(link) => self.picture(node, &link, line),
            NodeValue::HtmlBlock(mut block) => {
                block.literal = self.markup(&block.literal, line);
                set(node, NodeValue::HtmlBlock(block));
            }
            NodeValue::HtmlInline(literal) => set(node, NodeValue::HtmlInline(self.markup(&literal, line))),
            NodeValue::CodeBlock(mut block) => {
                block.info = blocks::language(&block.info);
                set(node, NodeValue::CodeBlock(block));
            }
            _ => {}
        }
    }

    fn picture(&mut self, node: Node<'a>, link: &NodeLink, line: u32) {
        let alt = blocks::inline_text(node);
        match self.resolver.picture(&link.url, &alt, line) {
            Picture::Shown(image, url) => {
                if let Some(size) = image.size {
                    self.sizes.insert(url.clone(), size);
                }
                self.images.push((self.stretch, image));
                set(node, NodeValue::Image(Box::new(NodeLink { url, title: link.title.clone() })));
            }
            Picture::Outside(url) => {
                if node.first_child().is_none() {
                    let text = NodeValue::Text(url.clone().into());
                    let start = node.data().sourcepos.start;
                    node.append(self.arena.alloc(AstNode::from(Ast::new(text, start))));
                }
                // Inside of a link, HTML allows no second one.
                let url = if inside_link(node) { NO_LINK.to_owned() } else { url };
                set(node, NodeValue::Link(Box::new(NodeLink { url, title: String::new() })));
            }
            Picture::Gone => {
                set(
                    node,
                    NodeValue::Link(Box::new(NodeLink { url: NO_LINK.to_owned(), title: String::new() })),
                );
            }
        }
    }

    /// Resolves the links and pictures in a piece of HTML.
    fn markup(&mut self, html: &str, line: u32) -> String {
        let mut out = String::new();
        let mut done = 0;
        let mut counted = 0;
        let mut at_line = line;
        for piece in tags::pieces(html) {
            let Piece::Open(tag) = piece else { continue };
            at_line += u32::try_from(html[counted..tag.range.start].matches('\n').count()).unwrap_or(0);
            counted = tag.range.start;
            let written = match tag.name.as_str() {
                "a" => self.anchor_tag(&tag, at_line),
                "img" => self.image_tag(&tag, at_line),
                _ => continue,
            };
            if let Some(written) = written {
                out.push_str(&html[done..tag.range.start]);
                out.push_str(&written);
                done = tag.range.end;
            }
        }
        out.push_str(&html[done..]);
        out
    }

    fn anchor_tag(&mut self, tag: &tags::Tag<'_>, line: u32) -> Option<String> {
        let href = tag.attribute("href")?;
        match self.resolver.link(href, line) {
            Link::Outside(_) => None,
            Link::Inside(url) => Some(written("a", tag, &[("href", Some(url))])),
            Link::Gone => Some(written("a", tag, &[("href", None)])),
        }
    }

    fn image_tag(&mut self, tag: &tags::Tag<'_>, line: u32) -> Option<String> {
        let alt = tag.attribute("alt").unwrap_or_default();
        match self.resolver.picture(tag.attribute("src").unwrap_or_default(), alt, line) {
            Picture::Shown(image, url) => {
                let mut changes = vec![("src", Some(url)), ("loading", Some("lazy".to_owned()))];
                let own_size = tag.attribute("width").is_some() || tag.attribute("height").is_some();
                if let (Some((width, height)), false) = (image.size, own_size) {
                    changes.push(("width", Some(width.to_string())));
                    changes.push(("height", Some(height.to_string())));
                }
                self.images.push((self.stretch, image));
                Some(written("img", tag, &changes))
            }
            Picture::Outside(url) => {
                let words = if alt.is_empty() { &url } else { alt };
                let (href, text) =
                    (html_escape::encode_double_quoted_attribute(&url), html_escape::encode_text(words));
                Some(format!("<a href=\"{href}\">{text}</a>"))
            }
            Picture::Gone => Some(html_escape::encode_text(alt).into_owned()),
        }
    }
}

/// The tag with attributes changed (or, with `None`, left out).
fn written(name: &str, tag: &tags::Tag<'_>, changes: &[(&str, Option<String>)]) -> String {
    let mut out = format!("<{name}");
    let mut put = |name: &str, value: &str| {
        out.push_str(&format!(" {name}=\"{}\"", html_escape::encode_double_quoted_attribute(value)));
    };
    for (name, value) in
        tag.attributes.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name))
    {
        put(name, value);
    }
    for (name, value) in changes {
        if let Some(value) = value {
            put(name, value);
        }
    }
    out.push('>');
    out
}

fn set(node: Node<'_>, value: NodeValue) {
    node.data_mut().value = value;
}

fn inside_link(node: Node<'_>) -> bool {
    node.ancestors().skip(1).any(|above| matches!(above.data().value, NodeValue::Link(_)))
}

/// Takes `{#anchor}` off the end of a heading.
fn take_own_anchor(heading: Node<'_>) -> Option<String> {
    let last = heading.last_child()?;
    let mut data = last.data_mut();
    let NodeValue::Text(text) = &mut data.value else { return None };
    let open = text.trim_end().strip_suffix('}')?.rfind('{')?;
    let inner = text[open + 1..].trim_end().trim_end_matches('}').trim();
    let anchor = inner
        .strip_prefix(':')
        .unwrap_or(inner)
        .trim()
        .strip_prefix('#')?
        .split_whitespace()
        .next()?
        .to_owned();
    let kept = text[..open].trim_end().to_owned();
    *text = kept.into();
    Some(anchor)
}
