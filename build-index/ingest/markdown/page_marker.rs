//! Page markers: the lines by which converters of PDFs tell where a page begins or ends.
//!
//! | form | written by | means |
//! |---|---|---|
//! | `<!-- page 128 -->`, `<!-- Page: 128 label=112 -->` | many | page 128 begins |
//! | `{128}------------` | marker (pages from 0) | a page begins |
//! | `--- end of page=12 ---` | PyMuPDF4LLM (pages from 0) | a page ends |
//! | `<!-- PageBreak -->`, `<!-- page break -->`, form feed | Azure, Docling, pdftotext | a page ends |
//! | `<!-- PageNumber="112" -->` | Azure | the printed number of this page |
//! | `[page 128]`, `## Page 128`, `Page 128`, `<a id="page-128"></a>` | many | page 128 begins, *if* the whole file counts so |
//!
//! The last row is also what people write in prose, so such lines count only if there are at least
//! [`FEWEST_WEAK`] of one form, rising, mostly by one. A plain rule (`---`) is never a page.

use super::lines::Line;

/// Fewest markers of a weak form in a document.
const FEWEST_WEAK: usize = 3;

/// What a marker says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marker {
    /// A page of this number begins, with its printed label where the marker has it.
    Start(u32, Option<String>),
    /// A page of this number ends.
    End(u32),
    /// A page ends.
    Break,
    /// The printed number of the page it stands on.
    Label(String),
}

/// Further forms, from the configuration.
#[derive(Debug, Clone, Default)]
pub struct Forms {
    patterns: Vec<String>,
}

impl Forms {
    /// Forms as written in `page_markers`: a whole line with `{page}` and `{label}`.
    pub fn new(patterns: &[String]) -> Self {
        Self { patterns: patterns.iter().map(|pattern| pattern.trim().to_owned()).collect() }
    }

    fn read(&self, line: &str) -> Option<Marker> {
        self.patterns.iter().find_map(|pattern| matched(pattern, line))
    }
}

/// Marks the marker lines and returns what they say. Marked lines are replaced by a comment, which ends whatever
/// block stands open; text is never part of one.
pub fn mark(lines: Vec<Line>, forms: &Forms) -> (Vec<Line>, Vec<Marker>) {
    let weak = trusted_weak_forms(&lines);
    let mut markers = Vec::new();
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        let mut line = line;
        // A form feed ends a page wherever it stands, in code too: pdftotext writes it in front of the next page's text.
        while let Some(at) = line.text.find('\u{c}') {
            let rest = line.text.split_off(at);
            let (number, code) = (line.number, line.code);
            if !line.text.trim().is_empty() {
                out.push(line);
            }
            push_marker(&mut out, &mut markers, number, Marker::Break);
            line = Line { text: rest[1..].to_owned(), number, code, marker: None };
        }
        let trimmed = line.text.trim();
        let found = if line.code || trimmed.is_empty() {
            None
        } else {
            forms.read(trimmed).or_else(|| strong(trimmed)).or_else(|| {
                weak_form(trimmed)
                    .filter(|(form, ..)| weak[*form as usize])
                    .map(|(_, page)| Marker::Start(page, None))
            })
        };
        match found {
            Some(marker) => push_marker(&mut out, &mut markers, line.number, marker),
            None => out.push(line),
        }
    }
    (out, markers)
}

fn push_marker(out: &mut Vec<Line>, markers: &mut Vec<Marker>, number: u32, marker: Marker) {
    let blank = Line { number, ..Line::default() };
    out.push(blank.clone());
    out.push(Line { text: "<!--page-->".to_owned(), number, code: false, marker: Some(markers.len()) });
    out.push(blank);
    markers.push(marker);
}

/// Forms that nobody writes by chance.
fn strong(line: &str) -> Option<Marker> {
    if let Some(inner) = line.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")) {
        return comment(inner.trim());
    }
    if let Some((number, rules)) = line.strip_prefix('{').and_then(|rest| rest.split_once('}'))
        && rules.len() >= 10
        && rules.bytes().all(|byte| byte == b'-')
    {
        return Some(Marker::Start(number.parse().ok()?, None));
    }
    let inner = line.trim_matches('-').trim();
    let inner = inner.strip_prefix("end of page").filter(|_| line.starts_with("---"))?;
    let digits = inner.trim_start_matches(|c: char| !c.is_ascii_digit());
    Some(Marker::End(digits.trim().parse().ok()?))
}

fn comment(inner: &str) -> Option<Marker> {
    let lower = inner.to_ascii_lowercase();
    let packed: String = lower.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).collect();
    if matches!(packed.as_str(), "pagebreak" | "newpage" | "endofpage" | "endpage") {
        return Some(Marker::Break);
    }
    if let Some(label) =
        lower.strip_prefix("pagenumber").and_then(|rest| rest.trim_start().strip_prefix(['=', ':']))
    {
        let label = inner[inner.len() - label.len()..].trim().trim_matches('"').trim();
        return (!label.is_empty()).then(|| Marker::Label(label.to_owned()));
    }
    let rest = ["pdf page", "start of page", "slide number", "page number", "page", "slide"]
        .into_iter()
        .find_map(|word| lower.strip_prefix(word))?;
    let rest = rest.trim_start_matches([' ', ':', '=', '#', '"', '-', '_']);
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let number = rest[..digits].parse().ok()?;
    let after = rest[digits..].trim_start_matches('"').trim();
    let label = ["label=", "label:", "label ", "("].into_iter().find_map(|mark| after.strip_prefix(mark));
    let known = after.is_empty() || label.is_some() || after.starts_with("of ") || after.starts_with('/');
    let label = label.map(|text| {
        let text = &inner[inner.len() - text.len()..];
        text.trim_matches([' ', '"', '\'', ')']).to_owned()
    });
    known.then_some(Marker::Start(number, label.filter(|label| !label.is_empty())))
}

/// Forms that also occur in prose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weak {
    Bracket,
    Heading,
    Plain,
    Anchor,
}

fn weak_form(line: &str) -> Option<(Weak, u32)> {
    let number = |text: &str| -> Option<u32> {
        let text = text.trim();
        let text = text
            .strip_prefix("Page")
            .or_else(|| text.strip_prefix("page"))
            .or_else(|| text.strip_prefix("PAGE"))?;
        text.trim_start_matches([' ', ':', '-', '_', '#']).trim().parse().ok()
    };
    if let Some(inner) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return Some((Weak::Bracket, number(inner.trim_matches(['[', ']']))?));
    }
    if line.starts_with('#') {
        return Some((Weak::Heading, number(line.trim_matches(['#', ' ']))?));
    }
    if line.starts_with("<a ") || line.starts_with("<span ") {
        let (tag, rest) = line.split_once('>')?;
        let empty = matches!(rest.trim(), "</a>" | "</span>" | "");
        let id = tag.split(['"', '\'']).nth(1).filter(|_| empty)?;
        return Some((Weak::Anchor, number(id)?));
    }
    Some((Weak::Plain, number(line.trim_matches(['*', '-', '=', '_', ' ']))?))
}

/// Which weak forms (by their number) the document uses as markers.
fn trusted_weak_forms(lines: &[Line]) -> [bool; 4] {
    let mut numbers: [Vec<u32>; 4] = Default::default();
    for line in lines.iter().filter(|line| !line.code) {
        if let Some((form, page)) = weak_form(line.text.trim()) {
            numbers[form as usize].push(page);
        }
    }
    numbers.map(|pages| {
        let steps: Vec<bool> = pages.windows(2).map(|pair| pair[1] == pair[0] + 1).collect();
        let by_one = steps.iter().filter(|step| **step).count();
        pages.len() >= FEWEST_WEAK && pages.is_sorted() && by_one * 5 >= steps.len() * 4
    })
}

/// A configured form on a line: literal text with `{page}` and `{label}`.
fn matched(pattern: &str, line: &str) -> Option<Marker> {
    let mut page = None;
    let mut label = None;
    let mut pattern = pattern;
    let mut line = line;
    while let Some(open) = pattern.find('{') {
        let close = open + pattern[open..].find('}')?;
        line = line.strip_prefix(&pattern[..open])?;
        let slot = &pattern[open + 1..close];
        pattern = &pattern[close + 1..];
        let next = &pattern[..pattern.find('{').unwrap_or(pattern.len())];
        let end = if next.is_empty() { line.len() } else { line.find(next)? };
        match slot {
            "page" => page = Some(line[..end].trim().parse().ok()?),
            "label" => label = Some(line[..end].trim().to_owned()),
            _ => return None,
        }
        line = &line[end..];
    }
    if line != pattern {
        return None;
    }
    Some(match (page, label) {
        (Some(page), label) => Marker::Start(page, label),
        (None, Some(label)) => Marker::Label(label),
        (None, None) => Marker::Break,
    })
}

/// One page as the markers tell it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leaf {
    /// Physical number, from 1.
    pub number: u32,
    /// Printed number.
    pub label: Option<String>,
}

/// Turns markers into pages. Returns the pages and for every stretch of text between markers (one more than there are
/// markers) the page it stands on. `has_text[i]` tells whether stretch i says anything. No pages: not paged.
pub fn pages(markers: &[Marker], has_text: &[bool]) -> (Vec<Leaf>, Vec<usize>) {
    let divides = |marker: &Marker| !matches!(marker, Marker::Label(_));
    if !markers.iter().any(divides) {
        return (Vec::new(), vec![0; markers.len() + 1]);
    }
    let zero = markers.iter().any(|m| matches!(m, Marker::Start(0, _) | Marker::End(_)));
    let from = u32::from(zero);
    let mut leaves: Vec<Leaf> = vec![Leaf { number: 0, label: None }];
    let mut of_stretch = vec![0];
    // Whether the page now open has said anything; a page that has not is renamed instead of left behind empty.
    let mut said = has_text.first().copied().unwrap_or(false);
    for (at, marker) in markers.iter().enumerate() {
        let last = leaves.len() - 1;
        match marker {
            Marker::Start(number, label) => {
                let number = number + from;
                let unnamed = leaves[last].number == 0;
                if unnamed && said && number > 1 {
                    leaves[last].number = number - 1;
                }
                if leaves[last].number == number || (unnamed && leaves[last].number == 0) {
                    leaves[last].number = number;
                } else {
                    leaves.push(Leaf { number, label: None });
                    said = false;
                }
                if let (Some(label), Some(leaf)) = (label, leaves.last_mut()) {
                    leaf.label = Some(label.clone());
                }
            }
            Marker::End(_) | Marker::Break => {
                if let Marker::End(number) = marker
                    && leaves[last].number <= number + from
                {
                    leaves[last].number = number + from;
                }
                let number = leaves[last].number.max(1);
                leaves[last].number = number;
                leaves.push(Leaf { number: number + 1, label: None });
                said = false;
            }
            Marker::Label(label) => leaves[last].label = Some(label.clone()),
        }
        said |= has_text.get(at + 1).copied().unwrap_or(false);
        of_stretch.push(leaves.len() - 1);
    }
    // A break at the very end opens no page.
    if !said && leaves.len() > 1 && !matches!(markers.last(), Some(Marker::Start(..))) {
        let last = leaves.len() - 1;
        leaves.pop();
        for stretch in &mut of_stretch {
            *stretch = (*stretch).min(last - 1);
        }
    }
    // Physical numbers only rise; a number that does not becomes the printed one.
    let mut previous = 0;
    for leaf in &mut leaves {
        if leaf.number <= previous {
            let printed = leaf.number;
            leaf.number = previous + 1;
            leaf.label.get_or_insert_with(|| printed.to_string());
        }
        previous = leaf.number;
    }
    (leaves, of_stretch)
}

#[cfg(test)]
mod tests;
