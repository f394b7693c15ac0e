//! The query's vector: the encoder's, taken into the space of the cells, or the sum of those of its words.

use mcdewey_format::Kind;

use super::{Part, Search};
use crate::answer::Mode;

impl Search<'_> {
    /// The query's vector in the space of the cells, once the projection is here.
    pub(super) fn projected(&mut self) -> Option<Vec<f32>> {
        let vector = self.request.vector.as_deref().filter(|_| self.request.mode != Mode::Keyword)?;
        let entry = self.boot.encoder?;
        match self.engine.part(Kind::Projection, entry.projection) {
            Some(Part::Projection(projection)) if vector.len() == usize::from(projection.dims_in) => {
                Some(projection.apply(vector))
            }
            Some(_) => None,
            None => {
                self.needed.push((Kind::Projection, entry.projection));
                None
            }
        }
    }

    /// The query's vector as the sum of its terms' vectors, from the shards that are here; `None` where no term has one.
    pub(super) fn sum_of_terms(&self) -> Option<Vec<f32>> {
        let mut sum: Vec<f32> = Vec::new();
        for (place, word) in self.query.words.iter().enumerate() {
            let shard = self.boot.shard_of(&word.term).and_then(|n| self.engine.shard(self.boot, n));
            let own = shard.and_then(|shard| shard.vector(shard.find(&word.term)?));
            let prefix = self.query.prefix.as_ref().filter(|prefix| prefix.word == place);
            let Some(vector) = own.or_else(|| {
                self.expansions(prefix?, &word.term).first().and_then(|&(shard, term)| shard.vector(term))
            }) else {
                continue;
            };
            sum.resize(sum.len().max(vector.len()), 0.0);
            sum.iter_mut().zip(&vector).for_each(|(sum, x)| *sum += x);
        }
        let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
        (length > 0.0).then(|| sum.iter().map(|x| x / length).collect())
    }
}
