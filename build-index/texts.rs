//! The words around the manuals, in the reader's language: one file a language below `static/texts/`.
//!
//! ```text
//! static/texts/de.json ─┬─ pages ─► Texts (a field a text, so that the compiler knows which there are) ─► site/
//!                       └─ app ───► app/<hash>/texts.js ─► www/text.js
//! ```
//!
//! A text may have places, `{n}`, that are filled when it is said; one with a number in it has a form for one and
//! another for all other numbers. That is the rule of the languages there are; one with more forms needs its rule here
//! (scripts ask the browser, which knows them all). What the engine and the readers of documents say about a failure
//! stays English everywhere: it is told in one place, for the terminal and for agents, too.

use maud::{Markup, PreEscaped, Render as _};
use serde::Deserialize;
use serde_json::Value;

/// The languages there are, the first for everybody else.
const FILES: [&str; 2] = [include_str!("../static/texts/en.json"), include_str!("../static/texts/de.json")];

/// Languages and scripts that are written from right to left: subtags of BCP 47.
const RIGHT_TO_LEFT: [&str; 14] =
    ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi", "arab", "hebr", "syrc", "thaa"];

/// All texts of a language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// Its BCP 47 tag.
    pub language: String,
    /// What stands between the thousands of a number.
    thousands: String,
    pub(crate) pages: Pages,
    /// What scripts say; they have the names.
    app: Value,
}

/// A text with a number in it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Counted {
    one: String,
    other: String,
}

/// Declares the groups of texts: every name is a field, and one that the file lacks or has too many is an error.
macro_rules! groups {
    ($($group:ident { $($name:ident),+ $(,)? })+) => {
        $(
            #[derive(Debug, Clone, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub(crate) struct $group { $(pub $name: String),+ }
        )+
    };
}

groups! {
    Frame {
        description, skip, site, browse, search_the_library, search, private, all_manuals, agents, for_models,
        build_report, playground, on_this_device, breadcrumb, library,
    }
    Home { keys, enter, shelves, empty }
    Search { without_script }
    Away { title, description, sentence, to_shelves }
    Missing { title, sentence, ways, look, shelves }
    Moved { part, manual }
    Listing { other_versions, all_headings }
    Headings { title, here, letters, at_page }
    Manual {
        contents, page, printed, in_the_pdf, copy_link, copy_link_to, image, open_large, table, source,
        other_versions, also_in, neighbours, previous, next, as_markdown, neighbouring_parts, parts, pages_from_to, in_part,
    }
    Leaf {
        context, page, source, language, page_printed, copy_citation, markdown, cited, neighbours, editions,
        in_other_versions, same, changed,
    }
    Agents {
        title, description, lead, budget, site, site_text, site_address, folder, folder_text, server, server_text,
        page, page_text, tools, takes, definitions, as_json,
    }
    Report {
        title, description, totals, as_json, documents, document, pages, chunks, passages, pictures, notes, odd,
        left_out, lost, line, more,
    }
}

/// The texts of the pages, by page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pages {
    pub counts: Counts,
    pub frame: Frame,
    pub home: Home,
    pub search: Search,
    pub away: Away,
    pub missing: Missing,
    pub moved: Moved,
    pub listing: Listing,
    pub headings: Headings,
    pub manual: Manual,
    pub leaf: Leaf,
    pub agents: Agents,
    pub report: Report,
}

/// What is counted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Counts {
    pub documents: Counted,
    pub pages: Counted,
    pub versions: Counted,
    pub headings: Counted,
    pub sections: Counted,
    pub chunks: Counted,
    pub passages: Counted,
    pub pictures: Counted,
    pub notes: Counted,
}

impl Texts {
    /// The texts for readers of a language, a BCP 47 tag: its own, or else English.
    ///
    /// # Errors
    /// A sentence for people when the files that this program was built with are broken.
    pub fn of(language: &str) -> Result<Self, String> {
        let mut all = all()?;
        let at = all.iter().position(|texts| texts.is_for(language)).unwrap_or(0);
        Ok(all.swap_remove(at))
    }

    /// Whether these are in a language.
    pub fn is_for(&self, language: &str) -> bool {
        primary(language).eq_ignore_ascii_case(primary(&self.language))
    }

    /// What to tell the publisher who asked for a language that these are not in.
    pub fn instead_of(&self, language: &str) -> Option<String> {
        let there_are: Vec<String> = all().ok()?.into_iter().map(|texts| texts.language).collect();
        (!language.is_empty() && !self.is_for(language)).then(|| {
            format!(
                "the words around the manuals are in `{}`: expected a `language` in mcdewey.toml that they are \
                 written in ({}), got `{language}`",
                self.language,
                there_are.join(", ")
            )
        })
    }

    /// What the library is, where nobody said it.
    pub fn description(&self) -> &str {
        &self.pages.frame.description
    }

    /// The module that scripts read their texts from.
    pub fn script(&self) -> String {
        let mut app = self.app.clone();
        app["language"] = self.language.as_str().into();
        format!("export default {app};\n")
    }

    /// `1,204 pages`.
    pub(crate) fn counted(&self, text: &Counted, number: usize) -> String {
        fill(if number == 1 { &text.one } else { &text.other }, &[("n", &self.number(number))])
    }

    /// A number with its thousands apart.
    pub(crate) fn number(&self, number: usize) -> String {
        let digits = number.to_string();
        let mut text = String::with_capacity(digits.len() * 2);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push_str(&self.thousands);
            }
            text.push(digit);
        }
        text
    }
}

/// A text with its places filled.
pub(crate) fn fill(text: &str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    for part in parts(text) {
        match part {
            Part::Words(words) => out.push_str(words),
            Part::Place(name) => {
                out.extend(values.iter().filter(|(own, _)| *own == name).map(|(_, value)| value.to_string()));
            }
        }
    }
    out
}

/// A text with links and the like in its places.
pub(crate) fn with(text: &str, values: &[(&str, Markup)]) -> Markup {
    let mut out = String::with_capacity(text.len() + 128);
    for part in parts(text) {
        match part {
            Part::Words(words) => words.render_to(&mut out),
            Part::Place(name) => {
                out.extend(values.iter().filter(|(own, _)| *own == name).map(|(_, value)| value.0.as_str()));
            }
        }
    }
    PreEscaped(out)
}

enum Part<'a> {
    Words(&'a str),
    Place(&'a str),
}

/// A text in parts: `a {n} b` is the words `a `, the place `n` and the words ` b`.
fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    text.split('{').enumerate().flat_map(|(at, piece)| {
        let (place, words) = match piece.split_once('}') {
            Some((name, rest)) if at > 0 => (Some(Part::Place(name)), rest),
            _ => (None, piece),
        };
        place.into_iter().chain(Some(Part::Words(words)))
    })
}

/// Which way a language is written, where it is from right to left: the value of `dir`.
pub(crate) fn direction(language: &str) -> Option<&'static str> {
    let mut subtags = language.split(['-', '_']).map(str::to_ascii_lowercase);
    subtags.any(|subtag| RIGHT_TO_LEFT.contains(&subtag.as_str())).then_some("rtl")
}

fn primary(language: &str) -> &str {
    language.split(['-', '_']).next().unwrap_or(language)
}

fn all() -> Result<Vec<Texts>, String> {
    FILES
        .into_iter()
        .map(|file| serde_json::from_str(file).map_err(|error| format!("the texts inside mcdewey: {error}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Every text by its path, `pages/home/keys`, with the names of its places.
    fn places(value: &Value, path: &str, found: &mut BTreeMap<String, BTreeSet<String>>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    places(value, &format!("{path}/{name}"), found);
                }
            }
            text => {
                let text = text.as_str().unwrap_or_else(|| panic!("{path} is no text"));
                assert!(!text.is_empty(), "{path} is empty");
                let names = parts(text).filter_map(|part| match part {
                    Part::Place(name) => Some(name.to_owned()),
                    Part::Words(_) => None,
                });
                found.insert(path.to_owned(), names.collect());
            }
        }
    }

    #[test]
    fn every_language_has_the_same_texts_with_the_same_places() {
        let read = |file: &str| {
            let mut found = BTreeMap::new();
            places(&serde_json::from_str(file).unwrap(), "", &mut found);
            found
        };
        let first = read(FILES[0]);
        for file in &FILES[1..] {
            let other = read(file);
            let (names, others): (Vec<_>, Vec<_>) = (first.keys().collect(), other.keys().collect());
            assert_eq!(names, others);
            for (path, wanted) in &first {
                assert_eq!(&other[path], wanted, "{path}");
            }
        }
    }

    #[test]
    fn a_language_is_found_by_its_first_subtag_and_what_is_missing_is_told() {
        for (asked, given) in [("de", "de"), ("de-AT", "de"), ("DE", "de"), ("en-GB", "en"), ("", "en")] {
            let texts = Texts::of(asked).unwrap();
            assert_eq!(texts.language, given, "{asked}");
            assert_eq!(texts.instead_of(asked), None, "{asked}");
        }
        let told = Texts::of("fr").unwrap().instead_of("fr").unwrap();
        assert!(told.contains("(en, de), got `fr`"), "{told}");
    }

    #[test]
    fn numbers_are_grouped_and_bent_as_the_language_does() {
        let (english, german) = (Texts::of("en").unwrap(), Texts::of("de").unwrap());
        for (number, en, de) in [
            (0, "0 pages", "0 Seiten"),
            (1, "1 page", "1 Seite"),
            (999, "999 pages", "999 Seiten"),
            (1000, "1,000 pages", "1.000 Seiten"),
            (1_234_567, "1,234,567 pages", "1.234.567 Seiten"),
        ] {
            assert_eq!(english.counted(&english.pages.counts.pages, number), en);
            assert_eq!(german.counted(&german.pages.counts.pages, number), de);
        }
    }

    #[test]
    fn places_are_filled_and_words_escaped() {
        assert_eq!(fill("{a} of {b}", &[("a", &1), ("b", &"two")]), "1 of two");
        let link = maud::html! { a href="x" { "y" } };
        assert_eq!(with("a < {link}.", &[("link", link)]).0, "a &lt; <a href=\"x\">y</a>.");
    }

    #[test]
    fn the_direction_is_the_language_s() {
        for (language, wanted) in
            [("ar", Some("rtl")), ("he-IL", Some("rtl")), ("az-Arab", Some("rtl")), ("de", None), ("", None)]
        {
            assert_eq!(direction(language), wanted, "{language}");
        }
    }
}
