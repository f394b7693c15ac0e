//! How well and how fast PDFs are read, with poppler's tools as the yardstick: `make bench-ingest`.
//!
//! ```text
//! recall      share of pdftotext's words that the page shows too          order   share of those in the same order
//! precision   share of the page's words that pdftotext has too            (longest common subsequence)
//! headings    share of the outline's titles that head a section of their page (outline as pdftohtml tells it)
//! pictures    distinct pictures by page / the same by pdfimages -list
//! pages/s     pages per second of processor time, peak memory of the process; pdftotext in the same run
//! ```
//!
//! The table goes to standard output as Markdown.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use mcdewey::document::{Document, Page};
use mcdewey::ingest::pdf::Readers;
use mcdewey_tests::{mcdewey, root};
use unicode_normalization::UnicodeNormalization;

/// Words of one page that are compared in order; the longest common subsequence takes time in the square of it.
const WORDS: usize = 3_000;

fn main() {
    let folder = std::env::var_os("MANUALS").map_or_else(|| root().join("../shared/data/pdf"), PathBuf::from);
    if !folder.is_dir() {
        println!("skipped: {} is not there; name a folder of PDFs with MANUALS", folder.display());
        return;
    }
    if Command::new("pdftotext").arg("-v").stderr(Stdio::null()).status().is_err() {
        println!("skipped: pdftotext is not installed; it is in Debian's poppler-utils");
        return;
    }
    let mut files = Vec::new();
    pdfs(&folder, &mut files);
    files.sort();
    println!(
        "| manual | pages | recall | precision | order | headings | pictures | pages/s | MB | pdftotext pages/s | MB |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut rows = Vec::new();
    for file in &files {
        if let Some(row) = measured(file) {
            println!("{}", row.line(&name(file, &folder)));
            rows.push(row);
        }
    }
    if !rows.is_empty() {
        println!("{}", Row::mean(&rows).line("**mean, all pages**"));
    }
}

fn pdfs(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            pdfs(&path, found);
        } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf")) {
            found.push(path);
        }
    }
}

fn name(file: &Path, folder: &Path) -> String {
    let path = file.strip_prefix(folder).unwrap_or(file).with_extension("");
    path.components().skip(1).map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// One line of the table.
#[derive(Default, Clone)]
struct Row {
    pages: usize,
    recall: f64,
    precision: f64,
    order: f64,
    headings: (usize, usize),
    pictures: (usize, usize),
    ours: Cost,
    theirs: Cost,
}

/// What a process took.
#[derive(Default, Clone, Copy)]
struct Cost {
    seconds: f64,
    megabytes: f64,
}

impl Row {
    fn line(&self, name: &str) -> String {
        let percent = |share: f64| format!("{:.2}", share * 100.0);
        let speed = |cost: Cost| format!("{:.0}", self.pages as f64 / cost.seconds.max(0.01));
        let headings = match self.headings {
            (_, 0) => "no outline".to_owned(),
            (found, all) => format!("{found}/{all}"),
        };
        format!(
            "| {name} | {} | {} | {} | {} | {headings} | {}/{} | {} | {:.0} | {} | {:.0} |",
            self.pages,
            percent(self.recall),
            percent(self.precision),
            percent(self.order),
            self.pictures.0,
            self.pictures.1,
            speed(self.ours),
            self.ours.megabytes,
            speed(self.theirs),
            self.theirs.megabytes,
        )
    }

    /// Shares are means over manuals, counts and times are sums.
    fn mean(rows: &[Self]) -> Self {
        let count = rows.len() as f64;
        let share = |of: fn(&Self) -> f64| rows.iter().map(of).sum::<f64>() / count;
        let sum = |of: fn(&Self) -> (usize, usize)| {
            rows.iter().map(of).fold((0, 0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1))
        };
        let cost = |of: fn(&Self) -> Cost| Cost {
            seconds: rows.iter().map(|row| of(row).seconds).sum(),
            megabytes: rows.iter().map(|row| of(row).megabytes).fold(0.0, f64::max),
        };
        Self {
            pages: rows.iter().map(|row| row.pages).sum(),
            recall: share(|row| row.recall),
            precision: share(|row| row.precision),
            order: share(|row| row.order),
            headings: sum(|row| row.headings),
            pictures: sum(|row| row.pictures),
            ours: cost(|row| row.ours),
            theirs: cost(|row| row.theirs),
        }
    }
}

fn measured(file: &Path) -> Option<Row> {
    let pictures = tempfile::tempdir().ok()?;
    let readers = Readers { program: Some(mcdewey()), pictures: Some(pictures.path().to_owned()) };
    let document = match readers.read(file, "manual.pdf") {
        Ok(document) => document,
        Err(note) => {
            println!("| {} | {} |", file.display(), note.text);
            return None;
        }
    };
    let text = String::from_utf8_lossy(&output(Command::new("pdftotext").arg(file).arg("-"))).into_owned();
    let theirs: Vec<&str> = text.split('\u{c}').collect();
    let (mut shared, mut ours_all, mut theirs_all, mut in_order) = (0, 0, 0, 0);
    for (page, their) in document.pages.iter().zip(&theirs) {
        let (ours, theirs) = (words(&shown(page)), words(their));
        let common = common(&ours, &theirs);
        shared += common;
        ours_all += ours.len();
        theirs_all += theirs.len();
        in_order += sequence(&ours, &theirs);
    }
    let share = |part: usize, all: usize| part as f64 / all.max(1) as f64;
    Some(Row {
        pages: document.pages.len(),
        recall: share(shared, theirs_all),
        precision: share(shared, ours_all),
        order: share(in_order, shared),
        headings: headings(&document, file, &theirs),
        pictures: (pictures_of(&document), listed_pictures(file)),
        // Text against text: pictures cost pdftotext nothing.
        ours: cost(Command::new(mcdewey()).arg("pdf-worker").arg(file).args(["--source", "manual.pdf"])),
        theirs: cost(Command::new("pdftotext").arg(file).arg("-")),
    })
}

fn output(command: &mut Command) -> Vec<u8> {
    command.stderr(Stdio::null()).output().map(|output| output.stdout).unwrap_or_default()
}

/// Runs a command and says what it took: its processor time to a hundredth of a second, and its peak memory.
fn cost(command: &mut Command) -> Cost {
    let Ok(mut child) = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() else {
        return Cost::default();
    };
    let (stat, status) = (format!("/proc/{}/stat", child.id()), format!("/proc/{}/status", child.id()));
    let mut cost = Cost::default();
    // Polled, since the system forgets a process when it has been waited for. A process that has ended keeps its times
    // until then, so the last look sees all of them.
    while std::fs::read_to_string(&stat).is_ok_and(|stat| {
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0);
        cost.seconds = (ticks(11) + ticks(12)) / 100.0;
        let peak = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = peak
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse::<f64>().ok());
        cost.megabytes = peak.map_or(cost.megabytes, |kilobytes| kilobytes / 1024.0);
        fields.first() != Some(&"Z")
    }) {
        sleep(Duration::from_millis(2));
    }
    // It has ended already.
    let _ = child.wait();
    cost
}

/// What a reader of the page sees, without its markup.
fn shown(page: &Page) -> String {
    let mut text = String::new();
    let mut rest = page.html.as_str();
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        // Tags within a word are no blanks.
        let inside = ["strong", "em", "code", "a"].iter().any(|name| {
            let tag = tag.trim_start_matches('/');
            tag == *name || tag.starts_with(&format!("{name} "))
        });
        text.push_str(if inside { "" } else { "\n" });
        rest = after;
    }
    text.push_str(rest);
    html_escape::decode_html_entities(&text).into_owned()
}

/// Words in lower case; hyphens inside and at line ends are taken out on both sides.
fn words(text: &str) -> Vec<String> {
    let text: String = text.nfkc().collect::<String>().to_lowercase();
    let letters: Vec<char> = text.chars().filter(|c| *c != '\u{ad}').collect();
    let mut words = Vec::new();
    let mut word = String::new();
    let mut at = 0;
    while at < letters.len() {
        let letter = letters[at];
        if letter.is_alphanumeric() || letter == '_' {
            word.push(letter);
        } else if matches!(letter, '-' | '\u{2010}') && !word.is_empty() {
            let gap = letters[at + 1..].iter().take_while(|c| **c == '\n').count();
            if letters.get(at + 1 + gap).is_some_and(|next| next.is_alphanumeric()) {
                at += gap;
            } else {
                words.push(std::mem::take(&mut word));
            }
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        at += 1;
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// How many words both have.
fn common(a: &[String], b: &[String]) -> usize {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    a.iter().for_each(|word| *counts.entry(word).or_default() += 1);
    let mut shared = 0;
    for word in b {
        if let Some(count) = counts.get_mut(word.as_str()).filter(|count| **count > 0) {
            *count -= 1;
            shared += 1;
        }
    }
    shared
}

/// Length of the longest common subsequence.
fn sequence(a: &[String], b: &[String]) -> usize {
    let number = |known: &mut HashMap<String, u32>, words: &[String]| -> Vec<u32> {
        let numbered = words.iter().take(WORDS).map(|word| {
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            *known.entry(word.clone()).or_insert(next)
        });
        numbered.collect()
    };
    let mut known = HashMap::new();
    let (a, b) = (number(&mut known, a), number(&mut known, b));
    let mut row = vec![0; b.len() + 1];
    for left in &a {
        let mut corner = 0;
        for (at, right) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if left == right { corner + 1 } else { above.max(row[at]) };
            corner = above;
        }
    }
    row[b.len()]
}

/// Outline titles that head a section of their page or of the next one, and all of them. The reader also opens a section
/// where the page does not show its title; such a one is not counted.
fn headings(document: &Document, file: &Path, texts: &[&str]) -> (usize, usize) {
    let xml = output(Command::new("pdftohtml").args(["-xml", "-i", "-q", "-stdout"]).arg(file));
    let xml = String::from_utf8_lossy(&xml).into_owned();
    let mut titles: Vec<(usize, String)> = Vec::new();
    for item in xml.split("<item page=\"").skip(1) {
        let Some((page, rest)) = item.split_once("\">") else { continue };
        let title = rest.split("</item>").next().unwrap_or("");
        let Ok(page) = page.parse() else { continue };
        titles.push((page, bare(&html_escape::decode_html_entities(title))));
    }
    titles.retain(|(_, title)| !title.is_empty());
    let mut heads: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for (page, own) in (1..).zip(&document.pages) {
        let text = bare(texts.get(page - 1).copied().unwrap_or(""));
        let own =
            own.sections.iter().filter(|section| section.level > 0).filter_map(|section| section.path.last());
        let without_number = |title: &str| title.trim_start_matches(|c: char| !c.is_alphabetic()).to_owned();
        let stands = |title: &String| text.contains(title) || text.contains(&without_number(title));
        heads.entry(page).or_default().extend(own.map(|title| bare(title)).filter(stands));
    }
    // The page may show a number that the outline leaves out.
    let same = |head: &String, title: &String| {
        head.strip_suffix(title.as_str()).is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()))
    };
    let has = |page: usize, title: &String| {
        heads.get(&page).is_some_and(|own| own.iter().any(|head| same(head, title)))
    };
    let found = titles.iter().filter(|(page, title)| has(*page, title) || has(page + 1, title)).count();
    (found, titles.len())
}

fn bare(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Distinct pictures of each page, those of whole pages left out.
fn pictures_of(document: &Document) -> usize {
    let pictures = document.pages.iter().flat_map(|page| &page.images);
    pictures.filter(|picture| !picture.alt.ends_with("as it is printed")).count()
}

/// The same by pdfimages, without masks and without pictures of one pixel.
fn listed_pictures(file: &Path) -> usize {
    let list = output(Command::new("pdfimages").arg("-list").arg(file));
    let list = String::from_utf8_lossy(&list).into_owned();
    let mut seen = BTreeSet::new();
    for line in list.lines().skip(2) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [page, _, kind, width, height, ..] = fields[..] else { continue };
        let object = fields.get(10).copied().unwrap_or("inline");
        if matches!(kind, "image" | "stencil") && width != "1" && height != "1" {
            seen.insert((page.to_owned(), object.to_owned()));
        }
    }
    seen.len()
}
