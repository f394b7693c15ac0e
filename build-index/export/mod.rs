//! `mcdewey export`: a library as Parquet tables, for engines that begin where one machine ends.
//!
//! ```text
//! read ──► share ──► documents, chunks ──► file
//!            └─────► passages ──embed──► file         8,192 passages at a time
//! ```
//!
//! The tables are made of the library and the cache and not of a built site. A site holds what a visitor can afford to
//! download: 320 of the vectors' components, projected by a matrix of its own, as counts of -31 to 31. Who asks an engine
//! that has the disk wants all 384 as the encoder gave them, rounded to half precision as everywhere in a build; then
//! vectors of two exports can lie in one index, and a query needs nothing but the encoder ([`mcdewey_embed::Encoder::embed`], on the
//! command line `mcdewey embed`). Who built the site before pays for none of this twice: documents, chunks and vectors
//! come from the cache.
//!
//! Vectors are in memory for one row group only. The chunks are all there, as in a build.

mod folder;
mod table;
mod tables;

use std::path::{Path, PathBuf};

use mcdewey_format::index;
use serde::Serialize;

use crate::document::Weight;
use crate::host::read_index;
use crate::library::Library;
use crate::progress::{Stage, tell};
use crate::share::Shared;
use crate::stages::{self, Tools};
use crate::tree::Report;
use crate::{previous, registry, vectors};

pub use folder::{EncoderFacts, MANIFEST, Manifest, TABLES_VERSION, TableFacts};
use folder::{Folder, Whole};
use table::ROWS;

/// What to export.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The library's root.
    pub library: PathBuf,
    /// The configuration, where it is not in the library.
    pub config: Option<PathBuf>,
    /// The folder for the tables.
    pub out: PathBuf,
    /// The site whose ids the chunks get; without it they are those of a first build.
    pub site: Option<PathBuf>,
    /// Folder of the caches, unless none is wanted.
    pub cache: Option<PathBuf>,
    /// The program whose workers read PDFs; see [`stages::Options::program`].
    pub program: Option<PathBuf>,
}

/// What was exported.
#[derive(Debug, Clone, Serialize)]
pub struct Exported {
    /// What the folder holds.
    #[serde(flatten)]
    pub manifest: Manifest,
    /// Passages embedded now rather than taken from the cache.
    pub embedded: usize,
    /// What was left out or doubtful.
    pub reports: Vec<Report>,
}

impl Exported {
    /// Whether something of the library is not in the tables.
    pub fn lost(&self) -> usize {
        self.reports.iter().filter(|report| report.note.weight == Weight::Lost).count()
    }
}

/// Writes the tables.
///
/// # Errors
/// A sentence for people when there is nothing to export or nothing could be written; what was exported before is then
/// as it was.
pub fn export(options: &Options) -> Result<Exported, String> {
    let folder = Folder::begin(&options.out)?;
    let published = options.site.as_deref().map(|site| previous::registry(site, &read_index(site)?));
    let published = published.transpose()?;
    check_is_no_site(&options.library)?;
    let stages = stages::Options {
        library: options.library.clone(),
        config: options.config.clone(),
        site: options.out.clone(),
        cache: options.cache.clone(),
        program: options.program.clone(),
        ..stages::Options::default()
    };
    let tools = Tools::of(&stages)?;
    let encoder = &tools.encoder;
    let facts = EncoderFacts {
        name: encoder.name().to_owned(),
        fingerprint: format!("{:016x}", encoder.fingerprint()),
        dims: encoder.dims(),
        limit: encoder.limit(),
    };
    let (mut library, _) = tools.read(&stages)?;
    registry::number(&mut library.entries, published.as_ref());
    let shared = Shared::of(&library.entries);

    let tables = Tables { folder: &folder, facts: &facts, shared: &shared };
    let documents = tables.documents(&library)?;
    let chunks = tables.chunks()?;
    let (passages, embedded) = tables.passages(&tools)?;
    let manifest = folder.finish(facts.clone(), vec![documents, chunks, passages])?;
    Ok(Exported { manifest, embedded, reports: library.reports })
}

/// Says so where the library is a built site, which holds HTML and would be read as one.
fn check_is_no_site(root: &Path) -> Result<(), String> {
    if root.join(index::FILE).is_file() && read_index(root).is_ok() {
        return Err(format!(
            "{root} is a built site, whose vectors are shortened for its visitors; expected the library that it was \
             built from. With --site {root} the chunks get the site's ids",
            root = root.display()
        ));
    }
    Ok(())
}

/// What all tables are made of.
struct Tables<'a> {
    folder: &'a Folder,
    facts: &'a EncoderFacts,
    shared: &'a Shared<'a>,
}

impl Tables<'_> {
    fn begin(&self, file: &'static str, schema: &str) -> Result<folder::Open, String> {
        let EncoderFacts { name, fingerprint, dims, .. } = self.facts;
        let facts = [
            ("mcdewey.version", TABLES_VERSION.to_string()),
            ("mcdewey.encoder", name.clone()),
            ("mcdewey.fingerprint", fingerprint.clone()),
            ("mcdewey.dims", dims.to_string()),
        ];
        self.folder.table(file, schema, &facts)
    }

    fn documents(&self, library: &Library) -> Result<Whole, String> {
        let mut table = self.begin("documents.parquet", tables::DOCUMENTS)?;
        let of_scopes = library.entries.chunk_by(|a, b| a.place == b.place);
        for (scope, entries) in self.shared.scopes.iter().zip(of_scopes) {
            entries.iter().try_for_each(|entry| table.row(&tables::document(entry, scope)))?;
        }
        table.finish()
    }

    fn chunks(&self) -> Result<Whole, String> {
        let mut table = self.begin("chunks.parquet", tables::CHUNKS)?;
        for (stored, chunk) in (0..).zip(&self.shared.chunks) {
            for edition in &chunk.editions {
                let scope = &self.shared.scopes[edition.scope as usize];
                table.row(&tables::chunk(stored, edition, &tables::permalink(edition), scope))?;
            }
        }
        table.finish()
    }

    /// The passages, and how many of them were embedded now.
    fn passages(&self, tools: &Tools) -> Result<(Whole, usize), String> {
        let mut table = self.begin("passages.parquet", tables::PASSAGES)?;
        let texts = self.shared.passages();
        let stage = Stage::begin("embed", texts.len() as u64);
        let mut embedded = 0;
        let chunks = (0..).zip(&self.shared.chunks);
        let mut passages = (0..).zip(chunks.flat_map(|(stored, chunk)| {
            chunk.newest().chunk.passages.iter().map(move |passage| (stored, chunk, passage))
        }));
        let mut problem = None;
        for (texts, done) in texts.chunks(ROWS).zip((0..).step_by(ROWS)) {
            let done = |more| stage.at((done + more) as u64);
            let made = vectors::embed(&tools.encoder, tools.cache.as_ref(), texts, &done)?;
            embedded += made.embedded;
            for ((n, text), (number, (stored, chunk, passage))) in texts.iter().enumerate().zip(&mut passages)
            {
                let (embedded, vector) = (&text.read(), &made.get(n));
                let read = tables::Read { number, stored, passage, embedded, vector };
                let url = tables::permalink(chunk.newest());
                table.row(&tables::passage(read, chunk, &url, &self.shared.scopes))?;
            }
            problem = problem.or(made.cache_problem);
        }
        problem.iter().for_each(|problem| tell(problem));
        stage.end(&format!("{} passages; {embedded} embedded now", texts.len()));
        Ok((table.finish()?, embedded))
    }
}
