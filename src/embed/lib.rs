//! Text to unit vector: tokeniser, transformer, pooling.
//!
//! ```text
//! text ─► word pieces ─► Σ embeddings ─► transformer ─► mean over tokens ─► unit length
//!        tokenize.rs     lookup.rs       graph.rs         pool.rs
//!                                        session.rs
//! ```
//!
//! The same code runs when a site is built and in the browser, so a query meets the passages in the space that they
//! were embedded in. `graph.rs` tells the transformer as ONNX, `session.rs` is the one file that names the engine.
//! The measure of all of it is `reference.json`: vectors that another engine made from the unpacked weights.

mod error;
mod graph;
mod lookup;
mod pool;
mod session;
mod tokenize;

use mcdewey_format::{encoder, frame};

pub use error::EmbedError;
pub use tokenize::Piece;

use lookup::Lookup;
use session::Session;
use tokenize::Tokenizer;

/// An encoder that is ready: text in, unit vector out.
///
/// It can be shared between threads; every call has its own state.
pub struct Encoder {
    name: String,
    fingerprint: u64,
    dims: usize,
    pooling: encoder::Pooling,
    tokenizer: Tokenizer,
    lookup: Lookup,
    session: Session,
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Encoder({}, {:016x})", self.name, self.fingerprint)
    }
}

impl Encoder {
    /// Makes an encoder of the bytes of an encoder file; `file_name` is used in messages.
    ///
    /// This takes a fraction of a second: the weights are brought to floating point and laid out for the processor.
    ///
    /// # Errors
    /// A file that is damaged or not an encoder, or a transformer that the engine refuses.
    pub fn from_bytes(file_name: &str, bytes: &[u8]) -> Result<Self, EmbedError> {
        let encoder::Encoder { name, config, vocabulary, tensors, .. } =
            encoder::Encoder::decode(file_name, bytes)?;
        let (tables, layers) = lookup::split(tensors);
        Ok(Self {
            name,
            fingerprint: frame::content_hash(bytes),
            dims: config.hidden as usize,
            pooling: config.pooling,
            tokenizer: Tokenizer::new(&vocabulary),
            lookup: Lookup::new(tables, config.hidden as usize),
            session: Session::new(&config, layers)?,
        })
    }

    /// The vector of `text`: [`dims`](Self::dims) numbers of unit length.
    ///
    /// Only the first [`limit`](Self::limit) tokens are seen. The empty text has a vector like any other.
    ///
    /// # Errors
    /// The engine failed, or the answer has no direction (weights that are not numbers).
    pub fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        let ids = self.token_ids(text);
        let states = self.session.run(self.lookup.embed(&ids), ids.len())?;
        pool::unit(&states, self.dims, self.pooling).ok_or_else(EmbedError::no_direction)
    }

    /// The ids that the transformer sees, the special first and last included, at most [`limit`](Self::limit).
    pub fn token_ids(&self, text: &str) -> Vec<u32> {
        self.tokenizer.ids(text, self.limit())
    }

    /// How many word pieces `text` has, without the two special ones and without the limit.
    pub fn count_tokens(&self, text: &str) -> usize {
        self.tokenizer.pieces(text).count()
    }

    /// Where each word piece of `text` is, as ranges of bytes, in order, without limit or special pieces.
    ///
    /// A character that the tokeniser drops belongs to no range; the parts of a decomposed character share its range.
    pub fn token_offsets(&self, text: &str) -> Vec<(usize, usize)> {
        self.tokenizer.pieces(text).map(|piece| (piece.start, piece.end)).collect()
    }

    /// What people call the encoder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Numbers in a vector.
    pub fn dims(&self) -> usize {
        self.dims
    }

    /// The most tokens that are seen, the special first and last included.
    pub fn limit(&self) -> usize {
        encoder::TOKEN_LIMIT
    }

    /// Identifies the encoder file: vectors of encoders with another fingerprint cannot be compared with these.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }
}
