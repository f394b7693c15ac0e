//! Shared chunks and vectors → the files of an index. The cheap half of a build.
//!
//! ```text
//! words  ──terms─────► shards    ┐
//!        └───────────► spellings │
//! chunks ──fragments─► fragments ┼─► boot ─► index.json
//!        ├───────────► documents │
//!        └─catalogs──► catalogs  │
//! vectors ─pca─► projection      │
//!         ├─cluster─► cells      ┘
//!         └─fit─► vectors of terms, in the shards
//! ```
//!
//! Everything here is a function of its input: chunk numbers follow the library's order, terms are sorted, seeds are
//! fixed and sums are made in one order, so the bytes do not depend on the number of threads.

mod catalogs;
mod cluster;
mod fragments;
mod pca;
mod term_vectors;
mod terms;

use std::collections::BTreeSet;
use std::ops::Range;

use mcdewey_format::Kind;
use mcdewey_format::boot::{Boot, EncoderEntry, FileEntry};
use mcdewey_format::catalog::Catalog;
use mcdewey_format::cell::{Cell, Member};
use mcdewey_format::code::{self, Bits};
use mcdewey_format::documents::{Documents, ListedDocument};
use mcdewey_format::projection::Projection;
use mcdewey_format::shard;
use mcdewey_search::version;
use rayon::prelude::*;

use crate::library::Entry;
use crate::media::Shown;
use crate::previous::Kept;
use crate::share::{Shared, SharedChunk};
use crate::vectors::Vectors;
use crate::words::Indexed;
use crate::words::samples::{Samples, meaning_terms};

use cluster::Cluster;
pub use cluster::{Assignment, nearest_by_graph, nearest_exact};

/// Components kept by the projection: with 320 of 384 no loss of ranking is left to be measured, with 192 there is.
const DIMS: usize = 320;
/// Counts on either side of zero that a component of a passage's vector is told in.
const COUNTS: u8 = 31;
/// The same where only the leading components are told: a sum of words is not told apart by finer ones.
const LEADING_COUNTS: u8 = 15;
/// Components of a term's vector, the leading ones: a query's sum of a few terms is no more exact than that.
const TERM_DIMS: usize = 128;

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

/// What the encoder said of a library.
#[derive(Debug)]
pub struct Meaning<'a> {
    /// Who said it.
    pub encoder: EncoderFile,
    /// How many passages there are.
    pub passages: usize,
    /// What else it read.
    pub samples: &'a Samples,
    /// The vectors of the passages, in the library's order, and of the texts of `samples`.
    pub vectors: Vectors,
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

/// The files of the index of a library; without `meaning` it is searched by word alone.
///
/// `pictures` are those of the library, for who asks for one; `words` are those of its chunks. What `kept` has of the
/// site before is used as long as it fits.
pub fn assemble(
    shared: &Shared<'_>,
    pictures: &[Shown],
    words: Indexed,
    meaning: Option<Meaning<'_>>,
    kept: Option<&Kept>,
) -> Assembled {
    let meaning = meaning.filter(|meaning| meaning.passages > 0);
    let kept = kept.filter(|kept| {
        meaning.as_ref().is_some_and(|meaning| {
            meaning.encoder.fingerprint == kept.projection.encoder
                && usize::from(kept.projection.dims_out) == DIMS.min(usize::from(kept.projection.dims_in))
                && cluster::still_fits(meaning.passages, kept.centroids.len())
        })
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

    boot.lengths = words.lengths;
    boot.mean_lengths = words.mean_lengths;
    let mut term_vectors = Vec::new();
    if let Some(meaning) = meaning {
        let (passages, vectors) = (meaning.passages, &meaning.vectors);
        let fingerprint = meaning.encoder.fingerprint;
        let projection = kept.map_or_else(
            || {
                let rows = pca::principal_rows(passages, |n| vectors.get(n), DIMS);
                Projection::new(fingerprint, vectors.get(0).len() as u16, &rows)
            },
            |kept| kept.projection.clone(),
        );
        let project = projection.ready();
        let projected: Vec<Vec<f32>> =
            (0..passages).into_par_iter().map(|n| project(&vectors.get(n))).collect();
        let members = members(&shared.chunks);
        let clusters = kept.map_or_else(
            || cluster::clusters(&projected),
            |kept| cluster::around(kept.centroids.clone(), &projected),
        );
        boot.dims = projection.dims_out;
        code::encode(Bits::Int8, &mean(&projected), &mut boot.mean);
        let cell = |cluster: &Cluster, dims: usize, counts: u8| {
            let vector = |n: usize| &projected[n][..dims];
            let passages = cluster.members.iter().map(|&n| (members[n], vector(n)));
            Cell::new(dims as u16, counts, passages).to_file()
        };
        let dims = usize::from(projection.dims_out);
        let leading = |cluster| (dims > TERM_DIMS).then(|| cell(cluster, TERM_DIMS, LEADING_COUNTS));
        let both = |cluster| (cell(cluster, dims, COUNTS), leading(cluster));
        let cells: Vec<(Vec<u8>, Option<Vec<u8>>)> = clusters.par_iter().map(both).collect();
        for (cluster, (cell, leading)) in clusters.iter().zip(cells) {
            boot.centroids.extend(&cluster.centroid);
            let chunks = cluster.members.iter().map(|&n| &shared.chunks[members[n].chunk as usize]);
            let products = products(&boot, chunks);
            boot.cell_products.push(products);
            boot.cells.push(keep(Kind::Cell, cell));
            boot.leading.extend(leading.map(|leading| keep(Kind::Cell, leading)));
        }
        term_vectors = vectors_of_terms(&meaning, &project, kept);
        let projection = keep(Kind::Projection, projection.to_file());
        boot.encoder = Some(EncoderEntry { fingerprint, encoder: meaning.encoder.file, projection });
    }
    let bounds = kept.map_or(&[][..], |kept| &kept.shards);
    for (first, bytes) in terms::shards(words.lists, term_vectors, TERM_DIMS, bounds) {
        let file = keep(Kind::Shard, bytes);
        boot.shards.push(mcdewey_format::boot::ShardEntry { first, file });
    }
    let of_fragments = fragments::bounds(&shared.chunks);
    let sealed = |chunks: &Range<usize>| fragments::fragment(&shared.chunks[chunks.clone()]).to_file();
    let sealed: Vec<Vec<u8>> = of_fragments.par_iter().map(sealed).collect();
    for (chunks, sealed) in of_fragments.iter().zip(sealed) {
        boot.fragments.push((chunks.len() as u32, keep(Kind::Fragment, sealed)));
    }
    for (letters, list) in words.spellings {
        boot.spellings.push((letters, keep(Kind::Spelling, list.to_file())));
    }
    let list = |documents: &Vec<ListedDocument>| Documents { documents: documents.clone() }.to_file();
    let lists: Vec<Vec<u8>> = shared.documents.par_iter().map(list).collect();
    boot.documents = lists.into_iter().map(|list| keep(Kind::Documents, list)).collect();
    let catalogs: Vec<Vec<u8>> =
        catalogs::catalogs(shared, pictures).par_iter().map(Catalog::to_file).collect();
    boot.catalogs = catalogs.into_iter().map(|catalog| keep(Kind::Catalog, catalog)).collect();
    let boot_file = keep(Kind::Boot, boot.to_file());
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    Assembled { files, boot, boot_file }
}

/// The code of the vector of every term that has one, fitted on the samples, in the space of the cells. While
/// [`term_vectors::still_fits`], terms keep what the site before had for them.
fn vectors_of_terms(
    meaning: &Meaning<'_>,
    project: &(dyn Fn(&[f32]) -> Vec<f32> + Sync),
    kept: Option<&Kept>,
) -> Vec<(String, Vec<u8>)> {
    let Samples { spans, words, total } = meaning.samples;
    let projected = |n: usize| {
        let mut image = project(&meaning.vectors.get(n));
        image.truncate(TERM_DIMS);
        image
    };
    let first_word = meaning.passages + spans.len();
    let targets: Vec<Vec<f32>> = (meaning.passages..first_word).into_par_iter().map(projected).collect();
    let prior: Vec<Vec<f32>> = (first_word..meaning.vectors.len()).into_par_iter().map(projected).collect();
    // A term that is not among the words (it occurs once, or is one of too many) has no vector.
    let place = |term: String| words.binary_search_by(|word| word.term.as_str().cmp(&term)).ok();
    let row = |span: &String| meaning_terms(span).filter_map(place).map(|n| n as u32).collect();
    let rows = spans.par_iter().map(row).collect();
    let codes: Vec<Option<&Vec<u8>>> =
        words.iter().map(|word| kept.and_then(|kept| kept.terms.get(&word.term))).collect();
    let new = codes.iter().filter(|code| code.is_none()).count();
    let codes = if term_vectors::still_fits(words.len(), new) { codes } else { vec![None; words.len()] };
    let known: Vec<Option<Vec<f32>>> =
        codes.iter().map(|code| Some(shard::vector_of(TERM_DIMS, code.as_ref()?))).collect();
    let frequency: Vec<f64> = words.iter().map(|word| word.count as f64 / (*total).max(1) as f64).collect();
    let fitted = term_vectors::fit(&rows, &targets, &prior, &frequency, &known);
    let code = |(code, vector): (Option<&Vec<u8>>, Vec<f32>)| {
        code.cloned().unwrap_or_else(|| shard::vector_code(&vector))
    };
    let codes: Vec<Vec<u8>> = codes.into_par_iter().zip(fitted).map(code).collect();
    words.iter().map(|word| word.term.clone()).zip(codes).collect()
}

/// The mean of `vectors`, summed in order.
fn mean(vectors: &[Vec<f32>]) -> Vec<f32> {
    let mut sums = vec![0f64; vectors.first().map_or(0, Vec::len)];
    for vector in vectors {
        sums.iter_mut().zip(vector).for_each(|(sum, &x)| *sum += f64::from(x));
    }
    sums.into_iter().map(|sum| (sum / vectors.len() as f64) as f32).collect()
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
