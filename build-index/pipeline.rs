//! `mcdewey build`: a library in, a site out, told stage by stage.
//!
//! ```text
//! read ──► embed ──► assemble ──► write
//! ```

use std::path::{Path, PathBuf};

use mcdewey_embed::Encoder;
use mcdewey_format::boot::FileEntry;
use mcdewey_format::index::{FileRef, Index};
use mcdewey_format::{FORMAT_VERSION, Kind};
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::assemble::{self, Assembled, EncoderFile};
use crate::bundle;
use crate::chunk::{Sizes, Tokens};
use crate::config::Config;
use crate::document::Weight;
use crate::library::{Entry, Library, read_library};
use crate::progress::{Stage, tell};
use crate::site::{self, Manual};
use crate::tree::Report;
use crate::vectors::{self, Cache};
use crate::write::Staging;

/// What to build.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The library's root.
    pub library: PathBuf,
    /// Where the site goes.
    pub site: PathBuf,
    /// Folder of the vector cache, unless none is wanted.
    pub cache: Option<PathBuf>,
}

/// What was built.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Built {
    /// Hash of everything written.
    pub build: String,
    /// Documents read.
    pub documents: usize,
    /// Pages of all documents.
    pub pages: usize,
    /// Chunks, what is shown and cited.
    pub chunks: usize,
    /// Passages, what is embedded.
    pub passages: usize,
    /// Passages with a text of their own.
    pub distinct_passages: usize,
    /// Passages embedded now rather than taken from the cache.
    pub embedded: usize,
    /// Pictures copied.
    pub images: usize,
    /// Files written.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// What was left out or doubtful.
    pub reports: Vec<Report>,
}

impl Built {
    /// Whether something of the library is not in the site.
    pub fn lost(&self) -> usize {
        self.reports.iter().filter(|report| report.note.weight == Weight::Lost).count()
    }
}

impl Tokens for Encoder {
    fn offsets(&self, text: &str) -> Vec<(usize, usize)> {
        self.token_offsets(text)
    }

    fn count(&self, text: &str) -> usize {
        self.count_tokens(text)
    }
}

/// Builds the site.
///
/// # Errors
/// A sentence for people when there is nothing to build or nothing could be written; the old site is then as it was.
pub fn build(options: &Options) -> Result<Built, String> {
    if bundle::APP.is_empty() {
        return Err(
            "this mcdewey was compiled without the web app; run `make build`, which builds both".into()
        );
    }
    let config = Config::read(&options.library)?;
    let encoder =
        Encoder::from_bytes(bundle::ENCODER_NAME, bundle::ENCODER).map_err(|error| error.to_string())?;

    let stage = Stage::begin("read", 0);
    let sizes = Sizes { limit: encoder.limit(), ..Sizes::default() };
    let mut library = read_library(&options.library, &config, &sizes, &encoder, &|_| stage.step())?;
    assemble::order(&mut library.entries);
    let mut built = counted(&library);
    stage.end(&format!("{} documents, {} pages, {} chunks", built.documents, built.pages, built.chunks));
    if library.entries.is_empty() {
        let seen =
            library.reports.iter().map(|report| format!("\n  {}: {}", report.source, report.note.text));
        return Err(format!(
            "{} holds no document that could be read; expected Markdown files (.md, .mdx) below it{}",
            options.library.display(),
            seen.collect::<String>()
        ));
    }

    let texts = passages(&library.entries);
    built.passages = texts.len();
    let stage = Stage::begin("embed", texts.len() as u64);
    let cache = open_cache(options.cache.as_deref());
    let made = vectors::embed(&encoder, cache.as_ref(), &texts, &|done| stage.at(done as u64))?;
    made.cache_problem.iter().for_each(|problem| tell(problem));
    (built.distinct_passages, built.embedded) = (made.distinct, made.embedded);
    stage.end(&format!(
        "{} passages, {} distinct, {} embedded now",
        texts.len(),
        made.distinct,
        made.embedded
    ));

    let stage = Stage::begin("assemble", 0);
    let encoder_file =
        EncoderFile { fingerprint: encoder.fingerprint(), file: FileEntry::of(bundle::ENCODER) };
    let assembled = assemble::assemble(&library.entries, &made.vectors, Some(encoder_file), &library.media);
    stage.end(&format!("{} index files", assembled.files.len()));

    let stage = Stage::begin("write", 0);
    write(options, &config, &library, &assembled, encoder_file, &mut built)?;
    stage.end(&format!("{} files, {:.1} MB", built.files, built.bytes as f64 / 1e6));
    Ok(built)
}

fn counted(library: &Library) -> Built {
    Built {
        documents: library.entries.len(),
        pages: library.entries.iter().map(|entry| entry.document.pages.len()).sum(),
        chunks: library.entries.iter().map(|entry| entry.chunks.len()).sum(),
        images: library.media.len(),
        reports: library.reports.clone(),
        ..Built::default()
    }
}

/// What the encoder reads of every passage, in the library's order.
pub fn passages(entries: &[Entry]) -> Vec<&str> {
    let chunks = entries.iter().flat_map(|entry| &entry.chunks);
    chunks.flat_map(|chunk| &chunk.passages).map(|passage| passage.embedded.as_str()).collect()
}

/// The cache, or none with a line that says why; a build does without.
pub fn open_cache(folder: Option<&Path>) -> Option<Cache> {
    Cache::open(folder?).map_err(|problem| tell(&problem)).ok()
}

fn write(
    options: &Options,
    config: &Config,
    library: &Library,
    assembled: &Assembled,
    encoder: EncoderFile,
    built: &mut Built,
) -> Result<(), String> {
    let staging = Staging::begin(&options.site)?;
    let mut ledger: Vec<(String, u64)> = Vec::new();
    let mut put = |path: &str, bytes: &[u8]| -> Result<(), String> {
        staging.write(path, bytes)?;
        built.files += 1;
        built.bytes += bytes.len() as u64;
        ledger.push((path.to_owned(), xxh3_64(bytes)));
        Ok(())
    };
    for file in &assembled.files {
        put(&file.path, &file.bytes)?;
    }
    if assembled.boot.encoder.is_some() {
        put(&encoder.file.path(Kind::Encoder), bundle::ENCODER)?;
    }
    let app_base = bundle::app_base();
    for (name, bytes) in bundle::APP {
        put(&format!("{app_base}/{name}"), bytes)?;
    }
    for (from, to) in &library.media {
        let path = options.library.join(from);
        let bytes = std::fs::read(&path)
            .map_err(|error| format!("{} could not be copied: {error}", path.display()))?;
        put(to, &bytes)?;
    }
    let or = |text: &str, default: &str| if text.is_empty() { default.to_owned() } else { text.to_owned() };
    let name = or(&config.name, &title(&options.library));
    let description = or(&config.description, "Manuals, searched by word and by meaning.");
    let language = or(&config.language, "en");
    let site = site::Site {
        name: &name,
        description: &description,
        language: &language,
        public_url: config.public_url.as_deref(),
        app_base: &app_base,
        pictures: &library.media,
        manuals: library.entries.iter().map(manual).collect(),
    };
    for page in site::render(&site) {
        put(&page.path, &page.bytes)?;
    }
    ledger.sort();
    let all: Vec<u8> =
        ledger.iter().flat_map(|(path, hash)| [path.as_bytes(), &hash.to_le_bytes()].concat()).collect();
    built.build = format!("{:016x}", xxh3_64(&all));
    let index = Index {
        format: FORMAT_VERSION,
        build: built.build.clone(),
        boot: FileRef { path: assembled.boot_file.path(Kind::Boot), bytes: assembled.boot_file.bytes },
        app: app_base,
        generator: concat!("mcdewey ", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    let json = serde_json::to_string(&index).map_err(|error| error.to_string())? + "\n";
    staging.write(mcdewey_format::index::FILE, json.as_bytes())?;
    staging.finish()
}

fn manual(entry: &Entry) -> Manual<'_> {
    Manual {
        vendor: entry.place.vendor.as_deref(),
        product: &entry.place.product,
        version: &entry.place.version,
        url: &entry.url,
        document: &entry.document,
        chunks: &entry.chunks,
    }
}

/// The library's name: its folder's.
fn title(library: &Path) -> String {
    let name =
        library.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    name.unwrap_or_else(|| "Library".into())
}
