//! Sharing, held against the slow and obvious: look at every chunk of every version.

use std::collections::BTreeSet;

use mcdewey_format::index::{FileRef, Index};
use mcdewey_format::{FORMAT_VERSION, Kind};
use mcdewey_search::{Answer, Engine, Hit, Mode, Request, Step};

use super::*;
use crate::assemble::{assemble, order};
use crate::chunk::Passage;
use crate::document::{Document, Page, Place};
use crate::words::Words;
use crate::words::analyse::{ChunkTerms, Stems};

/// Words of the random libraries: few enough that chunks have words in common, with none that stems to another.
const VOCABULARY: [&str; 12] =
    ["valve", "pump", "filter", "gauge", "motor", "seal", "rotor", "pipe", "fuse", "relay", "belt", "gasket"];

/// A document of a version; each text is a section.
fn entry(version: &str, name: &str, title: &str, texts: &[String]) -> Entry {
    let chunk = |(ordinal, text): (usize, &String)| Chunk {
        id: format!("pump::{version}::{name}::{ordinal}"),
        ordinal: ordinal as u32,
        number: ordinal as u32,
        anchor: format!("part-{ordinal}"),
        headings: vec!["Care".into()],
        passages: vec![Passage { range: 0..text.len(), above: format!("{title}\n") }],
        text: text.clone(),
        ..Chunk::default()
    };
    Entry {
        place: Place { vendor: None, product: "pump".into(), version: version.into() },
        url: format!("pump/{version}/{name}/"),
        document: Document {
            source: format!("pump/{version}/{name}.md"),
            title: title.into(),
            pages: vec![Page::default()],
            ..Document::default()
        },
        chunks: texts.iter().enumerate().map(chunk).collect(),
        ..Entry::default()
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// An engine over the index of `entries`, all files in hand.
fn engine(entries: &[Entry]) -> Engine {
    let shared = Shared::of(entries);
    let words = Words::of(&shared.chunks, None).indexed;
    let assembled = assemble(&shared, &[], words, None, None);
    let boot = FileRef { path: assembled.boot_file.path(Kind::Boot), bytes: assembled.boot_file.bytes };
    let index = Index { format: FORMAT_VERSION, boot, ..Index::default() };
    let mut engine = Engine::new(index).unwrap();
    assembled.files.iter().for_each(|file| engine.insert(&file.path, &file.bytes).unwrap());
    engine
}

fn ask(engine: &Engine, request: Request) -> Answer {
    match engine.search(&Request { mode: Mode::Keyword, limit: 200, ..request }).unwrap() {
        Step::Ready(answer) => *answer,
        Step::Need(files) => panic!("every file is here, yet {files:?} are asked for"),
    }
}

fn of_version(query: &str, version: &str) -> Request {
    Request { query: query.into(), version: Some(version.into()), ..Request::default() }
}

#[test]
fn what_did_not_change_is_stored_once() {
    let mut entries = [
        entry("1", "guide", "Guide to 1", &texts(&["alpha valve", "beta pump"])),
        entry("2", "guide", "Guide to 2", &texts(&["alpha valve", "beta pump", "gamma"])),
        entry("3", "guide", "Guide to 3", &texts(&["new words", "alpha valve", "beta motor", "gamma"])),
    ];
    order(&mut entries);
    let shared = Shared::of(&entries);
    let stored: Vec<(&str, Vec<u32>)> =
        shared.chunks.iter().map(|chunk| (chunk.newest().chunk.text.as_str(), chunk.scopes())).collect();
    assert_eq!(
        stored,
        [
            ("new words", vec![0]),
            ("beta motor", vec![0]),
            ("gamma", vec![0, 1]),
            ("alpha valve", vec![0, 1, 2]),
            ("beta pump", vec![1, 2]),
        ]
    );
    let listed: Vec<&[(u32, u32)]> =
        shared.documents.iter().map(|documents| documents[0].runs.as_slice()).collect();
    assert_eq!(listed, [&[(0, 1), (3, 1), (1, 2)][..], &[(3, 2), (2, 1)], &[(3, 2)]]);
    let sharing = shared.sharing();
    assert_eq!((sharing[0].chunks, sharing[0].stored, sharing[0].shared), (9, 5, 3));
    assert_eq!(sharing[0].versions, ["3", "2", "1"]);
}

#[test]
fn what_matches_is_counted_in_every_version_that_it_stands_in() {
    let mut entries = [
        entry("1", "guide", "Guide", &texts(&["alpha valve", "beta pump"])),
        entry("2", "guide", "Guide", &texts(&["alpha valve", "alpha pump", "gamma"])),
    ];
    order(&mut entries);
    let engine = engine(&entries);
    let product = engine.scopes().unwrap()[0].product.clone();
    let places = |query: &str, version: &str, product: Option<&str>| -> Vec<(String, usize)> {
        let request = Request { product: product.map(str::to_owned), ..of_version(query, version) };
        ask(&engine, request).places.into_iter().map(|place| (place.name, place.matched)).collect()
    };
    let counted = |places: &[(&str, usize)]| -> Vec<(String, usize)> {
        places.iter().map(|&(name, matched)| (name.to_owned(), matched)).collect()
    };
    assert_eq!(places("alpha", "all", Some(&product)), counted(&[("2", 2), ("1", 1)]));
    assert_eq!(places("beta", "all", Some(&product)), counted(&[("1", 1)]));
    assert_eq!(
        places("alpha", "all", None),
        counted(&[(&product, 2)]),
        "of a product each chunk counts once"
    );
    assert_eq!(places("nowhere", "all", None), []);
}

#[test]
fn a_hit_is_the_chunk_of_the_version_asked_for_and_lists_the_others() {
    let mut entries = [
        entry("1", "guide", "Guide", &texts(&["alpha valve"])),
        entry("2", "guide", "Guide", &texts(&["first", "alpha valve"])),
        entry("3", "guide", "Guide", &texts(&["alpha gauge"])),
    ];
    order(&mut entries);
    let engine = engine(&entries);
    let hits = |version: &str| -> Vec<Hit> { ask(&engine, of_version("alpha", version)).hits };
    let seen = |hit: &Hit| (hit.chunk_id.clone(), hit.url.clone(), hit.version.clone());
    let expected = |version: &str, ordinal: u32| {
        let url = format!("pump/{version}/guide/#part-{ordinal}");
        (format!("pump::{version}::guide::{ordinal}"), url, version.to_owned())
    };
    assert_eq!(hits("2").iter().map(seen).collect::<Vec<_>>(), [expected("2", 1)]);
    assert_eq!(hits("1").iter().map(seen).collect::<Vec<_>>(), [expected("1", 0)]);
    assert_eq!(hits("").iter().map(seen).collect::<Vec<_>>(), [expected("3", 0)]);
    let all: BTreeSet<_> = hits("all").iter().map(seen).collect();
    assert_eq!(all, [expected("2", 1), expected("3", 0)].into());
    let also: Vec<String> = hits("1")[0].also_in.iter().map(|edition| edition.chunk_id.clone()).collect();
    assert_eq!(also, ["pump::2::guide::1"]);
}

#[test]
fn equal_texts_of_one_version_stay_apart() {
    let licence = texts(&["do as you please"]);
    let mut entries = [
        entry("1", "a", "Manual", &licence),
        entry("1", "b", "Manual", &licence),
        entry("2", "a", "Manual", &licence),
        entry("2", "b", "Manual", &licence),
    ];
    order(&mut entries);
    let shared = Shared::of(&entries);
    assert_eq!(shared.chunks.len(), 2);
    for chunk in &shared.chunks {
        let urls: BTreeSet<&str> =
            chunk.editions.iter().map(|edition| edition.entry.url.rsplit('/').nth(1).unwrap()).collect();
        assert_eq!((chunk.editions.len(), urls.len()), (2, 1), "a is paired with a, b with b");
    }
    assert!(shared.kin.is_empty());
}

#[test]
fn pages_whose_ends_moved_are_kin() {
    let page = |from: usize| (from..from + 100).map(|n| format!("word{n}")).collect::<Vec<_>>().join(" ");
    let paged = |version: &str, shift: usize| {
        let texts: Vec<String> = (0..4).map(|number| page(100 * number + shift)).collect();
        let mut entry = entry(version, "guide", "Guide", &texts);
        for (number, chunk) in (1..).zip(&mut entry.chunks) {
            chunk.page = Some(number);
            chunk.headings = vec![format!("Part {number} and {shift}")];
        }
        entry
    };
    // Seven in ten words of a page stand on one page of the other version, three on the next.
    let entries = [paged("2", 30), paged("1", 0)];
    assert_eq!(Shared::of(&entries).kin, [(4, 0), (5, 1), (6, 2), (7, 3)]);
    let entries = [paged("2", 70), paged("1", 0)];
    assert_eq!(Shared::of(&entries).kin, [(5, 0), (6, 1), (7, 2)]);
}

#[test]
fn of_nearly_equal_chunks_an_answer_over_versions_shows_one() {
    let words: Vec<String> =
        (0..60).map(|n| format!("{} item{n}", VOCABULARY[n % VOCABULARY.len()])).collect();
    let old = words.join(" ");
    let new = old.replace("item7 ", "item7, ");
    let other = (0..60).map(|n| format!("valve other{n}")).collect::<Vec<_>>().join(" ");
    let mut entries = [
        entry("1", "guide", "Guide", &[old.clone(), other.clone()]),
        entry("2", "guide", "Guide", &[old, other.clone()]),
        entry("3", "guide", "Guide", &[new, other]),
    ];
    order(&mut entries);
    let engine = engine(&entries);
    let found = |version: &str| -> Vec<(String, Vec<String>)> {
        let mut hits = ask(&engine, of_version("item9", version)).hits;
        hits.drain(..).map(|hit| (hit.version, hit.nearly_in)).collect()
    };
    let row = |version: &str, nearly: &[&str]| (version.to_owned(), texts(nearly));
    assert_eq!(found("all"), [row("3", &["2", "1"])]);
    assert_eq!(found("1"), [row("1", &["3"])]);
    assert_eq!(found("<= 2"), [row("2", &["3"])]);
}

#[test]
fn a_document_may_be_all_that_answers() {
    let mut entries = [
        entry("1", "a", "Manual", &texts(&["alpha one", "alpha two"])),
        entry("1", "b", "Manual", &texts(&["alpha three"])),
        entry("2", "b", "Manual", &texts(&["alpha three"])),
    ];
    order(&mut entries);
    let engine = engine(&entries);
    let of = |document: &str, version: &str| {
        let document = Some(document.to_owned());
        ask(&engine, Request { document, ..of_version("alpha", version) })
    };
    let ids =
        |answer: Answer| -> BTreeSet<String> { answer.hits.into_iter().map(|hit| hit.chunk_id).collect() };
    assert_eq!(ids(of("pump/1/a.md", "all")), ["pump::1::a::0".into(), "pump::1::a::1".into()].into());
    // The chunk is shared, and shown where it was looked for, not where it is newest.
    assert_eq!(ids(of("pump::1::b", "all")), ["pump::1::b::0".into()].into());
    let nothing = of("pump/1/a.md", "2");
    assert!(nothing.hits.is_empty());
    assert_eq!(nothing.notices, ["No document here is “pump/1/a.md”; give its source, as a hit shows it."]);
}

/// A little generator of numbers; the same on every machine.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn text(&mut self) -> String {
        let words: Vec<&str> =
            (0..3 + self.throw(6)).map(|_| VOCABULARY[self.throw(VOCABULARY.len())]).collect();
        words.join(" ")
    }
}

/// Versions of two documents, each version an edit of the one before.
fn random_library(seed: u64) -> Vec<Entry> {
    let mut dice = Dice(seed);
    let mut documents: Vec<Vec<String>> = (0..2).map(|_| (0..6).map(|_| dice.text()).collect()).collect();
    let mut entries = Vec::new();
    for version in 1..=4 {
        for (name, texts) in documents.iter_mut().enumerate() {
            for _ in 0..dice.throw(3) {
                let at = dice.throw(texts.len());
                match dice.throw(3) {
                    0 => texts[at] = dice.text(),
                    1 => texts.insert(at, dice.text()),
                    _ if texts.len() > 2 => drop(texts.remove(at)),
                    _ => {}
                }
            }
            entries.push(entry(&format!("1.{version}"), &format!("doc-{name}"), "Manual", texts));
        }
    }
    order(&mut entries);
    entries
}

/// The ids of the chunks of a version that have a word of the query, by looking at all of them.
fn naive(entries: &[Entry], version: &str, query: &str) -> BTreeSet<String> {
    let asked: Vec<String> = mcdewey_text::tokens(query).into_iter().map(|token| token.term).collect();
    let here = entries.iter().filter(|entry| entry.place.version == version);
    let chunks = here.flat_map(|entry| entry.chunks.iter().map(move |chunk| (&entry.document.title, chunk)));
    let has_word = |title: &str, chunk: &Chunk| {
        let terms = ChunkTerms::of(title, chunk, &mut Stems::default()).terms;
        asked.iter().any(|term| terms.contains_key(term))
    };
    chunks.filter(|(title, chunk)| has_word(title, chunk)).map(|(_, chunk)| chunk.id.clone()).collect()
}

#[test]
fn a_filter_loses_nothing_and_keeps_the_order() {
    let mut shared_chunks = 0;
    for seed in 0..40 {
        let entries = random_library(seed);
        let engine = engine(&entries);
        shared_chunks += Shared::of(&entries).sharing()[0].shared;
        // The same chunks without versions, one document each: the whole that a filter is a part of.
        let shared = Shared::of(&entries);
        let alone: Vec<Entry> = (0..)
            .zip(&shared.chunks)
            .map(|(n, chunk)| {
                let text = chunk.newest().chunk.text.clone();
                entry("", &format!("{n:04}"), "Manual", &[text])
            })
            .collect();
        let alone = self::engine(&alone);
        let mut dice = Dice(seed + 1000);
        for _ in 0..6 {
            let query = format!(
                "{} {} ",
                VOCABULARY[dice.throw(VOCABULARY.len())],
                VOCABULARY[dice.throw(VOCABULARY.len())]
            );
            let whole = ask(&alone, of_version(&query, "")).hits;
            for version in ["1.1", "1.2", "1.3", "1.4"] {
                let answer = ask(&engine, of_version(&query, version));
                let found: BTreeSet<String> = answer.hits.iter().map(|hit| hit.chunk_id.clone()).collect();
                assert_eq!(found, naive(&entries, version, &query), "seed {seed}, {query:?} in {version}");
                assert_eq!(answer.matched, found.len());
                // Numbers of `alone` are those of the shared chunks.
                let stands = |hit: &&Hit| {
                    let number: usize = hit.source["pump//".len()..][..4].parse().unwrap();
                    let editions = &shared.chunks[number].editions;
                    editions.iter().any(|edition| edition.entry.place.version == version)
                };
                let expected: Vec<&str> =
                    whole.iter().filter(stands).map(|hit| hit.snippet.as_str()).collect();
                let order: Vec<&str> = answer.hits.iter().map(|hit| hit.snippet.as_str()).collect();
                assert_eq!(order, expected, "seed {seed}, {query:?} in {version}");
            }
        }
    }
    assert!(shared_chunks > 100, "the libraries share too little to show anything: {shared_chunks}");
}
