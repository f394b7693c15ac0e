//! Admonitions of MkDocs (`!!! note "Title"`, `??? tip`) and Docusaurus (`:::note[Title] … :::`) → GitHub alerts,
//! which the Markdown parser knows (and, in passing, Microsoft's `:::image` as a picture):
//!
//! ```text
//! !!! danger "Mind the gap"          > [!CAUTION] Mind the gap
//!     Live wires.              →     > Live wires.
//! ```

use std::collections::HashMap;

use super::lines::{Line, dedent, indent, indent_columns};
use super::shortcode;

/// Deepest admonition in an admonition that is told apart.
const DEEPEST: usize = 8;

/// Rewrites all admonitions.
pub fn rewrite(lines: Vec<Line>) -> Vec<Line> {
    rewrite_to(lines, 0)
}

fn rewrite_to(lines: Vec<Line>, depth: usize) -> Vec<Line> {
    let ends = colon_ends(&lines);
    let mut out = Vec::with_capacity(lines.len());
    let mut at = 0;
    while at < lines.len() {
        let line = &lines[at];
        let found = if line.code || depth >= DEEPEST { None } else { opening(&line.text) };
        let Some(opening) = found else {
            out.push(match picture(&line.text).filter(|_| !line.code) {
                Some(text) => Line { text, ..line.clone() },
                None => line.clone(),
            });
            at += 1;
            continue;
        };
        let pad = &line.text[..indent(&line.text)];
        let body_end = if opening.colons > 0 {
            ends.get(&at).map(|end| (*end, end + 1))
        } else {
            indented_end(&lines, at + 1, pad.len() + 4)
        };
        let Some((body_end, next)) = body_end else {
            out.push(line.clone());
            at += 1;
            continue;
        };
        let cut = if opening.colons > 0 { pad.len() } else { pad.len() + 4 };
        let body: Vec<Line> = lines[at + 1..body_end]
            .iter()
            .map(|line| Line { text: dedent(&line.text, cut).to_owned(), ..line.clone() })
            .collect();
        let quote = |text: &str| if text.is_empty() { format!("{pad}>") } else { format!("{pad}> {text}") };
        let head = format!("[!{}] {}", opening.kind, opening.title);
        // The blank lines keep the alert apart from paragraphs that touch it.
        let blank = |number| Line { number, ..Line::default() };
        out.push(blank(line.number));
        out.push(Line { text: quote(head.trim_end()), ..line.clone() });
        for inner in rewrite_to(body, depth + 1) {
            // A page marker has to stay at the document's outer level.
            let text = if inner.marker.is_some() { inner.text } else { quote(&inner.text) };
            out.push(Line { text, ..inner });
        }
        out.push(blank(lines[next.min(lines.len()) - 1].number));
        at = next;
    }
    out
}

struct Opening {
    kind: &'static str,
    title: String,
    /// Length of the `:::` fence; 0 for MkDocs' indented form.
    colons: usize,
}

fn opening(line: &str) -> Option<Opening> {
    let text = line.trim();
    for mark in ["!!!", "???+", "???"] {
        if let Some(rest) = text.strip_prefix(mark).filter(|rest| rest.starts_with(' ')) {
            let rest = rest.trim();
            let (words, title) = match rest.find(['"', '\'']) {
                Some(at) => (&rest[..at], Some(rest[at + 1..].trim_end_matches(['"', '\'']))),
                None => (rest, None),
            };
            let name = words.split_whitespace().next()?;
            return Some(of_name(name, title, 0));
        }
    }
    let rest = text.trim_start_matches(':');
    let colons = text.len() - rest.len();
    if colons < 3 || rest.is_empty() {
        return None;
    }
    let rest = rest.trim_start();
    let name_end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(rest.len());
    let name = &rest[..name_end];
    kind(name)?;
    let title = rest[name_end..].trim();
    let title = match title.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or(inner),
        None => title.split('{').next().unwrap_or(title),
    };
    Some(of_name(name, Some(title.trim()).filter(|title| !title.is_empty()), colons))
}

/// `:::image source="a.png" alt-text="A":::` of Microsoft's manuals, as a Markdown picture.
fn picture(line: &str) -> Option<String> {
    let inner = line.trim().strip_prefix(":::image ")?;
    let arguments = shortcode::arguments(inner.trim_end_matches(':'));
    let argument =
        |name: &str| arguments.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let pad = &line[..indent(line)];
    Some(format!("{pad}![{}](<{}>)", argument("alt-text").unwrap_or(""), argument("source")?))
}

fn of_name(name: &str, title: Option<&str>, colons: usize) -> Opening {
    let kind = kind(name).unwrap_or("NOTE");
    let title = match title {
        Some(title) => title.to_owned(),
        None if name.eq_ignore_ascii_case(kind) => String::new(),
        None => capital(name),
    };
    Opening { kind, title, colons }
}

/// The GitHub alert that is nearest to an admonition's name; `None` for names no tool knows.
pub fn kind(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "note" | "info" | "abstract" | "summary" | "tldr" | "example" | "quote" | "cite" | "question"
        | "faq" | "help" | "primary" | "secondary" | "seealso" | "details" | "version-added" | "todo" => {
            "NOTE"
        }
        "tip" | "hint" | "success" | "check" | "done" => "TIP",
        "important" | "attention" | "bug" => "IMPORTANT",
        "warning" | "warn" | "deprecated" | "version-changed" => "WARNING",
        "caution" | "danger" | "error" | "failure" | "fail" | "missing" => "CAUTION",
        _ => return None,
    })
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// End of the lines indented by `width`, and the line after; `None` if there are none.
fn indented_end(lines: &[Line], from: usize, width: usize) -> Option<(usize, usize)> {
    let mut end = from;
    for (at, line) in lines.iter().enumerate().skip(from) {
        if line.text.trim().is_empty() {
            continue;
        }
        if indent_columns(&line.text) < width {
            break;
        }
        end = at + 1;
    }
    (end > from).then_some((end, end))
}

/// For every line that opens a `:::` block, the line of its closing fence: the next that has as many colons and
/// closes no block opened in between.
fn colon_ends(lines: &[Line]) -> HashMap<usize, usize> {
    let mut ends = HashMap::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.code) {
        let text = line.text.trim();
        let colons = text.len() - text.trim_start_matches(':').len();
        if colons < 3 {
            continue;
        }
        if colons == text.len() {
            if let Some((start, _)) = open.pop_if(|(_, own)| *own <= colons) {
                ends.insert(start, at);
            }
        } else if opening(text).is_some() {
            open.push((at, colons));
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::super::lines::{join, split};
    use super::*;

    fn rewritten(text: &str) -> String {
        join(&rewrite(split(text, 1))).trim().to_owned()
    }

    #[test]
    fn mkdocs_and_docusaurus_become_alerts() {
        for (text, wanted) in [
            ("!!! note\n    One.\n\n    Two.\n\nAfter", "> [!NOTE]\n> One.\n>\n> Two.\n\n\nAfter"),
            ("??? danger \"Mind the gap\"\n    x", "> [!CAUTION] Mind the gap\n> x"),
            ("!!! example inline\n    x", "> [!NOTE] Example\n> x"),
            (":::tip[Do it]\nx\n:::\ny", "> [!TIP] Do it\n> x\n\ny"),
            (":::warning Hot\nx\n:::", "> [!WARNING] Hot\n> x"),
            ("::::note\n:::tip\nx\n:::\n::::", "> [!NOTE]\n>\n> > [!TIP]\n> > x\n>"),
        ] {
            assert_eq!(rewritten(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_one_stays() {
        for text in [
            "!!! note",
            ":::note\nno end",
            "```\n:::note\nx\n:::\n```",
            ":::image a\nx\n:::",
            "Wow !!! note\n    x",
        ] {
            assert_eq!(rewritten(text), text);
        }
    }
}
