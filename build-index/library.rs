//! A folder of manuals → documents and chunks: the one call that the rest of the build starts from.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::Path;

use rayon::prelude::*;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::chunk::{Chunk, Sizes, Tokens, chunks};
use crate::config::Config;
use crate::document::{Document, Note, Place, Weight};
use crate::ingest::markdown::front_matter;
use crate::ingest::pdf::{PICTURE_MARK, Readers};
use crate::ingest::{self, Context, Forms, html};
use crate::media::{self, Media, Shown};
use crate::parsed::Parsed;
use crate::stash::{self, Stash};
use crate::suspicious;
use crate::tree::{self, Kind, Report, SourceFile, Tree};

/// How much of a file is searched for front matter before it is read. Longer front matter has no slug of use.
const FRONT_MATTER_BYTES: u64 = 16 << 10;

/// A document that was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// Where it stands.
    pub place: Place,
    /// Its page below the site's root, ending in `/`.
    pub url: String,
    /// What it says; its pages without their bodies, if these were put away.
    pub document: Document,
    /// Where they are.
    pub body: Option<stash::Place>,
    /// Hash of the file.
    pub source_hash: u64,
    /// What is shown and cited.
    pub chunks: Vec<Chunk>,
    /// Ids that lead elsewhere now: what each ended with, and what that of the chunk to read instead ends with.
    pub gone: Vec<(u32, u32)>,
}

impl Entry {
    /// What the ids of its chunks begin with.
    pub fn stem(&self) -> &str {
        self.chunks.first().and_then(|chunk| chunk.id.rsplit_once("::")).map_or("", |(stem, _)| stem)
    }
}

/// All that was read.
#[derive(Debug, Default)]
pub struct Library {
    /// Documents, sorted by path.
    pub entries: Vec<Entry>,
    /// What was left out or doubtful, sorted by file; a document's own notes are among them.
    pub reports: Vec<Report>,
    /// Pictures to copy, sorted.
    pub media: Vec<Shown>,
}

impl Library {
    /// Where its pictures are and where they go, below the site's root; one file for all that are alike.
    pub fn published(&self) -> impl Iterator<Item = (&Path, &str)> {
        let mut seen = BTreeSet::new();
        let new = self.media.iter().filter(move |picture| seen.insert(picture.url.as_str()));
        new.map(|picture| (picture.file.as_path(), picture.url.as_str()))
    }
}

/// Reads every document below `root`, PDFs in this process and without their pictures. See [`read_library_with`].
///
/// # Errors
/// As there.
pub fn read_library(
    root: &Path,
    config: &Config,
    sizes: &Sizes,
    tokens: &dyn Tokens,
    read: &(dyn Fn(&SourceFile) + Sync),
) -> Result<Library, String> {
    let readers = Readers::default();
    read_library_with(
        root,
        config,
        Means { sizes, tokens, readers: &readers, parsed: None, stash: None, product: None },
        read,
    )
}

/// What a document is read and cut with.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// How long chunks and passages are.
    pub sizes: &'a Sizes,
    /// Who counts their tokens.
    pub tokens: &'a dyn Tokens,
    /// Who reads PDFs.
    pub readers: &'a Readers,
    /// What was read before.
    pub parsed: Option<&'a Parsed>,
    /// Where bodies are put away; none to keep them.
    pub stash: Option<&'a Stash>,
    /// The product that is read, `vendor/product` or the product alone; none for all.
    pub product: Option<&'a str>,
}

/// Reads every document below `root`, unless it was read before. One that fails is reported, and the others are still
/// read. `read` is told after each file, from any thread.
///
/// # Errors
/// A sentence for people when the folder or its configuration cannot be used at all.
pub fn read_library_with(
    root: &Path,
    config: &Config,
    means: Means<'_>,
    read: &(dyn Fn(&SourceFile) + Sync),
) -> Result<Library, String> {
    let mut tree = tree::walk(root, config)?;
    for (at, slug) in slugs(&tree) {
        tree.add_slug(at, &slug);
    }
    let pages = html::Shared::of(&tree, config, false)?;
    read_tree(&tree, &pages, config, means, read)
}

/// Reads every page of the built site at `root`, where it stays: addresses lead there by `above` from the folder `own`
/// below it, which is not read itself.
///
/// # Errors
/// As [`read_library`].
pub fn read_site(
    root: &Path,
    config: &Config,
    (own, above): (&str, &str),
    means: Means<'_>,
    read: &(dyn Fn(&SourceFile) + Sync),
) -> Result<Library, String> {
    let mut tree = tree::walk_site(root, config, own, above)?;
    let mut pages = html::Shared::of(&tree, config, true)?;
    let folder = || Some(root.canonicalize().ok()?.file_name()?.to_string_lossy().into_owned());
    let name = pages.site_name().or_else(folder).unwrap_or_else(|| "site".to_owned());
    tree.name_product(&name);
    pages.name_product(&name);
    let mut library = read_tree(&tree, &pages, config, means, read)?;
    // The pages show their pictures themselves.
    library.media.clear();
    Ok(library)
}

/// Reads the documents of a tree.
fn read_tree(
    tree: &Tree,
    pages: &html::Shared,
    config: &Config,
    means: Means<'_>,
    read: &(dyn Fn(&SourceFile) + Sync),
) -> Result<Library, String> {
    let media = Media::of(tree);
    let forms = Forms::new(&config.page_markers);
    let wanted = |file: &&SourceFile| means.product.is_none_or(|product| file.place.is_of(product));
    let files: Vec<&SourceFile> = tree.files.iter().filter(wanted).collect();
    let read_one = |file: &&SourceFile| {
        let result = read_file(tree, pages, file, &media, &forms, means);
        read(file);
        result
    };
    let results: Vec<Result<Entry, Note>> = files.par_iter().map(read_one).collect();
    let mut library = Library { reports: tree.reports.clone(), media: media.shown(), ..Library::default() };
    for (file, result) in files.into_iter().zip(results) {
        let report = |note| Report { source: file.source.clone(), note };
        match result {
            Ok(entry) => {
                library.reports.extend(entry.document.notes.iter().cloned().map(report));
                library.entries.push(entry);
            }
            Err(note) => library.reports.push(report(note)),
        }
    }
    if let Some(folder) = &means.readers.pictures {
        let pages = library.entries.iter().flat_map(|entry| &entry.document.pages);
        let sources = pages.flat_map(|page| &page.images).map(|image| image.source.as_str());
        library.media.extend(media::spooled(folder, PICTURE_MARK, sources));
        library.media.sort();
    }
    library.reports.sort_by(|a, b| (&a.source, a.note.line).cmp(&(&b.source, b.note.line)));
    Ok(library)
}

/// The address in the front matter of each Markdown file that has one, with the file's place in the tree.
fn slugs(tree: &Tree) -> Vec<(usize, String)> {
    let markdown =
        tree.files.par_iter().enumerate().filter(|(_, file)| matches!(file.kind, Kind::Markdown | Kind::Mdx));
    markdown
        .filter_map(|(at, file)| {
            let mut head = Vec::new();
            fs::File::open(tree.root.join(&file.source))
                .ok()?
                .take(FRONT_MATTER_BYTES)
                .read_to_end(&mut head)
                .ok()?;
            Some((at, front_matter::read(&String::from_utf8_lossy(&head)).0.slug?))
        })
        .collect()
}

fn read_file(
    tree: &Tree,
    pages: &html::Shared,
    file: &SourceFile,
    media: &Media<'_>,
    forms: &Forms,
    means: Means<'_>,
) -> Result<Entry, Note> {
    let context = Context {
        source: &file.source,
        url: &file.url,
        tree: Some(tree),
        media: Some(media),
        page_forms: forms,
        pages: Some(pages),
    };
    let path = tree.root.join(&file.source);
    let cannot =
        |error: std::io::Error| Note { weight: Weight::Lost, line: None, text: format!("not read: {error}") };
    ingest::check_size(file.kind, fs::metadata(&path).map_err(cannot)?.len())?;
    let (mut document, source_hash) = match file.kind {
        Kind::Pdf => {
            let hash = hash_of(&path).map_err(cannot)?;
            let read = || means.readers.read(&path, &file.source);
            let pictures = means.readers.pictures.as_deref();
            let document = match means.parsed {
                Some(parsed) => parsed.document(hash.digest128(), &file.source, pictures, read)?,
                None => read()?,
            };
            (document, hash.digest())
        }
        kind => {
            let bytes = fs::read(&path).map_err(cannot)?;
            (ingest::read(kind, &bytes, context)?, xxh3_64(&bytes))
        }
    };
    let cut = || chunks(&document, &file.stem, means.sizes, means.tokens);
    let mut chunks = match means.parsed {
        Some(parsed) => parsed.chunks(&document, &file.stem, means.sizes, cut),
        None => cut(),
    };
    document.notes.extend(suspicious::notes(&chunks));
    if pages.in_place {
        html::fragment::point(&mut chunks, &document);
    }
    let body = means.stash.map(|stash| stash.put(&mut document)).transpose().map_err(|error| Note {
        weight: Weight::Lost,
        line: None,
        text: format!("not kept: {error}; the build needs room for it beside the site"),
    })?;
    Ok(Entry {
        place: document.place.clone().unwrap_or_else(|| file.place.clone()),
        url: file.url.clone(),
        document,
        body,
        source_hash,
        chunks,
        gone: Vec::new(),
    })
}

/// The content hash of a file that may be too large to hold.
fn hash_of(path: &Path) -> std::io::Result<Xxh3> {
    let mut file = fs::File::open(path)?;
    let (mut hasher, mut part) = (Xxh3::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut part)? {
            0 => return Ok(hasher),
            got => hasher.update(&part[..got]),
        }
    }
}

/// A text that stands alone, such as a record of a relevance corpus, read as Markdown under this title.
pub fn read_text(id: &str, title: &str, text: &str) -> Document {
    let forms = Forms::default();
    let context = Context { source: id, url: "", tree: None, media: None, page_forms: &forms, pages: None };
    let document = ingest::read(Kind::Markdown, text.as_bytes(), context);
    let mut document = document.unwrap_or_else(|note| Document {
        source: id.to_owned(),
        pages: vec![crate::document::Page { number: 1, ..crate::document::Page::default() }],
        notes: vec![note],
        ..Document::default()
    });
    if !title.trim().is_empty() {
        title.trim().clone_into(&mut document.title);
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chunk::tests::Words;

    fn read(root: &Path) -> Library {
        read_library(root, &Config::default(), &Sizes::default(), &Words, &|_| {}).unwrap()
    }

    #[test]
    fn one_bad_document_does_not_stop_the_others() {
        let root = tempfile::tempdir().unwrap();
        for (name, bytes) in [
            ("a.md", &b"# A\n\nText."[..]),
            ("b.md", b"  \n"),
            ("c.md", b"# C\n\nbad \xff byte"),
            ("d.pdf", b"%PDF"),
            ("e.rst", b"E"),
        ] {
            fs::write(root.path().join(name), bytes).unwrap();
        }
        let library = read(root.path());
        let sources: Vec<&str> = library.entries.iter().map(|entry| entry.document.source.as_str()).collect();
        assert_eq!(sources, ["a.md", "c.md"]);
        let reports: Vec<String> =
            library.reports.iter().map(|report| format!("{}: {}", report.source, report.note.text)).collect();
        assert_eq!(reports.len(), 4, "{reports:#?}");
        assert_eq!(reports[0], "b.md: skipped: the file is empty");
        assert!(reports[1].starts_with("c.md: is not UTF-8"), "{}", reports[1]);
        assert!(reports[2].starts_with("d.pdf: not read: it is damaged"), "{}", reports[2]);
        assert!(reports[3].starts_with("e.rst: not read yet: rst files"), "{}", reports[3]);
        assert_eq!(library.entries[0].chunks[0].id, "a::0");
    }

    #[test]
    fn an_empty_library_is_no_error() {
        let root = tempfile::tempdir().unwrap();
        assert!(read(root.path()).entries.is_empty());
    }

    #[test]
    fn reading_twice_gives_the_same() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/markdown");
        let (first, second) = (read(&root), read(&root));
        assert!(!first.entries.is_empty());
        assert_eq!(first.entries, second.entries);
        assert_eq!(first.reports, second.reports);
        assert_eq!(first.media, second.media);
    }

    #[test]
    fn a_text_alone_is_a_document() {
        let document = read_text("42", "Its title", "Some *text* with a [link](other.md).");
        assert_eq!((document.source.as_str(), document.title.as_str()), ("42", "Its title"));
        assert!(document.notes.is_empty());
        let chunks = chunks(&document, "42", &Sizes::default(), &Words);
        assert_eq!(chunks[0].embedded(&chunks[0].passages[0]), "Its title\nSome text with a link.");
        assert_eq!(read_text("43", "Only a title", "").pages.len(), 1);
    }
}
