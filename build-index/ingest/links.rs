//! Links and pictures of a document: relative ones are resolved inside the library, and what leads nowhere is told.

use super::Context;
use super::sanitise::has_scheme;
use crate::document::{Image, Note, Weight};
use crate::url;

/// What becomes of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// Points here; to another document or picture of the library, or within this one.
    Inside(String),
    /// Points to another site.
    Outside(String),
    /// Points nowhere: its text stays.
    Gone,
}

/// What becomes of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picture {
    /// Is shown, from this address.
    Shown(Image, String),
    /// Is on another site; nothing is fetched, a link is left.
    Outside(String),
    /// Cannot be shown: its alternative text stays.
    Gone,
}

/// Resolves the links of one document and collects what was doubtful about them.
pub struct Resolver<'a> {
    context: Context<'a>,
    /// What was met, in order.
    pub notes: Vec<Note>,
}

impl<'a> Resolver<'a> {
    /// A resolver for the document of `context`.
    pub fn new(context: Context<'a>) -> Self {
        Self { context, notes: Vec::new() }
    }

    /// What becomes of a link to `address`, met on `line` (0: not known).
    pub fn link(&mut self, address: &str, line: u32) -> Link {
        let address = address.trim();
        if address.starts_with('#') {
            return Link::Inside(address.to_owned());
        }
        if has_scheme(address) {
            return Link::Outside(address.to_owned());
        }
        let Some(tree) = self.context.tree else { return Link::Gone };
        let (path, fragment) = split(address);
        if path.is_empty() {
            return Link::Inside(if fragment.is_empty() { "./".to_owned() } else { format!("#{fragment}") });
        }
        let path = url::decode(path);
        let candidates = self.candidates(&path);
        if candidates.is_empty() {
            self.doubt(line, format!("the link to \"{address}\" leads out of {}", self.place()));
            return Link::Gone;
        }
        for candidate in &candidates {
            if let Some(file) = tree.find(candidate) {
                let mut href = url::relative(self.context.url, &file.url);
                if !fragment.is_empty() {
                    href.push('#');
                    href.push_str(fragment);
                }
                return Link::Inside(href);
            }
            if let Some(Ok(picture)) = self.context.media.and_then(|media| media.picture(candidate)) {
                return Link::Inside(url::relative(self.context.url, &picture.url));
            }
        }
        let known = candidates.iter().any(|candidate| tree.has_asset(candidate));
        if known && self.in_place() {
            return Link::Outside(address.to_owned());
        }
        let why = if known { "leads to a file that is no document of" } else { "leads to no file of" };
        self.doubt(line, format!("the link to \"{address}\" {why} {}", self.place()));
        Link::Gone
    }

    /// What becomes of a picture at `address`, met on `line`.
    pub fn picture(&mut self, address: &str, alt: &str, line: u32) -> Picture {
        let address = address.trim();
        if has_scheme(address) {
            return if address.starts_with("http") || address.starts_with("//") {
                Picture::Outside(address.to_owned())
            } else {
                self.doubt(
                    line,
                    "a picture written into the text itself (data:) is not shown; save it as a file"
                        .to_owned(),
                );
                Picture::Gone
            };
        }
        let Some(media) = self.context.media else { return Picture::Gone };
        let candidates = self.candidates(&url::decode(split(address).0));
        if candidates.is_empty() && !address.is_empty() {
            self.doubt(line, format!("the picture \"{address}\" leads out of the library; it is not shown"));
            return Picture::Gone;
        }
        for source in candidates {
            match media.picture(&source) {
                Some(Ok(picture)) => {
                    let shown = url::relative(self.context.url, &picture.url);
                    return Picture::Shown(Image { source, alt: alt.to_owned(), size: picture.size }, shown);
                }
                Some(Err(fault)) => {
                    self.doubt(line, fault.to_owned());
                    return Picture::Gone;
                }
                None => {}
            }
        }
        self.doubt(line, format!("the picture \"{address}\" is not in the library; it is not shown"));
        Picture::Gone
    }

    /// Whether the page stays the owner's, who sees it as it is.
    fn in_place(&self) -> bool {
        self.context.pages.is_some_and(|pages| pages.in_place)
    }

    /// The end of a sentence about a link that leads nowhere.
    fn place(&self) -> &'static str {
        if self.in_place() { "this site" } else { "the library; it is left as text" }
    }

    fn doubt(&mut self, line: u32, text: String) {
        self.notes.push(Note { weight: Weight::Doubtful, line: Some(line).filter(|line| *line > 0), text });
    }

    /// Paths below the root that a link's path may mean, best first. Empty: it leads out of the root.
    ///
    /// A relative path starts at the file's folder; generators that give each file a folder of its own (Hugo) start
    /// there instead. An absolute one starts at the root of whatever site the manual was written for, so its end is
    /// looked for below the version, the product, and the library.
    fn candidates(&self, path: &str) -> Vec<String> {
        let source: Vec<&str> = self.context.source.split('/').collect();
        let folder = &source[..source.len() - 1];
        let mut found: Vec<String> = Vec::new();
        if let Some(path) = path.strip_prefix('/') {
            let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
            // Nothing skipped first: `/a/b` is `a/b` somewhere before it is `b` anywhere.
            for skipped in
                (0..parts.len()).filter(|skipped| *skipped == 0 || is_prefix(parts[*skipped - 1], folder))
            {
                for depth in (0..=folder.len()).rev() {
                    found.extend(url::follow(&folder[..depth], &parts[skipped..].join("/")));
                }
            }
        } else {
            found.extend(url::follow(folder, path));
            let page = url::components(self.context.source);
            found.extend(url::follow(&page, path));
        }
        found
    }
}

/// Whether a folder of an absolute link may end what only the manual's own site knows: `/docs/v3.6/setup` is `setup`
/// where the document stands below `v3.6`, and `/windows/terminal/setup` is not, where it stands below `wsl`.
fn is_prefix(part: &str, folder: &[&str]) -> bool {
    let moving = ["docs", "doc", "documentation", "latest", "current", "stable"];
    moving.contains(&part) || folder.iter().any(|own| own.eq_ignore_ascii_case(part))
}

/// Path and fragment of an address; its query means nothing to a static site.
fn split(address: &str) -> (&str, &str) {
    let (path, fragment) = address.split_once('#').unwrap_or((address, ""));
    (path.split('?').next().unwrap_or(path), fragment)
}
