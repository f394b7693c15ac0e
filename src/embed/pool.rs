//! From the states of all tokens to one vector of unit length.
//!
//! ```text
//! v = (Σ_t state[t]) / √(Σ_i (Σ_t state[t][i])²)        mean; or state[0] in the place of the sum
//! ```
//!
//! The mean counts [CLS] and [SEP], as sentence-transformers does. It is never divided by the number of tokens: the
//! length is made one anyway. Sums run in order, so they are the same on every machine.

use mcdewey_format::encoder::Pooling;

/// The unit vector of `states` (tokens × `dims`), or nothing if it has no direction.
pub(crate) fn unit(states: &[f32], dims: usize, pooling: Pooling) -> Option<Vec<f32>> {
    let mut sum = vec![0.0f32; dims];
    let counted = match pooling {
        Pooling::Mean => states.len(),
        Pooling::First => dims.min(states.len()),
    };
    for state in states[..counted].chunks_exact(dims) {
        for (to, number) in sum.iter_mut().zip(state) {
            *to += number;
        }
    }
    let length = sum.iter().map(|&number| f64::from(number) * f64::from(number)).sum::<f64>().sqrt();
    if !(length.is_finite() && length > 0.0) {
        return None;
    }
    let scale = (1.0 / length) as f32;
    for number in &mut sum {
        *number *= scale;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_two_tokens_has_unit_length() {
        let unit = unit(&[3.0, 0.0, 0.0, 4.0], 2, Pooling::Mean).unwrap();
        assert!((unit[0] - 0.6).abs() < 1e-6 && (unit[1] - 0.8).abs() < 1e-6);
    }

    #[test]
    fn first_pooling_sees_the_first_token_only() {
        assert_eq!(unit(&[2.0, 0.0, 0.0, 4.0], 2, Pooling::First), Some(vec![1.0, 0.0]));
    }

    #[test]
    fn zero_and_not_a_number_have_no_direction() {
        assert_eq!(unit(&[0.0, 0.0], 2, Pooling::Mean), None);
        assert_eq!(unit(&[f32::NAN, 1.0], 2, Pooling::Mean), None);
    }
}
