//! How close is a chunk's meaning?
//!
//! Passages are kept in cells, clusters of nearby vectors. A query is compared with the cells' centroids first,
//! and then with every passage of the nearest cells (an inverted file with exact lists, as in Jégou, Douze,
//! Schmid, 2011). A small library has one cell, and then the search is exact; with [`probes`] equal to the number of cells it
//! is exact too, which is how the tests hold the short way against the long one.
//!
//! A chunk is as close as its closest passage.

use mcdewey_format::boot::Boot;
use mcdewey_format::cell::Cell;

use crate::answer::Rung;

/// The closest passage of a chunk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Nearest {
    /// Cosine of query and passage.
    pub cosine: f32,
    /// Place of the passage in the chunk.
    pub passage: u32,
}

/// How many of `cells` cells a query reads.
///
/// An eighth of them, but at least eight: a cell has about 256 passages, so ten thousand pages (some hundred cells) cost a
/// dozen small files. With the encoder at least 24, since who has fetched that can afford some cells more, and a query is
/// told by it exactly enough for them to matter (`tests/relevance/README.md`).
pub(crate) fn probes(cells: usize, rung: Rung) -> usize {
    let least = if rung == Rung::Transformer { 24 } else { 8 };
    cells.min(least.max(cells / 8))
}

/// Which of `cells` to read for a projected query, nearest first, ties by number. `cells` are those that hold a passage
/// of the products asked for: a filter looks closer at less, and loses nothing to cells of other products.
pub(crate) fn cells_to_probe(boot: &Boot, rung: Rung, query: &[f32], mut cells: Vec<usize>) -> Vec<usize> {
    let scores = boot.centroid_scores(query);
    cells.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
    cells.truncate(probes(cells.len(), rung));
    cells
}

/// The closest passage of every chunk that has one in `cells`, by chunk number.
pub(crate) fn nearest<'a>(
    chunks: usize,
    query: &[f32],
    cells: impl IntoIterator<Item = &'a Cell>,
) -> Vec<Option<Nearest>> {
    let mut best: Vec<Option<Nearest>> = vec![None; chunks];
    for cell in cells {
        for (member, cosine) in cell.scores(query) {
            let Some(slot) = best.get_mut(member.chunk as usize) else { continue };
            let found = Nearest { cosine, passage: member.passage };
            // Equal passages: the earlier one, whatever the order of the cells.
            let better = slot.is_none_or(|slot| {
                cosine > slot.cosine || (cosine == slot.cosine && found.passage < slot.passage)
            });
            if better {
                *slot = Some(found);
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use mcdewey_format::cell::Member;

    #[test]
    fn a_chunk_is_as_close_as_its_closest_passage_in_any_cell() {
        let member = |chunk, passage| Member { chunk, passage };
        let (east, north): (&[f32], &[f32]) = (&[1.0, 0.0], &[0.0, 1.0]);
        let one = Cell::new(2, 127, [(member(0, 0), east), (member(1, 0), north)]);
        let two = Cell::new(2, 127, [(member(0, 1), north)]);
        let found = nearest(3, north, [&one, &two]);
        let backwards = nearest(3, north, [&two, &one]);
        assert_eq!(found, backwards);
        assert_eq!(found[0].map(|near| near.passage), Some(1));
        assert!(found[2].is_none());
    }

    #[test]
    fn few_cells_are_all_read_and_more_with_the_encoder() {
        assert_eq!([1, 8, 9, 100].map(|cells| probes(cells, Rung::Terms)), [1, 8, 8, 12]);
        assert_eq!([1, 8, 9, 100, 800].map(|cells| probes(cells, Rung::Transformer)), [1, 8, 9, 24, 100]);
    }
}
