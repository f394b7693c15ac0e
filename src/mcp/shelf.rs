//! What does the library say there?
//!
//! The one place that asks the engine for files. Everything that reads returns early with the files it lacks, all of
//! them at once, and is called again when they are here.

use std::ops::Range;

use mcdewey_format::boot::Boot;
use mcdewey_format::catalog::{Catalog, Listed};
use mcdewey_format::fragment::{DocumentRef, Edition, StoredChunk};
use mcdewey_format::scope::Scope;
use mcdewey_search::{Answer, Engine, Held, Request, Step};

use crate::name::Spot;
use crate::{Halt, Place, quote};

/// The library, as far as it has been fetched.
pub(crate) struct Shelf<'a> {
    pub engine: &'a Engine,
    pub boot: &'a Boot,
    pub place: &'a Place,
}

/// A chunk and where it stands in the version that is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    pub chunk: &'a StoredChunk,
    pub edition: &'a Edition,
    pub document: &'a DocumentRef,
}

impl Found<'_> {
    /// The chunk's id.
    pub fn id(&self) -> String {
        format!("{}::{}", self.document.stem, self.edition.number)
    }

    /// The chunk's permalink, below the site's root.
    pub fn url(&self) -> String {
        match self.edition.anchor.as_str() {
            "" => self.document.url.clone(),
            anchor => format!("{}#{anchor}", self.document.url),
        }
    }

    /// The page that it stands on, as one cites it.
    pub fn page(&self) -> Option<String> {
        page_name(self.edition.page, self.edition.page_label.as_deref())
    }
}

impl<'a> Shelf<'a> {
    /// The library of `engine`, once its boot file is here.
    pub fn open(engine: &'a Engine, place: &'a Place) -> Result<Self, Halt> {
        match engine.boot() {
            Some(boot) => Ok(Self { engine, boot, place }),
            None => Err(Halt::Need(vec![engine.boot_file()])),
        }
    }

    /// The hash of the build.
    pub fn build(&self) -> &'a str {
        self.engine.build()
    }

    /// The catalogs of these scopes, in their order.
    pub fn catalogs(&self, scopes: &[usize]) -> Result<Vec<&'a Catalog>, Halt> {
        all(scopes.iter().map(|&scope| self.engine.catalog(scope)))
    }

    /// Chunks of a document by their places in it, as they stand in its version.
    pub fn chunks(&self, spot: &Spot<'a>, places: Range<u32>) -> Result<Vec<Found<'a>>, Halt> {
        let numbers: Vec<u32> = places.filter_map(|place| spot.document.chunk_at(place)).collect();
        let fragments = all(numbers.iter().map(|&number| self.engine.fragment(number)))?;
        let found = numbers.iter().zip(fragments).filter_map(|(&number, fragment)| {
            let (_, place) = self.boot.fragment_of(number)?;
            let (chunk, mut editions) = fragment.chunk(place)?;
            let (edition, document) = editions.find(|(_, document)| document.scope as usize == spot.scope)?;
            Some(Found { chunk, edition, document })
        });
        Ok(found.collect())
    }

    /// The answer to a search.
    pub fn search(&self, request: &Request) -> Result<Answer, Halt> {
        match self.engine.search(request) {
            Ok(Step::Ready(answer)) => Ok(*answer),
            Ok(Step::Need(files)) => Err(Halt::Need(files)),
            Err(error) => Err(Halt::Broken(error.to_string())),
        }
    }

    /// A link that a person can open, where the site's address is known; else relative to its root.
    pub fn permalink(&self, url: &str) -> String {
        format!("{}{url}", self.place.base.as_deref().unwrap_or_default())
    }
}

/// All of these files, or those that are still to be fetched, or why one cannot be had.
fn all<'a, T>(held: impl Iterator<Item = Held<'a, T>>) -> Result<Vec<&'a T>, Halt> {
    let (mut here, mut wanted) = (Vec::new(), Vec::new());
    for one in held {
        match one {
            Held::Here(part) => here.push(part),
            Held::Wanted(file) => wanted.push(file),
            Held::Absent(reason) => {
                return Err(Halt::Refuse(format!(
                    "this part of the library cannot be read now: {}; other parts still answer",
                    reason.trim_end_matches('.')
                )));
            }
        }
    }
    if wanted.is_empty() {
        return Ok(here);
    }
    wanted.sort();
    wanted.dedup();
    Err(Halt::Need(wanted))
}

/// `vendor/product`, or the product alone.
pub(crate) fn product_name(scope: &Scope) -> String {
    match scope.vendor.as_str() {
        "" => scope.product.clone(),
        vendor => format!("{vendor}/{}", scope.product),
    }
}

/// Product and version as one reads them: `finesse v12.5`.
pub(crate) fn scope_name(scope: &Scope) -> String {
    format!("{} {}", scope.product, scope.version).trim_end().to_owned()
}

/// `p. 128`, with the printed number where it is another.
pub(crate) fn page_name(page: Option<u32>, label: Option<&str>) -> Option<String> {
    let page = page?;
    Some(match label.filter(|label| *label != page.to_string()) {
        Some(label) => format!("p. {page} (printed {})", quote::line(label, 20)),
        None => format!("p. {page}"),
    })
}

/// What a chunk is called: its heading, else nothing.
pub(crate) fn heading(chunk: &StoredChunk) -> String {
    chunk.headings.last().map(|heading| quote::line(heading, 120)).unwrap_or_default()
}

/// The id of the chunk that stands at a place of a document.
pub(crate) fn chunk_id(document: &Listed, place: u32) -> String {
    format!("{}::{}", document.stem, document.number_at(place).unwrap_or(place))
}
