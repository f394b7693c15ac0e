//! A fuzz target per parser: Markdown, HTML, PDF, and the files of the index.
//!
//! ```text
//! seeds (real documents) ──mutate, many times, from a fixed seed──► parser ──► no panic, no fault, within PATIENCE
//! ```
//!
//! It runs with the ordinary tests on the toolchain of the rest, so the same inputs come every time and a failure comes
//! back; coverage-guided fuzzers need another toolchain. `FUZZ=100000 cargo test --release --workspace --test fuzz` tries
//! so many inputs for each parser instead of a few hundred. An input that fails is kept, and the message says where.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail as the test does")]

mod mutate;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use mcdewey::chunk::{Sizes, Tokens, chunks};
use mcdewey::ingest::pdf::Readers;
use mcdewey::ingest::{Context, Forms, read};
use mcdewey::tree::Kind;
use mcdewey_format::boot::Boot;
use mcdewey_format::catalog::Catalog;
use mcdewey_format::cell::Cell;
use mcdewey_format::documents::Documents;
use mcdewey_format::encoder::Encoder;
use mcdewey_format::fragment::Fragment;
use mcdewey_format::projection::Projection;
use mcdewey_format::registry::Registry;
use mcdewey_format::shard::Shard;
use mcdewey_format::{Kind as FileKind, frame};
use mcdewey_tests::make::{Pdf, font_text, grid, text};
use mcdewey_tests::{mcdewey, root};
use mutate::Mutator;

/// Inputs for each parser in this process, and for the reader of PDFs, each of whose inputs has a process of its own.
const INPUTS: usize = 600;
const PDFS: usize = 150;

/// Longest that one input may take on a busy machine. What the parsers bear takes two seconds at most, what grows with
/// the square of its size minutes.
const PATIENCE: Duration = Duration::from_secs(20);

/// Files of up to this size are seeds: changes to larger ones mostly meet the same code.
const LARGEST_SEED: u64 = 64 << 10;

fn count(usual: usize) -> usize {
    std::env::var("FUZZ").ok().and_then(|count| count.parse().ok()).unwrap_or(usual)
}

/// Feeds mutations of the seeds to `parse`, which says what went wrong with one.
#[track_caller]
fn fuzz(parser: &str, count: usize, mut mutator: Mutator, parse: impl Fn(&[u8]) -> Result<(), String>) {
    for number in 0..count {
        let input = mutator.next();
        let begun = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(|| parse(&input)));
        let fault = match result {
            Err(_) => "it panicked".to_owned(),
            Ok(Err(fault)) => fault,
            Ok(Ok(())) if begun.elapsed() > PATIENCE => {
                format!("it took {:.1} s", begun.elapsed().as_secs_f64())
            }
            Ok(Ok(())) => continue,
        };
        let kept = std::env::temp_dir().join(format!("mcdewey-fuzz-{parser}-{number}"));
        fs::write(&kept, &input).unwrap();
        panic!("{parser}, input {number}: {fault}; the input is in {}", kept.display());
    }
}

/// The files with this extension below a folder.
fn files(folder: &Path, extension: &str, found: &mut Vec<Vec<u8>>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|own| own == extension)
            && fs::metadata(&path).unwrap().len() <= LARGEST_SEED
        {
            found.push(fs::read(&path).unwrap());
        }
    }
}

fn seeds(folders: &[&str], extension: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    folders.iter().for_each(|folder| files(&root().join(folder), extension, &mut found));
    assert!(!found.is_empty(), "no .{extension} below {}", folders.join(", "));
    found
}

struct Words;

impl Tokens for Words {
    fn offsets(&self, text: &str) -> Vec<(usize, usize)> {
        let start = |word: &str| word.as_ptr().addr() - text.as_ptr().addr();
        text.split_whitespace().map(|word| (start(word), start(word) + word.len())).collect()
    }
}

/// Reads and cuts a document, as a build does.
fn read_and_cut(kind: Kind, bytes: &[u8]) -> Result<(), String> {
    let forms = Forms::default();
    let context =
        Context { source: "input", url: "input/", tree: None, media: None, page_forms: &forms, pages: None };
    match read(kind, bytes, context) {
        Ok(document) => {
            for chunk in chunks(&document, "input", &Sizes::default(), &Words) {
                let whole =
                    chunk.passages.iter().all(|passage| chunk.text.get(passage.range.clone()).is_some());
                if !whole {
                    return Err(format!("a passage of {} is no part of its text", chunk.id));
                }
            }
            Ok(())
        }
        Err(note) if note.text.contains("fault of McDewey") => Err(note.text),
        Err(_) => Ok(()),
    }
}

#[test]
fn markdown() {
    let words = [
        "```",
        "> ",
        "- ",
        "1. ",
        "| a |\n|---|\n",
        "::: ",
        "!!! note\n    ",
        "<a ",
        "<!-- ",
        "[^1]",
        "$$",
        "---\n",
    ];
    let seeds = seeds(&["tests/golden/markdown", "static/library"], "md");
    fuzz("markdown", count(INPUTS), Mutator::new(1, seeds, &words), |bytes| {
        read_and_cut(Kind::Markdown, bytes)
    });
}

#[test]
fn mdx() {
    let words = ["<Tab ", "{", "}", "{/*", "export const a = ", "import ", "</>", "<>", "`", "\\{", "```"];
    let mut seeds = seeds(&["tests/golden/markdown"], "mdx");
    seeds.extend(self::seeds(&["tests/golden/markdown"], "md"));
    fuzz("mdx", count(INPUTS), Mutator::new(2, seeds, &words), |bytes| read_and_cut(Kind::Mdx, bytes));
}

#[test]
fn html() {
    let words = [
        "<table>",
        "<tr><td>",
        "<a ",
        "</",
        "<!--",
        "<pre><code>",
        "<svg>",
        "<template>",
        "&#x",
        "<h2 id=\"",
        "<p ",
        "<![CDATA[",
    ];
    let seeds = seeds(&["tests/golden/html"], "html");
    fuzz("html", count(INPUTS), Mutator::new(3, seeds, &words), |bytes| read_and_cut(Kind::Html, bytes));
}

#[test]
fn pdf() {
    let words = [
        "<<",
        ">>",
        "[",
        "]",
        " 0 R",
        "stream\n",
        "endobj\n",
        "/Kids",
        "/Length 99999999",
        "BT ",
        " Tj ",
        "Do ",
        " cm ",
        "-1",
        "1e9",
    ];
    let table =
        grid(72.0, 700.0, &[100.0, 100.0], &[20.0, 20.0]) + &font_text("F2", 76.0, 690.0, 11.0, &["Name"]);
    let mut outlined = Pdf::new();
    let page = outlined.next_page();
    outlined = outlined.page(&text(72.0, 770.0, 18.0, &["1 Safety", "Wear gloves."]));
    let outline = outlined.object("<</First 5 0 R/Last 5 0 R>>");
    outlined.object(format!("<</Title(Safety)/Dest[{page} 0 R/XYZ 72 790 0]>>"));
    let mut pictured = Pdf::new();
    let image = "/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceRGB";
    let image = pictured.stream(image, &[255, 0, 0, 0, 0, 255, 0, 0, 255, 255, 0, 0]);
    let resources = format!("/Resources<</XObject<</A {image} 0 R>>>>");
    let seeds = vec![
        Pdf::new().lines(&["The gearbox is oiled", "every autumn."]).page(&table).bytes(),
        outlined.catalog(&format!("/Outlines {outline} 0 R")).bytes(),
        pictured.page_with("q 100 0 0 50 72 700 cm /A Do Q\n", &resources).bytes(),
    ];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("input.pdf");
    let readers = Readers { program: Some(mcdewey()), pictures: Some(folder.path().to_owned()) };
    fuzz("pdf", count(PDFS), Mutator::new(4, seeds, &words), |bytes| {
        fs::write(&file, bytes).unwrap();
        match readers.read(&file, "input.pdf") {
            Err(note) if note.text.contains("fault of McDewey") => Err(note.text),
            _ => Ok(()),
        }
    });
}

/// What is inside the frame is changed and framed anew, since a checksum keeps every other change out.
#[test]
fn files_of_the_index() {
    let mut all = Vec::new();
    files(&root().join(format!("tests/format/v{}", mcdewey_format::FORMAT_VERSION)), "mcd", &mut all);
    for (seed, kind) in (5..).zip(FileKind::ALL) {
        let payloads = all.iter().filter_map(|file| frame::open("seed", kind, file).ok());
        let mut seeds: Vec<Vec<u8>> = payloads.collect();
        // Encoders are not frozen with the indexes, and catalogs only where there are pictures.
        if seeds.is_empty() {
            seeds = all.iter().filter_map(|file| frame::open("seed", FileKind::Boot, file).ok()).collect();
        }
        fuzz(
            kind.name(),
            count(INPUTS),
            Mutator::new(seed, seeds, &["\u{7f}", "\u{0}\u{0}\u{0}\u{0}"]),
            |raw| {
                let file = frame::seal(kind, raw);
                // That it is refused is as good as that it is read.
                match kind {
                    FileKind::Boot => drop(Boot::from_file("input", &file)),
                    FileKind::Shard => drop(Shard::from_file("input", &file)),
                    FileKind::Cell => drop(Cell::from_file("input", &file)),
                    FileKind::Fragment => drop(Fragment::from_file("input", &file)),
                    FileKind::Documents => drop(Documents::from_file("input", &file)),
                    FileKind::Catalog => drop(Catalog::from_file("input", &file)),
                    FileKind::Registry => drop(Registry::from_file("input", &file)),
                    FileKind::Spelling => {
                        let list = mcdewey_format::spelling::Spelling::from_file("input", &file);
                        list.into_iter().for_each(|list| list.words().for_each(drop));
                    }
                    FileKind::Projection => drop(Projection::from_file("input", &file)),
                    FileKind::Encoder => drop(Encoder::decode("input", &file)),
                }
                Ok(())
            },
        );
    }
}
