//! A long manual in several files. A browser has to read a page as a whole before a reader can jump in it, and 2,400
//! pages are 20 MB of HTML, so what is longer than [`PART_BYTES`] is cut between pages.
//!
//! ```text
//! guide/           the outline, the first pages, and a line for every other page: <a id="page-901" href="part-3/#page-901">
//! guide/part-2/    the pages that follow, with their part of the outline
//! guide/part-3/    …
//! ```
//!
//! Where the cuts are changes with the manual, so no permalink names a part: `guide/#page-901` and `guide/#a-heading`
//! stay the addresses, and the line that has the id leads on (`www/parts.js` follows it, a reader without scripts
//! clicks).

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::leaves::{leaf_id, printed_id};
use super::rebase::relink;
use crate::document::{Document, Page as Leaf};
use crate::texts::{Texts, fill};

/// Bytes of the pages' own HTML in one file: some 100 pages, which a phone lays out within a second.
const PART_BYTES: usize = 1 << 20;

/// Where a manual is cut.
pub(super) struct Parts<'a> {
    document: &'a Document,
    /// The first page of each part, as an index. Never empty; the first is 0.
    starts: Vec<usize>,
    /// Which part has an anchor; empty where there is one part.
    anchors: BTreeMap<&'a str, usize>,
}

impl<'a> Parts<'a> {
    /// The parts of a manual whose pages have these bodies. Without pages of its own a manual is one part.
    pub fn of(document: &'a Document, bodies: &[String]) -> Self {
        let mut parts = Self { document, starts: vec![0], anchors: BTreeMap::new() };
        let mut bytes = 0;
        for (at, body) in bodies.iter().enumerate() {
            if document.paged && bytes > 0 && bytes + body.len() > PART_BYTES {
                parts.starts.push(at);
                bytes = 0;
            }
            bytes += body.len();
        }
        if parts.starts.len() > 1 {
            for part in 0..parts.starts.len() {
                for section in parts.leaves(part).iter().flat_map(|leaf| &leaf.sections) {
                    parts.anchors.entry(&section.anchor).or_insert(part);
                }
            }
        }
        parts
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The pages of a part, as indexes.
    pub fn range(&self, part: usize) -> std::ops::Range<usize> {
        self.starts[part]..self.starts.get(part + 1).copied().unwrap_or(self.document.pages.len())
    }

    /// The pages of a part.
    pub fn leaves(&self, part: usize) -> &'a [Leaf] {
        &self.document.pages[self.range(part)]
    }

    /// What leads from the manual's address to a part's: `part-3/`, or nothing for the first.
    pub fn address(part: usize) -> String {
        if part == 0 { String::new() } else { format!("part-{}/", part + 1) }
    }

    /// What leads from the manual's address to a page: `part-3/#page-901`.
    pub fn place(&self, number: u32) -> String {
        let at = self.document.pages.partition_point(|leaf| leaf.number < number);
        let part = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        format!("{}#{}", Self::address(part), leaf_id(number))
    }

    /// What leads from the manual's address to a fragment of it.
    pub fn fragment(&self, fragment: &str) -> String {
        if let Some(number) = fragment.strip_prefix("page-").and_then(|number| number.parse().ok()) {
            return self.place(number);
        }
        let part = self.anchors.get(crate::url::decode(fragment).as_str()).copied().unwrap_or(0);
        format!("{}#{fragment}", Self::address(part))
    }

    /// The body of a page as it stands in a part: links lead into the part that has what they name.
    pub fn body(&self, part: usize, body: &str) -> String {
        let (own, up) = (Self::address(part), if part == 0 { "" } else { "../" });
        relink(body, up, |fragment| {
            let to = self.fragment(fragment);
            let elsewhere = !to.starts_with('#') || part > 0;
            let here = to.strip_prefix(own.as_str()).is_some_and(|rest| rest.starts_with('#'));
            (elsewhere && !here).then(|| format!("{up}{to}"))
        })
    }

    /// A line for each page that another file than the manual's own has. Its ids are those that the pages and headings
    /// would have here.
    pub fn rest(&self, texts: &Texts) -> Markup {
        let texts = &texts.pages.manual;
        let mut seen = BTreeSet::new();
        html! {
            @if self.count() > 1 {
                nav.parts aria-label=(texts.parts) {
                    @for part in 1..self.count() {
                        @let address = Self::address(part);
                        h2 { a href=(address) { (self.name(part, &texts.pages_from_to)) } }
                        ol {
                            @for leaf in self.leaves(part) { li { (Self::line(leaf, &address, &mut seen)) } }
                        }
                    }
                }
            }
        }
    }

    fn line(leaf: &Leaf, address: &str, seen: &mut BTreeSet<String>) -> Markup {
        let sections = leaf.sections.iter().filter(|section| section.level > 0 && !section.anchor.is_empty());
        let id = leaf_id(leaf.number);
        html! {
            a id=(id) href=(format!("{address}#{id}")) { (leaf.number) }
            @if let Some((id, label)) = printed_id(leaf).filter(|(id, _)| !id.is_empty() && seen.insert(id.clone())) {
                " " a id=(id) href=(format!("{address}#{id}")) { "(" (label) ")" }
            }
            @for section in sections {
                " " a id=(section.anchor) href=(format!("{address}#{}", section.anchor)) {
                    (section.path.last().map_or("", String::as_str))
                }
            }
        }
    }

    /// The first and the last page of a part, said with a text that has places for them.
    pub fn name(&self, part: usize, text: &str) -> String {
        let leaves = self.leaves(part);
        let number = |leaf: Option<&Leaf>| leaf.map_or(0, |leaf| leaf.number);
        let (from, to) = (number(leaves.first()), number(leaves.last()));
        fill(text, &[("from", &from), ("to", &to), ("title", &self.document.title)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Section;

    fn document(pages: u32) -> Document {
        let leaf = |number| Leaf {
            number,
            sections: vec![Section { anchor: format!("s-{number}"), level: 1, ..Section::default() }],
            ..Leaf::default()
        };
        Document {
            paged: true,
            title: "Guide".into(),
            pages: (1..=pages).map(leaf).collect(),
            ..Document::default()
        }
    }

    #[test]
    fn a_manual_is_cut_between_pages_and_no_part_is_too_long() {
        let document = document(10);
        let body = "x".repeat(PART_BYTES / 3);
        let parts = Parts::of(&document, &vec![body; 10]);
        assert_eq!(
            (0..parts.count()).map(|part| parts.range(part)).collect::<Vec<_>>(),
            [0..3, 3..6, 6..9, 9..10]
        );
        assert_eq!(parts.place(3), "#page-3");
        assert_eq!(parts.place(4), "part-2/#page-4");
        assert_eq!(parts.place(10), "part-4/#page-10");
        assert_eq!(parts.name(1, "{title}: {from} to {to}"), "Guide: 4 to 6");
    }

    #[test]
    fn a_short_one_and_one_without_pages_are_whole() {
        let mut document = document(3);
        assert_eq!(Parts::of(&document, &vec!["x".into(); 3]).count(), 1);
        document.paged = false;
        assert_eq!(Parts::of(&document, &vec!["x".repeat(PART_BYTES); 3]).count(), 1);
    }

    #[test]
    fn a_page_longer_than_a_part_is_a_part() {
        let document = document(3);
        let bodies = [1, PART_BYTES * 2, 1].map(|bytes| "x".repeat(bytes));
        assert_eq!(Parts::of(&document, &bodies).count(), 3);
    }

    #[test]
    fn links_lead_into_the_part_that_has_what_they_name() {
        let document = document(3);
        let parts = Parts::of(&document, &vec!["x".repeat(PART_BYTES); 3]);
        let html = "<a href=\"#page-2\"></a><a href=\"#s-1\"></a><a href=\"#s-3\"></a><img src=\"../m.png\">";
        assert_eq!(
            parts.body(0, html),
            "<a href=\"part-2/#page-2\"></a><a href=\"#s-1\"></a><a href=\"part-3/#s-3\"></a><img src=\"../m.png\">"
        );
        assert_eq!(
            parts.body(1, html),
            "<a href=\"#page-2\"></a><a href=\"../#s-1\"></a><a href=\"../part-3/#s-3\"></a><img src=\"../../m.png\">"
        );
    }

    #[test]
    fn every_address_that_the_whole_had_leads_on() {
        let document = document(3);
        let parts = Parts::of(&document, &vec!["x".repeat(PART_BYTES); 3]);
        let rest = parts.rest(&Texts::of("en").unwrap()).0;
        for wanted in
            ["id=\"page-2\" href=\"part-2/#page-2\"", "id=\"s-3\" href=\"part-3/#s-3\"", "Pages 3 to 3"]
        {
            assert!(rest.contains(wanted), "{rest}");
        }
        assert!(!rest.contains("page-1\""), "{rest}");
    }
}
