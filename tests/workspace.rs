//! The shape of the repository, held by tests because prose about it rots: which crate may use which, what stands at
//! the top, whether the paths that the READMEs name exist, and that no file has grown past reading.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail as the test does")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mcdewey_tests::root;
use serde_json::Value;

/// Which of our crates each crate may use. The arrows point down, and nobody imports the rims.
const MAY_USE: [(&str, &[&str]); 12] = [
    ("mcdewey-format", &[]),
    ("mcdewey-text", &[]),
    ("mcdewey-embed", &["mcdewey-format"]),
    ("mcdewey-search", &["mcdewey-format", "mcdewey-text"]),
    ("mcdewey-mcp", &["mcdewey-search", "mcdewey-format"]),
    ("mcdewey-serve", &["mcdewey-mcp", "mcdewey-search", "mcdewey-embed", "mcdewey-format"]),
    ("mcdewey-www-host", &["mcdewey-search", "mcdewey-format"]),
    ("mcdewey-www-search", &["mcdewey-www-host", "mcdewey-search", "mcdewey-format"]),
    ("mcdewey-www-encoder", &["mcdewey-embed", "mcdewey-format"]),
    ("mcdewey-www-agents", &["mcdewey-www-host", "mcdewey-mcp", "mcdewey-search", "mcdewey-format"]),
    (
        "mcdewey",
        &[
            "mcdewey-serve",
            "mcdewey-mcp",
            "mcdewey-search",
            "mcdewey-format",
            "mcdewey-text",
            "mcdewey-embed",
        ],
    ),
    (
        "mcdewey-tests",
        &[
            "mcdewey",
            "mcdewey-serve",
            "mcdewey-mcp",
            "mcdewey-search",
            "mcdewey-format",
            "mcdewey-text",
            "mcdewey-embed",
            "mcdewey-www-host",
            "mcdewey-www-search",
            "mcdewey-www-encoder",
            "mcdewey-www-agents",
        ],
    ),
];

/// What stands at the top of the repository, apart from names that begin with a dot.
const TOP: [&str; 9] =
    ["Cargo.lock", "Cargo.toml", "Makefile", "README.md", "build-index", "src", "static", "tests", "www"];

/// What building and testing leave beside it; git ignores these.
const LEFT_BEHIND: [&str; 3] = ["target", "site", "node_modules"];

/// A file longer than this is hard to hold in the head.
const LONGEST: usize = 500;

/// The files that may be longer, each with its reason.
const LONGER: [(&str, &str); 0] = [];

/// What `cargo metadata` says about our own packages.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

#[test]
fn crates_use_only_what_the_layers_allow() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.into_iter().collect();
    let packages = packages();
    let ours: BTreeSet<&str> = packages.iter().map(|package| package["name"].as_str().unwrap()).collect();
    assert_eq!(ours, allowed.keys().copied().collect(), "every crate of the workspace has its layer");
    for package in &packages {
        let name = package["name"].as_str().unwrap();
        for dependency in package["dependencies"].as_array().unwrap() {
            let used = dependency["name"].as_str().unwrap();
            assert!(
                !ours.contains(used) || allowed[name].contains(&used),
                "{name} may not use {used}; it may use {:?}",
                allowed[name]
            );
        }
    }
}

#[test]
fn the_top_level_reads_like_a_table_of_contents() {
    let names: BTreeSet<String> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.') && !LEFT_BEHIND.contains(&name.as_str()))
        .collect();
    assert_eq!(names, TOP.iter().map(|name| (*name).to_owned()).collect());
}

#[test]
fn every_path_that_a_readme_names_exists() {
    for readme in ["README.md", "src/README.md"] {
        let file = root().join(readme);
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{readme}: {error}"));
        let folder = file.parent().unwrap();
        for path in named_paths(&text, folder) {
            assert!(
                folder.join(&path).exists() || root().join(&path).exists(),
                "{readme} names {path}, which is not there"
            );
        }
    }
}

/// The targets of a text's links, and the words in backticks that begin with a folder of ours.
fn named_paths(text: &str, folder: &Path) -> Vec<String> {
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let links = links.filter(|link| !link.contains(':') && !link.starts_with('#'));
    let links = links.map(|link| link.split('#').next().unwrap_or(link));
    let mut fenced = false;
    let mut words = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            words.extend(line.split('`').skip(1).step_by(2));
        }
    }
    let words = words.into_iter().filter(|word| {
        let first = word.split('/').next().unwrap_or(word);
        let plain = !word.contains([' ', '*', '<', '…', ':', '$']);
        let ours = !first.is_empty() && (root().join(first).exists() || folder.join(first).exists());
        plain && ours && !LEFT_BEHIND.contains(&first)
    });
    links.chain(words).map(str::to_owned).collect()
}

#[test]
fn paths_are_found_in_prose() {
    let text = "See [the crates](src/README.md#format) and `src/format`, not `target/x`, `cargo test` or \
                [there](https://example.org/a).\n```\n`src/nothing`\n```\nBut `src/gone.rs` is gone.";
    assert_eq!(named_paths(text, &root()), ["src/README.md", "src/format", "src/gone.rs"]);
}

#[test]
fn no_file_has_grown_past_reading() {
    let reasons: BTreeMap<&str, &str> = LONGER.into_iter().collect();
    for (file, lines) in sources() {
        let file = file.as_str();
        if lines > LONGEST {
            assert!(
                reasons.contains_key(file),
                "{file} has {lines} lines; split it, or give its reason in LONGER"
            );
        } else {
            assert!(!reasons.contains_key(file), "{file} is short again; take it out of LONGER");
        }
    }
}

/// Our Rust and JavaScript files with their lengths, by path below the root.
fn sources() -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> =
        ["src", "build-index", "www", "tests"].map(|name| root().join(name)).into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            if path.is_dir() && !["dist", "target", "node_modules"].contains(&name) {
                folders.push(path);
            } else if path.is_file() && ["rs", "js", "mjs"].contains(&extension) {
                let lines = fs::read_to_string(&path).unwrap().lines().count();
                found.insert(path.strip_prefix(root()).unwrap().display().to_string(), lines);
            }
        }
    }
    found
}
