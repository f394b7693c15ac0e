//! Passages embedded a second, on all cores, by the path that a build takes.
//!
//! ```text
//! cargo bench --bench embed -- PASSAGES.jsonl
//! ```
//!
//! The passages are what `mcdewey relevance SET --export FOLDER` writes. `tests/benches/embed.py` does the same with
//! onnxruntime; `make bench-embed` runs the two in turn.

use std::collections::BTreeSet;
use std::time::Instant;

use mcdewey::bundle;
use mcdewey::vectors::{self, Text};
use mcdewey_embed::Encoder;

fn main() {
    let path = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let path = path.expect("the passages are named: cargo bench --bench embed -- PASSAGES.jsonl");
    let lines = std::fs::read_to_string(&path).expect("the passages can be read");
    let texts: BTreeSet<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a line is JSON"))
        .map(|passage| passage["text"].as_str().expect("a passage has a text").to_owned())
        .collect();
    let texts: Vec<Text<'_>> = texts.iter().map(|text| Text::Plain(text)).collect();
    let encoder =
        Encoder::from_bytes(bundle::ENCODER_NAME, bundle::ENCODER).expect("the encoder can be read");

    let start = Instant::now();
    let made = vectors::embed(&encoder, None, &texts, &|_| ()).expect("every passage is embedded");
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "mcdewey      {:6} passages {seconds:7.1} s {:7.1}/s",
        made.embedded,
        made.embedded as f64 / seconds
    );
}
