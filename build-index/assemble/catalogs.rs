//! Documents → one catalog a scope.

use std::collections::{BTreeMap, BTreeSet};

use mcdewey_format::boot::Scope;
use mcdewey_format::catalog::{Catalog, Heading, Listed};

use crate::chunk::Chunk;
use crate::document::Document;
use crate::library::Entry;

/// The catalogs of `scopes`, in their order. `pictures` are (path below the library's root, below the site's root).
pub(super) fn catalogs(entries: &[Entry], scopes: &[Scope], pictures: &[(String, String)]) -> Vec<Catalog> {
    let known: BTreeMap<&str, &str> =
        pictures.iter().map(|(source, path)| (source.as_str(), path.as_str())).collect();
    let mut rest = entries;
    let mut first_chunk = 0;
    let mut catalogs = Vec::with_capacity(scopes.len());
    for scope in scopes {
        let (own, others) = rest.split_at(rest.len().min(scope.documents as usize));
        rest = others;
        let mut catalog = Catalog::default();
        let mut shown = BTreeSet::new();
        for entry in own {
            catalog.documents.push(listed(entry, first_chunk));
            first_chunk += entry.chunks.len() as u32;
            let images = entry.chunks.iter().flat_map(|chunk| &chunk.images);
            shown.extend(images.filter_map(|image| {
                Some((image.source.clone(), (*known.get(image.source.as_str())?).to_owned()))
            }));
        }
        catalog.pictures = shown.into_iter().collect();
        catalogs.push(catalog);
    }
    catalogs
}

fn listed(entry: &Entry, first_chunk: u32) -> Listed {
    let stem =
        entry.chunks.first().map_or("", |chunk| chunk.id.rsplit_once("::").map_or("", |(stem, _)| stem));
    Listed {
        source: entry.document.source.clone(),
        stem: stem.to_owned(),
        url: entry.url.clone(),
        title: entry.document.title.clone(),
        first_chunk,
        chunks: entry.chunks.len() as u32,
        page_of: entry.chunks.iter().filter_map(|chunk| chunk.page).collect(),
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
