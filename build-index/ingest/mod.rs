//! Bytes → [`Document`], for every kind of source, never a panic.
//!
//! ```text
//! bytes ──decode──► text ──front matter, MDX, shortcodes, admonitions, page markers──► Markdown ──comrak──► tree
//!                                                                            ┌──────────────────────────────┤
//!                              sections and blocks (what is indexed) ◄───────┘      HTML, sanitised ◄────────┘
//! ```
//!
//! A reader runs on its own thread with a deep stack: text nested a hundred thousand levels deep is bad input, not a
//! reason to bring the build down. What cannot be read is told by a [`Note`]; the other documents are still read.

pub mod decode;
pub mod html;
pub mod links;
pub mod markdown;
pub mod pdf;
pub mod sanitise;

mod attributes;
mod contents;
mod markup;
mod slug;
mod tags;

use std::thread;

use crate::document::{Document, Note, Weight};
use crate::media::Media;
use crate::tree::{Kind, Tree};

pub use markdown::page_marker::Forms;
pub use slug::Anchors;

/// Largest Markdown file that is read. A manual of 5,000 pages has about 15 MB of text; what is larger is a
/// log or a dump, and its tree would need some twenty times its size in memory.
pub const LARGEST_TEXT_BYTES: u64 = 64 << 20;

/// Largest HTML file that is read: its tree takes some ten times its size. A manual of 2,000 pages on one page has about
/// 15 MB.
pub const LARGEST_HTML_BYTES: u64 = 32 << 20;

/// Stack of a reader's thread. The parsers recurse a few hundred bytes a level, and a file within the limit above
/// can nest lists about 8,000 levels deep. The memory is only reserved, not used, for ordinary documents.
const STACK_BYTES: usize = 256 << 20;

/// What a reader knows about the file it reads.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Path below the library's root, as the document is cited.
    pub source: &'a str,
    /// Its page below the site's root.
    pub url: &'a str,
    /// The library it stands in, for links; none for a text that stands alone.
    pub tree: Option<&'a Tree>,
    /// The library's pictures.
    pub media: Option<&'a Media<'a>>,
    /// Which lines are page markers.
    pub page_forms: &'a Forms,
    /// What the library's HTML pages have in common.
    pub pages: Option<&'a html::Shared>,
}

/// Reads one file.
///
/// # Errors
/// The note that says why there is no document.
pub fn read(kind: Kind, bytes: &[u8], context: Context<'_>) -> Result<Document, Note> {
    match kind {
        Kind::Markdown | Kind::Mdx => on_deep_stack(|| read_markdown(kind == Kind::Mdx, bytes, context)),
        Kind::Html => on_deep_stack(|| read_html(bytes, context)),
        Kind::Pdf => {
            check_size(kind, bytes.len() as u64)?;
            on_deep_stack(|| pdf::read(bytes.to_vec(), context.source, None))
        }
        Kind::Unknown => {
            let what = context.source.rsplit_once('.').map_or("", |(_, extension)| extension);
            Err(lost(format!(
                "not read yet: {what} files; convert it to Markdown, or exclude it in mcdewey.toml"
            )))
        }
    }
}

/// Whether a file of this many bytes is read at all; asked before it is loaded.
///
/// # Errors
/// The note that says why not.
pub fn check_size(kind: Kind, bytes: u64) -> Result<(), Note> {
    if kind == Kind::Pdf {
        return pdf::check_size(bytes);
    }
    let most = if kind == Kind::Html { LARGEST_HTML_BYTES } else { LARGEST_TEXT_BYTES };
    if bytes > most {
        return Err(lost(format!(
            "not read: it has {} MB and {} MB is the most that is read; split it into chapters",
            bytes.div_ceil(1 << 20),
            most >> 20
        )));
    }
    Ok(())
}

fn read_markdown(mdx: bool, bytes: &[u8], context: Context<'_>) -> Result<Document, Note> {
    check_size(Kind::Markdown, bytes.len() as u64)?;
    let (text, note) = decode::text(bytes);
    if text.trim().is_empty() {
        return Err(empty());
    }
    let mut document = markdown::read(&text, mdx, context);
    document.notes.splice(0..0, note);
    Ok(document)
}

fn read_html(bytes: &[u8], context: Context<'_>) -> Result<Document, Note> {
    check_size(Kind::Html, bytes.len() as u64)?;
    if bytes.trim_ascii().is_empty() { Err(empty()) } else { html::read(bytes, context) }
}

/// Runs `read` with a deep stack, and turns a panic into a note.
fn on_deep_stack<F>(read: F) -> Result<Document, Note>
where
    F: FnOnce() -> Result<Document, Note> + Send,
{
    thread::scope(|scope| {
        let reader = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, read);
        match reader.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(lost(
                "not read: the reader failed on it. This is a fault of McDewey; please report it with the file".to_owned(),
            )),
            Err(error) => Err(lost(format!("not read: no thread could be started for it: {error}"))),
        }
    })
}

fn empty() -> Note {
    Note { weight: Weight::Doubtful, line: None, text: "skipped: the file is empty".to_owned() }
}

fn lost(text: String) -> Note {
    Note { weight: Weight::Lost, line: None, text }
}

#[cfg(test)]
#[expect(clippy::use_debug, reason = "a golden dump is read by whoever works on a reader")]
mod golden;
#[cfg(test)]
mod tests;
