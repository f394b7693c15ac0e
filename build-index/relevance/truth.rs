//! A truth set: documents, queries, and which documents are relevant to which queries.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use flate2::read::GzDecoder;
use serde::Deserialize;

use super::mistype::mistype;

/// A folder of truth, read.
#[derive(Debug)]
pub struct Truth {
    /// The folder's name.
    pub name: String,
    pub(super) corpus: Vec<Record>,
    pub(super) queries: Vec<Query>,
    judged: BTreeMap<String, BTreeMap<String, f32>>,
    /// The queries are those of another set: nothing here is relevant.
    strange: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Record {
    #[serde(rename = "_id")]
    pub id: String,
    #[serde(default)]
    pub title: String,
    pub text: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Query {
    #[serde(rename = "_id")]
    pub id: String,
    pub text: String,
    #[serde(default)]
    pub kind: Option<String>,
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
            strange: false,
        })
    }

    /// The set with the queries of another, which nothing here answers.
    pub fn with_strangers(mut self, other: Self) -> Self {
        self.name = format!("{}, asked for {}", self.name, other.name);
        self.queries = other.queries;
        self.strange = true;
        self
    }

    /// The set with one mistake in the longest word of every query, always the same one.
    pub fn mistyped(mut self) -> Self {
        self.name.push_str(", mistyped");
        self.queries.iter_mut().for_each(|query| query.text = mistype(&query.text));
        self
    }

    /// The documents that are relevant to a query, with their gains; `None` where it was not judged.
    pub(super) fn relevant(&self, query: &Query) -> Option<&BTreeMap<String, f32>> {
        static NOTHING: BTreeMap<String, f32> = BTreeMap::new();
        if self.strange { Some(&NOTHING) } else { self.judged.get(&query.id) }
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
