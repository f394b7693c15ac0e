//! Does who types a symbol get the place that bears its name?
//!
//! A symbol is a word that a program understands: `max_connections`, `readFile`, `std::vec`, `--force`, `/etc/hosts`,
//! `open()`, `E0308`, `postgresql.conf`. Every one that stands in a heading of the library, and every one that a truth set
//! took from an index, is asked for as it stands there. It is found if the first hit holds it exactly: in a heading, where
//! any heading has it (its own, or the title that it stands under), else in its text.
//!
//! What a symbol is is told here once more, and not taken from the engine, which would then be held against itself.
//!
//! ```text
//! catalogs ──headings──► symbols ──ask──► first hit ──► its headings, or its text
//! ```

use std::collections::{BTreeMap, BTreeSet};

use mcdewey_format::fragment::StoredChunk;
use mcdewey_search::{Answer, Engine, Held, Mode, Rung};
use serde::Serialize;

/// Letters around a symbol that are no part of it. A hyphen, a slash, a dollar sign and a percent sign may be.
const AROUND: &[char] = &[
    '"', '\'', '`', ',', ';', ':', '!', '?', '.', '[', ']', '{', '}', '<', '>', '(', ')', '«', '»', '“', '”',
    '‘', '’', '*', '|', '…', '¶', '=', '#',
];
/// Longer ones are data that nobody types.
const LONGEST: usize = 64;
/// A code such as `E0308` has at least as many digits: `H2` is a molecule, `v12` a version.
const DIGITS_OF_CODE: usize = 3;

/// A symbol and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// The symbol as it is typed.
    pub symbol: String,
    /// What it looks like.
    pub kind: &'static str,
    /// Ids of the chunks whose headings hold it; empty for one that only an index has.
    pub headed: BTreeSet<String>,
}

/// Share of the symbols that the first hit holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SymbolRow {
    /// The truth set or the site.
    pub set: String,
    /// The evidence that ranked.
    pub mode: Mode,
    /// Where the query's vector came from.
    pub rung: Rung,
    /// What the symbols look like, `all`, or `index entry` for those that are in no heading.
    pub kind: String,
    /// How many symbols were asked for.
    pub symbols: usize,
    /// Share of them that the first hit holds exactly.
    pub first: f64,
    /// Those that it does not hold.
    pub missed: Vec<Miss>,
}

/// A symbol that the first hit does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Miss {
    /// The symbol.
    pub symbol: String,
    /// Place of the first hit that holds it, from 1; `None` where none of the first ten does.
    pub place: Option<usize>,
    /// The title of the first hit.
    pub got: String,
}

/// The symbols of a text, each with its kind.
pub(super) fn symbols_of(text: &str) -> Vec<(String, &'static str)> {
    text.split_whitespace().filter_map(symbol).collect()
}

/// The symbol that an entry of an index is about: `get_label() (AppConfig method)` is about the first of
/// its words that is one, and a word alone is one because it stands there.
fn entry_symbol(entry: &str) -> Option<String> {
    let bare = !entry.trim().is_empty() && !entry.trim().contains(char::is_whitespace);
    let first = || symbols_of(entry).into_iter().next().map(|(symbol, _)| symbol);
    if bare { Some(entry.trim().to_owned()) } else { first() }
}

/// The symbol that a word between spaces is.
fn symbol(word: &str) -> Option<(String, &'static str)> {
    let opens = word.trim_start_matches(AROUND);
    // What is called, before its arguments.
    let called = opens.find('(').filter(|&at| !opens[at..].starts_with("(s)"));
    let called = called.map(|at| &opens[..at]).filter(|name| is_name(name));
    if let Some(name) = called {
        return (name.len() <= LONGEST).then(|| (format!("{name}()"), "call"));
    }
    let bare = opens.trim_end_matches(AROUND);
    let is_option = bare.starts_with('-') && bare.trim_start_matches('-').starts_with(char::is_alphabetic);
    let name = if is_option { option(bare) } else { bare };
    if name.len() < 2 || name.len() > LONGEST || !name.is_ascii() || name.contains("://") {
        return None;
    }
    let letters: Vec<char> = name.chars().collect();
    let plain = letters.iter().all(|letter| letter.is_ascii_alphanumeric() || "_-.:/$%@".contains(*letter));
    if !plain || !letters.iter().any(char::is_ascii_alphabetic) {
        return None;
    }
    let inner = |of: &str| {
        let mut parts = name.split(of);
        parts.clone().count() > 1
            && parts.all(|part| part.len() > 1 && !part.starts_with(|c: char| c.is_ascii_digit()))
    };
    let kind = if is_option {
        "option"
    } else if name.starts_with('/') && name[1..].contains('/') && name[1..].starts_with(char::is_alphabetic) {
        "path"
    } else if name.contains("::") {
        "scoped::name"
    } else if letters.windows(3).any(|three| three[1] == '_' && three[0] != '_' && three[2] != '_') {
        "snake_case"
    } else if name.contains('/') {
        // `read/write` is two words.
        return None;
    } else if is_code(name) {
        "code"
    } else if inner(".") {
        "dotted.name"
    } else if letters.windows(2).any(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase()) {
        "camelCase"
    } else {
        return None;
    };
    Some((name.to_owned(), kind))
}

/// An option without its value, and without its other name where the two are written as one (`-o--output`).
fn option(text: &str) -> &str {
    let name = text.split(['=', '[', '(', '<', '{', '/', '|', ',']).next().unwrap_or(text);
    let hyphens = name.len() - name.trim_start_matches('-').len();
    name[hyphens..].find("--").map_or(name, |at| &name[..hyphens + at])
}

/// Whether a text is what may stand before the arguments of a call.
fn is_name(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_.:$".contains(letter))
}

/// Capitals, then digits, and perhaps one capital more: `E0308`, `ORA-00942`, `SQL0911N`.
fn is_code(name: &str) -> bool {
    let digits = name.trim_start_matches(|letter: char| letter.is_ascii_uppercase());
    let capitals = name.len() - digits.len();
    let digits = digits.strip_prefix('-').unwrap_or(digits);
    let digits = digits.strip_suffix(|letter: char| letter.is_ascii_uppercase()).unwrap_or(digits);
    capitals > 0 && digits.len() >= DIGITS_OF_CODE && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// What the library's chunks are called, by id.
#[derive(Debug, Default)]
pub(super) struct Headings {
    /// Number of the chunk, and the symbols in the headings that stand in it.
    chunks: BTreeMap<String, (u32, BTreeSet<String>)>,
    kinds: BTreeMap<String, &'static str>,
}

impl Headings {
    /// Reads the catalogs, which the engine must have.
    ///
    /// # Errors
    /// A sentence for people when it lacks one.
    pub fn of(engine: &Engine) -> Result<Self, String> {
        let mut headings = Self::default();
        for scope in 0..engine.scopes().map_or(0, <[_]>::len) {
            let catalog = match engine.catalog(scope) {
                Held::Here(catalog) => catalog,
                Held::Wanted(file) => return Err(format!("{} was not read", file.path)),
                Held::Absent(reason) => return Err(reason),
            };
            for document in &catalog.documents {
                let id = |place: u32| Some(format!("{}::{}", document.stem, document.number_at(place)?));
                for place in 0..document.chunk_count() {
                    if let (Some(id), Some(chunk)) = (id(place), document.chunk_at(place)) {
                        headings.chunks.entry(id).or_default().0 = chunk;
                    }
                }
                // The headings in a chunk, those that it stands under, and the title, which is that of every chunk.
                let outline = document.outline.iter().map(|heading| (heading.chunk, heading.title.clone()));
                let titles = (0..document.chunk_count()).map(|place| (place, document.title.clone()));
                let above = (0..document.chunk_count()).flat_map(|place| {
                    let chunk = document.chunk_at(place).and_then(|chunk| stored(engine, chunk));
                    let headings = chunk.map(|chunk| chunk.headings.clone()).unwrap_or_default();
                    headings.into_iter().map(move |heading| (place, heading))
                });
                for (place, text) in outline.chain(titles).chain(above) {
                    let Some(id) = id(place) else { continue };
                    for (symbol, kind) in symbols_of(&text) {
                        headings.kinds.insert(symbol.clone(), kind);
                        headings.chunks.entry(id.clone()).or_default().1.insert(symbol);
                    }
                }
            }
        }
        Ok(headings)
    }

    /// Every symbol of the headings in order, then those of `index` that are in none.
    pub fn asked(&self, index: impl IntoIterator<Item = String>) -> Vec<Asked> {
        // A heading `read_file` is that of `read_file()` too.
        let mut headed: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (id, (_, symbols)) in &self.chunks {
            for symbol in symbols {
                headed.entry(name_of(symbol)).or_default().insert(id.clone());
            }
        }
        let of_index: BTreeSet<String> = index
            .into_iter()
            .filter_map(|entry| entry_symbol(&entry))
            .filter(|symbol| !headed.contains_key(name_of(symbol)))
            .collect();
        let of_headings = self.kinds.iter().map(|(symbol, kind)| Asked {
            symbol: symbol.clone(),
            kind,
            headed: headed.get(name_of(symbol)).cloned().unwrap_or_default(),
        });
        let of_index =
            of_index.into_iter().map(|symbol| Asked { symbol, kind: "index entry", headed: BTreeSet::new() });
        of_headings.chain(of_index).collect()
    }

    /// The place of the first hit that holds the symbol exactly, from 1.
    fn place(&self, asked: &Asked, answer: &Answer, engine: &Engine) -> Option<usize> {
        let holds = |id: &str| {
            if !asked.headed.is_empty() {
                return asked.headed.contains(id);
            }
            let chunk = self.chunks.get(id).map(|&(chunk, _)| chunk);
            chunk.and_then(|chunk| text_of(engine, chunk)).is_some_and(|text| stands_in(&asked.symbol, &text))
        };
        answer.hits.iter().take(10).position(|hit| holds(&hit.chunk_id)).map(|place| place + 1)
    }
}

/// A chunk whose fragment is here.
fn stored(engine: &Engine, chunk: u32) -> Option<&StoredChunk> {
    let Held::Here(fragment) = engine.fragment(chunk) else { return None };
    let (_, place) = engine.boot()?.fragment_of(chunk)?;
    fragment.chunks.get(place)
}

/// Headings and text of a chunk.
fn text_of(engine: &Engine, chunk: u32) -> Option<String> {
    let chunk = stored(engine, chunk)?;
    Some(format!("{}\n{}", chunk.headings.join("\n"), chunk.text))
}

/// A symbol without its parentheses.
fn name_of(symbol: &str) -> &str {
    symbol.strip_suffix("()").unwrap_or(symbol)
}

/// Whether a symbol stands in a text with no letter, digit or underscore right before or behind it.
fn stands_in(symbol: &str, text: &str) -> bool {
    let name = name_of(symbol);
    let within = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(name)
        .any(|(at, _)| !text[..at].ends_with(within) && !text[at + name.len()..].starts_with(within))
}

/// The shares of one way of ranking: over all symbols of headings, by kind, and over the entries of an index.
pub(super) fn rows(
    set: &str,
    (mode, rung): (Mode, Rung),
    headings: &Headings,
    answers: &[(&Asked, Answer)],
    engine: &Engine,
) -> Vec<SymbolRow> {
    let mut kinds: BTreeMap<&str, (usize, Vec<Miss>)> = BTreeMap::new();
    for (asked, answer) in answers {
        let place = headings.place(asked, answer, engine);
        let all = (!asked.headed.is_empty()).then_some("all");
        for kind in all.into_iter().chain([asked.kind]) {
            let (count, missed) = kinds.entry(kind).or_default();
            *count += 1;
            if place != Some(1) {
                let got = answer.hits.first().map(|hit| hit.title.clone()).unwrap_or_default();
                missed.push(Miss { symbol: asked.symbol.clone(), place, got });
            }
        }
    }
    let row = |(kind, (symbols, missed)): (&str, (usize, Vec<Miss>))| SymbolRow {
        set: set.to_owned(),
        mode,
        rung,
        kind: kind.to_owned(),
        symbols,
        first: (symbols - missed.len()) as f64 / symbols as f64,
        missed,
    };
    kinds.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_understands_is_a_symbol() {
        for (word, symbol, kind) in [
            ("`max_connections`", "max_connections", "snake_case"),
            ("(readFile):", "readFile", "camelCase"),
            ("std::vec::Vec", "std::vec::Vec", "scoped::name"),
            ("--force[=when],", "--force", "option"),
            ("-o", "-o", "option"),
            ("-o--output=FILE", "-o", "option"),
            ("-o/--output", "-o", "option"),
            ("/etc/hosts", "/etc/hosts", "path"),
            ("open(file,", "open()", "call"),
            ("ORA-00942:", "ORA-00942", "code"),
            ("E0308", "E0308", "code"),
            ("“postgresql.conf”", "postgresql.conf", "dotted.name"),
        ] {
            assert_eq!(symbols_of(word), [(symbol.to_owned(), kind)], "{word}");
        }
    }

    #[test]
    fn other_words_are_none() {
        let prose = "The end. 12.5 v12 e.g. i.e. read/write H2 U.S. file(s) https://a.b/c_d - -- (optional) Ümläut_x SQL 3.6.1-rc.0";
        let found = symbols_of(prose);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_symbol_within_another_does_not_stand_there() {
        assert!(stands_in("max_wal", "set max_wal, or"));
        assert!(stands_in("open()", "call open (file)"));
        assert!(!stands_in("max_wal", "max_wal_size and xmax_wal"));
    }
}
