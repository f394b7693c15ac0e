//! A limit to how deep a document may nest, so that a hostile file costs no more than a long one.

use super::lines::Line;
use crate::document::{Note, Weight};

/// Most block quotes and list items that may open on one line, and most unclosed brackets or emphasis marks in a row.
/// Real documents stay below 10; parsers take quadratic time in this number.
const DEEPEST: usize = 64;

/// Escapes what nests deeper on a line, with one note for the document.
pub fn flatten(lines: &mut [Line], notes: &mut Vec<Note>) {
    let mut first = None;
    for line in lines.iter_mut().filter(|line| line.text.len() > DEEPEST) {
        if let Some(at) = too_deep(&line.text) {
            line.text.insert(at, '\\');
            first.get_or_insert(line.number);
        }
        if let Some(shorter) = without_long_runs(&line.text) {
            line.text = shorter;
            first.get_or_insert(line.number);
        }
    }
    if let Some(line) = first {
        notes.push(Note {
            weight: Weight::Doubtful,
            line: Some(line),
            text: format!("nests more than {DEEPEST} levels deep here; what is deeper is read as plain text"),
        });
    }
}

/// Where the marker one too deep stands.
fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0;
    let mut at = 0;
    while at < bytes.len() {
        let marker = match bytes[at] {
            b' ' | b'\t' => {
                at += 1;
                continue;
            }
            b'>' => 1,
            b'-' | b'+' | b'*' => 1,
            b'0'..=b'9' => {
                let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                if !matches!(bytes.get(at + digits), Some(b'.' | b')')) {
                    return None;
                }
                digits + 1
            }
            _ => return None,
        };
        // A list marker is followed by a blank; `---` is a rule.
        if bytes[at] != b'>' && !matches!(bytes.get(at + marker), Some(b' ' | b'\t')) {
            return None;
        }
        depth += 1;
        if depth > DEEPEST {
            // A rule written `- - - -` is not nested.
            let rest = &text[at..];
            return rest.chars().any(|c| !matches!(c, '-' | '*' | ' ' | '\t')).then_some(at);
        }
        at += marker;
    }
    None
}

/// The line with every run of more than [`DEEPEST`] opening brackets escaped at its start.
fn without_long_runs(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut run = 0;
    let mut changed = false;
    for c in text.chars() {
        run = if matches!(c, '[' | '!' | '<' | '(') { run + 1 } else { 0 };
        if run > DEEPEST && c == '[' {
            out.push('\\');
            changed = true;
        }
        out.push(c);
    }
    changed.then_some(out)
}
