//! A vector for every word, so that a query's meaning is a sum.
//!
//! The transformer's vector of a few words is approximated by the sum of one vector a word, fitted by ridge
//! regression on spans of the library itself:
//!
//! ```text
//! minimise over X   Σ spans ‖ y_s − 1/√n_s · Σ_{t in s} x_t ‖²  +  λ Σ_t ‖ x_t − p_t ‖²
//!
//! y_s  what the transformer says of the span, projected     n_s  words of the span
//! p_t  the prior: what it says of the word alone, shortened for frequent words (Arora et al., *A simple but
//!      tough-to-beat baseline for sentence embeddings*, 2017: a / (a + frequency)), times one gain for all
//! ```
//!
//! A word that many spans have is learned from them; one that none has keeps its prior. The length of `x_t` is its
//! weight in the query. Solved by conjugate gradients on the normal equations, component by component; the matrix has a
//! few entries a row and is never formed. `tests` hold it against a dense solver.
//!
//! Every span moves every word a little, and a word that moves changes a file. So while [`still_fits`], words keep the
//! vectors of the site before, and only new ones are fitted: the same sum, with the known `x_t` as they are.

use rayon::prelude::*;

/// How much the prior weighs against spans, in words of spans.
const PRIOR: f64 = 1.0;
/// `a` of the shortening: a word that makes up a thousandth of the library has half its length.
const FREQUENT: f64 = 1e-3;
/// Steps of the solver; with the prior the matrix is well conditioned, and a dozen reach single precision.
const STEPS: usize = 40;
/// The solver stops when the squared residual is this small beside the first.
const SMALL: f64 = 1e-10;

/// One new word in so many, and all are fitted anew.
const NEW_SHARE: usize = 10;

/// Spans as places in the table of terms.
pub(super) type Rows = Vec<Vec<u32>>;

/// Whether vectors that were fitted on another state of the library are still good, when so many words have none.
pub(super) fn still_fits(words: usize, new: usize) -> bool {
    new * NEW_SHARE < words
}

/// The vectors of all terms.
///
/// `rows` and `targets` are the spans; `prior` has the vector of each term alone (all of one length, zeros where there
/// is none) and `frequency` its share of all words. Terms that have a vector in `known` keep it.
pub(super) fn fit(
    rows: &Rows,
    targets: &[Vec<f32>],
    prior: &[Vec<f32>],
    frequency: &[f64],
    known: &[Option<Vec<f32>>],
) -> Vec<Vec<f32>> {
    let open: Vec<bool> = known.iter().map(Option::is_none).collect();
    if !open.contains(&true) {
        return known.iter().flatten().cloned().collect();
    }
    let dims = prior.first().map_or(0, Vec::len);
    let shorten: Vec<f64> = frequency.iter().map(|share| FREQUENT / (FREQUENT + share)).collect();
    let column = |d: usize| -> Vec<f64> {
        prior.iter().zip(&shorten).map(|(vector, shorten)| shorten * f64::from(vector[d])).collect()
    };
    let wanted = |d: usize| -> Vec<f64> { targets.iter().map(|vector| f64::from(vector[d])).collect() };

    // The gain: how long the prior must be to meet the spans best.
    let (mut with, mut square) = (0.0, 0.0);
    for d in 0..dims {
        let (said, wanted) = (forward(rows, &column(d)), wanted(d));
        with += dot(&said, &wanted);
        square += dot(&said, &said);
    }
    let gain = if square > 0.0 { with / square } else { 1.0 };

    let columns: Vec<Vec<f64>> = (0..dims)
        .into_par_iter()
        .map(|d| {
            let begin = |(x, known): (f64, &Option<Vec<f32>>)| {
                known.as_ref().map_or(gain * x, |known| f64::from(known[d]))
            };
            let mut x: Vec<f64> = column(d).into_iter().zip(known).map(begin).collect();
            let unsaid: Vec<f64> =
                wanted(d).iter().zip(forward(rows, &x)).map(|(y, said)| y - said).collect();
            let change = solve(rows, &back(rows, &unsaid, &open), &open);
            x.iter_mut().zip(change).for_each(|(x, change)| *x += change);
            x
        })
        .collect();
    (0..prior.len()).map(|t| columns.iter().map(|column| column[t] as f32).collect()).collect()
}

/// `A · x`.
fn forward(rows: &Rows, x: &[f64]) -> Vec<f64> {
    let sum = |row: &Vec<u32>| row.iter().map(|&t| x[t as usize]).sum::<f64>() / scale(row);
    rows.iter().map(sum).collect()
}

/// `Aᵀ · y`, for the terms that are open.
fn back(rows: &Rows, y: &[f64], open: &[bool]) -> Vec<f64> {
    let mut out = vec![0.0; open.len()];
    for (row, y) in rows.iter().zip(y) {
        let y = y / scale(row);
        row.iter().for_each(|&t| out[t as usize] += y);
    }
    out.iter_mut().zip(open).filter(|(_, open)| !**open).for_each(|(out, _)| *out = 0.0);
    out
}

fn scale(row: &[u32]) -> f64 {
    (row.len().max(1) as f64).sqrt()
}

/// `(AᵀA + λ)⁻¹ · b` by conjugate gradients (Hestenes, Stiefel, 1952), for the terms that are open.
fn solve(rows: &Rows, b: &[f64], open: &[bool]) -> Vec<f64> {
    let mut x = vec![0.0; b.len()];
    let mut residual = b.to_vec();
    let mut direction = residual.clone();
    let mut square = dot(&residual, &residual);
    let enough = square * SMALL;
    for _ in 0..STEPS {
        if square <= enough {
            break;
        }
        let mut image = back(rows, &forward(rows, &direction), open);
        image.iter_mut().zip(&direction).for_each(|(image, d)| *image += PRIOR * d);
        let step = square / dot(&direction, &image);
        x.iter_mut().zip(&direction).for_each(|(x, d)| *x += step * d);
        residual.iter_mut().zip(&image).for_each(|(r, image)| *r -= step * image);
        let next = dot(&residual, &residual);
        let turn = next / square;
        direction.iter_mut().zip(&residual).for_each(|(d, r)| *d = r + turn * *d);
        square = next;
    }
    x
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use nalgebra::{DMatrix, DVector};

    use super::*;

    #[test]
    fn the_fit_is_that_of_a_dense_solver() {
        let rows: Rows = vec![vec![0, 1], vec![1, 2, 3], vec![0, 3], vec![2]];
        let targets: Vec<Vec<f32>> =
            [[0.6, 0.8], [1.0, 0.0], [0.0, 1.0], [0.8, -0.6]].map(|row| row.to_vec()).into();
        let prior = vec![vec![0.0, 0.0]; 5];
        let found = fit(&rows, &targets, &prior, &[0.1; 5], &[const { None }; 5]);

        let mut a = DMatrix::<f64>::zeros(4, 5);
        for (s, row) in rows.iter().enumerate() {
            row.iter().for_each(|&t| a[(s, t as usize)] = 1.0 / (row.len() as f64).sqrt());
        }
        let normal = a.transpose() * &a + DMatrix::identity(5, 5) * PRIOR;
        for d in 0..2 {
            let y = DVector::from_iterator(4, targets.iter().map(|row| f64::from(row[d])));
            let exact = normal.clone().lu().solve(&(a.transpose() * y)).unwrap();
            for t in 0..5 {
                assert!((exact[t] - f64::from(found[t][d])).abs() < 1e-6, "term {t}, component {d}");
            }
        }
    }

    #[test]
    fn a_word_that_no_span_has_keeps_its_prior() {
        let rows: Rows = vec![vec![0]];
        let prior = vec![vec![1.0, 0.0], vec![0.0, 1.0]];
        let found = fit(&rows, &[vec![1.0, 0.0]], &prior, &[0.0, 0.0], &[None, None]);
        assert_eq!(found, prior);
    }

    #[test]
    fn known_words_stay_and_a_new_one_takes_what_they_leave() {
        let rows: Rows = vec![vec![0, 1], vec![0]];
        let targets = [vec![1.0, 0.0], vec![0.0, 1.0]];
        let prior = vec![vec![0.0, 0.0]; 2];
        let known = [Some(vec![0.5, 0.5]), None];
        let found = fit(&rows, &targets, &prior, &[0.0, 0.0], &known);
        assert_eq!(found[0], [0.5, 0.5]);
        // minimise (y − (.5 + x) / √2)² + x², by hand
        let by_hand = |y: f64| (y / 2f64.sqrt() - 0.25) / 1.5;
        for (d, y) in [1.0, 0.0].into_iter().enumerate() {
            assert!((f64::from(found[1][d]) - by_hand(y)).abs() < 1e-6, "{found:?}");
        }
        assert!(still_fits(1000, 99) && !still_fits(1000, 100) && !still_fits(0, 0));
    }
}
