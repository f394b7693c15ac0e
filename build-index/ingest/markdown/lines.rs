//! A document as lines that remember where they stood in the file, so that passes over them may add, drop and rewrite
//! lines and a note still names the line its reader sees in the editor.

/// One line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Without its line end.
    pub text: String,
    /// Where it stood in the file, from 1.
    pub number: u32,
    /// Inside a fenced code block, fences included: nothing in it is rewritten.
    pub code: bool,
    /// Stands for this page marker (index among the document's markers).
    pub marker: Option<usize>,
}

/// The lines of `text`, the first being line `first` of its file.
pub fn split(text: &str, first: u32) -> Vec<Line> {
    let mut lines: Vec<Line> = text
        .split('\n')
        .zip(first..)
        .map(|(text, number)| Line { text: text.to_owned(), number, ..Line::default() })
        .collect();
    mark_code(&mut lines);
    lines
}

/// The lines as one text.
pub fn join(lines: &[Line]) -> String {
    let mut text = String::with_capacity(lines.iter().map(|line| line.text.len() + 1).sum());
    for line in lines {
        text.push_str(&line.text);
        text.push('\n');
    }
    text
}

/// An open code fence: its character, its length, and the quote marks it stands in.
struct Fence {
    mark: char,
    length: usize,
}

fn mark_code(lines: &mut [Line]) {
    let mut open: Option<Fence> = None;
    for line in lines {
        let inner = line.text.trim_start_matches([' ', '\t', '>']);
        let found = fence(list_text(inner)).or_else(|| fence(inner));
        line.code = open.is_some();
        open = match (open, found) {
            (None, Some((fence, _))) => {
                line.code = true;
                Some(fence)
            }
            (Some(open), Some((fence, bare)))
                if bare && fence.mark == open.mark && fence.length >= open.length =>
            {
                None
            }
            (open, _) => open,
        };
    }
}

/// What follows a list marker: a fence may open on the line of its item.
fn list_text(line: &str) -> &str {
    let after = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let marked = if after.len() < line.len() {
        after.strip_prefix(['.', ')'])
    } else {
        line.strip_prefix(['-', '*', '+'])
    };
    match marked {
        Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
        _ => line,
    }
}

/// The fence that a line is, and whether nothing follows it.
fn fence(line: &str) -> Option<(Fence, bool)> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.chars().take_while(|c| *c == mark).count();
    let rest = &line[length..];
    if length < 3 || (mark == '`' && rest.contains('`')) {
        return None;
    }
    Some((Fence { mark, length }, rest.trim().is_empty()))
}

/// Spaces and tabs that a line begins with.
pub fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// Columns of those spaces and tabs; a tab counts four.
pub fn indent_columns(line: &str) -> usize {
    line.chars().take_while(|c| matches!(c, ' ' | '\t')).map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// `line` with up to `width` columns of leading white space removed; a tab counts four.
pub fn dedent(line: &str, width: usize) -> &str {
    let mut removed = 0;
    for (at, c) in line.char_indices() {
        let columns = match c {
            ' ' => 1,
            '\t' => 4,
            _ => return &line[at..],
        };
        if removed + columns > width {
            return &line[at..];
        }
        removed += columns;
    }
    ""
}

/// The parts of a line outside of inline code, as byte ranges.
pub fn outside_code(line: &str) -> Vec<std::ops::Range<usize>> {
    let bytes = line.as_bytes();
    let mut parts = Vec::new();
    let mut from = 0;
    let mut at = 0;
    while let Some(found) = line[at..].find('`') {
        let start = at + found;
        let length = bytes[start..].iter().take_while(|byte| **byte == b'`').count();
        at = start + length;
        let mut search = at;
        while let Some(next) = line[search..].find('`') {
            let close = search + next;
            let run = bytes[close..].iter().take_while(|byte| **byte == b'`').count();
            search = close + run;
            if run == length {
                parts.push(from..start);
                from = search;
                at = search;
                break;
            }
        }
    }
    parts.push(from..line.len());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fenced_code_is_known() {
        let text = "a\n```sh\nx\n~~~\n```\nb\n- ```\n  c\n  ```\n> ~~~~\n> ~~~\n> ~~~~\n`` ` `` ```x```\nd";
        let code: String = split(text, 1).iter().map(|line| if line.code { 'c' } else { '.' }).collect();
        assert_eq!(code, ".cccc.cccccc..");
    }

    #[test]
    fn inline_code_is_left_out() {
        let line = "a `b` c ``d ` e`` f `g";
        let parts: Vec<&str> = outside_code(line).into_iter().map(|part| &line[part]).collect();
        assert_eq!(parts, ["a ", " c ", " f `g"]);
    }

    #[test]
    fn dedent_takes_no_more_than_there_is() {
        assert_eq!(
            (dedent("      a", 4), dedent("  a", 4), dedent("\ta", 4), dedent("   ", 4)),
            ("  a", "a", "a", "")
        );
    }
}
