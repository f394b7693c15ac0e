//! The pieces of a page → what is indexed (sections and blocks) and what is shown (HTML).

use std::collections::HashSet;
use std::sync::Arc;

use super::blocks::Piece;
use super::lines::{Letter, plain};
use super::links::{PageLinks, Target};
use super::marks::Style;
use crate::document::{Block, Page, Section};
use crate::ingest::Anchors;
use crate::ingest::sanitise;

/// Writes the pages of a document one after the other: a heading governs what follows, over the ends of pages.
pub struct Writer {
    /// The headings above and including the last one, with their levels.
    path: Vec<(u8, String)>,
    /// The anchor of each heading, by its number.
    anchors: Vec<String>,
    /// All that may be linked to: headings and pages.
    known: Arc<HashSet<String>>,
    pages: usize,
}

impl Writer {
    /// For a document with these headings and so many pages.
    pub fn new(headings: &[String], pages: usize) -> Self {
        let mut given = Anchors::default();
        let mut known: HashSet<String> = (1..=pages).map(|page| format!("page-{page}")).collect();
        known.iter().for_each(|page| given.reserve(page.clone()));
        let anchors: Vec<String> = headings.iter().map(|heading| given.of(heading)).collect();
        known.extend(anchors.iter().cloned());
        Self { path: Vec::new(), anchors, known: Arc::new(known), pages }
    }

    /// The sections and the HTML of a page.
    pub fn write(&mut self, page: &mut Page, pieces: &[Piece], links: &PageLinks) {
        let mut sections = vec![self.section(String::new(), 0)];
        let mut html = Html { out: String::new(), list: None, links, pages: self.pages };
        for piece in pieces {
            if let Piece::Heading { level, title, number } = piece {
                let anchor = self.anchors.get(*number).cloned().unwrap_or_default();
                while self.path.last().is_some_and(|(above, _)| above >= level) {
                    self.path.pop();
                }
                self.path.push((*level, title.clone()));
                html.heading(*level, &anchor, title);
                sections.push(self.section(anchor, *level));
                continue;
            }
            html.piece(piece);
            if let Some(section) = sections.last_mut() {
                section.blocks.extend(block(piece));
            }
        }
        html.end_list();
        sections.retain(|section| section.level > 0 || !section.blocks.is_empty());
        page.html = sanitise::clean(&html.out, &self.known);
        page.sections = sections;
    }

    fn section(&self, anchor: String, level: u8) -> Section {
        let path = self.path.iter().map(|(_, title)| title.clone()).collect();
        Section { anchor, path, level, blocks: Vec::new(), contents: false }
    }
}

/// What is indexed of a piece. Headings are their section's, running heads are nobody's.
fn block(piece: &Piece) -> Option<Block> {
    let texts = |cells: &[Vec<Letter>]| cells.iter().map(|cell| plain(cell)).collect::<Vec<String>>();
    match piece {
        Piece::Heading { .. } | Piece::Running(_) => None,
        Piece::Paragraph(text) => Some(Block::Text(plain(text))),
        Piece::Item { number: Some(number), text } => Some(Block::Text(format!("{number}. {}", plain(text)))),
        Piece::Item { number: None, text } => Some(Block::Text(format!("• {}", plain(text)))),
        Piece::Code(text) => Some(Block::Code { language: String::new(), text: text.clone() }),
        Piece::Lines { lines, .. } => Some(Block::Text(texts(lines).join("\n"))),
        Piece::Table { header, rows } => {
            Some(Block::Table { header: texts(header), rows: rows.iter().map(|row| texts(row)).collect() })
        }
    }
}

/// The HTML of a page while it is written.
struct Html<'l> {
    out: String,
    /// The list that is open.
    list: Option<&'static str>,
    links: &'l PageLinks,
    pages: usize,
}

impl Html<'_> {
    fn heading(&mut self, level: u8, anchor: &str, title: &str) {
        self.end_list();
        let title = html_escape::encode_text(title);
        let anchor = html_escape::encode_double_quoted_attribute(anchor);
        self.put(&format!("<h{level} id=\"{anchor}\">{title}</h{level}>\n"));
    }

    fn piece(&mut self, piece: &Piece) {
        if let Piece::Item { number, text } = piece {
            self.item(*number, text);
            return;
        }
        self.end_list();
        match piece {
            Piece::Heading { .. } | Piece::Item { .. } => {}
            Piece::Paragraph(text) => self.wrapped("<p>", text, "</p>\n"),
            Piece::Running(text) => self.wrapped("<p class=\"running\">", text, "</p>\n"),
            Piece::Code(text) => {
                self.put("<pre><code>");
                self.put(&html_escape::encode_text(text));
                self.put("\n</code></pre>\n");
            }
            Piece::Lines { lines, columns } => {
                let (open, between, close) =
                    if *columns { ("<pre>", "\n", "\n</pre>\n") } else { ("<p>", "<br>\n", "</p>\n") };
                self.put(open);
                for (at, line) in lines.iter().enumerate() {
                    self.put(if at > 0 { between } else { "" });
                    self.letters(line);
                }
                self.put(close);
            }
            Piece::Table { header, rows } => {
                self.put("<table>");
                if !header.is_empty() {
                    self.put("<thead>");
                    self.row("th", header);
                    self.put("</thead>");
                }
                self.put("<tbody>\n");
                rows.iter().for_each(|row| self.row("td", row));
                self.put("</tbody></table>\n");
            }
        }
    }

    fn item(&mut self, number: Option<u32>, text: &[Letter]) {
        let tag = if number.is_some() { "ol" } else { "ul" };
        if self.list != Some(tag) {
            self.end_list();
            match number {
                Some(number) if number != 1 => self.put(&format!("<ol start=\"{number}\">\n")),
                _ => self.put(&format!("<{tag}>\n")),
            }
            self.list = Some(tag);
        }
        self.wrapped("<li>", text, "</li>\n");
    }

    fn end_list(&mut self) {
        if let Some(tag) = self.list.take() {
            self.put(&format!("</{tag}>\n"));
        }
    }

    fn row(&mut self, tag: &str, cells: &[Vec<Letter>]) {
        self.put("<tr>");
        for cell in cells {
            self.wrapped(&format!("<{tag}>"), cell, &format!("</{tag}>"));
        }
        self.put("</tr>\n");
    }

    fn wrapped(&mut self, open: &str, text: &[Letter], close: &str) {
        self.put(open);
        self.letters(text);
        self.put(close);
    }

    /// Text with its links and looks.
    fn letters(&mut self, letters: &[Letter]) {
        for linked in letters.chunk_by(|a, b| a.link == b.link) {
            let href = self.href(linked[0].link);
            if let Some(href) = &href {
                let href = html_escape::encode_double_quoted_attribute(href).into_owned();
                self.put(&format!("<a href=\"{href}\">"));
            }
            for alike in linked.chunk_by(|a, b| a.style == b.style) {
                self.styled(alike);
            }
            if href.is_some() {
                self.put("</a>");
            }
        }
    }

    fn styled(&mut self, letters: &[Letter]) {
        let style = letters[0].style;
        let tags = [(Style::BOLD, "strong"), (Style::ITALIC, "em"), (Style::MONO, "code")];
        let tags: Vec<&str> = tags.into_iter().filter(|(is, _)| style.has(*is)).map(|(_, tag)| tag).collect();
        tags.iter().for_each(|tag| self.put(&format!("<{tag}>")));
        self.put(&html_escape::encode_text(&plain(letters)));
        tags.iter().rev().for_each(|tag| self.put(&format!("</{tag}>")));
    }

    fn href(&self, link: u16) -> Option<String> {
        match self.links.target(link)? {
            Target::Page(page) => (*page < self.pages).then(|| format!("#page-{}", page + 1)),
            Target::Address(address) => leads_on(address).then(|| address.clone()),
        }
    }

    fn put(&mut self, html: &str) {
        self.out.push_str(html);
    }
}

/// Whether an address is one that the sanitiser lets stand: it names a scheme, and a harmless one. One without a scheme
/// would lead somewhere on this site.
fn leads_on(address: &str) -> bool {
    let scheme = address.split_once(':').map_or("", |(scheme, _)| scheme);
    ["http", "https", "mailto", "tel"].iter().any(|known| known.eq_ignore_ascii_case(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str, style: Style) -> Vec<Letter> {
        text.chars().map(|letter| Letter { letter, style, link: 0 }).collect()
    }

    #[test]
    fn sections_go_on_over_pages_and_html_is_escaped() {
        let heading = |level, title: &str, number| Piece::Heading { level, title: title.to_owned(), number };
        let mut writer = Writer::new(&["A & B".to_owned(), "Page 2".to_owned()], 2);
        let mut first = Page { number: 1, ..Page::default() };
        let mut bold = text("x <y>", Style::default());
        bold.extend(text("z", Style::BOLD));
        let pieces = [
            Piece::Running(text("head", Style::default())),
            heading(1, "A & B", 0),
            Piece::Paragraph(bold),
            heading(2, "Page 2", 1),
            Piece::Item { number: Some(3), text: text("three", Style::default()) },
            Piece::Item { number: None, text: text("dot", Style::default()) },
        ];
        writer.write(&mut first, &pieces, &PageLinks::default());
        assert_eq!(
            first.html,
            "<p class=\"running\">head</p>\n<h1 id=\"a--b\">A &amp; B</h1>\n<p>x &lt;y&gt;<strong>z</strong></p>\n\
             <h2 id=\"page-2-1\">Page 2</h2>\n<ol start=\"3\">\n<li>three</li>\n</ol>\n<ul>\n<li>dot</li>\n</ul>\n"
        );
        assert_eq!(first.sections.len(), 2);
        assert_eq!(first.sections[1].path, ["A & B", "Page 2"]);
        let mut second = Page { number: 2, ..Page::default() };
        writer.write(&mut second, &[Piece::Code("a < b".to_owned())], &PageLinks::default());
        assert_eq!(second.sections[0].path, ["A & B", "Page 2"]);
        assert_eq!((second.sections[0].level, second.sections[0].anchor.as_str()), (0, ""));
        assert_eq!(second.html, "<pre><code>a &lt; b\n</code></pre>\n");
    }
}
