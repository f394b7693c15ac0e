//! Golden cases: `tests/golden/<reader>/<case>/input.md` (or `.mdx`, `.html`) is read as a library of that folder, and what
//! comes out is compared with `expected.txt`. `UPDATE_GOLDEN=1 cargo test -p mcdewey golden` rewrites them.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::chunk::tests::Words;
use crate::chunk::{Sizes, Tokens};
use crate::config::Config;
use crate::document::Block;
use crate::library::{Entry, read_library};

/// A library's documents, chunks and reports, for people to read.
fn dump(folder: &Path) -> String {
    let mut config = Config::read(folder).unwrap();
    config.exclude.push("expected.txt".to_owned());
    let library = read_library(folder, &config, &Sizes::default(), &Words, &|_| {}).unwrap();
    let mut out = String::new();
    for entry in library.entries.iter().filter(|entry| entry.document.source.starts_with("input.")) {
        dump_entry(&mut out, entry);
    }
    for report in &library.reports {
        let line = report.note.line.map_or(String::new(), |line| format!(":{line}"));
        writeln!(out, "{:?} {}{line}: {}", report.note.weight, report.source, report.note.text).unwrap();
    }
    for picture in &library.media {
        writeln!(out, "media {} -> {}", picture.source, picture.url).unwrap();
    }
    out
}

fn dump_entry(out: &mut String, entry: &Entry) {
    let document = &entry.document;
    writeln!(
        out,
        "{} \"{}\" language {:?} paged {}",
        document.source, document.title, document.language, document.paged
    )
    .unwrap();
    for page in &document.pages {
        writeln!(out, "\n== page {} label {:?}", page.number, page.label).unwrap();
        for section in &page.sections {
            let contents = if section.contents { " contents" } else { "" };
            writeln!(out, "§{} #{} {}{contents}", section.level, section.anchor, section.path.join(" › "))
                .unwrap();
            for block in &section.blocks {
                match block {
                    Block::Text(text) => writeln!(out, "  text {}", text.replace('\n', "⏎")),
                    Block::Code { language, text } => {
                        writeln!(out, "  code [{language}] {}", text.replace('\n', "⏎"))
                    }
                    Block::Table { header, rows } => writeln!(out, "  table {header:?} {rows:?}"),
                }
                .unwrap();
            }
        }
        for image in &page.images {
            writeln!(out, "image {} \"{}\" {:?}", image.source, image.alt, image.size).unwrap();
        }
        writeln!(out, "-- html\n{}", page.html.trim()).unwrap();
    }
    for chunk in &entry.chunks {
        writeln!(
            out,
            "\n== {} \"{}\" #{} {}",
            chunk.id,
            chunk.title,
            chunk.anchor,
            chunk.headings.join(" › ")
        )
        .unwrap();
        for passage in &chunk.passages {
            let embedded = chunk.embedded(passage);
            writeln!(out, "-- {} tokens\n{embedded}", Words.count(&embedded)).unwrap();
        }
        if chunk.passages.is_empty() {
            writeln!(out, "-- no passages\n{}", chunk.text).unwrap();
        }
    }
    writeln!(out).unwrap();
}

#[test]
fn golden() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden");
    let readers = ["html", "markdown"].map(|reader| fs::read_dir(root.join(reader)).unwrap());
    let mut cases: Vec<_> = readers.into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    let mut differ = Vec::new();
    for case in cases {
        let got = dump(&case);
        let file = case.join("expected.txt");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&file, &got).unwrap();
        } else if fs::read_to_string(&file).unwrap_or_default() != got {
            differ.push(format!("{}:\n{got}", case.file_name().unwrap().to_string_lossy()));
        }
    }
    assert!(
        differ.is_empty(),
        "these cases changed; if that is meant, run `UPDATE_GOLDEN=1 cargo test -p mcdewey golden` and read the diff\n{}",
        differ.join("\n")
    );
}
