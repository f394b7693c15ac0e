//! A truth set whose records are pages of manuals, measured on the manuals themselves: what counts then is also how well
//! they were read.
//!
//! A record named `NAME#pN` is the physical page `N` of `NAME.pdf`. Pages that the set does not have (its indexes, where
//! each query would be found first) are left out here too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mcdewey_embed::Encoder;
use rayon::prelude::*;

use super::Truth;
use crate::chunk::{Sizes, chunks};
use crate::document::Place;
use crate::ingest::pdf::Readers;
use crate::library::Entry;

/// Between the name of a manual and its page.
const PAGE: &str = "#p";

/// The name of the record that is this page.
pub(super) fn record(manual: &str, page: u32) -> String {
    format!("{manual}{PAGE}{page}")
}

/// The manuals of a truth set, read from the PDFs in `folder`.
///
/// # Errors
/// A sentence for people when a record is no page, or a manual cannot be read.
pub(super) fn entries(
    truth: &Truth,
    folder: &Path,
    readers: &Readers,
    encoder: &Encoder,
) -> Result<Vec<Entry>, String> {
    let mut manuals: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for record in &truth.corpus {
        let place = record.id.rsplit_once(PAGE).and_then(|(name, page)| Some((name, page.parse().ok()?)));
        let (name, page) = place.ok_or_else(|| {
            format!("the record {} of {} names no page; expected NAME{PAGE}N", record.id, truth.name)
        })?;
        manuals.entry(name).or_default().insert(page);
    }
    let sizes = Sizes { limit: encoder.limit(), ..Sizes::default() };
    let read = |(name, pages): (&str, BTreeSet<u32>)| {
        let file = folder.join(format!("{name}.pdf"));
        let mut document =
            readers.read(&file, name).map_err(|note| format!("{}: {}", file.display(), note.text))?;
        document.pages.retain(|page| pages.contains(&page.number));
        let chunks = chunks(&document, name, &sizes, encoder);
        let place = Place { product: truth.name.clone(), ..Place::default() };
        Ok(Entry { place, url: name.to_owned(), document, chunks, ..Entry::default() })
    };
    manuals.into_par_iter().map(read).collect()
}
