//! How well the answers of several libraries stand in one list.
//!
//! ```text
//! cargo bench --bench libraries -- CACHE SET SET …
//! ```
//!
//! Each truth set is a library of its own. Every query is asked of all of them, and only its own has what is relevant, so the best
//! that a merged list can be is that library's list alone. nDCG@10 of the ways to merge, by words and with the meaning of words.

use std::collections::BTreeMap;
use std::path::Path;

use mcdewey::bundle;
use mcdewey::relevance::{Figures, Indexed, Truth};
use mcdewey::vectors::Cache;
use mcdewey_embed::Encoder;
use mcdewey_search::{Answer, Hit, Mode, Rung, Weights};

/// Of each set so many queries, spread evenly over it: each is answered by every library.
const QUERIES: usize = 30;
/// Documents of one list that are looked at.
const DEPTH: usize = 10;

/// What hits are sorted by, from their rank and themselves.
type Way = fn(usize, &Hit) -> f32;

/// The ways to merge, the one in use last.
const WAYS: [(&str, Way); 3] = [
    ("in turn", |rank, _| -(rank as f32)),
    ("by score", |_, hit| hit.score),
    ("by worth", |_, hit| hit.worth),
];

fn main() {
    let given: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let (cache, sets) = given
        .split_first()
        .expect("a cache and sets are named: cargo bench --bench libraries -- CACHE SET …");
    let encoder =
        Encoder::from_bytes(bundle::ENCODER_NAME, bundle::ENCODER).expect("the encoder can be read");
    let libraries: Vec<Indexed> = sets
        .iter()
        .map(|set| {
            let truth = Truth::read(Path::new(set)).expect("the set can be read");
            let cache = Cache::open(&Path::new(cache).join(&truth.name)).expect("the cache can be opened");
            Indexed::new(truth, &encoder, Some(&cache), true).expect("the corpus can be indexed")
        })
        .collect();
    let weights = Weights::default();
    for (mode, name) in [(Mode::Keyword, "words"), (Mode::Hybrid, "words and the sum of their meanings")] {
        println!("{name}: nDCG@{DEPTH}, own library alone, then merged");
        let mut sums = [0.0; WAYS.len() + 1];
        for (own, set) in sets.iter().enumerate() {
            let queries = queries(Path::new(set));
            let mut figures = [0.0; WAYS.len() + 1];
            for query in &queries {
                let ask = |library: &Indexed| {
                    library.show(query, (mode, Rung::Terms), &weights).expect("a query is answered")
                };
                let answers: Vec<(Answer, Vec<String>)> = libraries.iter().map(ask).collect();
                let relevant: BTreeMap<String, f32> =
                    answers[own].1.iter().map(|document| (format!("{own} {document}"), 1.0)).collect();
                let alone = answers[own].0.hits.iter().map(|hit| format!("{own} {}", hit.source));
                figures[0] += Figures::of(&first(alone), &relevant).ndcg;
                for (figure, (_, way)) in figures[1..].iter_mut().zip(WAYS) {
                    *figure += Figures::of(&merged(&answers, way), &relevant).ndcg;
                }
            }
            let means = figures.map(|figure| figure / queries.len() as f64);
            println!("  {:24} {}", libraries[own].name(), told(means));
            sums.iter_mut().zip(means).for_each(|(sum, mean)| *sum += mean / sets.len() as f64);
        }
        println!("  {:24} {}   alone, {}", "mean", told(sums), WAYS.map(|(name, _)| name).join(", "));
    }
}

fn told(figures: [f64; WAYS.len() + 1]) -> String {
    figures.map(|figure| format!("{figure:.3}")).join("  ")
}

/// The texts of some queries of a set.
fn queries(set: &Path) -> Vec<String> {
    let lines = std::fs::read_to_string(set.join("queries.jsonl")).expect("the queries can be read");
    let all: Vec<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a line is JSON"))
        .map(|query| query["text"].as_str().expect("a query has a text").to_owned())
        .collect();
    let step = all.len().div_ceil(QUERIES).max(1);
    all.into_iter().step_by(step).collect()
}

/// The first documents of all lists together, as library and document.
fn merged(answers: &[(Answer, Vec<String>)], way: Way) -> Vec<String> {
    let mut hits: Vec<(f32, String)> = Vec::new();
    for (library, (answer, _)) in answers.iter().enumerate() {
        let ranked = answer.hits.iter().enumerate();
        hits.extend(ranked.map(|(rank, hit)| (way(rank, hit), format!("{library} {}", hit.source))));
    }
    // Stable, so ties go to the first library and the better rank.
    hits.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    first(hits.into_iter().map(|(_, document)| document))
}

/// The first different ones.
fn first(documents: impl Iterator<Item = String>) -> Vec<String> {
    let mut different: Vec<String> = Vec::new();
    for document in documents {
        if !different.contains(&document) {
            different.push(document);
        }
    }
    different.truncate(DEPTH);
    different
}
