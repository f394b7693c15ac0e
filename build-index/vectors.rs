//! Passages → vectors, on all cores, each text once.
//!
//! A vector is rounded to half precision as soon as it is made, whether it goes through the cache or not, so that a
//! build with a warm cache writes the same bytes as a cold one. Equal texts (near-identical versions of a manual
//! are the rule) are embedded once.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use half::f16;
use mcdewey_embed::Encoder;
use rayon::prelude::*;
use redb::{Builder, Database, ReadOnlyDatabase, ReadableDatabase, ReadableTable, TableDefinition};
use xxhash_rust::xxh3::xxh3_128;

use crate::chunk::{Chunk, Passage};
use crate::progress::tell;

/// The store's file.
const FILE: &str = "vectors.redb";
/// Key: XXH3 of the encoder's fingerprint and the text. Value: components as little-endian half floats.
const TABLE: TableDefinition<'_, u128, &[u8]> = TableDefinition::new("vectors");
/// Memory that a store of the cache takes for its own pages, which its library would let grow to a gigabyte.
pub const STORE_CACHE_BYTES: usize = 16 << 20;
/// Texts embedded between two writes to the cache: what a killed build loses at most.
const BATCH: usize = 512;

/// The cache, or none with a line that says why; a build does without.
pub fn open_cache(folder: Option<&Path>) -> Option<Cache> {
    Cache::open(folder?).map_err(|problem| tell(&problem)).ok()
}

/// A store of vectors that outlives the build.
#[derive(Debug)]
pub struct Cache {
    database: Database,
    path: PathBuf,
}

impl Cache {
    /// Opens or creates the store in `folder`.
    ///
    /// # Errors
    /// A sentence for people when the folder cannot be used, for instance because another build uses it.
    pub fn open(folder: &Path) -> Result<Self, String> {
        let path = folder.join(FILE);
        let cannot = |error: &dyn std::fmt::Display| {
            format!(
                "the cache {} could not be opened: {error}; give another with --cache, or --no-cache",
                path.display()
            )
        };
        std::fs::create_dir_all(folder).map_err(|error| cannot(&error))?;
        let database =
            Builder::new().set_cache_size(STORE_CACHE_BYTES).create(&path).map_err(|error| cannot(&error))?;
        Ok(Self { database, path })
    }

    /// Adds what the store in another folder has.
    ///
    /// # Errors
    /// A sentence for people when there is none.
    pub fn take_in(&self, folder: &Path) -> Result<(), String> {
        let path = folder.join(FILE);
        self.copy(&path).map_err(|error| format!("the part {} could not be read: {error}", path.display()))
    }

    fn copy(&self, path: &Path) -> Result<(), redb::Error> {
        let theirs = ReadOnlyDatabase::open(path)?;
        let write = self.database.begin_write()?;
        for row in theirs.begin_read()?.open_table(TABLE)?.iter()? {
            let (key, vector) = row?;
            write.open_table(TABLE)?.insert(key.value(), vector.value())?;
        }
        write.commit()?;
        Ok(())
    }

    fn get(&self, keys: &[u128]) -> Result<Vec<Option<Vec<f16>>>, redb::Error> {
        let read = self.database.begin_read()?;
        let table = match read.open_table(TABLE) {
            Ok(table) => table,
            Err(redb::TableError::TableDoesNotExist(_)) => return Ok(vec![None; keys.len()]),
            Err(error) => return Err(error.into()),
        };
        keys.iter()
            .map(|key| {
                let found = table.get(key)?;
                Ok(found.map(|bytes| {
                    bytes.value().chunks_exact(2).map(|pair| f16::from_le_bytes([pair[0], pair[1]])).collect()
                }))
            })
            .collect()
    }

    fn put(&self, vectors: &[(u128, Vec<f16>)]) -> Result<(), redb::Error> {
        let write = self.database.begin_write()?;
        {
            let mut table = write.open_table(TABLE)?;
            for (key, vector) in vectors {
                let bytes: Vec<u8> = vector.iter().flat_map(|x| x.to_le_bytes()).collect();
                table.insert(key, bytes.as_slice())?;
            }
        }
        write.commit()?;
        Ok(())
    }
}

/// What is embedded. The text of a passage is put together when it is read, as a library's would take as much memory
/// once more.
#[derive(Debug, Clone, Copy)]
pub enum Text<'a> {
    /// A text as it is.
    Plain(&'a str),
    /// A passage of a chunk.
    Passage(&'a Chunk, &'a Passage),
}

impl<'a> Text<'a> {
    /// What the encoder reads.
    pub fn read(self) -> Cow<'a, str> {
        match self {
            Self::Plain(text) => Cow::Borrowed(text),
            Self::Passage(chunk, passage) => Cow::Owned(chunk.embedded(passage)),
        }
    }
}

/// What [`embed`] made: a vector for each text, equal ones kept once and as short as they came.
#[derive(Debug, Default)]
pub struct Vectors {
    /// Of each distinct text.
    distinct: Vec<Vec<f16>>,
    /// The number of each text among the distinct ones, which are numbered as they come.
    of_text: Vec<usize>,
    /// Distinct texts that were embedded now; the others came from the cache.
    pub embedded: usize,
    /// What kept the cache from being used, if anything did.
    pub cache_problem: Option<String>,
}

impl Vectors {
    /// Texts that have a vector.
    pub fn len(&self) -> usize {
        self.of_text.len()
    }

    /// Whether there was no text.
    pub fn is_empty(&self) -> bool {
        self.of_text.is_empty()
    }

    /// The vector of text `n`, in the order of the texts; empty beyond them.
    pub fn get(&self, n: usize) -> Vec<f32> {
        let vector = self.of_text.get(n).and_then(|&n| self.distinct.get(n));
        vector.into_iter().flatten().map(|x| x.to_f32()).collect()
    }

    /// Distinct texts among the first `count`.
    pub fn distinct_among(&self, count: usize) -> usize {
        self.of_text.iter().take(count).max().map_or(0, |&last| last + 1)
    }
}

/// The vector of each text. `done` is told how many distinct texts have theirs, from any thread.
///
/// # Errors
/// A sentence for people when the encoder fails on a text.
pub fn embed(
    encoder: &Encoder,
    cache: Option<&Cache>,
    texts: &[Text<'_>],
    done: &(dyn Fn(usize) + Sync),
) -> Result<Vectors, String> {
    let seed = encoder.fingerprint().to_le_bytes();
    let key = |text: &str| xxh3_128(&[&seed, text.as_bytes()].concat());
    let mut places: BTreeMap<u128, usize> = BTreeMap::new();
    let mut distinct: Vec<(u128, Text<'_>)> = Vec::new();
    let place = |&text| {
        let key = key(&Text::read(text));
        *places.entry(key).or_insert_with(|| {
            distinct.push((key, text));
            distinct.len() - 1
        })
    };
    let of_text: Vec<usize> = texts.iter().map(place).collect();

    let mut out = Vectors::default();
    let keys: Vec<u128> = distinct.iter().map(|&(key, _)| key).collect();
    let problem = |cache: &Cache, error: redb::Error| {
        Some(format!("the cache {} failed: {error}", cache.path.display()))
    };
    let mut vectors: Vec<Option<Vec<f16>>> = match cache.map(|cache| (cache, cache.get(&keys))) {
        Some((_, Ok(found))) => found,
        Some((cache, Err(error))) => {
            out.cache_problem = problem(cache, error);
            vec![None; keys.len()]
        }
        None => vec![None; keys.len()],
    };
    let mut open: Vec<usize> = (0..vectors.len()).filter(|&n| vectors[n].is_none()).collect();
    out.embedded = open.len();
    let finished = Mutex::new(vectors.len() - open.len());
    // Texts of like length together, longest first, so that no core is left with a long one at the end.
    open.sort_by_cached_key(|&n| (std::cmp::Reverse(distinct[n].1.read().len()), n));
    for batch in open.chunks(BATCH) {
        let made: Result<Vec<(usize, Vec<f16>)>, String> = batch
            .par_iter()
            .map(|&n| {
                let vector = encoder.embed(&distinct[n].1.read()).map_err(|error| error.to_string())?;
                if let Ok(mut finished) = finished.lock() {
                    *finished += 1;
                    done(*finished);
                }
                Ok((n, vector.into_iter().map(f16::from_f32).collect()))
            })
            .collect();
        let made = made?;
        if let Some(cache) = cache {
            let rows: Vec<_> = made.iter().map(|(n, vector)| (distinct[*n].0, vector.clone())).collect();
            if let Err(error) = cache.put(&rows) {
                out.cache_problem = problem(cache, error);
            }
        }
        made.into_iter().for_each(|(n, vector)| vectors[n] = Some(vector));
    }
    out.distinct = vectors.into_iter().map(Option::unwrap_or_default).collect();
    out.of_text = of_text;
    Ok(out)
}
