//! A scanner for the tags in a piece of HTML: enough to find tags, their attributes and the text between them.
//!
//! It serves reading (text for the index, links to resolve), never safety: whatever it misunderstands still goes
//! through [`super::sanitise`], which parses as browsers do.

use std::ops::Range;

/// A piece of HTML, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text between tags, entities not decoded.
    Text(&'a str),
    /// `<a href="…">`.
    Open(Tag<'a>),
    /// `</a>`, by its lower-case name; and as written.
    Close(String, &'a str),
    /// Comments, doctypes, CDATA; as written.
    Other(&'a str),
}

/// An opening tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Lower-case name.
    pub name: String,
    /// Attributes in order: lower-case name and value, entities decoded.
    pub attributes: Vec<(String, String)>,
    /// Where it stands in the scanned text.
    pub range: Range<usize>,
    /// The tag as written.
    pub raw: &'a str,
}

impl Tag<'_> {
    /// The value of the attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// How many bytes of the scanned text a piece takes.
pub fn length(piece: &Piece<'_>) -> usize {
    match piece {
        Piece::Text(raw) | Piece::Close(_, raw) | Piece::Other(raw) => raw.len(),
        Piece::Open(tag) => tag.raw.len(),
    }
}

/// How often a text is looked through for the ends of tags that have none, before its rest is text.
const UNFINISHED: usize = 16;

/// The pieces of `html`.
pub fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut text_from = 0;
    let mut at = 0;
    let mut room = UNFINISHED * html.len();
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let Some((piece, end)) = piece_at(html, start) else {
            // One that is not finished was looked through to the end, and so would be each of a million.
            let is_tag = html[start + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
            match room.checked_sub(if is_tag { html.len() - start } else { 0 }) {
                Some(left) => room = left,
                None => break,
            }
            at = start + 1;
            continue;
        };
        if text_from < start {
            pieces.push(Piece::Text(&html[text_from..start]));
        }
        pieces.push(piece);
        at = end;
        text_from = end;
    }
    if text_from < html.len() {
        pieces.push(Piece::Text(&html[text_from..]));
    }
    pieces
}

fn piece_at(html: &str, start: usize) -> Option<(Piece<'_>, usize)> {
    let rest = &html[start..];
    // `<!-->` and `<!--->` are whole comments.
    if let Some(short) = ["<!-->", "<!--->"].into_iter().find(|short| rest.starts_with(short)) {
        return Some((Piece::Other(&html[start..start + short.len()]), start + short.len()));
    }
    if let Some(comment) = rest.strip_prefix("<!--") {
        let end = comment.find("-->").map_or(html.len(), |end| start + 4 + end + 3);
        return Some((Piece::Other(&html[start..end]), end));
    }
    if rest.starts_with("<!") || rest.starts_with("<?") {
        let end = rest.find('>').map_or(html.len(), |end| start + end + 1);
        return Some((Piece::Other(&html[start..end]), end));
    }
    let closing = rest.starts_with("</");
    let name_from = start + 1 + usize::from(closing);
    let name_len = html[name_from..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(0);
    if name_len == 0 || !html.as_bytes()[name_from].is_ascii_alphabetic() {
        return None;
    }
    let name = html[name_from..name_from + name_len].to_ascii_lowercase();
    if closing {
        let end = html[name_from..].find('>')? + name_from + 1;
        return Some((Piece::Close(name, &html[start..end]), end));
    }
    let (attributes, end) = attributes(html, name_from + name_len)?;
    Some((Piece::Open(Tag { name, attributes, range: start..end, raw: &html[start..end] }), end))
}

type Attributes = Vec<(String, String)>;

/// The attributes from `at` up to the closing `>`, and where the tag ends.
fn attributes(html: &str, mut at: usize) -> Option<(Attributes, usize)> {
    let bytes = html.as_bytes();
    let mut found = Vec::new();
    loop {
        while at < bytes.len() && (bytes[at].is_ascii_whitespace() || bytes[at] == b'/') {
            at += 1;
        }
        if *bytes.get(at)? == b'>' {
            return Some((found, at + 1));
        }
        // As browsers do: an equals sign without a name before it begins a name.
        let ends = |(offset, c): (usize, char)| {
            (c.is_ascii_whitespace() || matches!(c, '>' | '/') || (c == '=' && offset > 0)).then_some(offset)
        };
        let name_end = at + html[at..].char_indices().find_map(ends)?;
        let name = html[at..name_end].to_ascii_lowercase();
        at = name_end;
        while at < bytes.len() && bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        let mut value = "";
        if *bytes.get(at)? == b'=' {
            at += 1;
            while at < bytes.len() && bytes[at].is_ascii_whitespace() {
                at += 1;
            }
            let end = match *bytes.get(at)? {
                quote @ (b'"' | b'\'') => {
                    at += 1;
                    at + html[at..].find(quote as char)?
                }
                _ => at + html[at..].find(|c: char| c.is_ascii_whitespace() || c == '>')?,
            };
            value = &html[at..end];
            at = end + usize::from(matches!(bytes[end], b'"' | b'\''));
        }
        found.push((name, html_escape::decode_html_entities(value).into_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_text_and_comments_are_told_apart() {
        let html = "a < b <!-- <i> --><A HREF='x&amp;y' title=\"1 > 0\" hidden data-n=5>t</a\n><br/>1 <2";
        let shown: Vec<String> = pieces(html)
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text) => format!("text {text}"),
                Piece::Open(tag) => {
                    let list: Vec<String> = tag.attributes.iter().map(|(n, v)| format!("{n}={v}")).collect();
                    format!("open {} {}", tag.name, list.join(" "))
                }
                Piece::Close(name, _) => format!("close {name}"),
                Piece::Other(_) => "other".to_owned(),
            })
            .collect();
        assert_eq!(
            shown,
            [
                "text a < b ",
                "other",
                "open a href=x&y title=1 > 0 hidden= data-n=5",
                "text t",
                "close a",
                "open br ",
                "text 1 <2",
            ]
        );
    }

    #[test]
    fn unfinished_tags_are_text() {
        for html in ["<a href=\"x", "<a", "<", "</a", "<a =", "< a>", "<a b=", "<a b"] {
            assert_eq!(pieces(html), [Piece::Text(html)], "{html}");
        }
        for html in ["<a ", "<a b=\"", "</a ", "<"] {
            let flood = html.repeat(200_000);
            let pieces = pieces(&flood);
            assert_eq!(pieces.iter().map(length).sum::<usize>(), flood.len(), "{html}");
        }
    }
}
