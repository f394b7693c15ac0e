//! Versions of products, and which chunks stand in which of them.
//!
//! A chunk whose words are the same in several versions of a product is one chunk, with one number. Chunks are
//! numbered so that those which stand in the very same versions follow each other, a [`Stretch`]; a filter by vendor,
//! product or version is then a few ranges of numbers, however many versions there are.
//!
//! ```text
//! scopes      0 pump 3   1 pump 2   2 pump 1   3 fan
//! stretches   [0]: 40    [0 1]: 10   [0 1 2]: 500   [1 2]: 12   [2]: 9    [3]: 80
//! chunks      0 … 39     40 … 49     50 … 549       550 … 561   562 … 570 571 … 650
//!
//! version 3 of the pump: 0 … 549     version 2: 40 … 561     every version: 0 … 570
//! ```

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A version of a product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Vendor folder, or empty.
    pub vendor: String,
    /// Product folder.
    pub product: String,
    /// Version folder, or empty.
    pub version: String,
    /// Whether this is the product's newest version.
    pub newest: bool,
    /// Number of chunks that stand in it, those it shares with other versions included.
    pub chunks: u32,
    /// Number of documents.
    pub documents: u32,
    /// Number of pages.
    pub pages: u32,
}

impl Scope {
    /// Whether both are versions of one product.
    pub fn same_product(&self, other: &Self) -> bool {
        self.product == other.product && self.vendor == other.vendor
    }
}

/// Chunks that follow each other and stand in the same versions of a product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// Numbers of the scopes, rising: newest version first. Never empty.
    pub scopes: Vec<u32>,
    /// Number of chunks; they follow those of the stretch before.
    pub chunks: u32,
}

/// Each stretch with its range of chunk numbers.
pub fn stretch_ranges(stretches: &[Stretch]) -> impl Iterator<Item = (&Stretch, Range<u32>)> {
    stretches.iter().scan(0u32, |first, stretch| {
        let range = *first..first.saturating_add(stretch.chunks);
        *first = range.end;
        Some((stretch, range))
    })
}

/// What is wrong with `stretches` as a division of the chunks of `scopes`, in words; `None` when nothing is.
pub(crate) fn disagreement(scopes: &[Scope], stretches: &[Stretch]) -> Option<String> {
    let mut counts = vec![0u64; scopes.len()];
    for stretch in stretches {
        if stretch.scopes.is_empty() || !stretch.scopes.is_sorted_by(|a, b| a < b) {
            return Some("a stretch whose scopes are not in order".into());
        }
        for &scope in &stretch.scopes {
            match counts.get_mut(scope as usize) {
                Some(count) => *count += u64::from(stretch.chunks),
                None => return Some(format!("a stretch of scope {scope} of {}", scopes.len())),
            }
        }
    }
    let wrong = scopes.iter().zip(&counts).find(|&(scope, &count)| u64::from(scope.chunks) != count);
    wrong.map(|(scope, count)| {
        format!("{count} of the {} chunks of {} {}", scope.chunks, scope.product, scope.version)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(version: &str, chunks: u32) -> Scope {
        Scope { product: "pump".into(), version: version.into(), chunks, ..Scope::default() }
    }

    fn stretch(scopes: &[u32], chunks: u32) -> Stretch {
        Stretch { scopes: scopes.into(), chunks }
    }

    #[test]
    fn stretches_lie_end_to_end() {
        let stretches = [stretch(&[0], 3), stretch(&[0, 1], 0), stretch(&[1], 2)];
        let ranges: Vec<_> = stretch_ranges(&stretches).map(|(_, range)| range).collect();
        assert_eq!(ranges, [0..3, 3..3, 3..5]);
    }

    #[test]
    fn what_does_not_divide_the_chunks_is_told() {
        let scopes = [scope("2", 5), scope("1", 2)];
        assert_eq!(disagreement(&scopes, &[stretch(&[0], 3), stretch(&[0, 1], 2)]), None);
        let wrong = |stretches: &[Stretch]| disagreement(&scopes, stretches).unwrap_or_default();
        assert_eq!(wrong(&[stretch(&[0], 3)]), "3 of the 5 chunks of pump 2");
        assert_eq!(wrong(&[stretch(&[7], 3)]), "a stretch of scope 7 of 2");
        assert_eq!(wrong(&[stretch(&[1, 0], 3)]), "a stretch whose scopes are not in order");
        assert_eq!(wrong(&[stretch(&[], 3)]), "a stretch whose scopes are not in order");
    }
}
