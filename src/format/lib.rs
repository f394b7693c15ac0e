//! The bytes of a McDewey site.
//!
//! Everything a visitor downloads, apart from pages and code, is one of the files below. Each kind of file has
//! one module that holds its encoder, its decoder and the test that one undoes the other. No I/O happens here:
//! bytes in, values out, and the reverse.
//!
//! ```text
//! index.json ──► boot ──► term shards ∥ cells ──► fragments
//!  (the one       │                                  │
//!   mutable       └─► projection, encoder            └─ text, headings, links
//!   name)             (when the transformer is wanted)
//! ```
//!
//! | module | file | answers |
//! |---|---|---|
//! | [`index`] | `index.json` | which build is this, and which files does it start from? |
//! | [`frame`] | around every payload | is this the file I asked for, whole and readable? |
//! | [`boot`] | `boot` | what is in the library, and which file holds what? |
//! | [`shard`] | `shard` | where does this term occur? |
//! | [`cell`] | `cell` | which passages lie in this direction of meaning? |
//! | [`fragment`] | `fragment` | what do these chunks say, and where are they? |
//! | [`documents`] | `documents` | which documents does this version hold, and which chunks have they? |
//! | [`registry`] | `registry` | which ids and addresses were published? |
//! | [`catalog`] | `catalog` | which documents does a version have, and what is where in them? |
//! | [`spelling`] | `spelling` | how does the library spell its words of one length? |
//! | [`projection`] | `projection` | how does an encoder's vector become a vector of the cells? |
//! | [`encoder`] | `encoder` | what are the weights and the vocabulary of the transformer? |
//!
//! Four modules serve the others: [`scope`] says which chunks stand in which versions, [`length`] puts a length into a
//! byte, [`code`] turns unit vectors into few bytes and back, [`wire`] reads and writes the variable-length numbers inside
//! packed lists.
//!
//! Readers never trust bytes: lengths are checked before memory is asked for, and every failure is an [`Error`]
//! that names the file, what was expected, what was found and the way out.

pub mod boot;
pub mod catalog;
pub mod cell;
pub mod code;
pub mod documents;
pub mod encoder;
pub mod fragment;
pub mod frame;
pub mod index;
pub mod length;
pub mod projection;
pub mod registry;
pub mod scope;
pub mod shard;
pub mod spelling;
pub mod wire;

mod error;

pub use error::{Error, Result};
pub use frame::Kind;

/// The version of the file format that this code writes.
///
/// It moves when any payload changes shape. A site built by an older version is refused with a sentence that says
/// so, unless its version is at least [`OLDEST_READABLE`].
pub const FORMAT_VERSION: u16 = 2;

/// The oldest format version that this code still reads. Version 1 had every copy of a chunk; it was never released.
pub const OLDEST_READABLE: u16 = 2;

/// The path of a payload below the site's root: its kind and its content hash are its name.
///
/// A name never changes its bytes, so a host and a browser may keep it for ever.
pub fn path(kind: Kind, hash: u64) -> String {
    format!("index/{}-{hash:016x}.mcd", kind.name())
}

/// Seals the postcard form of `body`.
fn write<T: serde::Serialize>(kind: Kind, body: &T) -> Vec<u8> {
    let raw = postcard::to_allocvec(body)
        .expect("values of the format are plain data, which postcard always writes");
    frame::seal(kind, &raw)
}

/// Opens a frame and reads its postcard body whole.
fn read<T: serde::de::DeserializeOwned>(file: &str, kind: Kind, bytes: &[u8]) -> Result<T> {
    let raw = frame::open(file, kind, bytes)?;
    let malformed =
        |got: &str| Error::new(file, format!("the body of a {}", kind.name()), got, error::REBUILD);
    match postcard::take_from_bytes(&raw) {
        Ok((body, [])) => Ok(body),
        Ok((_, rest)) => Err(malformed(&format!("{} bytes too many", rest.len()))),
        Err(problem) => Err(malformed(&problem.to_string())),
    }
}
