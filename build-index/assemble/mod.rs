//! Shared chunks and vectors → the files of an index. The cheap half of a build.
//!
//! ```text
//! chunks ──terms─────► shards    ┐
//!        ──fragments─► fragments ┼─► boot ─► index.json
//!        └───────────► documents │
//! vectors ─pca─► projection      │
//!         └─cluster─► cells      ┘
//! ```
//!
//! Everything here is a function of its input: chunk numbers follow the library's order, terms are sorted, seeds are
//! fixed and sums are made in one order, so the bytes do not depend on the number of threads.

mod cluster;
mod fragments;
mod pca;
mod terms;

use std::collections::BTreeSet;

use mcdewey_format::Kind;
use mcdewey_format::boot::{Boot, EncoderEntry, FileEntry};
use mcdewey_format::cell::{Cell, Member};
use mcdewey_format::code::Bits;
use mcdewey_format::documents::Documents;
use mcdewey_format::projection::Projection;
use mcdewey_search::version;
use rayon::prelude::*;

use crate::library::Entry;
use crate::previous::Kept;
use crate::share::{Shared, SharedChunk};

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

/// The files of the index of a library. `vectors` are those of its passages in order; empty when nothing was embedded.
///
/// What `kept` has of the site before is used as long as it fits.
pub fn assemble(
    shared: &Shared<'_>,
    vectors: &[Vec<f32>],
    encoder: Option<EncoderFile>,
    kept: Option<&Kept>,
) -> Assembled {
    let kept = kept.filter(|kept| {
        let same_encoder = encoder.is_some_and(|encoder| encoder.fingerprint == kept.projection.encoder);
        same_encoder && cluster::still_fits(vectors.len(), kept.centroids.len())
    });
    let mut files = Vec::new();
    let mut keep = |kind: Kind, bytes: Vec<u8>| {
        let entry = FileEntry::of(&bytes);
        files.push(IndexFile { path: entry.path(kind), kind, bytes });
        entry
    };
    let mut boot = Boot {
        analysis: mcdewey_text::ANALYSIS_VERSION,
        scopes: shared.scopes.clone(),
        stretches: shared.stretches.clone(),
        kin: Boot::pack_kin(&shared.kin),
        ..Boot::default()
    };

    let analysed = terms::analyse(&shared.chunks);
    boot.lengths = analysed.lengths;
    boot.mean_lengths = analysed.mean_lengths;
    for (first, bytes) in terms::shards(analysed.lists, kept.map_or(&[][..], |kept| &kept.shards)) {
        let file = keep(Kind::Shard, bytes);
        boot.shards.push(mcdewey_format::boot::ShardEntry { first, file });
    }
    for fragment in fragments::fragments(&shared.chunks) {
        boot.fragments.push((fragment.chunks.len() as u32, keep(Kind::Fragment, fragment.to_file())));
    }
    for documents in &shared.documents {
        let list = Documents { documents: documents.clone() };
        boot.documents.push(keep(Kind::Documents, list.to_file()));
    }
    if let Some(encoder) = encoder.filter(|_| !vectors.is_empty()) {
        let projection = kept.map_or_else(
            || {
                let rows = pca::principal_rows(vectors, DIMS);
                Projection::new(encoder.fingerprint, vectors[0].len() as u16, &rows)
            },
            |kept| kept.projection.clone(),
        );
        let projected: Vec<Vec<f32>> = vectors.par_iter().map(|vector| projection.apply(vector)).collect();
        let members = members(&shared.chunks);
        let clusters = kept.map_or_else(
            || cluster::clusters(&projected),
            |kept| cluster::around(kept.centroids.clone(), &projected),
        );
        boot.dims = projection.dims_out;
        for cluster in clusters {
            boot.centroids.extend(&cluster.centroid);
            let chunks = cluster.members.iter().map(|&n| &shared.chunks[members[n].chunk as usize]);
            let products = products(&boot, chunks);
            boot.cell_products.push(products);
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

/// The products that have one of `chunks`, rising.
fn products<'a>(boot: &Boot, chunks: impl Iterator<Item = &'a SharedChunk<'a>>) -> Vec<u32> {
    let scopes: BTreeSet<u32> = chunks.map(|chunk| chunk.newest().scope).collect();
    let products: BTreeSet<u32> = scopes.into_iter().map(|scope| boot.product_of(scope)).collect();
    products.into_iter().collect()
}

/// Chunk number and place in the chunk of every passage, in order.
fn members(chunks: &[SharedChunk<'_>]) -> Vec<Member> {
    let passages = (0u32..).zip(chunks).flat_map(|(chunk, content)| {
        let passages = content.newest().chunk.passages.len() as u32;
        (0..passages).map(move |passage| Member { chunk, passage })
    });
    passages.collect()
}
