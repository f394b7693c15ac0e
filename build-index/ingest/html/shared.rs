//! What the pages of one manual have in common, read before any of them: the end of all their titles, and whether they
//! were made for Pagefind. And what the owner says in `mcdewey.toml`.

use std::collections::BTreeMap;
use std::fs;

use rayon::prelude::*;

use super::charset;
use super::dom::N;
use super::selector::Selector;
use crate::config::{self, Config};
use crate::document::Place;
use crate::ingest::markup::squeezed;
use crate::ingest::{LARGEST_HTML_BYTES, tags};
use crate::tree::{Kind, Tree};

/// Between the title of a page and the name of its site, as generators write it.
const BETWEEN: [&str; 9] = [" — ", " – ", " - ", " | ", " · ", " • ", " :: ", " » ", ": "];

/// Fewest pages of a manual whose titles are compared.
const FEWEST: usize = 3;

/// How far into a page its title is looked for.
const TITLE_WITHIN: usize = 64 << 10;

/// The owner's selectors.
#[derive(Debug, Default)]
pub struct Selectors {
    /// What is read of a page.
    pub content: Option<Selector>,
    exclude: Vec<Selector>,
}

impl Selectors {
    /// Reads them.
    ///
    /// # Errors
    /// A sentence for people that names the selector.
    pub fn parse(content: Option<&str>, exclude: &[String]) -> Result<Self, String> {
        let parse = |key: &str, text: &str| {
            Selector::parse(text).ok_or_else(|| {
                format!(
                    "{}: `html.{key}`: \"{text}\" is not understood; name elements as in \"main, #content, div.chapter\"",
                    config::FILE
                )
            })
        };
        Ok(Self {
            content: content.map(|text| parse("content", text)).transpose()?,
            exclude: exclude.iter().map(|text| parse("exclude", text)).collect::<Result<_, _>>()?,
        })
    }

    /// Whether the owner wants this element left out.
    pub fn excludes(&self, node: N<'_>) -> bool {
        self.exclude.iter().any(|selector| selector.matches(node))
    }
}

/// What is known of a library's pages together.
#[derive(Debug, Default)]
pub struct Shared {
    /// The owner's selectors.
    pub selectors: Selectors,
    /// The pages stay where they are: a hit opens the owner's page, so only its own anchors lead anywhere.
    pub in_place: bool,
    manuals: BTreeMap<Place, Manual>,
}

/// What is known of the pages of one version of a product.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Manual {
    /// What every title begins with, or ends with.
    pub around_title: Around,
    /// Some page has `data-pagefind-body`.
    pub pagefind: bool,
}

/// The name of the site in the titles of its pages.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub enum Around {
    /// It is in none.
    #[default]
    Nothing,
    /// `Acme: `
    Before(String),
    /// ` - Acme`
    After(String),
}

impl Shared {
    /// Looks at every HTML file of the library.
    ///
    /// # Errors
    /// A sentence for people when the configuration is wrong.
    pub fn of(tree: &Tree, config: &Config, in_place: bool) -> Result<Self, String> {
        let selectors = Selectors::parse(config.html.content.as_deref(), &config.html.exclude)?;
        let looked: Vec<(&Place, String, bool)> = tree
            .files
            .par_iter()
            .filter(|file| file.kind == Kind::Html)
            .filter_map(|file| {
                let path = tree.root.join(&file.source);
                if fs::metadata(&path).ok()?.len() > LARGEST_HTML_BYTES {
                    return None;
                }
                let (text, _) = charset::text(&fs::read(path).ok()?);
                Some((&file.place, title(&text), text.contains("data-pagefind-body")))
            })
            .collect();
        let mut titles: BTreeMap<&Place, Vec<String>> = BTreeMap::new();
        let mut manuals: BTreeMap<Place, Manual> = BTreeMap::new();
        let anywhere = looked.iter().any(|(_, _, pagefind)| *pagefind);
        for (place, title, pagefind) in looked {
            titles.entry(place).or_default().push(title);
            manuals.entry(place.clone()).or_default().pagefind |= pagefind || (in_place && anywhere);
        }
        for (place, titles) in titles {
            manuals.entry(place.clone()).or_default().around_title = Around::of(&titles);
        }
        Ok(Self { selectors, in_place, manuals })
    }

    /// Names the product of the pages that have none yet.
    pub fn name_product(&mut self, name: &str) {
        let manuals = std::mem::take(&mut self.manuals).into_iter().map(|(mut place, manual)| {
            if place.product.is_empty() {
                name.clone_into(&mut place.product);
            }
            (place, manual)
        });
        self.manuals = manuals.collect();
    }

    /// What is known of the manual at a place.
    pub fn manual(&self, place: Option<&Place>) -> Manual {
        place.and_then(|place| self.manuals.get(place)).cloned().unwrap_or_default()
    }

    /// The name that most titles of a site carry; for a site whose folders name no product.
    pub fn site_name(&self) -> Option<String> {
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for manual in self.manuals.values() {
            if let Some(name) = manual.around_title.name() {
                *names.entry(name.to_owned()).or_default() += 1;
            }
        }
        names.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0))).map(|(name, _)| name)
    }
}

impl Around {
    /// What most of the titles share.
    fn of(titles: &[String]) -> Self {
        let mut counts: BTreeMap<Self, usize> = BTreeMap::new();
        for title in titles {
            for between in BETWEEN {
                for (at, _) in title.match_indices(between) {
                    *counts.entry(Self::After(title[at..].to_owned())).or_default() += 1;
                    *counts.entry(Self::Before(title[..at + between.len()].to_owned())).or_default() += 1;
                }
            }
        }
        // The longest that most share; of two, the one at the end.
        let shared = counts.into_iter().filter(|(_, count)| *count >= FEWEST && count * 2 > titles.len());
        shared.map(|(around, _)| around).max_by_key(|around| around.text().len()).unwrap_or_default()
    }

    fn text(&self) -> &str {
        match self {
            Self::Nothing => "",
            Self::Before(text) | Self::After(text) => text,
        }
    }

    /// The site's name.
    pub fn name(&self) -> Option<&str> {
        let trimmed = match self {
            Self::Nothing => return None,
            Self::Before(text) => BETWEEN.into_iter().find_map(|between| text.strip_suffix(between))?,
            Self::After(text) => BETWEEN.into_iter().find_map(|between| text.strip_prefix(between))?,
        };
        Some(trimmed.trim()).filter(|name| !name.is_empty())
    }

    /// A title without the site's name.
    pub fn strip<'t>(&self, title: &'t str) -> &'t str {
        let stripped = match self {
            Self::Nothing => None,
            Self::Before(text) => title.strip_prefix(text.as_str()),
            Self::After(text) => title.strip_suffix(text.as_str()),
        };
        stripped.map(str::trim).filter(|title| !title.is_empty()).unwrap_or(title)
    }
}

impl PartialOrd for Around {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Around {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |around: &Self| matches!(around, Self::After(_));
        (self.text(), key(self)).cmp(&(other.text(), key(other)))
    }
}

/// What stands in `<title>`.
fn title(text: &str) -> String {
    let head = text.char_indices().nth(TITLE_WITHIN).map_or(text, |(end, _)| &text[..end]);
    let mut inside = false;
    for piece in tags::pieces(head) {
        match piece {
            tags::Piece::Open(tag) if tag.name == "title" => inside = true,
            tags::Piece::Text(text) if inside => return squeezed(&html_escape::decode_html_entities(text)),
            tags::Piece::Close(name, _) if name == "title" || name == "head" => break,
            _ => {}
        }
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(titles: &[&str]) -> Around {
        Around::of(&titles.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn the_name_of_the_site_is_taken_off_its_titles() {
        let after = around(&["Lints - The book", "JSON - Output - The book", "The book", "Tests - The book"]);
        assert_eq!(after, Around::After(" - The book".to_owned()));
        assert_eq!(after.name(), Some("The book"));
        assert_eq!(after.strip("JSON - Output - The book"), "JSON - Output");
        assert_eq!(after.strip("The book"), "The book");
        assert_eq!(after.strip(" - The book"), " - The book");
        let before = around(&["Acme: Pump", "Acme: Well", "Acme: Tank"]);
        assert_eq!(before.strip("Acme: Pump"), "Pump");
        assert_eq!(before.name(), Some("Acme"));
    }

    #[test]
    fn titles_that_share_nothing_stay() {
        for titles in [&["A - x", "B - y", "C - z"][..], &["A - x", "B - x"], &[], &["A", "A", "A"]] {
            assert_eq!(around(titles), Around::Nothing, "{titles:?}");
        }
    }

    #[test]
    fn titles_are_found() {
        assert_eq!(title("<html><head><script>1<2</script><TITLE>\n A &amp;\n B</TITLE>"), "A & B");
        assert_eq!(title("<head></head><title>late</title>"), "");
    }
}
