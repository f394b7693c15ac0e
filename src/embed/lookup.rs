//! The input of the transformer: for each token, word + position + type, summed.
//!
//! ```text
//! x[t] = words[id(t)] + positions[t] + types[0]
//! ```
//!
//! Rows are brought to floating point when they are needed. A query needs a dozen of the 30,522 word rows, and the
//! whole table as `f32` would be 47 MB of a phone's memory.

use mcdewey_format::encoder::Tensor;

/// The three tables of embeddings.
pub(crate) struct Lookup {
    words: Tensor,
    positions: Tensor,
    /// Type 0, the only one a single text uses.
    kind: Vec<f32>,
}

/// Takes a decoded encoder's tensors apart: the three tables, and what the layers need.
pub(crate) fn split(mut tensors: Vec<Tensor>) -> ([Tensor; 3], Vec<Tensor>) {
    let layers = tensors.split_off(3);
    let types = tensors.remove(2);
    let positions = tensors.remove(1);
    let words = tensors.remove(0);
    ([words, positions, types], layers)
}

impl Lookup {
    pub(crate) fn new([words, positions, types]: [Tensor; 3], hidden: usize) -> Self {
        let mut kind = vec![0.0; hidden];
        types.add_row(0, &mut kind);
        Self { words, positions, kind }
    }

    /// The rows for `ids`, one after the other.
    pub(crate) fn embed(&self, ids: &[u32]) -> Vec<f32> {
        let mut input = self.kind.repeat(ids.len());
        for ((at, &id), row) in ids.iter().enumerate().zip(input.chunks_exact_mut(self.kind.len())) {
            self.words.add_row(id as usize, row);
            self.positions.add_row(at, row);
        }
        input
    }
}
