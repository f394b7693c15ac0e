//! Who types a symbol gets the place that bears it: measured over every symbol of the headings of the sample library.

use mcdewey_tests::{OK, cache, root, run};
use serde_json::Value;

/// Share of the symbols that the first hit has to hold, in every way that words take part in.
const LEAST: f64 = 0.99;
/// The sample library has as many symbols in its headings, at least: none asked for would be all found.
const AT_LEAST: u64 = 10;

#[test]
fn the_first_hit_bears_the_symbol_that_was_typed() {
    let temporary = tempfile::tempdir().expect("a temporary folder can be made");
    let (site, library) = (temporary.path().join("site"), root().join("static/library"));
    let own_cache = cache().join("symbols");
    let cached = ["--cache".as_ref(), own_cache.as_os_str()];
    let line = ["build".as_ref(), library.as_os_str(), "--out".as_ref(), site.as_os_str()];
    run(line.into_iter().chain(cached)).ends_with(OK);
    let line = ["relevance".as_ref(), site.as_os_str(), "--symbols".as_ref(), "--json".as_ref()];
    let measured = run(line.into_iter().chain(cached)).ends_with(OK);
    let rows: Vec<Value> = measured.json()["symbols"].as_array().expect("rows").clone();
    let all: Vec<&Value> =
        rows.iter().filter(|row| row["kind"] == "all" && row["mode"] != "semantic").collect();
    assert_eq!(all.len(), 3, "keyword, and the hybrid at two rungs");
    for row in all {
        assert!(row["symbols"].as_u64() >= Some(AT_LEAST), "{row}");
        assert!(row["first"].as_f64() >= Some(LEAST), "{row}");
    }
}
