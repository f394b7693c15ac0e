//! Bad input: each with a note or a document, in little time, and never a panic.

use std::time::{Duration, Instant};

use super::*;
use crate::chunk::tests::Dice;

fn read_bytes(kind: Kind, bytes: &[u8]) -> Result<Document, Note> {
    let forms = Forms::default();
    read(
        kind,
        bytes,
        Context { source: "a/b.md", url: "a/b/", tree: None, media: None, page_forms: &forms, pages: None },
    )
}

/// Generous: a loaded machine may take a while; quadratic time on these inputs would take minutes.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn deep_nesting_is_no_danger() {
    const DEEP: usize = 100_000;
    for (name, text) in [
        ("quotes", ">".repeat(DEEP)),
        ("quotes with blanks", format!("{}x", "> ".repeat(DEEP))),
        ("lists", format!("{}x", "- ".repeat(DEEP))),
        ("numbers", format!("{}x", "1. ".repeat(DEEP))),
        ("brackets", "[".repeat(DEEP)),
        ("pictures", "![".repeat(DEEP)),
        ("closed brackets", format!("{}{}", "[".repeat(DEEP), "](x)".repeat(DEEP))),
        ("emphasis", "*a **b ".repeat(DEEP / 5)),
        ("nested emphasis", format!("{}x{}", "*a ".repeat(DEEP / 5), " b*".repeat(DEEP / 5))),
        ("backticks", (1..400).map(|n| "`".repeat(n) + " ").collect()),
        ("elements", format!("{}x", "<div>".repeat(DEEP))),
        ("inline elements", format!("x {}y", "<b>".repeat(DEEP))),
        ("tables", "<table><tr><td>".repeat(DEEP / 5)),
        ("indented lists", (0..1500).map(|n| "  ".repeat(n) + "- x\n").collect()),
        ("shortcodes", "{{< a ".repeat(DEEP)),
        ("admonitions", ":::note\n".repeat(DEEP / 20)),
        ("braces", "{".repeat(DEEP)),
        ("columns", format!("|{}\n|{}\n", "a|".repeat(5_000), "-|".repeat(5_000))),
        ("headings", "# a\n".repeat(DEEP / 5)),
    ] {
        for kind in [Kind::Markdown, Kind::Mdx] {
            let start = Instant::now();
            let document = read_bytes(kind, text.as_bytes());
            assert!(document.is_ok(), "{name}: {:?}", document.err());
            assert!(start.elapsed() < PATIENCE, "{name} took {:?}", start.elapsed());
        }
    }
}

#[test]
fn html_that_costs_browsers_much_costs_little() {
    const DEEP: usize = 100_000;
    for (name, text) in [
        ("elements", format!("{}x", "<div>".repeat(DEEP))),
        ("inline elements", format!("x {}y", "<b>".repeat(DEEP))),
        ("inline elements with attributes", (0..DEEP / 5).map(|n| format!("<b id=a{n}>x<p>")).collect()),
        ("tables", "<table><tr><td>x".repeat(DEEP / 5)),
        ("lists", "<ul><li>x".repeat(DEEP)),
        ("drawings", format!("<p>x<svg>{}", "<td>".repeat(DEEP))),
        ("unfinished tags", format!("<p>x{}", "<a ".repeat(DEEP))),
        ("attributes", format!("<p {}>x", (0..DEEP).map(|n| format!("a{n} ")).collect::<String>())),
        ("headings", "<h2>a</h2>".repeat(DEEP / 5)),
        ("links", "<a href=x>y".repeat(DEEP / 5)),
        ("terms", "<dl><dt id=a>b<dd>".repeat(DEEP / 50)),
        ("misnested", "<p>x<b><i></b><p>".repeat(DEEP / 10)),
        ("spans", format!("<table>{}", "<tr><td rowspan=60000 colspan=60000>x".repeat(DEEP / 10))),
    ] {
        let start = Instant::now();
        let document = read_bytes(Kind::Html, text.as_bytes());
        assert!(document.is_ok(), "{name}: {:?}", document.err());
        assert!(start.elapsed() < PATIENCE, "{name} took {:?}", start.elapsed());
    }
}

#[test]
fn any_mixture_of_tags_is_read() {
    const TAGS: [&str; 40] = [
        "<p>",
        "</p>",
        "<div id=a>",
        "</div>",
        "<h1>",
        "</h2>",
        "<h3 id=b>",
        "<table>",
        "<tr>",
        "<td rowspan=3>",
        "<th>",
        "</table>",
        "<ul>",
        "<ol start=-9>",
        "<li value=x>",
        "</ul>",
        "<dl>",
        "<dt id=c>",
        "<dd>",
        "</dl>",
        "<pre>",
        "</pre>",
        "<code class=language-x>",
        "<a href=#a>",
        "<a name=d>",
        "</a>",
        "<img src=x alt=y>",
        "<br>",
        "<main>",
        "</main>",
        "<article>",
        "<nav>",
        "</nav>",
        "<svg>",
        "<math>",
        "<template>",
        "<form>",
        "text ",
        "é",
        "<!--",
    ];
    for seed in 0..600 {
        let mut dice = Dice(seed);
        let text: String = (0..1 + dice.roll(60)).map(|_| TAGS[dice.roll(TAGS.len())]).collect();
        if let Err(note) = read_bytes(Kind::Html, text.as_bytes()) {
            assert!(note.text.contains("no text"), "seed {seed}: {}\n{text}", note.text);
        }
    }
}

#[test]
fn any_mixture_of_marks_is_read() {
    const MARKS: [&str; 44] = [
        "#",
        "## a",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "> ",
        "- ",
        "1. ",
        "```",
        "~~~",
        "`",
        "*",
        "**",
        "_",
        "[",
        "](",
        ")",
        "![",
        "<",
        "</",
        ">",
        "<div>",
        "<!--",
        "-->",
        "|",
        "|-|",
        "---\n",
        "title: x\n",
        "{{<",
        ">}}",
        ":::note",
        ":::",
        "!!! tip",
        "$",
        "\\",
        "&amp;",
        "\u{c}",
        "\u{0}",
        "é",
        "<!-- page 3 -->",
        "[^1]",
        "[^1]: ",
        "import x from 'y'\n",
    ];
    for seed in 0..400 {
        let mut dice = Dice(seed);
        let text: String = (0..1 + dice.roll(80)).map(|_| MARKS[dice.roll(MARKS.len())]).collect();
        for kind in [Kind::Markdown, Kind::Mdx] {
            if let Err(note) = read_bytes(kind, text.as_bytes()) {
                assert!(note.text.contains("empty"), "seed {seed}: {}\n{text}", note.text);
            }
        }
    }
}

#[test]
fn any_bytes_are_read() {
    for seed in 0..200 {
        let mut dice = Dice(seed);
        let bytes: Vec<u8> = (0..dice.roll(400)).map(|_| u8::try_from(dice.roll(256)).unwrap()).collect();
        for kind in [Kind::Markdown, Kind::Html] {
            if let Err(note) = read_bytes(kind, &bytes) {
                let known = note.text.contains("empty") || note.text.contains("no text");
                assert!(known, "seed {seed}: {}", note.text);
            }
        }
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    let note = read_bytes(Kind::Markdown, b" \n\t\n").unwrap_err();
    assert_eq!((note.weight, note.text.as_str()), (Weight::Doubtful, "skipped: the file is empty"));
    let note = check_size(Kind::Markdown, LARGEST_TEXT_BYTES + 1).unwrap_err();
    assert_eq!(note.weight, Weight::Lost);
    assert!(note.text.contains("65 MB and 64 MB is the most"), "{}", note.text);
    let note = check_size(Kind::Html, 50 << 20).unwrap_err();
    assert!(note.text.contains("50 MB and 32 MB is the most"), "{}", note.text);
    let note = read_bytes(Kind::Unknown, b"Text").unwrap_err();
    assert!(note.text.starts_with("not read yet: md files"), "{}", note.text);
    let note = read_bytes(Kind::Pdf, b"%PDF").unwrap_err();
    assert!(note.text.starts_with("not read: it is damaged or no PDF"), "{}", note.text);
}

#[test]
fn a_panic_is_a_note() {
    let note = on_deep_stack(|| panic!("as a test")).unwrap_err();
    assert!(note.text.contains("a fault of McDewey"), "{}", note.text);
}
