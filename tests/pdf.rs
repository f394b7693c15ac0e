//! Hostile and broken PDFs, met by a whole build: each costs at most itself, one line says why, and the sound document
//! beside it is built and found. The files are made here; none is committed.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail as the test does")]

use std::time::{Duration, Instant};

use flate2::{Compress, Compression, FlushCompress};
use mcdewey::ingest::pdf::Readers;
use mcdewey_tests::make::{Pdf, text};
use mcdewey_tests::{INCOMPLETE, Library, OK, mcdewey};

/// A document that every library here also has.
const SOUND: &str = "# Sound\n\nThe carburettor needs adjusting before winter.\n";

/// Longest that a build with one hostile file may take; its worker has a minute.
const PATIENCE: Duration = Duration::from_secs(150);

/// Builds a library with this PDF and a sound document. Whatever becomes of the PDF, the other one is found, nobody is
/// shown a panic, and it ends in time.
#[track_caller]
fn built_with(pdf: &[u8], code: i32, says: &[&str]) -> mcdewey_tests::Site {
    let library = Library::new().file("engine/v1/sound.md", SOUND).file("engine/v1/odd.pdf", pdf);
    let begun = Instant::now();
    let built = library.build(&["--strict"]);
    assert!(begun.elapsed() < PATIENCE, "took {:?}", begun.elapsed());
    let run = built.run.ends_with(code);
    if !says.is_empty() {
        run.says(&[&["engine/v1/odd.pdf"], says].concat());
    }
    built.site.finds("carburettor", "engine::v1::sound");
    built.site
}

#[track_caller]
fn lost(pdf: &[u8], says: &[&str]) {
    built_with(pdf, INCOMPLETE, &[&["not read"], says].concat());
}

#[track_caller]
fn read(pdf: &[u8], finds: &str) {
    built_with(pdf, OK, &[]).finds(finds, "engine::v1::odd");
}

/// Two pages of plain text.
fn plain() -> Pdf {
    Pdf::new()
        .lines(&["The gearbox is oiled", "every autumn."])
        .lines(&["The sprocket is replaced", "every spring."])
}

/// So many megabytes of blanks, deflated: one megabyte that ends on a byte, said again and again.
fn deflated(megabytes: usize) -> Vec<u8> {
    let mut block = Vec::with_capacity(64 << 10);
    let mut deflate = Compress::new(Compression::best(), false);
    deflate.compress_vec(&vec![b' '; 1 << 20], &mut block, FlushCompress::Full).unwrap();
    // Header, blocks, an empty last block; no reader of a truncated bomb gets as far as the checksum.
    [&[0x78, 0xda][..], &block.repeat(megabytes), &[0x03, 0x00]].concat()
}

#[test]
fn a_pdf_becomes_pages_that_are_found_and_linked() {
    let site = built_with(&plain().bytes(), OK, &[]);
    let run = site.search("sprocket", &["--mode", "keyword", "--limit", "1"]).ends_with(OK);
    let json = run.json();
    assert_eq!(json["hits"][0]["chunk_id"], "engine::v1::odd::1", "{run}");
    assert_eq!(json["hits"][0]["page"], 2, "{run}");
    assert!(json["hits"][0]["url"].as_str().unwrap().ends_with("#page-2"), "{run}");
}

#[test]
fn what_is_no_pdf_is_told() {
    lost(b"", &["damaged or no PDF"]);
    lost(b"<html>404 not found</html>", &["damaged or no PDF"]);
    let noise: Vec<u8> = (0_u32..200_000).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    lost(&noise, &["damaged or no PDF"]);
}

#[test]
fn garbage_around_a_pdf_is_looked_past() {
    let mut before = vec![0; 5000];
    before.extend(plain().bytes());
    read(&before, "gearbox");
    let mut tail_cut = plain().bytes();
    tail_cut.truncate(tail_cut.len() - 120);
    read(&tail_cut, "gearbox");
}

#[test]
fn a_password_is_named() {
    let encrypted = plain().trailer(
        "/ID[<00><00>]/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -44\
         /O<0000000000000000000000000000000000000000000000000000000000000000>\
         /U<0000000000000000000000000000000000000000000000000000000000000000>>>",
    );
    lost(&encrypted.bytes(), &["encrypted"]);
}

#[test]
fn loops_end() {
    let xref = String::from_utf8(plain().bytes()).unwrap().replace("/Root 1 0 R", "/Root 1 0 R/Prev 9");
    built_with(xref.as_bytes(), OK, &[]);
    let mut outline = plain();
    let (page, entry) = (outline.object("null"), outline.object("null"));
    let own = format!("<</Title(again)/Next {entry} 0 R/First {entry} 0 R/Dest[{page} 0 R/Fit]>>");
    let entry = outline.object(own);
    let root = outline.object(format!("<</First {entry} 0 R/Last {entry} 0 R>>"));
    read(&outline.catalog(&format!("/Outlines {root} 0 R")).bytes(), "gearbox");
    let kids = String::from_utf8(plain().bytes()).unwrap().replace("/Kids[", "/Kids[2 0 R ");
    read(kids.as_bytes(), "gearbox");
    let mut form = Pdf::new();
    let own = form.next_page() - 1;
    let form_number = form.stream(
        &format!("/Type/XObject/Subtype/Form/BBox[0 0 600 700]/Resources<</XObject<</X {own} 0 R>>>>"),
        b"/X Do",
    );
    let content = format!("{}/X Do", text(72.0, 700.0, 12.0, &["The flywheel spins."]));
    let form = form.page_with(
        &content,
        &format!("/Resources<</XObject<</X {form_number} 0 R>>/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"),
    );
    read(&form.bytes(), "flywheel");
}

#[test]
fn forms_within_forms_cost_their_own_document_only() {
    // Each of twelve forms draws the next one ten times: a million million letters.
    let mut pdf = Pdf::new();
    let first = pdf.next_page() - 1;
    for level in 0..12 {
        let (content, resources) = if level < 11 {
            ("/X Do ".repeat(10), format!("/XObject<</X {} 0 R>>", first + level + 1))
        } else {
            (
                "BT /F1 9 Tf (again) Tj ET".to_owned(),
                "/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>".to_owned(),
            )
        };
        pdf.stream(
            &format!("/Type/XObject/Subtype/Form/BBox[0 0 600 700]/Resources<<{resources}>>"),
            content.as_bytes(),
        );
    }
    let pdf = pdf.page_with("/X Do", &format!("/Resources<</XObject<</X {first} 0 R>>>>"));
    lost(&pdf.bytes(), &["it took more than 60 s"]);
}

#[test]
fn a_bomb_of_ten_gigabytes_costs_its_own_document_only() {
    let bomb = deflated(10 << 10);
    let mut pdf = Pdf::new().lines(&["The manifold leaks."]);
    let content = pdf.stream("/Filter/FlateDecode", &bomb);
    let page =
        pdf.object(format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {content} 0 R>>"));
    let bytes = pdf.bytes();
    let bytes = replaced(&bytes, b"/Count 1/Kids[", format!("/Count 2/Kids[{page} 0 R ").as_bytes());
    lost(&bytes, &["2 GB of memory"]);
}

/// `bytes` with the first `from` replaced. The table of places is wrong then, and is rebuilt by the reader.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

#[test]
fn arrays_nested_two_hundred_thousand_deep_are_survived() {
    let deep = format!("/Deep {}{}", "[".repeat(200_000), "]".repeat(200_000));
    let pdf = plain().page_with(&text(72.0, 700.0, 12.0, &["The piston moves."]), &deep);
    let site = built_with(&pdf.bytes(), OK, &[]);
    site.finds("gearbox", "engine::v1::odd");
}

#[test]
fn a_page_as_large_as_a_country_is_read() {
    let pdf = plain().page_with(
        &text(72.0, 700.0, 12.0, &["The piston moves."]),
        "/CropBox[0 0 9e9 9e9]/MediaBox[0 0 9e9 9e9]",
    );
    read(&pdf.bytes(), "gearbox");
}

#[test]
fn five_thousand_pages_are_read() {
    // A word of its own for each page, without digits and far from the edges: what is alike but for its numbers, there,
    // is a running head.
    let word = |page: u32| -> String {
        (0..4)
            .map(|at| char::from(b"abcdefghijklmnopqrstuvwxyz"[(page / 26_u32.pow(at) % 26) as usize]))
            .collect()
    };
    let mut pdf = Pdf::new();
    for page in 0..5000 {
        let name = format!("Pump {} is oiled every autumn.", word(page));
        pdf = pdf.page(&text(72.0, 500.0, 12.0, &[&name, "So are all others."]));
    }
    // Read by a worker, but not built: embedding all of it would take minutes and show nothing more.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("long.pdf");
    std::fs::write(&file, pdf.bytes()).unwrap();
    let readers = Readers { program: Some(mcdewey()), pictures: None };
    let document = readers.read(&file, "long.pdf").unwrap_or_else(|note| panic!("{}", note.text));
    assert_eq!(document.pages.len(), 5000);
    assert!(document.pages[4321].html.contains(&word(4321)), "{}", document.pages[4321].html);
}

#[test]
fn a_scan_is_shown_and_told() {
    let mut pdf = Pdf::new();
    let picture = pdf.stream(
        "/Type/XObject/Subtype/Image/Width 64/Height 64/BitsPerComponent 8/ColorSpace/DeviceGray",
        &(0_u32..64 * 64).map(|at| (at % 251) as u8).collect::<Vec<u8>>(),
    );
    let pdf = pdf
        .page_with("q 595 0 0 842 0 0 cm /I Do Q", &format!("/Resources<</XObject<</I {picture} 0 R>>>>"))
        .lines(&["The crankshaft turns."]);
    let site = built_with(&pdf.bytes(), OK, &["needs_ocr", "page 1 has no text"]);
    site.finds("crankshaft", "engine::v1::odd");
    let pictures = site.tree().into_keys().filter(|path| path.starts_with("media/")).count();
    assert_eq!(pictures, 1);
}

#[test]
fn the_pdf_itself_is_published_when_asked_for() {
    let bytes = plain().bytes();
    let library =
        Library::new().file("mcdewey.toml", "copy_sources = true\n").file("engine/v1/odd.pdf", &bytes);
    let tree = library.build(&["--strict"]).ok().tree();
    assert!(tree["engine/v1/odd/odd.pdf"] == bytes);
    let page = String::from_utf8_lossy(&tree["engine/v1/odd/index.html"]).into_owned();
    assert!(page.contains("href=\"odd.pdf#page=2\""), "{page}");
}
