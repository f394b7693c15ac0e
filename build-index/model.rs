//! Bringing an encoder: a folder as model hubs publish them, packed into the one file that sites carry.
//!
//! ```text
//! config.json ────────► shape ──────────┐
//! tokenizer.json ─────► word pieces ────┤
//!   (or vocab.txt)                      ├─► encoder file (format/encoder.rs)
//! model.safetensors ──► weights ────────┤
//! 1_Pooling/config.json, README.md ─────┘   pooling, licence, when they are there
//! ```
//!
//! Any encoder of the BERT family with WordPiece, GELU and absolute positions will do. The same folder always packs to
//! the same bytes. Nothing is fetched: how the folder came here is its owner's business.

mod source;

use std::path::Path;

use mcdewey_embed::EmbedError;
use mcdewey_format::encoder::{Encoder, Packing, TOKEN_LIMIT, Tensor, by};
use mcdewey_format::frame;
use mcdewey_format::{Error, Result};
use safetensors::{Dtype, SafeTensors};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The file of weights in the folder.
const WEIGHTS: &str = "model.safetensors";

/// Packs the encoder in `folder` under the name that people will see. Returns the bytes of the encoder file.
///
/// # Errors
/// A missing or unreadable file, an encoder of another family, a tensor that is missing or has another shape.
pub fn pack(folder: &Path, name: &str, packing: Packing) -> Result<Vec<u8>> {
    let (config, position_rows) = source::config(folder)?;
    let vocabulary = source::vocabulary(folder)?;
    let licence = source::licence(folder);
    let bytes = source::read(folder, WEIGHTS)?;
    let weights = SafeTensors::deserialize(&bytes).map_err(|error| {
        let way_out = "the download may be incomplete: fetch the file again";
        Error::new(WEIGHTS, "a whole safetensors file", error.to_string(), way_out)
    })?;
    let pieces = vocabulary.len() as u32;
    let tensors = config
        .tensors(pieces)
        .into_iter()
        .map(|(name, shape)| tensor(&weights, &name, &shape, position_rows, packing))
        .collect::<Result<Vec<_>>>()?;
    let source = Sha256::digest(&bytes).into();
    Encoder { name: name.to_owned(), licence, source, config, vocabulary, tensors }.encode(name)
}

/// What a packed encoder is, for the person who is about to ship it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What people call it.
    pub name: String,
    /// The licence of the weights (SPDX); empty when the source did not say.
    pub licence: String,
    /// SHA-256 of the weights it was packed from, in hexadecimal.
    pub source: String,
    /// Numbers in a vector.
    pub dims: usize,
    /// Layers of attention.
    pub layers: u32,
    /// Heads in a layer.
    pub heads: u32,
    /// Word pieces in the vocabulary.
    pub pieces: usize,
    /// Weights of all tensors together.
    pub weights: usize,
    /// Length of the file.
    pub bytes: usize,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// What sites and queries name it by.
    pub fingerprint: String,
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "{} ({}), {} dimensions, {} layers of {} heads",
            self.name, self.licence, self.dims, self.layers, self.heads
        )?;
        writeln!(f, "{} word pieces, {} weights in {} bytes", self.pieces, self.weights, self.bytes)?;
        writeln!(f, "fingerprint {}, sha256 {}", self.fingerprint, self.sha256)?;
        write!(f, "packed from weights with sha256 {}", self.source)
    }
}

/// Checks that `bytes` are an encoder that works: it is decoded, loaded and asked for one vector.
///
/// # Errors
/// A file that is damaged or not an encoder, or a transformer that the engine refuses.
pub fn verify(file_name: &str, bytes: &[u8]) -> std::result::Result<Report, EmbedError> {
    let encoder = Encoder::decode(file_name, bytes)?;
    let ready = mcdewey_embed::Encoder::from_bytes(file_name, bytes)?;
    ready.embed(&encoder.name)?;
    Ok(Report {
        dims: ready.dims(),
        layers: encoder.config.layers,
        heads: encoder.config.heads,
        pieces: encoder.vocabulary.len(),
        weights: encoder.tensors.iter().map(|tensor| tensor.rows() * tensor.columns()).sum(),
        bytes: bytes.len(),
        sha256: hex(&Sha256::digest(bytes)),
        fingerprint: format!("{:016x}", frame::content_hash(bytes)),
        source: hex(&encoder.source),
        name: encoder.name,
        licence: encoder.licence,
    })
}

/// Finds the tensor `name`, checks its shape and packs it: matrices as steps, the rest as halves.
fn tensor(
    weights: &SafeTensors<'_>,
    name: &str,
    shape: &[u32],
    position_rows: u32,
    packing: Packing,
) -> Result<Tensor> {
    let old = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
    let found = [name, &old]
        .into_iter()
        .flat_map(|name| [name.to_owned(), format!("bert.{name}")])
        .find_map(|name| weights.tensor(&name).ok());
    let Some(found) = found else {
        return Err(wrong(format!("a tensor {name}"), "none of that name".to_owned()));
    };
    let got: Vec<u32> = found.shape().iter().map(|&axis| u32::try_from(axis).unwrap_or(u32::MAX)).collect();
    // Two tables are cut to what is used: positions beyond the token limit and all segment types but the first.
    let fits = match name {
        "embeddings.position_embeddings.weight" => got == [position_rows, shape[1]],
        "embeddings.token_type_embeddings.weight" => got.len() == 2 && got[0] >= 1 && got[1] == shape[1],
        _ => got == shape,
    };
    if !fits {
        return Err(wrong(format!("{name} of {}", by(shape)), by(&got)));
    }
    let cells = shape.iter().map(|&axis| axis as usize).product();
    let numbers = numbers(name, found.dtype(), found.data(), cells)?;
    let large = shape.len() == 2 && shape[0] > 1;
    Ok(if large {
        Tensor::steps(name, shape, &numbers, packing)
    } else {
        Tensor::halves(name, shape, &numbers)
    })
}

/// The first `cells` numbers of a tensor's bytes.
fn numbers(name: &str, kind: Dtype, bytes: &[u8], cells: usize) -> Result<Vec<f32>> {
    let numbers: Vec<f32> = match kind {
        Dtype::F32 => {
            bytes.chunks_exact(4).take(cells).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
        }
        Dtype::F16 => bytes
            .chunks_exact(2)
            .take(cells)
            .map(|b| half::f16::from_le_bytes([b[0], b[1]]).to_f32())
            .collect(),
        Dtype::BF16 => bytes
            .chunks_exact(2)
            .take(cells)
            .map(|b| half::bf16::from_le_bytes([b[0], b[1]]).to_f32())
            .collect(),
        other => return Err(wrong(format!("{name} in F32, F16 or BF16"), other.to_string())),
    };
    if let Some(at) = numbers.iter().position(|number| !number.is_finite()) {
        return Err(wrong(format!("finite numbers in {name}"), format!("{} at {at}", numbers[at])));
    }
    Ok(numbers)
}

fn wrong(expected: String, got: String) -> Error {
    let way_out = "the weights belong to another model than config.json: fetch both from the same place";
    Error::new(WEIGHTS, expected, got, way_out)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How many rows of positions are kept, as the format wants it.
fn kept_positions(rows: u32) -> Result<u32> {
    let limit = TOKEN_LIMIT as u32;
    if rows < limit {
        let way_out = "this encoder reads texts that are too short for passages: choose another";
        return Err(Error::new(
            "config.json",
            format!("at least {limit} positions"),
            rows.to_string(),
            way_out,
        ));
    }
    Ok(limit)
}

#[cfg(test)]
mod tests;
