//! `browse_library`: what is there?
//!
//! The root lists products with their versions, a product its versions and the documents of the newest, a version its
//! documents. Names are given as `read_docs` and `get_outline` take them.

use serde_json::Value;

use crate::arguments::Arguments;
use crate::budget::Budget;
use crate::select::{self, Product, products};
use crate::shelf::{Shelf, product_name, scope_name};
use crate::{Halt, Reply, cursor, name, quote, tools};

const KNOWN: [&str; 3] = ["path", "max_tokens", "cursor"];

/// Tokens of an answer where a call names no budget.
const TOKENS: u32 = 2000;

/// Answers a call.
pub(crate) fn call(shelf: &Shelf<'_>, arguments: &Value) -> Result<Reply, Halt> {
    // What an agent means by `product` here is the path.
    let known: Vec<&str> = KNOWN.iter().copied().chain(["product", "version"]).collect();
    let mut arguments = Arguments::read(arguments, &known)?;
    let path = match arguments.text("path")? {
        Some(path) => Some(path),
        None => arguments.text("product")?.or_else(|| shelf.place.profile.product.clone()),
    };
    let version = arguments.text("version")?;
    let max_tokens = tools::max_tokens(shelf, &mut arguments, TOKENS);
    let path =
        path.as_deref().map(|path| path.trim_start_matches(name::SCHEME)).map(|path| path.trim_matches('/'));
    let (head, lines, ids) = match path.filter(|path| !path.is_empty() && *path != "library") {
        None => root(shelf),
        Some(path) => version_of(shelf, path, version.as_deref())?,
    };

    let question = format!("browse {head}");
    let start = match arguments.text("cursor")? {
        Some(given) => (cursor::read(&given, shelf.build(), &question)? as usize).min(lines.len()),
        None => 0,
    };
    let mut budget = Budget::new(max_tokens);
    budget.some_of(&head);
    for note in arguments.notes() {
        budget.some_of(&format!("note: {note}"));
    }
    let shown = lines[start..].iter().take_while(|line| budget.line(line)).count();
    let end = start + shown;
    let next = (end < lines.len() && shown > 0).then(|| cursor::write(shelf.build(), &question, end as u64));
    let note = match &next {
        Some(cursor) => format!("{} more: cursor={cursor} · ", lines.len() - end),
        None => String::new(),
    };
    let (text, _) = budget.finish(&note, shelf.build());
    let ids = ids.get(start..end).unwrap_or_default().to_vec();
    Ok(Reply { ids, cursor: next, ..Reply::new(text, shelf.build()) })
}

type Page = (String, Vec<String>, Vec<String>);

fn root(shelf: &Shelf<'_>) -> Page {
    let products = products(shelf);
    let head = format!("{} products; path=PRODUCT or PRODUCT/VERSION lists documents:", products.len());
    let lines = products.iter().map(|product| {
        let documents: u32 = product.scopes.iter().map(|(_, scope)| scope.documents).sum();
        let pages: u32 = product.scopes.iter().map(|(_, scope)| scope.pages).sum();
        format!("- {}: {}{documents} documents, {pages} pages", product.name, versions(product))
    });
    (head, lines.collect(), Vec::new())
}

/// The versions of a product, newest first, for a line; nothing where it has none.
fn versions(product: &Product<'_>) -> String {
    let names: Vec<&str> = product.scopes.iter().map(|(_, scope)| scope.version.as_str()).collect();
    match names[..] {
        [""] => String::new(),
        [one] => format!("{one}; "),
        _ => format!("{} (newest first); ", select::list(&names)),
    }
}

fn version_of(shelf: &Shelf<'_>, path: &str, version: Option<&str>) -> Result<Page, Halt> {
    let all = products(shelf);
    let vendor = select::named(&all, path);
    if vendor.len() > 1 && version.is_none() {
        let head = format!("{} products of {}:", vendor.len(), quote::line(path, 80));
        let lines = vendor.iter().map(|product| format!("- {}: {}", product.name, versions(product)));
        return Ok((head, lines.collect(), Vec::new()));
    }
    let selection = select::select(shelf, Some(path), version)?;
    let scopes: Vec<usize> = selection.scopes.iter().map(|&scope| scope as usize).collect();
    let catalogs = shelf.catalogs(&scopes)?;
    let mut lines = Vec::new();
    let mut ids = Vec::new();
    for (&scope, catalog) in scopes.iter().zip(&catalogs) {
        for document in &catalog.documents {
            let pages = match document.pages() {
                Some((first, last)) => format!("pages {first} to {last}"),
                None => format!("{} sections", document.chunk_count()),
            };
            let of = if scopes.len() > 1 {
                format!(" · {}", scope_name(&shelf.boot.scopes[scope]))
            } else {
                String::new()
            };
            lines.push(format!(
                "- “{}”{of} · {pages}\n  id: {}",
                quote::line(&document.title, 120),
                document.stem
            ));
            ids.push(document.stem.clone());
        }
    }
    let product = product_name(&shelf.boot.scopes[scopes[0]]);
    Ok((format!("{} documents of {product}; version: {}", lines.len(), selection.reason), lines, ids))
}
