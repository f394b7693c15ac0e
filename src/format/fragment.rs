//! A fragment: what a few neighbouring chunks say, and where they are.
//!
//! Results need the text of chunks anyway, so everything that only a result shows lives here and nothing of it in
//! the files that rank. Documents that several chunks share are stored once a fragment.

use serde::{Deserialize, Serialize};

use crate::{Error, Kind, Result, error::REBUILD, read, write};

/// Neighbouring chunks of the library.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fragment {
    /// Number of the first chunk in the library; the others follow without a gap.
    pub first_chunk: u32,
    /// The documents that the chunks belong to.
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

/// A chunk as a result shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredChunk {
    /// Place in [`Fragment::documents`].
    pub document: u32,
    /// Place among the document's chunks.
    pub ordinal: u32,
    /// Physical page, for paged documents.
    pub page: Option<u32>,
    /// Printed page number, where known.
    pub page_label: Option<String>,
    /// Fragment identifier of the permalink; empty for the document's start.
    pub anchor: String,
    /// Headings above the chunk, outermost first.
    pub headings: Vec<String>,
    /// The text.
    pub text: String,
    /// Lengths in bytes of the passages of `text`, in order: the first begins at 0, each ends where the next begins.
    pub passages: Vec<u32>,
    /// Pictures: path below the library root, and alternative text.
    pub images: Vec<(String, String)>,
}

impl Fragment {
    /// The chunk with a number of the library, and its document.
    pub fn chunk(&self, number: u32) -> Option<(&StoredChunk, &DocumentRef)> {
        let chunk = self.chunks.get(number.checked_sub(self.first_chunk)? as usize)?;
        Some((chunk, self.documents.get(chunk.document as usize)?))
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
        if fragment.chunks.iter().any(|chunk| chunk.document as usize >= fragment.documents.len()) {
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
        let fragment = Fragment {
            first_chunk: 40,
            documents: vec![DocumentRef { title: "Guide".into(), ..DocumentRef::default() }],
            chunks: vec![StoredChunk { text: "words".into(), passages: vec![5], ..StoredChunk::default() }],
        };
        let again = Fragment::from_file("f", &fragment.to_file()).unwrap();
        assert_eq!(again, fragment);
        assert_eq!(
            again.chunk(40).map(|(chunk, document)| (&*chunk.text, &*document.title)),
            Some(("words", "Guide"))
        );
        assert!(again.chunk(39).is_none() && again.chunk(41).is_none());
    }

    #[test]
    fn a_chunk_of_no_document_is_refused() {
        let fragment = Fragment { chunks: vec![StoredChunk::default()], ..Fragment::default() };
        assert!(Fragment::from_file("f", &fragment.to_file()).is_err());
    }
}
