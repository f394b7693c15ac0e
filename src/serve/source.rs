//! Where do a site's files come from?
//!
//! From a folder, or from an address (`remote.rs`). Both give `index.json` as it is now and the files that it leads to;
//! neither interprets what it gives.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use mcdewey_format::index::{self, Index};

use crate::locate::within;

/// Largest picture that is read for an answer: 16 MiB.
pub(crate) const LARGEST_MEDIA: u64 = 16 << 20;
/// Largest `index.json` that is read: it has five short fields.
pub(crate) const LARGEST_INDEX: u64 = 64 << 10;

/// The files of a site.
pub trait Source: Send + Sync + std::fmt::Debug {
    /// `index.json` as it is now, or as it was when it was last had.
    ///
    /// # Errors
    /// A sentence for people.
    fn index(&self) -> Result<Index, String>;

    /// A file of the site; `bytes` is its length where it is known, else 0.
    ///
    /// # Errors
    /// A sentence for people.
    fn file(&self, path: &str, bytes: u32) -> Result<Vec<u8>, String>;

    /// The address that people open, where there is one; it ends in `/`.
    fn base(&self) -> Option<&str> {
        None
    }

    /// The site has these files of the index now; others may be forgotten.
    fn keep(&self, _paths: &[String]) {}
}

/// A site in a folder.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// The site at `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self(root.into())
    }
}

impl Source for Folder {
    fn index(&self) -> Result<Index, String> {
        let bytes = read(&self.0, index::FILE, LARGEST_INDEX)?;
        parse(&bytes)
    }

    fn file(&self, path: &str, bytes: u32) -> Result<Vec<u8>, String> {
        read(&self.0, plain(path)?, if bytes > 0 { u64::from(bytes) } else { LARGEST_MEDIA })
    }
}

/// Reads a file that really lies inside `root` and has at most `most` bytes.
fn read(root: &Path, path: &str, most: u64) -> Result<Vec<u8>, String> {
    let cannot = |error: std::io::Error| format!("{path}: {error}");
    let root = root.canonicalize().map_err(cannot)?;
    let file = within(&root, &root.join(path)).ok_or_else(|| format!("{path}: the site does not have it"))?;
    let mut bytes = Vec::new();
    fs::File::open(file).map_err(cannot)?.take(most + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > most {
        return Err(format!("{path}: expected at most {most} bytes, got more; build the site again"));
    }
    Ok(bytes)
}

/// The index in these bytes.
pub(crate) fn parse(bytes: &[u8]) -> Result<Index, String> {
    serde_json::from_slice(bytes).map_err(|error| {
        format!("{}: expected the index of a site, got {error}; build the site again", index::FILE)
    })
}

/// The path, if it is that of a file of an index or of a picture, and leads nowhere else.
///
/// A site's files name one another, and a site may be anyone's.
pub(crate) fn plain(path: &str) -> Result<&str, String> {
    let name = path.strip_prefix("index/").or_else(|| path.strip_prefix("media/")).unwrap_or_default();
    let letters = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    if name.is_empty() || !letters || name.starts_with('.') {
        return Err("a path that the index names lies outside of the index; build the site again".into());
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_index_and_pictures_are_read() {
        for good in ["index/boot-00ff.mcd", "media/0f3c.png"] {
            assert_eq!(plain(good), Ok(good));
        }
        for bad in
            ["", "index/", "index/../secret", "/etc/passwd", "media/a/b", "index/.x", "app/x.js", "media/%2e"]
        {
            assert!(plain(bad).is_err(), "{bad}");
        }
    }
}
