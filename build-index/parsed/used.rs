//! What the last build of each library asked the store for. What none of them asks for any more is forgotten.
//!
//! ```text
//! what the build before asked for  −  what this build asks for  −  what the last builds of other libraries ask for
//!                                  =  rows to remove
//! ```
//!
//! So an edited manual does not leave every state that it ever had behind, and two libraries that share a store (it is
//! the user's, unless `--cache` says another) do not empty it for each other. A library that is no longer there asks
//! for nothing.

use std::collections::BTreeSet;
use std::path::Path;

use redb::{ReadableTable, TableDefinition, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::{CHUNKS, DOCUMENTS, Name, PICTURES, WORDS, table};

/// [`Used`] by the library's path.
pub(super) const LAST_BUILDS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("last builds");

/// The tables of rows, by their number in [`Used`].
const TABLES: [Name; 3] = [DOCUMENTS, CHUNKS, WORDS];

/// Rows and pictures that a build asked for.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Used {
    rows: BTreeSet<(u8, u128)>,
    pictures: BTreeSet<String>,
}

impl Used {
    pub fn row(&mut self, name: Name, key: u128) {
        self.rows.extend((0..).zip(TABLES).filter(|(_, known)| *known == name).map(|(n, _)| (n, key)));
    }

    pub fn pictures<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        self.pictures.extend(names.into_iter().map(str::to_owned));
    }

    /// What two builds asked for, as rows of [`LAST_BUILDS`]. What cannot be read asked for nothing.
    pub fn both(one: &[u8], other: &[u8]) -> Vec<u8> {
        let mut all = Self::read(one);
        all.add(Self::read(other));
        all.to_row()
    }

    /// At worst a document is read from its file again.
    fn read(row: &[u8]) -> Self {
        postcard::from_bytes(row).unwrap_or_default()
    }

    fn to_row(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
    }

    fn add(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.pictures.extend(other.pictures);
    }

    /// Notes that this is what the last build of `library` asked for, and removes what nobody asks for any more.
    pub fn settle(mut self, library: &str, write: &WriteTransaction) -> Result<(), redb::Error> {
        let mut builds = write.open_table(LAST_BUILDS)?;
        let row = self.to_row();
        let mut before = Self::default();
        let mut gone = Vec::new();
        for build in builds.iter()? {
            let (name, used) = build?;
            let used = Self::read(used.value());
            if name.value() == library || !Path::new(name.value()).exists() {
                gone.push(name.value().to_owned());
                before.add(used);
            } else {
                self.add(used);
            }
        }
        for name in &gone {
            builds.remove(name.as_str())?;
        }
        builds.insert(library, row.as_slice())?;
        for (n, name) in (0..).zip(TABLES) {
            let mut rows = write.open_table(table(name))?;
            for (_, key) in before.rows.difference(&self.rows).filter(|(of, _)| *of == n) {
                rows.remove(key)?;
            }
        }
        let mut pictures = write.open_table(PICTURES)?;
        for name in before.pictures.difference(&self.pictures) {
            pictures.remove(name.as_str())?;
        }
        Ok(())
    }
}

/// Forgets what every library asked for.
pub(super) fn forget(write: &WriteTransaction) -> Result<(), redb::Error> {
    write.delete_table(LAST_BUILDS)?;
    Ok(())
}
