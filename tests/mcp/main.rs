//! The tools for agents: what they answer, over HTTP and over standard input, to good and to bad questions.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail as the test does")]

mod bridge;
mod http;
mod stdio;
mod surface;

use std::fs;
use std::path::Path;

use mcdewey_tests::{Library, Site, root};

/// The sample library, built: a manual in two versions, and one with pages and pictures.
pub fn sample() -> Site {
    let library = Library::new();
    copy(&root().join("static/library"), &library.path());
    library.build(&[]).ok()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}
