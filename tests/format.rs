//! Indexes of every format version that is still read, frozen as they were built, with what they answered.
//!
//! ```text
//! tests/format/library/      what was built
//! tests/format/v2/           index.json, index/*.mcd (without the encoder), answers.json
//! ```
//!
//! `FREEZE=1 cargo test --release --package mcdewey-tests --test format` builds the library with the program of now and
//! replaces the folder of the version that is written now; those of older versions are never touched. `ANSWERS=1` leaves every
//! index as it is and writes anew what they answer, where only the ranking changed. A change that
//! makes this test fail either is a mistake, or changes the format and needs another version, or changes the ranking,
//! and then the author reads the diff of the answers.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail as the test does")]

use std::fs;
use std::path::{Path, PathBuf};

use mcdewey_format::FORMAT_VERSION;
use mcdewey_format::index::{FILE, Index};
use mcdewey_search::{Engine, Request, Step};
use mcdewey_tests::{Library, OK, root, run};
use serde_json::{Value, json};

/// What is asked of every frozen index. Vectors are made here, since the encoder is not kept.
const QUESTIONS: [&str; 8] = [
    r#"{"query": "seized rotor"}"#,
    r#"{"query": "valve gauge", "explain": true}"#,
    r#"{"query": "maxflow", "version": "v1"}"#,
    r#"{"query": "valve", "version": "all"}"#,
    r#"{"query": "drain the pu", "version": "<= 1", "product": "pump"}"#,
    r#"{"query": "drain", "document": "pump/v2/guide.md"}"#,
    r#"{"query": "frost", "version": "v3"}"#,
    r#"{"query": "frost", "mode": "semantic", "limit": 3}"#,
];

fn folder() -> PathBuf {
    root().join("tests/format")
}

/// The index of a folder, ready to answer.
fn engine(folder: &Path) -> Engine {
    let text = fs::read_to_string(folder.join(FILE)).unwrap();
    let index: Index = serde_json::from_str(&text).unwrap();
    Engine::new(index).unwrap()
}

/// Answers from the files of the folder; a file that is not there is absent.
fn answer(engine: &mut Engine, folder: &Path, question: &str) -> Value {
    let mut request: Request = serde_json::from_str(question).unwrap();
    // A direction of its own; only its being the same every time matters.
    request.vector = Some((0..384u32).map(|n| ((n * 37 % 101) as f32 - 50.0) / 600.0).collect());
    loop {
        match engine.search(&request).unwrap() {
            Step::Ready(answer) => return serde_json::to_value(answer).unwrap(),
            Step::Need(files) => {
                for file in files {
                    match fs::read(folder.join(&file.path)) {
                        Ok(bytes) => engine.insert(&file.path, &bytes).unwrap(),
                        Err(error) => engine.absent(&file.path, &error.to_string()),
                    }
                }
            }
        }
    }
}

/// Every question with its answer, for people to read.
fn told(folder: &Path) -> String {
    let mut engine = engine(folder);
    let answered = QUESTIONS.iter().map(|question| {
        let answer = answer(&mut engine, folder, question);
        json!({ "question": question, "answer": answer })
    });
    serde_json::to_string_pretty(&answered.collect::<Vec<_>>()).unwrap() + "\n"
}

/// Builds the library and keeps its index.
fn freeze(folder: &Path) {
    let library = Library::new();
    for path in ["mcdewey.toml", "pump/v1/guide.md", "pump/v2/guide.md"] {
        let text = fs::read(root().join("tests/format/library").join(path)).unwrap();
        library.write(path, text);
    }
    let site = library.build(&[]).ok();
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder.join("index")).unwrap();
    for path in
        site.index_files().into_iter().filter(|path| !path.contains("encoder-")).chain([FILE.to_owned()])
    {
        fs::copy(site.path.join(&path), folder.join(&path)).unwrap();
    }
    fs::write(folder.join("answers.json"), told(folder)).unwrap();
}

#[test]
fn every_frozen_index_is_read_and_answers_as_it_did() {
    let newest = folder().join(format!("v{FORMAT_VERSION}"));
    if std::env::var_os("FREEZE").is_some() {
        freeze(&newest);
    }
    assert!(newest.is_dir(), "{} is missing; FREEZE=1 makes it", newest.display());
    let mut frozen = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if !path.join(FILE).is_file() {
            continue;
        }
        if std::env::var_os("ANSWERS").is_some() {
            fs::write(path.join("answers.json"), told(&path)).unwrap();
        }
        let kept = fs::read_to_string(path.join("answers.json")).unwrap();
        // As text: reading a number back may change its last digit.
        let now = told(&path);
        for (number, (kept, now)) in kept.lines().zip(now.lines()).enumerate() {
            assert_eq!(kept, now, "{}/answers.json, line {}", path.display(), number + 1);
        }
        assert_eq!(kept.len(), now.len(), "{}/answers.json", path.display());
        frozen += 1;
    }
    assert!(frozen > 0);
    // The program is a host of its own.
    let site = newest.display().to_string();
    let arguments = ["search", &site, "seized rotor", "--mode", "keyword", "--json"];
    let found = run(arguments).speaks_to_people().ends_with(OK).chunk_ids();
    assert_eq!(found[0], "pump::v2::guide::2");
}
