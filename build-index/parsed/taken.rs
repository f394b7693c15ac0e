//! The rows of another store, for a library that several machines read.

use std::path::Path;

use redb::{
    Database, Key, ReadOnlyDatabase, ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition,
    TableError, WriteTransaction,
};

use super::used::{LAST_BUILDS, Used};
use super::{CHUNKS, DOCUMENTS, FINGERPRINT, MADE_BY, PICTURES, WORDS, table};

/// Adds the rows of the store at `path`; whether it was filled by code like this, so that they mean the same here.
pub(super) fn take_in(ours: &Database, path: &Path) -> Result<bool, redb::Error> {
    let theirs = ReadOnlyDatabase::open(path)?.begin_read()?;
    if theirs.open_table(MADE_BY)?.get("")?.is_none_or(|made_by| made_by.value() != FINGERPRINT) {
        return Ok(false);
    }
    let write = ours.begin_write()?;
    for name in [DOCUMENTS, CHUNKS, WORDS] {
        copy(table(name), &theirs, &write, |_, row| row.to_vec())?;
    }
    copy(PICTURES, &theirs, &write, |_, picture| picture.to_vec())?;
    // Parts of one library were made of the same folder: it uses what all of them do.
    copy(LAST_BUILDS, &theirs, &write, Used::both)?;
    write.commit()?;
    Ok(true)
}

/// Adds the rows of one table, each as `with` makes it of the row that is here and theirs.
fn copy<K: Key>(
    table: TableDefinition<'_, K, &'static [u8]>,
    theirs: &ReadTransaction,
    write: &WriteTransaction,
    with: impl Fn(&[u8], &[u8]) -> Vec<u8>,
) -> Result<(), redb::Error> {
    let theirs = match theirs.open_table(table) {
        Ok(table) => table,
        Err(TableError::TableDoesNotExist(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let mut ours = write.open_table(table)?;
    for row in theirs.iter()? {
        let (key, value) = row?;
        let before = ours.get(key.value())?.map(|row| row.value().to_vec()).unwrap_or_default();
        ours.insert(key.value(), with(&before, value.value()).as_slice())?;
    }
    Ok(())
}
