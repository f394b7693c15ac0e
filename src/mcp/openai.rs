//! `search` and `fetch`, for clients that know only these (`?profile=openai`).
//!
//! Their answers are JSON in text: `{"results": [{"id", "title", "url"}]}` and `{"id", "title", "text", "url",
//! "metadata"}`. They are the two tools of ours that they resemble, with their rules.

use mcdewey_search::Request;
use serde_json::{Value, json};

use crate::arguments::Arguments;
use crate::budget::{beginning, tokens};
use crate::shelf::{Shelf, heading, page_name, scope_name};
use crate::tools::{self, tool};
use crate::{Halt, Reply, name, quote, read_docs, select};

/// Hits of a search.
const HITS: usize = 10;
/// Tokens of a fetched text at most.
const TOKENS: u32 = 8000;
/// Tokens of the other parts of a fetched document.
const AROUND: usize = 300;

/// The definitions.
pub(crate) fn tools() -> Vec<Value> {
    let text = |description: &str| json!({ "type": "string", "description": description });
    vec![
        tool(
            "search",
            "Search the manuals",
            "Find pages and sections of the manuals by words and meaning.",
            json!({ "query": text("question, words or exact symbol") }),
            &["query"],
        ),
        tool(
            "fetch",
            "Read a page or section",
            "Get the full text of a search result.",
            json!({ "id": text("id of a result") }),
            &["id"],
        ),
    ]
}

/// Answers `search`.
pub(crate) fn search(shelf: &Shelf<'_>, arguments: &Value, vector: Option<&[f32]>) -> Result<Reply, Halt> {
    let mut arguments = Arguments::read(arguments, &["query", "product", "version"])?;
    let query =
        arguments.text("query")?.ok_or_else(|| Halt::Refuse("query: expected words, got nothing".into()))?;
    let (product, version) = (arguments.text("product")?, arguments.text("version")?);
    let selection = select::select(shelf, product.as_deref(), version.as_deref())?;
    let request = Request {
        query,
        vector: vector.map(<[f32]>::to_vec),
        limit: HITS,
        scopes: Some(selection.scopes),
        ..Request::default()
    };
    let hits = shelf.search(&request)?.hits;
    let results = hits.iter().map(|hit| {
        let page =
            page_name(hit.page, hit.page_label.as_deref()).map_or(String::new(), |page| format!(", {page}"));
        let title = format!("{} · {} {}{page}", quote::line(&hit.title, 120), hit.product, hit.version);
        json!({ "id": hit.chunk_id, "title": title, "url": shelf.permalink(&hit.url) })
    });
    let text = json!({ "results": results.collect::<Vec<_>>() }).to_string();
    let ids = hits.iter().map(|hit| hit.chunk_id.clone()).collect();
    Ok(Reply { ids, ..Reply::new(text, shelf.build()) })
}

/// Answers `fetch`.
pub(crate) fn fetch(shelf: &Shelf<'_>, arguments: &Value) -> Result<Reply, Halt> {
    let mut arguments = Arguments::read(arguments, &["id", "max_tokens"])?;
    let id = arguments
        .text("id")?
        .ok_or_else(|| Halt::Refuse("id: expected the id of a result, got nothing".into()))?;
    let most = tools::max_tokens(shelf, &mut arguments, TOKENS);
    let spot = name::resolve(shelf, &id)?;
    let place = spot.chunk.unwrap_or(0);
    let found = shelf.chunks(&spot, place..place + 1)?;
    let Some(found) = found.first() else {
        return Err(Halt::Refuse(format!("{} has no text; search again", spot.document.stem)));
    };
    let scope = &shelf.boot.scopes[spot.scope];
    let whole = read_docs::plain(found.chunk);
    let text = beginning(&whole, most.saturating_sub(AROUND));
    let title = match heading(found.chunk) {
        heading if heading.is_empty() => quote::line(&spot.document.title, 120),
        heading => format!("{heading} · {}", quote::line(&spot.document.title, 120)),
    };
    let id = found.id();
    let answer = json!({
        "id": id,
        "title": title,
        "text": text,
        "url": shelf.permalink(&found.url()),
        "metadata": {
            "product": scope_name(scope),
            "page": found.page(),
            "source": spot.document.source,
            "cut": text.len() < whole.len(),
            "tokens": tokens(text),
            "build": shelf.build(),
            "notice": quote::NOTICE,
        },
    });
    Ok(Reply { ids: vec![id], ..Reply::new(answer.to_string(), shelf.build()) })
}
