//! Unit vectors in few bytes.
//!
//! A *code* is a symmetric scalar quantisation with one scale a vector:
//!
//! ```text
//!  ├ scale f16 ┼ component 0 … dims-1 ┤     x_i ≈ scale · q_i
//!      2 B       Int8: one byte each       q_i in -127 … 127
//!                Int4: two a byte, low     q_i in -8 … 7, stored + 8; the scale is the one of several
//!                nibble first              clips that leaves the smallest squared error
//! ```
//!
//! Scores are compared, never trusted to their last digit, so a code may be coarse where a finer one re-scores. And an
//! Int8 code may keep to fewer counts than it has room for ([`encode_coarse`]): the frame around the file spends bits by
//! frequency, so what is rounded away is not shipped.

use half::f16;

/// How many bits a component keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum Bits {
    /// Sixteen levels, half a byte.
    Int4,
    /// 255 levels, one byte.
    Int8,
}

/// Bytes of one code of `dims` components.
pub const fn code_len(bits: Bits, dims: usize) -> usize {
    2 + match bits {
        Bits::Int4 => dims.div_ceil(2),
        Bits::Int8 => dims,
    }
}

/// Appends an Int8 code of `vector` to `out` whose counts are `-most` … `most`, at most 127. With 31 that is 3 to 4 bits a
/// component under the frame's Huffman codes where principal components fall off, and 320 of them rank better than 192 at
/// eight bits, in fewer bytes (`tests/relevance/README.md`).
pub fn encode_coarse(vector: &[f32], most: u8, out: &mut Vec<u8>) {
    encode_int8(vector, f32::from(most), out);
}

fn encode_int8(vector: &[f32], most: f32, out: &mut Vec<u8>) {
    let peak = vector.iter().fold(0f32, |peak, x| peak.max(x.abs()));
    let scale = f16::from_f32(peak / most);
    out.extend_from_slice(&scale.to_le_bytes());
    out.extend(vector.iter().map(|&x| quantised(x, scale.to_f32(), -127, 127) as u8));
}

/// Appends the code of `vector` to `out`.
pub fn encode(bits: Bits, vector: &[f32], out: &mut Vec<u8>) {
    match bits {
        Bits::Int8 => encode_int8(vector, 127.0, out),
        Bits::Int4 => {
            let peak = vector.iter().fold(0f32, |peak, x| peak.max(x.abs()));
            let scale = best_int4_scale(vector, peak);
            out.extend_from_slice(&scale.to_le_bytes());
            let nibble =
                |x: Option<&f32>| (quantised(x.copied().unwrap_or(0.0), scale.to_f32(), -8, 7) + 8) as u8;
            out.extend(vector.chunks(2).map(|pair| nibble(pair.first()) | nibble(pair.get(1)) << 4));
        }
    }
}

/// The dot product of `query` with a code; 0 where the code is shorter than its length says.
pub fn dot(bits: Bits, query: &[f32], code: &[u8]) -> f32 {
    let Some((scale, body)) = code.split_at_checked(2) else { return 0.0 };
    let scale = f16::from_le_bytes([scale[0], scale[1]]).to_f32();
    // Eight running sums let the compiler use vector registers without changing the order of additions, which is
    // part of the format: the same query gives the same score on every machine.
    let mut sums = [0f32; 8];
    match bits {
        Bits::Int8 => {
            for (xs, qs) in query.chunks(8).zip(body.chunks(8)) {
                for ((sum, &x), &q) in sums.iter_mut().zip(xs).zip(qs) {
                    *sum += x * f32::from(q as i8);
                }
            }
        }
        Bits::Int4 => {
            for (xs, qs) in query.chunks(8).zip(body.chunks(4)) {
                for (n, &x) in xs.iter().enumerate() {
                    let nibble = qs.get(n / 2).map_or(8, |&byte| byte >> (n % 2 * 4) & 15);
                    sums[n] += x * (f32::from(nibble) - 8.0);
                }
            }
        }
    }
    scale * sums.iter().sum::<f32>()
}

/// A code taken apart, for who compares it with thousands of vectors: [`Unpacked::dot`] is [`dot`] to the last bit.
#[derive(Debug, Clone, PartialEq)]
pub struct Unpacked {
    scale: f32,
    numbers: Vec<f32>,
}

impl Unpacked {
    /// The parts of an eight-bit code; of nothing where it is shorter than its length says.
    pub fn of_int8(code: &[u8]) -> Self {
        let Some((scale, body)) = code.split_at_checked(2) else {
            return Self { scale: 0.0, numbers: Vec::new() };
        };
        let numbers = body.iter().map(|&q| f32::from(q as i8)).collect();
        Self { scale: f16::from_le_bytes([scale[0], scale[1]]).to_f32(), numbers }
    }

    /// The dot product of `query` with the code.
    pub fn dot(&self, query: &[f32]) -> f32 {
        let mut sums = [0f32; 8];
        let (xs, qs) = (query.chunks_exact(8), self.numbers.chunks_exact(8));
        let rest = xs.remainder().iter().zip(qs.remainder());
        for (xs, qs) in xs.clone().zip(qs.clone()) {
            for ((sum, x), q) in sums.iter_mut().zip(xs).zip(qs) {
                *sum += x * q;
            }
        }
        sums.iter_mut().zip(rest).for_each(|(sum, (x, q))| *sum += x * q);
        self.scale * sums.iter().sum::<f32>()
    }
}

/// The vector of `dims` components that a code stands for.
pub fn decode(bits: Bits, dims: usize, code: &[u8]) -> Vec<f32> {
    let Some((scale, body)) = code.split_at_checked(2) else { return vec![0.0; dims] };
    let scale = f16::from_le_bytes([scale[0], scale[1]]).to_f32();
    let component = |n: usize| match bits {
        Bits::Int8 => body.get(n).map_or(0.0, |&q| f32::from(q as i8)),
        Bits::Int4 => body.get(n / 2).map_or(0.0, |&byte| f32::from(byte >> (n % 2 * 4) & 15) - 8.0),
    };
    (0..dims).map(|n| scale * component(n)).collect()
}

fn quantised(x: f32, scale: f32, low: i32, high: i32) -> i32 {
    if scale > 0.0 { ((x / scale).round() as i32).clamp(low, high) } else { 0 }
}

/// Tries clips between half the peak and the whole peak, and keeps the one with the smallest squared error.
fn best_int4_scale(vector: &[f32], peak: f32) -> f16 {
    let error = |scale: f16| -> f32 {
        let scale = scale.to_f32();
        vector.iter().map(|&x| (quantised(x, scale, -8, 7) as f32 * scale - x).powi(2)).sum()
    };
    let scales = (0..=10u8).map(|step| f16::from_f32(peak * (0.5 + 0.05 * f32::from(step)) / 7.5));
    scales.min_by(|&a, &b| error(a).total_cmp(&error(b))).unwrap_or(f16::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(seed: u32, dims: usize) -> Vec<f32> {
        let mut state = seed;
        let mut vector: Vec<f32> = (0..dims)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) as f32 / 8_388_608.0 - 1.0
            })
            .collect();
        let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        vector.iter_mut().for_each(|x| *x /= norm);
        vector
    }

    #[test]
    fn a_coarse_code_has_few_counts_and_loses_little() {
        let vector = unit(5, 320);
        let mut code = Vec::new();
        encode_coarse(&vector, 31, &mut code);
        assert_eq!(code.len(), code_len(Bits::Int8, 320));
        assert!(code[2..].iter().all(|&count| (count as i8).abs() <= 31));
        assert!(dot(Bits::Int8, &vector, &code) > 0.998);
    }

    #[test]
    fn codes_keep_the_direction() {
        for (bits, least) in [(Bits::Int4, 0.985), (Bits::Int8, 0.9999)] {
            for dims in [1, 7, 192, 193] {
                let vector = unit(dims as u32, dims);
                let mut code = Vec::new();
                encode(bits, &vector, &mut code);
                assert_eq!(code.len(), code_len(bits, dims));
                let back = decode(bits, dims, &code);
                let norm = back.iter().map(|x| x * x).sum::<f32>().sqrt();
                let cosine: f32 = back.iter().zip(&vector).map(|(a, b)| a * b).sum::<f32>() / norm;
                assert!(cosine > least, "{bits:?} at {dims} dims keeps {cosine}");
            }
        }
    }

    #[test]
    fn a_dot_product_is_the_dot_product_of_what_the_code_stands_for() {
        for bits in [Bits::Int4, Bits::Int8] {
            let (vector, query) = (unit(1, 100), unit(2, 100));
            let mut code = Vec::new();
            encode(bits, &vector, &mut code);
            let slow: f32 = decode(bits, 100, &code).iter().zip(&query).map(|(a, b)| a * b).sum();
            assert!((dot(bits, &query, &code) - slow).abs() < 1e-5);
        }
    }

    #[test]
    fn a_code_taken_apart_gives_the_same_product_to_the_last_bit() {
        for dims in [1, 7, 8, 100, 384] {
            let mut code = Vec::new();
            encode(Bits::Int8, &unit(3, dims), &mut code);
            let query = unit(4, dims);
            let (fast, slow) = (Unpacked::of_int8(&code).dot(&query), dot(Bits::Int8, &query, &code));
            assert_eq!(fast.to_bits(), slow.to_bits(), "{dims} components");
        }
        assert_eq!(Unpacked::of_int8(&[]).dot(&[1.0]), 0.0);
    }

    #[test]
    fn short_codes_and_zero_vectors_are_harmless() {
        assert_eq!(dot(Bits::Int8, &[1.0], &[]), 0.0);
        let mut code = Vec::new();
        encode(Bits::Int4, &[0.0; 5], &mut code);
        assert_eq!(dot(Bits::Int4, &[1.0; 5], &code), 0.0);
        assert_eq!(decode(Bits::Int8, 3, &code[..2]), [0.0; 3]);
    }
}
