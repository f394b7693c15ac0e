//! `search_docs`: where is it said?
//!
//! ```text
//! 6 of 41 chunks with a word of “call variables”, ranked by words and meaning
//! version: v12.5 of finesse, the newest of 2 versions (also there: v12.0)
//!
//! 1. “Call Variables” · Developer Guide · finesse v12.5 · p. 128 (printed 112)
//!    id: finesse::v12.5::developer-guide::developer-guide::112
//!    url: https://…/finesse/v12.5/developer-guide/#page-128
//!    > snippet
//! …
//! [more: cursor=… · ~812 of 2000 tokens · build 5e0c…]
//! ```

use std::collections::BTreeMap;

use mcdewey_search::{Answer, Hit, Mode, Request, Rung};
use serde_json::Value;

use crate::arguments::Arguments;
use crate::budget::Budget;
use crate::select::{self, Selection};
use crate::shelf::{Shelf, page_name};
use crate::{Halt, Reply, cursor, quote, tools};

/// The arguments it takes.
pub(crate) const KNOWN: [&str; 6] = ["query", "product", "version", "limit", "max_tokens", "cursor"];

/// Hits where a call names no number.
const LIMIT: u32 = 6;
/// Most hits of one answer.
const MOST: u32 = 20;
/// A search gives no more hits than this, over all pages of the answer.
const DEEPEST: usize = 200;
/// Tokens of an answer where a call names no budget.
const TOKENS: u32 = 2000;
/// Hits looked at to say where else the words are.
const FACET_HITS: usize = 60;
/// Places named there.
const FACETS: usize = 8;

/// Answers a call.
pub(crate) fn call(shelf: &Shelf<'_>, arguments: &Value, vector: Option<&[f32]>) -> Result<Reply, Halt> {
    let mut arguments = Arguments::read(arguments, &KNOWN)?;
    let query = arguments.text("query")?.ok_or_else(|| {
        Halt::Refuse("query: expected words, a question or a symbol to look for, got nothing".into())
    })?;
    let (product, version) = (arguments.text("product")?, arguments.text("version")?);
    let limit = arguments.number("limit", 1, MOST, LIMIT) as usize;
    let max_tokens = tools::max_tokens(shelf, &mut arguments, TOKENS);
    let selection = select::select(shelf, product.as_deref(), version.as_deref())?;
    let question = format!("search {query} {:?}", selection.scopes);
    let start = match arguments.text("cursor")? {
        Some(given) => (cursor::read(&given, shelf.build(), &question)? as usize).min(DEEPEST),
        None => 0,
    };

    let request = Request {
        query: query.clone(),
        vector: vector.map(<[f32]>::to_vec),
        limit: (start + limit + 1).min(DEEPEST),
        scopes: Some(selection.scopes.clone()),
        ..Request::default()
    };
    let answer = shelf.search(&request)?;
    let elsewhere = match answer.matched {
        0 => elsewhere(shelf, &query, &selection)?,
        _ => Vec::new(),
    };
    Ok(write(
        shelf,
        &arguments,
        &query,
        &selection,
        &answer,
        &elsewhere,
        (start, limit, max_tokens),
        &question,
    ))
}

/// Where else the words are, when they are nowhere within the selection: product, version, and how many chunks.
fn elsewhere(shelf: &Shelf<'_>, query: &str, selection: &Selection) -> Result<Vec<(String, usize)>, Halt> {
    let others =
        (0..shelf.boot.scopes.len() as u32).filter(|scope| !selection.scopes.contains(scope)).collect();
    let request = Request {
        query: query.to_owned(),
        mode: Mode::Keyword,
        limit: FACET_HITS,
        scopes: Some(others),
        ..Request::default()
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for hit in shelf.search(&request)?.hits {
        *counts.entry(format!("{} {}", hit.product, hit.version).trim_end().to_owned()).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|(a, m), (b, n)| n.cmp(m).then(a.cmp(b)));
    counts.truncate(FACETS);
    Ok(counts)
}

#[allow(clippy::too_many_arguments, reason = "the parts of one answer, used once")]
fn write(
    shelf: &Shelf<'_>,
    arguments: &Arguments,
    query: &str,
    selection: &Selection,
    answer: &Answer,
    elsewhere: &[(String, usize)],
    (start, limit, max_tokens): (usize, usize, usize),
    question: &str,
) -> Reply {
    let mut budget = Budget::new(max_tokens);
    let by = match answer.rung {
        Rung::Keyword => "words",
        Rung::Terms => "words and the meaning of each",
        Rung::Transformer => "words and meaning",
    };
    let shown = quote::line(query, 80);
    let hits = grouped(answer.hits.iter().skip(start));
    budget.some_of(&match (hits.is_empty(), answer.matched) {
        (true, _) if start > 0 => format!("No further hits for “{shown}”."),
        (true, _) => format!("0 hits for “{shown}”: nothing in the versions searched has these words."),
        (false, 0) => format!(
            "No chunk has a word of “{shown}”; these are the nearest by meaning and may not answer it."
        ),
        (false, matched) => format!("{matched} chunks have a word of “{shown}”; ranked by {by}:"),
    });
    budget.some_of(&format!("version: {}", selection.reason));
    for note in arguments.notes() {
        budget.some_of(&format!("note: {note}"));
    }
    for notice in &answer.notices {
        budget.some_of(&format!("note: {}", quote::line(notice, 240)));
    }
    if !hits.is_empty() {
        budget.some_of(quote::NOTICE);
    }
    for missing in answer.missing.iter().take(2) {
        budget.some_of(&format!("incomplete: a part of the index could not be read ({})", missing.reason));
    }
    if !elsewhere.is_empty() {
        let places: Vec<String> =
            elsewhere.iter().map(|(place, count)| format!("{place} ({count})")).collect();
        budget.some_of(&format!("found elsewhere: {}; ask with that product and version", places.join(", ")));
    } else if answer.matched == 0 && start == 0 {
        budget.some_of("No version of any product has these words; try other words, or browse_library.");
    }

    let mut ids = Vec::new();
    let mut place = start;
    for group in &hits {
        if ids.len() == limit || !write_hit(shelf, &mut budget, place + 1, group) {
            break;
        }
        ids.push(group.hit.chunk_id.clone());
        place += group.size;
    }
    let more = answer.hits.len() > place && place < DEEPEST;
    let next = (more && !ids.is_empty()).then(|| cursor::write(shelf.build(), question, place as u64));
    let note = match &next {
        Some(cursor) => format!("more: cursor={cursor} · "),
        None if more && ids.is_empty() => "a hit does not fit: raise max_tokens · ".to_owned(),
        None => String::new(),
    };
    let (text, _) = budget.finish(&note, shelf.build());
    Reply { ids, cursor: next, ..Reply::new(text, shelf.build()) }
}

/// A hit and those after it that say the same in other versions.
struct Group<'a> {
    hit: &'a Hit,
    others: Vec<&'a Hit>,
    /// Hits of the ranking that it stands for.
    size: usize,
}

/// Puts a hit and its copies in other versions together, as long as they follow one another.
fn grouped<'a>(hits: impl Iterator<Item = &'a Hit>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for hit in hits {
        match groups.last_mut().filter(|group| {
            group.hit.product == hit.product
                && group.hit.version != hit.version
                && group.hit.title == hit.title
                && group.hit.snippet == hit.snippet
        }) {
            Some(group) => {
                group.others.push(hit);
                group.size += 1;
            }
            None => groups.push(Group { hit, others: Vec::new(), size: 1 }),
        }
    }
    groups
}

/// Writes one hit; `false` where it does not fit.
fn write_hit(shelf: &Shelf<'_>, budget: &mut Budget, number: usize, group: &Group<'_>) -> bool {
    let hit = group.hit;
    let mut head = vec![format!("“{}”", quote::line(&hit.title, 120))];
    if hit.document != hit.title {
        head.push(quote::line(&hit.document, 120));
    }
    head.push(format!("{} {}", hit.product, hit.version).trim_end().to_owned());
    head.extend(page_name(hit.page, hit.page_label.as_deref()));
    let mut text =
        format!("\n{number}. {}\nid: {}\nurl: {}", head.join(" · "), hit.chunk_id, shelf.permalink(&hit.url));
    let shared = hit.also_in.iter().map(|edition| edition.version.as_str());
    let same: Vec<&str> = shared.chain(group.others.iter().map(|other| other.version.as_str())).collect();
    if !same.is_empty() {
        text.push_str(&format!("\nthe same in: {}", select::list(&same)));
    }
    let nearly: Vec<&str> = hit.nearly_in.iter().map(String::as_str).collect();
    if !nearly.is_empty() {
        text.push_str(&format!("\nmuch the same in: {}", select::list(&nearly)));
    }
    let with_snippet = format!("{text}\n> {}", quote::line(&hit.snippet, 400));
    budget.line(&with_snippet)
}
