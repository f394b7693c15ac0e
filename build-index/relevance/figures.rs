//! What a query found, and the means over queries.
//!
//! ```text
//! nDCG@10   = Σ gain_i / log2(i + 1) over the first ten, divided by the same sum of the best order
//! MRR@10    = 1 / place of the first relevant document among the first ten, else 0
//! recall@10 = relevant documents among the first ten / relevant documents
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use mcdewey_search::{Mode, Rung, Support};
use serde::Serialize;

/// How well one query was answered in one way.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The truth set.
    pub set: String,
    /// The evidence that ranked.
    pub mode: Mode,
    /// Where the query's vector came from.
    pub rung: Rung,
    /// The query's id.
    pub query: String,
    /// The kind of query, where the set has kinds.
    pub kind: Option<String>,
    /// How good the first ten documents are.
    pub figures: Figures,
    /// Whether the answer claims to be one.
    pub answered: bool,
    /// How much of the query the best hits have.
    pub support: Support,
}

/// How good the first ten documents are.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    /// nDCG@10.
    pub ndcg: f64,
    /// Place of the first relevant document, from 1.
    pub place: Option<usize>,
    /// recall@10.
    pub recall: f64,
}

/// Mean figures of one mode and kind of query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The truth set.
    pub set: String,
    /// The evidence that ranked.
    pub mode: Mode,
    /// Where the query's vector came from.
    pub rung: Rung,
    /// The kind of query, or `all`.
    pub kind: String,
    /// Queries with at least one relevant document.
    pub queries: usize,
    /// Mean nDCG@10.
    #[serde(rename = "ndcg@10")]
    pub ndcg: f64,
    /// Mean MRR@10.
    #[serde(rename = "mrr@10")]
    pub mrr: f64,
    /// Mean recall@10.
    #[serde(rename = "recall@10")]
    pub recall: f64,
    /// Share of the queries of which the answer says that nothing here answers them.
    pub unanswered: f64,
}

impl Figures {
    /// The figures of ranked documents, given the gains of the relevant ones.
    pub fn of(ranked: &[String], relevant: &BTreeMap<String, f32>) -> Self {
        let gain = |document: &String| f64::from(relevant.get(document).copied().unwrap_or(0.0));
        let discounted = |gains: &mut dyn Iterator<Item = f64>| -> f64 {
            gains.take(10).enumerate().map(|(place, gain)| gain / ((place + 2) as f64).log2()).sum()
        };
        let mut best: Vec<f64> = relevant.values().map(|&gain| f64::from(gain)).collect();
        best.sort_by(|a, b| b.total_cmp(a));
        let ideal = discounted(&mut best.iter().copied());
        let found = discounted(&mut ranked.iter().map(gain));
        let first = ranked.iter().take(10).position(|document| gain(document) > 0.0);
        let hits = ranked.iter().filter(|document| gain(document) > 0.0).count();
        let all = best.iter().filter(|&&gain| gain > 0.0).count().max(1);
        Self {
            ndcg: if ideal > 0.0 { found / ideal } else { 0.0 },
            place: first.map(|place| place + 1),
            recall: hits as f64 / all as f64,
        }
    }
}

/// The means of each set, mode and rung, over all queries and over each kind, in the order of `found`.
pub fn rows(found: &[Found]) -> Vec<Row> {
    let mut rows = Vec::new();
    let same = |a: &Found, b: &Found| (&a.set, a.mode, a.rung) == (&b.set, b.mode, b.rung);
    for group in found.chunk_by(same) {
        let kinds: BTreeSet<&str> = group.iter().filter_map(|found| found.kind.as_deref()).collect();
        rows.extend(row("all", group.iter()));
        for kind in kinds {
            rows.extend(row(kind, group.iter().filter(|found| found.kind.as_deref() == Some(kind))));
        }
    }
    rows
}

fn row<'a>(kind: &str, found: impl Iterator<Item = &'a Found> + Clone) -> Option<Row> {
    let first = found.clone().next()?;
    let queries = found.clone().count();
    let mean = |figure: fn(&Found) -> f64| found.clone().map(figure).sum::<f64>() / queries as f64;
    Some(Row {
        set: first.set.clone(),
        mode: first.mode,
        rung: first.rung,
        kind: kind.into(),
        queries,
        ndcg: mean(|found| found.figures.ndcg),
        mrr: mean(|found| found.figures.place.map_or(0.0, |place| 1.0 / place as f64)),
        recall: mean(|found| found.figures.recall),
        unanswered: mean(|found| f64::from(u8::from(!found.answered))),
    })
}

/// The place of the first relevant document for every query, as CSV: a line a query, a column a way of ranking; 0 where it
/// is not among the first ten.
pub fn ranks(found: &[Found]) -> String {
    let name = |found: &Found| match (found.mode, found.rung) {
        (Mode::Keyword, _) => "keyword",
        (Mode::Semantic, Rung::Transformer) => "meaning by encoder",
        (Mode::Semantic, _) => "meaning by words",
        (Mode::Hybrid, Rung::Transformer) => "hybrid by encoder",
        (Mode::Hybrid, _) => "hybrid by words",
    };
    let mut ways: Vec<&str> = Vec::new();
    let mut places: BTreeMap<(&str, &str), BTreeMap<&str, usize>> = BTreeMap::new();
    for found in found {
        let way = name(found);
        if !ways.contains(&way) {
            ways.push(way);
        }
        let place = found.figures.place.unwrap_or(0);
        places.entry((&found.set, &found.query)).or_default().insert(way, place);
    }
    let mut csv = format!("set,query,{}\n", ways.join(","));
    for ((set, query), of_query) in places {
        let cells: Vec<String> =
            ways.iter().map(|way| of_query.get(way).map_or_else(String::new, usize::to_string)).collect();
        let quoted = |cell: &str| {
            if cell.contains([',', '"']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.to_owned()
            }
        };
        let _ = writeln!(csv, "{},{},{}", quoted(set), quoted(query), cells.join(","));
    }
    csv
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_the_definitions() {
        let relevant = [("a".to_owned(), 1.0), ("b".to_owned(), 1.0)].into();
        let ranked = ["x", "a", "y", "b"].map(str::to_owned);
        let figures = Figures::of(&ranked, &relevant);
        let expected = (1.0 / 3f64.log2() + 1.0 / 5f64.log2()) / (1.0 + 1.0 / 3f64.log2());
        assert!((figures.ndcg - expected).abs() < 1e-12);
        assert_eq!((figures.place, figures.recall), (Some(2), 1.0));
        assert_eq!(Figures::of(&[], &relevant), Figures::default());
    }

    #[test]
    fn means_are_of_all_and_of_each_kind_and_ranks_are_a_line_a_query() {
        let found = |query: &str, kind: &str, mode, place| Found {
            set: "a".into(),
            mode,
            rung: Rung::Keyword,
            query: query.into(),
            kind: Some(kind.into()),
            figures: Figures { place, ..Figures::default() },
            answered: place.is_some(),
            support: Support::default(),
        };
        let all = [
            found("1", "term", Mode::Keyword, Some(1)),
            found("2,5", "name", Mode::Keyword, None),
            found("1", "term", Mode::Hybrid, Some(4)),
        ];
        let told: Vec<_> =
            rows(&all).iter().map(|row| (row.kind.clone(), row.queries, row.mrr, row.unanswered)).collect();
        let row = |kind: &str, queries, mrr, unanswered| (kind.to_owned(), queries, mrr, unanswered);
        let expected = [
            row("all", 2, 0.5, 0.5),
            row("name", 1, 0.0, 1.0),
            row("term", 1, 1.0, 0.0),
            row("all", 1, 0.25, 0.0),
            row("term", 1, 0.25, 0.0),
        ];
        assert_eq!(told, expected);
        assert_eq!(ranks(&all), "set,query,keyword,hybrid by words\na,1,1,4\na,\"2,5\",0,\n");
    }
}
