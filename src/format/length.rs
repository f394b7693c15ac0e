//! How long a chunk is, in one byte.

/// A length on a logarithmic scale: four steps an octave, so that a byte holds any length and packs well.
///
/// `code = round(4 · log2(1 + length))`; BM25 asks for no more than the ten per cent that this keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LengthCode(pub u8);

impl LengthCode {
    /// The code of a number of terms.
    pub fn of(length: u32) -> Self {
        // 4·log2(x) without platform logarithms: count octaves, then quarters of one.
        let x = f64::from(length) + 1.0;
        let octave = 31 - (length.saturating_add(1)).leading_zeros();
        let within = x / f64::from(1u32 << octave);
        let quarter = [1.0905, 1.2968, 1.5422, 1.8340].iter().filter(|&&edge| within >= edge).count();
        Self((octave * 4) as u8 + quarter as u8)
    }

    /// The length that the code stands for.
    pub fn length(self) -> f32 {
        let quarter = [1.0, 1.189_207_1, std::f32::consts::SQRT_2, 1.681_792_8][usize::from(self.0 % 4)];
        quarter * (1u64 << (self.0 / 4).min(40)) as f32 - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_codes_keep_a_tenth() {
        for length in (0..5000).chain([100_000, u32::MAX - 1]) {
            let back = LengthCode::of(length).length();
            let exact = length as f32;
            assert!((back - exact).abs() <= 0.1 * (exact + 1.0), "{length} came back as {back}");
        }
    }
}
