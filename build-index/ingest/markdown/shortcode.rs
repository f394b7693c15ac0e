//! Hugo shortcodes, `{{< name … >}}` and `{{% name … %}}`, reduced to the text they stand for.
//!
//! What a shortcode prints is known only to the site's theme, so this keeps what a reader can use: the text between
//! an opening and a closing one, pictures of `figure`, targets of `ref` and `relref`, alerts as admonitions; of
//! another one its plain arguments, or its name where it has none (`{{< check >}}` in a table's cell).

use super::admonition;
use super::lines::Line;

/// Lines that one shortcode may span before its start is taken for plain text.
const LONGEST_LINES: usize = 20;

/// Bytes that one shortcode may have; a search without end would take quadratic time on a hostile file.
const LONGEST_BYTES: usize = 4_096;

/// Rewrites the shortcodes of all lines, code included: Hugo expands them there as well.
pub fn rewrite(lines: Vec<Line>) -> Vec<Line> {
    if !lines.iter().any(|line| line.text.contains("{{")) {
        return lines;
    }
    let named_closers: Vec<String> = lines
        .iter()
        .flat_map(|line| {
            line.text.match_indices("{{").filter_map(|(at, _)| parse(&line.text[at..]).map(|(code, _)| code))
        })
        .filter(|code| code.closing)
        .map(|code| code.name)
        .collect();
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    let mut waiting = lines.into_iter().peekable();
    while let Some(mut line) = waiting.next() {
        // Join the lines of a shortcode that spans several, so that one line holds it whole.
        let mut joined = 0;
        while unfinished(&line.text) && joined < LONGEST_LINES {
            let Some(next) = waiting.next_if(|next| next.code == line.code) else { break };
            line.text.push(' ');
            line.text.push_str(next.text.trim_start());
            joined += 1;
        }
        rewrite_line(line, &named_closers, &mut out);
    }
    out
}

fn unfinished(text: &str) -> bool {
    ["{{<", "{{%"].into_iter().any(|open| {
        let close = if open == "{{<" { ">}}" } else { "%}}" };
        text.rfind(open).is_some_and(|at| !text[at..].contains(close))
    })
}

fn rewrite_line(line: Line, closers: &[String], out: &mut Vec<Line>) {
    if !line.text.contains("{{") {
        out.push(line);
        return;
    }
    let mut text = String::new();
    let mut rest = line.text.as_str();
    while let Some(at) = rest.find("{{") {
        let Some((code, length)) = parse(&rest[at..]) else {
            text.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
            continue;
        };
        text.push_str(&rest[..at]);
        rest = &rest[at + length..];
        let pad = text.trim().is_empty() && !line.code;
        let has_body = closers.contains(&code.name);
        match code.admonition(has_body) {
            // An alert on its own line becomes the admonition that the next pass knows.
            Some(head) if pad => {
                let indent = text.clone();
                out.push(Line { text: format!("{indent}{head}"), ..line.clone() });
                text = indent;
            }
            Some(head) if code.closing => {
                out.push(Line { text: std::mem::take(&mut text), ..line.clone() });
                out.push(Line { text: head, ..line.clone() });
            }
            Some(_) => {}
            None => text.push_str(&code.reduced(has_body)),
        }
    }
    text.push_str(rest);
    if !text.trim().is_empty() || out.last().is_none_or(|last| last.number != line.number) {
        out.push(Line { text, ..line });
    }
}

struct Shortcode {
    name: String,
    closing: bool,
    /// Arguments in order; those without a name have an empty one.
    arguments: Vec<(String, String)>,
}

/// The shortcode at the start of `text`, and its length.
fn parse(text: &str) -> Option<(Shortcode, usize)> {
    let (close, after) = match text.as_bytes() {
        [b'{', b'{', b'<', ..] => (">}}", &text[3..]),
        [b'{', b'{', b'%', ..] => ("%}}", &text[3..]),
        _ => return None,
    };
    let end = after[..after.floor_char_boundary(LONGEST_BYTES)].find(close)?;
    let length = 3 + end + 3;
    let inner = after[..end].trim();
    // `{{</* name */>}}` shows a shortcode without running it.
    if inner.starts_with("/*") {
        return None;
    }
    let (inner, closing) = inner.strip_prefix('/').map_or((inner, false), |inner| (inner, true));
    let inner = inner.trim().trim_end_matches('/').trim_end();
    let name_end = inner.find(char::is_whitespace).unwrap_or(inner.len());
    let name = inner[..name_end].to_owned();
    if name.is_empty() {
        return None;
    }
    Some((Shortcode { name, closing, arguments: arguments(&inner[name_end..]) }, length))
}

/// Arguments `name="value"` and plain ones, in order.
pub fn arguments(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let mut name = "";
        if let Some(at) = rest.find(['=', '"', '`', ' ']).filter(|at| rest.as_bytes()[*at] == b'=') {
            name = &rest[..at];
            rest = &rest[at + 1..];
        }
        let (value, after) = match rest.chars().next() {
            Some(quote @ ('"' | '`')) => {
                let end = rest[1..].find(quote).map_or(rest.len(), |end| end + 1);
                (&rest[1..end], rest.get(end + 1..).unwrap_or(""))
            }
            _ => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        found.push((name.to_owned(), value.to_owned()));
        rest = after.trim_start();
    }
    found
}

impl Shortcode {
    fn argument(&self, name: &str) -> Option<&str> {
        self.arguments.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    fn first(&self) -> &str {
        self.arguments.first().map_or("", |(_, value)| value.as_str())
    }

    /// The `:::` line that this shortcode's start or end becomes, if it is an alert of some kind.
    fn admonition(&self, has_body: bool) -> Option<String> {
        let alert = matches!(self.name.as_str(), "alert" | "admonition" | "callout" | "notice" | "hint");
        if !has_body || (!alert && admonition::kind(&self.name).is_none()) {
            return None;
        }
        if self.closing {
            return Some(":::".to_owned());
        }
        let wanted = ["type", "color", ""].into_iter().find_map(|name| self.argument(name));
        let named = if alert { wanted.unwrap_or("note") } else { self.name.as_str() };
        let kind = admonition::kind(named).unwrap_or("NOTE").to_lowercase();
        let title = self.argument("title").unwrap_or("");
        Some(format!(":::{kind}{}", if title.is_empty() { String::new() } else { format!("[{title}]") }))
    }

    fn reduced(&self, has_body: bool) -> String {
        if self.closing || has_body {
            return String::new();
        }
        match self.name.as_str() {
            "ref" | "relref" => self.first().to_owned(),
            "figure" | "img" | "image" => {
                let Some(source) = self.argument("src").or_else(|| self.argument("")) else {
                    return String::new();
                };
                let words = ["caption", "alt", "title"].into_iter().find_map(|name| self.argument(name));
                format!("![{}]({source})", words.unwrap_or(""))
            }
            "toc" | "youtube" | "vimeo" | "gist" | "tweet" => String::new(),
            name => {
                let plain: Vec<&str> = self
                    .arguments
                    .iter()
                    .filter(|(name, _)| name.is_empty())
                    .map(|(_, value)| value.as_str())
                    .collect();
                if plain.is_empty() && self.arguments.is_empty() {
                    return name.rsplit('/').next().unwrap_or(name).to_owned();
                }
                plain.join(" ")
            }
        }
    }
}
