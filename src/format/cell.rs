//! A cell: the passages whose vectors lie near one centroid.
//!
//! ```text
//! members: for each passage  chunk delta (varint) · place of the passage in its chunk (varint)
//! codes:   one code a passage, in the same order
//! ```
//!
//! Passages are sorted by chunk, so deltas are small; codes are coarse, see [`code::encode_coarse`].

use serde::{Deserialize, Serialize};

use crate::code::{self, Bits};
use crate::{Error, Kind, Result, error::REBUILD, read, wire, write};

/// A passage of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// Number of the chunk in the library.
    pub chunk: u32,
    /// Place of the passage in its chunk, from 0.
    pub passage: u32,
}

/// The vectors of one cluster of passages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Passages, sorted.
    pub members: Vec<Member>,
    /// Bits a component.
    pub bits: Bits,
    /// Components of a vector.
    pub dims: u16,
    codes: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Body {
    count: u32,
    bits: Bits,
    dims: u16,
    #[serde(with = "serde_bytes")]
    members: Vec<u8>,
    #[serde(with = "serde_bytes")]
    codes: Vec<u8>,
}

impl Cell {
    /// A cell of the given passages, which must be sorted, with `dims` numbers of a projected vector each, told in counts of
    /// at most `most`.
    pub fn new<'a>(dims: u16, most: u8, passages: impl IntoIterator<Item = (Member, &'a [f32])>) -> Self {
        let mut cell = Self { members: Vec::new(), bits: Bits::Int8, dims, codes: Vec::new() };
        for (member, vector) in passages {
            cell.members.push(member);
            code::encode_coarse(vector, most, &mut cell.codes);
        }
        cell
    }

    /// Each passage with the dot product of `query` and its vector.
    pub fn scores<'a>(&'a self, query: &'a [f32]) -> impl Iterator<Item = (Member, f32)> + 'a {
        let code_len = code::code_len(self.bits, usize::from(self.dims));
        let codes = self.codes.chunks_exact(code_len);
        self.members.iter().zip(codes).map(|(&member, code)| (member, code::dot(self.bits, query, code)))
    }

    /// The file's bytes.
    pub fn to_file(&self) -> Vec<u8> {
        let mut members = Vec::with_capacity(self.members.len() * 3);
        let mut before = 0;
        for member in &self.members {
            wire::put(&mut members, member.chunk - before);
            wire::put(&mut members, member.passage);
            before = member.chunk;
        }
        let count = self.members.len() as u32;
        write(
            Kind::Cell,
            &Body { count, bits: self.bits, dims: self.dims, members, codes: self.codes.clone() },
        )
    }

    /// Reads a file's bytes.
    ///
    /// # Errors
    /// When the frame or the body is not that of a whole cell.
    pub fn from_file(file: &str, bytes: &[u8]) -> Result<Self> {
        let Body { count, bits, dims, members: packed, codes } = read(file, Kind::Cell, bytes)?;
        let expected = count as usize * code::code_len(bits, usize::from(dims));
        if codes.len() != expected {
            let got = format!("{}", codes.len());
            return Err(Error::new(file, format!("{expected} bytes of codes"), got, REBUILD));
        }
        let mut numbers = wire::Reader::new(file, &packed);
        let mut members = Vec::with_capacity(count as usize);
        let mut chunk = 0u32;
        for _ in 0..count {
            chunk = chunk.saturating_add(numbers.number()?);
            members.push(Member { chunk, passage: numbers.number()? });
        }
        Ok(Self { members, bits, dims, codes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_comes_back_and_scores() {
        let passages = [(3, 0, [1.0, 0.0]), (3, 1, [0.0, 1.0]), (900, 0, [0.6, 0.8])];
        let members = passages
            .iter()
            .map(|(chunk, passage, vector)| (Member { chunk: *chunk, passage: *passage }, vector.as_slice()));
        let cell = Cell::new(2, 127, members);
        let again = Cell::from_file("c", &cell.to_file()).unwrap();
        assert_eq!(again, cell);
        let scores: Vec<(u32, f32)> =
            again.scores(&[0.0, 1.0]).map(|(member, score)| (member.chunk, score)).collect();
        assert_eq!(scores[0], (3, 0.0));
        assert!((scores[2].1 - 0.8).abs() < 0.01);
    }

    #[test]
    fn a_count_that_promises_too_much_is_refused_before_memory_is_asked_for() {
        let body =
            Body { count: u32::MAX, bits: Bits::Int8, dims: 192, members: vec![0; 8], codes: vec![0; 8] };
        let error = Cell::from_file("c.mcd", &write(Kind::Cell, &body)).unwrap_err();
        assert!(error.to_string().contains("bytes of codes, got 8"), "{error}");
    }
}
