//! The ranking of the sample library, query by query, beside what it was.
//!
//! `tests/relevance/sample/queries.tsv` has queries in the kinds that matter, each with the addresses that answer it (none
//! where nothing does). The place of the first of them by words, by words and the sum of their vectors, and by words and the
//! encoder is kept in `ranks.csv` beside it: a change of the ranking shows as a diff that somebody has to read, and commit.
//! Whatever is committed, no kind may fall below its floor.
//!
//! `UPDATE_RANKS=1 cargo test --release --workspace --test ranking` rewrites the file.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use mcdewey::host::Site;
use mcdewey_search::{Answer, Mode, Request};
use mcdewey_tests::{OK, cache, root, run};

/// Mean reciprocal rank that each kind of query reaches at least, with the encoder; of those without an answer, the share
/// that is said to have none.
const FLOORS: [(&str, f64); 11] = [
    ("across", 0.6),
    ("error code", 0.9),
    ("mistyped", 0.9),
    ("no answer", 0.6),
    ("paraphrase", 0.55),
    ("phrase", 0.9),
    ("question", 0.7),
    ("symbol", 0.9),
    ("table", 0.6),
    ("version", 0.9),
    ("all", 0.8),
];

struct Query {
    kind: String,
    text: String,
    version: Option<String>,
    wanted: Option<String>,
}

#[test]
fn every_query_ranks_as_it_did() {
    let folder = root().join("tests/relevance/sample");
    let queries = queries(&folder.join("queries.tsv"));
    let temporary = tempfile::tempdir().expect("a temporary folder can be made");
    let (site, library) = (temporary.path().join("site"), root().join("static/library"));
    let line = ["build".as_ref(), library.as_os_str(), "--out".as_ref(), site.as_os_str()];
    let own_cache = cache().join("ranking");
    run(line.into_iter().chain(["--cache".as_ref(), own_cache.as_os_str()])).ends_with(OK);

    let mut whole = Site::open(&site).expect("the site opens");
    let mut by_words = Site::open(&site).expect("the site opens").word_by_word();
    let mut csv = "kind,query,keyword,words,encoder\n".to_owned();
    let mut reached: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for query in &queries {
        let place = |site: &mut Site, mode| {
            let request = Request {
                query: query.text.clone(),
                version: query.version.clone(),
                mode,
                ..Request::default()
            };
            place(query, &site.answer(request).expect("the site answers"))
        };
        let keyword = place(&mut whole, Mode::Keyword);
        let words = place(&mut by_words, Mode::Hybrid);
        let encoder = place(&mut whole, Mode::Hybrid);
        let text = query.text.replace('"', "\"\"");
        csv.push_str(&format!("{},\"{text}\",{keyword},{words},{encoder}\n", query.kind));
        let reciprocal = if encoder == 0 { 0.0 } else { 1.0 / encoder as f64 };
        reached.entry(&query.kind).or_default().push(reciprocal);
        reached.entry("all").or_default().push(reciprocal);
    }

    let path = folder.join("ranks.csv");
    if std::env::var_os("UPDATE_RANKS").is_some() {
        fs::write(&path, &csv).expect("the ranks can be written");
    }
    for (kind, floor) in FLOORS {
        let of_kind = reached.get(kind).map_or(&[][..], Vec::as_slice);
        let mean = of_kind.iter().sum::<f64>() / of_kind.len().max(1) as f64;
        assert!(mean >= floor, "{kind}: {mean:.3}, less than {floor}; the places now are\n{csv}");
    }
    let before = fs::read_to_string(&path).unwrap_or_default();
    let changed: Vec<String> = csv
        .lines()
        .zip(before.lines().chain(std::iter::repeat("")))
        .filter(|(now, was)| now != was)
        .map(|(now, was)| format!("was {was}\nnow {now}"))
        .collect();
    assert!(
        changed.is_empty() && csv == before,
        "these places changed; if that is meant, run UPDATE_RANKS=1 cargo test --release --workspace --test ranking \
         and commit the file\n{}",
        changed.join("\n")
    );
}

/// Truth sets that are asked by word alone, since that takes no encoder: small ones, of three kinds of manual.
const ASKED_BY_WORD: [&str; 3] = ["etcd-3.7-anchors", "keda-2.21-anchors", "stackfaq"];

/// The places that `make relevance` wrote for every set hold for these sets, where they stand beside the checkout.
#[test]
fn the_truth_sets_rank_by_word_as_was_committed() {
    let sets = root().join("../shared/data/relevance");
    let present: Vec<_> = ASKED_BY_WORD.iter().map(|set| sets.join(set)).filter(|set| set.is_dir()).collect();
    if present.is_empty() {
        return;
    }
    let temporary = tempfile::tempdir().expect("a temporary folder can be made");
    let now = temporary.path().join("ranks.csv");
    let mut line: Vec<&OsStr> = vec!["relevance".as_ref()];
    line.extend(present.iter().map(|set| set.as_os_str()));
    line.extend(["--mode", "keyword", "--no-cache", "--ranks"].map(OsStr::new));
    line.push(now.as_os_str());
    run(line).ends_with(OK);
    let by_query = |path: &Path| -> BTreeMap<(String, String), String> {
        let text = fs::read_to_string(path).expect("ranks can be read");
        let cells = text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        cells.map(|cells| ((cells[0].clone(), cells[1].clone()), cells[2].clone())).collect()
    };
    let (now, committed) = (by_query(&now), by_query(&root().join("tests/relevance/ranks.csv")));
    let changed: Vec<String> = now
        .iter()
        .filter(|(query, place)| committed.get(*query) != Some(*place))
        .map(|((set, query), place)| format!("{set} {query}: now {place}"))
        .collect();
    assert!(
        changed.is_empty(),
        "these places changed; run make relevance, and commit what it writes\n{}",
        changed.join("\n")
    );
    assert!(now.len() > 100, "{} queries were asked", now.len());
}

/// The place of the first wanted address among the first ten, 0 if it is not there; of a query without an answer 1 if that
/// is said, else 0.
fn place(query: &Query, answer: &Answer) -> usize {
    match &query.wanted {
        Some(wanted) => {
            let wanted: Vec<&str> = wanted.split(' ').collect();
            answer.hits.iter().position(|hit| wanted.contains(&hit.url.as_str())).map_or(0, |place| place + 1)
        }
        None => usize::from(!answer.answered),
    }
}

fn queries(path: &Path) -> Vec<Query> {
    let text = fs::read_to_string(path).expect("the queries can be read");
    let cell = |cells: &[&str], n: usize| {
        cells.get(n).map(|cell| (*cell).to_owned()).filter(|cell| !cell.is_empty())
    };
    let lines = text.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    lines
        .map(|cells| Query {
            kind: cell(&cells, 0).expect("a query has a kind"),
            text: cell(&cells, 1).expect("a query has a text"),
            version: cell(&cells, 2),
            wanted: cell(&cells, 3),
        })
        .collect()
}
