//! Variable-length numbers: seven bits a byte, low bits first, the high bit says that more follow (LEB128).

use crate::{Error, Result, error::REBUILD};

/// Appends `value` to `out`: one byte below 128, five at most.
pub fn put(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Reads numbers from the front of a byte list. Running out is an error, never a panic.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    file: &'a str,
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads `bytes`, a part of `file`.
    pub fn new(file: &'a str, bytes: &'a [u8]) -> Self {
        Self { file, bytes }
    }

    /// The next byte.
    ///
    /// # Errors
    /// When no byte is left.
    pub fn byte(&mut self) -> Result<u8> {
        let (&first, rest) =
            self.bytes.split_first().ok_or_else(|| self.malformed("a list that ends too early"))?;
        self.bytes = rest;
        Ok(first)
    }

    /// The next number.
    ///
    /// # Errors
    /// When the list ends inside a number, or the number has more than 32 bits.
    pub fn number(&mut self) -> Result<u32> {
        let mut value = 0u64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(value).map_err(|_| self.malformed("a number past 32 bits"));
            }
        }
        Err(self.malformed("a number past 32 bits"))
    }

    /// What has not been read.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    fn malformed(&self, got: &str) -> Error {
        Error::new(self.file, "a list of numbers", got, REBUILD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let values = [0, 1, 127, 128, 16_383, 16_384, u32::MAX];
        let mut bytes = Vec::new();
        values.into_iter().for_each(|value| put(&mut bytes, value));
        let mut reader = Reader::new("t", &bytes);
        for value in values {
            assert_eq!(reader.number(), Ok(value));
        }
        assert!(reader.is_empty());
        assert!(reader.number().is_err());
        assert!(Reader::new("t", &[0xff; 9]).number().is_err());
    }
}
