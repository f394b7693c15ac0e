//! The parsed tree → sections and blocks: the text that is indexed.

use comrak::arena_tree::NodeEdge;
use comrak::nodes::{ListType, Node, NodeValue};

use crate::document::{Block, Page, Section};
use crate::ingest::contents::{is_contents, letters};
use crate::ingest::markup;
use crate::ingest::sanitise::has_scheme;

/// Deepest list whose items are still indented further than those of the list around it.
const DEEPEST_SHOWN: usize = 4;
/// The address of a link whose text stays and whose tag goes. A NUL cannot come from a document.
pub const NO_LINK: &str = "\0";

/// Fills the pages with their sections. `headings` are anchor and text of all headings, in order.
pub fn read<'a>(
    stretches: &[Vec<Node<'a>>],
    page_of: &[usize],
    headings: Vec<(String, String)>,
    pages: &mut [Page],
) {
    let mut headings = headings.into_iter();
    let mut open: Vec<(u8, String)> = Vec::new();
    let path = |open: &[(u8, String)]| open.iter().map(|(_, text)| text.clone()).collect::<Vec<String>>();
    for (at_page, page) in pages.iter_mut().enumerate() {
        page.sections.push(Section { path: path(&open), ..Section::default() });
        let mut link_letters = vec![0];
        let own =
            stretches.iter().zip(page_of).filter(|(_, of)| **of == at_page).flat_map(|(nodes, _)| nodes);
        for node in own {
            if let NodeValue::Heading(heading) = node.data().value {
                let (anchor, text) = headings.next().unwrap_or_default();
                open.retain(|(level, _)| *level < heading.level);
                open.push((heading.level, text));
                page.sections.push(Section {
                    anchor,
                    path: path(&open),
                    level: heading.level,
                    ..Section::default()
                });
                link_letters.push(0);
                continue;
            }
            // Headings inside quotes and lists have anchors but open no section.
            let inner = node
                .descendants()
                .filter(|inner| matches!(inner.data().value, NodeValue::Heading(_)))
                .count();
            headings.by_ref().take(inner).for_each(drop);
            if let (Some(section), Some(letters)) = (page.sections.last_mut(), link_letters.last_mut()) {
                blocks_of(node, "", &mut section.blocks);
                *letters += letters_in_inner_links(node);
            }
        }
        for (section, letters) in page.sections.iter_mut().zip(link_letters) {
            section.contents = is_contents(section, letters);
        }
        page.sections.retain(|section| section.level > 0 || !section.blocks.is_empty());
    }
}

/// Letters of a node's text that link to other places of the library.
fn letters_in_inner_links(node: Node<'_>) -> usize {
    node.descendants()
        .filter(|inner| matches!(&inner.data().value, NodeValue::Link(link) if link.url != NO_LINK && !has_scheme(&link.url)))
        .map(|link| letters(&inline_text(link)))
        .sum()
}

/// The blocks of one node; `prefix` (a list marker, an alert's title) goes in front of its first text.
fn blocks_of(node: Node<'_>, prefix: &str, blocks: &mut Vec<Block>) {
    let data = node.data();
    match &data.value {
        NodeValue::Paragraph | NodeValue::Heading(_) => {
            let text = inline_text(node);
            if !text.is_empty() {
                blocks.push(Block::Text(format!("{prefix}{text}")));
            }
        }
        NodeValue::CodeBlock(code) => {
            put_prefix(prefix, blocks);
            let text = code.literal.trim_matches('\n').trim_end();
            if !text.is_empty() {
                blocks.push(Block::Code { language: code.info.clone(), text: text.to_owned() });
            }
        }
        NodeValue::HtmlBlock(html) => {
            let mut found = markup::blocks(&html.literal);
            if let (Some(Block::Text(text)), false) = (found.first_mut(), prefix.is_empty()) {
                text.insert_str(0, prefix);
            }
            blocks.extend(found);
        }
        NodeValue::Table(_) => {
            put_prefix(prefix, blocks);
            blocks.push(table(node));
        }
        NodeValue::List(list) => {
            put_prefix(prefix, blocks);
            let depth = node
                .ancestors()
                .skip(1)
                .filter(|above| matches!(above.data().value, NodeValue::List(_)))
                .count();
            let pad = "  ".repeat(depth.min(DEEPEST_SHOWN));
            for (at, item) in node.children().enumerate() {
                let marker = match (list.list_type, &item.data().value) {
                    (_, NodeValue::TaskItem(task)) => {
                        format!("{pad}• {}", if task.symbol.is_some() { "[x] " } else { "[ ] " })
                    }
                    (ListType::Ordered, _) => format!("{pad}{}. ", list.start + at),
                    (ListType::Bullet, _) => format!("{pad}• "),
                };
                children(item, &marker, blocks);
            }
        }
        NodeValue::Alert(alert) => {
            let title = alert.title.clone().unwrap_or_else(|| alert.alert_type.default_title().to_owned());
            children(node, &format!("{prefix}{title}: "), blocks);
        }
        NodeValue::ThematicBreak => {}
        _ => children(node, prefix, blocks),
    }
}

fn children(node: Node<'_>, prefix: &str, blocks: &mut Vec<Block>) {
    let mut prefix = prefix;
    for child in node.children() {
        let before = blocks.len();
        blocks_of(child, prefix, blocks);
        if blocks.len() > before {
            prefix = "";
        }
    }
}

/// A prefix that no text follows directly stands alone, unless it is only a list marker.
fn put_prefix(prefix: &str, blocks: &mut Vec<Block>) {
    let words = prefix.trim().trim_end_matches(':');
    if words.chars().any(char::is_alphabetic) {
        blocks.push(Block::Text(words.to_owned()));
    }
}

fn table(node: Node<'_>) -> Block {
    let mut header = Vec::new();
    let mut rows = Vec::new();
    for row in node.children() {
        let cells: Vec<String> = row.children().map(|cell| markup::squeezed(&inline_text(cell))).collect();
        if matches!(row.data().value, NodeValue::TableRow(true)) {
            header = cells;
        } else if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(cells);
        }
    }
    if header.iter().all(String::is_empty) {
        header.clear();
    }
    Block::Table { header, rows }
}

/// The plain text below a node: line breaks kept, pictures by their alternative text.
pub fn inline_text(node: Node<'_>) -> String {
    let mut text = String::new();
    let mut unread = false;
    for edge in node.traverse() {
        let NodeEdge::Start(inner) = edge else { continue };
        let data = inner.data();
        if let NodeValue::HtmlInline(tag) = &data.value {
            let lower = tag.to_ascii_lowercase();
            if lower.starts_with("<script") || lower.starts_with("<style") {
                unread = true;
            } else if lower.starts_with("</script") || lower.starts_with("</style") {
                unread = false;
            } else if lower.starts_with("<br") {
                text.push('\n');
            } else {
                for block in markup::blocks(tag) {
                    if let Block::Text(alt) = block {
                        text.push_str(&alt);
                    }
                }
            }
            continue;
        }
        if unread {
            continue;
        }
        match &data.value {
            NodeValue::Text(part) => text.push_str(part),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::Math(math) => {
                let mark = if math.display_math { "$$" } else { "$" };
                text.push_str(&format!("{mark}{}{mark}", math.literal));
            }
            NodeValue::SoftBreak => text.push(' '),
            NodeValue::LineBreak => text.push('\n'),
            _ => {}
        }
    }
    let lines: Vec<String> = text.lines().map(markup::squeezed).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// The language an info string names: `{.bash}`, `sh title="x"` and `c++,linenos` all name one.
pub fn language(info: &str) -> String {
    let info = info.trim().trim_start_matches(['{', '.', ' ']);
    let end = info
        .find(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}' | ':' | '"' | '=' | '\''))
        .unwrap_or(info.len());
    info[..end].to_lowercase()
}
