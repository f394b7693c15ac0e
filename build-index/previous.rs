//! The site before: what a build takes over from it, so that ids keep their meaning and few files change.
//!
//! It is the site that is being replaced, or one that `--previous` names, for instance a copy of what is deployed. A build
//! without one depends on nothing but the library. What cannot be read is told in a line and done without.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mcdewey_format::Kind;
use mcdewey_format::boot::Boot;
use mcdewey_format::code::{self, Bits};
use mcdewey_format::index::{self, Index};
use mcdewey_format::projection::Projection;
use mcdewey_format::registry::Registry;
use mcdewey_format::shard::Shard;
use rayon::prelude::*;

use crate::host::read_index;

/// What is known of the site before.
#[derive(Debug, Default)]
pub struct Previous {
    /// Its ids and addresses.
    pub registry: Option<Registry>,
    /// How it divided words and vectors into files.
    pub kept: Option<Kept>,
    /// What could not be taken over, in sentences.
    pub problems: Vec<String>,
}

/// How a site divided words and vectors into files. A build that divides them alike changes only files that hold what
/// was edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The directions in which vectors are kept.
    pub projection: Projection,
    /// Codes of the middles of the cells.
    pub centroids: Vec<Vec<u8>>,
    /// First terms of the shards.
    pub shards: Vec<String>,
    /// What terms point at, as codes.
    pub terms: BTreeMap<String, Vec<u8>>,
}

impl Previous {
    /// Reads the site at `root`; nothing where there is none.
    pub fn read(root: &Path) -> Self {
        let mut previous = Self::default();
        if !root.join(index::FILE).is_file() {
            return previous;
        }
        let site = root.display();
        let index = read_index(root);
        match index.as_ref().map_err(Clone::clone).and_then(|index| registry(root, index)) {
            Ok(registry) => previous.registry = Some(registry),
            Err(problem) => {
                previous.problems.push(format!("ids of the site {site} are given anew: {problem}"));
            }
        }
        match index.and_then(|index| kept(root, &index)) {
            Ok(kept) => previous.kept = kept,
            Err(problem) => {
                previous.problems.push(format!("the files of the site {site} are divided anew: {problem}"));
            }
        }
        previous
    }
}

/// The ids and addresses of the site at `root`.
///
/// # Errors
/// A sentence for people when the site has none that can be read.
pub fn registry(root: &Path, index: &Index) -> Result<Registry, String> {
    index.check().map_err(|error| error.to_string())?;
    let file = index.registry.as_ref().ok_or_else(|| format!("{} names no registry of ids", index::FILE))?;
    Registry::from_file(&file.path, &read(root, &file.path)?).map_err(|error| error.to_string())
}

/// Nothing where the site has no vectors.
fn kept(root: &Path, index: &Index) -> Result<Option<Kept>, String> {
    let path = &index.boot.path;
    let boot = Boot::from_file(path, &read(root, path)?).map_err(|error| error.to_string())?;
    let Some(encoder) = boot.encoder else { return Ok(None) };
    let path = encoder.projection.path(Kind::Projection);
    let projection = Projection::from_file(&path, &read(root, &path)?).map_err(|error| error.to_string())?;
    let code_len = code::code_len(Bits::Int8, usize::from(boot.dims));
    let centroids = boot.centroids.chunks_exact(code_len).map(<[u8]>::to_vec).collect();
    let terms = boot.shards.par_iter().map(|shard| terms(root, &shard.file.path(Kind::Shard)));
    let terms: Vec<Vec<(String, Vec<u8>)>> = terms.collect::<Result<_, _>>()?;
    Ok(Some(Kept {
        projection,
        centroids,
        shards: boot.shards.into_iter().map(|shard| shard.first).collect(),
        terms: terms.into_iter().flatten().collect(),
    }))
}

/// The terms of a shard that point at something.
fn terms(root: &Path, path: &str) -> Result<Vec<(String, Vec<u8>)>, String> {
    let shard = Shard::from_file(path, &read(root, path)?).map_err(|error| error.to_string())?;
    let codes = shard.terms().iter().filter_map(|term| Some((term.text.clone(), shard.code(term)?.to_vec())));
    Ok(codes.collect())
}

fn read(root: &Path, path: &str) -> Result<Vec<u8>, String> {
    fs::read(root.join(path)).map_err(|error| format!("{path}: {error}"))
}
