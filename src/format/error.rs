//! What can be wrong with bytes, said so that a person knows what to do.

use thiserror::Error;

/// The result of reading or writing a file of the format.
pub type Result<T> = std::result::Result<T, Error>;

/// A file that could not be read: which one, what was expected, what was found, and the way out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}: expected {expected}, got {got}; {way_out}")]
pub struct Error {
    /// The file's name as the host knows it.
    pub file: String,
    /// What a whole, matching file would have had.
    pub expected: String,
    /// What was found instead.
    pub got: String,
    /// What a person can do about it.
    pub way_out: &'static str,
}

impl Error {
    /// An error about `file`.
    pub fn new(
        file: &str,
        expected: impl Into<String>,
        got: impl Into<String>,
        way_out: &'static str,
    ) -> Self {
        Self { file: file.to_owned(), expected: expected.into(), got: got.into(), way_out }
    }
}

/// The way out of most damage: the site is made again.
pub(crate) const REBUILD: &str = "the file is damaged or incomplete: fetch it again, or rebuild the site";
