//! The folder of an export: its tables, and `export.json`, which says what they are.
//!
//! ```text
//! tables/
//! ├── documents.parquet  chunks.parquet  passages.parquet
//! ├── export.json          written last; by it the next export knows the folder for its own
//! └── …                    what others keep here stays
//! ```
//!
//! Files are written under hidden names and renamed when all of them are whole, so an export that fails or is killed
//! leaves the one before as it was. Unlike a site's folder this one is not exchanged as a whole: people will
//! have a database beside the tables that they loaded into it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use parquet::errors::ParquetError;
use serde::{Deserialize, Serialize};
use tempfile::TempPath;

use super::table::{Cell, Table};

/// The file that says what the tables are.
pub const MANIFEST: &str = "export.json";
/// What columns the tables have. It grows when one is removed or comes to mean something else, not when one is added.
pub const TABLES_VERSION: u32 = 1;

/// What [`MANIFEST`] holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`TABLES_VERSION`] of the writer.
    pub version: u32,
    /// The program that wrote it.
    pub generator: String,
    /// Who made the vectors.
    pub encoder: EncoderFacts,
    /// The tables.
    pub tables: Vec<TableFacts>,
}

/// An encoder, as far as one needs to know it to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncoderFacts {
    /// Its name.
    pub name: String,
    /// Hash of its weights, as 16 hexadecimal digits.
    pub fingerprint: String,
    /// Components of a vector.
    pub dims: usize,
    /// Tokens that it reads of a text at most.
    pub limit: usize,
}

/// A table in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableFacts {
    /// Its file.
    pub file: String,
    /// Its rows.
    pub rows: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

/// A folder that takes an export.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
}

/// A table on its way to its folder.
pub struct Open {
    table: Table<File>,
    part: TempPath,
    file: &'static str,
}

/// A table that is whole and waits for its name.
pub struct Whole {
    part: TempPath,
    /// Its facts.
    pub facts: TableFacts,
}

impl Folder {
    /// Makes the folder, or takes one that is empty or holds an earlier export.
    ///
    /// # Errors
    /// A sentence for people when the place cannot be used; nothing of anybody else is ever replaced.
    pub fn begin(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        let is_empty = fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none());
        if path.exists() && !is_empty {
            let why = match fs::read(path.join(MANIFEST)) {
                Err(_) if !path.is_dir() => Some("is a file".to_owned()),
                Err(_) => Some(format!("holds something else than an export (it has no {MANIFEST})")),
                Ok(bytes) => serde_json::from_slice::<Manifest>(&bytes)
                    .err()
                    .map(|error| format!("holds an {MANIFEST} that no export wrote ({error})")),
            };
            if let Some(why) = why {
                return Err(format!("{shown} {why}; give a new or an empty folder with --out"));
            }
        }
        fs::create_dir_all(path).map_err(|error| format!("{shown} could not be made: {error}"))?;
        Ok(Self { path: path.to_owned() })
    }

    /// Begins a table.
    ///
    /// # Errors
    /// A sentence for people when the disk refuses.
    pub fn table(&self, file: &'static str, schema: &str, facts: &[(&str, String)]) -> Result<Open, String> {
        let path = self.path.join(format!(".{file}.part"));
        let cannot = |error: ParquetError| refused(file, &error);
        let open = File::create(&path).map_err(|error| cannot(error.into()))?;
        let part = TempPath::try_from_path(path).map_err(|error| cannot(error.into()))?;
        Ok(Open { table: Table::begin(open, schema, facts).map_err(cannot)?, part, file })
    }

    /// Gives the tables their names, and says in [`MANIFEST`] what they are.
    ///
    /// # Errors
    /// A sentence for people when the disk refuses.
    pub fn finish(&self, encoder: EncoderFacts, tables: Vec<Whole>) -> Result<Manifest, String> {
        let manifest = Manifest {
            version: TABLES_VERSION,
            generator: concat!("mcdewey ", env!("CARGO_PKG_VERSION")).to_owned(),
            encoder,
            tables: tables.iter().map(|table| table.facts.clone()).collect(),
        };
        let cannot =
            |file: &str, error: &dyn std::fmt::Display| format!("{file} could not be written: {error}");
        let json = serde_json::to_string_pretty(&manifest).map_err(|error| cannot(MANIFEST, &error))? + "\n";
        let path = self.path.join(format!(".{MANIFEST}.part"));
        fs::write(&path, json).map_err(|error| cannot(MANIFEST, &error))?;
        let part = TempPath::try_from_path(path).map_err(|error| cannot(MANIFEST, &error))?;
        for Whole { part, facts } in tables {
            part.persist(self.path.join(&facts.file)).map_err(|error| cannot(&facts.file, &error))?;
        }
        part.persist(self.path.join(MANIFEST)).map_err(|error| cannot(MANIFEST, &error))?;
        Ok(manifest)
    }
}

impl Open {
    /// Adds a row.
    ///
    /// # Errors
    /// A sentence for people when the disk refuses.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), String> {
        self.table.row(cells).map_err(|error| refused(self.file, &error))
    }

    /// Writes what is left of it.
    ///
    /// # Errors
    /// As [`Open::row`].
    pub fn finish(self) -> Result<Whole, String> {
        let Self { table, part, file } = self;
        let rows = table.finish().map_err(|error| refused(file, &error))?;
        let bytes = fs::metadata(&part).map_err(|error| refused(file, &error.into()))?.len();
        Ok(Whole { part, facts: TableFacts { file: file.to_owned(), rows, bytes } })
    }
}

fn refused(file: &str, error: &ParquetError) -> String {
    let why = match error {
        ParquetError::External(error) => error.to_string(),
        ParquetError::General(why) => why.clone(),
        other => other.to_string(),
    };
    format!("{file} could not be written: {why}; what was exported before is as it was")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> EncoderFacts {
        EncoderFacts { name: "e".into(), fingerprint: "00".into(), dims: 2, limit: 8 }
    }

    fn export(path: &Path, text: &str) -> Result<Manifest, String> {
        let folder = Folder::begin(path)?;
        let schema = "message t { required binary text (STRING); }";
        let mut table = folder.table("t.parquet", schema, &[])?;
        table.row(&[Cell::Text(text)])?;
        folder.finish(facts(), vec![table.finish()?])
    }

    #[test]
    fn an_export_takes_the_place_of_the_one_before_and_of_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("new/tables");
        let first = export(&path, "one").unwrap();
        assert_eq!((first.tables[0].rows, first.tables[0].file.as_str()), (1, "t.parquet"));
        fs::write(path.join("mine.duckdb"), "years of work").unwrap();
        let second = export(&path, "something longer").unwrap();
        assert_eq!(second.tables[0].bytes, fs::metadata(path.join("t.parquet")).unwrap().len());
        let mut names: Vec<_> = fs::read_dir(&path)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["export.json", "mine.duckdb", "t.parquet"]);
    }

    #[test]
    fn one_that_fails_leaves_the_one_before() {
        let root = tempfile::tempdir().unwrap();
        export(root.path(), "one").unwrap();
        let before = fs::read(root.path().join("t.parquet")).unwrap();
        let folder = Folder::begin(root.path()).unwrap();
        let mut table = folder.table("t.parquet", "message t { required boolean flag; }", &[]).unwrap();
        let error = table.row(&[Cell::Text("two")]).unwrap_err();
        assert_eq!(
            error,
            "t.parquet could not be written: the column flag cannot hold a cell of another kind; what was exported \
             before is as it was"
        );
        drop(table);
        assert_eq!(fs::read(root.path().join("t.parquet")).unwrap(), before);
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 2, "nothing is left beside it");
    }

    #[test]
    fn a_folder_of_something_else_is_never_filled() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("passages.parquet"), "years of work").unwrap();
        let error = Folder::begin(root.path()).unwrap_err();
        assert!(
            error.contains("something else than an export (it has no export.json); give a new"),
            "{error}"
        );
        fs::write(root.path().join(MANIFEST), "{\"version\": 1").unwrap();
        let error = Folder::begin(root.path()).unwrap_err();
        assert!(error.contains("an export.json that no export wrote (EOF while"), "{error}");
        let error = Folder::begin(&root.path().join("passages.parquet")).unwrap_err();
        assert!(error.contains("is a file; give a new"), "{error}");
    }
}
