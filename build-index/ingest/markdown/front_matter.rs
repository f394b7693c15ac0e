//! Front matter: the block of facts some generators put in front of a Markdown file.
//!
//! Only four facts are of use here, so this reads `key: value` lines at the block's outer level (and whole TOML
//! between `+++`), tolerantly: a block that is no valid YAML, as many are, still tells its title.

/// What front matter says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// `title`.
    pub title: Option<String>,
    /// `language`, `lang` or `locale`.
    pub language: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `slug`, `permalink` or `url`: the address on the manual's own site, by which other documents may link to it.
    pub slug: Option<String>,
    /// `weight`, `sidebar_position`, `nav_order` or `order`: place among its siblings.
    pub weight: Option<i64>,
}

/// The front matter, and how many bytes of `text` it takes (0 without any).
pub fn read(text: &str) -> (FrontMatter, usize) {
    for (fence, ends) in [("---", ["---", "..."]), ("+++", ["+++", "+++"])] {
        let Some(first_end) = text.find('\n').filter(|end| text[..*end].trim_end() == fence) else {
            continue;
        };
        let body = first_end + 1;
        let mut at = body;
        for line in text[body..].split_inclusive('\n') {
            if ends.contains(&line.trim_end()) {
                let inside = &text[body..at];
                // Two rules around a paragraph are no front matter.
                if fence == "---"
                    && !inside.trim().is_empty()
                    && !inside.lines().any(|line| pair(line).is_some())
                {
                    break;
                }
                let facts = if fence == "---" { yaml(inside) } else { toml(inside) };
                return (facts, at + line.len());
            }
            at += line.len();
        }
    }
    (FrontMatter::default(), 0)
}

fn toml(text: &str) -> FrontMatter {
    let table: toml::Table = text.parse().unwrap_or_default();
    let mut facts = FrontMatter::default();
    for (key, value) in &table {
        let value = match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Integer(number) => number.to_string(),
            _ => continue,
        };
        facts.set(key, &value);
    }
    facts
}

fn yaml(text: &str) -> FrontMatter {
    let mut facts = FrontMatter::default();
    let lines: Vec<&str> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let Some((key, value)) = pair(line) else { continue };
        let more = lines[at + 1..].iter().take_while(|line| line.is_empty() || line.starts_with([' ', '\t']));
        match value.chars().next() {
            Some('|' | '>') if value.len() <= 2 => {
                let joined: Vec<&str> =
                    more.map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
                facts.set(key, &joined.join(" "));
            }
            Some(quote @ ('"' | '\'')) => facts.set(key, &quoted(value, quote)),
            // A plain value may go on over indented lines.
            Some(_) => {
                let plain = value.split(" #").next().unwrap_or(value).trim();
                let joined: Vec<&str> = std::iter::once(plain)
                    .chain(more.map(|line| line.trim()))
                    .filter(|line| !line.is_empty())
                    .collect();
                facts.set(key, &joined.join(" "));
            }
            None => {}
        }
    }
    facts
}

/// A `key: value` line at the outer level.
fn pair(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let plain =
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    (plain && (value.is_empty() || value.starts_with([' ', '\t']))).then(|| (key, value.trim()))
}

fn quoted(value: &str, quote: char) -> String {
    let mut text = String::new();
    let mut rest = value[1..].chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' if quote == '"' => match rest.next() {
                Some('n' | 't') => text.push(' '),
                Some(escaped) => text.push(escaped),
                None => {}
            },
            '\'' if quote == '\'' && rest.peek() == Some(&'\'') => {
                rest.next();
                text.push('\'');
            }
            c if c == quote => break,
            c => text.push(c),
        }
    }
    text
}

impl FrontMatter {
    fn set(&mut self, key: &str, value: &str) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        match key.to_ascii_lowercase().as_str() {
            "title" => self.title = Some(value.to_owned()),
            "language" | "lang" | "locale" => self.language = Some(value.replace('_', "-")),
            "slug" | "permalink" | "url" => self.slug = Some(value.to_owned()),
            "description" => self.description = Some(value.to_owned()),
            "weight" | "sidebar_position" | "nav_order" | "order" => {
                self.weight = value.parse().ok().or(self.weight)
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_is_read_tolerantly() {
        let text = "---\ntitle: \"Set \\\"up\\\": part 1\"\nlang: pt_BR\nweight: 20 # low\ntags: [a, b\ndescription: >\n  two\n  lines\nnested:\n  title: no\n---\nBody";
        let (facts, length) = read(text);
        assert_eq!(facts.title.as_deref(), Some("Set \"up\": part 1"));
        assert_eq!(facts.language.as_deref(), Some("pt-BR"));
        assert_eq!(facts.description.as_deref(), Some("two lines"));
        assert_eq!(facts.weight, Some(20));
        assert_eq!(&text[length..], "Body");
    }

    #[test]
    fn toml_is_read() {
        let (facts, length) = read("+++\ntitle = 'It''s'\n+++\nBody");
        assert_eq!((facts.title, length), (None, 24), "invalid TOML is skipped, not shown as text");
        let (facts, _) = read("+++\ntitle = \"A\"\nweight = 3\n+++\n");
        assert_eq!((facts.title.as_deref(), facts.weight), (Some("A"), Some(3)));
    }

    #[test]
    fn rules_are_no_front_matter() {
        for text in [
            "---\nJust a paragraph between rules\n---\n",
            "---\nno end",
            "text\n---\ntitle: x\n---\n",
            "",
            "---",
        ] {
            assert_eq!(read(text), (FrontMatter::default(), 0), "{text}");
        }
        assert_eq!(read("---\n---\nx").1, 8);
        assert_eq!(read("---\ntitle: It's\r\n---").0.title.as_deref(), Some("It's"));
    }
}
