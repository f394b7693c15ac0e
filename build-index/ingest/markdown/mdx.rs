//! MDX reduced to Markdown: imports, exports and expressions go, a component's tags go and their text stays.
//!
//! The `markdown` crate finds the constructs and their places; only those places are edited, line by line, so that
//! everything else reaches the Markdown parser as it was written. A file that is no valid MDX is edited by pattern.

use std::ops::Range;

use markdown::mdast::{AttributeContent, AttributeValue, Node};
use markdown::{Constructs, MdxSignal, ParseOptions};

use super::lines::{self, dedent};
use crate::document::{Note, Weight};

/// Properties of a component whose text a reader would see.
const SHOWN: [&str; 5] = ["title", "label", "summary", "heading", "description"];

/// Most emphasis marks in one paragraph or table that are given to the parser, which takes quadratic time in them:
/// two seconds for these.
const MOST_MARKS: usize = 5_000;

/// Most tags in a file that are given to the parser, which takes quadratic time if they nest: two seconds for these.
const MOST_TAGS: usize = 10_000;

/// Most lines in a row without a blank one that are given to the parser, which takes quadratic time in them: 35,000
/// took eight seconds on a busy machine.
const MOST_LINES: usize = 10_000;

/// Furthest a list item may be indented in what is given to the parser, in columns: some thirty lists in each other.
const FURTHEST_ITEM: usize = 100;

/// The Markdown in an MDX text that starts on line `first` of its file, with as many lines.
pub fn reduce(text: &str, first: u32) -> (String, Option<Note>) {
    let options = ParseOptions {
        constructs: Constructs { frontmatter: false, ..Constructs::mdx() },
        // Without a JavaScript parser, a block of imports and exports ends at the first blank line.
        mdx_esm_parse: Some(Box::new(|_| MdxSignal::Ok)),
        ..ParseOptions::mdx()
    };
    if let Some(line) = overloaded(text) {
        let note = Note {
            weight: Weight::Doubtful,
            line: u32::try_from(line).ok().map(|line| line + first),
            text: format!(
                "has more than {MOST_MARKS} emphasis marks in a paragraph, {MOST_TAGS} tags, {MOST_LINES} lines without a blank one or {FURTHEST_ITEM} columns of indentation here; read as Markdown without what looks like components"
            ),
        };
        return (by_pattern(text), Some(note));
    }
    match markdown::to_mdast(text, &options) {
        Ok(tree) => {
            let mut edits = Edits { text, replace: Vec::new(), dedent: Vec::new() };
            edits.visit(&tree);
            (edits.apply(), None)
        }
        Err(message) => {
            let line = match message.place.as_deref() {
                Some(markdown::message::Place::Point(point)) => Some(point.line),
                Some(markdown::message::Place::Position(position)) => Some(position.start.line),
                None => None,
            };
            let note = Note {
                weight: Weight::Doubtful,
                line: line.and_then(|line| u32::try_from(line).ok()).map(|line| line + first - 1),
                text: format!(
                    "is no valid MDX ({}); read as Markdown without what looks like components",
                    message.reason.trim_end_matches('.')
                ),
            };
            (by_pattern(text), Some(note))
        }
    }
}

/// The line, from 0, where there is more than the parser can bear.
fn overloaded(text: &str) -> Option<usize> {
    let mut marks = 0;
    let mut tags = 0;
    let mut lines_so_far = 0;
    for (at, line) in text.lines().enumerate() {
        let own = line.bytes().filter(|byte| matches!(byte, b'*' | b'_' | b'~')).count();
        marks = if line.trim().is_empty() { 0 } else { marks + own };
        lines_so_far = if line.trim().is_empty() { 0 } else { lines_so_far + 1 };
        tags += line.matches('<').count();
        let item =
            line.trim_start().starts_with(|c: char| matches!(c, '-' | '*' | '+' | '>') || c.is_ascii_digit());
        let far = item && lines::indent_columns(line) > FURTHEST_ITEM;
        if marks > MOST_MARKS || tags > MOST_TAGS || lines_so_far > MOST_LINES || far {
            return Some(at);
        }
    }
    None
}

struct Edits<'a> {
    text: &'a str,
    replace: Vec<(Range<usize>, String)>,
    /// Lines (from 0) and the columns by which they are indented inside a component.
    dedent: Vec<(Range<usize>, usize)>,
}

impl Edits<'_> {
    fn visit(&mut self, node: &Node) {
        let Some(place) = node.position() else { return };
        let range = place.start.offset..place.end.offset;
        match node {
            Node::MdxjsEsm(_) | Node::MdxFlowExpression(_) => self.replace.push((range, String::new())),
            Node::MdxTextExpression(expression) => {
                // A heading's own anchor, as `{#set-up}` or `{/* #set-up */}`, is no expression.
                let inner = expression.value.trim_matches(['/', '*', ' ']);
                let kept = if inner.starts_with('#') { format!("{{{inner}}}") } else { String::new() };
                self.replace.push((range, kept));
            }
            Node::MdxJsxFlowElement(element) => {
                self.element(element.name.as_deref(), &element.attributes, range, true);
                for child in &element.children {
                    if let Some(place) = child.position() {
                        self.dedent.push((
                            place.start.line - 1..place.end.line,
                            self.indentation(place.start.line - 1),
                        ));
                    }
                }
            }
            Node::MdxJsxTextElement(element) => {
                self.element(element.name.as_deref(), &element.attributes, range, false);
            }
            _ => {}
        }
        for child in node.children().into_iter().flatten() {
            self.visit(child);
        }
    }

    /// Columns by which a line is indented.
    fn indentation(&self, line: usize) -> usize {
        self.text.lines().nth(line).map_or(0, lines::indent_columns)
    }

    fn element(
        &mut self,
        name: Option<&str>,
        attributes: &[AttributeContent],
        range: Range<usize>,
        flow: bool,
    ) {
        let source = &self.text[range.clone()];
        let open = tag_length(source);
        let plain = attributes.iter().filter_map(|attribute| match attribute {
            AttributeContent::Property(property) => match &property.value {
                None => Some((property.name.as_str(), "")),
                Some(AttributeValue::Literal(value)) => Some((property.name.as_str(), value.as_str())),
                Some(AttributeValue::Expression(_)) => None,
            },
            AttributeContent::Expression(_) => None,
        });
        // An HTML element stays, with the attributes that HTML knows; a component's tags go.
        let html = name
            .filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.contains([':', '.']));
        let opening = if let Some(name) = html {
            let written: String = plain
                .map(|(name, value)| {
                    format!(" {name}=\"{}\"", html_escape::encode_double_quoted_attribute(value))
                })
                .collect();
            format!("<{name}{written}>")
        } else {
            let shown: Vec<&str> = plain
                .filter(|(name, value)| SHOWN.contains(name) && !value.is_empty())
                .map(|(_, value)| value)
                .collect();
            match (shown.is_empty(), flow) {
                (true, _) => String::new(),
                (false, true) => format!("**{}**", shown.join(": ")),
                (false, false) => shown.join(": "),
            }
        };
        self.replace.push((range.start..range.start + open, opening));
        if html.is_none()
            && let Some(close) = source[open..].rfind("</")
        {
            self.replace.push((range.start + open + close..range.end, String::new()));
        }
    }

    /// The text with every edit made; the number of lines stays.
    fn apply(mut self) -> String {
        self.replace.sort_by_key(|(range, _)| (range.start, range.end));
        let mut edited = String::with_capacity(self.text.len());
        let mut done = 0;
        for (range, text) in self.replace {
            if range.start < done {
                continue;
            }
            edited.push_str(&self.text[done..range.start]);
            edited.push_str(&text);
            edited.extend(self.text[range.clone()].chars().filter(|c| *c == '\n'));
            done = range.end;
        }
        edited.push_str(&self.text[done..]);
        let mut lines: Vec<&str> = edited.split('\n').collect();
        for (range, columns) in self.dedent {
            for at in range {
                if let Some(line) = lines.get_mut(at) {
                    *line = dedent(line, columns);
                }
            }
        }
        lines.join("\n")
    }
}

/// Length of the tag that `source` starts with: up to the `>` outside of quotes and braces.
fn tag_length(source: &str) -> usize {
    let mut quote = None;
    let mut braces = 0_usize;
    for (at, c) in source.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '{') => braces += 1,
            (None, '}') => braces = braces.saturating_sub(1),
            (None, '>') if braces == 0 => return at + 1,
            (None, _) => {}
        }
    }
    source.len()
}

/// Without a parser: import and export lines and the tags of components outside of code go.
fn by_pattern(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    for line in lines::split(text, 1) {
        if line.code {
            out.push(line.text);
        } else if line.text.starts_with("import ") || line.text.starts_with("export ") {
            out.push(String::new());
        } else {
            let mut kept = String::new();
            let mut done = 0;
            for part in lines::outside_code(&line.text) {
                kept.push_str(&line.text[done..part.start]);
                kept.push_str(&without_components(&line.text[part.clone()]));
                done = part.end;
            }
            out.push(kept);
        }
    }
    out.join("\n")
}

fn without_components(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let after = rest[at + 1..].trim_start_matches('/');
        kept.push_str(&rest[..at]);
        let closed = rest[at..].contains('>');
        if closed && after.starts_with(|c: char| c.is_ascii_uppercase()) {
            rest = &rest[at + tag_length(&rest[at..])..];
        } else {
            kept.push('<');
            rest = &rest[at + 1..];
        }
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constructs_go_and_text_stays() {
        let text = "import A from 'a'\nexport const x = 1\n\n# T {x}\n\n<Card title=\"Hello\">\n  Some *text*\n\n  ```js\n  <B/> {y}\n  ```\n</Card>\n\nInline <B>bold</B> and <br/> `<C/>` {/* note */}.\n\n<details open className=\"x\">\n<summary>S</summary>\n</details>\n";
        let (reduced, note) = reduce(text, 1);
        assert_eq!(note, None);
        assert_eq!(reduced.lines().count(), text.lines().count());
        assert_eq!(
            reduced,
            "\n\n\n# T \n\n**Hello**\nSome *text*\n\n```js\n<B/> {y}\n```\n\n\nInline bold and <br> `<C/>` .\n\n<details open=\"\" className=\"x\">\n<summary>S</summary>\n</details>\n"
        );
    }

    #[test]
    fn what_the_parser_cannot_bear_is_read_without_it() {
        let (reduced, note) = reduce(&"ub\n".repeat(MOST_LINES + 1), 1);
        assert!(reduced.starts_with("ub\nub\n") && note.unwrap().text.contains("lines without a blank one"));
        assert_eq!(reduce(&"ub\n\n".repeat(100), 1).1, None);
    }

    #[test]
    fn what_is_no_mdx_is_still_read() {
        let (reduced, note) = reduce("import A from 'a'\n\n<A>x {unclosed `<B>`\n\ntext\n", 5);
        assert_eq!(reduced, "\n\nx {unclosed `<B>`\n\ntext\n");
        let note = note.unwrap();
        assert!(note.line.is_some() && note.text.starts_with("is no valid MDX ("), "{}", note.text);
    }
}
