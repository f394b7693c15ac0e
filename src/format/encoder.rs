//! The encoder file: weights and vocabulary of a transformer of the BERT family.
//!
//! ```text
//! frame (kind 5) around one postcard value:
//! ├ name, licence, source: SHA-256 of the `model.safetensors` it was packed from
//! ├ config:     hidden ┊ layers ┊ heads ┊ intermediate ┊ positions ┊ eps ┊ pooling
//! ├ vocabulary: pieces, one a line in the order of their ids ┊ lower-casing flags ┊ ids of [UNK] [CLS] [SEP]
//! └ tensors:    name ┊ shape ┊ store, exactly those of [`Config::tensors`], in that order
//! ```
//!
//! A decoded [`Encoder`] is complete: every tensor is there with the shape that the configuration asks for, and every
//! piece has an id below the height of the word table. Whoever uses one need not check again. Positions are cut to
//! [`TOKEN_LIMIT`], since no text is encoded beyond it. The frame's checksum finds damage; the checks here find files
//! that were made wrongly or with intent.

mod tensor;

use serde::{Deserialize, Serialize};

pub use tensor::{Packing, Store, Tensor};

use crate::error::REBUILD;
use crate::frame::{self, Kind};
use crate::{Error, Result};

/// The most word pieces of a text that are encoded, [CLS] and [SEP] included; the rest of the text is not seen.
///
/// all-MiniLM-L6-v2 was tuned at 128 and judged at 256: passages are cut to fit.
pub const TOKEN_LIMIT: usize = 256;
/// No axis of a tensor is longer: the widest encoder of the family has 1024 hidden numbers, the largest multilingual
/// vocabulary 250,002 pieces.
const MAX_AXIS: u32 = 1 << 20;
/// No encoder of the family has more layers (the largest has 24).
const MAX_LAYERS: u32 = 48;

/// How one vector is made of the vectors of all tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pooling {
    /// The mean over all tokens, [CLS] and [SEP] included.
    Mean,
    /// The vector of [CLS].
    First,
}

/// The shape of the transformer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Numbers in the vector of a token, and in the answer.
    pub hidden: u32,
    /// Layers of attention.
    pub layers: u32,
    /// Heads of attention in a layer; divides `hidden`.
    pub heads: u32,
    /// Width of the feed-forward step.
    pub intermediate: u32,
    /// Positions that have an embedding, at least [`TOKEN_LIMIT`].
    pub positions: u32,
    /// What layer normalisation adds to the variance.
    pub eps: f32,
    /// How the answer is made.
    pub pooling: Pooling,
}

/// The word pieces and how text is prepared for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vocabulary {
    /// The pieces, one a line; the number of the line, from 0, is the id. `##` marks pieces inside a word.
    pub pieces: String,
    /// Text is lower-cased first.
    pub lowercase: bool,
    /// Accents are taken off letters first.
    pub strip_accents: bool,
    /// Every CJK ideograph is a word.
    pub split_cjk: bool,
    /// A longer word, in characters, is one unknown piece.
    pub longest_word: u32,
    /// The id of the piece that stands for words without pieces.
    pub unknown: u32,
    /// The id of the piece before every text.
    pub start: u32,
    /// The id of the piece after every text.
    pub end: u32,
}

impl Vocabulary {
    /// How many pieces there are.
    pub fn len(&self) -> usize {
        self.pieces.lines().count()
    }

    /// Whether there is no piece at all.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

/// What an encoder file holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Encoder {
    /// What people call it, such as `all-MiniLM-L6-v2`.
    pub name: String,
    /// The licence of the weights as an SPDX expression; empty when the source does not say.
    pub licence: String,
    /// SHA-256 of the `model.safetensors` that was packed.
    pub source: [u8; 32],
    /// The shape.
    pub config: Config,
    /// The word pieces.
    pub vocabulary: Vocabulary,
    /// The weights, as [`Config::tensors`] lists them.
    pub tensors: Vec<Tensor>,
}

/// The four tables that come before the layers, in the order of [`Config::tensors`].
const WORDS: &str = "embeddings.word_embeddings.weight";
const POSITIONS: &str = "embeddings.position_embeddings.weight";
const TYPES: &str = "embeddings.token_type_embeddings.weight";

impl Config {
    /// Name and shape of every tensor of such an encoder with `pieces` word pieces, in the order of the file.
    pub fn tensors(&self, pieces: u32) -> Vec<(String, Vec<u32>)> {
        let (hidden, wide) = (self.hidden, self.intermediate);
        let mut list = vec![
            (WORDS.to_owned(), vec![pieces, hidden]),
            (POSITIONS.to_owned(), vec![self.positions, hidden]),
            (TYPES.to_owned(), vec![1, hidden]),
        ];
        let mut norm_or_bias = |name: String, length: u32| list.push((name, vec![length]));
        norm_or_bias("embeddings.LayerNorm.weight".to_owned(), hidden);
        norm_or_bias("embeddings.LayerNorm.bias".to_owned(), hidden);
        for layer in 0..self.layers {
            for (part, rows, columns) in [
                ("attention.self.query", hidden, hidden),
                ("attention.self.key", hidden, hidden),
                ("attention.self.value", hidden, hidden),
                ("attention.output.dense", hidden, hidden),
                ("attention.output.LayerNorm", hidden, 0),
                ("intermediate.dense", wide, hidden),
                ("output.dense", hidden, wide),
                ("output.LayerNorm", hidden, 0),
            ] {
                let name = format!("encoder.layer.{layer}.{part}");
                let shape = if columns == 0 { vec![rows] } else { vec![rows, columns] };
                list.push((format!("{name}.weight"), shape));
                list.push((format!("{name}.bias"), vec![rows]));
            }
        }
        list
    }

    /// What is impossible about this shape, as expected and got, if anything.
    fn flaw(&self) -> Option<(String, String)> {
        let axis = 1..=MAX_AXIS;
        for (what, value, range) in [
            ("hidden", self.hidden, axis.clone()),
            ("layers", self.layers, 1..=MAX_LAYERS),
            ("heads", self.heads, 1..=self.hidden),
            ("intermediate", self.intermediate, axis.clone()),
            ("positions", self.positions, TOKEN_LIMIT as u32..=MAX_AXIS),
        ] {
            if !range.contains(&value) {
                return Some((
                    format!("{what} from {} to {}", range.start(), range.end()),
                    value.to_string(),
                ));
            }
        }
        if !self.hidden.is_multiple_of(self.heads) {
            return Some((format!("heads that divide {}", self.hidden), self.heads.to_string()));
        }
        if !(self.eps.is_finite() && self.eps >= 0.0) {
            return Some(("a small positive eps".to_owned(), self.eps.to_string()));
        }
        None
    }
}

impl Encoder {
    /// The file: see the module for the layout.
    ///
    /// # Errors
    /// An encoder that [`Encoder::decode`] would refuse.
    pub fn encode(&self, file: &str) -> Result<Vec<u8>> {
        self.check(file)?;
        let raw = postcard::to_allocvec(self).map_err(|error| {
            Error::new(file, "an encoder that can be written", error.to_string(), REBUILD)
        })?;
        Ok(frame::seal(Kind::Encoder, &raw))
    }

    /// Reads a file; `file` is its name in messages.
    ///
    /// # Errors
    /// A damaged frame, or a payload that is not a complete encoder.
    pub fn decode(file: &str, bytes: &[u8]) -> Result<Self> {
        let raw = frame::open(file, Kind::Encoder, bytes)?;
        let (encoder, rest): (Self, _) = postcard::take_from_bytes(&raw)
            .map_err(|error| Error::new(file, "the parts of an encoder", error.to_string(), REBUILD))?;
        if !rest.is_empty() {
            return Err(Error::new(
                file,
                "nothing after the tensors",
                format!("{} bytes", rest.len()),
                REBUILD,
            ));
        }
        encoder.check(file)?;
        Ok(encoder)
    }

    /// The table of word pieces.
    pub fn words(&self) -> &Tensor {
        &self.tensors[0]
    }

    /// The table of positions.
    pub fn positions(&self) -> &Tensor {
        &self.tensors[1]
    }

    /// The table of segment types, of which the first is ever used.
    pub fn types(&self) -> &Tensor {
        &self.tensors[2]
    }

    fn check(&self, file: &str) -> Result<()> {
        let fail = |expected: String, got: String| Err(Error::new(file, expected, got, REBUILD));
        if let Some((expected, got)) = self.config.flaw() {
            return fail(expected, got);
        }
        let pieces = self.vocabulary.len();
        if pieces == 0 || pieces > MAX_AXIS as usize {
            return fail(format!("1 to {MAX_AXIS} word pieces"), pieces.to_string());
        }
        for id in [self.vocabulary.unknown, self.vocabulary.start, self.vocabulary.end] {
            if id as usize >= pieces {
                return fail(format!("special pieces below {pieces}"), id.to_string());
            }
        }
        let expected = self.config.tensors(pieces as u32);
        if expected.len() != self.tensors.len() {
            return fail(format!("{} tensors", expected.len()), self.tensors.len().to_string());
        }
        for ((name, shape), tensor) in expected.iter().zip(&self.tensors) {
            if *name != tensor.name || *shape != tensor.shape {
                return fail(
                    format!("{name} of {}", by(shape)),
                    format!("{} of {}", tensor.name, by(&tensor.shape)),
                );
            }
            if tensor.expected_len() != Some(tensor.len()) {
                let expected =
                    tensor.expected_len().map_or_else(|| "fewer".to_owned(), |len| len.to_string());
                return fail(format!("{expected} bytes of {name}"), tensor.len().to_string());
            }
        }
        Ok(())
    }
}

/// A shape for people: `30522 × 384`.
pub fn by(shape: &[u32]) -> String {
    shape.iter().map(u32::to_string).collect::<Vec<_>>().join(" × ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiny() -> Encoder {
        let config = Config {
            hidden: 4,
            layers: 1,
            heads: 2,
            intermediate: 8,
            positions: 256,
            eps: 1e-12,
            pooling: Pooling::Mean,
        };
        let vocabulary = Vocabulary {
            pieces: "[UNK]\n[CLS]\n[SEP]\nvalve\n##s".to_owned(),
            lowercase: true,
            strip_accents: true,
            split_cjk: true,
            longest_word: 100,
            unknown: 0,
            start: 1,
            end: 2,
        };
        let tensors = config
            .tensors(5)
            .into_iter()
            .map(|(name, shape)| {
                let cells = shape.iter().product::<u32>() as usize;
                let weights: Vec<f32> = (0..cells).map(|at| (at % 7) as f32 - 3.0).collect();
                if shape.len() == 2 {
                    Tensor::steps(&name, &shape, &weights, Packing::Small)
                } else {
                    Tensor::halves(&name, &shape, &weights)
                }
            })
            .collect();
        Encoder { name: "tiny".into(), licence: "MIT".into(), source: [7; 32], config, vocabulary, tensors }
    }

    #[test]
    fn what_is_encoded_decodes_again_and_the_bytes_are_the_same_each_time() {
        let encoder = tiny();
        let file = encoder.encode("tiny.mcd").unwrap();
        assert_eq!(Encoder::decode("tiny.mcd", &file), Ok(encoder.clone()));
        assert_eq!(encoder.encode("tiny.mcd").unwrap(), file);
    }

    /// The frame would find any of these by its checksum, so the payload is damaged before it is sealed.
    #[test]
    fn damage_under_an_intact_frame_is_an_error_or_another_whole_encoder_never_a_panic() {
        let raw = postcard::to_allocvec(&tiny()).unwrap();
        for end in 0..raw.len() {
            assert!(
                Encoder::decode("t", &frame::seal(Kind::Encoder, &raw[..end])).is_err(),
                "truncated at {end}"
            );
        }
        for at in 0..raw.len() {
            for flip in [0x01, 0x55, 0x80, 0xff] {
                let mut bad = raw.clone();
                bad[at] ^= flip;
                if let Ok(encoder) = Encoder::decode("t", &frame::seal(Kind::Encoder, &bad)) {
                    assert!(encoder.tensors.iter().all(|tensor| tensor.expected_len() == Some(tensor.len())));
                }
            }
        }
    }

    #[test]
    fn a_tensor_of_another_shape_is_refused_with_both_shapes() {
        let mut encoder = tiny();
        encoder.tensors[0].shape = vec![6, 4];
        let error = encoder.encode("tiny.mcd").unwrap_err();
        assert_eq!(
            error.to_string(),
            "tiny.mcd: expected embeddings.word_embeddings.weight of 5 × 4, \
             got embeddings.word_embeddings.weight of 6 × 4; \
             the file is damaged or incomplete: fetch it again, or rebuild the site"
        );
    }

    #[test]
    fn heads_that_do_not_divide_are_refused() {
        let mut encoder = tiny();
        encoder.config.heads = 3;
        let error = encoder.encode("tiny.mcd").unwrap_err();
        assert!(error.to_string().contains("expected heads that divide 4, got 3"), "{error}");
    }
}
