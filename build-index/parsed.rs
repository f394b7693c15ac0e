//! Documents that were read before: an edited page of a large library does not cost reading all the others.
//!
//! ```text
//! documents   file's bytes, its path                    → Document     (PDFs: what they say depends on nothing else)
//! pictures    name, which is the hash of the content    → bytes        (those of the documents above)
//! chunks      Document, stem, sizes, encoder            → chunks       (all kinds: counting tokens is what takes time)
//! words       some chunks and their title               → their words  (all kinds)
//! ```
//!
//! What Markdown and HTML say depends on the files around them, so those are read each time, which is quick. The store
//! belongs to one [`FINGERPRINT`] of the code that fills it; made by another, it is emptied, so that it never answers
//! for a reader that has learnt better since.

mod taken;
mod used;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use redb::{Builder, Database, ReadableDatabase, ReadableTable, TableDefinition};
use serde::Serialize;
use serde::de::DeserializeOwned;
use xxhash_rust::xxh3::xxh3_128;

use crate::chunk::{Chunk, Sizes};
use crate::document::{Document, Note};
use crate::ingest::pdf::PICTURE_MARK;
use crate::vectors::STORE_CACHE_BYTES;

use used::Used;

/// Hash of the sources that this program was compiled from, as far as they say what is read of a document.
const FINGERPRINT: &str = env!("MCDEWEY_SOURCES");

const DOCUMENTS: Name = "documents";
const CHUNKS: Name = "chunks";
const WORDS: Name = "words";
const PICTURES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("pictures");
/// The store's file.
const FILE: &str = "documents.redb";
/// The fingerprint that the store belongs to, under an empty key.
const MADE_BY: TableDefinition<'_, &str, &str> = TableDefinition::new("made by");

/// Bytes that wait to be written together: what a killed build loses at most, and what they cost in memory.
const BATCH_BYTES: usize = 32 << 20;

/// Most bytes of pictures of one document that are kept. A larger one is a collection of scans, and reading it again
/// costs less than having it twice.
const PICTURE_BYTES: u64 = 64 << 20;

/// The name of a table of rows by the hash of what they depend on.
type Name = &'static str;

const fn table(name: Name) -> TableDefinition<'static, u128, &'static [u8]> {
    TableDefinition::new(name)
}

/// A store of what was read that outlives the build.
#[derive(Debug)]
pub struct Parsed {
    database: Database,
    path: PathBuf,
    encoder: u64,
    waiting: Mutex<Waiting>,
    used: Mutex<Used>,
}

/// Rows to be written, and what kept earlier ones from being.
#[derive(Debug, Default)]
struct Waiting {
    rows: Vec<(Name, u128, Vec<u8>)>,
    pictures: Vec<(String, Vec<u8>)>,
    bytes: usize,
    problem: Option<String>,
}

impl Parsed {
    /// Opens or creates the store in `folder`, for chunks as this encoder counts tokens.
    ///
    /// # Errors
    /// A sentence for people when the folder cannot be used, for instance because another build uses it.
    pub fn open(folder: &Path, encoder: u64) -> Result<Self, String> {
        let path = folder.join(FILE);
        let cannot = |error: &dyn std::fmt::Display| {
            format!(
                "the cache {} could not be opened: {error}; give another with --cache, or --no-cache",
                path.display()
            )
        };
        fs::create_dir_all(folder).map_err(|error| cannot(&error))?;
        let database =
            Builder::new().set_cache_size(STORE_CACHE_BYTES).create(&path).map_err(|error| cannot(&error))?;
        begin(&database).map_err(|error| cannot(&error))?;
        Ok(Self { database, path, encoder, waiting: Mutex::default(), used: Mutex::default() })
    }

    /// The document in the file of this hash, which is cited as `source`: as it was read before, else by `read`. Its
    /// pictures are then in the folder `pictures`.
    ///
    /// # Errors
    /// What `read` says. That is not kept: the next build may have more time.
    pub fn document(
        &self,
        file: u128,
        source: &str,
        pictures: Option<&Path>,
        read: impl FnOnce() -> Result<Document, Note>,
    ) -> Result<Document, Note> {
        let with_pictures = [u8::from(pictures.is_some())];
        let key = xxh3_128(&[&file.to_le_bytes()[..], &with_pictures, source.as_bytes()].concat());
        if let Some(document) = self.get::<Document>(DOCUMENTS, key)
            && pictures.is_none_or(|folder| self.lay_out(&document, folder))
        {
            self.uses(|used| used.pictures(names(&document)));
            return Ok(document);
        }
        let document = read()?;
        self.uses(|used| used.pictures(names(&document)));
        if let Some(kept) = pictures.map_or(Some(Vec::new()), |folder| pictures_of(&document, folder)) {
            self.put(&document, |waiting, row| {
                waiting.bytes += kept.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
                waiting.pictures.extend(kept);
                waiting.rows.push((DOCUMENTS, key, row));
            });
        }
        Ok(document)
    }

    /// The chunks of a document: as they were made before, else by `make`.
    pub fn chunks(
        &self,
        document: &Document,
        stem: &str,
        sizes: &Sizes,
        make: impl FnOnce() -> Vec<Chunk>,
    ) -> Vec<Chunk> {
        self.kept(CHUNKS, &(self.encoder, stem, sizes, document), make)
    }

    /// The words of some chunks, which `key` tells whole: as they were read before, else by `read`.
    pub fn words<T: Serialize + DeserializeOwned>(
        &self,
        key: &impl Serialize,
        read: impl FnOnce() -> T,
    ) -> T {
        self.kept(WORDS, key, read)
    }

    fn kept<T: Serialize + DeserializeOwned>(
        &self,
        name: Name,
        key: &impl Serialize,
        make: impl FnOnce() -> T,
    ) -> T {
        let Ok(all) = postcard::to_allocvec(key) else { return make() };
        let key = xxh3_128(&all);
        if let Some(value) = self.get(name, key) {
            return value;
        }
        let value = make();
        self.put(&value, |waiting, row| waiting.rows.push((name, key, row)));
        value
    }

    /// Adds what the store in another folder has.
    ///
    /// # Errors
    /// A sentence for people when there is none, or one that another version of this program filled.
    pub fn take_in(&self, folder: &Path) -> Result<(), String> {
        let path = folder.join(FILE);
        match taken::take_in(&self.database, &path) {
            Ok(true) => Ok(()),
            Ok(false) => Err(format!(
                "the part {} was made by another version of mcdewey; make it again with this one",
                path.display()
            )),
            Err(error) => Err(format!("the part {} could not be read: {error}", path.display())),
        }
    }

    /// Forgets what the last build of `library` asked for and neither this one nor that of another library does. Called
    /// when the site is in its place. What went wrong, if anything: the store is then as it was.
    pub fn settle(&self, library: &Path) -> Option<String> {
        let mut used = Used::default();
        self.uses(|all| std::mem::swap(all, &mut used));
        let library = library.canonicalize().ok()?;
        let settle = || -> Result<(), redb::Error> {
            let write = self.database.begin_write()?;
            used.settle(&library.to_string_lossy(), &write)?;
            write.commit()?;
            Ok(())
        };
        settle().err().map(|error| self.problem(&error))
    }

    fn uses(&self, note: impl FnOnce(&mut Used)) {
        note(&mut self.used.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn problem(&self, error: &redb::Error) -> String {
        format!("the cache {} failed: {error}", self.path.display())
    }

    /// Writes what still waits. What went wrong with the store so far, if anything: the build does without.
    pub fn finish(&self) -> Option<String> {
        let mut waiting = self.waiting.lock().ok()?;
        self.write(&mut waiting);
        waiting.problem.take()
    }

    /// What cannot be read is not there.
    fn get<T: DeserializeOwned>(&self, name: Name, key: u128) -> Option<T> {
        self.uses(|used| used.row(name, key));
        let table = self.database.begin_read().ok()?.open_table(table(name)).ok()?;
        let row = table.get(key).ok()??;
        postcard::from_bytes(row.value()).ok()
    }

    fn put(&self, value: &impl Serialize, add: impl FnOnce(&mut Waiting, Vec<u8>)) {
        let (Ok(row), Ok(mut waiting)) = (postcard::to_allocvec(value), self.waiting.lock()) else { return };
        waiting.bytes += row.len();
        add(&mut waiting, row);
        if waiting.bytes >= BATCH_BYTES {
            self.write(&mut waiting);
        }
    }

    fn write(&self, waiting: &mut Waiting) {
        let result = self.commit(waiting);
        if let Err(error) = result {
            waiting.problem = Some(self.problem(&error));
        }
        *waiting = Waiting { problem: waiting.problem.take(), ..Waiting::default() };
    }

    fn commit(&self, waiting: &Waiting) -> Result<(), redb::Error> {
        if waiting.bytes == 0 {
            return Ok(());
        }
        let write = self.database.begin_write()?;
        for (name, key, row) in &waiting.rows {
            write.open_table(table(name))?.insert(key, row.as_slice())?;
        }
        {
            let mut table = write.open_table(PICTURES)?;
            for (name, bytes) in &waiting.pictures {
                table.insert(name.as_str(), bytes.as_slice())?;
            }
        }
        write.commit()?;
        Ok(())
    }

    /// Puts the pictures of a document into a folder; whether all of them are there now.
    fn lay_out(&self, document: &Document, folder: &Path) -> bool {
        let names = names(document);
        if names.is_empty() {
            return true;
        }
        let Ok(table) = self.database.begin_read().map(|read| read.open_table(PICTURES)) else {
            return false;
        };
        let Ok(table) = table else { return false };
        names.iter().all(|name| {
            let file = folder.join(name);
            let bytes = || table.get(*name).ok().flatten();
            file.is_file() || bytes().is_some_and(|bytes| fs::write(&file, bytes.value()).is_ok())
        })
    }
}

/// Empties a store that other code filled.
fn begin(database: &Database) -> Result<(), redb::Error> {
    let write = database.begin_write()?;
    let known = write.open_table(MADE_BY)?.get("")?.is_some_and(|known| known.value() == FINGERPRINT);
    if !known {
        write.delete_table(table(DOCUMENTS))?;
        write.delete_table(table(CHUNKS))?;
        write.delete_table(table(WORDS))?;
        write.delete_table(PICTURES)?;
        used::forget(&write)?;
        write.open_table(MADE_BY)?.insert("", FINGERPRINT)?;
    }
    write.commit()?;
    Ok(())
}

/// The names of the pictures inside a document.
fn names(document: &Document) -> BTreeSet<&str> {
    let images = document.pages.iter().flat_map(|page| &page.images);
    images.filter_map(|image| Some(image.source.rsplit_once(PICTURE_MARK)?.1)).collect()
}

/// Name and bytes of the pictures inside a document; nothing where they are too large to keep.
fn pictures_of(document: &Document, folder: &Path) -> Option<Vec<(String, Vec<u8>)>> {
    let mut room = PICTURE_BYTES;
    let read = |name: &str| {
        let file = folder.join(name);
        room = room.checked_sub(fs::metadata(&file).ok()?.len())?;
        Some((name.to_owned(), fs::read(file).ok()?))
    };
    names(document).into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Image, Page, Weight};

    fn document() -> Document {
        let image = Image { source: "a.pdf#1.png".into(), alt: String::new(), size: Some((2, 1)) };
        let page = Page { number: 1, images: vec![image], ..Page::default() };
        Document { source: "a.pdf".into(), pages: vec![page], ..Document::default() }
    }

    fn never() -> Result<Document, Note> {
        Err(Note { weight: Weight::Lost, line: None, text: "was read again".into() })
    }

    #[test]
    fn a_document_and_its_pictures_are_read_once() {
        let (cache, first, second) =
            (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(first.path().join("1.png"), b"picture").unwrap();
        let parsed = Parsed::open(cache.path(), 1).unwrap();
        parsed.document(7, "a.pdf", Some(first.path()), || Ok(document())).unwrap();
        assert_eq!(parsed.finish(), None);
        drop(parsed);

        let parsed = Parsed::open(cache.path(), 1).unwrap();
        assert_eq!(parsed.document(7, "a.pdf", Some(second.path()), never).unwrap(), document());
        assert_eq!(fs::read(second.path().join("1.png")).unwrap(), b"picture");
        for (file, source) in [(8, "a.pdf"), (7, "b.pdf")] {
            assert!(parsed.document(file, source, Some(second.path()), never).is_err(), "{file} {source}");
        }
    }

    #[test]
    fn what_no_library_asks_for_any_more_is_forgotten() {
        let cache = tempfile::tempdir().unwrap();
        let [one, other] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let build = |library: &Path, words: &[&str]| {
            let parsed = Parsed::open(cache.path(), 1).unwrap();
            words.iter().for_each(|word| {
                parsed.words(word, || word.to_uppercase());
            });
            assert_eq!(parsed.finish(), None);
            assert_eq!(parsed.settle(library), None);
        };
        let known = || {
            let parsed = Parsed::open(cache.path(), 1).unwrap();
            ["a", "b", "c"].map(|word| parsed.words(&word, String::new)).concat()
        };
        build(one.path(), &["a", "b"]);
        build(other.path(), &["b", "c"]);
        assert_eq!(known(), "ABC");
        build(one.path(), &["a"]);
        assert_eq!(known(), "ABC", "the other library says b");
        build(other.path(), &["c"]);
        assert_eq!(known(), "AC");
        drop(other);
        build(one.path(), &["a"]);
        assert_eq!(known(), "A", "there is no other library any more");
    }

    #[test]
    fn chunks_are_those_of_the_document_the_sizes_and_the_encoder() {
        let cache = tempfile::tempdir().unwrap();
        let made = || vec![Chunk { text: "made".into(), ..Chunk::default() }];
        let parsed = Parsed::open(cache.path(), 1).unwrap();
        parsed.chunks(&document(), "a", &Sizes::default(), made);
        parsed.finish();
        assert_eq!(parsed.chunks(&document(), "a", &Sizes::default(), Vec::new), made());
        let smaller = Sizes { most: 100, ..Sizes::default() };
        assert!(parsed.chunks(&document(), "a", &smaller, Vec::new).is_empty());
        assert!(parsed.chunks(&document(), "b", &Sizes::default(), Vec::new).is_empty());
        drop(parsed);
        let parsed = Parsed::open(cache.path(), 2).unwrap();
        assert!(parsed.chunks(&document(), "a", &Sizes::default(), Vec::new).is_empty());
    }
}
