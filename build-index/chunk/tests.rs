//! What holds for every document, tried on generated ones.

use super::*;
use crate::document::{Block, Page, Section};

/// A stand-in for an encoder's tokens: runs of up to five letters or digits, and single signs.
pub(crate) struct Words;

impl Tokens for Words {
    fn offsets(&self, text: &str) -> Vec<(usize, usize)> {
        let mut found: Vec<(usize, usize)> = Vec::new();
        let mut letters = 0;
        for (at, c) in text.char_indices() {
            let end = at + c.len_utf8();
            if c.is_alphanumeric() && (1..5).contains(&letters) {
                letters += 1;
                if let Some(last) = found.last_mut() {
                    last.1 = end;
                }
            } else if !c.is_whitespace() {
                letters = usize::from(c.is_alphanumeric());
                found.push((at, end));
            }
            if !c.is_alphanumeric() {
                letters = 0;
            }
        }
        found
    }
}

/// Numbers that look random and are the same everywhere.
pub(crate) struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below
    }

    fn words(&mut self, most: usize) -> String {
        let count = 1 + self.roll(most);
        let words: Vec<String> = (0..count)
            .map(|_| {
                let word =
                    ["alpha", "beta", "größe", "x", "internationalisation", "–", "a.b_c", "数据", "12"]
                        [self.roll(9)];
                let end = if self.roll(9) == 0 { ". Then" } else { "" };
                format!("{word}{end}")
            })
            .collect();
        words.join(" ")
    }

    fn block(&mut self) -> Block {
        match self.roll(6) {
            0 => {
                let lines: Vec<String> = (0..1 + self.roll(60))
                    .map(|at| if at % 7 == 6 { String::new() } else { format!("  {}", self.words(9)) })
                    .collect();
                Block::Code {
                    language: "sh".to_owned(),
                    text: lines.join("\n").trim_matches('\n').to_owned(),
                }
            }
            1 => {
                let columns = 1 + self.roll(4);
                let row = |dice: &mut Self| (0..columns).map(|_| dice.words(6)).collect::<Vec<String>>();
                let header = if self.roll(4) == 0 { Vec::new() } else { row(self) };
                let rows = (0..1 + self.roll(80)).map(|_| row(self)).collect();
                Block::Table { header, rows }
            }
            2 => Block::Text("x".repeat(1 + self.roll(4000))),
            3 => Block::Text(format!("{} as follows:", self.words(5))),
            _ => Block::Text(self.words(200)),
        }
    }

    fn document(&mut self) -> Document {
        let paged = self.roll(2) == 0;
        let mut document = Document { title: self.words(40), paged, ..Document::default() };
        let mut path: Vec<String> = Vec::new();
        let mut anchors = 0;
        for number in 1..=if paged { 1 + self.roll(4) } else { 1 } {
            let mut page = Page { number: u32::try_from(number).unwrap(), ..Page::default() };
            for at in 0..self.roll(7) {
                let level = if at == 0 && self.roll(2) == 0 { 0 } else { 1 + self.roll(4) };
                let mut section = Section { level: u8::try_from(level).unwrap(), ..Section::default() };
                if level > 0 {
                    anchors += 1;
                    path.truncate(level - 1);
                    path.push(format!("h{anchors} {}", self.words(12)));
                    section.anchor = format!("h{anchors}");
                }
                section.path.clone_from(&path);
                section.blocks = (0..self.roll(6)).map(|_| self.block()).collect();
                page.sections.push(section);
            }
            document.pages.push(page);
        }
        document
    }
}

fn tokens_of_block(block: &Block) -> usize {
    split::block_tokens(block, &Words)
}

#[test]
fn passages_share_the_text_and_fit_the_encoder() {
    let sizes = Sizes::default();
    for seed in 0..300 {
        let document = Dice(seed).document();
        for (ordinal, chunk) in chunks(&document, "a::b", &sizes, &Words).iter().enumerate() {
            assert_eq!(chunk.id, format!("a::b::{ordinal}"), "seed {seed}");
            let mut at = 0;
            for passage in &chunk.passages {
                assert_eq!(passage.range.start, at, "seed {seed}, {}", chunk.id);
                assert!(!chunk.text[passage.range.clone()].trim().is_empty(), "seed {seed}, {}", chunk.id);
                at = passage.range.end;
                let embedded = chunk.embedded(passage);
                let count = Words.count(&embedded) + sizes.specials;
                assert!(count <= sizes.limit, "seed {seed}, {}: {count} tokens in\n{embedded}", chunk.id);
            }
            if !chunk.passages.is_empty() {
                assert_eq!(at, chunk.text.len(), "seed {seed}, {}", chunk.id);
            }
            for range in chunk.code.iter().chain(&chunk.inner_headings) {
                assert!(chunk.text.get(range.clone()).is_some(), "seed {seed}, {}", chunk.id);
            }
        }
    }
}

#[test]
fn nothing_is_lost_and_what_fits_is_not_cut() {
    let sizes = Sizes::default();
    let packed = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '|').collect::<String>();
    for seed in 0..300 {
        let document = Dice(seed).document();
        let chunks = chunks(&document, "a", &sizes, &Words);
        let all: String = chunks.iter().map(|chunk| packed(&chunk.text)).collect();
        // The longest breadcrumb leaves this much.
        let room = sizes.limit - sizes.specials - sizes.breadcrumb;
        for block in document.pages.iter().flat_map(|page| &page.sections).flat_map(|section| &section.blocks)
        {
            let texts: Vec<String> = match block {
                Block::Text(text) | Block::Code { text, .. } => vec![text.clone()],
                Block::Table { rows, .. } => rows.iter().map(|row| split::row_text(row)).collect(),
            };
            for text in &texts {
                for piece in text.split_whitespace() {
                    assert!(all.contains(&packed(piece)), "seed {seed}: {piece}");
                }
            }
            if matches!(block, Block::Text(_)) || tokens_of_block(block) > room {
                continue;
            }
            let whole = texts.join("\n");
            let kept = chunks.iter().any(|chunk| {
                chunk.passages.is_empty() && chunk.text.contains(&whole)
                    || chunk.passages.iter().any(|passage| chunk.text[passage.range.clone()].contains(&whole))
            });
            assert!(kept, "seed {seed}: cut\n{whole}");
        }
    }
}

#[test]
fn breadcrumbs_stay_short_and_keep_both_ends() {
    let path = |steps: &[&str]| steps.iter().map(|step| (*step).to_owned()).collect::<Vec<String>>();
    for (title, steps, most, wanted) in [
        ("Guide", &["Guide", "Set up"][..], 32, "Guide › Set up"),
        ("Guide", &["a", "b", "c", "d"], 9, "Guide › a › b › c › d"),
        ("Guide", &["a", "b", "c", "d"], 8, "Guide › a › … › d"),
        ("Guide", &["a", "b", "c", "d"], 5, "Guide › … › d"),
        ("One two three four five six", &["Alpha beta gamma"], 6, "One two… › Alpha beta"),
        ("WSL guide", &["The guide to WSL", "Set up"], 32, "WSL guide › Set up"),
        ("Guide", &[], 32, "Guide"),
    ] {
        let crumb = breadcrumb::breadcrumb(title, &path(steps), most, &Words);
        assert_eq!(crumb, wanted);
        assert!(Words.count(&crumb) <= most);
    }
}

#[test]
fn tiny_neighbours_are_joined_under_one_heading_only() {
    let section = |path: &[&str], words: usize| Section {
        anchor: path.join("-"),
        path: path.iter().map(|step| (*step).to_owned()).collect(),
        level: u8::try_from(path.len()).unwrap(),
        blocks: vec![Block::Text("word ".repeat(words).trim().to_owned())],
        contents: false,
    };
    let mut empty = section(&["T", "C"], 1);
    empty.blocks.clear();
    let sections = vec![
        section(&["T", "A"], 10),
        section(&["T", "A", "x"], 12),
        section(&["T", "B"], 90),
        empty,
        section(&["T", "C", "y"], 8),
        section(&["U"], 9),
    ];
    let document = Document {
        pages: vec![Page { number: 1, sections, ..Page::default() }],
        title: "T".to_owned(),
        ..Document::default()
    };
    let shown: Vec<String> = chunks(&document, "s", &Sizes::default(), &Words)
        .iter()
        .map(|chunk| {
            let inner: Vec<&str> =
                chunk.inner_headings.iter().map(|range| &chunk.text[range.clone()]).collect();
            format!("{} ({})", chunk.headings.join("/"), inner.join(","))
        })
        .collect();
    assert_eq!(shown, ["T/A (x,B)", "T/C/y ()", "U ()"]);
}

#[test]
fn contents_and_indexes_have_no_passages() {
    let page = |lines: &[&str]| Document {
        pages: vec![Page {
            number: 3,
            sections: vec![Section { blocks: vec![Block::Text(lines.join("\n"))], ..Section::default() }],
            ..Page::default()
        }],
        paged: true,
        title: "T".to_owned(),
        ..Document::default()
    };
    let leaders: Vec<String> = (1..20).map(|at| format!("Chapter {at} .......... {at}")).collect();
    let index: Vec<String> = (1..20).map(|at| format!("term{at}, {at}, {}–{}", at + 3, at + 5)).collect();
    let prose: Vec<String> = (1..20).map(|at| format!("Step {at} takes a while and ends well.")).collect();
    for (lines, wanted) in [(leaders, true), (index, true), (prose, false)] {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let chunks = chunks(&page(&lines), "s", &Sizes::default(), &Words);
        assert_eq!(chunks.len(), 1);
        assert_eq!(chunks[0].passages.is_empty(), wanted, "{}", lines[0]);
        assert!(!chunks[0].text.is_empty());
        assert_eq!(
            (chunks[0].page, chunks[0].anchor.as_str(), chunks[0].title.as_str()),
            (Some(3), "page-3", "Page 3")
        );
    }
}
