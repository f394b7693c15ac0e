//! What can be listed, read and completed as a resource?
//!
//! | uri | is |
//! |---|---|
//! | `mcdewey://library` | products and versions |
//! | `mcdewey://stats` | counts, as JSON |
//! | `mcdewey://document/{document}` | a document from its beginning |
//! | `mcdewey://page/{document}/{page}` | a physical page |
//! | `mcdewey://image/{document}/{page}/{image}` | a picture of a page |
//! | `mcdewey://chunk/{chunk}` | a page or section by its id |

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::name::{self, SCHEME, document_uri};
use crate::select::products;
use crate::shelf::{Shelf, scope_name};
use crate::{Halt, Reply, browse_library, cursor, get_page_image, quote, read_docs};

/// Documents on a page of the list.
const PAGE: usize = 100;
/// Tokens of a resource that is read: more is read by tools, which can be asked for the rest.
const TOKENS: usize = 20_000;
/// Completions at most, as the protocol has it.
const COMPLETIONS: usize = 100;
/// Versions whose documents are looked at for completions.
const COMPLETION_SCOPES: usize = 16;

/// The templates, as the protocol has them.
pub fn templates() -> Vec<Value> {
    let template = |path: &str, name: &str, description: &str, mime: Option<&str>| {
        let mut template =
            json!({ "uriTemplate": format!("{SCHEME}{path}"), "name": name, "description": description });
        if let Some(mime) = mime {
            template["mimeType"] = json!(mime);
        }
        template
    };
    vec![
        template(
            "document/{document}",
            "document",
            "A document from its beginning, by its id",
            Some("text/plain"),
        ),
        template("page/{document}/{page}", "page", "A physical page of a document", Some("text/plain")),
        template("image/{document}/{page}/{image}", "image", "A picture of a page, counted from 1", None),
        template("chunk/{chunk}", "chunk", "A page or section by its chunk id", Some("text/plain")),
    ]
}

/// A page of the list: the library, its counts, and its documents.
pub(crate) fn list(shelf: &Shelf<'_>, given: Option<&str>) -> Result<Value, Halt> {
    let start = match given {
        Some(given) => cursor::read(given, shelf.build(), "resources")? as usize,
        None => 0,
    };
    let mut resources = Vec::new();
    if start == 0 {
        resources.push(json!({
            "uri": format!("{SCHEME}library"), "name": "library", "title": "The library",
            "description": "Products and versions", "mimeType": "text/plain",
        }));
        resources.push(json!({
            "uri": format!("{SCHEME}stats"), "name": "stats", "title": "Counts of the library",
            "mimeType": "application/json",
        }));
    }
    // Which documents of which versions are on this page is known from the counts alone.
    let end = start.saturating_add(PAGE);
    let mut before = 0usize;
    let mut scopes = Vec::new();
    for (number, scope) in shelf.boot.scopes.iter().enumerate() {
        let after = before + scope.documents as usize;
        if before < end && after > start {
            scopes.push((number, start.saturating_sub(before)..(end - before).min(scope.documents as usize)));
        }
        before = after;
    }
    let numbers: Vec<usize> = scopes.iter().map(|(number, _)| *number).collect();
    for ((number, range), catalog) in scopes.into_iter().zip(shelf.catalogs(&numbers)?) {
        // A document without text has no place in the catalog, although it is counted.
        let listed = catalog.documents.len();
        for document in &catalog.documents[range.start.min(listed)..range.end.min(listed)] {
            let title = quote::line(&document.title, 120);
            resources.push(json!({
                "uri": document_uri(&document.stem), "name": document.stem,
                "title": format!("{title} · {}", scope_name(&shelf.boot.scopes[number])), "mimeType": "text/plain",
            }));
        }
    }
    let mut result = json!({ "resources": resources });
    if end < before {
        result["nextCursor"] = json!(cursor::write(shelf.build(), "resources", end as u64));
    }
    Ok(result)
}

/// The content of a resource.
pub(crate) fn read(shelf: &Shelf<'_>, uri: &str) -> Result<Reply, Halt> {
    let Some(rest) = uri.strip_prefix(SCHEME) else {
        return Err(Halt::Unknown(format!("“{}”: resources begin with {SCHEME}", quote::line(uri, 120))));
    };
    let reply = match rest.trim_end_matches('/') {
        "library" => browse_library::call(shelf, &json!({ "path": "", "max_tokens": TOKENS }))?,
        "stats" => Reply::new(stats(shelf).to_string(), shelf.build()),
        _ => {
            let spot = name::resolve(shelf, uri)?;
            if spot.image.is_some() {
                get_page_image::picture(shelf, &spot, spot.image.unwrap_or(1))?
            } else {
                let range = match (spot.page, spot.chunk) {
                    (Some(page), _) => spot.document.on_pages(page, page),
                    (None, Some(chunk)) => chunk..chunk + 1,
                    (None, None) => 0..spot.document.chunk_count(),
                };
                let question = format!("resource {rest}");
                read_docs::read(shelf, &spot, range.clone(), (range.start, 0), TOKENS, &question, &[])?
            }
        }
    };
    Ok(Reply { uri: Some(uri.to_owned()), ..reply })
}

fn stats(shelf: &Shelf<'_>) -> Value {
    let scopes = &shelf.boot.scopes;
    let sum = |of: fn(&mcdewey_format::scope::Scope) -> u32| -> u64 {
        scopes.iter().map(|s| u64::from(of(s))).sum()
    };
    json!({
        "build": shelf.build(),
        "products": products(shelf).len(),
        "versions": scopes.len(),
        "documents": sum(|scope| scope.documents),
        "pages": sum(|scope| scope.pages),
        "chunks": shelf.boot.chunk_count(),
        "by_version": scopes.iter().map(|scope| json!({
            "vendor": scope.vendor, "product": scope.product, "version": scope.version, "newest": scope.newest,
            "documents": scope.documents, "pages": scope.pages, "chunks": scope.chunks,
        })).collect::<Vec<_>>(),
    })
}

/// Values that go on with what is typed for a variable of a template.
pub(crate) fn complete(
    shelf: &Shelf<'_>,
    template: &str,
    variable: &str,
    typed: &str,
    given: &BTreeMap<String, String>,
) -> Result<Value, Halt> {
    if !templates().iter().any(|known| known["uriTemplate"] == template) {
        return Err(Halt::Unknown("there is no such template; resources/templates/list has them".into()));
    }
    let values = match variable {
        "document" | "chunk" => documents(shelf, typed)?,
        "page" => match given.get("document") {
            Some(document) => {
                let spot = name::resolve(shelf, document)?;
                let mut pages = spot.document.page_of.clone();
                pages.dedup();
                pages.iter().map(u32::to_string).filter(|page| page.starts_with(typed)).collect()
            }
            None => Vec::new(),
        },
        _ => Vec::new(),
    };
    let total = values.len();
    let values: Vec<String> = values.into_iter().take(COMPLETIONS).collect();
    Ok(json!({ "completion": { "hasMore": total > values.len(), "total": total, "values": values } }))
}

/// Ids of documents that contain what is typed; those that begin with it first.
fn documents(shelf: &Shelf<'_>, typed: &str) -> Result<Vec<String>, Halt> {
    let typed = typed.to_lowercase();
    // Ids begin with vendor, product and version, so what is typed so far tells which versions can have it.
    let fits = |&number: &usize| {
        let scope = &shelf.boot.scopes[number];
        let levels = [&scope.vendor, &scope.product, &scope.version];
        let levels: Vec<&str> =
            levels.into_iter().map(String::as_str).filter(|level| !level.is_empty()).collect();
        let front = levels.join("::").to_lowercase();
        front.starts_with(&typed) || typed.starts_with(&front)
    };
    let all = 0..shelf.boot.scopes.len();
    let mut scopes: Vec<usize> = all.clone().filter(fits).collect();
    if scopes.is_empty() {
        scopes = all.filter(|&number| shelf.boot.scopes[number].newest).collect();
    }
    scopes.truncate(COMPLETION_SCOPES);
    let catalogs = shelf.catalogs(&scopes)?;
    let stems = catalogs.iter().flat_map(|catalog| &catalog.documents).map(|document| document.stem.clone());
    let mut found: Vec<String> = stems.filter(|stem| stem.to_lowercase().contains(&typed)).collect();
    found.sort_by_key(|stem| !stem.to_lowercase().starts_with(&typed));
    Ok(found)
}
