//! The boot file: what is in the library, and which file holds what.
//!
//! One fetch of this file is all that a search needs before it knows which other files to ask for. Chunks are
//! numbered by the versions they stand in, see [`crate::scope`], so a product or a version is a few ranges of numbers,
//! and a filter costs a comparison.
//!
//! ```text
//! scopes      vendor · product · version · how many chunks, in library order
//! stretches   scopes · chunks                        in chunk order
//! kin         chunk · chunk that says nearly the same in another version
//! lengths     two bytes a chunk: see `LengthCode`
//! documents   content hash · bytes                   one a scope
//! shards      first term · content hash · bytes      sorted by term
//! cells       content hash · bytes · products        + one centroid each (8-bit code)
//! mean        what all passages have in common (8-bit code)
//! fragments   chunks · content hash · bytes          in chunk order
//! catalogs    content hash · bytes                   one a scope
//! spellings   letters · content hash · bytes         one a length of words
//! leading     content hash · bytes                   one a cell: its vectors' leading components alone
//! ```

use std::ops::Range;

use serde::{Deserialize, Deserializer, Serialize};

use crate::code::{self, Bits};
use crate::length::LengthCode;
use crate::scope::{self, Scope, Stretch};
use crate::shard::FIELD_COUNT;
use crate::{Error, Kind, Result, error::REBUILD, path, read, write};

/// The directory of a site's index.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Boot {
    /// Version of the rules by which the words in the shards were read (`ANALYSIS_VERSION` of the text crate).
    pub analysis: u32,
    /// Versions of products, in library order: those of a product newest first.
    pub scopes: Vec<Scope>,
    /// Which chunks stand in which scopes.
    pub stretches: Vec<Stretch>,
    /// Chunks that say nearly the same as an earlier one of another version, rising. Written as distances: from the
    /// chunk of the entry before, and back to the first chunk that says so. See [`Boot::kin`].
    pub kin: Vec<(u32, u32)>,
    /// The documents of each scope, in the order of `scopes`.
    pub documents: Vec<FileEntry>,
    /// Two [`LengthCode`]s a chunk: of title and headings together, and of the text.
    #[serde(with = "serde_bytes")]
    pub lengths: Vec<u8>,
    /// Mean number of terms by field, over all chunks.
    pub mean_lengths: [f32; FIELD_COUNT],
    /// Term shards, sorted.
    pub shards: Vec<ShardEntry>,
    /// Cells of vectors; empty when the site has none.
    pub cells: Vec<FileEntry>,
    /// For each cell, the products that have a passage in it, each by the number of its newest scope, rising: a search
    /// within one product reads only cells that can hold an answer.
    pub cell_products: Vec<Vec<u32>>,
    /// Components of a vector of the cells.
    pub dims: u16,
    /// One 8-bit code a cell: its centroid.
    #[serde(with = "serde_bytes")]
    pub centroids: Vec<u8>,
    /// The 8-bit code of the mean of all vectors; empty when there are none.
    #[serde(with = "serde_bytes")]
    pub mean: Vec<u8>,
    /// Fragments with the number of chunks in each.
    pub fragments: Vec<(u32, FileEntry)>,
    /// The encoder that made the vectors, and the projection into the cells.
    pub encoder: Option<EncoderEntry>,
    /// What is where in the documents of each scope, in the order of `scopes`. Empty in an index that was built before
    /// there were catalogs: it is searched, but not read.
    #[serde(deserialize_with = "as_far_as_there_are")]
    pub catalogs: Vec<FileEntry>,
    /// How the library spells its words: for each number of letters, rising, the words that have as many. Empty in an
    /// index that was built before there were such lists: its queries are read as they are typed.
    #[serde(deserialize_with = "as_far_as_there_are")]
    pub spellings: Vec<(u8, FileEntry)>,
    /// The cells once more with the leading components of their vectors, as many as the vector of a term has: all that a
    /// query can use whose meaning is summed up from its words, in two fifths of the bytes. Empty in an index that was built before
    /// there were such cells, or whose vectors are no longer than those of its terms.
    #[serde(deserialize_with = "as_far_as_there_are")]
    pub leading: Vec<FileEntry>,
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

/// The entries of one of the last fields; none where the file ends before it.
fn as_far_as_there_are<'de, D, T>(file: D) -> std::result::Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Vec::deserialize(file).unwrap_or_default())
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

    /// Each stretch with its range of chunk numbers.
    pub fn stretch_ranges(&self) -> impl Iterator<Item = (&Stretch, Range<u32>)> {
        scope::stretch_ranges(&self.stretches)
    }

    /// Numbers of the scopes that a chunk stands in, rising; none for a number past the last chunk.
    pub fn scopes_of(&self, chunk: u32) -> &[u32] {
        let found = self.stretch_ranges().find(|(_, range)| range.contains(&chunk));
        found.map_or(&[], |(stretch, _)| &stretch.scopes)
    }

    /// The product that a scope is a version of, by the number of its newest scope.
    pub fn product_of(&self, scope: u32) -> u32 {
        let Some(own) = self.scopes.get(scope as usize) else { return scope };
        let before = self.scopes[..scope as usize].iter().rev();
        scope - before.take_while(|other| other.same_product(own)).count() as u32
    }

    /// Every chunk that says nearly the same as an earlier one, rising, with the first that says so.
    pub fn kin(&self) -> Vec<(u32, u32)> {
        let mut chunk = 0u32;
        let absolute = self.kin.iter().map(|&(gap, back)| {
            chunk = chunk.saturating_add(gap);
            (chunk, chunk.saturating_sub(back))
        });
        absolute.collect()
    }

    /// What `kin` holds for pairs of chunk and first chunk, which must be rising.
    pub fn pack_kin(pairs: &[(u32, u32)]) -> Vec<(u32, u32)> {
        let mut before = 0;
        let packed = pairs.iter().map(|&(chunk, first)| {
            let entry = (chunk - before, chunk - first);
            before = chunk;
            entry
        });
        packed.collect()
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

    /// Where a chunk's text is: the place in `fragments` of its fragment, and its place in that.
    pub fn fragment_of(&self, chunk: u32) -> Option<(usize, usize)> {
        let mut first = 0u32;
        self.fragments.iter().enumerate().find_map(|(n, &(chunks, _))| {
            let place = chunk.checked_sub(first)?;
            first = first.saturating_add(chunks);
            (place < chunks).then_some((n, place as usize))
        })
    }

    /// The dot product of a projected query with the centroid of each cell.
    pub fn centroid_scores(&self, query: &[f32]) -> Vec<f32> {
        let code_len = code::code_len(Bits::Int8, usize::from(self.dims));
        self.centroids.chunks_exact(code_len).map(|centroid| code::dot(Bits::Int8, query, centroid)).collect()
    }

    /// What the vectors of all passages have in common: their mean, as many components as they have.
    pub fn mean(&self) -> Vec<f32> {
        code::decode(Bits::Int8, usize::from(self.dims), &self.mean)
    }

    /// Every payload file that this one names, with its kind.
    pub fn files(&self) -> impl Iterator<Item = (Kind, FileEntry)> {
        let shards = self.shards.iter().map(|shard| (Kind::Shard, shard.file));
        let cells = self.cells.iter().chain(&self.leading).map(|&cell| (Kind::Cell, cell));
        let fragments = self.fragments.iter().map(|&(_, file)| (Kind::Fragment, file));
        let documents = self.documents.iter().map(|&file| (Kind::Documents, file));
        let catalogs = self.catalogs.iter().map(|&file| (Kind::Catalog, file));
        let spellings = self.spellings.iter().map(|&(_, file)| (Kind::Spelling, file));
        let encoder = self.encoder.iter();
        let encoder =
            encoder.flat_map(|entry| [(Kind::Projection, entry.projection), (Kind::Encoder, entry.encoder)]);
        shards.chain(cells).chain(fragments).chain(documents).chain(catalogs).chain(spellings).chain(encoder)
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
        let in_stretches: u64 = boot.stretches.iter().map(|stretch| u64::from(stretch.chunks)).sum();
        let in_fragments: u64 = boot.fragments.iter().map(|&(count, _)| u64::from(count)).sum();
        if in_stretches != chunks {
            return disagree("stretches", in_stretches);
        }
        if in_fragments != chunks {
            return disagree("fragments", in_fragments);
        }
        if let Some(got) = scope::disagreement(&boot.scopes, &boot.stretches) {
            return Err(Error::new(file, "stretches that agree with the scopes", got, REBUILD));
        }
        if boot.documents.len() != boot.scopes.len() {
            let expected = format!("a list of documents for each of {} scopes", boot.scopes.len());
            return Err(Error::new(file, expected, format!("{} lists", boot.documents.len()), REBUILD));
        }
        if !boot.catalogs.is_empty() && boot.catalogs.len() != boot.scopes.len() {
            let expected = format!("{} catalogs, one a scope", boot.scopes.len());
            return Err(Error::new(file, expected, format!("{}", boot.catalogs.len()), REBUILD));
        }
        if !boot.shards.is_sorted_by(|a, b| a.first < b.first) {
            return Err(Error::new(file, "shards in order", "shards out of order", REBUILD));
        }
        let code = code::code_len(Bits::Int8, usize::from(boot.dims));
        let means = usize::from(!boot.cells.is_empty());
        for (what, codes, bytes) in
            [("centroids", boot.cells.len(), &boot.centroids), ("their mean", means, &boot.mean)]
        {
            if bytes.len() != codes * code {
                let expected = format!("{} bytes of {what}", codes * code);
                return Err(Error::new(file, expected, format!("{}", bytes.len()), REBUILD));
            }
        }
        if !boot.leading.is_empty() && boot.leading.len() != boot.cells.len() {
            let expected = format!("{} cells of leading components", boot.cells.len());
            return Err(Error::new(file, expected, format!("{}", boot.leading.len()), REBUILD));
        }
        if boot.cell_products.len() != boot.cells.len() {
            let expected = format!("the products of {} cells", boot.cells.len());
            return Err(Error::new(file, expected, format!("{}", boot.cell_products.len()), REBUILD));
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
                Scope {
                    product: "a".into(),
                    version: "2".into(),
                    chunks: 3,
                    newest: true,
                    ..Scope::default()
                },
                Scope { product: "a".into(), version: "1".into(), chunks: 4, ..Scope::default() },
            ],
            stretches: vec![
                Stretch { scopes: vec![0], chunks: 1 },
                Stretch { scopes: vec![0, 1], chunks: 2 },
                Stretch { scopes: vec![1], chunks: 2 },
            ],
            kin: Boot::pack_kin(&[(3, 0), (4, 1)]),
            documents: vec![FileEntry::default(); 2],
            lengths: [3, 100].iter().cycle().take(10).map(|&length| LengthCode::of(length).0).collect(),
            shards: ["10", "connect", "connector", "m"].map(entry).into(),
            fragments: vec![(4, FileEntry::default()), (1, FileEntry::default())],
            spellings: vec![(7, FileEntry { hash: 3, bytes: 4 })],
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
        let told = |break_it: fn(&mut Boot)| {
            let mut boot = sample();
            break_it(&mut boot);
            Boot::from_file("boot.mcd", &boot.to_file()).unwrap_err().to_string()
        };
        let error = told(|boot| boot.stretches.truncate(2));
        assert!(error.starts_with("boot.mcd: expected stretches of 5 chunks, got 3"), "{error}");
        let error = told(|boot| boot.stretches[2].scopes = vec![0]);
        assert!(error.contains("that agree with the scopes, got 5 of the 3 chunks of a 2"), "{error}");
        let error = told(|boot| boot.documents.truncate(1));
        assert!(error.contains("for each of 2 scopes, got 1 lists"), "{error}");
    }

    #[test]
    fn the_directory_finds_shards_and_fragments() {
        let boot = sample();
        assert_eq!(boot.shard_of("0"), None);
        assert_eq!(boot.shard_of("connecting"), Some(1));
        assert_eq!(boot.shard_of("zebra"), Some(3));
        assert_eq!(boot.shards_of_prefix("conn"), 0..3);
        assert_eq!(boot.shards_of_prefix("connectors"), 2..3);
        assert_eq!(boot.fragment_of(3), Some((0, 3)));
        assert_eq!(boot.fragment_of(4), Some((1, 0)));
        assert_eq!(boot.fragment_of(5), None);
    }

    #[test]
    fn a_chunk_knows_its_versions_and_its_kin() {
        let boot = sample();
        let versions: Vec<&[u32]> = (0..6).map(|chunk| boot.scopes_of(chunk)).collect();
        assert_eq!(versions, [&[0][..], &[0, 1], &[0, 1], &[1], &[1], &[]]);
        assert_eq!(boot.kin(), [(3, 0), (4, 1)]);
        assert_eq!([0, 1, 2].map(|scope| boot.product_of(scope)), [0, 0, 2]);
    }
}
