//! What did the agent mean by its arguments?
//!
//! Models misremember names (`q`, `topK`, `docId`), send numbers as words and ask for a million tokens. Every name has
//! its likely mistakes in one table; numbers are brought into their range; and whatever was read differently from how
//! it was sent is noted in the answer, so that the next call is right.

use serde_json::{Map, Value};

use crate::quote;

/// Right names and what is sent in their place; compared without case, `_` and `-`.
const ALIASES: [(&str, &[&str]); 15] = [
    (
        "query",
        &[
            "q",
            "question",
            "text",
            "search",
            "searchquery",
            "keywords",
            "topic",
            "prompt",
            "input",
            "userquery",
        ],
    ),
    (
        "id",
        &[
            "chunkid",
            "uri",
            "url",
            "document",
            "documentid",
            "doc",
            "docid",
            "source",
            "permalink",
            "href",
            "link",
            "ref",
            "stem",
            "resource",
            "file",
            "filename",
        ],
    ),
    (
        "product",
        &["library", "libraryname", "package", "project", "productname", "component", "vendor", "repo"],
    ),
    ("version", &["v", "ver", "release", "productversion", "versions"]),
    ("path", &["prefix", "folder", "directory", "location", "at"]),
    (
        "limit",
        &["k", "n", "topk", "count", "numresults", "maxresults", "results", "size", "pagesize", "hits"],
    ),
    ("max_tokens", &["tokens", "tokenbudget", "budget", "maxtoken", "tokenlimit", "maxlength"]),
    ("page", &["pagenumber", "pageno", "p", "pageindex"]),
    ("pages", &["pagerange", "range", "pagenumbers"]),
    ("section", &["wholesection", "fullsection", "entiresection"]),
    ("before", &["previous", "prev", "preceding"]),
    ("after", &["next", "following"]),
    ("image", &["imagenumber", "imageindex", "picture", "figure", "index"]),
    ("depth", &["levels", "maxdepth", "level"]),
    ("cursor", &["nextcursor", "pagetoken", "continue", "continuation"]),
];

/// Names that ask for text around a place on both sides.
const AROUND: [&str; 5] = ["context", "neighbours", "neighbors", "around", "window"];

/// Longest text of an argument, in characters; a question of a page is no question.
const LONGEST: usize = 1000;

/// Notes shown in an answer; a call with more mistakes than that has to be thought over anyway.
const MOST_NOTES: usize = 4;

/// The arguments of one call.
#[derive(Debug, Default)]
pub struct Arguments {
    given: Map<String, Value>,
    notes: Vec<String>,
}

impl Arguments {
    /// Reads what was sent to a tool that takes `known`.
    ///
    /// # Errors
    /// A sentence for the agent when it is no object.
    pub fn read(value: &Value, known: &[&str]) -> Result<Self, String> {
        let empty = Map::new();
        let sent = match value {
            Value::Null => &empty,
            Value::Object(map) => map,
            other => {
                return Err(format!(
                    "arguments: expected an object such as {{\"{}\": …}}, got {}",
                    known[0],
                    kind(other)
                ));
            }
        };
        let mut arguments = Self::default();
        for (name, value) in sent.iter().filter(|(_, value)| !value.is_null()) {
            match meaning(name, known) {
                Some(Meaning::Itself(right)) => arguments.put(right, value),
                Some(Meaning::Both) => {
                    arguments.put("before", value);
                    arguments.put("after", value);
                }
                None => arguments.note(format!(
                    "unknown argument “{}” was ignored; there are: {}",
                    quote::line(name, 40),
                    known.join(", ")
                )),
            }
        }
        Ok(arguments)
    }

    /// The first of two spellings counts.
    fn put(&mut self, name: &str, value: &Value) {
        self.given.entry(name.to_owned()).or_insert_with(|| value.clone());
    }

    /// Adds a line for the answer.
    pub fn note(&mut self, note: String) {
        if self.notes.len() < MOST_NOTES {
            self.notes.push(note);
        }
    }

    /// What was read differently from how it was sent.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Whether it was given.
    pub fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// A text: trimmed, without control characters, of bounded length. `None` where nothing is left of it.
    ///
    /// # Errors
    /// A sentence for the agent when it is no text.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, String> {
        let text = match self.given.get(name) {
            None => return Ok(None),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(other) => return Err(format!("{name}: expected a text, got {}", kind(other))),
        };
        let line = quote::line(&text, LONGEST);
        if text.chars().take(LONGEST + 1).count() > LONGEST {
            self.note(format!("{name} was cut after {LONGEST} characters"));
        }
        Ok((!line.is_empty()).then_some(line))
    }

    /// A whole number within `least` and `most`; `default` where it is not given or no number.
    pub fn number(&mut self, name: &str, least: u32, most: u32, default: u32) -> u32 {
        let Some(value) = self.given.get(name) else { return default };
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let Some(number) = number.filter(|number: &f64| !number.is_nan()) else {
            let got = quote::line(&value.to_string(), 40);
            self.note(format!(
                "{name}: expected a whole number from {least} to {most}, got {got}; {default} was used"
            ));
            return default;
        };
        let within = number.clamp(f64::from(least), f64::from(most)) as u32;
        if f64::from(within) != number {
            self.note(format!("{name}: {within} was used, from the range {least} to {most}"));
        }
        within
    }

    /// Yes or no; no where it is not given.
    pub fn flag(&mut self, name: &str) -> bool {
        match self.given.get(name) {
            None | Some(Value::Bool(false)) => false,
            Some(Value::Bool(true)) => true,
            Some(Value::String(text)) => {
                !["", "false", "no", "0"].contains(&text.trim().to_lowercase().as_str())
            }
            Some(Value::Number(number)) => number.as_f64() != Some(0.0),
            Some(_) => {
                self.note(format!("{name}: expected true or false; true was used"));
                true
            }
        }
    }
}

enum Meaning<'a> {
    Itself(&'a str),
    Both,
}

fn meaning<'a>(name: &str, known: &[&'a str]) -> Option<Meaning<'a>> {
    let plain = plain(name);
    if let Some(right) = known.iter().copied().find(|right| self::plain(right) == plain) {
        return Some(Meaning::Itself(right));
    }
    if AROUND.contains(&plain.as_str()) && known.contains(&"before") {
        return Some(Meaning::Both);
    }
    let aliases = ALIASES.iter().filter(|(_, aliases)| aliases.contains(&plain.as_str()));
    let mut meant = aliases.filter_map(|(right, _)| known.iter().copied().find(|name| name == right));
    meant.next().map(Meaning::Itself)
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).take(40).collect::<String>().to_lowercase()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const KNOWN: [&str; 6] = ["query", "limit", "max_tokens", "before", "after", "section"];

    fn read(value: &Value) -> Arguments {
        Arguments::read(value, &KNOWN).unwrap()
    }

    #[test]
    fn wrong_names_are_understood() {
        let mut arguments = read(&json!({"Question": "how", "topK": "3", "maxTokens": 500, "context": 1}));
        assert_eq!(arguments.text("query"), Ok(Some("how".into())));
        assert_eq!(arguments.number("limit", 1, 20, 6), 3);
        assert_eq!(arguments.number("max_tokens", 300, 20_000, 2000), 500);
        assert_eq!((arguments.number("before", 0, 5, 0), arguments.number("after", 0, 5, 0)), (1, 1));
        assert!(arguments.notes().is_empty(), "{:?}", arguments.notes());
    }

    #[test]
    fn unknown_names_are_said() {
        let arguments = read(&json!({"query": "x", "colour": 1}));
        assert!(
            arguments.notes()[0].starts_with("unknown argument “colour” was ignored"),
            "{:?}",
            arguments.notes()
        );
    }

    #[test]
    fn numbers_come_into_their_range() {
        for (sent, expected) in [
            (json!(-5), 1),
            (json!(1e300), 20),
            (json!("NaN"), 6),
            (json!([1]), 6),
            (json!(2.7), 2),
            (json!("seven"), 6),
            (json!(null), 6),
        ] {
            let mut arguments = read(&json!({ "limit": sent }));
            assert_eq!(arguments.number("limit", 1, 20, 6), expected, "{sent}");
            assert_eq!(arguments.notes().is_empty(), sent.is_null(), "{sent}");
        }
    }

    #[test]
    fn texts_are_bounded_and_visible() {
        let long = "word ".repeat(300_000);
        let mut arguments = read(&json!({ "query": long }));
        let text = arguments.text("query").unwrap().unwrap();
        assert_eq!(text.chars().count(), LONGEST + 1, "the last character says that it was cut");
        assert_eq!(arguments.notes(), ["query was cut after 1000 characters"]);
        assert_eq!(read(&json!({"query": "a\u{0}b\u{1b}c"})).text("query"), Ok(Some("a b c".into())));
        assert_eq!(read(&json!({"query": " \n "})).text("query"), Ok(None));
        assert!(
            read(&json!({"query": {"a": 1}}))
                .text("query")
                .unwrap_err()
                .contains("expected a text, got an object")
        );
        assert!(Arguments::read(&json!([1]), &KNOWN).unwrap_err().contains("expected an object"));
    }
}
