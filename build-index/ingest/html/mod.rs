//! HTML → [`Document`].
//!
//! ```text
//! bytes ──charset──► text ──parse──► tree ──facts──► one of the manual's pages?
//!                                     │
//!                                     └──content──► its part ──prepare──► anchors, links, pictures
//!                                                                │
//!                          sections and blocks (what is indexed) ◄──► HTML, sanitised (what is shown)
//! ```
//!
//! A page of a built site is mostly not the manual: menus, headers, feet and scripts stand around it. What is read is
//! told by landmarks first and by the owner before all (`content`, `pagefind`).

mod blocks;
mod charset;
mod code;
mod content;
mod dom;
mod facts;
pub mod fragment;
mod pagefind;
mod parse;
mod prepare;
mod render;
mod selector;
pub mod shared;
mod table;

use std::sync::Arc;

use super::{Context, sanitise};
use crate::document::{Document, Note, Page, Place, Weight};
use crate::url;
use content::Content;
use facts::Facts;
pub use shared::Shared;

/// Reads a page.
///
/// # Errors
/// The note that says why there is no document: it is none of the manual's pages, or holds no text.
pub fn read(bytes: &[u8], context: Context<'_>) -> Result<Document, Note> {
    let unknown = Shared::default();
    let shared = context.pages.unwrap_or(&unknown);
    let place = context.tree.and_then(|tree| tree.file(context.source)).map(|file| &file.place);
    let manual = shared.manual(place);
    let (text, note) = charset::text(bytes);
    let mut notes: Vec<Note> = note.into_iter().collect();
    let parsed = parse::parse(&text);
    notes.extend(parsed.notes.iter().cloned());
    let facts = Facts::of(parsed.tree.root());
    let left_out =
        |text: String| Note { weight: Weight::LeftOut, line: None, text: format!("left out: {text}") };
    if let Some(why) = facts.left_out(context.source, &text) {
        return Err(left_out(why));
    }
    let Some(content) = Content::of(parsed.tree.root(), &shared.selectors, manual.pagefind) else {
        return Err(left_out(
            "a page without data-pagefind-body, which other pages of this manual have".to_owned(),
        ));
    };
    let plan =
        prepare::prepare(&parsed, &content, context, shared.in_place, |node| blocks::text_of(&content, node));
    let sections = blocks::sections(&content, &plan);
    if sections.iter().all(|section| section.blocks.is_empty() && section.path.is_empty())
        && plan.images.is_empty()
    {
        return Err(Note {
            weight: Weight::Doubtful,
            line: None,
            text: "skipped: it holds no text. What a script would put there cannot be read; name the part to read with `html.content` if it was missed".to_owned(),
        });
    }
    let named = pagefind::named(parsed.tree.root());
    let html = if shared.in_place {
        String::new()
    } else {
        sanitise::clean_page(&render::html(&content, &plan), &Arc::new(plan.all_ids()))
    };
    // A top heading that is the site's name, on every page, names no page; nor does one of several.
    let site = manual.around_title.name();
    let mut headings = blocks::top_headings(&content);
    headings.retain(|heading| Some(heading.as_str()) != site);
    let only = if headings.len() == 1 { headings.pop() } else { None };
    let title = Some(manual.around_title.strip(&facts.title)).filter(|title| !title.is_empty());
    let title = named
        .title
        .or(only)
        .or_else(|| title.map(str::to_owned))
        .or_else(|| headings.into_iter().next())
        .unwrap_or_else(|| url::readable_name(context.source));
    let own = place.cloned().unwrap_or_default();
    let place =
        (named.vendor.is_some() || named.product.is_some() || named.version.is_some()).then(|| Place {
            vendor: named.vendor.or(own.vendor),
            product: named.product.unwrap_or(own.product),
            version: named.version.unwrap_or(own.version),
        });
    notes.extend(plan.notes);
    Ok(Document {
        source: context.source.to_owned(),
        title,
        language: facts.language,
        pages: vec![Page { number: 1, sections, html, images: plan.images, ..Page::default() }],
        notes,
        canonical: facts.canonical,
        place,
        ..Document::default()
    })
}
