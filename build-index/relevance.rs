//! `mcdewey relevance`: how well does the ranking find what people judged relevant?
//!
//! A truth set is a folder with `corpus.jsonl.gz` (or `.jsonl`), `queries.jsonl` and `qrels.tsv`, in the form of BEIR
//! (Thakur et al., 2021). Every record of the corpus is read as a document by the pipeline that reads manuals, so what
//! is measured is what a visitor gets. A document is as good as its best chunk.
//!
//! ```text
//! nDCG@10   = Σ gain_i / log2(i + 1) over the first ten, divided by the same sum of the best order
//! MRR@10    = 1 / place of the first relevant document among the first ten, else 0
//! recall@10 = relevant documents among the first ten / relevant documents
//! ```

mod figures;
mod manuals;
mod mistype;
mod symbols;
mod truth;

use std::collections::BTreeMap;
use std::path::Path;

use mcdewey_embed::Encoder;
use mcdewey_format::Kind;
use mcdewey_format::boot::FileEntry;
use mcdewey_format::index::{FileRef, Index};
use mcdewey_search::{Answer, Engine, Mode, Request, Rung, Step, Weights};
use rayon::prelude::*;
use serde::Serialize;

use crate::assemble::{self, EncoderFile, Meaning};
use crate::chunk::{Chunk, Sizes, chunks};
use crate::document::Place;
use crate::host;
use crate::ingest::pdf::Readers;
use crate::library::{Entry, read_text};
use crate::progress::Stage;
use crate::share::Shared;
use crate::vectors::{self, Cache, Text, Vectors};
use crate::words::Words;

pub use figures::{Figures, Found, Row, ranks, rows};
use symbols::Headings;
pub use symbols::{Miss, SymbolRow};
pub use truth::Truth;
use truth::{Query, Record};

/// The kind of query that is a symbol.
const SYMBOL: &str = "symbol";

/// Hits looked at to find ten documents: a document may have many chunks.
const HITS: usize = 100;

/// A passage as the encoder read it, for measuring another encoder on the very same texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportedPassage {
    /// Id of the record it is a part of.
    pub document: String,
    /// What the encoder read.
    pub text: String,
}

/// A truth set's corpus, indexed, with the queries' vectors.
#[derive(Debug)]
pub struct Indexed {
    truth: Truth,
    /// Records are pages of documents, not documents.
    by_page: bool,
    passages: Vec<ExportedPassage>,
    files: Vec<(String, Vec<u8>)>,
    index: Index,
    vectors: BTreeMap<String, Vec<f32>>,
}

impl Indexed {
    /// Indexes the corpus as a library would be; with vectors, unless only words are to be measured.
    ///
    /// # Errors
    /// A sentence for people when the encoder fails.
    pub fn new(
        truth: Truth,
        encoder: &Encoder,
        cache: Option<&Cache>,
        with_vectors: bool,
    ) -> Result<Self, String> {
        let sizes = Sizes { limit: encoder.limit(), ..Sizes::default() };
        let read = |record: &Record| {
            let document = read_text(&record.id, &record.title, &record.text);
            let chunks = chunks(&document, &record.id, &sizes, encoder);
            let place = Place { product: truth.name.clone(), ..Place::default() };
            Entry { place, url: record.id.clone(), document, chunks, ..Entry::default() }
        };
        let entries = truth.corpus.par_iter().map(read).collect();
        Self::of(truth, entries, encoder, cache, with_vectors)
    }

    /// Indexes the manuals that the corpus was taken from, `folder/NAME.pdf` for records `NAME#pN`, instead of its text.
    ///
    /// # Errors
    /// A sentence for people when a manual cannot be read or the encoder fails.
    pub fn of_manuals(
        truth: Truth,
        folder: &Path,
        readers: &Readers,
        encoder: &Encoder,
        cache: Option<&Cache>,
        with_vectors: bool,
    ) -> Result<Self, String> {
        let entries = manuals::entries(&truth, folder, readers, encoder)?;
        let mut indexed = Self::of(truth, entries, encoder, cache, with_vectors)?;
        indexed.truth.name.push_str(", its PDFs");
        indexed.by_page = true;
        Ok(indexed)
    }

    fn of(
        truth: Truth,
        mut entries: Vec<Entry>,
        encoder: &Encoder,
        cache: Option<&Cache>,
        with_vectors: bool,
    ) -> Result<Self, String> {
        assemble::order(&mut entries);
        let shared = Shared::of(&entries);
        let words = Words::of(&shared.chunks, None);
        let mut texts = if with_vectors { shared.passages() } else { Vec::new() };
        let count = texts.len();
        if with_vectors {
            texts.extend(words.samples.texts().map(Text::Plain));
        }
        let stage = Stage::begin("embed", texts.len() as u64);
        let made = vectors::embed(encoder, cache, &texts, &|done| stage.at(done as u64))?;
        stage.end(&format!("{}: {count} passages, {} embedded now", truth.name, made.embedded));
        let queries = truth.queries.iter().filter(|_| with_vectors);
        let asked: Vec<Text<'_>> = queries.map(|query| Text::Plain(&query.text)).collect();
        let of_queries = vectors::embed(encoder, cache, &asked, &|_| {})?;
        let of_query = |n: usize| (truth.queries[n].id.clone(), of_queries.get(n));
        let vectors = (0..of_queries.len()).map(of_query).collect();
        let exported = |entry: &Entry| {
            let document = entry.document.source.clone();
            let passages = |chunk: &Chunk| -> Vec<ExportedPassage> {
                let texts = chunk.passages.iter().map(|passage| chunk.embedded(passage));
                texts.map(|text| ExportedPassage { document: document.clone(), text }).collect()
            };
            entry.chunks.iter().flat_map(passages).collect::<Vec<_>>()
        };
        let exported = entries.iter().flat_map(exported).collect();
        let encoder = EncoderFile { fingerprint: encoder.fingerprint(), file: FileEntry::default() };
        let meaning = Meaning { encoder, passages: count, samples: &words.samples, vectors: made };
        let assembled = assemble::assemble(&shared, &[], words.indexed, Some(meaning), None);
        let index = Index {
            format: mcdewey_format::FORMAT_VERSION,
            boot: FileRef { path: assembled.boot_file.path(Kind::Boot), bytes: assembled.boot_file.bytes },
            ..Index::default()
        };
        let files = assembled.files.into_iter().map(|file| (file.path, file.bytes)).collect();
        Ok(Self { truth, by_page: false, passages: exported, files, index, vectors })
    }

    /// The corpus as the encoder read it.
    pub fn passages(&self) -> &[ExportedPassage] {
        &self.passages
    }

    /// The truth set's name.
    pub fn name(&self) -> &str {
        &self.truth.name
    }

    /// What each query finds in each mode at each rung. Queries without a relevant document are asked only where the set
    /// is one of strangers.
    ///
    /// # Errors
    /// A sentence for people when a query cannot be answered.
    pub fn ask(&self, ways: &[(Mode, Rung)], weights: &Weights) -> Result<Vec<Found>, String> {
        let engine = self.engine(weights)?;
        let mut found = Vec::new();
        for &(mode, rung) in ways {
            let of_way: Result<Vec<Option<Found>>, String> = self
                .truth
                .queries
                .par_iter()
                .map(|query| {
                    let Some(relevant) = self.truth.relevant(query) else { return Ok(None) };
                    let answer = self.answer(&engine, query, (mode, rung), false)?;
                    let (answered, support) = (answer.answered, answer.support);
                    let documents = self.documents(answer);
                    Ok(Some(Found {
                        set: self.truth.name.clone(),
                        mode,
                        rung,
                        query: query.id.clone(),
                        kind: query.kind.clone(),
                        figures: Figures::of(&documents, relevant),
                        answered,
                        support,
                    }))
                })
                .collect();
            found.extend(of_way?.into_iter().flatten());
        }
        Ok(found)
    }

    /// The answer to `text` with every factor of every score, and the relevant documents if it is a query of the set.
    ///
    /// # Errors
    /// A sentence for people when the query cannot be answered.
    pub fn show(
        &self,
        text: &str,
        way: (Mode, Rung),
        weights: &Weights,
    ) -> Result<(Answer, Vec<String>), String> {
        let engine = self.engine(weights)?;
        let known = self.truth.queries.iter().find(|query| query.text == text || query.id == text);
        let own = Query { id: String::new(), text: text.to_owned(), kind: None };
        let relevant = known.and_then(|query| self.truth.relevant(query));
        let relevant = relevant.map(|relevant| relevant.keys().cloned().collect()).unwrap_or_default();
        Ok((self.answer(&engine, known.unwrap_or(&own), way, true)?, relevant))
    }

    /// How many of the symbols of the headings, and of the queries of kind `symbol`, the first hit holds exactly.
    ///
    /// # Errors
    /// A sentence for people when a symbol cannot be asked for.
    pub fn symbols(
        &self,
        ways: &[(Mode, Rung)],
        weights: &Weights,
        encoder: &Encoder,
        cache: Option<&Cache>,
    ) -> Result<Vec<SymbolRow>, String> {
        let engine = self.engine(weights)?;
        let of_index = self.truth.queries.iter().filter(|query| query.kind.as_deref() == Some(SYMBOL));
        let of_index = of_index.map(|query| query.text.clone());
        symbols(&engine, self.name(), of_index, ways, encoder, cache)
    }

    /// An engine that has the whole index.
    fn engine(&self, weights: &Weights) -> Result<Engine, String> {
        let engine = Engine::new(self.index.clone()).map_err(|error| error.to_string())?;
        let mut engine = engine.with_weights(weights.clone());
        for (path, bytes) in &self.files {
            engine.insert(path, bytes).map_err(|error| error.to_string())?;
        }
        Ok(engine)
    }

    fn answer(
        &self,
        engine: &Engine,
        query: &Query,
        (mode, rung): (Mode, Rung),
        explain: bool,
    ) -> Result<Answer, String> {
        let request = Request {
            query: query.text.clone(),
            vector: self.vectors.get(&query.id).filter(|_| rung == Rung::Transformer).cloned(),
            mode,
            limit: HITS,
            version: Some("all".into()),
            explain,
            ..Request::default()
        };
        answer(engine, &request)
    }

    /// The first ten documents of an answer.
    fn documents(&self, answer: Answer) -> Vec<String> {
        let mut documents: Vec<String> = Vec::new();
        for hit in answer.hits {
            let record = match hit.page.filter(|_| self.by_page) {
                Some(page) => manuals::record(&hit.source, page),
                None => hit.source,
            };
            if !documents.contains(&record) {
                documents.push(record);
            }
        }
        documents.truncate(10);
        documents
    }
}

/// How many of the symbols of a built site's headings the first hit holds exactly, all versions together.
///
/// # Errors
/// A sentence for people when `folder` is no site, or a file of it cannot be read.
pub fn symbols_of_site(
    folder: &Path,
    ways: &[(Mode, Rung)],
    weights: &Weights,
    encoder: &Encoder,
    cache: Option<&Cache>,
) -> Result<Vec<SymbolRow>, String> {
    let engine = host::whole(folder)?.with_weights(weights.clone());
    symbols(&engine, &folder.display().to_string(), [], ways, encoder, cache)
}

fn symbols(
    engine: &Engine,
    name: &str,
    of_index: impl IntoIterator<Item = String>,
    ways: &[(Mode, Rung)],
    encoder: &Encoder,
    cache: Option<&Cache>,
) -> Result<Vec<SymbolRow>, String> {
    let headings = Headings::of(engine)?;
    let asked = headings.asked(of_index);
    let texts: Vec<Text<'_>> = asked.iter().map(|asked| Text::Plain(&asked.symbol)).collect();
    let by_encoder = ways.iter().any(|&(_, rung)| rung == Rung::Transformer);
    let vectors = match by_encoder && engine.encoder().is_some() {
        true => vectors::embed(encoder, cache, &texts, &|_| {})?,
        false => Vectors::default(),
    };
    let mut rows = Vec::new();
    for &(mode, rung) in ways {
        let ask = |(n, asked)| {
            let vector = (rung == Rung::Transformer && n < vectors.len()).then(|| vectors.get(n));
            Ok((asked, answer(engine, &request(&texts[n].read(), vector, mode))?))
        };
        let answers: Result<Vec<_>, String> = asked.par_iter().enumerate().map(ask).collect();
        rows.extend(symbols::rows(name, (mode, rung), &headings, &answers?, engine));
    }
    Ok(rows)
}

fn request(query: &str, vector: Option<Vec<f32>>, mode: Mode) -> Request {
    Request { query: query.to_owned(), vector, mode, version: Some("all".into()), ..Request::default() }
}

/// The answer of an engine that has the whole index.
fn answer(engine: &Engine, request: &Request) -> Result<Answer, String> {
    match engine.search(request).map_err(|error| error.to_string())? {
        Step::Ready(answer) => Ok(*answer),
        Step::Need(files) => {
            let names: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
            Err(format!("the index lacks {}", names.join(", ")))
        }
    }
}
