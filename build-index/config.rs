//! `mcdewey.toml` at the library's root: what the folders mean and what to leave out.
//!
//! ```toml
//! name = "Acme manuals"                       # shown in the header and in titles; the folder's name if not given
//! levels = ["vendor", "product", "version"]   # what the folders below the root are, outermost first
//! exclude = ["drafts/**", "**/CHANGELOG.md"]  # globs below the root that are not read
//! page_markers = ["[[p. {page}]]"]            # further forms of page marker in Markdown files
//! language = "de"                             # of the words around the manuals
//! copy_sources = true                         # publish each PDF beside its pages
//! single_pages = false                        # no addresses of their own for the pages of paged manuals
//!
//! [html]
//! content = "main .chapter"                   # CSS selector: what is read of an HTML page; told by landmarks if not given
//! exclude = [".feedback"]                     # CSS selectors of what is left out of it
//! ```
//!
//! Everything is optional. A key that is not known is an error that names it and its line: a misspelt `exlude` that
//! silently did nothing would publish the drafts.

use std::path::Path;

use globset::{Glob, GlobSet, GlobSetBuilder};
use serde::Deserialize;

/// The file's name.
pub const FILE: &str = "mcdewey.toml";

/// What a level of folders is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Who makes the product.
    Vendor,
    /// What the manuals are about.
    Product,
    /// Which version of it.
    Version,
    /// A folder that groups and means nothing itself.
    Folder,
}

/// The library's configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The library's name, in the header and in titles. Empty: the folder's name.
    pub name: String,
    /// One sentence about the library, for the home page and for link previews. Empty: a plain one.
    pub description: String,
    /// BCP 47 tag of the library's language: of the words around the manuals, where there are such (`static/texts/`), and
    /// of manuals that do not name their own. Empty: `en`.
    pub language: String,
    /// Where the site will live, ending in `/`. Gives a sitemap, canonical links and a 404 page that needs no script.
    pub public_url: Option<String>,
    /// What the folders below the root are, outermost first. Empty: inferred.
    pub levels: Vec<Level>,
    /// Globs of paths below the root that are not read.
    pub exclude: Vec<String>,
    /// Further forms of page marker: a whole line, with `{page}` for the number and `{label}` for the printed one.
    /// A form with neither ends a page.
    pub page_markers: Vec<String>,
    /// Publish each PDF beside its pages, which then link to its pages.
    pub copy_sources: bool,
    /// Give each page of a paged manual an address of its own, beside the one of its manual. None: yes.
    pub single_pages: Option<bool>,
    /// Name of the product, where the folders of a built site do not tell it.
    pub product: String,
    /// Name of its version, where the folders of a built site do not tell it.
    pub version: String,
    /// How HTML pages are read.
    pub html: Html,
}

/// How HTML pages are read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Html {
    /// CSS selector of what is read of a page. None: told by `data-pagefind-body`, landmarks, and where the text is.
    pub content: Option<String>,
    /// CSS selectors of what is left out.
    pub exclude: Vec<String>,
}

impl Config {
    /// Reads the configuration at the root of a library; the default where there is none.
    ///
    /// # Errors
    /// A sentence for people when the file cannot be read or understood.
    pub fn read(root: &Path) -> Result<Self, String> {
        let path = root.join(FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(format!("{FILE} could not be read: {error}")),
        }
    }

    /// Reads the configuration in a file.
    ///
    /// # Errors
    /// A sentence for people when there is none, or it cannot be understood.
    pub fn read_file(file: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(file)
            .map_err(|error| format!("the configuration {} could not be read: {error}", file.display()))?;
        Self::parse(&text)
    }

    /// Parses the text of the configuration.
    ///
    /// # Errors
    /// A sentence for people that names the key and its line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
            format!("{FILE}, line {line}: {}", error.message().trim_end().replace('\n', "; "))
        })?;
        for level in [Level::Vendor, Level::Product, Level::Version] {
            if config.levels.iter().filter(|named| **named == level).count() > 1 {
                return Err(format!("{FILE}: `levels` names one level twice; each may stand there once"));
            }
        }
        config.exclusions()?;
        Ok(config)
    }

    /// The exclusions, ready to match paths below the root.
    ///
    /// # Errors
    /// A sentence for people that names the glob.
    pub fn exclusions(&self) -> Result<GlobSet, String> {
        let mut set = GlobSetBuilder::new();
        for pattern in &self.exclude {
            set.add(Glob::new(pattern).map_err(|error| format!("{FILE}: `exclude`: {error}"))?);
        }
        set.build().map_err(|error| format!("{FILE}: `exclude`: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read() {
        let config = Config::parse(
            "levels = [\"vendor\", \"product\"]\nexclude = [\"a/**\"]\npage_markers = [\"p. {page}\"]\ncopy_sources = true\nsingle_pages = false\n",
        );
        let config = config.unwrap();
        assert_eq!(config.levels, [Level::Vendor, Level::Product]);
        assert_eq!(config.single_pages, Some(false));
        assert_eq!((config.exclude.len(), config.page_markers.len(), config.copy_sources), (1, 1, true));
        assert_eq!(Config::parse("").unwrap(), Config::default());
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        for (text, wanted) in [
            ("\nexlude = []\n", "mcdewey.toml, line 2: unknown field `exlude`"),
            ("levels = [\"maker\"]", "mcdewey.toml, line 1: unknown variant `maker`"),
            ("levels = [\"vendor\", \"vendor\"]", "names one level twice"),
            ("exclude = [\"a[\"]", "`exclude`"),
            ("levels = ", "mcdewey.toml, line 1"),
        ] {
            let error = Config::parse(text).unwrap_err();
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }
}
