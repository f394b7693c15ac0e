//! `get_outline`: how is a document made up?

use serde_json::Value;

use crate::arguments::Arguments;
use crate::budget::Budget;
use crate::shelf::{Shelf, chunk_id, scope_name};
use crate::{Halt, Reply, cursor, name, quote, tools};

const KNOWN: [&str; 4] = ["id", "depth", "max_tokens", "cursor"];

/// Tokens of an answer where a call names no budget.
const TOKENS: u32 = 2000;
/// Levels of headings where a call names none.
const DEPTH: u32 = 3;

/// Answers a call.
pub(crate) fn call(shelf: &Shelf<'_>, arguments: &Value) -> Result<Reply, Halt> {
    let mut arguments = Arguments::read(arguments, &KNOWN)?;
    let id = arguments.text("id")?.ok_or_else(|| {
        Halt::Refuse(
            "id: expected the id of a document or of a chunk of it, got nothing; browse_library gives ids"
                .into(),
        )
    })?;
    let spot = name::resolve(shelf, &id)?;
    let depth = arguments.number("depth", 1, 6, DEPTH);
    let max_tokens = tools::max_tokens(shelf, &mut arguments, TOKENS);
    let document = spot.document;
    let question = format!("outline {} {depth}", document.stem);
    let start = match arguments.text("cursor")? {
        Some(given) => cursor::read(&given, shelf.build(), &question)? as usize,
        None => 0,
    };

    let mut budget = Budget::new(max_tokens);
    let pages = match document.pages() {
        Some((first, last)) => format!("pages {first} to {last}"),
        None => format!("{} chunks", document.chunk_count()),
    };
    budget.some_of(&format!(
        "“{}” · {} · {pages} · url: {}",
        quote::line(&document.title, 120),
        scope_name(&shelf.boot.scopes[spot.scope]),
        shelf.permalink(&document.url)
    ));
    budget.some_of(&format!(
        "read one with read_docs id={}::NUMBER (section=true for all below it)",
        document.stem
    ));
    for note in arguments.notes() {
        budget.some_of(&format!("note: {note}"));
    }
    let headings: Vec<_> =
        document.outline.iter().filter(|heading| u32::from(heading.level) <= depth).collect();
    let top = headings.iter().map(|heading| heading.level).min().unwrap_or(1);
    let hidden = document.outline.len() - headings.len();
    if headings.is_empty() {
        budget.some_of("It has no headings; read it by page, or from its beginning.");
    }
    let (mut end, mut ids) = (start.min(headings.len()), Vec::new());
    for heading in &headings[end..] {
        let page = document
            .page_of
            .get(heading.chunk as usize)
            .map_or(String::new(), |page| format!(" · p. {page}"));
        let indent = "  ".repeat(usize::from(heading.level - top));
        let number = document.number_at(heading.chunk).unwrap_or(heading.chunk);
        if !budget.line(&format!("{indent}{number} {}{page}", quote::line(&heading.title, 120))) {
            break;
        }
        ids.push(chunk_id(document, heading.chunk));
        end += 1;
    }
    let next = (end < headings.len() && !ids.is_empty())
        .then(|| cursor::write(shelf.build(), &question, end as u64));
    let mut note = match &next {
        Some(cursor) => format!("{} more: cursor={cursor} · ", headings.len() - end),
        None => String::new(),
    };
    if hidden > 0 {
        note.push_str(&format!("{hidden} deeper headings: raise depth · "));
    }
    let (text, _) = budget.finish(&note, shelf.build());
    Ok(Reply { ids, cursor: next, ..Reply::new(text, shelf.build()) })
}
