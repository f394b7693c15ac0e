//! Files → a folder, all or nothing.
//!
//! A site is written beside its place and then put there in one step, so that a killed build leaves the old site whole
//! and a server never sees half of a new one. What a killed build left is removed by the next.
//!
//! A file that the old site has with the same bytes is taken over by a hard link, with its time: that is faster than
//! writing it, and what copies a site by the times of files copies only what has changed.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use mcdewey_format::index;

/// A folder being filled.
#[derive(Debug)]
pub struct Staging {
    site: PathBuf,
    folder: PathBuf,
}

impl Staging {
    /// Begins a site at `site`.
    ///
    /// # Errors
    /// A sentence for people when the place cannot be used; a folder that holds something else than a site is never
    /// replaced.
    pub fn begin(site: &Path) -> Result<Self, String> {
        let name = site
            .file_name()
            .ok_or_else(|| format!("{} is no name for a site; give a folder", site.display()))?;
        if site.exists() && !site.join(index::FILE).is_file() && !is_empty_folder(site) {
            return Err(format!(
                "{} exists and is not a McDewey site (it has no {}); give a new or an empty folder with --out",
                site.display(),
                index::FILE
            ));
        }
        let folder = site.with_file_name(format!(".{}.building", name.to_string_lossy()));
        let cannot = |error: std::io::Error| format!("{} could not be prepared: {error}", folder.display());
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(cannot)?;
        }
        fs::create_dir_all(&folder).map_err(cannot)?;
        Ok(Self { site: site.to_owned(), folder })
    }

    /// Writes one file of the site.
    ///
    /// # Errors
    /// A sentence for people when the disk refuses, for instance because it is full; the old site is untouched.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<(), String> {
        let file = self.place(path)?;
        let old = self.site.join(path);
        // Where links cannot be made, the file is written like any other.
        if holds(&old, bytes) && fs::hard_link(&old, &file).is_ok() {
            return Ok(());
        }
        let written = fs::File::create(&file).and_then(|mut file| file.write_all(bytes));
        written.map_err(|error| self.refused(path, &error))
    }

    /// Copies one file into the site.
    ///
    /// # Errors
    /// As [`Staging::write`].
    pub fn copy(&self, from: &Path, path: &str) -> Result<(), String> {
        let file = self.place(path)?;
        fs::copy(from, &file).map(drop).map_err(|error| self.refused(path, &error))
    }

    /// Puts the finished site in its place, in one step where the system has one.
    ///
    /// # Errors
    /// A sentence for people when the folder cannot be moved.
    pub fn finish(self) -> Result<(), String> {
        let cannot = |error: std::io::Error| {
            format!(
                "the finished site {} could not be moved to {}: {error}",
                self.folder.display(),
                self.site.display()
            )
        };
        if self.site.exists() {
            exchange(&self.folder, &self.site).map_err(cannot)?;
            fs::remove_dir_all(&self.folder).map_err(cannot)
        } else {
            fs::rename(&self.folder, &self.site).map_err(cannot)
        }
    }

    fn place(&self, path: &str) -> Result<PathBuf, String> {
        let inside = Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if !inside {
            return Err(format!("{path} would lie outside the site and was not written"));
        }
        let file = self.folder.join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).map_err(|error| self.refused(path, &error))?;
        }
        Ok(file)
    }

    fn refused(&self, path: &str, error: &std::io::Error) -> String {
        format!(
            "{path} could not be written to {}: {error}; the site at {} is as it was",
            self.folder.display(),
            self.site.display()
        )
    }
}

/// Whether there is a plain file with just these bytes.
fn holds(file: &Path, bytes: &[u8]) -> bool {
    let as_long = |data: fs::Metadata| data.is_file() && data.len() == bytes.len() as u64;
    fs::symlink_metadata(file).is_ok_and(as_long) && fs::read(file).is_ok_and(|old| old == bytes)
}

fn is_empty_folder(path: &Path) -> bool {
    fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

/// Swaps two folders: one system call on Linux, two renames elsewhere.
#[cfg(target_os = "linux")]
fn exchange(a: &Path, b: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
        // Some file systems cannot swap.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => rename_twice(a, b),
        other => Ok(other?),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(a: &Path, b: &Path) -> std::io::Result<()> {
    rename_twice(a, b)
}

fn rename_twice(new: &Path, old: &Path) -> std::io::Result<()> {
    let aside = new.with_extension("old");
    fs::rename(old, &aside)?;
    fs::rename(new, old)?;
    fs::rename(&aside, new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_site_takes_the_place_of_the_old_in_one_step() {
        let root = tempfile::tempdir().unwrap();
        let site = root.path().join("site");
        for text in ["one", "two"] {
            let staging = Staging::begin(&site).unwrap();
            staging.write("index.json", text.as_bytes()).unwrap();
            staging.write("a/b.html", b"page").unwrap();
            staging.finish().unwrap();
            assert_eq!(fs::read_to_string(site.join("index.json")).unwrap(), text);
        }
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1, "nothing is left beside the site");
    }

    #[test]
    fn a_folder_of_something_else_is_never_replaced() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("thesis.txt"), "years of work").unwrap();
        let error = Staging::begin(root.path()).unwrap_err();
        assert!(error.contains("is not a McDewey site"), "{error}");
        assert!(root.path().join("thesis.txt").exists());
    }

    #[test]
    fn what_has_not_changed_keeps_its_time_and_what_has_changed_is_another_file() {
        let root = tempfile::tempdir().unwrap();
        let site = root.path().join("site");
        let time = |path: &str| fs::metadata(site.join(path)).unwrap().modified().unwrap();
        let build = |text: &str| {
            let staging = Staging::begin(&site).unwrap();
            staging.write("index.json", b"{}").unwrap();
            staging.write("page.html", text.as_bytes()).unwrap();
            staging.finish().unwrap();
        };
        build("one");
        let (before, open) = (time("index.json"), fs::File::open(site.join("page.html")).unwrap());
        build("two");
        assert_eq!(time("index.json"), before);
        assert_eq!(fs::read_to_string(site.join("page.html")).unwrap(), "two");
        assert_eq!(std::io::read_to_string(open).unwrap(), "one", "who reads the old site reads on in it");
    }

    #[test]
    fn paths_stay_inside() {
        let root = tempfile::tempdir().unwrap();
        let staging = Staging::begin(&root.path().join("site")).unwrap();
        assert!(staging.write("../escape", b"").unwrap_err().contains("outside the site"));
        assert!(staging.write("/etc/passwd", b"").is_err());
    }
}
