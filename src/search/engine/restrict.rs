//! Which chunks a query itself leaves to answer it: those with its phrases, without the words it excludes.

use std::collections::BTreeSet;
use std::ops::Range;

use mcdewey_format::Result;
use mcdewey_format::shard::Posting;

use super::{Search, list};
use crate::filter::joined;
use crate::lexical::{Evidence, List};
use crate::query::Word;

impl Search<'_> {
    /// The chunks of `scope` that the query allows, and what a person should know where there are none.
    pub(super) fn restricted(
        &self,
        mut scope: Vec<Range<u32>>,
        evidence: &[Evidence],
    ) -> Result<(Vec<Range<u32>>, Vec<String>)> {
        let had_some = !scope.is_empty();
        for phrase in &self.query.phrases {
            let with = chunks_with(phrase, evidence);
            scope = kept(scope, |chunk| with.contains(&chunk));
        }
        if had_some && scope.is_empty() {
            let notice = "No page has the words in quotation marks one after the other; without the marks they may stand apart.";
            return Ok((scope, vec![notice.into()]));
        }
        let mut notices = Vec::new();
        for Word { term, .. } in &self.query.without {
            let shard = self.boot.shard_of(term).and_then(|n| self.engine.shard(self.boot, n));
            let Some((shard, term)) = shard.and_then(|shard| Some((shard, shard.find(term)?))) else {
                continue;
            };
            let with: BTreeSet<u32> =
                list(shard, term, 0.0)?.postings.iter().map(|posting| posting.chunk).collect();
            scope = kept(scope, |chunk| !with.contains(&chunk));
        }
        if let Some(words) = self.without_as_typed() {
            notices.push(format!("Pages with {words} are left out, since a hyphen stands before it."));
        }
        Ok((scope, notices))
    }

    /// The excluded words, for people.
    fn without_as_typed(&self) -> Option<String> {
        let typed = |word: &Word| format!("“{}”", &self.request.query[word.typed_at.clone()]);
        let words: Vec<String> = self.query.without.iter().map(typed).collect();
        (!words.is_empty()).then(|| words.join(" or "))
    }
}

/// The chunks that have the words of a phrase one after the other.
fn chunks_with(phrase: &[(usize, u32)], evidence: &[Evidence]) -> BTreeSet<u32> {
    let list_of = |place: usize| {
        let word = evidence.get(place)?;
        word.lists.first().filter(|list| list.term == word.term)
    };
    let Some(lists) =
        phrase.iter().map(|&(place, after)| Some((list_of(place)?, after))).collect::<Option<Vec<_>>>()
    else {
        return BTreeSet::new();
    };
    let Some(&(first, _)) = lists.first() else { return BTreeSet::new() };
    let stands_in = |posting: &&Posting| {
        let starts = positions(first, posting.chunk);
        starts.iter().any(|start| {
            lists
                .iter()
                .all(|&(list, after)| positions(list, posting.chunk).binary_search(&(start + after)).is_ok())
        })
    };
    first.postings.iter().filter(stands_in).map(|posting| posting.chunk).collect()
}

/// Where a term stands in a chunk.
fn positions(list: &List, chunk: u32) -> &[u32] {
    let at = list.postings.binary_search_by_key(&chunk, |posting| posting.chunk).ok();
    at.and_then(|at| list.positions.get(at)).map_or(&[], Vec::as_slice)
}

/// The chunks of `scope` that `keep` lets through.
fn kept(scope: Vec<Range<u32>>, keep: impl Fn(u32) -> bool) -> Vec<Range<u32>> {
    joined(scope.into_iter().flatten().filter(|&chunk| keep(chunk)).map(|chunk| chunk..chunk + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One chunk a list of positions.
    fn word(term: &str, positions: &[&[u32]]) -> Evidence {
        let chunks = (0u32..).zip(positions).filter(|(_, positions)| !positions.is_empty());
        let postings = chunks.clone().map(|(chunk, _)| Posting { chunk, counts: [0; 4] }).collect();
        let positions = chunks.map(|(_, positions)| positions.to_vec()).collect();
        let list = List { term: term.into(), idf: 1.0, postings, positions };
        Evidence { term: term.into(), idf: 1.0, lists: vec![list] }
    }

    #[test]
    fn a_phrase_is_in_the_chunks_that_have_it_in_a_row() {
        let evidence =
            [word("list", &[&[0, 9], &[3], &[], &[5]]), word("user", &[&[3], &[6, 40], &[1], &[9]])];
        assert_eq!(chunks_with(&[(0, 0), (1, 3)], &evidence), [0, 1].into());
        assert_eq!(chunks_with(&[(1, 0), (1, 34)], &evidence), [1].into());
        assert_eq!(chunks_with(&[(0, 0), (2, 1)], &evidence), BTreeSet::new());
    }

    #[test]
    fn chunks_that_are_kept_are_ranges_again() {
        assert_eq!(kept(vec![0..4, 6..9], |chunk| chunk != 7), [0..4, 6..7, 8..9]);
    }
}
