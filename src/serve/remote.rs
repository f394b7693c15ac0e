//! A deployed site, read as a visitor reads it, and kept.
//!
//! ```text
//! index.json  ── asked for at most every minute; the last one answers when the host does not
//! index/*     ── fetched once: its name is its hash, and what does not have that hash is refused
//! media/*     ── the same
//! ```
//!
//! Only plain GETs below the address that was given, no redirect followed, no cookie, nothing larger than announced.
//! Files lie in a folder below the user's cache; what was read once can be read again without a network.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use mcdewey_format::frame::content_hash;
use mcdewey_format::index::{self, Index};
use sha2::{Digest, Sha256};

use crate::source::{LARGEST_INDEX, LARGEST_MEDIA, Source, parse, plain};

/// How long `index.json` is taken for the newest: a new build is noticed a minute late.
const FRESH: Duration = Duration::from_secs(60);
/// How long a host that does not answer is left alone.
const AWAY: Duration = Duration::from_secs(20);
/// How long a whole file may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A site at an address.
pub struct Remote {
    base: String,
    agent: ureq::Agent,
    folder: Option<PathBuf>,
    latest: Mutex<Option<(Instant, Duration, Index)>>,
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Remote({})", self.base)
    }
}

impl Remote {
    /// The site whose home page is at `url`; `cache` is the folder below which its files are kept.
    ///
    /// # Errors
    /// A sentence for people when the address is none that can be trusted.
    pub fn new(url: &str, cache: Option<&Path>) -> Result<Self, String> {
        let url = url.split(['?', '#']).next().unwrap_or(url);
        let url = url.strip_suffix("index.html").unwrap_or(url).trim_end_matches('/');
        let host =
            url.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or(rest)).unwrap_or_default();
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let here = ["localhost", "127.0.0.1", "[::1]"].contains(&name);
        if host.is_empty()
            || host.contains('@')
            || !(url.starts_with("https://") || (here && url.starts_with("http://")))
        {
            return Err(format!(
                "{url}: expected the address of a site, https://…; http:// only on this machine"
            ));
        }
        let base = format!("{url}/");
        let agent = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .timeout_connect(Some(Duration::from_secs(10)))
            .user_agent(concat!("mcdewey/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        let folder =
            cache.map(|cache| cache.join("sites").join(format!("{:016x}", content_hash(base.as_bytes()))));
        Ok(Self { base, agent, folder, latest: Mutex::default() })
    }

    fn get(&self, path: &str, most: u64) -> Result<Vec<u8>, String> {
        let address = format!("{}{path}", self.base);
        let cannot = |error: ureq::Error| format!("{address}: {error}");
        let mut response = self.agent.get(&address).call().map_err(cannot)?;
        let status = response.status();
        if !status.is_success() {
            let hint = match status.as_u16() {
                300..=399 => "; give the address that it leads to, no redirect is followed",
                404 => "; is this the address of the site's home page, and is the site whole?",
                _ => "",
            };
            return Err(format!("{address}: the host answered with status {}{hint}", status.as_u16()));
        }
        let mut bytes = Vec::new();
        let mut body = response.body_mut().as_reader().take(most + 1);
        body.read_to_end(&mut bytes).map_err(|error| format!("{address}: {error}"))?;
        if bytes.len() as u64 > most {
            return Err(format!("{address}: expected at most {most} bytes, got more"));
        }
        Ok(bytes)
    }

    /// A file that was kept.
    fn kept(&self, path: &str) -> Option<Vec<u8>> {
        fs::read(self.folder.as_ref()?.join(path)).ok()
    }

    /// Keeps a file; a disk that refuses costs only the next fetch.
    fn put(&self, path: &str, bytes: &[u8]) {
        let Some(folder) = &self.folder else { return };
        let file = folder.join(path);
        let draft = folder.join(format!("{}.{}", path.replace('/', "-"), std::process::id()));
        let written =
            file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&draft, bytes));
        if written.and_then(|()| fs::rename(&draft, &file)).is_err() {
            tracing::warn!(path, "a file could not be kept");
            // It may never have been begun.
            let _ = fs::remove_file(&draft);
        }
    }

    fn fetch_index(&self) -> Result<(Duration, Index), String> {
        match self.get(index::FILE, LARGEST_INDEX).and_then(|bytes| Ok((parse(&bytes)?, bytes))) {
            Ok((index, bytes)) => {
                self.put(index::FILE, &bytes);
                Ok((FRESH, index))
            }
            Err(problem) => match self.kept(index::FILE).and_then(|bytes| parse(&bytes).ok()) {
                Some(index) => {
                    tracing::warn!(problem, "answering from what was kept");
                    Ok((AWAY, index))
                }
                None => Err(problem),
            },
        }
    }
}

impl Source for Remote {
    fn index(&self) -> Result<Index, String> {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((since, valid, index)) =
            latest.as_ref().filter(|(since, valid, _)| since.elapsed() < *valid)
        {
            let _ = (since, valid);
            return Ok(index.clone());
        }
        let (valid, index) = self.fetch_index()?;
        *latest = Some((Instant::now(), valid, index.clone()));
        Ok(index)
    }

    fn file(&self, path: &str, bytes: u32) -> Result<Vec<u8>, String> {
        let path = plain(path)?;
        if let Some(kept) = self.kept(path)
            && checked(path, &kept).is_ok()
        {
            return Ok(kept);
        }
        let most = if bytes > 0 { u64::from(bytes) } else { LARGEST_MEDIA };
        let fetched = self.get(path, most)?;
        checked(path, &fetched)?;
        self.put(path, &fetched);
        Ok(fetched)
    }

    fn base(&self) -> Option<&str> {
        Some(&self.base)
    }

    fn keep(&self, paths: &[String]) {
        let Some(folder) = &self.folder else { return };
        let named: BTreeSet<&str> = paths.iter().filter_map(|path| path.strip_prefix("index/")).collect();
        let Ok(files) = fs::read_dir(folder.join("index")) else { return };
        for file in files.flatten() {
            if file.file_name().to_str().is_none_or(|name| !named.contains(name)) {
                // Another process may have been quicker.
                let _ = fs::remove_file(file.path());
            }
        }
    }
}

/// Whether bytes are those that a file's name promises: `kind-<hash>.mcd`, `<hash>.png`.
fn checked(path: &str, bytes: &[u8]) -> Result<(), String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let promised = stem.rsplit('-').next().unwrap_or(stem);
    let got = match path.starts_with("media/") {
        true => Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect(),
        false => format!("{:016x}", content_hash(bytes)),
    };
    if promised == got {
        return Ok(());
    }
    Err(format!(
        "{path}: expected content {promised}, got {got}; the host changed it, or the site is half uploaded"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_can_be_trusted_are_read() {
        for good in [
            "https://docs.example.org",
            "https://docs.example.org/manuals/index.html?q=1#x",
            "http://localhost:8080/",
            "http://[::1]:8080",
        ] {
            assert!(Remote::new(good, None).is_ok(), "{good}");
        }
        for bad in [
            "http://docs.example.org",
            "ftp://x",
            "https://",
            "https://user@x.org",
            "docs.example.org",
            "file:///etc",
            "http://localhost.evil.org",
        ] {
            assert!(Remote::new(bad, None).is_err(), "{bad}");
        }
        let remote = Remote::new("https://docs.example.org/manuals/index.html?q=1", None).unwrap();
        assert_eq!(remote.base(), Some("https://docs.example.org/manuals/"));
    }

    #[test]
    fn a_file_is_what_its_name_promises() {
        let name = format!("index/shard-{:016x}.mcd", content_hash(b"bytes"));
        assert_eq!(checked(&name, b"bytes"), Ok(()));
        assert!(checked(&name, b"other").unwrap_err().contains("half uploaded"));
        let picture: String =
            Sha256::digest(b"bytes").iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(checked(&format!("media/{picture}.png"), b"bytes"), Ok(()));
        assert!(checked("media/0000000000000000.png", b"bytes").is_err());
    }
}
