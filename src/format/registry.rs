//! A registry: every id and address that was published, and what is known by it now.
//!
//! A chunk keeps its id for as long as it can be recognised, so that a citation survives an edit. To recognise it, a
//! build compares the document with what the build before noted here. Only builds read this file; what a visitor needs of
//! it is in the lists of documents and in the pages.
//!
//! ```text
//! document    stem · address · hash of the source · numbers given
//!   chunks    number · hash of the text · hash of the headings · page · anchor      in reading order
//!   gone      number · anchor · the number that says it now
//!   formerly  stem · address                                                       before it was renamed
//! ```

use serde::{Deserialize, Serialize};

use crate::{Kind, Result, read, write};

/// What a build notes for the next one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registry {
    /// Every document, in library order.
    pub documents: Vec<KnownDocument>,
}

/// A document as it was published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownDocument {
    /// What the document's chunk ids begin with.
    pub stem: String,
    /// Path of its page below the site's root.
    pub url: String,
    /// Hash of the source file.
    pub source: u64,
    /// The first number that no chunk ever had.
    pub next: u32,
    /// Its chunks in reading order.
    pub chunks: Vec<KnownChunk>,
    /// Ids and anchors that led to something that is no longer there, by number.
    pub gone: Vec<Gone>,
    /// Names that the document had before, the latest last: stem and address.
    pub formerly: Vec<(String, String)>,
}

/// A chunk as it was published. Hashes are short: they need to tell apart the chunks of one document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownChunk {
    /// What its id ends with.
    pub number: u32,
    /// Hash of its text.
    pub text: u32,
    /// Hash of its headings.
    pub headings: u32,
    /// Physical page; 0 without one.
    pub page: u32,
    /// Its anchor in the page.
    pub anchor: String,
}

/// An id or an anchor that leads elsewhere now.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Gone {
    /// The number that its id ended with.
    pub number: u32,
    /// The anchor it had.
    pub anchor: String,
    /// The number of the chunk to read instead; its own where only the anchor has changed.
    pub to: u32,
}

impl Registry {
    /// The file's bytes.
    pub fn to_file(&self) -> Vec<u8> {
        write(Kind::Registry, self)
    }

    /// Reads a file's bytes.
    ///
    /// # Errors
    /// When the frame or the body is not that of a whole registry.
    pub fn from_file(file: &str, bytes: &[u8]) -> Result<Self> {
        read(file, Kind::Registry, bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_comes_back() {
        let chunk = KnownChunk { number: 7, anchor: "setup".into(), ..KnownChunk::default() };
        let gone = Gone { number: 3, anchor: "old".into(), to: 7 };
        let formerly = vec![("a::old".to_owned(), "a/old/".to_owned())];
        let document =
            KnownDocument { chunks: vec![chunk], gone: vec![gone], formerly, ..KnownDocument::default() };
        let registry = Registry { documents: vec![document] };
        assert_eq!(Registry::from_file("r", &registry.to_file()).unwrap(), registry);
    }
}
