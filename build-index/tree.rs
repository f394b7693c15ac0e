//! The library's tree: every source file with its vendor, product and version, its url and its chunk-id stem.
//!
//! ```text
//! cisco / finesse / v12.5 / developer-guide / developer-guide.md
//! vendor  product   version └──────── document path ───────────┘
//! ```
//!
//! Nothing has to be configured: a folder whose name looks like a version is the version, the folder above it the
//! product, the one above that the vendor. Where no folder is a version, the depth tells. `levels` in `mcdewey.toml`
//! overrules all of it. The walk stays inside the root, skips hidden files, and reports what it leaves out.

mod levels;
mod site;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use serde::Serialize;
use walkdir::WalkDir;

use crate::config::{self, Config};
use crate::document::{Note, Place, Weight};
use crate::url;

pub use site::walk_site;

/// What a file is, by its extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Kind {
    /// CommonMark and its dialects.
    Markdown,
    /// Markdown with JSX.
    Mdx,
    /// A web page.
    Html,
    /// A PDF.
    Pdf,
    /// A document in a format that no reader knows.
    Unknown,
}

/// A document's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path below the root, `/`-separated.
    pub source: String,
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub place: Place,
    /// Path components below the version (or product), without extension: the document's own name.
    pub document: Vec<String>,
    /// Its page below the site's root, ending in `/`; unique.
    pub url: String,
    /// What its chunk ids begin with; unique.
    pub stem: String,
}

/// Addresses that the site itself has.
const RESERVED: [(&str, &str); 6] = [
    ("agents/", "the page about agents"),
    ("build-report/", "the build report"),
    ("search/", "the search page"),
    ("app/", "the web app"),
    ("index/", "the index"),
    ("media/", "the pictures"),
];

/// A line of the report about one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Report {
    /// The file, as it is cited; `mcdewey.toml` or a folder where no single file is meant.
    pub source: String,
    /// What was met.
    pub note: Note,
}

/// A library's files, walked once.
#[derive(Debug, Default)]
pub struct Tree {
    /// The folder on disk.
    pub root: PathBuf,
    /// Documents, sorted by path.
    pub files: Vec<SourceFile>,
    /// Every other file, sorted: images, downloads, style sheets.
    pub assets: Vec<String>,
    /// What the walk left out or found odd, sorted.
    pub reports: Vec<Report>,
    by_source: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
}

impl Tree {
    /// The document at this path below the root.
    pub fn file(&self, source: &str) -> Option<&SourceFile> {
        self.by_source.get(source).map(|at| &self.files[*at])
    }

    /// The document that a link to `path` means: the file itself, without its extension, with `.html` instead, or as
    /// the folder it stands for; in any case of letters.
    pub fn find(&self, path: &str) -> Option<&SourceFile> {
        let exact = self.file(path);
        let name = path.trim_end_matches('/').to_lowercase();
        let name = name.strip_suffix(".html").or_else(|| name.strip_suffix(".htm")).unwrap_or(&name);
        exact.or_else(|| self.by_name.get(name).map(|at| &self.files[*at]))
    }

    /// Lets links find the file at `at` under the address it has on the manual's own site: `/guide/setup` below its
    /// version, or `setup` beside it. An address that a file has by its name stays with that file.
    pub fn add_slug(&mut self, at: usize, slug: &str) {
        let source: Vec<&str> = self.files[at].source.split('/').collect();
        let depth = if slug.starts_with('/') { self.files[at].document.len() } else { 1 };
        let folder = &source[..source.len().saturating_sub(depth)];
        if let Some(path) = url::follow(folder, slug) {
            self.by_name.entry(path.to_lowercase()).or_insert(at);
        }
    }

    /// Whether a file that is no document stands at this path.
    pub fn has_asset(&self, source: &str) -> bool {
        self.assets.binary_search_by(|asset| asset.as_str().cmp(source)).is_ok()
    }

    /// A tree of these paths, as if they had been found on disk. `name` is the root folder's name.
    ///
    /// # Errors
    /// A sentence for people when the configuration is wrong.
    pub fn of_paths(name: &str, paths: Vec<String>, config: &Config) -> Result<Self, String> {
        let excluded = config.exclusions()?;
        let mut tree = Self::default();
        let mut sources = Vec::new();
        for path in paths {
            if excluded.is_match(&path) || path == config::FILE {
                continue;
            }
            match kind_of(&path) {
                Some(kind) => sources.push((path, kind)),
                None => tree.assets.push(path),
            }
        }
        // By components, so that a folder's files stand together: `a/b.md` before `a-b.md`.
        sources.sort_by(|(a, _), (b, _)| a.split('/').cmp(b.split('/')));
        tree.assets.sort();
        let paths: Vec<&str> = sources.iter().map(|(path, _)| path.as_str()).collect();
        let places = levels::places(name, &paths, &config.levels);
        tree.files = sources
            .into_iter()
            .zip(places)
            .map(|((source, kind), (place, document))| SourceFile {
                source,
                kind,
                place,
                document,
                url: String::new(),
                stem: String::new(),
            })
            .collect();
        tree.name_files();
        tree.report_case_twins();
        tree.index();
        Ok(tree)
    }

    /// Makes the files findable by path and by name.
    fn index(&mut self) {
        let tree = self;
        tree.by_source = tree.files.iter().enumerate().map(|(at, file)| (file.source.clone(), at)).collect();
        for (at, file) in tree.files.iter().enumerate() {
            let parts = url::components(&file.source);
            let (name, folder) = parts.split_last().map_or(("", &[][..]), |(name, folder)| (*name, folder));
            let mut names = vec![file.source.to_lowercase(), parts.join("/").to_lowercase()];
            if url::is_folder_file(name) {
                names.push(folder.join("/").to_lowercase());
            }
            for name in names {
                tree.by_name.entry(name).or_insert(at);
            }
        }
    }

    /// Gives every file its url and stem. The second file that wants a taken one keeps its full path or gets `-2`.
    fn name_files(&mut self) {
        // Compared without case: many hosts and disks do not tell `Guide/` from `guide/`.
        let mut urls: BTreeMap<String, String> =
            RESERVED.map(|(url, owner)| (url.to_owned(), owner.to_owned())).into();
        let mut stems = BTreeMap::new();
        for file in &mut self.files {
            let wanted = url::site_url(&file.source);
            file.url =
                claim(&mut urls, &file.source, [wanted.clone(), url::full_url(&file.source)], |url, n| {
                    format!("{}-{n}/", url.trim_end_matches('/'))
                });
            let stem = url::components(&file.source).join("::");
            file.stem = claim(&mut stems, &file.source, [stem.clone(), stem.clone()], |stem, n| {
                format!("{stem}-{n}")
            });
            for (what, wanted, got, owner) in [
                ("page", &wanted, &file.url, urls.get(&wanted.to_lowercase())),
                ("chunk id", &stem, &file.stem, stems.get(&stem.to_lowercase())),
            ] {
                if wanted != got {
                    let owner = owner.map_or("", String::as_str);
                    self.reports.push(Report {
                        source: file.source.clone(),
                        note: Note {
                            weight: Weight::Doubtful,
                            line: None,
                            text: format!(
                                "its {what} would be \"{wanted}\", which {owner} has; it is \"{got}\" instead. Rename one of the two files to choose"
                            ),
                        },
                    });
                }
            }
        }
    }

    fn report_case_twins(&mut self) {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        let mut reports = Vec::new();
        for file in &self.files {
            if let Some(first) = seen.insert(file.source.to_lowercase(), &file.source) {
                reports.push(Report {
                    source: file.source.clone(),
                    note: Note {
                        weight: Weight::Doubtful,
                        line: None,
                        text: format!(
                            "differs from {first} only in upper and lower case; both are read, but some disks keep only one of them. Rename one"
                        ),
                    },
                });
            }
        }
        self.reports.extend(reports);
    }
}

/// The first of the wanted names, else the second, else numbered ones; compared without case.
fn claim(
    taken: &mut BTreeMap<String, String>,
    source: &str,
    wanted: [String; 2],
    numbered: impl Fn(&str, usize) -> String,
) -> String {
    let base = wanted[1].clone();
    let name = wanted
        .into_iter()
        .chain((2..).map(|n| numbered(&base, n)))
        .find(|name| !taken.contains_key(&name.to_lowercase()))
        .unwrap_or(base);
    taken.insert(name.to_lowercase(), source.to_owned());
    name
}

/// Walks the folder `root`.
///
/// # Errors
/// A sentence for people when the root is no folder that can be read, or the configuration is wrong.
pub fn walk(root: &Path, config: &Config) -> Result<Tree, String> {
    let (name, paths, reports) = paths_below(root)?;
    let mut tree = Tree::of_paths(&name, paths, config)?;
    tree.root = root.to_owned();
    tree.reports.extend(reports);
    tree.reports.sort();
    Ok(tree)
}

/// The name of the folder, the paths of all files below it, and what the walk left out.
fn paths_below(root: &Path) -> Result<(String, Vec<String>, BTreeSet<Report>), String> {
    let shown = root.display();
    let real = root.canonicalize().map_err(|error| {
        format!("the library {shown} could not be opened: {error}. Give a folder that holds your manuals")
    })?;
    if !real.is_dir() {
        return Err(format!("the library {shown} is a file; give the folder that holds your manuals"));
    }
    let mut reports = BTreeSet::new();
    let mut lost = |path: &Path, text: String| {
        reports.insert(Report {
            source: shown_path(root, path),
            note: Note { weight: Weight::Lost, line: None, text },
        });
    };
    let mut outside = Vec::new();
    let mut paths = Vec::new();
    let walk = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter().filter_entry(|entry| {
        if entry.depth() == 0 {
            return true;
        }
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            return false;
        }
        let inside = !entry.path_is_symlink()
            || entry.path().canonicalize().is_ok_and(|target| target.starts_with(&real));
        if !inside {
            outside.push(entry.path().to_owned());
        }
        inside
    });
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_file() => match relative_path(root, entry.path()) {
                Some(path) => paths.push(path),
                None => lost(entry.path(), "not read: its name is not UTF-8; rename it".to_owned()),
            },
            Ok(_) => {}
            Err(error) => {
                let path = error.path().unwrap_or(root).to_owned();
                let text = match error.loop_ancestor() {
                    Some(above) => {
                        format!(
                            "not followed: this link leads back to {}; remove it",
                            shown_path(root, above)
                        )
                    }
                    None => format!(
                        "not read: {}",
                        error.io_error().map_or_else(|| "unknown fault".to_owned(), ToString::to_string)
                    ),
                };
                lost(&path, text);
            }
        }
    }
    for path in outside {
        lost(&path, "not followed: this link leads out of the library; copy the file in instead".to_owned());
    }
    let name =
        real.file_name().map_or_else(|| "library".to_owned(), |name| name.to_string_lossy().into_owned());
    Ok((name, paths, reports))
}

fn relative_path(root: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = below.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}

fn shown_path(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    if below.is_empty() { ".".to_owned() } else { below }
}

/// What a file is by its extension; `None` for files that are no documents.
pub fn kind_of(path: &str) -> Option<Kind> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty())?.1.to_lowercase();
    match extension.as_str() {
        "md" | "markdown" | "mdown" | "mkd" => Some(Kind::Markdown),
        "mdx" => Some(Kind::Mdx),
        "html" | "htm" | "xhtml" => Some(Kind::Html),
        "pdf" => Some(Kind::Pdf),
        "adoc" | "asciidoc" | "chm" | "doc" | "docx" | "epub" | "ipynb" | "man" | "odt" | "org" | "pptx"
        | "ps" | "rst" | "rtf" | "tex" | "texi" | "textile" | "txt" => Some(Kind::Unknown),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
