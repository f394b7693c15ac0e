//! The bytes of a McDewey site.
//!
//! Everything a visitor downloads, apart from pages and code, is one of the files below. Each kind of file has
//! one module that holds its encoder, its decoder and the test that one undoes the other. No I/O happens here:
//! bytes in, values out, and the reverse.
//!
//! ```text
//! index.json ──► boot ──► term shards ∥ cells ──► fragments
//!  (the one       │                                  │
//!   mutable       └─► projection, encoder            └─ text, headings, links, vectors
//!   name)             (when the transformer is wanted)
//! ```
//!
//! | module | file | answers |
//! |---|---|---|
//! | [`frame`] | around every payload | is this the file I asked for, whole and readable? |
//! | [`encoder`] | `encoder` | what are the weights and the vocabulary of the transformer? |
//!
//! Readers never trust bytes: lengths are checked before memory is asked for, and every failure is an [`Error`]
//! that names the file, what was expected, what was found and the way out.

pub mod encoder;
pub mod frame;

mod error;

pub use error::{Error, Result};

/// The version of the file format that this code writes.
///
/// It moves when any payload changes shape. A site built by an older version is refused with a sentence that says
/// so, unless its version is at least [`OLDEST_READABLE`].
pub const FORMAT_VERSION: u16 = 1;

/// The oldest format version that this code still reads.
pub const OLDEST_READABLE: u16 = 1;
