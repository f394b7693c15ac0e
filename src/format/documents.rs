//! A list of documents: what one version of a product holds, and which chunks each document is made of.
//!
//! Chunks are numbered by the versions that share them, so the next chunk of a document may have any number. This
//! file has a document's chunks in reading order, as runs of numbers: `40–49, 7, 50–61` is ten shared chunks, one that
//! is new, and twelve shared ones again. It is fetched to search within one document, to read on, and to list a version;
//! an ordinary search does without.

use serde::{Deserialize, Serialize};

use crate::{Error, Kind, Result, error::REBUILD, read, write};

/// The documents of one scope.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Documents {
    /// In library order.
    pub documents: Vec<ListedDocument>,
}

/// A document and its chunks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedDocument {
    /// Path below the library root.
    pub source: String,
    /// What the document's chunk ids begin with: `finesse::v12.5::developer-guide::developer-guide`.
    pub stem: String,
    /// Path of the document's page below the site's root.
    pub url: String,
    /// The document's title.
    pub title: String,
    /// Number of pages.
    pub pages: u32,
    /// The chunks in reading order: number of the first of a run, and how many follow each other from there.
    pub runs: Vec<(u32, u32)>,
    /// What the ids of the same chunks end with, as runs too: one run from 0 until an edit moves a chunk.
    pub numbers: Vec<(u32, u32)>,
    /// Ids that lead elsewhere now: what the id ended with, and what the id of the chunk to read instead ends with.
    pub gone: Vec<(u32, u32)>,
}

impl ListedDocument {
    /// Adds the next chunk of the document, whose id ends with `number`.
    pub fn push(&mut self, chunk: u32, number: u32) {
        for (runs, next) in [(&mut self.runs, chunk), (&mut self.numbers, number)] {
            match runs.last_mut() {
                Some((first, count)) if *first + *count == next => *count += 1,
                _ => runs.push((next, 1)),
            }
        }
    }

    /// Whether a run of numbers leads past 32 bits, as none that was built does.
    pub(crate) fn runs_over(&self) -> bool {
        let past = |&(first, count): &(u32, u32)| first.checked_add(count).is_none();
        self.runs.iter().chain(&self.numbers).any(past)
    }

    /// How many chunks the document has.
    pub fn chunk_count(&self) -> u32 {
        self.runs.iter().fold(0, |sum, &(_, count)| sum.saturating_add(count))
    }

    /// The number of the chunk that stands at `place`, from 0.
    pub fn chunk_at(&self, place: u32) -> Option<u32> {
        at(&self.runs, place)
    }

    /// What the id of the chunk that stands at `place` ends with.
    pub fn number_at(&self, place: u32) -> Option<u32> {
        at(&self.numbers, place)
    }

    /// Where the chunk stands whose id ends with `number`, and whether that is another chunk that took its place.
    pub fn find(&self, number: u32) -> Option<(u32, bool)> {
        let stands = |number: u32| {
            let mut before = 0u32;
            self.numbers.iter().find_map(|&(first, count)| {
                let within = number.checked_sub(first).filter(|&within| within < count);
                let place = within.map(|within| before.saturating_add(within));
                before = before.saturating_add(count);
                place
            })
        };
        let instead = || self.gone.iter().find(|&&(gone, _)| gone == number).and_then(|&(_, to)| stands(to));
        stands(number).map(|place| (place, false)).or_else(|| Some((instead()?, true)))
    }
}

/// The number at a place of runs of numbers.
fn at(runs: &[(u32, u32)], place: u32) -> Option<u32> {
    let mut before = 0u32;
    for &(first, count) in runs {
        if let Some(within) = place.checked_sub(before).filter(|&within| within < count) {
            return first.checked_add(within);
        }
        before = before.saturating_add(count);
    }
    None
}

impl Documents {
    /// The file's bytes.
    pub fn to_file(&self) -> Vec<u8> {
        write(Kind::Documents, self)
    }

    /// Reads a file's bytes.
    ///
    /// # Errors
    /// When the frame or the body is not that of a whole list of documents.
    pub fn from_file(file: &str, bytes: &[u8]) -> Result<Self> {
        let list: Self = read(file, Kind::Documents, bytes)?;
        if list.documents.iter().any(ListedDocument::runs_over) {
            return Err(Error::new(file, "runs of chunk numbers", "a number past 32 bits", REBUILD));
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> ListedDocument {
        let mut document = ListedDocument { source: "pump/2/guide.md".into(), ..ListedDocument::default() };
        let chunks = [40, 41, 7, 42, 43].into_iter().zip([0, 1, 5, 2, 4]);
        chunks.for_each(|(chunk, number)| document.push(chunk, number));
        document.gone = vec![(3, 2), (6, 9)];
        document
    }

    #[test]
    fn a_list_comes_back() {
        let list = Documents { documents: vec![sample(), ListedDocument::default()] };
        assert_eq!(Documents::from_file("d", &list.to_file()).unwrap(), list);
    }

    #[test]
    fn chunks_are_found_by_their_place() {
        let document = sample();
        assert_eq!(document.runs, [(40, 2), (7, 1), (42, 2)]);
        assert_eq!(document.chunk_count(), 5);
        let order: Vec<_> = (0..6).map(|ordinal| document.chunk_at(ordinal)).collect();
        assert_eq!(order, [Some(40), Some(41), Some(7), Some(42), Some(43), None]);
        let numbers: Vec<_> = (0..6).map(|place| document.number_at(place)).collect();
        assert_eq!(numbers, [Some(0), Some(1), Some(5), Some(2), Some(4), None]);
    }

    #[test]
    fn ids_are_found_and_old_ones_lead_on() {
        let document = sample();
        let found: Vec<_> = (0..8).map(|number| document.find(number)).collect();
        let here = |place| Some((place, false));
        let expected = [here(0), here(1), here(3), Some((3, true)), here(4), here(2), None, None];
        assert_eq!(found, expected);
    }

    #[test]
    fn numbers_that_run_over_are_refused() {
        let document = ListedDocument { runs: vec![(u32::MAX, 2)], ..ListedDocument::default() };
        assert!(Documents::from_file("d", &Documents { documents: vec![document] }.to_file()).is_err());
    }
}
