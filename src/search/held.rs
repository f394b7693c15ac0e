//! What does the library say at this place, for who reads rather than searches?
//!
//! Reading takes two kinds of file that searching fetches too: fragments, which hold text, and catalogs, which say
//! what is where. As with a search, the engine either has them or says which file is needed.

use mcdewey_format::Kind;
use mcdewey_format::boot::FileEntry;
use mcdewey_format::catalog::Catalog;
use mcdewey_format::fragment::Fragment;

use crate::engine::{Engine, FileRequest, Part, request};

/// A file as the engine has it.
#[derive(Debug)]
pub enum Held<'a, T> {
    /// It is here.
    Here(&'a T),
    /// It is to be fetched first.
    Wanted(FileRequest),
    /// It cannot be had, for this reason.
    Absent(String),
}

impl Engine {
    /// The catalog of a scope, by its place in the boot file.
    pub fn catalog(&self, scope: usize) -> Held<'_, Catalog> {
        let entry = self.boot().and_then(|boot| boot.catalogs.get(scope).copied());
        self.held(Kind::Catalog, entry, |part| match part {
            Part::Catalog(catalog) => Some(catalog),
            _ => None,
        })
    }

    /// The fragment that holds a chunk, by its number in the library.
    pub fn fragment(&self, chunk: u32) -> Held<'_, Fragment> {
        let entry = self.boot().and_then(|boot| Some(boot.fragments.get(boot.fragment_of(chunk)?.0)?.1));
        self.held(Kind::Fragment, entry, |part| match part {
            Part::Fragment(fragment) => Some(fragment),
            _ => None,
        })
    }

    fn held<'a, T>(
        &'a self,
        kind: Kind,
        entry: Option<FileEntry>,
        of: impl Fn(&'a Part) -> Option<&'a T>,
    ) -> Held<'a, T> {
        if self.boot().is_none() {
            let boot = self.boot_file();
            return match self.why_absent(&boot.path) {
                Some(reason) => Held::Absent(format!("{}: {reason}", boot.path)),
                None => Held::Wanted(boot),
            };
        }
        let Some(entry) = entry else {
            return Held::Absent(format!("the site has no such {}; build it again", kind.name()));
        };
        if let Some(part) = self.part(kind, entry).and_then(of) {
            return Held::Here(part);
        }
        let file = request(kind, entry);
        match self.why_absent(&file.path) {
            Some(reason) => Held::Absent(format!("{}: {reason}", file.path)),
            None => Held::Wanted(file),
        }
    }
}
