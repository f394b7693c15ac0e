//! Vectors → the directions in which they differ most.
//!
//! Principal components of the second-moment matrix `Σ v·vᵀ`, not centred: scores are dot products, and a dot product
//! with the mean taken away is another score. The matrix is summed in input order in double precision; a library with
//! fewer passages than directions loses nothing, since its passages lie in the span that is kept.

use nalgebra::{DMatrix, SymmetricEigen};

/// Vectors that the fit looks at; more do not move the directions, and the sum is quadratic in their length.
const SAMPLE: usize = 20_000;

/// The `count` leading directions of the vectors numbered `0..of`, each of unit length, the strongest first.
pub(super) fn principal_rows(of: usize, vector: impl Fn(usize) -> Vec<f32>, count: usize) -> Vec<Vec<f32>> {
    let dims = vector(0).len();
    let step = of.div_ceil(SAMPLE).max(1);
    let mut moments = DMatrix::<f64>::zeros(dims, dims);
    for vector in (0..of).step_by(step).map(vector) {
        let wide: Vec<f64> = vector.iter().map(|&x| f64::from(x)).collect();
        for (n, &x) in wide.iter().enumerate() {
            let mut column = moments.column_mut(n);
            for (sum, &y) in column.iter_mut().zip(&wide) {
                *sum += x * y;
            }
        }
    }
    let eigen = SymmetricEigen::new(moments);
    let mut order: Vec<usize> = (0..dims).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]).then(a.cmp(&b)));
    order.truncate(count);
    order
        .into_iter()
        .map(|n| {
            let column = eigen.eigenvectors.column(n);
            // A direction and its opposite are the same; the largest component decides the sign.
            let peak = column.iter().fold(0f64, |peak, &x| if x.abs() > peak.abs() { x } else { peak });
            column.iter().map(|&x| (x * peak.signum()) as f32).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::principal_rows;

    #[test]
    fn the_direction_with_most_in_it_comes_first() {
        let vectors = [vec![0.8, 0.6, 0.0], vec![0.6, 0.8, 0.0], vec![0.7, 0.7, 0.1]];
        let rows = principal_rows(vectors.len(), |n| vectors[n].clone(), 2);
        assert_eq!(rows.len(), 2);
        assert!((rows[0][0] - rows[0][1]).abs() < 0.05 && rows[0][0] > 0.6, "{rows:?}");
        for row in &rows {
            assert!((row.iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-5);
        }
    }
}
