//! The content of a page → HTML for the site, before it is sanitised: the same text without what is not read, with links
//! and pictures that lead to the site's own copies.
//!
//! Elements that only group (`<div>`, `<section>`) are left out; what hung on their ids moves into the next element that
//! shows something, so that links to it still arrive.

use html_escape::{encode_double_quoted_attribute as quoted, encode_text};

use super::content::Content;
use super::dom::{N, attribute, classes, has, heading_level, is_inline, name};
use super::parse::DEEPEST;
use super::prepare::Plan;
use super::{blocks, code};
use crate::ingest::links::{Link, Picture};

/// Attributes that say something about text and tables.
const KEPT: [&str; 13] = [
    "align", "checked", "colspan", "datetime", "dir", "lang", "open", "rowspan", "scope", "span", "start",
    "title", "type",
];

/// Kinds of note that the site draws apart, by the class that generators give them.
const ALERTS: [(&str, &str); 12] = [
    ("note", "note"),
    ("info", "note"),
    ("seealso", "note"),
    ("tip", "tip"),
    ("hint", "tip"),
    ("important", "important"),
    ("warning", "warning"),
    ("attention", "warning"),
    ("caution", "caution"),
    ("danger", "caution"),
    ("error", "caution"),
    ("deprecated", "warning"),
];

/// HTML of the content.
pub fn html(content: &Content<'_>, plan: &Plan) -> String {
    let mut writer = Writer { content, plan, out: String::new(), pending: Vec::new() };
    for root in &content.roots {
        writer.put(*root, 0);
    }
    writer.place_ids();
    writer.out
}

struct Writer<'p, 'a> {
    content: &'p Content<'a>,
    plan: &'p Plan,
    out: String,
    /// Ids of elements that are not written, waiting for one that is.
    pending: Vec<&'p str>,
}

impl<'a> Writer<'_, 'a> {
    fn put(&mut self, node: N<'a>, depth: usize) {
        if let Some(text) = node.value().as_text() {
            if !text.trim().is_empty() {
                self.place_ids();
            }
            self.out.push_str(&encode_text(text));
            return;
        }
        if !node.value().is_element() || self.content.is_skipped(node) {
            return;
        }
        if depth > 2 * DEEPEST {
            let text = blocks::text_of(self.content, node);
            self.out.push_str(&encode_text(&text));
            return;
        }
        let tag = name(node);
        if let Some(level) = heading_level(node) {
            let anchor = self.plan.anchors.get(&node.id()).map_or("", String::as_str);
            self.out.push_str(&format!("<h{level} id=\"{}\">", quoted(anchor)));
            self.place_ids();
            self.children(node, depth);
            self.out.push_str(&format!("</h{level}>\n"));
            return;
        }
        match tag {
            "pre" => self.code(node),
            "a" => self.link(node, depth),
            "img" => self.picture(node),
            "math" => self
                .out
                .push_str(&format!("<span class=\"math\">{}</span>", encode_text(&blocks::formula(node)))),
            "br" | "hr" | "wbr" => self.out.push_str(&format!("<{tag}>")),
            "table" if self.plan.layouts.contains(&node.id()) => self.group(node, depth),
            "html" | "body" | "main" | "article" | "section" | "header" | "aside" | "center" | "form"
            | "figure" => {
                self.group(node, depth);
            }
            "tbody" | "tr" | "td" | "th" if self.is_of_layout(node) => {
                self.group(node, depth);
            }
            "div" => self.division(node, depth),
            _ => self.element(node, tag, depth),
        }
    }

    fn children(&mut self, node: N<'a>, depth: usize) {
        for child in node.children() {
            self.put(child, depth + 1);
        }
    }

    /// Whether the cell or row is one of a table that only arranges.
    fn is_of_layout(&self, node: N<'a>) -> bool {
        let table = node.ancestors().find(|above| name(*above) == "table");
        table.is_some_and(|table| self.plan.layouts.contains(&table.id()))
    }

    /// Only what is inside, as blocks of its own.
    fn group(&mut self, node: N<'a>, depth: usize) {
        self.pending.extend(self.plan.ids.get(&node.id()).map(String::as_str));
        self.children(node, depth);
    }

    fn division(&mut self, node: N<'a>, depth: usize) {
        let kind = classes(node).find_map(|class| ALERTS.iter().find(|(own, _)| *own == class));
        let admonition = classes(node).any(|class| class.starts_with("admonition"));
        if let (Some((_, alert)), true) = (kind, admonition) {
            self.pending.extend(self.plan.ids.get(&node.id()).map(String::as_str));
            self.out.push_str(&format!("<div class=\"markdown-alert markdown-alert-{alert}\">"));
            self.children(node, depth);
            self.out.push_str("</div>\n");
            return;
        }
        let holds_lines = node.children().any(|child| {
            child.value().as_text().is_some_and(|text| !text.trim().is_empty())
                || (is_inline(child) && child.descendants().any(|inner| inner.value().as_text().is_some()))
        });
        if holds_lines { self.element(node, "div", depth) } else { self.group(node, depth) }
    }

    fn element(&mut self, node: N<'a>, tag: &str, depth: usize) {
        self.out.push('<');
        self.out.push_str(tag);
        let id = self.plan.ids.get(&node.id()).or_else(|| self.plan.anchors.get(&node.id()));
        if let Some(id) = id {
            self.out.push_str(&format!(" id=\"{}\"", quoted(id)));
        }
        for key in KEPT {
            if let Some(value) = attribute(node, key) {
                self.out.push_str(&format!(" {key}=\"{}\"", quoted(value)));
            }
        }
        if classes(node).any(|class| class == "admonition-title") {
            self.out.push_str(" class=\"markdown-alert-title\"");
        }
        self.out.push('>');
        if matches!(tag, "input" | "col") {
            return;
        }
        // Inside of these, text would be put outside of the table or list by browsers.
        if !matches!(tag, "table" | "thead" | "tbody" | "tfoot" | "tr" | "colgroup" | "ul" | "ol" | "dl") {
            self.place_ids();
        }
        self.children(node, depth);
        self.out.push_str(&format!("</{tag}>"));
        if !is_inline(node) {
            self.out.push('\n');
        }
    }

    fn code(&mut self, node: N<'a>) {
        let text = code::text(self.content, node);
        if text.is_empty() {
            return;
        }
        self.pending.extend(self.plan.ids.get(&node.id()).map(String::as_str));
        self.place_ids();
        let language = code::language(node);
        let class = if language.is_empty() {
            String::new()
        } else {
            format!(" class=\"language-{}\"", quoted(&language))
        };
        self.out.push_str(&format!("<pre><code{class}>{}\n</code></pre>\n", encode_text(&text)));
    }

    fn link(&mut self, node: N<'a>, depth: usize) {
        self.pending.extend(self.plan.ids.get(&node.id()).map(String::as_str));
        let href = match self.plan.links.get(&node.id()) {
            Some(Link::Inside(url) | Link::Outside(url)) => url,
            Some(Link::Gone) | None => return self.children(node, depth),
        };
        self.place_ids();
        self.out.push_str(&format!("<a href=\"{}\">", quoted(href)));
        self.children(node, depth);
        self.out.push_str("</a>");
    }

    fn picture(&mut self, node: N<'a>) {
        let alt = attribute(node, "alt").unwrap_or_default();
        match self.plan.pictures.get(&node.id()) {
            Some(Picture::Shown(image, url)) => {
                self.place_ids();
                self.out.push_str(&format!(
                    "<img src=\"{}\" alt=\"{}\" loading=\"lazy\"",
                    quoted(url),
                    quoted(alt)
                ));
                let own = has(node, "width") || has(node, "height");
                let sizes =
                    [("width", image.size.map(|size| size.0)), ("height", image.size.map(|size| size.1))];
                for (key, size) in sizes {
                    let size = if own {
                        attribute(node, key).map(str::to_owned)
                    } else {
                        size.map(|size| size.to_string())
                    };
                    if let Some(size) = size {
                        self.out.push_str(&format!(" {key}=\"{}\"", quoted(&size)));
                    }
                }
                self.out.push('>');
            }
            Some(Picture::Outside(url)) => {
                let words = if alt.is_empty() { url } else { alt };
                if node.ancestors().any(|above| name(above) == "a") {
                    self.out.push_str(&encode_text(words));
                } else {
                    self.out.push_str(&format!("<a href=\"{}\">{}</a>", quoted(url), encode_text(words)));
                }
            }
            Some(Picture::Gone) | None => self.out.push_str(&encode_text(alt)),
        }
    }

    /// Writes the waiting ids here.
    fn place_ids(&mut self) {
        for id in self.pending.drain(..) {
            self.out.push_str(&format!("<span id=\"{}\"></span>", quoted(id)));
        }
    }
}
