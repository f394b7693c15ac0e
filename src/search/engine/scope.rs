//! Which chunks may answer: those of the versions and the document that a request names.

use std::collections::BTreeSet;
use std::ops::Range;

use mcdewey_format::Kind;
use mcdewey_format::documents::Documents;

use super::{Part, Search};
use crate::filter::joined;
use crate::fuse::Ranked;

impl Search<'_> {
    /// Asks for the lists of documents, where the request names one.
    pub(super) fn need_documents(&mut self) {
        if self.document().is_some() {
            let files = self.filter.scopes.iter().filter_map(|&n| self.boot.documents.get(n as usize));
            self.needed.extend(files.map(|&file| (Kind::Documents, file)));
        }
    }

    /// The chunks that may answer, and what a person should know about the choice.
    pub(super) fn scope(&self) -> (Vec<Range<u32>>, Vec<String>) {
        let Some(name) = self.document() else { return (self.filter.ranges(self.boot), Vec::new()) };
        let lists = self.filter.scopes.iter().filter_map(|&n| self.documents(n));
        let named = lists
            .flat_map(|list| &list.documents)
            .filter(|document| is_document(name, [&document.source, &document.stem, &document.url]));
        let end = self.boot.chunk_count();
        let range = |&(first, count): &(u32, u32)| first.min(end)..first.saturating_add(count).min(end);
        let runs = named.flat_map(|document| &document.runs).map(range);
        let ranges = joined(runs);
        let notice = ranges
            .is_empty()
            .then(|| format!("No document here is “{name}”; give its source, as a hit shows it."));
        (ranges, notice.into_iter().collect())
    }

    /// The name of the only document that may answer.
    pub(super) fn document(&self) -> Option<&str> {
        self.request.document.as_deref().map(str::trim).filter(|name| !name.is_empty())
    }

    fn documents(&self, scope: u32) -> Option<&Documents> {
        match self.engine.part(Kind::Documents, *self.boot.documents.get(scope as usize)?)? {
            Part::Documents(list) => Some(list),
            _ => None,
        }
    }

    /// Chunks that say nearly the same as an earlier one, where the request may meet both; see [`Boot::kin`].
    ///
    /// [`Boot::kin`]: mcdewey_format::boot::Boot::kin
    pub(super) fn kin(&self) -> Vec<(u32, u32)> {
        if self.filter.spans_versions(&self.boot.scopes) { self.boot.kin() } else { Vec::new() }
    }
}

/// Whether `name` is one of a document's names; a slash at its end says nothing.
pub(super) fn is_document(name: &str, names: [&str; 3]) -> bool {
    names.into_iter().any(|known| known.trim_end_matches('/') == name.trim_end_matches('/'))
}

/// The best `limit` hits, of those that say nearly the same only the best.
pub(super) fn keep_first_of_kin(ranked: &mut Vec<Ranked>, kin: &[(u32, u32)], limit: usize) {
    let mut seen = BTreeSet::new();
    let first_of = |chunk: u32| {
        let known = kin.binary_search_by_key(&chunk, |&(chunk, _)| chunk);
        known.map_or(chunk, |at| kin[at].1)
    };
    ranked.retain(|hit| seen.len() < limit && seen.insert(first_of(hit.chunk)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_kin_the_best_is_kept() {
        let hit = |chunk| Ranked { chunk, score: 0.0, words: 0.0, meaning: 0.0, named: 0.0, spelled: 0.0 };
        let kept = |kin: &[(u32, u32)], limit| -> Vec<u32> {
            let mut ranked: Vec<Ranked> = [7, 2, 9, 4, 5].map(hit).into();
            keep_first_of_kin(&mut ranked, kin, limit);
            ranked.iter().map(|hit| hit.chunk).collect()
        };
        assert_eq!(kept(&[], 10), [7, 2, 9, 4, 5]);
        assert_eq!(kept(&[(7, 2), (9, 2)], 10), [7, 4, 5]);
        assert_eq!(kept(&[(7, 2), (9, 2)], 2), [7, 4]);
    }

    #[test]
    fn a_document_has_three_names() {
        let names = ["pump/v2/guide.md", "pump::v2::guide", "pump/v2/guide/"];
        for name in names.into_iter().chain(["pump/v2/guide"]) {
            assert!(is_document(name, names), "{name}");
        }
        assert!(!is_document("guide", names));
    }
}
