//! Support for the tests of the whole: a library made on the spot, a site built from it by the real program, and
//! what the program said.
//!
//! ```text
//! Library::new().file("p/v1/guide.md", "# Guide") ──build()──► Built { run, site } ──search()──► Run { code, json }
//! ```
//!
//! The tests run the program as a person does, and look only at what a person or a script can see: exit code, words,
//! JSON, files. Where that is wrong, the panic shows all of it.

pub mod make;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::rc::Rc;

use serde_json::Value;
use tempfile::TempDir;

/// The exit code of a run in which nothing failed.
pub const OK: i32 = 0;
/// What was asked for could not be done.
pub const FAILED: i32 = 1;
/// The command line was not understood.
pub const USAGE: i32 = 2;
/// The site is built, but `--strict` was asked for and something of the library is not in it.
pub const INCOMPLETE: i32 = 3;

/// The repository's root.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the tests package lies below the repository's root").to_path_buf()
}

/// The `mcdewey` program: the one beside the tests that run, or the one that `MCDEWEY` names.
///
/// Cargo builds a package's programs for its own tests only, so this one has to be there already.
pub fn mcdewey() -> PathBuf {
    if let Some(named) = std::env::var_os("MCDEWEY") {
        return PathBuf::from(named);
    }
    let test = std::env::current_exe().expect("a running test knows its own path");
    // target/<profile>/deps/<test>
    let profile = test.parent().and_then(Path::parent).expect("a test lies in its profile's deps folder");
    let program = profile.join("mcdewey").with_extension(std::env::consts::EXE_EXTENSION);
    assert!(
        program.is_file(),
        "{} is missing: these tests run the real program; `make test` builds it first, and so does \
         `cargo build --package mcdewey` with the profile of the tests",
        program.display()
    );
    program
}

/// A folder for what the program caches, beside it: tests leave a person's own cache alone, and are quick again.
pub fn cache() -> PathBuf {
    mcdewey().with_file_name("test-cache")
}

/// Runs the program to its end.
pub fn run<I, S>(arguments: I) -> Run
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = Command::new(mcdewey());
    command.args(arguments).env("NO_COLOR", "1").env("XDG_CACHE_HOME", cache());
    let line = format!("{command:?}");
    let output = command.output().unwrap_or_else(|error| panic!("{line}: {error}"));
    Run::new(line, &output)
}

/// What a run of the program left behind.
pub struct Run {
    /// The command line.
    pub line: String,
    /// The exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// What it printed as its result.
    pub stdout: String,
    /// What it said on the way.
    pub stderr: String,
}

impl Run {
    fn new(line: String, output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { line, code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// Insists on an exit code.
    #[track_caller]
    pub fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "exit code\n{self}");
        self
    }

    /// Insists that one line of what was said has all of `parts`, whatever the case of letters: a message names the
    /// file, what was expected and the way out together.
    #[track_caller]
    pub fn says(self, parts: &[&str]) -> Self {
        let parts: Vec<String> = parts.iter().map(|part| part.to_lowercase()).collect();
        let said = format!("{}\n{}", self.stdout, self.stderr);
        let found =
            said.lines().map(str::to_lowercase).any(|line| parts.iter().all(|part| line.contains(part)));
        assert!(found, "expected one line with all of {parts:?}\n{self}");
        self
    }

    /// Insists that nobody was shown the program's insides.
    #[track_caller]
    pub fn speaks_to_people(self) -> Self {
        for inside in ["panicked at", "RUST_BACKTRACE", "Some(", "Err(", "Os {", "called `"] {
            assert!(
                !self.stdout.contains(inside) && !self.stderr.contains(inside),
                "{inside:?} was shown\n{self}"
            );
        }
        self
    }

    /// The result as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("not JSON: {error}\n{self}"))
    }

    /// The ids of the hits, best first.
    #[track_caller]
    pub fn chunk_ids(&self) -> Vec<String> {
        let json = self.json();
        let hits = json["hits"].as_array().unwrap_or_else(|| panic!("no hits in the answer\n{self}"));
        hits.iter().filter_map(|hit| hit["chunk_id"].as_str().map(str::to_owned)).collect()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code.map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        write!(
            f,
            "--- {}\n--- ended by {code}\n--- stdout\n{}\n--- stderr\n{}",
            self.line, self.stdout, self.stderr
        )
    }
}

/// A folder of manuals, made for one test.
pub struct Library {
    dir: Rc<TempDir>,
}

impl Default for Library {
    fn default() -> Self {
        Self::new()
    }
}

impl Library {
    /// A library without any file.
    pub fn new() -> Self {
        let dir = tempfile::Builder::new()
            .prefix("mcdewey-test-")
            .tempdir()
            .expect("a temporary folder can be made");
        fs::create_dir(dir.path().join("library")).expect("a folder can be made in a new folder");
        Self { dir: Rc::new(dir) }
    }

    /// The library's folder.
    pub fn path(&self) -> PathBuf {
        self.dir.path().join("library")
    }

    /// The folder around it, for sites and for what must not be read.
    pub fn outside(&self) -> &Path {
        self.dir.path()
    }

    /// Adds or replaces a file.
    #[must_use]
    pub fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.write(path, content);
        self
    }

    /// Adds or replaces a file of a library that is in use.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().expect("a file of the library lies in it"))
            .expect("folders can be made");
        fs::write(&file, content).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }

    /// Builds it into `site`, a name in the folder around the library.
    pub fn build_into(&self, site: &str, more: &[&str]) -> Built {
        let site = self.outside().join(site);
        let (library, out) = (self.path(), site.clone());
        let mut arguments =
            vec![OsStr::new("build"), library.as_os_str(), OsStr::new("--out"), out.as_os_str()];
        arguments.extend(more.iter().map(OsStr::new));
        Built { run: run(arguments).speaks_to_people(), site: Site { path: site, _folder: self.dir.clone() } }
    }

    /// Builds it.
    pub fn build(&self, more: &[&str]) -> Built {
        self.build_into("site", more)
    }
}

/// A build that was tried.
pub struct Built {
    /// What the program said.
    pub run: Run,
    /// The site, as far as there is one.
    pub site: Site,
}

impl Built {
    /// The site of a build that went well.
    #[track_caller]
    pub fn ok(self) -> Site {
        self.run.ends_with(OK);
        self.site
    }
}

/// A site on disk.
pub struct Site {
    /// Its folder.
    pub path: PathBuf,
    /// Keeps the folder on disk for as long as the site is in use.
    _folder: Rc<TempDir>,
}

impl Site {
    /// Asks it.
    pub fn search(&self, query: &str, more: &[&str]) -> Run {
        let mut arguments =
            vec![OsStr::new("search"), self.path.as_os_str(), OsStr::new(query), OsStr::new("--json")];
        arguments.extend(more.iter().map(OsStr::new));
        run(arguments).speaks_to_people()
    }

    /// Insists that a keyword search finds a chunk of the document with this id stem first.
    #[track_caller]
    pub fn finds(&self, query: &str, stem: &str) {
        let run = self.search(query, &["--mode", "keyword"]).ends_with(OK);
        let first = run.chunk_ids().into_iter().next().unwrap_or_default();
        assert!(
            first.starts_with(&format!("{stem}::")),
            "expected a chunk of {stem} first, got {first:?}\n{run}"
        );
    }

    /// Every file's path below the site, with its bytes.
    pub fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        files_below(&self.path)
    }

    /// The paths of the files below `index/`.
    pub fn index_files(&self) -> Vec<String> {
        self.tree().into_keys().filter(|path| path.starts_with("index/")).collect()
    }

    /// The file that `index.json` says the search starts from.
    pub fn boot_file(&self) -> String {
        let text = fs::read_to_string(self.path.join("index.json")).expect("a site has an index.json");
        let index: Value = serde_json::from_str(&text).expect("index.json is JSON");
        index["boot"]["path"].as_str().expect("index.json names the boot file").to_owned()
    }
}

/// Every file's path below a folder, with its bytes.
pub fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    collect(folder, "", &mut files);
    files
}

fn collect(folder: &Path, below: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let entry = entry.expect("a folder can be listed");
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.path().is_dir() {
            collect(&entry.path(), &path, files);
        } else {
            files.insert(path, fs::read(entry.path()).expect("a site's files can be read"));
        }
    }
}
