//! Which files of vectors a query reads.

use mcdewey_format::Kind;
use mcdewey_format::boot::FileEntry;

use super::Search;
use crate::answer::Rung;

impl Search<'_> {
    /// The file of a cell that a query of this rung reads: who sums up the vectors of words has no use for more components
    /// than those have.
    pub(super) fn cell(&self, n: usize, rung: Rung) -> FileEntry {
        let leading = self.boot.leading.get(n).filter(|_| rung == Rung::Terms);
        *leading.unwrap_or(&self.boot.cells[n])
    }

    /// Asks for those cells.
    pub(super) fn need_cells(&mut self, cells: &[usize], rung: Rung) {
        for &n in cells {
            self.needed.push((Kind::Cell, self.cell(n, rung)));
        }
    }
}
