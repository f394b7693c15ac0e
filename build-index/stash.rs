//! What pages say, on disk while the index is made: only the pages of the site need it again.
//!
//! ```text
//! read ──► Document ──► chunks
//!             ├─ outline, pictures, labels      stay
//!             └─ HTML and blocks ──► file ──►   one document's at a time, when its pages are written
//! ```
//!
//! HTML and blocks are most of what a document weighs. Between being cut into chunks and being shown nobody reads them,
//! so a library's bodies never have to fit into memory. The file has no name, so a killed build leaves nothing behind.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::document::{Block, Document, Page};

/// Bodies of documents, each at its [`Place`].
#[derive(Debug)]
pub struct Stash {
    file: Mutex<File>,
}

/// Where the body of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    at: u64,
    bytes: usize,
}

/// What is put away of a page.
#[derive(Serialize, Deserialize)]
struct Body {
    html: String,
    /// Of each section.
    blocks: Vec<Vec<Block>>,
}

impl Stash {
    /// An empty one, on the disk where the site goes.
    ///
    /// # Errors
    /// A sentence for people when that disk takes no file.
    pub fn beside(site: &Path) -> Result<Self, String> {
        let folder = site.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = std::fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder));
        let file = file.map_err(|error| format!("{} takes no file: {error}", folder.display()))?;
        Ok(Self { file: Mutex::new(file) })
    }

    /// Takes the body out of `document`.
    ///
    /// # Errors
    /// When the disk is full, for instance. The document is then without its body.
    pub fn put(&self, document: &mut Document) -> io::Result<Place> {
        let bodies: Vec<Body> = document.pages.iter_mut().map(Body::take).collect();
        let bytes = postcard::to_allocvec(&bodies).map_err(io::Error::other)?;
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let at = file.seek(SeekFrom::End(0))?;
        file.write_all(&bytes)?;
        Ok(Place { at, bytes: bytes.len() })
    }

    /// The `document` with its body, which is at `place`.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn whole(&self, document: &Document, place: Place) -> io::Result<Document> {
        let mut bytes = vec![0; place.bytes];
        {
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(place.at))?;
            file.read_exact(&mut bytes)?;
        }
        let bodies: Vec<Body> = postcard::from_bytes(&bytes).map_err(io::Error::other)?;
        let mut document = document.clone();
        document.pages.iter_mut().zip(bodies).for_each(|(page, body)| body.give(page));
        Ok(document)
    }
}

impl Body {
    fn take(page: &mut Page) -> Self {
        page.digest = Some(page.says());
        let blocks = page.sections.iter_mut().map(|section| std::mem::take(&mut section.blocks)).collect();
        Self { html: std::mem::take(&mut page.html), blocks }
    }

    fn give(self, page: &mut Page) {
        page.html = self.html;
        page.sections.iter_mut().zip(self.blocks).for_each(|(section, blocks)| section.blocks = blocks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Section;

    fn document(text: &str) -> Document {
        let section = |text: &str| Section { blocks: vec![Block::Text(text.into())], ..Section::default() };
        let sections = vec![section(text), Section::default(), section("more")];
        let page = Page { number: 1, html: format!("<p>{text}"), sections, ..Page::default() };
        Document { pages: vec![page, Page { number: 2, ..Page::default() }], ..Document::default() }
    }

    #[test]
    fn a_body_comes_back_to_its_own_document() {
        let folder = tempfile::tempdir().unwrap();
        let stash = Stash::beside(&folder.path().join("new/site")).unwrap();
        let mut light = [document("one"), document("another")];
        let places = light.each_mut().map(|document| stash.put(document).unwrap());
        for (n, text) in [(1, "another"), (0, "one"), (1, "another")] {
            assert!(light[n].pages[0].html.is_empty() && light[n].pages[0].sections[0].blocks.is_empty());
            let whole = stash.whole(&light[n], places[n]).unwrap();
            assert_eq!(whole.pages[0].html, document(text).pages[0].html);
            assert_eq!(whole.pages[0].sections, document(text).pages[0].sections);
            assert_eq!(light[n].pages[0].says(), document(text).pages[0].says());
        }
        assert_ne!(light[0].pages[0].says(), light[1].pages[0].says());
    }
}
