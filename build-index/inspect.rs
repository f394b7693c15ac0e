//! `mcdewey inspect`: what is in a site, what it weighs, and whether it keeps its budgets.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use mcdewey_format::scope::Scope;
use serde::Serialize;

use crate::host::{self, Site};

/// A site, weighed.
#[derive(Debug, Clone, Serialize)]
pub struct Inspection {
    /// The build id.
    pub build: String,
    /// Chunks stored; one that several versions share counts once.
    pub chunks: u32,
    /// Versions of products with their counts.
    pub scopes: Vec<ScopeCount>,
    /// Files and bytes by kind.
    pub ledger: Vec<LedgerRow>,
    /// What the site promises its visitors.
    pub budgets: Vec<Budget>,
    /// Files of the index that are missing or damaged, each with its reason.
    pub damage: Vec<String>,
}

/// A version of a product.
#[derive(Debug, Clone, Serialize)]
pub struct ScopeCount {
    /// Vendor, or empty.
    pub vendor: String,
    /// Product.
    pub product: String,
    /// Version, or empty.
    pub version: String,
    /// Documents.
    pub documents: u32,
    /// Pages.
    pub pages: u32,
    /// Chunks.
    pub chunks: u32,
}

/// Bytes of one kind of file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerRow {
    /// The kind: of the index, or `app`, `pages`, `media`.
    pub kind: String,
    /// Number of files.
    pub files: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// Bytes as a host that compresses sends them.
    pub gzip: u64,
}

/// A limit and what it is held against.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Budget {
    /// What is limited, with its unit.
    pub what: String,
    /// The limit.
    pub limit: f64,
    /// The value.
    pub value: f64,
    /// Whether the value is within the limit.
    pub kept: bool,
}

/// Looks at every file of the site at `root`.
///
/// # Errors
/// A sentence for people when the folder is not a site or cannot be read.
pub fn inspect(root: &Path) -> Result<Inspection, String> {
    let index = host::read_index(root)?;
    let site = Site::open(root)?;
    let boot = site.engine().boot().ok_or("the boot file is not there")?;
    let mut rows: BTreeMap<String, LedgerRow> = BTreeMap::new();
    let mut damage = Vec::new();
    for (kind, file) in boot.files() {
        if let Err(problem) = host::check(root, kind, &file.path(kind)) {
            damage.push(problem);
        }
    }
    for (path, bytes) in files(root, root)? {
        let kind = match path.split_once('/') {
            Some(("index", name)) => name.split('-').next().unwrap_or_default(),
            Some(("app", _)) => "app",
            Some(("media", _)) => "media",
            _ => "pages",
        };
        let row = rows.entry(kind.to_owned()).or_insert_with(|| LedgerRow {
            kind: kind.into(),
            files: 0,
            bytes: 0,
            gzip: 0,
        });
        row.files += 1;
        row.bytes += bytes.len() as u64;
        row.gzip += if kind == "media" { bytes.len() as u64 } else { gzip_len(&bytes)? };
    }
    let chunks = boot.chunk_count();
    let budgets = budgets(chunks, &rows, gzip_len(&first_page(root)?)?);
    let scopes = boot.scopes.iter().map(count).collect();
    Ok(Inspection {
        build: index.build,
        chunks,
        scopes,
        ledger: rows.into_values().collect(),
        budgets,
        damage,
    })
}

fn count(scope: &Scope) -> ScopeCount {
    ScopeCount {
        vendor: scope.vendor.clone(),
        product: scope.product.clone(),
        version: scope.version.clone(),
        documents: scope.documents,
        pages: scope.pages,
        chunks: scope.chunks,
    }
}

fn first_page(root: &Path) -> Result<Vec<u8>, String> {
    let path = root.join("search/index.html");
    fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The limits of the design that the files alone can tell; the rest is measured in a browser by the tests.
fn budgets(chunks: u32, rows: &BTreeMap<String, LedgerRow>, page: u64) -> Vec<Budget> {
    let bytes = |kind: &str| rows.get(kind).map_or(0.0, |row| row.bytes as f64);
    let mean = |kind: &str| rows.get(kind).map_or(0.0, |row| row.bytes as f64 / row.files.max(1) as f64);
    let budget =
        |what: &str, limit: f64, value: f64| Budget { what: what.into(), limit, value, kept: value <= limit };
    let index: f64 = ["boot", "shard", "cell", "fragment", "documents", "projection"].map(bytes).iter().sum();
    vec![
        budget("boot file, kB", 60.0, bytes("boot") / 1e3),
        budget("index on disk, bytes a chunk", 900.0, index / f64::from(chunks.max(1))),
        budget("mean term shard, kB", 64.0, mean("shard") / 1e3),
        budget("mean cell, kB", 256.0, mean("cell") / 1e3),
        budget("mean fragment, kB", 64.0, mean("fragment") / 1e3),
        budget("search page, kB gzipped", 16.0, page as f64 / 1e3),
        budget("encoder, MB", 14.0, bytes("encoder") / 1e6),
    ]
}

/// Every file below `folder` with its path below `root`, sorted.
fn files(root: &Path, folder: &Path) -> Result<Vec<(String, Vec<u8>)>, String> {
    let cannot = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut entries: Vec<_> =
        fs::read_dir(folder).map_err(cannot)?.collect::<Result<_, _>>().map_err(cannot)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut out = Vec::new();
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            out.extend(files(root, &path)?);
        } else {
            let below = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            out.push((below, fs::read(&path).map_err(cannot)?));
        }
    }
    Ok(out)
}

fn gzip_len(bytes: &[u8]) -> Result<u64, String> {
    use std::io::Write as _;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map(|out| out.len() as u64)
        .map_err(|error| error.to_string())
}
