//! `read_docs`: what does it say there, and how is it cited?
//!
//! ```text
//! id ──resolve──► document, chunk ──page, pages, section, before, after──► chunks from..to
//!                                                  cursor ──► goes on at a chunk and a byte of it
//! ```
//!
//! A text that is longer than the budget is cut after a paragraph, and the answer says how to go on.

use std::ops::Range;

use mcdewey_format::catalog::Listed;
use mcdewey_format::fragment::StoredChunk;
use serde_json::Value;

use crate::arguments::Arguments;
use crate::budget::{self, Budget, tokens};
use crate::name::{self, Spot};
use crate::shelf::{Found, Shelf, chunk_id, heading, scope_name};
use crate::{Halt, Reply, cursor, quote, tools};

/// The arguments it takes.
const KNOWN: [&str; 8] = ["id", "page", "pages", "section", "before", "after", "max_tokens", "cursor"];

/// Tokens of an answer where a call names no budget: about eight pages of a manual.
const TOKENS: u32 = 4000;
/// Most chunks before and after the one that is named.
const AROUND: u32 = 5;
/// Most pages of a range.
const PAGES: u32 = 100;
/// A chunk has about this many tokens at least; so many are fetched as may fit.
const SHORT_CHUNK: usize = 120;
/// What is left of a text is worth showing from this many tokens on.
const WORTH: usize = 40;

/// Answers a call.
pub(crate) fn call(shelf: &Shelf<'_>, arguments: &Value) -> Result<Reply, Halt> {
    let mut arguments = Arguments::read(arguments, &KNOWN)?;
    let id = arguments.text("id")?.ok_or_else(|| {
        Halt::Refuse("id: expected a chunk id, document id, url or uri from an answer, got nothing; search_docs gives ids".into())
    })?;
    let spot = name::resolve(shelf, &id)?;
    let max_tokens = tools::max_tokens(shelf, &mut arguments, TOKENS);
    let range = range(&spot, &mut arguments)?;
    let question = format!("read {} {range:?}", spot.document.stem);
    let start = match arguments.text("cursor")? {
        Some(given) => {
            let place = cursor::read(&given, shelf.build(), &question)?;
            ((place >> 32) as u32, place as u32 as usize)
        }
        None => (range.start, 0),
    };
    read(shelf, &spot, range, start, max_tokens, &question, arguments.notes())
}

/// The document's chunks that are asked for, by their places in it.
fn range(spot: &Spot<'_>, arguments: &mut Arguments) -> Result<Range<u32>, Halt> {
    let document = spot.document;
    let mut range = match spot.chunk {
        Some(_) if spot.page.is_some() => document.on_pages(spot.page.unwrap_or(0), spot.page.unwrap_or(0)),
        Some(chunk) => chunk..chunk + 1,
        None => 0..document.chunk_count(),
    };
    if arguments.has("page") {
        let page = arguments.number("page", 1, u32::MAX, 1);
        name::at_page(*spot, page)?;
        range = document.on_pages(page, page);
    } else if let Some(pages) = arguments.text("pages")? {
        range = pages_of(spot, &pages, arguments)?;
    } else if arguments.flag("section") {
        range = section(document, range.start);
    }
    let (before, after) = (arguments.number("before", 0, AROUND, 0), arguments.number("after", 0, AROUND, 0));
    Ok(range.start.saturating_sub(before)..range.end.saturating_add(after).min(document.chunk_count()))
}

/// The chunks of a range of pages such as `12-15` or `12`.
fn pages_of(spot: &Spot<'_>, pages: &str, arguments: &mut Arguments) -> Result<Range<u32>, Halt> {
    let mut numbers = pages.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let mut number = || numbers.next().and_then(|part| part.parse::<u32>().ok());
    let first = number();
    let last = number().or(first);
    let Some((first, last)) = first.zip(last).filter(|(first, last)| (1..=*last).contains(first)) else {
        return Err(Halt::Refuse(format!(
            "pages: expected a range of physical pages such as 12-15, got “{}”",
            quote::line(pages, 40)
        )));
    };
    let last = match last - first {
        span if span >= PAGES => {
            arguments.note(format!("pages: {PAGES} at most; the range ends with {}", first + PAGES - 1));
            first + PAGES - 1
        }
        _ => last,
    };
    let range = spot.document.on_pages(first, last);
    if range.is_empty() {
        name::at_page(*spot, first)?;
        return Err(Halt::Refuse(format!("{} has no text on pages {first} to {last}", spot.document.stem)));
    }
    Ok(range)
}

/// The chunks of the section that a chunk begins with or lies in, with all below it.
fn section(document: &Listed, chunk: u32) -> Range<u32> {
    let outline = &document.outline;
    let own = outline.iter().position(|heading| heading.chunk == chunk);
    let around = || outline.iter().rposition(|heading| heading.chunk < chunk);
    let Some(at) = own.or_else(around) else { return 0..document.chunk_count() };
    let next = outline[at + 1..].iter().find(|heading| heading.level <= outline[at].level);
    let start = outline[at].chunk;
    let end = match next {
        // A section may end in the middle of the page where the next begins.
        Some(next) if document.page_of.is_empty() => next.chunk,
        Some(next) => next.chunk + 1,
        None => document.chunk_count(),
    };
    start..end.clamp(start.max(chunk) + 1, document.chunk_count())
}

/// Reads chunks of a document into an answer.
pub(crate) fn read(
    shelf: &Shelf<'_>,
    spot: &Spot<'_>,
    range: Range<u32>,
    (from, offset): (u32, usize),
    max_tokens: usize,
    question: &str,
    notes: &[String],
) -> Result<Reply, Halt> {
    let document = spot.document;
    let start = from.clamp(range.start, range.end);
    let enough = (start as usize + 2 + max_tokens / SHORT_CHUNK).min(range.end as usize) as u32;
    let found = shelf.chunks(spot, start..enough)?;

    let mut budget = Budget::new(max_tokens);
    head(shelf, spot, &mut budget);
    for note in notes {
        budget.some_of(&format!("note: {note}"));
    }
    let mut ids = Vec::new();
    let mut next = None;
    for (place, found) in (start..).zip(&found) {
        let from = if place == start { offset } else { 0 };
        let text = found.chunk.text.get(from..).unwrap_or_default();
        match write_chunk(shelf, found, text, from > 0, &mut budget) {
            Some(written) => {
                ids.push(found.id());
                if written < text.len() {
                    next = Some((place, from + written));
                    break;
                }
            }
            None => {
                next = Some((place, from));
                break;
            }
        }
    }
    if next.is_none() && enough < range.end {
        next = Some((enough, 0));
    }
    around(document, &range, &mut budget);
    let next = next.filter(|_| !ids.is_empty());
    let next = next.map(|(place, offset)| {
        cursor::write(shelf.build(), question, (u64::from(place) << 32) | offset as u64)
    });
    let note = match &next {
        Some(cursor) => format!("cut: the same call with cursor={cursor} goes on · "),
        None if ids.is_empty() => "nothing fits: raise max_tokens · ".to_owned(),
        None => String::new(),
    };
    let (text, _) = budget.finish(&note, shelf.build());
    Ok(Reply { ids, cursor: next, ..Reply::new(text, shelf.build()) })
}

/// Which document of which version this is, and whether there is a newer one.
fn head(shelf: &Shelf<'_>, spot: &Spot<'_>, budget: &mut Budget) {
    let (document, scope) = (spot.document, &shelf.boot.scopes[spot.scope]);
    let mut line = format!("“{}” · {}", quote::line(&document.title, 120), scope_name(scope));
    if let Some((first, last)) = document.pages() {
        line.push_str(&format!(" · pages {first} to {last}"));
    }
    line.push_str(&format!(" · source: {}", quote::line(&document.source, 200)));
    budget.some_of(&line);
    if spot.moved {
        budget.some_of("note: that id is gone since the manual was edited; this is what took its place");
    }
    let newest = shelf
        .boot
        .scopes
        .iter()
        .find(|other| other.newest && other.vendor == scope.vendor && other.product == scope.product);
    if let Some(newest) = newest.filter(|newest| newest.version != scope.version) {
        budget.some_of(&format!("version: {}, as asked; the newest is {}", scope.version, newest.version));
    }
}

/// Writes a chunk, as much as fits, and says how many bytes of `text` that was; `None` where not even its head fits.
fn write_chunk(
    shelf: &Shelf<'_>,
    found: &Found<'_>,
    text: &str,
    continued: bool,
    budget: &mut Budget,
) -> Option<usize> {
    let title = heading(found.chunk);
    let page = found.page();
    let mut name: Vec<String> = page.clone().into_iter().collect();
    if !title.is_empty() {
        name.push(format!("“{title}”"));
    }
    if continued {
        name.push("continued".into());
    }
    let url = shelf.permalink(&found.url());
    let mut head = format!(
        "\n## {}\nid: {}\nurl: {url}\ncite: {}",
        if name.is_empty() { "Beginning".to_owned() } else { name.join(" · ") },
        found.id(),
        citation(shelf, found, page.as_deref(), &title, &url),
    );
    if !found.edition.images.is_empty() {
        let count = found.edition.images.len();
        head.push_str(&format!("\nimages: {count} (get_page_image with this id)"));
    }
    let (open, close) = quote::fence(text);
    let room = budget.left().checked_sub(tokens(&head) + tokens(&open) + tokens(&close) + 8)?;
    let part = budget::beginning(text, room);
    if part.len() < text.len() && tokens(part) < WORTH {
        return None;
    }
    let shown = quote::lines(part.trim_end());
    budget.line(&format!("{head}\n{open}\n{shown}\n{close}")).then_some(part.len())
}

/// `Developer Guide, finesse v12.5, p. 128 (printed 112), “Call Variables”. https://…`
fn citation(shelf: &Shelf<'_>, found: &Found<'_>, page: Option<&str>, title: &str, url: &str) -> String {
    let scope = shelf.boot.scopes.get(found.document.scope as usize);
    let mut parts = vec![quote::line(&found.document.title, 120)];
    parts.extend(scope.map(scope_name));
    parts.extend(page.map(str::to_owned));
    if !title.is_empty() && title != parts[0] {
        parts.push(format!("“{title}”"));
    }
    format!("{}. {url}", parts.join(", "))
}

/// The chunks before and after what is read.
fn around(document: &Listed, range: &Range<u32>, budget: &mut Budget) {
    let mut parts = Vec::new();
    if let Some(before) = range.start.checked_sub(1) {
        parts.push(format!("previous: {}", chunk_id(document, before)));
    }
    if range.end < document.chunk_count() {
        parts.push(format!("next: {}", chunk_id(document, range.end)));
    }
    if !parts.is_empty() {
        budget.line(&format!("\n{}", parts.join("  ")));
    }
}

/// A chunk's text with nothing but its own words, for who wants the whole of one.
pub(crate) fn plain(chunk: &StoredChunk) -> String {
    quote::lines(&chunk.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mcdewey_format::catalog::Heading;
    use mcdewey_format::documents::ListedDocument;

    fn document(paged: bool) -> Listed {
        let heading = |level, chunk| Heading { level, chunk, ..Heading::default() };
        Listed {
            document: ListedDocument {
                runs: vec![(0, 10)],
                numbers: vec![(0, 10)],
                ..ListedDocument::default()
            },
            page_of: if paged { (1..=10).collect() } else { Vec::new() },
            outline: vec![heading(1, 0), heading(2, 2), heading(3, 3), heading(2, 5), heading(1, 8)],
        }
    }

    #[test]
    fn a_section_is_its_heading_and_all_below_it() {
        let flat = document(false);
        assert_eq!(section(&flat, 2), 2..5);
        assert_eq!(section(&flat, 3), 3..5);
        assert_eq!(section(&flat, 4), 3..5);
        assert_eq!(section(&flat, 0), 0..8);
        assert_eq!(section(&flat, 9), 8..10);
        assert_eq!(section(&document(true), 2), 2..6, "a page may hold the end of one section and the next");
    }
}
