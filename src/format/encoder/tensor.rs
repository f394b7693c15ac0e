//! How a table of weights is stored: halves, or steps counted per row.
//!
//! ```text
//! halves   ├ f16 LE × (rows · columns) ┤
//! steps    ├ f16 LE × rows: the step of each row ┼ i8 × (rows · columns): how many steps ┤
//! ```
//!
//! Small tensors (biases, normalisation) are halves. The large ones are *steps*: weight = step of its row × count.
//! A row's step is a fixed share of the row's root mean square (see [`step_of`]), not of its largest weight, so an
//! outlier costs a longer code instead of coarsening its whole row. Nothing is packed into nibbles: the frame
//! around the file spends on each count what its frequency deserves (Huffman codes), about 4.4 bits a weight at
//! [`Packing::Small`]. That beats four-bit blocks with their own scales: half the squared error in the same bytes.

use half::f16;
use serde::{Deserialize, Serialize};

/// How finely the large tensors are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Packing {
    /// About 4.4 bits a weight: what a visitor downloads.
    Small,
    /// About 5.4 bits a weight: for judging what `Small` costs, and where bytes do not matter.
    Fine,
}

impl Packing {
    /// Both packings, smallest first.
    pub const ALL: [Self; 2] = [Self::Small, Self::Fine];

    /// The word for this packing on the command line and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Fine => "fine",
        }
    }

    /// The step as a share of a row's root mean square.
    ///
    /// Every doubling of the step saves one bit a weight. At 0.2 no loss of nDCG@10 could be measured against floating
    /// point (`static/model/README.md` has the table); at 0.3 for words it began.
    const fn share(self) -> f32 {
        match self {
            Self::Small => 0.2,
            Self::Fine => 0.1,
        }
    }
}

/// The numbers of a tensor as they are stored; see the module for the layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Store {
    /// One half-precision number each.
    Halves(#[serde(with = "serde_bytes")] Vec<u8>),
    /// One signed count each, after one half-precision step a row.
    Steps(#[serde(with = "serde_bytes")] Vec<u8>),
}

/// A named table of weights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tensor {
    /// The name it has in `model.safetensors`, without a leading `bert.`.
    pub name: String,
    /// Length of each axis, one or two of them, row-major.
    pub shape: Vec<u32>,
    /// The numbers.
    pub store: Store,
}

impl Tensor {
    /// Stores `weights` as half-precision numbers. Deterministic.
    pub fn halves(name: &str, shape: &[u32], weights: &[f32]) -> Self {
        let bytes = weights.iter().flat_map(|&weight| f16::from_f32(weight).to_le_bytes()).collect();
        Self { name: name.to_owned(), shape: shape.to_vec(), store: Store::Halves(bytes) }
    }

    /// Stores `weights` as steps, `packing` saying how fine. Deterministic.
    ///
    /// A count is rounded to the nearest (ties to even) and held within ±127, which even at the finest packing is 12.7
    /// root mean squares of the row away from zero.
    pub fn steps(name: &str, shape: &[u32], weights: &[f32], packing: Packing) -> Self {
        let columns = shape.last().map_or(1, |&columns| columns as usize).max(1);
        let steps: Vec<f16> = weights.chunks(columns).map(|row| step_of(row, packing)).collect();
        let mut bytes: Vec<u8> = steps.iter().flat_map(|step| step.to_le_bytes()).collect();
        for (row, step) in weights.chunks(columns).zip(steps) {
            let step = step.to_f32();
            bytes.extend(row.iter().map(|weight| {
                let count =
                    if step > 0.0 { (weight / step).round_ties_even().clamp(-127.0, 127.0) } else { 0.0 };
                count as i8 as u8
            }));
        }
        Self { name: name.to_owned(), shape: shape.to_vec(), store: Store::Steps(bytes) }
    }

    /// Number of rows; a tensor with one axis is one row.
    pub fn rows(&self) -> usize {
        if self.shape.len() < 2 { 1 } else { self.shape[0] as usize }
    }

    /// Numbers in a row.
    pub fn columns(&self) -> usize {
        self.shape.last().map_or(0, |&columns| columns as usize)
    }

    /// Adds row `row` to `sum`, number by number. A row that does not exist adds nothing.
    ///
    /// This is how embeddings are looked up: the table of words never exists in floating point (47 MB).
    pub fn add_row(&self, row: usize, sum: &mut [f32]) {
        let (rows, columns) = (self.rows(), self.columns());
        if row >= rows {
            return;
        }
        match &self.store {
            Store::Halves(bytes) => {
                for (to, half) in sum.iter_mut().zip(bytes[row * columns * 2..].chunks_exact(2).take(columns))
                {
                    *to += f16::from_le_bytes([half[0], half[1]]).to_f32();
                }
            }
            Store::Steps(bytes) => {
                let step = f16::from_le_bytes([bytes[row * 2], bytes[row * 2 + 1]]).to_f32();
                for (to, &count) in sum.iter_mut().zip(&bytes[rows * 2 + row * columns..][..columns]) {
                    *to += step * f32::from(count as i8);
                }
            }
        }
    }

    /// All the numbers, row-major.
    pub fn to_f32(&self) -> Vec<f32> {
        let mut all = vec![0.0; self.rows() * self.columns()];
        for (row, sum) in all.chunks_mut(self.columns().max(1)).enumerate() {
            self.add_row(row, sum);
        }
        all
    }

    /// How many bytes the store must have for the shape, or nothing if that does not fit in memory.
    pub(super) fn expected_len(&self) -> Option<usize> {
        let cells = self.rows().checked_mul(self.columns())?;
        match self.store {
            Store::Halves(_) => cells.checked_mul(2),
            Store::Steps(_) => cells.checked_add(self.rows().checked_mul(2)?),
        }
    }

    /// How many bytes the store has.
    pub(super) fn len(&self) -> usize {
        match &self.store {
            Store::Halves(bytes) | Store::Steps(bytes) => bytes.len(),
        }
    }
}

/// step = share × √(Σ weight² / columns), in half precision. Summed in 64 bits, in order, so it is the same everywhere.
fn step_of(row: &[f32], packing: Packing) -> f16 {
    let squares: f64 = row.iter().map(|&weight| f64::from(weight) * f64::from(weight)).sum();
    let rms = (squares / row.len() as f64).sqrt();
    f16::from_f64(rms * f64::from(packing.share()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(count: usize) -> Vec<f32> {
        (0..count).map(|at| ((at * 37 % 101) as f32 - 50.0) / 40.0).collect()
    }

    #[test]
    fn halves_come_back_within_a_thousandth() {
        let weights = wave(60);
        for (back, weight) in Tensor::halves("t", &[60], &weights).to_f32().iter().zip(&weights) {
            assert!((back - weight).abs() <= weight.abs() / 1000.0, "{weight} came back as {back}");
        }
    }

    #[test]
    fn steps_come_back_within_half_a_step() {
        let weights = wave(120);
        for packing in Packing::ALL {
            let tensor = Tensor::steps("t", &[3, 40], &weights, packing);
            assert_eq!(Some(tensor.len()), tensor.expected_len());
            for (row, numbers) in weights.chunks(40).enumerate() {
                let mut back = vec![0.0; 40];
                tensor.add_row(row, &mut back);
                let half_step = step_of(numbers, packing).to_f32() * 0.5001;
                assert!(back.iter().zip(numbers).all(|(back, number)| (back - number).abs() <= half_step));
            }
        }
    }

    #[test]
    fn a_row_of_zeros_stays_zero_and_a_missing_row_adds_nothing() {
        let tensor = Tensor::steps("t", &[2, 4], &[0.0; 8], Packing::Small);
        assert_eq!(tensor.to_f32(), [0.0; 8]);
        let mut sum = [1.0; 4];
        tensor.add_row(2, &mut sum);
        assert_eq!(sum, [1.0; 4]);
    }
}
