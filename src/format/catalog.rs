//! A catalog: which documents a version of a product has, and what is where in them.
//!
//! Searching needs none of this, so the boot file only names one catalog a scope. Who lists documents, resolves an id
//! or a link, or reads page 128 fetches the catalogs of the versions that it asks about: a few kB each.
//!
//! ```text
//! documents   what `documents` lists of it · page of each chunk · outline
//! pictures    path below the library's root · path below the site's root     sorted
//! ```

use std::ops::{Deref, Range};

use serde::{Deserialize, Serialize};

use crate::documents::ListedDocument;
use crate::{Error, Kind, Result, error::REBUILD, read, write};

/// The documents of one version of a product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// Documents in the library's order.
    pub documents: Vec<Listed>,
    /// Pictures of these documents: path below the library's root, path below the site's root; sorted.
    pub pictures: Vec<(String, String)>,
}

/// A document and what is where in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its names, and its chunks in reading order.
    pub document: ListedDocument,
    /// Physical page of each chunk, ascending; empty where the document has no pages.
    pub page_of: Vec<u32>,
    /// Headings in reading order.
    pub outline: Vec<Heading>,
}

/// A heading of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// Level, 1 to 6.
    pub level: u8,
    /// Its words.
    pub title: String,
    /// Fragment identifier of the heading; empty where it has none of its own.
    pub anchor: String,
    /// Place of the chunk that holds it, among the document's chunks.
    pub chunk: u32,
}

impl Deref for Listed {
    type Target = ListedDocument;

    fn deref(&self) -> &ListedDocument {
        &self.document
    }
}

impl Listed {
    /// The places of the chunks on pages `first` to `last`, among the document's chunks.
    pub fn on_pages(&self, first: u32, last: u32) -> Range<u32> {
        let from = self.page_of.partition_point(|&page| page < first);
        let to = self.page_of.partition_point(|&page| page <= last);
        from as u32..to.max(from) as u32
    }

    /// The first and the last page that has text; `None` where the document has no pages.
    pub fn pages(&self) -> Option<(u32, u32)> {
        Some((*self.page_of.first()?, *self.page_of.last()?))
    }
}

impl Catalog {
    /// Where the site has a picture of the library.
    pub fn picture(&self, source: &str) -> Option<&str> {
        let at = self.pictures.binary_search_by(|(known, _)| known.as_str().cmp(source)).ok()?;
        Some(&self.pictures[at].1)
    }

    /// The file's bytes.
    pub fn to_file(&self) -> Vec<u8> {
        write(Kind::Catalog, self)
    }

    /// Reads a file's bytes.
    ///
    /// # Errors
    /// When the frame or the body is not that of a whole catalog whose parts agree.
    pub fn from_file(file: &str, bytes: &[u8]) -> Result<Self> {
        let catalog: Self = read(file, Kind::Catalog, bytes)?;
        for document in &catalog.documents {
            if document.runs_over() {
                return Err(Error::new(file, "runs of chunk numbers", "a number past 32 bits", REBUILD));
            }
            let chunks = document.chunk_count();
            let paged = document.page_of.is_empty() || document.page_of.len() == chunks as usize;
            if !paged || !document.page_of.is_sorted() {
                let expected = format!("pages in order for {chunks} chunks");
                return Err(Error::new(file, expected, format!("{}", document.page_of.len()), REBUILD));
            }
            if document.outline.iter().any(|heading| heading.chunk >= chunks) {
                return Err(Error::new(file, "headings of listed chunks", "one of another", REBUILD));
            }
        }
        Ok(catalog)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Catalog {
        let heading = Heading { level: 1, title: "Begin".into(), chunk: 1, ..Heading::default() };
        let mut document = ListedDocument::default();
        [40, 41, 7, 42].into_iter().zip(0..).for_each(|(chunk, number)| document.push(chunk, number));
        let document = Listed { document, page_of: vec![1, 2, 2, 7], outline: vec![heading] };
        Catalog { documents: vec![document], pictures: vec![("a.png".into(), "media/1.png".into())] }
    }

    #[test]
    fn a_catalog_comes_back() {
        let catalog = sample();
        assert_eq!(Catalog::from_file("c", &catalog.to_file()).unwrap(), catalog);
        assert_eq!(catalog.picture("a.png"), Some("media/1.png"));
        assert_eq!(catalog.picture("b.png"), None);
    }

    #[test]
    fn pages_find_their_chunks() {
        let document = &sample().documents[0];
        assert_eq!(document.on_pages(2, 2), 1..3);
        assert_eq!(document.on_pages(3, 6), 3..3);
        assert_eq!(document.on_pages(0, 99), 0..4);
        assert_eq!(document.on_pages(9, 3), 4..4);
        assert_eq!(document.pages(), Some((1, 7)));
    }

    #[test]
    fn parts_that_disagree_are_refused() {
        let mut catalog = sample();
        catalog.documents[0].outline[0].chunk = 4;
        assert!(Catalog::from_file("c", &catalog.to_file()).is_err());
        let mut catalog = sample();
        catalog.documents[0].page_of.pop();
        assert!(Catalog::from_file("c", &catalog.to_file()).is_err());
        let mut catalog = sample();
        catalog.documents[0].document.runs[0].1 = u32::MAX;
        assert!(Catalog::from_file("c", &catalog.to_file()).is_err());
    }
}
