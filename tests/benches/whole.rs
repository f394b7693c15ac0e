//! How long the program takes, as a person meets it: a cold build, a build from the cache, a search from the terminal.
//!
//! Whole processes are timed, start included. The library is the shared one where it stands beside the checkout
//! (hundreds of real pages), else the sample.

use std::ffi::OsStr;
use std::time::{Duration, Instant};

use mcdewey_tests::{OK, Run, root, run};

/// What is asked, in turn; half as people ask, half as they name things.
const QUERIES: [&str; 8] = [
    "how do I restore from a snapshot",
    "configuration file",
    "why is the connection refused",
    "timeout",
    "change the default port",
    "--data-dir",
    "what happens when the leader fails",
    "API key",
];
/// Searches a mode: enough that the 95th percentile is not a single run.
const SEARCHES: usize = 60;

fn main() {
    let shared = root().join("../shared/data/library");
    let library = if shared.is_dir() { shared } else { root().join("static/library") };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (site, cache) = (folder.path().join("site"), folder.path().join("cache"));
    let build = |more: &[&OsStr]| {
        let mut line: Vec<&OsStr> = vec!["build".as_ref(), library.as_ref(), "--out".as_ref(), site.as_ref()];
        line.push("--json".as_ref());
        line.extend(more);
        timed(&line)
    };
    let cached: [&OsStr; 2] = ["--cache".as_ref(), cache.as_ref()];

    println!("library {}", library.display());
    let (cold, took) = build(&cached);
    let built = cold.json();
    let embedded = built["embedded"].as_u64().unwrap_or_default();
    let seconds = took.as_secs_f64();
    println!(
        "build, cold           {seconds:8.2} s   {embedded} passages embedded, {:.1}/s",
        embedded as f64 / seconds
    );
    let (_, took) = build(&cached);
    println!("build, from the cache {:8.2} s   {} chunks", took.as_secs_f64(), built["chunks"]);

    for mode in ["keyword", "semantic", "hybrid"] {
        let mut times: Vec<Duration> = QUERIES
            .iter()
            .cycle()
            .take(SEARCHES)
            .map(|query| {
                let line: [&OsStr; 6] = [
                    "search".as_ref(),
                    site.as_ref(),
                    query.as_ref(),
                    "--json".as_ref(),
                    "--mode".as_ref(),
                    mode.as_ref(),
                ];
                timed(&line).1
            })
            .collect();
        times.sort_unstable();
        let at =
            |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1000.0;
        println!("search, {mode:9} p50 {:7.1} ms   p95 {:7.1} ms", at(0.5), at(0.95));
    }
}

/// Runs the program, which must go well, and says how long it took.
fn timed(line: &[&OsStr]) -> (Run, Duration) {
    let begun = Instant::now();
    let run = run(line).ends_with(OK);
    (run, begun.elapsed())
}
