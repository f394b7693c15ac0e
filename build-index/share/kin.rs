//! Chunks that say nearly the same in different versions.
//!
//! A list of hits should not show one paragraph three times because a comma moved. Two chunks are kin when they stand in
//! different versions of a product under the same headings and nine in ten of their pairs of neighbouring words are
//! the same (Dice: `2·|A ∩ B| / (|A| + |B|)`, pairs counted once each). Kin are kept apart in every file and are found
//! apart within a version; only an answer over several versions shows one of them.
//!
//! A physical page is another thing: where it ends moves with every edit before it, so it begins under other headings and
//! shares its words with two pages of the other version. Pages are kin from half of their pairs on, whatever they begin
//! under; of three versions of a manual set by LaTeX, 80 and 89 % of an older
//! one's pages had such a page in the next, counted on what pdftotext says of them.
//! Kin only ever leave an answer to the one of them that ranks first, so the half that is not shared is not lost: where
//! it is what was asked for, its page ranks first.
//!
//! Comparing all with all would be quadratic. Candidates share one of [`SIGNS`] least hashes of their pairs (min-hash,
//! Broder, 1997): two texts that agree in nine pairs of ten (Jaccard .82) miss all eight once in a million, two pages that
//! agree in half (Jaccard .33) once in 25 times.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::{SharedChunk, without_numbers};

/// Share of word pairs in common from which on chunks are kin.
const ENOUGH: f64 = 0.9;
/// The same for physical pages.
const ENOUGH_OF_PAGE: f64 = 0.5;
/// Least hashes by which candidates are found.
const SIGNS: u64 = 8;
/// Candidates looked at for each sign; boilerplate has hundreds, and the first ones are as good.
const CANDIDATES: usize = 16;

/// Chunks that say the same, as far as they are known.
struct Family {
    first: u32,
    /// Pairs of the first chunk.
    pairs: Vec<u64>,
    /// Versions in which one of them stands.
    scopes: Vec<u32>,
}

/// Every chunk that says nearly the same as an earlier one of other versions, with the first that does.
pub(super) fn kin(chunks: &[SharedChunk<'_>]) -> Vec<(u32, u32)> {
    let product = |chunk: &SharedChunk<'_>| {
        let place = &chunk.newest().entry.place;
        (place.vendor.clone(), place.product.clone())
    };
    let mut kin = Vec::new();
    let mut number = 0;
    for chunks in chunks.chunk_by(|a, b| product(a) == product(b)) {
        let one_version = chunks.iter().all(|chunk| chunk.scopes() == chunks[0].scopes());
        if !one_version {
            kin.extend(of_product(number, chunks));
        }
        number += chunks.len() as u32;
    }
    kin
}

/// The kin among the chunks of one product, the first of which has the number `first`.
fn of_product(first: u32, chunks: &[SharedChunk<'_>]) -> Vec<(u32, u32)> {
    let mut families: Vec<Family> = Vec::new();
    let mut by_sign: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    let mut kin = Vec::new();
    for (number, chunk) in (first..).zip(chunks) {
        let newest = chunk.newest();
        let pairs = pairs(&newest.chunk.text);
        if pairs.is_empty() {
            continue;
        }
        let title = without_numbers(&newest.entry.document.title);
        let is_page = newest.chunk.page.is_some();
        let headings = newest.chunk.headings.iter().map(String::as_str).filter(|_| !is_page);
        let under: Vec<&str> = [title.as_str()].into_iter().chain(headings).collect();
        let signs = signs(xxh3_64(under.join("\0").as_bytes()), &pairs);
        let found = signs.iter().filter_map(|sign| by_sign.get(sign)).flatten().copied();
        let candidates: BTreeSet<usize> = found.collect();
        let scopes = chunk.scopes();
        let enough = if is_page { ENOUGH_OF_PAGE } else { ENOUGH };
        let other = |family: &Family| scopes.iter().all(|scope| !family.scopes.contains(scope));
        let likeness = |family: usize| {
            let known = &families[family];
            other(known).then(|| (dice(&known.pairs, &pairs), family))
        };
        let fitting = candidates.into_iter().filter_map(likeness).filter(|(likeness, _)| *likeness >= enough);
        // The first of equals.
        let best = fitting.reduce(|best, next| if next.0 > best.0 { next } else { best });
        if let Some((_, family)) = best {
            kin.push((number, families[family].first));
            families[family].scopes.extend(scopes);
        } else {
            for sign in signs {
                let known = by_sign.entry(sign).or_default();
                if known.len() < CANDIDATES {
                    known.push(families.len());
                }
            }
            families.push(Family { first: number, pairs, scopes });
        }
    }
    kin
}

/// Hashes of the pairs of neighbouring words, sorted, each once; of a single word, that word.
fn pairs(text: &str) -> Vec<u64> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut pairs: Vec<u64> =
        words.windows(words.len().clamp(1, 2)).map(|pair| xxh3_64(pair.join(" ").as_bytes())).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The least hash of the pairs under each of several ways to hash, mixed with what must be equal.
fn signs(under: u64, pairs: &[u64]) -> Vec<u64> {
    let sign = |seed: u64| {
        let least = pairs.iter().map(|pair| xxh3_64_with_seed(&pair.to_le_bytes(), seed)).min();
        xxh3_64_with_seed(&least.unwrap_or_default().to_le_bytes(), under ^ seed)
    };
    (0..SIGNS).map(sign).collect()
}

/// `2·|A ∩ B| / (|A| + |B|)` of sorted lists.
fn dice(a: &[u64], b: &[u64]) -> f64 {
    let (mut x, mut y, mut common) = (0, 0, 0usize);
    while let (Some(left), Some(right)) = (a.get(x), b.get(y)) {
        match left.cmp(right) {
            std::cmp::Ordering::Less => x += 1,
            std::cmp::Ordering::Greater => y += 1,
            std::cmp::Ordering::Equal => (x, y, common) = (x + 1, y + 1, common + 1),
        }
    }
    2.0 * common as f64 / (a.len() + b.len()).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dice_counts_what_is_common() {
        assert_eq!(dice(&[1, 2, 3, 4], &[2, 4, 5, 6]), 0.5);
        assert_eq!(dice(&[], &[]), 0.0);
        let text = "one two three";
        assert_eq!(pairs(text).len(), 2);
        assert_eq!(pairs("word").len(), 1);
        assert!(pairs(" ").is_empty());
    }

    #[test]
    fn nearly_equal_texts_share_a_sign() {
        let words: Vec<String> = (0..200).map(|n| format!("word{}", n * 7919 % 1000)).collect();
        let text = words.join(" ");
        for at in 0..words.len() {
            let mut edited = words.clone();
            edited[at] = "other".into();
            let (a, b) = (pairs(&text), pairs(&edited.join(" ")));
            assert!(dice(&a, &b) >= ENOUGH);
            let common = signs(1, &a).into_iter().filter(|sign| signs(1, &b).contains(sign)).count();
            assert!(common > 0, "edited at {at}");
        }
    }
}
