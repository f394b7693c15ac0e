//! Documents, chunks and vectors → the files of an index. The cheap half of a build.
//!
//! ```text
//! chunks ──terms────► shards ┐
//!        ──fragments► fragments ┼─► boot ─► index.json
//!        ──catalogs─► catalogs  ┤
//! vectors ─pca─► projection  │
//!         └─cluster─► cells  ┘
//! ```
//!
//! Everything here is a function of its input: chunk numbers follow the library's order, terms are sorted, seeds are
//! fixed and sums are made in one order, so the bytes do not depend on the number of threads.

mod catalogs;
mod cluster;
mod fragments;
mod pca;
mod terms;

use mcdewey_format::Kind;
use mcdewey_format::boot::{Boot, EncoderEntry, FileEntry, Scope};
use mcdewey_format::cell::{Cell, Member};
use mcdewey_format::code::{self, Bits};
use mcdewey_format::projection::Projection;
use mcdewey_search::version;

use crate::library::Entry;

pub use cluster::{Assignment, nearest_by_graph, nearest_exact};

/// Components kept by the projection: with 192 of 384, scores differ from the full ones by less than coding does.
const DIMS: usize = 192;
/// Bits a component in cells.
const CELL_BITS: Bits = Bits::Int8;

/// A file of the index: path below the site's root, kind, bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexFile {
    /// Path below the site's root.
    pub path: String,
    /// What it holds.
    pub kind: Kind,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// An assembled index.
#[derive(Debug)]
pub struct Assembled {
    /// Payload files, without the encoder.
    pub files: Vec<IndexFile>,
    /// The boot file's content.
    pub boot: Boot,
    /// The boot file's entry.
    pub boot_file: FileEntry,
}

/// The encoder that made the vectors.
#[derive(Debug, Clone, Copy)]
pub struct EncoderFile {
    /// Its fingerprint.
    pub fingerprint: u64,
    /// The packed file.
    pub file: FileEntry,
}

/// Sorts documents into the library's order: vendor, product, version (newest first), path.
pub fn order(entries: &mut [Entry]) {
    entries.sort_by(|a, b| {
        let (p, q) = (&a.place, &b.place);
        (&p.vendor, &p.product)
            .cmp(&(&q.vendor, &q.product))
            .then_with(|| version::compare(&q.version, &p.version))
            .then_with(|| q.version.cmp(&p.version))
            .then_with(|| a.document.source.cmp(&b.document.source))
    });
}

/// The files of the index of `entries`, which must be in the library's [`order`]. `vectors` are those of all passages
/// in order; empty when nothing was embedded. `pictures` says where the site has the library's pictures.
pub fn assemble(
    entries: &[Entry],
    vectors: &[Vec<f32>],
    encoder: Option<EncoderFile>,
    pictures: &[(String, String)],
) -> Assembled {
    let mut files = Vec::new();
    let mut keep = |kind: Kind, bytes: Vec<u8>| {
        let entry = FileEntry::of(&bytes);
        files.push(IndexFile { path: entry.path(kind), kind, bytes });
        entry
    };
    let mut boot =
        Boot { analysis: mcdewey_text::ANALYSIS_VERSION, scopes: scopes(entries), ..Boot::default() };

    let analysed = terms::analyse(entries);
    boot.lengths = analysed.lengths;
    boot.mean_lengths = analysed.mean_lengths;
    for (first, bytes) in terms::shards(analysed.lists) {
        let file = keep(Kind::Shard, bytes);
        boot.shards.push(mcdewey_format::boot::ShardEntry { first, file });
    }
    for fragment in fragments::fragments(entries, &boot.scopes) {
        boot.fragments.push((fragment.chunks.len() as u32, keep(Kind::Fragment, fragment.to_file())));
    }
    for catalog in catalogs::catalogs(entries, &boot.scopes, pictures) {
        boot.catalogs.push(keep(Kind::Catalog, catalog.to_file()));
    }
    if let Some(encoder) = encoder.filter(|_| !vectors.is_empty()) {
        let rows = pca::principal_rows(vectors, DIMS);
        let dims_in = vectors[0].len() as u16;
        let projection = Projection::new(encoder.fingerprint, dims_in, &rows);
        let projected: Vec<Vec<f32>> = vectors.iter().map(|vector| projection.apply(vector)).collect();
        let members = members(entries);
        let clusters = cluster::clusters(&projected);
        boot.dims = projection.dims_out;
        for cluster in clusters {
            code::encode(Bits::Int8, &cluster.centroid, &mut boot.centroids);
            let passages = cluster.members.iter().map(|&n| (members[n], projected[n].as_slice()));
            boot.cells.push(keep(Kind::Cell, Cell::new(CELL_BITS, boot.dims, passages).to_file()));
        }
        let projection = keep(Kind::Projection, projection.to_file());
        boot.encoder =
            Some(EncoderEntry { fingerprint: encoder.fingerprint, encoder: encoder.file, projection });
    }
    let boot_file = keep(Kind::Boot, boot.to_file());
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    Assembled { files, boot, boot_file }
}

/// Each run of documents of one version, with its counts.
fn scopes(entries: &[Entry]) -> Vec<Scope> {
    let mut scopes: Vec<Scope> = Vec::new();
    for entry in entries {
        let vendor = entry.place.vendor.clone().unwrap_or_default();
        let (product, version) = (&entry.place.product, &entry.place.version);
        let same = |scope: &&mut Scope| {
            scope.vendor == vendor && scope.product == *product && scope.version == *version
        };
        if scopes.last_mut().filter(same).is_none() {
            // Versions come newest first, so a product's first scope is its newest.
            let newest = scopes.last().is_none_or(|last| last.vendor != vendor || last.product != *product);
            let scope = Scope {
                vendor,
                product: product.clone(),
                version: version.clone(),
                newest,
                ..Scope::default()
            };
            scopes.push(scope);
        }
        if let Some(scope) = scopes.last_mut() {
            scope.documents += 1;
            scope.pages += entry.document.pages.len() as u32;
            scope.chunks += entry.chunks.len() as u32;
        }
    }
    scopes
}

/// Chunk number and place in the chunk of every passage, in order.
fn members(entries: &[Entry]) -> Vec<Member> {
    let chunks = entries.iter().flat_map(|entry| &entry.chunks);
    let passages = (0u32..).zip(chunks).flat_map(|(chunk, content)| {
        (0..content.passages.len() as u32).map(move |passage| Member { chunk, passage })
    });
    passages.collect()
}
