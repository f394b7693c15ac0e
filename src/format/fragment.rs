//! A fragment: what a few neighbouring chunks say, and where they are.
//!
//! Results need the text of chunks anyway, so everything that only a result shows lives here and nothing of it in
//! the files that rank. Documents that several chunks share are stored once a fragment, and a chunk that several
//! versions share once, with an [`Edition`] for each.

use serde::{Deserialize, Serialize};

use crate::{Error, Kind, Result, error::REBUILD, read, write};

/// Neighbouring chunks of the library. Where they begin is in the boot file, so that a chunk more in front of them
/// does not change this one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fragment {
    /// The documents that the chunks stand in.
    pub documents: Vec<DocumentRef>,
    /// The chunks.
    pub chunks: Vec<StoredChunk>,
}

/// A document as its chunks need it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRef {
    /// Number of the scope (vendor, product, version) in the boot file.
    pub scope: u32,
    /// Path below the library root.
    pub source: String,
    /// What the document's chunk ids begin with: `finesse::v12.5::developer-guide::developer-guide`.
    pub stem: String,
    /// Path of the document's page below the site's root.
    pub url: String,
    /// The document's title.
    pub title: String,
}

/// A chunk as a result shows it: what it says, and where that stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredChunk {
    /// Headings above the chunk, outermost first.
    pub headings: Vec<String>,
    /// The text.
    pub text: String,
    /// Lengths in bytes of the passages of `text`, in order: the first begins at 0, each ends where the next begins.
    pub passages: Vec<u32>,
    /// One for each version that has the chunk, newest first; never empty.
    pub editions: Vec<Edition>,
}

/// A chunk as it stands in one version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Place in [`Fragment::documents`].
    pub document: u32,
    /// What its id ends with: its place among the document's chunks, from 0, when it was first published.
    pub number: u32,
    /// Physical page, for paged documents.
    pub page: Option<u32>,
    /// Printed page number, where known.
    pub page_label: Option<String>,
    /// Fragment identifier of the permalink; empty for the document's start.
    pub anchor: String,
    /// Pictures: path below the library root, and alternative text.
    pub images: Vec<(String, String)>,
}

impl Fragment {
    /// The chunk at a place in this fragment, with each of its editions and that edition's document, newest first.
    pub fn chunk(
        &self,
        place: usize,
    ) -> Option<(&StoredChunk, impl Iterator<Item = (&Edition, &DocumentRef)>)> {
        let chunk = self.chunks.get(place)?;
        let document = |edition: &Edition| self.documents.get(edition.document as usize);
        let editions = chunk.editions.iter();
        Some((chunk, editions.filter_map(move |edition| Some((edition, document(edition)?)))))
    }

    /// The file's bytes.
    pub fn to_file(&self) -> Vec<u8> {
        write(Kind::Fragment, self)
    }

    /// Reads a file's bytes.
    ///
    /// # Errors
    /// When the frame or the body is not that of a whole fragment.
    pub fn from_file(file: &str, bytes: &[u8]) -> Result<Self> {
        let fragment: Self = read(file, Kind::Fragment, bytes)?;
        let documents = fragment.documents.len();
        let listed = |edition: &Edition| (edition.document as usize) < documents;
        let sound = |chunk: &StoredChunk| !chunk.editions.is_empty() && chunk.editions.iter().all(listed);
        if !fragment.chunks.iter().all(sound) {
            return Err(Error::new(file, "chunks of the listed documents", "a chunk of another", REBUILD));
        }
        Ok(fragment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_comes_back() {
        let chunk = StoredChunk {
            text: "words".into(),
            passages: vec![5],
            editions: vec![Edition { document: 1, number: 7, ..Edition::default() }],
            ..StoredChunk::default()
        };
        let document = |title: &str| DocumentRef { title: title.into(), ..DocumentRef::default() };
        let fragment =
            Fragment { documents: vec![document("Other"), document("Guide")], chunks: vec![chunk] };
        let again = Fragment::from_file("f", &fragment.to_file()).unwrap();
        assert_eq!(again, fragment);
        let (chunk, editions) = again.chunk(0).unwrap();
        let editions: Vec<_> =
            editions.map(|(edition, document)| (edition.number, document.title.as_str())).collect();
        assert_eq!((chunk.text.as_str(), editions), ("words", vec![(7, "Guide")]));
        assert!(again.chunk(1).is_none());
    }

    #[test]
    fn a_chunk_that_stands_nowhere_is_refused() {
        for editions in [vec![], vec![Edition::default()]] {
            let chunk = StoredChunk { editions, ..StoredChunk::default() };
            let fragment = Fragment { chunks: vec![chunk], ..Fragment::default() };
            assert!(Fragment::from_file("f", &fragment.to_file()).is_err());
        }
    }
}
