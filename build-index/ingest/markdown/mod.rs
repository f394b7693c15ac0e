//! Markdown → [`Document`].
//!
//! Passes over the lines come first, each keeping the lines' numbers: MDX to Markdown, page markers, shortcodes,
//! admonitions. Then comrak parses once; the tree is read twice, for the blocks that are indexed and for the HTML that
//! is shown. Page markers stand in the tree as comments at its top level, so both know which page they are on.

pub mod links;
pub mod page_marker;

mod admonition;
mod blocks;
pub mod front_matter;
mod lines;
mod mdx;
mod nesting;
mod prepare;
mod render;
mod shortcode;

use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options};

use super::Context;
use crate::document::{Document, Note, Page, Section, Weight};
use crate::url;
use lines::Line;
use page_marker::{Leaf, Marker};

/// Reads a text. `mdx`: it is Markdown with JSX.
pub fn read(text: &str, mdx: bool, context: Context<'_>) -> Document {
    let (facts, length) = front_matter::read(text);
    let first = 1 + u32::try_from(text[..length].matches('\n').count()).unwrap_or(u32::MAX - 1);
    let body = &text[length..];
    let mut notes = Vec::new();
    let mut lines = lines::split(body, first);
    nesting::flatten(&mut lines, &mut notes);
    if mdx {
        let (reduced, note) = mdx::reduce(lines::join(&lines).trim_end_matches('\n'), first);
        notes.extend(note);
        lines = lines::split(&reduced, first);
    }
    let (lines, markers) = page_marker::mark(lines, context.page_forms);
    let lines = admonition::rewrite(shortcode::rewrite(lines));

    let arena = Arena::new();
    let options = options();
    let root = comrak::parse_document(&arena, &lines::join(&lines), &options);
    let parsed = Parsed { root, lines: &lines };
    let stretches = parsed.stretches();
    let (leaves, page_of) = parsed.pages(&markers, &stretches, &mut notes);
    let prepared = prepare::prepare(&parsed, &arena, &leaves, context);
    notes.extend(prepared.notes);

    let paged = !leaves.is_empty();
    let mut pages = html_pages(&render::html(root, &options, &prepared.shown, &parsed), &page_of, leaves);
    for page in &mut pages {
        page.html = super::sanitise::clean(&page.html, &prepared.anchors);
    }
    blocks::read(&stretches, &page_of, prepared.headings, &mut pages);
    for (stretch, image) in prepared.images {
        let page = page_of.get(stretch).copied().unwrap_or(0);
        if let Some(page) = pages.get_mut(page) {
            page.images.push(image);
        }
    }
    let title = facts.title.or_else(|| first_title(&pages)).unwrap_or_else(|| readable_name(context.source));
    Document { source: context.source.to_owned(), title, language: facts.language, pages, paged, notes }
}

/// The parsed tree and the lines it was parsed from.
struct Parsed<'a, 'l> {
    root: Node<'a>,
    lines: &'l [Line],
}

impl<'a> Parsed<'a, '_> {
    /// Line of the file on which a node begins.
    fn line(&self, node: Node<'a>) -> u32 {
        self.source_line(node).map_or(1, |line| line.number)
    }

    fn source_line(&self, node: Node<'a>) -> Option<&Line> {
        self.lines.get(node.data().sourcepos.start.line.checked_sub(1)?)
    }

    /// Whether a node is the comment that stands for a page marker.
    fn is_marker(&self, node: Node<'a>) -> bool {
        matches!(node.data().value, NodeValue::HtmlBlock(_))
            && self.source_line(node).is_some_and(|line| line.marker.is_some())
    }

    /// The top-level nodes between page markers.
    fn stretches(&self) -> Vec<Vec<Node<'a>>> {
        let mut stretches = vec![Vec::new()];
        for node in self.root.children() {
            if self.is_marker(node) {
                stretches.push(Vec::new());
            } else if let Some(stretch) = stretches.last_mut() {
                stretch.push(node);
            }
        }
        stretches
    }

    /// The pages, and for every stretch the page it stands on.
    fn pages(
        &self,
        markers: &[Marker],
        stretches: &[Vec<Node<'a>>],
        notes: &mut Vec<Note>,
    ) -> (Vec<Leaf>, Vec<usize>) {
        // A marker may have been swallowed by HTML that was never closed; then only those that stand are counted.
        let standing: Vec<Marker> = self
            .root
            .children()
            .filter(|node| self.is_marker(node))
            .filter_map(|node| markers.get(self.source_line(node)?.marker?).cloned())
            .collect();
        if standing.len() < markers.len() {
            notes.push(Note {
                weight: Weight::Doubtful,
                line: None,
                text: format!(
                    "{} of its {} page markers stand inside HTML that is not closed and were not seen; close it before the page ends",
                    markers.len() - standing.len(),
                    markers.len()
                ),
            });
        }
        let says = |node: &Node<'a>| !matches!(node.data().value, NodeValue::ThematicBreak);
        let has_text: Vec<bool> = stretches.iter().map(|stretch| stretch.iter().any(says)).collect();
        page_marker::pages(&standing, &has_text)
    }
}

/// The pages with their HTML, which is cut where the markers stood.
fn html_pages(html: &str, page_of: &[usize], leaves: Vec<Leaf>) -> Vec<Page> {
    let mut pages: Vec<Page> = leaves
        .into_iter()
        .map(|leaf| Page { number: leaf.number, label: leaf.label, ..Page::default() })
        .collect();
    if pages.is_empty() {
        pages.push(Page { number: 1, ..Page::default() });
    }
    for (at, part) in html.split(render::PAGE_CUT).enumerate() {
        let page = page_of.get(at).copied().unwrap_or(pages.len() - 1);
        if let Some(page) = pages.get_mut(page) {
            page.html.push_str(part);
        }
    }
    pages
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    options.extension.math_dollars = true;
    options.extension.math_code = true;
    // Raw HTML passes through here and is sanitised afterwards with everything else.
    options.render.r#unsafe = true;
    options
}

fn first_title(pages: &[Page]) -> Option<String> {
    let sections = pages.iter().flat_map(|page| &page.sections);
    sections.filter(|section| section.level == 1).find_map(last_heading)
}

fn last_heading(section: &Section) -> Option<String> {
    section.path.last().filter(|text| !text.is_empty()).cloned()
}

/// `getting-started.md` → `Getting started`; `README.md` has its folder's name.
pub fn readable_name(source: &str) -> String {
    let mut parts = url::components(source);
    if parts.len() > 1 && parts.last().is_some_and(|name| url::is_folder_file(name)) {
        parts.pop();
    }
    let name = parts.pop().unwrap_or_default().replace(['-', '_'], " ");
    let mut letters = name.trim().chars();
    letters
        .next()
        .map_or_else(|| "Untitled".to_owned(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
#[expect(clippy::use_debug, reason = "a golden dump is read by whoever works on the reader")]
mod golden;
