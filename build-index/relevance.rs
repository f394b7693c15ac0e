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

mod manuals;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::Path;

use flate2::read::GzDecoder;
use mcdewey_embed::Encoder;
use mcdewey_format::Kind;
use mcdewey_format::boot::FileEntry;
use mcdewey_format::index::{FileRef, Index};
use mcdewey_search::{Engine, Mode, Request, Rung, Step, Weights};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::assemble::{self, EncoderFile, Meaning};
use crate::chunk::{Passage, Sizes, chunks};
use crate::ingest::pdf::Readers;
use crate::library::{Entry, read_text};
use crate::progress::Stage;
use crate::samples::{Samples, samples};
use crate::share::Shared;
use crate::tree::Place;
use crate::vectors::{self, Cache};

/// Hits looked at to find ten documents: a document may have many chunks.
const HITS: usize = 100;

/// A folder of truth, read.
#[derive(Debug)]
pub struct Truth {
    /// The folder's name.
    pub name: String,
    corpus: Vec<Record>,
    queries: Vec<Query>,
    judged: BTreeMap<String, BTreeMap<String, f32>>,
}

#[derive(Debug, Deserialize)]
struct Record {
    #[serde(rename = "_id")]
    id: String,
    #[serde(default)]
    title: String,
    text: String,
}

#[derive(Debug, Deserialize)]
struct Query {
    #[serde(rename = "_id")]
    id: String,
    text: String,
    #[serde(default)]
    kind: Option<String>,
}

/// A passage as the encoder read it, for measuring another encoder on the very same texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportedPassage {
    /// Id of the record it is a part of.
    pub document: String,
    /// What the encoder read.
    pub text: String,
}

/// Mean figures of one mode and kind of query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The truth set.
    pub set: String,
    /// The evidence that ranked.
    pub mode: Mode,
    /// Where the query's vector came from.
    pub rung: Rung,
    /// The kind of query, or `all`.
    pub kind: String,
    /// Queries with at least one relevant document.
    pub queries: usize,
    /// Mean nDCG@10.
    #[serde(rename = "ndcg@10")]
    pub ndcg: f64,
    /// Mean MRR@10.
    #[serde(rename = "mrr@10")]
    pub mrr: f64,
    /// Mean recall@10.
    #[serde(rename = "recall@10")]
    pub recall: f64,
}

impl Truth {
    /// Reads a truth set.
    ///
    /// # Errors
    /// A sentence for people that names the file, the line and what was expected.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let name = folder
            .canonicalize()
            .ok()
            .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        let mut judged: BTreeMap<String, BTreeMap<String, f32>> = BTreeMap::new();
        let path = folder.join("qrels.tsv");
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        for (line, row) in text.lines().enumerate().skip(1).filter(|(_, row)| !row.trim().is_empty()) {
            let mut cells = row.split('\t');
            let (query, document) = (cells.next(), cells.next());
            let score = cells.next().and_then(|score| score.trim().parse().ok());
            let (Some(query), Some(document), Some(score)) = (query, document, score) else {
                let place = format!("{}, line {}", path.display(), line + 1);
                return Err(format!(
                    "{place}: expected query, document and score between tabs, got {row:.80}"
                ));
            };
            judged.entry(query.into()).or_default().insert(document.into(), score);
        }
        Ok(Self {
            name: name.unwrap_or_default(),
            corpus: lines(&folder.join("corpus.jsonl"))?,
            queries: lines(&folder.join("queries.jsonl"))?,
            judged,
        })
    }
}

/// Reads one JSON value a line, from the file or its gzipped form.
fn lines<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<Vec<T>, String> {
    let packed = path.with_extension("jsonl.gz");
    let text = if packed.exists() {
        let mut text = String::new();
        let file = fs::File::open(&packed).map_err(|error| format!("{}: {error}", packed.display()))?;
        GzDecoder::new(file)
            .read_to_string(&mut text)
            .map_err(|error| format!("{}: {error}", packed.display()))?;
        text
    } else {
        fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?
    };
    let values = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(|(n, line)| {
        serde_json::from_str(line).map_err(|error| format!("{}, line {}: {error}", path.display(), n + 1))
    });
    values.collect()
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
        let samples = if with_vectors { samples(&shared) } else { Samples::default() };
        let mut texts = if with_vectors { shared.passages() } else { Vec::new() };
        let count = texts.len();
        texts.extend(samples.texts());
        let stage = Stage::begin("embed", texts.len() as u64);
        let made = vectors::embed(encoder, cache, &texts, &|done| stage.at(done as u64))?;
        stage.end(&format!("{}: {count} passages, {} embedded now", truth.name, made.embedded));
        let queries = truth.queries.iter().filter(|_| with_vectors);
        let asked: Vec<&str> = queries.map(|query| query.text.as_str()).collect();
        let of_queries = vectors::embed(encoder, cache, &asked, &|_| {})?;
        let vectors = truth.queries.iter().map(|query| query.id.clone()).zip(of_queries.vectors).collect();
        let exported = |entry: &Entry| {
            let document = entry.document.source.clone();
            let passages = entry.chunks.iter().flat_map(|chunk| &chunk.passages);
            let export = |passage: &Passage| ExportedPassage {
                document: document.clone(),
                text: passage.embedded.clone(),
            };
            passages.map(export).collect::<Vec<_>>()
        };
        let passages = entries.iter().flat_map(exported).collect();
        let encoder = EncoderFile { fingerprint: encoder.fingerprint(), file: FileEntry::default() };
        let (of_passages, sampled) = made.vectors.split_at(count);
        let meaning = Meaning { encoder, passages: of_passages, samples: &samples, sampled };
        let assembled = assemble::assemble(&shared, &[], Some(meaning), None);
        let index = Index {
            format: mcdewey_format::FORMAT_VERSION,
            boot: FileRef { path: assembled.boot_file.path(Kind::Boot), bytes: assembled.boot_file.bytes },
            ..Index::default()
        };
        let files = assembled.files.into_iter().map(|file| (file.path, file.bytes)).collect();
        Ok(Self { truth, by_page: false, passages, files, index, vectors })
    }

    /// The corpus as the encoder read it.
    pub fn passages(&self) -> &[ExportedPassage] {
        &self.passages
    }

    /// The truth set's name.
    pub fn name(&self) -> &str {
        &self.truth.name
    }

    /// Figures of each mode at each rung, for all queries and for each kind.
    ///
    /// # Errors
    /// A sentence for people when a query cannot be answered.
    pub fn measure(&self, ways: &[(Mode, Rung)], weights: &Weights) -> Result<Vec<Row>, String> {
        let mut engine = Engine::new(self.index.clone()).map_err(|error| error.to_string())?;
        engine = engine.with_weights(weights.clone());
        for (path, bytes) in &self.files {
            engine.insert(path, bytes).map_err(|error| error.to_string())?;
        }
        let mut rows = Vec::new();
        for &way in ways {
            let asked = self.truth.queries.par_iter();
            let figures: Vec<Option<(&Query, [f64; 3])>> = asked
                .map(|query| {
                    let Some(relevant) = self.truth.judged.get(&query.id) else { return Ok(None) };
                    Ok(Some((query, figures(&self.documents(&engine, query, way)?, relevant))))
                })
                .collect::<Result<_, String>>()?;
            let figures: Vec<_> = figures.into_iter().flatten().collect();
            let kinds: BTreeSet<&str> =
                figures.iter().filter_map(|(query, _)| query.kind.as_deref()).collect();
            rows.push(self.row(way, "all", figures.iter().map(|(_, figures)| *figures)));
            for kind in kinds {
                let of_kind = figures.iter().filter(|(query, _)| query.kind.as_deref() == Some(kind));
                rows.push(self.row(way, kind, of_kind.map(|(_, figures)| *figures)));
            }
        }
        Ok(rows)
    }

    /// The first ten documents for a query.
    fn documents(
        &self,
        engine: &Engine,
        query: &Query,
        (mode, rung): (Mode, Rung),
    ) -> Result<Vec<String>, String> {
        let request = Request {
            query: query.text.clone(),
            vector: self.vectors.get(&query.id).filter(|_| rung == Rung::Transformer).cloned(),
            mode,
            limit: HITS,
            version: Some("all".into()),
            ..Request::default()
        };
        let answer = match engine.search(&request).map_err(|error| error.to_string())? {
            Step::Ready(answer) => answer,
            Step::Need(files) => {
                let names: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
                return Err(format!("the index lacks {}", names.join(", ")));
            }
        };
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
        Ok(documents)
    }

    fn row(&self, (mode, rung): (Mode, Rung), kind: &str, figures: impl Iterator<Item = [f64; 3]>) -> Row {
        let figures: Vec<[f64; 3]> = figures.collect();
        let mean = |n: usize| figures.iter().map(|row| row[n]).sum::<f64>() / figures.len().max(1) as f64;
        Row {
            set: self.truth.name.clone(),
            mode,
            rung,
            kind: kind.into(),
            queries: figures.len(),
            ndcg: mean(0),
            mrr: mean(1),
            recall: mean(2),
        }
    }
}

/// nDCG@10, MRR@10 and recall@10 of ranked documents.
fn figures(ranked: &[String], relevant: &BTreeMap<String, f32>) -> [f64; 3] {
    let gain = |document: &String| f64::from(relevant.get(document).copied().unwrap_or(0.0));
    let discounted = |gains: &mut dyn Iterator<Item = f64>| -> f64 {
        gains.take(10).enumerate().map(|(place, gain)| gain / ((place + 2) as f64).log2()).sum()
    };
    let mut best: Vec<f64> = relevant.values().map(|&gain| f64::from(gain)).collect();
    best.sort_by(|a, b| b.total_cmp(a));
    let ideal = discounted(&mut best.iter().copied());
    let found = discounted(&mut ranked.iter().map(gain));
    let first = ranked.iter().position(|document| gain(document) > 0.0);
    let hits = ranked.iter().filter(|document| gain(document) > 0.0).count();
    let all = best.iter().filter(|&&gain| gain > 0.0).count().max(1);
    [
        if ideal > 0.0 { found / ideal } else { 0.0 },
        first.map_or(0.0, |place| 1.0 / (place + 1) as f64),
        hits as f64 / all as f64,
    ]
}

#[cfg(test)]
mod tests {
    use super::figures;

    #[test]
    fn figures_are_those_of_the_definitions() {
        let relevant = [("a".to_owned(), 1.0), ("b".to_owned(), 1.0)].into();
        let ranked = ["x", "a", "y", "b"].map(str::to_owned);
        let [ndcg, mrr, recall] = figures(&ranked, &relevant);
        let expected = (1.0 / 3f64.log2() + 1.0 / 5f64.log2()) / (1.0 + 1.0 / 3f64.log2());
        assert!((ndcg - expected).abs() < 1e-12);
        assert_eq!((mrr, recall), (0.5, 1.0));
        assert_eq!(figures(&[], &relevant), [0.0; 3]);
    }
}
