//! Documents → one catalog a scope.
//!
//! Which chunks a document has is known since chunks are shared; what is added here is where its pages and headings
//! begin among them, and which pictures it shows.

use std::collections::{BTreeMap, BTreeSet};

use mcdewey_format::catalog::{Catalog, Heading, Listed};
use mcdewey_format::documents::ListedDocument;

use crate::chunk::Chunk;
use crate::document::Document;
use crate::library::Entry;
use crate::media::Shown;
use crate::share::Shared;

/// The catalogs of the library's scopes, in their order.
pub(super) fn catalogs(shared: &Shared<'_>, pictures: &[Shown]) -> Vec<Catalog> {
    let published: BTreeMap<&str, &str> =
        pictures.iter().map(|picture| (picture.source.as_str(), picture.url.as_str())).collect();
    // By place in the library, which is also the order of the lists.
    let editions = shared.chunks.iter().flat_map(|chunk| &chunk.editions);
    let entries: BTreeMap<usize, &Entry> =
        editions.map(|edition| (edition.document, edition.entry)).collect();
    let mut entries = entries.into_values();
    let catalog = |documents: &Vec<ListedDocument>| {
        let mut catalog = Catalog::default();
        let mut shown = BTreeSet::new();
        for (document, entry) in documents.iter().zip(&mut entries) {
            catalog.documents.push(listed(document, entry));
            let images = entry.chunks.iter().flat_map(|chunk| &chunk.images);
            shown.extend(images.filter_map(|image| {
                Some((image.source.clone(), (*published.get(image.source.as_str())?).to_owned()))
            }));
        }
        catalog.pictures = shown.into_iter().collect();
        catalog
    };
    shared.documents.iter().map(catalog).collect()
}

fn listed(document: &ListedDocument, entry: &Entry) -> Listed {
    let pages: Option<Vec<u32>> = entry.chunks.iter().map(|chunk| chunk.page).collect();
    Listed {
        document: document.clone(),
        page_of: pages.unwrap_or_default(),
        outline: outline(&entry.document, &entry.chunks),
    }
}

/// Every heading with the chunk that holds it. Sections and chunks run in the same order, so one pass finds them.
fn outline(document: &Document, chunks: &[Chunk]) -> Vec<Heading> {
    let mut outline = Vec::new();
    let mut at = 0;
    for page in &document.pages {
        let number = document.paged.then_some(page.number);
        for section in &page.sections {
            let begins =
                |chunk: &Chunk| chunk.page == number && (number.is_some() || chunk.anchor == section.anchor);
            if !chunks.get(at).is_some_and(begins)
                && let Some(next) = chunks[at.min(chunks.len())..].iter().position(begins)
            {
                at += next;
            }
            if let Some(title) = section.path.last().filter(|_| section.level > 0 && at < chunks.len()) {
                outline.push(Heading {
                    level: section.level,
                    title: title.clone(),
                    anchor: section.anchor.clone(),
                    chunk: at as u32,
                });
            }
        }
    }
    outline
}
