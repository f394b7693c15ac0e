//! What is read of a PDF: one case per thing that a page can do, each a PDF made here by hand, compared with
//! `tests/golden/pdf/<case>.txt`. `UPDATE_GOLDEN=1 cargo test -p mcdewey-tests --test layout` rewrites them.

#![allow(
    clippy::unwrap_used,
    clippy::use_debug,
    reason = "the helpers of a test fail as the test does, and a dump is read by developers"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use mcdewey::document::{Block, Document};
use mcdewey::ingest::pdf::Readers;
use mcdewey_tests::make::{Pdf, font_text, grid, text};
use mcdewey_tests::root;

/// What was read, for people; the pictures are in `folder`.
fn dump(document: &Document, folder: &Path) -> String {
    let mut out = String::new();
    let language = document.language.as_deref().unwrap_or("not named");
    writeln!(out, "{:?} language {language}", document.title).unwrap();
    for note in &document.notes {
        writeln!(out, "note {}", note.text).unwrap();
    }
    for page in &document.pages {
        writeln!(out, "\n== page {} printed {}", page.number, page.label.as_deref().unwrap_or("-")).unwrap();
        for section in &page.sections {
            writeln!(out, "§{} #{} {}", section.level, section.anchor, section.path.join(" › ")).unwrap();
            for block in &section.blocks {
                match block {
                    Block::Text(text) => writeln!(out, "  text {}", text.replace('\n', "⏎")),
                    Block::Code { text, .. } => writeln!(out, "  code {}", text.replace('\n', "⏎")),
                    Block::Table { header, rows } => {
                        writeln!(
                            out,
                            "  table {} / {}",
                            header.join(" | "),
                            rows.iter().map(|row| row.join(" | ")).collect::<Vec<_>>().join(" / ")
                        )
                    }
                }
                .unwrap();
            }
        }
        for image in &page.images {
            let name = image.source.rsplit_once('#').unwrap().1;
            let kind = name.rsplit_once('.').unwrap().1;
            let (width, height) = image.size.unwrap();
            assert!(folder.join(name).is_file(), "{name} was not stored");
            writeln!(out, "  picture {kind} {width} × {height} {}", image.alt).unwrap();
        }
        writeln!(out, "-- html\n{}", page.html.trim_end()).unwrap();
    }
    out
}

#[track_caller]
fn compare(case: &str, pdf: Pdf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("manual.pdf");
    fs::write(&file, pdf.bytes()).unwrap();
    let readers = Readers { program: None, pictures: Some(folder.path().to_owned()) };
    let document = readers.read(&file, "manual.pdf").unwrap_or_else(|note| panic!("{case}: {}", note.text));
    let got = dump(&document, folder.path());
    let golden = root().join("tests/golden/pdf").join(format!("{case}.txt"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(golden.parent().unwrap()).unwrap();
        fs::write(&golden, &got).unwrap();
    }
    let wanted = fs::read_to_string(&golden).unwrap_or_default();
    assert!(
        got == wanted,
        "{case} changed; if that is meant, run `UPDATE_GOLDEN=1 cargo test -p mcdewey-tests --test layout` and \
         read the diff\n{got}"
    );
}

#[test]
fn columns_below_a_title() {
    let left = [
        "The pump moves water from the",
        "well to the tank. It has to be",
        "primed before it is started for",
        "the first time, and after every",
        "winter as well.",
    ];
    let right = [
        "The tank holds the water until",
        "it is needed. A float closes",
        "the valve when the tank is full",
        "and opens it when the level has",
        "fallen by a tenth.",
    ];
    compare(
        "columns",
        Pdf::new().page(
            &(text(72.0, 770.0, 20.0, &["Pumps and their tanks, explained"])
                + &text(72.0, 700.0, 12.0, &left)
                + &text(320.0, 700.0, 12.0, &right)),
        ),
    );
}

#[test]
fn code_lists_and_hyphens() {
    let page = text(
        72.0,
        760.0,
        12.0,
        &[
            "The configuration is read at the start. A well-",
            "known port is part of the config-",
            "uration and may be changed:",
        ],
    ) + &font_text("F3", 90.0, 700.0, 10.0, &["server {", "    port = 80;", "}"])
        + &text(
            72.0,
            640.0,
            12.0,
            &["\u{2d} stop the pump and wait until it has come", "1. close the valve", "2. open the drain"],
        );
    compare("code-and-lists", Pdf::new().page(&page));
}

#[test]
fn ruled_tables() {
    let cells = [("Part", 80.0, 685.0), ("Torque", 230.0, 685.0)];
    let body = [
        ("Bolt", 80.0, 665.0),
        ("12 Nm", 230.0, 665.0),
        ("Flange nut,", 80.0, 645.0),
        ("galvanised", 80.0, 633.0),
        ("20 Nm", 230.0, 645.0),
    ];
    let mut page = text(72.0, 760.0, 12.0, &["Tighten the parts as told here."])
        + &grid(72.0, 700.0, &[150.0, 100.0], &[20.0, 20.0, 35.0]);
    for (cell, x, y) in cells {
        page += &font_text("F2", x, y, 11.0, &[cell]);
    }
    for (cell, x, y) in body {
        page += &text(x, y, 11.0, &[cell]);
    }
    page += &text(72.0, 600.0, 12.0, &["Check them after a day."]);
    compare("tables", Pdf::new().page(&page));
}

#[test]
fn what_the_author_says() {
    let mut pdf = Pdf::new();
    let first_page = pdf.next_page();
    pdf = pdf
        .page(&(text(72.0, 770.0, 18.0, &["1 Safety first"]) + &text(72.0, 700.0, 12.0, &["Wear gloves."])));
    let second_page = pdf.next_page();
    pdf =
        pdf.page(&(text(72.0, 770.0, 14.0, &["1.1 Gloves"]) + &text(72.0, 700.0, 12.0, &["Leather ones."])));
    let (root, one) = (second_page + 1, second_page + 2);
    pdf.object(format!("<</First {one} 0 R/Last {one} 0 R>>"));
    pdf.object(format!("<</Title(Safety first)/First {} 0 R/Dest[{first_page} 0 R/XYZ 72 790 0]>>", one + 1));
    pdf.object(format!("<</Title(Gloves)/Next {} 0 R/A<</S/GoTo/D(gloves)>>>>", one + 2));
    pdf.object(format!("<</Title(Not on the page)/Dest[{second_page} 0 R/XYZ 72 710 0]>>"));
    let names = pdf.object(format!("<</Names[(gloves)[{second_page} 0 R/XYZ 72 790 0]]>>"));
    let info = pdf.object("<</Title(Pump safety)>>");
    let catalog = format!(
        "/Outlines {root} 0 R/Names<</Dests {names} 0 R>>/Lang(en-GB)/PageLabels<</Nums[0<</S/r>>1<</S/D/St 7>>]>>"
    );
    compare("outline", pdf.catalog(&catalog).trailer(&format!("/Info {info} 0 R")));
}

#[test]
fn links_lead_on() {
    let mut pdf = Pdf::new();
    let outside = pdf.object(
        "<</Type/Annot/Subtype/Link/Rect[70 750 140 775]/A<</S/URI/URI(https://example.org/a?b=1&c)>>>>",
    );
    let script = pdf
        .object("<</Type/Annot/Subtype/Link/Rect[70 700 140 725]/A<</S/URI/URI(javascript:alert\\(1\\))>>>>");
    let second = pdf.next_page() + 3;
    let inside =
        pdf.object(format!("<</Type/Annot/Subtype/Link/Rect[70 650 140 675]/Dest[{second} 0 R/Fit]>>"));
    let page = ["outside", "script", "inside"].iter().zip([760.0, 710.0, 660.0]);
    let content: String =
        page.map(|(name, y)| text(72.0, y, 12.0, &[&format!("{name}  is a link")])).collect();
    let pdf = pdf.page_with(&content, &format!("/Annots[{outside} 0 R {script} 0 R {inside} 0 R]"));
    compare("links", pdf.lines(&["The second page."]));
}

#[test]
fn turned_cropped_and_running_text() {
    let mut pdf = Pdf::new();
    for (page, word) in ["one", "two", "three", "four"].iter().enumerate() {
        let content = text(72.0, 800.0, 9.0, &["Pump manual"])
            + &text(72.0, 700.0, 12.0, &[&format!("This is page {word}.")])
            + &text(300.0, 40.0, 9.0, &[&format!("- {} -", page + 1)])
            + "BT /F1 12 Tf 0 1 -1 0 500 300 Tm (upwards) Tj ET\n"
            + &text(72.0, 20.0, 12.0, &["cropped away"]);
        pdf = pdf.page_with(&content, "/CropBox[0 30 595 842]");
    }
    compare("running", pdf.page_with(&text(72.0, 400.0, 12.0, &["Landscape."]), "/Rotate 90"));
}

#[test]
fn pictures_of_every_kind() {
    let mut pdf = Pdf::new();
    let mask = pdf.stream(
        "/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray",
        &[0, 255, 255, 0],
    );
    let image = |more: &str| {
        format!("/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceRGB{more}")
    };
    let plain = pdf.stream(&image(""), &[255, 0, 0, 0, 0, 255, 0, 0, 255, 255, 0, 0]);
    let same = pdf.stream(&image(""), &[255, 0, 0, 0, 0, 255, 0, 0, 255, 255, 0, 0]);
    let masked =
        pdf.stream(&image(&format!("/SMask {mask} 0 R")), &[255, 0, 0, 0, 255, 0, 0, 255, 0, 255, 0, 0]);
    let dot = pdf.stream(
        "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray",
        &[0],
    );
    let resources = format!(
        "/Resources<</ExtGState<</None<</ca 0>>>>/XObject<</A {plain} 0 R/B {same} 0 R/C {masked} 0 R/D {dot} 0 R>>>>"
    );
    let draw = |name: &str, y: u32| format!("q 100 0 0 50 72 {y} cm /{name} Do Q\n");
    let content = draw("A", 700)
        + &draw("B", 600)
        + &draw("C", 500)
        + &draw("D", 400)
        + &format!("/None gs {}", draw("A", 300));
    let pdf = pdf.page_with(&content, &resources);
    compare("pictures", pdf.page_with(&draw("A", 700), &resources));
}

/// A font whose glyphs are drawings called by their codes, as TeX writes bitmap fonts.
#[test]
fn bitmap_fonts_are_read_by_their_codes() {
    let mut pdf = Pdf::new();
    let drawing = pdf.stream("", b"52 0 0 0 52 69 d1 0 0 40 60 re f");
    let names: String = (65..=90).map(|code| format!("/a{code} ")).collect();
    let drawings: String = (65..=90).map(|code| format!("/a{code} {drawing} 0 R ")).collect();
    let font = pdf.object(format!(
        "<</Type/Font/Subtype/Type3/FontMatrix[0.01004 0 0 0.01004 0 0]/FontBBox[0 -24 52 69]\
         /FirstChar 65/LastChar 90/Widths[{}]/Encoding<</Type/Encoding/Differences[65 {names}]>>/CharProcs<<{drawings}>>>>",
        "52.3 ".repeat(26)
    ));
    let resources = format!("/Resources<</Font<</F9 {font} 0 R>>>>");
    let content = font_text("F9", 72.0, 700.0, 10.0, &["SUBCKT", "NAND"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bitmap.pdf");
    fs::write(&file, pdf.page_with(&content, &resources).bytes()).unwrap();
    let document = Readers::default().read(&file, "bitmap.pdf").unwrap();
    assert!(document.notes.is_empty(), "{:?}", document.notes);
    let blocks: Vec<&Block> = document.pages[0].sections.iter().flat_map(|section| &section.blocks).collect();
    let code = Block::Code { language: String::new(), text: "SUBCKT\nNAND".to_owned() };
    assert_eq!(blocks, [&code], "letters of one width are code");
}
