//! Which files are needed, and what follows when they are here?
//!
//! The engine is a store of decoded files and one function, [`Engine::search`]. It never fetches: it answers, or it
//! lists what is missing. A host's loop is five lines, and a host that already holds everything never loops.
//!
//! ```text
//! loop { match engine.search(&request)? {
//!     Step::Need(files)   => for each: engine.insert(path, bytes) or engine.absent(path, reason),
//!     Step::Ready(answer) => break answer,
//! } }
//! ```
//!
//! A file that cannot be had is not waited for: the answer is right about the rest and says what is missing.

mod cells;
mod correct;
mod hit;
mod restrict;
mod scope;
mod spelled;
mod vector;

use std::collections::BTreeMap;
use std::ops::Range;

use mcdewey_format::boot::{Boot, FileEntry};
use mcdewey_format::catalog::Catalog;
use mcdewey_format::cell::Cell;
use mcdewey_format::documents::Documents;
use mcdewey_format::fragment::Fragment;
use mcdewey_format::index::Index;
use mcdewey_format::projection::Projection;
use mcdewey_format::scope::Scope;
use mcdewey_format::shard::{Shard, Term};
use mcdewey_format::spelling::Spelling;
use mcdewey_format::{Error, Kind, Result};

use crate::answer::{Answer, Hit, Missing, Mode, Request, Rung, Support};
use crate::filter::Filter;
use crate::fuse;
use crate::lexical::{Evidence, Lexical, List, idf};
use crate::merge::Worth;
use crate::nearest::{cells_to_probe, nearest, probes};
use crate::query::{Prefix, Query};
use crate::symbol::SPELLED;
use crate::weights::Weights;
use correct::Reading;

/// Hits returned when a request names no number.
const DEFAULT_LIMIT: usize = 10;
/// No request returns more hits than this; a page of results is read by people or paid for by the token.
const MAX_LIMIT: usize = 200;
/// A word being typed stands for at most this many words that begin with it, the most frequent ones.
const MAX_EXPANSIONS: usize = 12;
/// Shards read for a word being typed.
const MAX_PREFIX_SHARDS: usize = 2;

/// The first hits decide whether a query is answered at all: what none of them has, none after them will.
const SUPPORTING_HITS: usize = 10;

/// A file that the engine needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileRequest {
    /// Path below the site's root.
    pub path: String,
    /// Its length in bytes, as the directory has it.
    pub bytes: u32,
}

/// What [`Engine::search`] comes to.
#[derive(Debug)]
pub enum Step {
    /// These files first, all at once, in any order.
    Need(Vec<FileRequest>),
    /// The answer.
    Ready(Box<Answer>),
}

/// A decoded payload.
#[derive(Debug)]
pub(crate) enum Part {
    Shard(Shard),
    Cell(Cell),
    Fragment(Fragment),
    Documents(Documents),
    Catalog(Catalog),
    Projection(Projection),
    Spelling(Spelling),
}

/// A library's index as far as it has been fetched.
#[derive(Debug)]
pub struct Engine {
    index: Index,
    weights: Weights,
    boot: Option<Boot>,
    parts: BTreeMap<String, Part>,
    absent: BTreeMap<String, String>,
}

impl Engine {
    /// An engine over the site that `index` describes; nothing else has been fetched yet.
    ///
    /// # Errors
    /// When the site's format is not one that this code reads.
    pub fn new(index: Index) -> Result<Self> {
        index.check()?;
        Ok(Self {
            index,
            weights: Weights::default(),
            boot: None,
            parts: BTreeMap::new(),
            absent: BTreeMap::new(),
        })
    }

    /// Ranks by other weights than the ones that ship.
    pub fn with_weights(mut self, weights: Weights) -> Self {
        self.weights = weights;
        self
    }

    /// The boot file, as the first thing to fetch.
    pub fn boot_file(&self) -> FileRequest {
        FileRequest { path: self.index.boot.path.clone(), bytes: self.index.boot.bytes }
    }

    /// The library's scopes in order, once the boot file is here.
    pub fn scopes(&self) -> Option<&[Scope]> {
        Some(&self.boot.as_ref()?.scopes)
    }

    /// The boot file, once it is here.
    pub fn boot(&self) -> Option<&Boot> {
        self.boot.as_ref()
    }

    /// The packed encoder that a host loads to embed queries: fingerprint and file. `None` until the boot file is
    /// here, or when the site has no vectors.
    pub fn encoder(&self) -> Option<(u64, FileRequest)> {
        let entry = self.boot.as_ref()?.encoder?;
        Some((entry.fingerprint, request(Kind::Encoder, entry.encoder)))
    }

    /// Takes a file that was asked for.
    ///
    /// # Errors
    /// When the bytes are not the file that was asked for; it is then treated as absent, for that reason.
    pub fn insert(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        let result = self.decode(path, bytes);
        match &result {
            Ok(()) => drop(self.absent.remove(path)),
            Err(error) => drop(self.absent.insert(path.to_owned(), error.to_string())),
        }
        result
    }

    fn decode(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        if path == self.index.boot.path {
            let boot = Boot::from_file(path, bytes)?;
            let known = mcdewey_text::OLDEST_ANALYSIS..=mcdewey_text::ANALYSIS_VERSION;
            if !known.contains(&boot.analysis) {
                let expected = format!("words read by rules {} to {}", known.start(), known.end());
                let way_out = "build the site again, or read it with the version of McDewey that built it";
                return Err(Error::new(path, expected, format!("rules {}", boot.analysis), way_out));
            }
            self.boot = Some(boot);
            return Ok(());
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let part = match name.split('-').next() {
            Some("shard") => Part::Shard(Shard::from_file(path, bytes)?),
            Some("cell") => Part::Cell(Cell::from_file(path, bytes)?),
            Some("fragment") => Part::Fragment(Fragment::from_file(path, bytes)?),
            Some("documents") => Part::Documents(Documents::from_file(path, bytes)?),
            Some("catalog") => Part::Catalog(Catalog::from_file(path, bytes)?),
            Some("projection") => Part::Projection(Projection::from_file(path, bytes)?),
            Some("spelling") => Part::Spelling(Spelling::from_file(path, bytes)?),
            _ => {
                let way_out = "hand over only files that the engine asked for";
                return Err(Error::new(
                    path,
                    "a shard, cell, fragment, list of documents, catalog, projection or spelling",
                    "another name",
                    way_out,
                ));
            }
        };
        self.parts.insert(path.to_owned(), part);
        Ok(())
    }

    /// Notes that a file cannot be had, and why. Inserting it later takes this back.
    pub fn absent(&mut self, path: &str, reason: &str) {
        self.absent.insert(path.to_owned(), reason.to_owned());
    }

    /// Forgets what was absent, so that it is asked for again.
    pub fn retry(&mut self) {
        self.absent.clear();
    }

    /// Answers `request`, or says which files are needed first.
    ///
    /// # Errors
    /// When the boot file cannot be had, or a file that passed its checks does not decode.
    pub fn search(&self, request: &Request) -> Result<Step> {
        let Some(boot) = &self.boot else {
            let file = self.boot_file();
            return match self.absent.get(&file.path) {
                None => Ok(Step::Need(vec![file])),
                Some(reason) => {
                    let way_out = "check the connection and load the page again";
                    Err(Error::new(&file.path, "the directory of the index", reason, way_out))
                }
            };
        };
        Search::new(self, boot, request).run()
    }

    /// The library's name, where its build gave it one.
    pub fn name(&self) -> &str {
        &self.index.name
    }

    /// The hash of everything that the build wrote, 16 hex digits.
    pub fn build(&self) -> &str {
        &self.index.build
    }

    pub(crate) fn why_absent(&self, path: &str) -> Option<&str> {
        self.absent.get(path).map(String::as_str)
    }

    pub(crate) fn part(&self, kind: Kind, file: FileEntry) -> Option<&Part> {
        self.parts.get(&file.path(kind))
    }

    fn shard(&self, boot: &Boot, n: usize) -> Option<&Shard> {
        match self.part(Kind::Shard, boot.shards.get(n)?.file)? {
            Part::Shard(shard) => Some(shard),
            _ => None,
        }
    }
}

pub(crate) fn request(kind: Kind, file: FileEntry) -> FileRequest {
    FileRequest { path: file.path(kind), bytes: file.bytes }
}

/// One request on its way to an answer.
struct Search<'a> {
    engine: &'a Engine,
    boot: &'a Boot,
    request: &'a Request,
    query: Query,
    filter: Filter,
    limit: usize,
    needed: Vec<(Kind, FileEntry)>,
    /// Whether the query is what was meant rather than what was typed; it is not corrected again.
    is_correction: bool,
}

impl<'a> Search<'a> {
    fn new(engine: &'a Engine, boot: &'a Boot, request: &'a Request) -> Self {
        let limit = if request.limit == 0 { DEFAULT_LIMIT } else { request.limit.min(MAX_LIMIT) };
        let filter = Filter::of(&boot.scopes, request);
        let query = Query::parse(&request.query, boot.analysis);
        Self { engine, boot, request, query, filter, limit, needed: Vec::new(), is_correction: false }
    }

    fn run(mut self) -> Result<Step> {
        if let Some(notice) = self.filter.notice.take() {
            return Ok(self.ready(Rung::Keyword, 0, Vec::new(), vec![notice]));
        }
        self.need_documents();
        let given = self.projected();
        if self.reads_words() {
            self.needed
                .extend(self.shards_needed().into_iter().map(|n| (Kind::Shard, self.boot.shards[n].file)));
        }
        let wants_meaning = self.request.mode != Mode::Keyword;
        let in_scope = self.filter.cells(self.boot);
        let rung = if given.is_some() { Rung::Transformer } else { Rung::Terms };
        if wants_meaning && probes(in_scope.len(), rung) == in_scope.len() {
            // All are read whatever the query's vector is: they need not wait for it.
            self.need_cells(&in_scope, rung);
        }
        if let Some(step) = self.wait() {
            return Ok(step);
        }

        match self.reading() {
            Reading::AsTyped => {}
            Reading::Wait(step) => return Ok(step),
            Reading::Corrected(query, replaced) => return self.answer_instead(query, &replaced),
        }

        let vector = given.or_else(|| self.sum_of_terms().filter(|_| wants_meaning));
        let cells = vector.as_deref().map(|vector| cells_to_probe(self.boot, rung, vector, in_scope));
        let cells = cells.unwrap_or_default();
        self.need_cells(&cells, rung);
        if let Some(step) = self.wait() {
            return Ok(step);
        }

        let evidence = self.evidence()?;
        let lexical = Lexical::new(self.boot, self.weights(), &evidence, &self.query.pairs);
        let meaning = vector.as_deref().filter(|_| !cells.is_empty()).map(|vector| {
            let cells =
                cells.iter().filter_map(|&n| match self.engine.part(Kind::Cell, self.cell(n, rung))? {
                    Part::Cell(cell) => Some(cell),
                    _ => None,
                });
            nearest(self.boot.chunk_count() as usize, vector, cells)
        });
        let rung = if meaning.is_some() { rung } else { Rung::Keyword };
        let (scope, mut notices) = self.scope();
        let (scope, restricted) = self.restricted(scope, &evidence)?;
        notices.extend(restricted);
        let words = &lexical.scores;
        let kin = self.kin();
        let symbol = self.named_by_symbol(&evidence);
        // The first hits are looked at whole, and only then is it known which come first of all.
        let wanted = if symbol.is_empty() { self.limit } else { self.limit.max(SPELLED) };
        let limit = if kin.is_empty() { wanted } else { usize::MAX };
        let weights = self.weights();
        let weight = if rung == Rung::Terms { weights.meaning_of_terms } else { weights.meaning };
        let common = self.boot.mean().iter().zip(vector.iter().flatten()).map(|(mean, x)| mean * x).sum();
        let near = meaning.as_deref().map(|nearest| fuse::Meaning { nearest, common, weight });
        let mut ranked = fuse::fuse(self.request.mode, self.query.typed, words, near, &scope, &symbol, limit);
        scope::keep_first_of_kin(&mut ranked, &kin, wanted);

        let first = || ranked.iter().take(SUPPORTING_HITS);
        let near_by = |chunk: u32| near.and_then(|near| near.support_of(chunk)).unwrap_or(0.0);
        let support = Support {
            words: first().map(|hit| lexical.coverage(hit.chunk)).fold(0.0, f32::max),
            meaning: first().map(|hit| near_by(hit.chunk)).fold(0.0, f32::max),
            known: lexical.known(),
        };

        let fragments = ranked.iter().filter_map(|hit| self.boot.fragment_of(hit.chunk));
        let fragments: Vec<FileEntry> = fragments.map(|(n, _)| self.boot.fragments[n].1).collect();
        self.needed.extend(fragments.into_iter().map(|file| (Kind::Fragment, file)));
        if let Some(step) = self.wait() {
            return Ok(step);
        }

        self.spelled_first(&mut ranked);
        ranked.truncate(self.limit);
        let strength = weights.strength(rung, support);
        let worth = Worth::new(&ranked, strength, self.is_correction);
        let hits = ranked
            .iter()
            .filter_map(|ranked| self.hit(ranked, worth.of(ranked), &lexical, meaning.as_deref()));
        let hits = hits.collect();
        let has_word = |&chunk: &u32| words.get(chunk as usize).is_some_and(|&score| score > 0.0);
        let matched: Vec<u32> = scope.iter().cloned().flatten().filter(has_word).collect();
        let mut step = self.ready(rung, matched.len(), hits, notices);
        if let Step::Ready(answer) = &mut step {
            answer.places = self.filter.places(self.boot, &matched, self.request.names_product());
            answer.support = support;
            answer.answered = !self.reads_words() || strength >= 1.0;
            if !answer.answered && !answer.hits.is_empty() {
                answer.notices.push(support.unanswered().into());
            }
        }
        Ok(step)
    }

    fn ready(&self, rung: Rung, matched: usize, hits: Vec<Hit>, notices: Vec<String>) -> Step {
        let query = self.request.query.clone();
        Step::Ready(Box::new(Answer {
            query,
            corrected: None,
            answered: true,
            support: Support::default(),
            rung,
            matched,
            places: Vec::new(),
            hits,
            notices,
            missing: self.missing(),
        }))
    }

    /// What this request is ranked by.
    fn weights(&self) -> &'a Weights {
        self.request.weights.as_ref().unwrap_or(&self.engine.weights)
    }

    /// Whether words count: not where meaning alone ranks and its vector is here, unless they say what may answer.
    fn reads_words(&self) -> bool {
        self.request.mode != Mode::Semantic || self.request.vector.is_none() || self.query.restricts()
    }

    /// The files of `needed` that are neither here nor known to be absent; `None` when there is nothing to wait for.
    fn wait(&self) -> Option<Step> {
        let open = self.needed.iter().filter(|&&(kind, file)| {
            let path = file.path(kind);
            !self.engine.parts.contains_key(&path) && !self.engine.absent.contains_key(&path)
        });
        let mut files: Vec<FileRequest> = open.map(|&(kind, file)| request(kind, file)).collect();
        files.sort();
        files.dedup();
        (!files.is_empty()).then_some(Step::Need(files))
    }

    fn missing(&self) -> Vec<Missing> {
        let mut missing: Vec<Missing> = Vec::new();
        for &(kind, file) in &self.needed {
            let path = file.path(kind);
            if let Some(reason) = self.engine.absent.get(&path)
                && !missing.iter().any(|known| known.file == path)
            {
                missing.push(Missing { file: path, reason: reason.clone() });
            }
        }
        missing
    }

    /// Shards of the query's words and of the words that the last one may become.
    fn shards_needed(&self) -> Vec<usize> {
        let words = self.query.words.iter().chain(&self.query.without);
        let exact = words.filter_map(|word| self.boot.shard_of(&word.term));
        let prefix = self.query.prefix.iter().flat_map(|prefix| self.prefix_shards(prefix));
        let mut shards: Vec<usize> = exact.chain(prefix).collect();
        shards.sort_unstable();
        shards.dedup();
        shards
    }

    fn prefix_shards(&self, prefix: &Prefix) -> Range<usize> {
        let all = self.boot.shards_of_prefix(&prefix.letters);
        all.start..all.end.min(all.start + MAX_PREFIX_SHARDS)
    }

    /// Postings of every word, from the shards that are here.
    fn evidence(&self) -> Result<Vec<Evidence>> {
        if !self.reads_words() {
            return Ok(Vec::new());
        }
        let chunks = self.boot.chunk_count();
        let mut evidence = Vec::with_capacity(self.query.words.len());
        for (place, word) in self.query.words.iter().enumerate() {
            let mut found = Evidence { term: word.term.clone(), ..Evidence::default() };
            let shard = self.boot.shard_of(&word.term).and_then(|n| self.engine.shard(self.boot, n));
            let term = shard.and_then(|shard| Some((shard, shard.find(&word.term)?)));
            if let Some((shard, term)) = term.filter(|(_, term)| term.df > 0) {
                found.idf = idf(chunks, term.df);
                found.lists.push(list(shard, term, found.idf)?);
            }
            if let Some(prefix) = self.query.prefix.as_ref().filter(|prefix| prefix.word == place) {
                self.expand(prefix, &mut found)?;
            }
            evidence.push(found);
        }
        Ok(evidence)
    }

    /// The words that the last word may become, the most frequent first.
    fn expansions(&self, prefix: &Prefix, typed: &str) -> Vec<(&Shard, &Term)> {
        let mut expansions: Vec<(&Shard, &Term)> = Vec::new();
        for shard in self.prefix_shards(prefix).filter_map(|n| self.engine.shard(self.boot, n)) {
            let terms = shard.with_prefix(&prefix.letters).iter();
            let terms = terms.filter(|term| term.text != typed && term.df > 0);
            expansions.extend(terms.map(|term| (shard, term)));
        }
        expansions.sort_by(|(_, a), (_, b)| b.df.cmp(&a.df).then(a.text.cmp(&b.text)));
        expansions.truncate(MAX_EXPANSIONS);
        expansions
    }

    /// Adds the words that the last word may become.
    fn expand(&self, prefix: &Prefix, found: &mut Evidence) -> Result<()> {
        let known = !found.lists.is_empty();
        let expansions = self.expansions(prefix, &found.term);
        // Where the word itself is unknown, its expansions are all there is and count in full.
        let share = if known { self.weights().prefix } else { 1.0 };
        for (shard, term) in expansions {
            // A rarer expansion is no better guess, so none weighs more than the word itself.
            let own = idf(self.boot.chunk_count(), term.df);
            let weight = if known { own.min(found.idf) } else { own };
            found.idf = found.idf.max(share * weight);
            found.lists.push(list(shard, term, share * weight)?);
        }
        Ok(())
    }
}

fn list(shard: &Shard, term: &Term, idf: f32) -> Result<List> {
    let postings = shard.postings(term)?;
    let positions = shard.positions(term, &postings)?;
    Ok(List { term: term.text.clone(), idf, postings, positions })
}
