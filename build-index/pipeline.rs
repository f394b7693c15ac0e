//! `mcdewey build`: a library in, a site out, told stage by stage.
//!
//! ```text
//! read ──► share ──► embed ──► assemble ──► write
//! ```

use std::path::Path;

use mcdewey_format::boot::FileEntry;
use mcdewey_format::index::{FileRef, Index};
use mcdewey_format::registry::{KnownDocument, Registry};
use mcdewey_format::{FORMAT_VERSION, Kind};
use xxhash_rust::xxh3::xxh3_64;

use crate::assemble::{self, Assembled, EncoderFile, Meaning};
use crate::bundle;
use crate::config::Config;
use crate::in_place;
use crate::library::{Entry, Library};
use crate::offline::{self, Written};
use crate::previous::Previous;
use crate::progress::{Stage, tell};
use crate::registry;
use crate::report::{self, BuildReport};
use crate::site::{self, Manual};
use crate::stages::{self, Built, Options, Tools};

use crate::stash::Stash;
use crate::texts::Texts;
use crate::write::Staging;

/// What the strictest of the common hosts take.
const MOST_FILES: usize = 20_000;
const MOST_BYTES: u64 = 1_000_000_000;

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
    let tools = Tools::of(options)?;
    let (mut library, mut built) = tools.read(options)?;
    let previous = options.previous.as_deref().map(Previous::read).unwrap_or_default();
    previous.problems.iter().for_each(|problem| tell(problem));
    let registry = registry::number(&mut library.entries, previous.registry.as_ref());
    let shared = stages::share(&library, &mut built);
    let (words, vectors) = tools.embed(&shared, &mut built)?;
    let encoder = tools.encoder_file();
    let Tools { config, stash, parsed, spool: _until_the_pictures_are_copied, .. } = tools;

    let stage = Stage::begin("assemble", 0);
    let meaning = Meaning { encoder, passages: built.passages, samples: &words.samples, vectors };
    let kept = previous.kept.as_ref();
    let assembled = assemble::assemble(&shared, &library.media, words.indexed, Some(meaning), kept);
    stage.end(&format!("{} index files", assembled.files.len()));

    let stage = Stage::begin("write", 0);
    let ready = Ready { options, config, library: &library, stash, registry, assembled, encoder };
    write(&ready, &mut built)?;
    parsed
        .as_ref()
        .and_then(|parsed| parsed.settle(&options.library))
        .iter()
        .for_each(|problem| tell(problem));
    stage.end(&format!("{} files, {:.1} MB", built.files, built.bytes as f64 / 1e6));
    too_much(built.files, built.bytes).iter().for_each(|warning| tell(warning));
    Ok(built)
}

/// What common hosts would refuse: files, and bytes.
fn too_much(files: usize, bytes: u64) -> Vec<String> {
    let mut warnings = Vec::new();
    if files > MOST_FILES {
        warnings.push(format!(
            "the site has {files} files; Cloudflare Pages takes {MOST_FILES}. `single_pages = false` in mcdewey.toml \
             makes fewer"
        ));
    }
    if bytes > MOST_BYTES {
        warnings.push(format!(
            "the site has {:.2} GB; GitHub Pages takes {} GB. Fewer pictures, or another host, are the way out",
            bytes as f64 / 1e9,
            MOST_BYTES / 1_000_000_000
        ));
    }
    warnings
}

/// The PDFs that are published beside their pages, as (path below the library's root, path below the site's).
fn originals(library: &Library) -> impl Iterator<Item = (&str, String)> {
    let pdfs = library.entries.iter().filter(|entry| site::is_original(&entry.document.source));
    pdfs.map(|entry| {
        (entry.document.source.as_str(), site::original_path(&entry.url, &entry.document.source))
    })
}

/// All that is written.
struct Ready<'a> {
    options: &'a Options,
    config: Config,
    library: &'a Library,
    stash: Stash,
    registry: Registry,
    assembled: Assembled,
    encoder: EncoderFile,
}

fn write(ready: &Ready<'_>, built: &mut Built) -> Result<(), String> {
    let Ready { options, config, library, stash, registry, assembled, encoder } = ready;
    let staging = Staging::begin(&options.site)?;
    let mut ledger: Vec<Written> = Vec::new();
    let mut write = |path: &str, bytes: &[u8], product: Option<String>| -> Result<(), String> {
        staging.write(path, bytes)?;
        built.files += 1;
        built.bytes += bytes.len() as u64;
        let (path, hash, bytes) = (path.to_owned(), xxh3_64(bytes), bytes.len() as u64);
        ledger.push(Written { path, hash, bytes, product });
        Ok(())
    };
    let mut put = |path: &str, bytes: &[u8]| write(path, bytes, None);
    for file in &assembled.files {
        put(&file.path, &file.bytes)?;
    }
    let registry_bytes = registry.to_file();
    let registry_file = FileEntry::of(&registry_bytes);
    put(&registry_file.path(Kind::Registry), &registry_bytes)?;
    if assembled.boot.encoder.is_some() {
        put(&encoder.file.path(Kind::Encoder), bundle::ENCODER)?;
    }
    let texts = Texts::of(&config.language)?;
    texts.instead_of(&config.language).iter().for_each(|problem| tell(problem));
    let app = bundle::app(&texts);
    let app_base = bundle::app_base(&app);
    for (name, bytes) in &app {
        put(&format!("{app_base}/{name}"), bytes)?;
    }
    let read = |path: &Path| {
        std::fs::read(path).map_err(|error| format!("{} could not be copied: {error}", path.display()))
    };
    for (from, to) in library.published() {
        put(to, &read(from)?)?;
    }
    let report = BuildReport::of(library);
    let json = serde_json::to_string_pretty(&report).map_err(|error| error.to_string())? + "\n";
    put(report::FILE, json.as_bytes())?;
    if options.in_place {
        put(in_place::SCRIPT, in_place::script(&app_base).as_bytes())?;
        put(in_place::TYPES.0, in_place::TYPES.1.as_bytes())?;
        // The folder's name is no name there: the site of others is told apart by its address.
        let index = index_of(assembled, registry_file, app_base, &config.name);
        return finish(staging, ledger, index, built);
    }
    if config.copy_sources {
        for (from, to) in originals(library) {
            put(&to, &read(&options.library.join(from))?)?;
        }
    }
    let pictures: Vec<(String, String)> =
        library.media.iter().map(|picture| (picture.source.clone(), picture.url.clone())).collect();
    let or = |text: &str, default: &str| if text.is_empty() { default.to_owned() } else { text.to_owned() };
    let name = or(&config.name, &title(&options.library));
    let description = or(&config.description, texts.description());
    let language = or(&config.language, "en");
    let whole = |at: usize| {
        let Entry { document, body, .. } = &library.entries[at];
        let whole = body.map_or_else(|| Ok(document.clone()), |place| stash.whole(document, place));
        whole.map_err(|error| format!("{} could not be taken up again: {error}", document.source))
    };
    let site = site::Site {
        name: &name,
        description: &description,
        language: &language,
        texts: &texts,
        public_url: config.public_url.as_deref(),
        app_base: &app_base,
        pictures: &pictures,
        originals: config.copy_sources,
        single_pages: config.single_pages.unwrap_or(true),
        manuals: library.entries.iter().zip(&registry.documents).map(manual).collect(),
        whole: Some(&whole),
    };
    site::render(&site, &mut |page| write(&page.path, &page.bytes, page.product))?;
    let page = site::report_page(&site, &report);
    write(&page.path, &page.bytes, None)?;
    ledger.sort();
    let picture = |source: &str| site.picture(source).map(str::to_owned);
    let list = offline::list(&ledger, &site.manuals, site::product_name, picture)?;
    let path = format!("index/offline-{:016x}.json", xxh3_64(list.as_bytes()));
    let bytes = u32::try_from(list.len()).map_err(|_| format!("{path} would be larger than 4 GB"))?;
    let mut index = index_of(assembled, registry_file, app_base.clone(), &name);
    index.offline = Some(FileRef { path: path.clone(), bytes });
    staging.write(&path, list.as_bytes())?;
    built.files += 1;
    built.bytes += u64::from(bytes);
    finish(staging, ledger, index, built)
}

fn index_of(assembled: &Assembled, registry: FileEntry, app: String, name: &str) -> Index {
    Index {
        name: name.to_owned(),
        format: FORMAT_VERSION,
        build: String::new(),
        boot: FileRef { path: assembled.boot_file.path(Kind::Boot), bytes: assembled.boot_file.bytes },
        registry: Some(FileRef { path: registry.path(Kind::Registry), bytes: registry.bytes }),
        offline: None,
        app,
        generator: concat!("mcdewey ", env!("CARGO_PKG_VERSION")).to_owned(),
    }
}

/// Writes the name of everything written, and puts it in its place.
fn finish(
    staging: Staging,
    mut ledger: Vec<Written>,
    mut index: Index,
    built: &mut Built,
) -> Result<(), String> {
    ledger.sort();
    let all: Vec<u8> =
        ledger.iter().flat_map(|file| [file.path.as_bytes(), &file.hash.to_le_bytes()].concat()).collect();
    built.build = format!("{:016x}", xxh3_64(&all));
    index.build.clone_from(&built.build);
    let json = serde_json::to_string(&index).map_err(|error| error.to_string())? + "\n";
    staging.write(mcdewey_format::index::FILE, json.as_bytes())?;
    staging.finish()
}

fn manual<'a>((entry, known): (&'a Entry, &'a KnownDocument)) -> Manual<'a> {
    Manual {
        vendor: entry.place.vendor.as_deref(),
        product: &entry.place.product,
        version: &entry.place.version,
        url: &entry.url,
        document: &entry.document,
        chunks: &entry.chunks,
        known: Some(known),
    }
}

/// The library's name: its folder's.
fn title(library: &Path) -> String {
    let name =
        library.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    name.unwrap_or_else(|| "Library".into())
}

#[cfg(test)]
mod tests {
    use super::too_much;

    #[test]
    fn what_a_host_would_refuse_is_said_with_the_way_out() {
        assert!(too_much(20_000, 1_000_000_000).is_empty());
        let warnings = too_much(20_001, 1_500_000_000);
        assert!(warnings[0].contains("20001 files") && warnings[0].contains("single_pages = false"));
        assert!(warnings[1].contains("1.50 GB; GitHub Pages takes 1 GB"), "{}", warnings[1]);
    }
}
