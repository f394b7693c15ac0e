//! A manual as Markdown, for readers that want text and no page around it: language models, and people who quote.
//!
//! ```text
//! Document ─┬─► guide/index.md              the whole manual
//!           ├─► guide/page-128/index.md     one page
//!           └─► v2/llms-full.txt            every manual of a version
//! ```
//!
//! It is written from what was read (headings, paragraphs, code, tables) and not copied from the source, so that a PDF
//! has it too.

use std::fmt::Write as _;

use super::layout::absolute;
use super::shelves::{Product, Shelves, Version};
use super::{Manual, Put, Site, SiteFile};
use crate::document::{Block, Page as Leaf};
use crate::url;

/// The Markdown of a page at an address, below the site's root.
pub(super) fn path(url: &str) -> String {
    format!("{url}index.md")
}

/// The whole text of a version, below the site's root.
pub(super) fn full_path(version: &Version<'_>) -> String {
    format!("{}llms-full.txt", version.url)
}

/// The file with a manual's Markdown.
pub(super) fn file(site: &Site<'_>, manual: &Manual<'_>) -> SiteFile {
    SiteFile::new(url::decode(&path(manual.url)), whole(site, manual))
}

/// One file a version, with all that its manuals say.
pub(super) fn full(site: &Site<'_>, shelves: &Shelves<'_>, put: Put<'_>) -> Result<(), String> {
    for (_, product) in shelves.products() {
        for version in &product.versions {
            put(SiteFile::new(url::decode(&full_path(version)), text_of(site, product, version)?))?;
        }
    }
    Ok(())
}

fn text_of(site: &Site<'_>, product: &Product<'_>, version: &Version<'_>) -> Result<String, String> {
    let mut text = format!("# {}\n", format!("{} {}", product.name, version.name).trim_end());
    for &at in &version.manuals {
        text.push_str("\n---\n\n");
        let document = &*site.whole(at)?;
        text.push_str(&whole(site, &Manual { document, ..site.manuals[at] }));
    }
    Ok(text)
}

/// A manual: its title, where it is from, and its pages.
fn whole(site: &Site<'_>, manual: &Manual<'_>) -> String {
    let document = manual.document;
    let mut text = format!("# {}\n\n", one_line(&document.title));
    origin(&mut text, site, manual, manual.url);
    for leaf in &document.pages {
        if document.paged {
            let _ = write!(text, "\n<!-- page {} -->\n", leaf.number);
        }
        sections(&mut text, leaf, Some(&document.title));
    }
    text
}

/// One page of a manual, at an address.
pub(super) fn page(site: &Site<'_>, manual: &Manual<'_>, leaf: &Leaf, url: &str) -> String {
    let mut text = format!("# {}, page {}\n\n", one_line(&manual.document.title), leaf.number);
    origin(&mut text, site, manual, url);
    sections(&mut text, leaf, None);
    text
}

fn origin(text: &mut String, site: &Site<'_>, manual: &Manual<'_>, url: &str) {
    let place = [manual.vendor.unwrap_or_default(), manual.product, manual.version];
    let place: Vec<_> = place.into_iter().filter(|name| !name.is_empty()).collect();
    let _ = writeln!(text, "> {} · source: `{}`", place.join(" "), manual.document.source);
    if let Some(public) = site.public_url {
        let _ = writeln!(text, "> {}", absolute(public, url));
    }
}

/// What a page says. `title`: a heading that was said already, if the document opens with it.
fn sections(text: &mut String, leaf: &Leaf, title: Option<&str>) {
    for section in &leaf.sections {
        if let Some(heading) = section.path.last().filter(|_| section.level > 0)
            && !(section.level == 1 && title == Some(heading.as_str()))
        {
            let _ =
                write!(text, "\n{} {}\n", "#".repeat(section.level.clamp(1, 6).into()), one_line(heading));
        }
        for block in &section.blocks {
            text.push('\n');
            write_block(text, block);
        }
    }
}

fn write_block(text: &mut String, block: &Block) {
    match block {
        Block::Text(words) => {
            text.push_str(words.trim());
            text.push('\n');
        }
        Block::Code { language, text: code } => {
            let fence = "`".repeat(longest_run(code, '`').max(2) + 1);
            let _ = write!(text, "{fence}{}\n{}\n{fence}\n", one_line(language), code.trim_end_matches('\n'));
        }
        Block::Table { header, rows } => {
            let columns = rows.iter().map(Vec::len).max().unwrap_or(0).max(header.len());
            row(text, header, columns);
            let _ = writeln!(text, "|{}", " --- |".repeat(columns));
            for cells in rows {
                row(text, cells, columns);
            }
        }
    }
}

fn row(text: &mut String, cells: &[String], columns: usize) {
    text.push('|');
    for at in 0..columns {
        let cell = cells.get(at).map(|cell| one_line(cell).replace('|', "\\|")).unwrap_or_default();
        let _ = write!(text, " {cell} |");
    }
    text.push('\n');
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cannot_break_out_of_their_frames() {
        let mut text = String::new();
        write_block(&mut text, &Block::Code { language: "md".into(), text: "a\n```\nb".into() });
        assert_eq!(text, "````md\na\n```\nb\n````\n");
        text.clear();
        let table = Block::Table { header: vec!["a|b".into()], rows: vec![vec!["1\n2".into(), "3".into()]] };
        write_block(&mut text, &table);
        assert_eq!(text, "| a\\|b |  |\n| --- | --- |\n| 1 2 | 3 |\n");
    }
}
