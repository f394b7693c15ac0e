//! `index.json`: the one name of a site that changes its content.
//!
//! ```json
//! {"name": "Acme manuals", "format": 2, "build": "5e0c…", "boot": {"path": "index/boot-….mcd", "bytes": 9123}, "app": "app/1f3a…"}
//! ```
//!
//! It is JSON so that people, scripts and hosts can read it; the shells parse it (the browser has a parser, and so
//! does every native program), and this crate stays free of one.

use serde::{Deserialize, Serialize};

use crate::{Error, FORMAT_VERSION, OLDEST_READABLE, Result};

/// The name of this file at the site's root.
pub const FILE: &str = "index.json";

/// What a search starts from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The library's name, for who searches several; empty in an index that no build named.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// [`FORMAT_VERSION`] of the build.
    pub format: u16,
    /// Hash of everything the build wrote, 16 hex digits.
    pub build: String,
    /// The boot file.
    pub boot: FileRef,
    /// Ids and addresses that were published, for the next build; none in an index that is no site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<FileRef>,
    /// What a device fetches to do without a network (JSON, told in the builder's `offline.rs`); none in an index that is
    /// no site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline: Option<FileRef>,
    /// Folder of the web app below the root.
    pub app: String,
    /// The release of McDewey that built the site.
    pub generator: String,
}

/// A file of the site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Path below the site's root.
    pub path: String,
    /// Length in bytes.
    pub bytes: u32,
}

impl Index {
    /// Checks that this code reads the build's format.
    ///
    /// # Errors
    /// When the format version is outside what this code reads.
    pub fn check(&self) -> Result<()> {
        if (OLDEST_READABLE..=FORMAT_VERSION).contains(&self.format) {
            return Ok(());
        }
        let way_out =
            "build the site again with this version of McDewey, or read it with the version that built it";
        let expected = format!("format version {OLDEST_READABLE} to {FORMAT_VERSION}");
        Err(Error::new(FILE, expected, format!("version {}", self.format), way_out))
    }
}
