//! Hits that are named by the symbol that the query is, see [`crate::symbol`].

use std::collections::BTreeSet;

use mcdewey_format::Kind;

use super::{Part, Search};
use crate::answer::Mode;
use crate::fuse::{Ranked, order};
use crate::lexical::Evidence;
use crate::symbol::SPELLED;

impl Search<'_> {
    /// The chunks that have the query, if it is a symbol, in title or headings; none where meaning alone ranks.
    pub(super) fn named_by_symbol(&self, evidence: &[Evidence]) -> BTreeSet<u32> {
        let symbol = self.query.symbol.as_ref().filter(|_| self.request.mode != Mode::Semantic);
        symbol.and_then(|symbol| evidence.get(symbol.word)).map(Evidence::chunks_named).unwrap_or_default()
    }

    /// Puts those of the first hits first that spell the symbol as it was typed, once their text is here.
    pub(super) fn spelled_first(&self, ranked: &mut [Ranked]) {
        let first = ranked.len().min(SPELLED);
        for hit in ranked[..first].iter_mut().filter(|hit| hit.named > 0.0) {
            if self.spells(hit.chunk) {
                hit.spells();
            }
        }
        ranked[..first].sort_by(order);
    }

    fn spells(&self, chunk: u32) -> bool {
        let Some(symbol) = &self.query.symbol else { return false };
        let Some((n, place)) = self.boot.fragment_of(chunk) else { return false };
        let entry = self.boot.fragments.get(n).map(|&(_, entry)| entry);
        let Some(Part::Fragment(fragment)) = entry.and_then(|entry| self.engine.part(Kind::Fragment, entry))
        else {
            return false;
        };
        let Some((chunk, editions)) = fragment.chunk(place) else { return false };
        let titles: Vec<&str> = editions.map(|(_, document)| document.title.as_str()).collect();
        symbol.is_spelled_in(chunk.headings.iter().map(String::as_str).chain(titles), &chunk.text)
    }
}
