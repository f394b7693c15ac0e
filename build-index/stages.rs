//! The stages that a whole build and a part of one have in common: all that takes long.
//!
//! ```text
//! files ──read──► entries ──share──► chunks ──embed──► words, vectors
//!   └──────┬─────────┴────────────────────┴───────────────┘
//!        caches: what they know is neither read nor embedded again
//! ```

use std::path::PathBuf;

use mcdewey_embed::Encoder;
use mcdewey_format::boot::FileEntry;
use serde::Serialize;

use crate::assemble::{self, EncoderFile};
use crate::bundle;
use crate::chunk::{Sizes, Tokens};
use crate::config::Config;
use crate::document::Weight;
use crate::in_place;
use crate::ingest::pdf::Readers;
use crate::library::{Library, Means, read_library_with, read_site};
use crate::media::Spool;
use crate::parsed::Parsed;
use crate::progress::{Stage, tell};
use crate::share::{Shared, Sharing};
use crate::stash::Stash;
use crate::tree::{Report, SourceFile};
use crate::vectors::{self, Cache, Text, Vectors};
use crate::words::Words;

/// What to build.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The library's root; of a built site, its folder.
    pub library: PathBuf,
    /// The library is a built site whose pages stay where they are: only the index and the app are written.
    pub in_place: bool,
    /// The configuration, where it is not in the library.
    pub config: Option<PathBuf>,
    /// Where the site goes.
    pub site: PathBuf,
    /// Folder of the caches, unless none is wanted.
    pub cache: Option<PathBuf>,
    /// Only this product of the library, `vendor/product` or the product alone.
    pub partition: Option<String>,
    /// Parts of the library that were made elsewhere, see [`crate::part`].
    pub parts: Vec<PathBuf>,
    /// The site whose ids are kept; none to give them anew.
    pub previous: Option<PathBuf>,
    /// The program whose workers read PDFs: `mcdewey` itself. Without it they are read in this process, where a hostile
    /// one may take all its memory.
    pub program: Option<PathBuf>,
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
    /// Chunks stored: one that several versions share counts once.
    pub stored_chunks: usize,
    /// What the versions of each product have in common.
    pub sharing: Vec<Sharing>,
    /// Passages of the stored chunks, what is embedded.
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

/// What the stages work with.
pub(crate) struct Tools {
    pub config: Config,
    pub encoder: Encoder,
    /// Where the pictures of PDFs wait until they are copied.
    pub spool: Spool,
    /// Where what pages say waits until they are written.
    pub stash: Stash,
    /// Documents that were read before.
    pub parsed: Option<Parsed>,
    /// Passages that were embedded before.
    pub cache: Option<Cache>,
}

impl Tools {
    /// # Errors
    /// A sentence for people when the configuration, the encoder or the disk cannot be used, or a part cannot be taken in.
    /// A cache that cannot be used is told, and the build does without.
    pub fn of(options: &Options) -> Result<Self, String> {
        let config = match &options.config {
            Some(file) => Config::read_file(file)?,
            None => Config::read(&options.library)?,
        };
        let encoder = Encoder::from_bytes(bundle::ENCODER_NAME, bundle::ENCODER);
        let encoder = encoder.map_err(|error| error.to_string())?;
        let folder = options.cache.as_deref();
        let parsed = folder.map(|folder| Parsed::open(folder, encoder.fingerprint()));
        let parsed = parsed.and_then(|parsed| parsed.map_err(|problem| tell(&problem)).ok());
        let cache = vectors::open_cache(folder);
        for part in &options.parts {
            parsed.iter().try_for_each(|parsed| parsed.take_in(part))?;
            cache.iter().try_for_each(|cache| cache.take_in(part))?;
        }
        let (spool, stash) = (Spool::beside(&options.site)?, Stash::beside(&options.site)?);
        Ok(Self { config, encoder, spool, stash, parsed, cache })
    }

    pub fn encoder_file(&self) -> EncoderFile {
        EncoderFile { fingerprint: self.encoder.fingerprint(), file: FileEntry::of(bundle::ENCODER) }
    }

    /// The library in its order, or the part of it that is asked for, and what there is in it.
    ///
    /// # Errors
    /// A sentence for people when it cannot be read or holds nothing.
    pub fn read(&self, options: &Options) -> Result<(Library, Built), String> {
        let stage = Stage::begin("read", 0);
        let sizes = Sizes { limit: self.encoder.limit(), ..Sizes::default() };
        let step = |_: &SourceFile| stage.step();
        let pictures = Some(self.spool.folder().to_owned());
        let readers = Readers { program: options.program.clone(), pictures };
        let means = Means {
            sizes: &sizes,
            tokens: &self.encoder,
            readers: &readers,
            parsed: self.parsed.as_ref(),
            stash: Some(&self.stash),
            product: options.partition.as_deref(),
        };
        let mut library = if options.in_place {
            let public_url = self.config.public_url.as_deref();
            let way = in_place::way(&options.library, &options.site, public_url)?;
            read_site(&options.library, &self.config, (&way.own, &way.above), means, &step)?
        } else {
            read_library_with(&options.library, &self.config, means, &step)?
        };
        self.parsed.as_ref().and_then(Parsed::finish).iter().for_each(|problem| tell(problem));
        assemble::order(&mut library.entries);
        let built = counted(&library);
        stage.end(&format!("{} documents, {} pages, {} chunks", built.documents, built.pages, built.chunks));
        if library.entries.is_empty() {
            return Err(nothing_in(&library, options));
        }
        Ok((library, built))
    }

    /// The words of the chunks, and the vectors of their passages and of the texts that words are learnt from.
    ///
    /// # Errors
    /// A sentence for people when the encoder fails.
    pub fn embed(&self, shared: &Shared<'_>, built: &mut Built) -> Result<(Words, Vectors), String> {
        let stage = Stage::begin("words", 0);
        let words = Words::of(&shared.chunks, self.parsed.as_ref());
        self.parsed.as_ref().and_then(Parsed::finish).iter().for_each(|problem| tell(problem));
        stage.end(&format!("{} terms", words.indexed.lists.len()));
        let mut texts = shared.passages();
        built.passages = texts.len();
        texts.extend(words.samples.texts().map(Text::Plain));
        let stage = Stage::begin("embed", texts.len() as u64);
        let done = |done| stage.at(done as u64);
        let made = vectors::embed(&self.encoder, self.cache.as_ref(), &texts, &done)?;
        made.cache_problem.iter().for_each(|problem| tell(problem));
        (built.distinct_passages, built.embedded) = (made.distinct_among(built.passages), made.embedded);
        stage.end(&format!(
            "{} passages, {} distinct; {} short texts to learn words from; {} embedded now",
            built.passages,
            built.distinct_passages,
            texts.len() - built.passages,
            made.embedded
        ));
        Ok((words, made))
    }
}

/// The chunks of a library, each once.
pub(crate) fn share<'a>(library: &'a Library, built: &mut Built) -> Shared<'a> {
    let stage = Stage::begin("share", 0);
    let shared = Shared::of(&library.entries);
    (built.stored_chunks, built.sharing) = (shared.chunks.len(), shared.sharing());
    stage.end(&format!(
        "{} chunks stored as {}, {} much the same in several versions",
        built.chunks,
        built.stored_chunks,
        shared.kin.len()
    ));
    shared
}

fn counted(library: &Library) -> Built {
    Built {
        documents: library.entries.len(),
        pages: library.entries.iter().map(|entry| entry.document.pages.len()).sum(),
        chunks: library.entries.iter().map(|entry| entry.chunks.len()).sum(),
        images: library.published().count(),
        reports: library.reports.clone(),
        ..Built::default()
    }
}

fn nothing_in(library: &Library, options: &Options) -> String {
    let seen = library.reports.iter().map(|report| format!("\n  {}: {}", report.source, report.note.text));
    let of_product = options.partition.as_ref().map(|product| format!(" of {product}")).unwrap_or_default();
    format!(
        "{} holds no document{of_product} that could be read; expected {} below it{}",
        options.library.display(),
        if options.in_place { "HTML pages" } else { "Markdown (.md, .mdx), HTML or PDF files" },
        seen.collect::<String>()
    )
}
