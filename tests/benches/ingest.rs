//! How well and how fast PDFs are read, with poppler's tools as the yardstick: `make bench-ingest`.
//!
//! ```text
//! recall      share of pdftotext's words that the page shows too          order   share of those in the same order
//! precision   share of the page's words that pdftotext has too            (longest common subsequence)
//! headings    the outline's titles that head a section of their page / all (outline as pdftohtml tells it)
//! pictures    distinct pictures by page / the same by pdfimages -list, as far as they are drawn eight points high and wide
//! pages/s     pages per second of processor time
//! MB          peak memory of the process
//! ```
//!
//! pdftotext and pypdfium2 (where Python has it; `PYTHON` names another one) run in turn with ours on every manual.
//! The arguments are folders of PDFs. The report goes to standard output as Markdown, with `MISSED=1` also the pages
//! that lack most words of pdftotext's, and which.

use std::collections::{BTreeSet, HashMap};
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

/// Longest number in front of a heading, in letters and digits: `Appendix A.12`.
const NUMBER: usize = 12;

/// Prints what pdfium reads, a form feed between pages.
const PDFIUM: &str = "import sys, pypdfium2
document = pypdfium2.PdfDocument(sys.argv[1])
sys.stdout.reconfigure(errors='replace')
for number in range(len(document)):
    sys.stdout.write(('\\f' if number else '') + document[number].get_textpage().get_text_range())";

/// Heads of the two tables.
const QUALITY: &str =
    "| manual | pages | recall | precision | order | headings | pictures | pypdfium2 recall |
|---|--:|--:|--:|--:|--:|--:|--:|";
const SPEED: &str = "| manual | pages/s | MB | pdftotext pages/s | MB | pypdfium2 pages/s | MB |
|---|--:|--:|--:|--:|--:|--:|";

fn main() {
    // Cargo passes an option of its own.
    let mut folders: Vec<PathBuf> = std::env::args_os()
        .skip(1)
        .map(PathBuf::from)
        .filter(|argument| !argument.starts_with("--bench"))
        .collect();
    if folders.is_empty() {
        folders.push(root().join("../shared/data/pdf"));
    }
    let mut files: Vec<(String, PathBuf)> = Vec::new();
    for folder in &folders {
        if folder.is_dir() {
            let mut found = Vec::new();
            pdfs(folder, &mut found);
            files.extend(found.into_iter().map(|file| (name(&file, folder), file)));
        } else {
            println!("skipped: {} is not there", folder.display());
        }
    }
    files.sort();
    if files.is_empty() {
        return;
    }
    if Command::new("pdftotext").arg("-v").stderr(Stdio::null()).status().is_err() {
        println!("skipped: pdftotext is not installed; it is in Debian's poppler-utils");
        return;
    }
    let rows: Vec<(String, Row)> =
        files.into_iter().filter_map(|(name, file)| Some((name, measured(&file)?))).collect();
    let all: Vec<&Row> = rows.iter().map(|(_, row)| row).collect();
    let mean = ("**mean; all pages**".to_owned(), Row::mean(&all));
    println!(
        "# How PDFs are read\n\nWritten by `make bench-ingest`; `tests/benches/ingest.rs` says what is measured.\n"
    );
    println!("{QUALITY}");
    rows.iter().chain([&mean]).for_each(|(name, row)| println!("{}", row.quality(name)));
    println!("\n{SPEED}");
    rows.iter().chain([&mean]).for_each(|(name, row)| println!("{}", row.speed(name)));
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

/// What was measured of one manual.
#[derive(Default, Clone)]
struct Row {
    pages: usize,
    recall: f64,
    precision: f64,
    order: f64,
    headings: (usize, usize),
    pictures: (usize, usize),
    ours: Cost,
    poppler: Cost,
    pdfium: Option<(f64, Cost)>,
}

/// What a process took.
#[derive(Default, Clone, Copy)]
struct Cost {
    seconds: f64,
    megabytes: f64,
}

impl Row {
    fn quality(&self, name: &str) -> String {
        let headings = match self.headings {
            (_, 0) => "no outline".to_owned(),
            (found, all) => format!("{found}/{all}"),
        };
        format!(
            "| {name} | {} | {} | {} | {} | {headings} | {}/{} | {} |",
            self.pages,
            percent(self.recall),
            percent(self.precision),
            percent(self.order),
            self.pictures.0,
            self.pictures.1,
            self.pdfium.map_or_else(|| "–".to_owned(), |(recall, _)| percent(recall)),
        )
    }

    fn speed(&self, name: &str) -> String {
        let of =
            |cost: Cost| format!("{:.0} | {:.0}", self.pages as f64 / cost.seconds.max(0.01), cost.megabytes);
        let pdfium = self.pdfium.map_or_else(|| "– | –".to_owned(), |(_, cost)| of(cost));
        format!("| {name} | {} | {} | {pdfium} |", of(self.ours), of(self.poppler))
    }

    /// Shares are means over manuals, counts and times are sums.
    fn mean(rows: &[&Self]) -> Self {
        let count = rows.len() as f64;
        let share = |of: fn(&Self) -> f64| rows.iter().map(|row| of(row)).sum::<f64>() / count;
        let sum = |of: fn(&Self) -> (usize, usize)| {
            rows.iter().map(|row| of(row)).fold((0, 0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1))
        };
        let cost = |of: fn(&Self) -> Cost| Cost {
            seconds: rows.iter().map(|row| of(row).seconds).sum(),
            megabytes: rows.iter().map(|row| of(row).megabytes).fold(0.0, f64::max),
        };
        let has_pdfium = rows.iter().all(|row| row.pdfium.is_some());
        let recall = |row: &Self| row.pdfium.map_or(0.0, |(recall, _)| recall);
        let its_cost = |row: &Self| row.pdfium.map_or_else(Cost::default, |(_, cost)| cost);
        Self {
            pages: rows.iter().map(|row| row.pages).sum(),
            recall: share(|row| row.recall),
            precision: share(|row| row.precision),
            order: share(|row| row.order),
            headings: sum(|row| row.headings),
            pictures: sum(|row| row.pictures),
            ours: cost(|row| row.ours),
            poppler: cost(|row| row.poppler),
            pdfium: has_pdfium.then(|| (share(recall), cost(its_cost))),
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
    let text = read_by(&mut pdftotext(file));
    let theirs: Vec<Vec<String>> = text.split('\u{c}').map(words).collect();
    let (mut shared, mut ours_all, mut in_order) = (0, 0, 0);
    let mut worst: Vec<(usize, u32, String)> = Vec::new();
    for (page, theirs) in document.pages.iter().zip(&theirs) {
        let ours = words(&shown(page));
        let common = common(&ours, theirs);
        shared += common;
        ours_all += ours.len();
        in_order += sequence(&ours, theirs);
        worst.push((theirs.len() - common, page.number, missed(&ours, theirs)));
    }
    if std::env::var_os("MISSED").is_some() {
        worst.sort_by(|a, b| b.cmp(a));
        for (count, page, words) in worst.iter().take(8).filter(|(count, ..)| *count > 0) {
            println!("{} page {page}: {count} of pdftotext's words are missing: {words}", file.display());
        }
    }
    let share = |part: usize, all: usize| part as f64 / all.max(1) as f64;
    let theirs_all = theirs.iter().take(document.pages.len()).map(Vec::len).sum();
    let pdfium = Some(read_by(&mut pdfium(file))).filter(|text| !text.is_empty()).map(|text| {
        let pages: Vec<Vec<String>> = text.split('\u{c}').map(words).collect();
        let shared: usize = pages.iter().zip(&theirs).map(|(own, theirs)| common(own, theirs)).sum();
        (share(shared, theirs_all), cost(&mut pdfium(file)))
    });
    Some(Row {
        pages: document.pages.len(),
        recall: share(shared, theirs_all),
        precision: share(shared, ours_all),
        order: share(in_order, shared),
        headings: headings(&document, file, &text.split('\u{c}').collect::<Vec<_>>()),
        pictures: (pictures_of(&document), listed_pictures(file)),
        // Text against text: pictures cost the others nothing.
        ours: cost(Command::new(mcdewey()).arg("pdf-worker").arg(file).args(["--source", "manual.pdf"])),
        poppler: cost(&mut pdftotext(file)),
        pdfium,
    })
}

fn pdftotext(file: &Path) -> Command {
    let mut command = Command::new("pdftotext");
    command.arg(file).arg("-");
    command
}

fn pdfium(file: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into()));
    command.args(["-c", PDFIUM]).arg(file);
    command
}

fn read_by(command: &mut Command) -> String {
    String::from_utf8_lossy(&output(command)).into_owned()
}

fn percent(share: f64) -> String {
    format!("{:.2}", share * 100.0)
}

/// Words of theirs that we lack, as they come.
fn missed(ours: &[String], theirs: &[String]) -> String {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    ours.iter().for_each(|word| *counts.entry(word).or_default() += 1);
    let mut words = Vec::new();
    for word in theirs {
        match counts.get_mut(word.as_str()).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => words.push(word.as_str()),
        }
    }
    words.truncate(40);
    words.join(" ")
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

/// What a reader of the page sees, without its markup; the numbers of lists are seen too.
fn shown(page: &Page) -> String {
    let mut text = String::new();
    let mut lists: Vec<Option<usize>> = Vec::new();
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
        match tag.split_whitespace().next().unwrap_or("") {
            "ol" => {
                let start =
                    tag.split_once("start=\"").and_then(|(_, start)| start.split('"').next()?.parse().ok());
                lists.push(Some(start.unwrap_or(1)));
            }
            "ul" => lists.push(None),
            "/ol" | "/ul" => drop(lists.pop()),
            "li" => {
                if let Some(Some(number)) = lists.last_mut() {
                    text.push_str(&format!("{number}\n"));
                    *number += 1;
                }
            }
            _ => {}
        }
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
    let xml = read_by(Command::new("pdftohtml").args(["-xml", "-i", "-q", "-stdout"]).arg(file));
    let mut titles: Vec<(usize, String)> = Vec::new();
    for item in xml.split("<item page=\"").skip(1) {
        let Some((page, rest)) = item.split_once("\">") else { continue };
        let title = rest.split("</item>").next().unwrap_or("");
        let Ok(page) = page.parse() else { continue };
        titles.push((page, bare(&html_escape::decode_html_entities(title))));
    }
    titles.retain(|(_, title)| !title.is_empty());
    let page = |number: usize| {
        let own = &document.pages.get(number.checked_sub(1)?)?.sections;
        let heads = own.iter().filter(|section| section.level > 0).filter_map(|section| section.path.last());
        Some((heads.map(|title| bare(title)).collect::<Vec<_>>(), bare(texts.get(number - 1)?)))
    };
    // The page may show a number that the outline leaves out.
    let has = |number: usize, title: &String| {
        page(number).is_some_and(|(heads, text)| {
            let front =
                |head: &String| head.strip_suffix(title.as_str()).is_some_and(|front| front.len() <= NUMBER);
            text.contains(title) && heads.iter().any(front)
        })
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

/// A picture that is drawn smaller, in points, is a piece of a drawing. Some slides have a map of fifty such pieces.
const SMALLEST_PICTURE: f64 = 8.0;

/// The same by pdfimages, without masks, pictures of one pixel and pieces of drawings.
fn listed_pictures(file: &Path) -> usize {
    let list = read_by(Command::new("pdfimages").arg("-list").arg(file));
    let mut seen = BTreeSet::new();
    for line in list.lines().skip(2) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [page, _, kind, width, height, ..] = fields[..] else { continue };
        let object = fields.get(10).copied().unwrap_or("inline");
        // Pixels and pixels an inch; rounded as they are printed.
        let drawn = |pixels: &str, density: Option<&&str>| -> Option<f64> {
            Some(72.0 * pixels.parse::<f64>().ok()? / density?.parse::<f64>().ok()?)
        };
        let (wide, high) = (drawn(width, fields.get(12)), drawn(height, fields.get(13)));
        let is_piece = [wide, high].into_iter().flatten().any(|points| points < SMALLEST_PICTURE);
        if matches!(kind, "image" | "stencil") && width != "1" && height != "1" && !is_piece {
            seen.insert((page.to_owned(), object.to_owned()));
        }
    }
    seen.len()
}
