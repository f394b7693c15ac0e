//! The content of a page → sections and blocks: the text that is indexed.
//!
//! A heading begins a section. So does a term with an address (`<dt id>`, as reference manuals have for every option and
//! function): its section ends with its list, and what follows goes on under the heading.

use super::content::Content;
use super::dom::{self, N, attribute, classes, each, heading_level, is_inline, name, says};
use super::parse::DEEPEST;
use super::prepare::Plan;
use super::{code, pagefind, table};
use crate::document::{Block, Section};
use crate::ingest::contents::{is_contents, letters};
use crate::ingest::links::Link;
use crate::ingest::markup::squeezed;
use crate::ingest::sanitise::has_scheme;

/// Deepest list whose items are still indented further than those of the list around it.
const DEEPEST_SHOWN: usize = 4;

/// Level of a section that a term begins: below every heading.
const TERM_LEVEL: u8 = 6;

/// Below this many elements text is read without their structure. The parser's limit can be passed a little where it
/// moves elements.
const DEEPEST_READ: usize = 2 * DEEPEST;

/// The sections of the content, in order. Text before the first heading is a section without one.
pub fn sections(content: &Content<'_>, plan: &Plan) -> Vec<Section> {
    let mut reader = Reader::new(content, plan);
    for root in &content.roots {
        reader.children(*root, 0);
        reader.end_text();
    }
    let letters = reader.link_letters;
    for (section, letters) in reader.sections.iter_mut().zip(letters) {
        section.contents = is_contents(section, letters);
    }
    reader.sections.retain(|section| section.level > 0 || !section.blocks.is_empty());
    reader.sections
}

/// The text of an element in one line, as it is read.
pub fn text_of(content: &Content<'_>, node: N<'_>) -> String {
    let mut text = String::new();
    each(node, |inner| {
        if let Some(part) = inner.value().as_text() {
            put(&mut text, part);
        } else if name(inner) == "br" || (inner.value().is_element() && !is_inline(inner)) {
            text.push(' ');
        }
        if name(inner) == "img" {
            put(&mut text, attribute(inner, "alt").unwrap_or_default());
        }
        !content.is_skipped(inner)
    });
    squeezed(&text)
}

/// Adds text as browsers show it: every white space is a blank, soft hyphens and zero-width spaces are not seen.
fn put(text: &mut String, part: &str) {
    text.extend(
        part.chars()
            .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}'))
            .map(|c| if c.is_whitespace() { ' ' } else { c }),
    );
}

/// A list around what is being read.
struct List {
    /// The number of its next item.
    next: Option<i64>,
}

/// A heading or a term that governs what is being read.
struct Open {
    level: u8,
    text: String,
    anchor: String,
    term: bool,
}

struct Reader<'p, 'a> {
    content: &'p Content<'a>,
    plan: &'p Plan,
    sections: Vec<Section>,
    /// Letters of each section's text that link to other places of the library.
    link_letters: Vec<usize>,
    open: Vec<Open>,
    lists: Vec<List>,
    /// Text of the paragraph being read.
    text: String,
    /// What goes in front of the next text: a list marker, an admonition's title.
    prefix: String,
    /// Inside a link to another place of the library.
    linked: bool,
    /// The last term's list has ended, so that what follows belongs to the heading again.
    resumes: bool,
}

impl<'p, 'a> Reader<'p, 'a> {
    fn new(content: &'p Content<'a>, plan: &'p Plan) -> Self {
        Self {
            content,
            plan,
            sections: vec![Section::default()],
            link_letters: vec![0],
            open: Vec::new(),
            lists: Vec::new(),
            text: String::new(),
            prefix: String::new(),
            linked: false,
            resumes: false,
        }
    }

    fn children(&mut self, node: N<'a>, depth: usize) {
        for child in node.children() {
            self.read(child, depth + 1);
        }
    }

    fn read(&mut self, node: N<'a>, depth: usize) {
        if let Some(text) = node.value().as_text() {
            if self.linked
                && let Some(count) = self.link_letters.last_mut()
            {
                *count += letters(text);
            }
            put(&mut self.text, text);
            return;
        }
        if !node.value().is_element() {
            return;
        }
        if self.content.is_skipped(node) {
            if !is_inline(node) {
                self.text.push(' ');
            }
            return;
        }
        for text in pagefind::attribute_texts(node) {
            self.text.push(' ');
            put(&mut self.text, text);
            self.text.push(' ');
        }
        if depth > DEEPEST_READ {
            let text = text_of(self.content, node);
            self.text.push(' ');
            self.text.push_str(&text);
            return;
        }
        if let Some(level) = heading_level(node) {
            return self.heading(node, level);
        }
        match name(node) {
            "br" => self.text.push('\n'),
            "img" => put(&mut self.text, attribute(node, "alt").unwrap_or_default()),
            "input" => self.text.push_str(if dom::has(node, "checked") { "[x] " } else { "[ ] " }),
            "math" => {
                let text = formula(node);
                put(&mut self.text, &text);
            }
            "pre" => self.code(node),
            "table" if !self.plan.layouts.contains(&node.id()) => self.table(node),
            "ul" | "ol" | "menu" => {
                self.end_text();
                let first = attribute(node, "start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
                self.lists.push(List { next: (name(node) == "ol").then_some(first) });
                self.children(node, depth);
                self.end_text();
                self.lists.pop();
                self.prefix.clear();
            }
            "li" => self.item(node, depth),
            "dl" => {
                self.end_text();
                let open = self.open.len();
                self.children(node, depth);
                self.end_text();
                if self.open.len() > open {
                    self.open.truncate(open);
                    self.resumes = true;
                }
            }
            "dt" => self.term(node, depth),
            "a" => {
                let inner =
                    matches!(self.plan.links.get(&node.id()), Some(Link::Inside(url)) if !has_scheme(url));
                let before = std::mem::replace(&mut self.linked, inner);
                self.children(node, depth);
                self.linked = before;
            }
            _ if classes(node).any(|class| class == "admonition-title") => {
                self.end_text();
                self.prefix = format!("{}: ", text_of(self.content, node));
            }
            _ if is_inline(node) => self.children(node, depth),
            _ => {
                self.end_text();
                self.children(node, depth);
                self.end_text();
            }
        }
    }

    fn heading(&mut self, node: N<'a>, level: u8) {
        self.end_text();
        self.prefix.clear();
        let text = text_of(self.content, node);
        let anchor = self.plan.anchors.get(&node.id()).cloned().unwrap_or_default();
        if text.is_empty() {
            return;
        }
        self.open.retain(|open| !open.term && open.level < level);
        self.begin(Open { level, text, anchor, term: false });
    }

    /// A term: with an address it begins a section, below the terms of the lists around its own.
    fn term(&mut self, node: N<'a>, depth: usize) {
        self.end_text();
        let Some(anchor) = self.plan.anchors.get(&node.id()) else {
            self.children(node, depth);
            return self.end_text();
        };
        let text = text_of(self.content, node);
        let own = node.ancestors().filter(|above| name(*above) == "dl").count();
        let kept = self.open.iter().filter(|open| !open.term).count();
        self.open.truncate(kept + own.saturating_sub(1));
        self.begin(Open { level: TERM_LEVEL, text, anchor: anchor.clone(), term: true });
    }

    fn begin(&mut self, open: Open) {
        self.resumes = false;
        let (level, anchor) = (open.level, open.anchor.clone());
        self.open.push(open);
        self.sections.push(Section { anchor, path: self.path(), level, ..Section::default() });
        self.link_letters.push(0);
    }

    fn path(&self) -> Vec<String> {
        self.open.iter().map(|open| open.text.clone()).collect()
    }

    fn item(&mut self, node: N<'a>, depth: usize) {
        self.end_text();
        let pad = "  ".repeat(self.lists.len().saturating_sub(1).min(DEEPEST_SHOWN));
        self.prefix = match self.lists.last_mut().and_then(|list| list.next.as_mut()) {
            Some(next) => {
                let number =
                    attribute(node, "value").and_then(|value| value.trim().parse().ok()).unwrap_or(*next);
                *next = number.saturating_add(1);
                format!("{pad}{number}. ")
            }
            None => format!("{pad}• "),
        };
        self.children(node, depth);
        self.end_text();
        self.prefix.clear();
    }

    fn code(&mut self, node: N<'a>) {
        let text = code::text(self.content, node);
        // Lines that are only their numbers stand beside the code.
        if text.is_empty() || text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace()) {
            return;
        }
        self.end_text();
        self.put_prefix();
        self.push(Block::Code { language: code::language(node), text });
    }

    fn table(&mut self, node: N<'a>) {
        self.end_text();
        self.put_prefix();
        let (caption, header, rows) = table::read(self.content, node);
        if !caption.is_empty() {
            self.push(Block::Text(caption));
        }
        if !header.is_empty() || !rows.is_empty() {
            self.push(Block::Table { header, rows });
        }
    }

    /// A prefix that no text follows directly stands alone, unless it is only a list marker.
    fn put_prefix(&mut self) {
        let prefix = std::mem::take(&mut self.prefix);
        let words = prefix.trim().trim_end_matches(':');
        if words.chars().any(char::is_alphabetic) {
            self.push(Block::Text(words.to_owned()));
        }
    }

    fn end_text(&mut self) {
        let text = std::mem::take(&mut self.text);
        let lines: Vec<String> = text.lines().map(squeezed).filter(|line| !line.is_empty()).collect();
        if !lines.is_empty() {
            let prefix = std::mem::take(&mut self.prefix);
            self.push(Block::Text(format!("{prefix}{}", lines.join("\n"))));
        }
    }

    fn push(&mut self, block: Block) {
        if std::mem::take(&mut self.resumes) {
            let anchor = self.open.last().map(|open| open.anchor.clone()).unwrap_or_default();
            self.sections.push(Section { anchor, path: self.path(), ..Section::default() });
            self.link_letters.push(0);
        }
        if let Some(section) = self.sections.last_mut() {
            section.blocks.push(block);
        }
    }
}

/// A formula as it was written, where the page still has that.
pub fn formula(math: N<'_>) -> String {
    let tex = math.descendants().find(|node| says(*node, "encoding", "application/x-tex"));
    squeezed(&dom::raw_text(tex.unwrap_or(math)))
}

/// The texts of the top headings, in order.
pub fn top_headings(content: &Content<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for root in &content.roots {
        each(*root, |node| {
            if heading_level(node) == Some(1) && !content.is_skipped(node) {
                found.extend(Some(text_of(content, node)).filter(|text| !text.is_empty()));
            }
            !content.is_skipped(node)
        });
    }
    found
}
