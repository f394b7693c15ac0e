//! The matrix that takes an encoder's vector into the space of the cells.
//!
//! ```text
//! vector (dims_in, unit length) ──► rows · vector ──► (dims_out)
//! ```
//!
//! The rows are the leading principal directions of the site's own passages, not centred (PCA by the second-moment
//! matrix), one [`code`](crate::code) of eight bits each. It is fetched together with the encoder, so a
//! visitor who only types words never pays for it.

use serde::{Deserialize, Serialize};

use crate::code::{self, Bits, Unpacked};
use crate::{Error, Kind, Result, error::REBUILD, read, write};

/// A linear map between two vector spaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Projection {
    /// Fingerprint of the encoder whose vectors this takes.
    pub encoder: u64,
    /// Components of the encoder's vector.
    pub dims_in: u16,
    /// Components after projection.
    pub dims_out: u16,
    /// `dims_out` codes of `dims_in` components.
    #[serde(with = "serde_bytes")]
    rows: Vec<u8>,
}

impl Projection {
    /// A projection with the given rows, each of `dims_in` components.
    pub fn new(encoder: u64, dims_in: u16, rows: &[Vec<f32>]) -> Self {
        let mut codes = Vec::with_capacity(rows.len() * code::code_len(Bits::Int8, usize::from(dims_in)));
        rows.iter().for_each(|row| code::encode(Bits::Int8, row, &mut codes));
        Self { encoder, dims_in, dims_out: rows.len() as u16, rows: codes }
    }

    /// The image of `vector`, scaled to unit length (a zero vector stays zero).
    ///
    /// The directions that were dropped carry nothing that tells passages apart, so the length that the query had in
    /// them is given back.
    pub fn apply(&self, vector: &[f32]) -> Vec<f32> {
        unit(self.rows().map(|row| code::dot(Bits::Int8, vector, row)).collect())
    }

    /// [`Projection::apply`] for who has thousands of vectors: the rows are unpacked once. The same to the last bit.
    pub fn ready(&self) -> impl Fn(&[f32]) -> Vec<f32> + Sync + use<> {
        let rows: Vec<Unpacked> = self.rows().map(Unpacked::of_int8).collect();
        move |vector| unit(rows.iter().map(|row| row.dot(vector)).collect())
    }

    fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.rows.chunks(code::code_len(Bits::Int8, usize::from(self.dims_in)))
    }

    /// The file's bytes.
    pub fn to_file(&self) -> Vec<u8> {
        write(Kind::Projection, self)
    }

    /// Reads a file's bytes.
    ///
    /// # Errors
    /// When the frame or the body is not that of a whole projection.
    pub fn from_file(file: &str, bytes: &[u8]) -> Result<Self> {
        let projection: Self = read(file, Kind::Projection, bytes)?;
        let expected =
            usize::from(projection.dims_out) * code::code_len(Bits::Int8, usize::from(projection.dims_in));
        if projection.rows.len() != expected {
            let got = format!("{}", projection.rows.len());
            return Err(Error::new(file, format!("{expected} bytes of rows"), got, REBUILD));
        }
        Ok(projection)
    }
}

/// The vector scaled to unit length.
fn unit(mut image: Vec<f32>) -> Vec<f32> {
    let norm = image.iter().map(|x| x * x).sum::<f32>().sqrt();
    if norm > 0.0 {
        image.iter_mut().for_each(|x| *x /= norm);
    }
    image
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_projection_comes_back_and_projects() {
        let projection = Projection::new(7, 3, &[vec![0.0, 1.0, 0.0], vec![1.0, 0.0, 0.0]]);
        let again = Projection::from_file("p", &projection.to_file()).unwrap();
        assert_eq!(again, projection);
        let image = again.apply(&[0.6, 0.8, 0.0]);
        assert!((image[0] - 0.8).abs() < 1e-3 && (image[1] - 0.6).abs() < 1e-3, "{image:?}");
        assert_eq!(again.apply(&[0.0, 0.0, 1.0]), [0.0, 0.0]);
        for vector in [[0.6, 0.8, 0.0], [0.36, 0.48, 0.8]] {
            assert_eq!(again.ready()(&vector), again.apply(&vector));
        }
    }

    #[test]
    fn rows_of_another_size_are_refused() {
        let mut projection = Projection::new(7, 3, &[vec![0.0, 1.0, 0.0]]);
        projection.rows.pop();
        let error = Projection::from_file("p.mcd", &projection.to_file()).unwrap_err();
        assert!(error.to_string().starts_with("p.mcd: expected 5 bytes of rows, got 4"), "{error}");
    }
}
