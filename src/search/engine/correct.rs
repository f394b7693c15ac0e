//! What a query probably means where it has a word that no chunk has.
//!
//! Such a word is looked up in the lists of the library's spellings, which are fetched only now, and the query is
//! answered as if the nearest word had been typed; the answer says so. A word of the general vocabulary, one that the
//! last word may still become, and one that was put in quotation marks are taken as they were typed.

use std::ops::Range;

use mcdewey_format::Kind;
use mcdewey_format::spelling::Spelling;
use mcdewey_text::{TokenKind, folded, tokens};

use super::{Part, Search, Step};
use crate::answer::Request;
use crate::query::Word;
use crate::spell;

/// As many words that a mistyped one may stand for are tried in the names that it is part of.
const MOST_MEANT: usize = 8;

/// What became of the words that no chunk has.
pub(super) enum Reading {
    /// The query is read as it was typed.
    AsTyped,
    /// These lists of spellings first.
    Wait(Step),
    /// The query that was probably meant, with each word that was replaced and its replacement.
    Corrected(String, Vec<(String, String)>),
}

impl Search<'_> {
    /// The query that was probably meant, once the shards of its words are here.
    pub(super) fn reading(&mut self) -> Reading {
        let doubted = if self.reads_words() { self.doubted() } else { Vec::new() };
        if self.is_correction || doubted.is_empty() || self.boot.spellings.is_empty() {
            return Reading::AsTyped;
        }
        let typed = |word: &Word| folded(&self.request.query[word.typed_at.clone()]);
        let wanted: Vec<_> = doubted.iter().map(|word| spell::lengths(&typed(word))).collect();
        let lists = self.boot.spellings.iter();
        let lists =
            lists.filter(|(letters, _)| wanted.iter().any(|wanted| wanted.contains(&usize::from(*letters))));
        self.needed.extend(lists.map(|&(_, file)| (Kind::Spelling, file)));
        if let Some(step) = self.wait() {
            return Reading::Wait(step);
        }
        let meant = doubted.iter().map(|word| {
            let typed = typed(word);
            let meant = spell::meant(&typed, self.spellings(spell::lengths(&typed))).into_iter();
            meant.take(MOST_MEANT).map(|meant| (meant.to_owned(), self.names_with(word, meant))).collect()
        });
        let meant: Vec<Vec<(String, Vec<String>)>> = meant.collect();
        let names = meant.iter().filter(|meant| meant.len() > 1).flatten().flat_map(|(_, names)| names);
        let shards: Vec<usize> = names.filter_map(|name| self.boot.shard_of(name)).collect();
        self.needed.extend(shards.into_iter().map(|n| (Kind::Shard, self.boot.shards[n].file)));
        if let Some(step) = self.wait() {
            return Reading::Wait(step);
        }
        let meant = doubted.iter().zip(meant).filter_map(|(word, meant)| {
            let name = meant.iter().position(|(_, names)| names.iter().any(|name| self.has(name)));
            let (meant, _) = meant.into_iter().nth(name.unwrap_or(0))?;
            Some((word.typed_at.clone(), meant))
        });
        let mut query = self.request.query.clone();
        let mut replaced: Vec<_> = meant.collect();
        if replaced.is_empty() {
            return Reading::AsTyped;
        }
        // From the end, so that the places of those before stay what they are.
        replaced.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
        let mut told = Vec::new();
        for (place, meant) in replaced {
            told.insert(0, (query[place.clone()].to_owned(), meant.clone()));
            query.replace_range(place, &meant);
        }
        Reading::Corrected(query, told)
    }

    /// The words of the query that are nowhere in the library and may be mistyped.
    fn doubted(&self) -> Vec<Word> {
        let is_unknown = |place: usize, word: &Word| {
            let Some(shard) = self.boot.shard_of(&word.term) else { return true };
            let Some(shard) = self.engine.shard(self.boot, shard) else { return false };
            let prefix = self.query.prefix.as_ref().filter(|prefix| prefix.word == place);
            let may_become = prefix.is_some_and(|prefix| !self.expansions(prefix, &word.term).is_empty());
            shard.find(&word.term).is_none() && !may_become
        };
        let words = self.query.words.iter().enumerate();
        words
            .filter(|&(place, word)| !word.as_meant && is_unknown(place, word))
            .map(|(_, word)| word.clone())
            .collect()
    }

    /// The names that a word is part of, as terms, with another word in its place.
    fn names_with(&self, word: &Word, meant: &str) -> Vec<String> {
        let Range { start, end } = word.typed_at;
        let around = self.query.words.iter().map(|name| &name.typed_at);
        let around = around.filter(|name| **name != word.typed_at && name.start <= start && end <= name.end);
        let instead = around.filter_map(|name| {
            let mut text = self.request.query[name.clone()].to_owned();
            text.replace_range(start - name.start..end - name.start, meant);
            let name = tokens(&text).into_iter().find(|token| token.kind == TokenKind::Whole)?;
            Some(name.term)
        });
        instead.collect()
    }

    /// Whether the library has a term whose shard is here.
    fn has(&self, term: &str) -> bool {
        let shard = self.boot.shard_of(term).and_then(|n| self.engine.shard(self.boot, n));
        shard.is_some_and(|shard| shard.find(term).is_some())
    }

    fn spellings(&self, lengths: std::ops::RangeInclusive<usize>) -> impl Iterator<Item = &Spelling> {
        let lists =
            self.boot.spellings.iter().filter(move |(letters, _)| lengths.contains(&usize::from(*letters)));
        lists.filter_map(|&(_, file)| match self.engine.part(Kind::Spelling, file)? {
            Part::Spelling(list) => Some(list),
            _ => None,
        })
    }

    /// Answers `query` in the place of the one that was typed. The encoder's vector stays that of what was typed: it reads
    /// pieces of words, and what they say is still nearer than the sum of the right words (`tests/relevance/README.md`).
    pub(super) fn answer_instead(
        &self,
        query: String,
        replaced: &[(String, String)],
    ) -> mcdewey_format::Result<Step> {
        let request = Request { query, ..self.request.clone() };
        let mut search = Search::new(self.engine, self.boot, &request);
        search.is_correction = true;
        let mut answer = match search.run()? {
            Step::Ready(answer) => answer,
            need => return Ok(need),
        };
        let told = replaced.iter().map(|(typed, meant)| {
            format!("No page has “{typed}”; this is for “{meant}”. Put it in quotation marks to look for it as it is.")
        });
        answer.notices.splice(0..0, told);
        answer.query.clone_from(&self.request.query);
        answer.corrected = Some(request.query);
        Ok(Step::Ready(answer))
    }
}
