//! The boot file: what is in the library, and which file holds what.
//!
//! One fetch of this file is all that a search needs before it knows which other files to ask for. Chunks are
//! numbered in the order of the library tree, so a product or a version is a range of numbers, and a filter costs
//! a comparison.
//!
//! ```text
//! scopes      vendor · product · version · how many chunks, in library order
//! lengths     two bytes a chunk: see `LengthCode`
//! shards      first term · content hash · bytes      sorted by term
//! cells       content hash · bytes                   + one centroid each (8-bit code)
//! fragments   chunks · content hash · bytes          in chunk order
//! catalogs    content hash · bytes                   one a scope
//! ```

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::code::{self, Bits};
use crate::shard::FIELD_COUNT;
use crate::{Error, Kind, Result, error::REBUILD, path, read, write};

/// The directory of a site's index.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Boot {
    /// Version of the rules by which the words in the shards were read (`ANALYSIS_VERSION` of the text crate).
    pub analysis: u32,
    /// Versions of products, in library order.
    pub scopes: Vec<Scope>,
    /// Two [`LengthCode`]s a chunk: of title and headings together, and of the text.
    #[serde(with = "serde_bytes")]
    pub lengths: Vec<u8>,
    /// Mean number of terms by field, over all chunks.
    pub mean_lengths: [f32; FIELD_COUNT],
    /// Term shards, sorted.
    pub shards: Vec<ShardEntry>,
    /// Cells of vectors; empty when the site has none.
    pub cells: Vec<FileEntry>,
    /// Components of a vector of the cells.
    pub dims: u16,
    /// One 8-bit code a cell: its centroid.
    #[serde(with = "serde_bytes")]
    pub centroids: Vec<u8>,
    /// Fragments with the number of chunks in each.
    pub fragments: Vec<(u32, FileEntry)>,
    /// The encoder that made the vectors, and the projection into the cells.
    pub encoder: Option<EncoderEntry>,
    /// What each scope's documents are, in the order of `scopes`; empty where the library is only ranked, not read.
    pub catalogs: Vec<FileEntry>,
}

/// A version of a product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Vendor folder, or empty.
    pub vendor: String,
    /// Product folder.
    pub product: String,
    /// Version folder, or empty.
    pub version: String,
    /// Whether this is the product's newest version.
    pub newest: bool,
    /// Number of chunks; they follow those of the scope before.
    pub chunks: u32,
    /// Number of documents.
    pub documents: u32,
    /// Number of pages.
    pub pages: u32,
}

/// A content-hashed file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Content hash, part of the name.
    pub hash: u64,
    /// Length in bytes.
    pub bytes: u32,
}

/// A term shard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardEntry {
    /// The shard's first term; it ends before the next shard's.
    pub first: String,
    /// The file.
    pub file: FileEntry,
}

/// What turns a query into a vector of the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncoderEntry {
    /// Identifies the weights that made the vectors.
    pub fingerprint: u64,
    /// The packed transformer.
    pub encoder: FileEntry,
    /// The projection.
    pub projection: FileEntry,
}

/// A length on a logarithmic scale: four steps an octave, so that a byte holds any length and packs well.
///
/// `code = round(4 · log2(1 + length))`; BM25 asks for no more than the ten per cent that this keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LengthCode(pub u8);

impl LengthCode {
    /// The code of a number of terms.
    pub fn of(length: u32) -> Self {
        // 4·log2(x) without platform logarithms: count octaves, then quarters of one.
        let x = f64::from(length) + 1.0;
        let octave = 31 - (length.saturating_add(1)).leading_zeros();
        let within = x / f64::from(1u32 << octave);
        let quarter = [1.0905, 1.2968, 1.5422, 1.8340].iter().filter(|&&edge| within >= edge).count();
        Self((octave * 4) as u8 + quarter as u8)
    }

    /// The length that the code stands for.
    pub fn length(self) -> f32 {
        let quarter = [1.0, 1.189_207_1, std::f32::consts::SQRT_2, 1.681_792_8][usize::from(self.0 % 4)];
        quarter * (1u64 << (self.0 / 4).min(40)) as f32 - 1.0
    }
}

impl Boot {
    /// The number of chunks in the library.
    pub fn chunk_count(&self) -> u32 {
        (self.lengths.len() / 2) as u32
    }

    /// Lengths of a chunk: title and headings together, and text.
    pub fn lengths_of(&self, chunk: u32) -> (f32, f32) {
        let code =
            |n: usize| LengthCode(self.lengths.get(chunk as usize * 2 + n).copied().unwrap_or(0)).length();
        (code(0), code(1))
    }

    /// Each scope with its range of chunk numbers.
    pub fn scope_ranges(&self) -> impl Iterator<Item = (&Scope, Range<u32>)> {
        self.scopes.iter().scan(0, |first, scope| {
            let range = *first..*first + scope.chunks;
            *first = range.end;
            Some((scope, range))
        })
    }

    /// The shard that holds `term`, if any does.
    pub fn shard_of(&self, term: &str) -> Option<usize> {
        self.shards.partition_point(|shard| shard.first.as_str() <= term).checked_sub(1)
    }

    /// The shards that may hold terms beginning with `prefix`.
    pub fn shards_of_prefix(&self, prefix: &str) -> Range<usize> {
        let from = self.shards.partition_point(|shard| shard.first.as_str() <= prefix).saturating_sub(1);
        let len = self.shards[from..]
            .partition_point(|shard| shard.first.as_str() <= prefix || shard.first.starts_with(prefix));
        from..from + len
    }

    /// The place in `fragments` of the fragment that holds a chunk.
    pub fn fragment_of(&self, chunk: u32) -> Option<usize> {
        let mut end = 0;
        self.fragments.iter().position(|&(chunks, _)| {
            end += chunks;
            chunk < end
        })
    }

    /// The dot product of a projected query with the centroid of each cell.
    pub fn centroid_scores(&self, query: &[f32]) -> Vec<f32> {
        let code_len = code::code_len(Bits::Int8, usize::from(self.dims));
        self.centroids.chunks_exact(code_len).map(|centroid| code::dot(Bits::Int8, query, centroid)).collect()
    }

    /// Every payload file that this one names, with its kind.
    pub fn files(&self) -> impl Iterator<Item = (Kind, FileEntry)> {
        let shards = self.shards.iter().map(|shard| (Kind::Shard, shard.file));
        let cells = self.cells.iter().map(|&cell| (Kind::Cell, cell));
        let fragments = self.fragments.iter().map(|&(_, file)| (Kind::Fragment, file));
        let catalogs = self.catalogs.iter().map(|&catalog| (Kind::Catalog, catalog));
        let encoder = self.encoder.iter();
        let encoder =
            encoder.flat_map(|entry| [(Kind::Projection, entry.projection), (Kind::Encoder, entry.encoder)]);
        shards.chain(cells).chain(fragments).chain(catalogs).chain(encoder)
    }

    /// The file's bytes.
    pub fn to_file(&self) -> Vec<u8> {
        write(Kind::Boot, self)
    }

    /// Reads a file's bytes.
    ///
    /// # Errors
    /// When the frame or the body is not that of a whole boot file whose parts agree.
    pub fn from_file(file: &str, bytes: &[u8]) -> Result<Self> {
        let boot: Self = read(file, Kind::Boot, bytes)?;
        let chunks = u64::from(boot.chunk_count());
        let disagree = |what: &str, got: u64| {
            Err(Error::new(file, format!("{what} of {chunks} chunks"), format!("{got}"), REBUILD))
        };
        let in_scopes: u64 = boot.scopes.iter().map(|scope| u64::from(scope.chunks)).sum();
        let in_fragments: u64 = boot.fragments.iter().map(|&(count, _)| u64::from(count)).sum();
        if in_scopes != chunks {
            return disagree("scopes", in_scopes);
        }
        if in_fragments != chunks {
            return disagree("fragments", in_fragments);
        }
        if !boot.catalogs.is_empty() && boot.catalogs.len() != boot.scopes.len() {
            let expected = format!("{} catalogs, one a scope", boot.scopes.len());
            return Err(Error::new(file, expected, format!("{}", boot.catalogs.len()), REBUILD));
        }
        if !boot.shards.is_sorted_by(|a, b| a.first < b.first) {
            return Err(Error::new(file, "shards in order", "shards out of order", REBUILD));
        }
        let centroids = boot.cells.len() * code::code_len(Bits::Int8, usize::from(boot.dims));
        if boot.centroids.len() != centroids {
            let got = format!("{}", boot.centroids.len());
            return Err(Error::new(file, format!("{centroids} bytes of centroids"), got, REBUILD));
        }
        Ok(boot)
    }
}

impl FileEntry {
    /// The entry of a file's bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self { hash: crate::frame::content_hash(bytes), bytes: bytes.len() as u32 }
    }

    /// The file's path below the site's root.
    pub fn path(self, kind: Kind) -> String {
        path(kind, self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Boot {
        let entry = |first: &str| ShardEntry { first: first.into(), file: FileEntry { hash: 1, bytes: 2 } };
        Boot {
            scopes: vec![
                Scope { product: "a".into(), chunks: 2, ..Scope::default() },
                Scope { product: "b".into(), chunks: 3, newest: true, ..Scope::default() },
            ],
            lengths: [3, 100].iter().cycle().take(10).map(|&length| LengthCode::of(length).0).collect(),
            shards: ["10", "connect", "connector", "m"].map(entry).into(),
            fragments: vec![(4, FileEntry::default()), (1, FileEntry::default())],
            ..Boot::default()
        }
    }

    #[test]
    fn a_boot_file_comes_back() {
        let boot = sample();
        assert_eq!(Boot::from_file("b", &boot.to_file()).unwrap(), boot);
    }

    #[test]
    fn parts_that_disagree_are_refused() {
        let mut boot = sample();
        boot.scopes.pop();
        let error = Boot::from_file("boot.mcd", &boot.to_file()).unwrap_err();
        assert!(error.to_string().starts_with("boot.mcd: expected scopes of 5 chunks, got 2"), "{error}");
    }

    #[test]
    fn the_directory_finds_shards_and_fragments() {
        let boot = sample();
        assert_eq!(boot.shard_of("0"), None);
        assert_eq!(boot.shard_of("connecting"), Some(1));
        assert_eq!(boot.shard_of("zebra"), Some(3));
        assert_eq!(boot.shards_of_prefix("conn"), 0..3);
        assert_eq!(boot.shards_of_prefix("connectors"), 2..3);
        assert_eq!(boot.fragment_of(3), Some(0));
        assert_eq!(boot.fragment_of(4), Some(1));
        assert_eq!(boot.fragment_of(5), None);
        let ranges: Vec<_> = boot.scope_ranges().map(|(_, range)| range).collect();
        assert_eq!(ranges, [0..2, 2..5]);
    }

    #[test]
    fn length_codes_keep_a_tenth() {
        for length in (0..5000).chain([100_000, u32::MAX - 1]) {
            let back = LengthCode::of(length).length();
            let exact = length as f32;
            assert!((back - exact).abs() <= 0.1 * (exact + 1.0), "{length} came back as {back}");
        }
    }
}
