//! Which sections make one chunk: a page of a paged document; else a section, with tiny neighbours joined and overlong
//! ones taken in parts.

use super::{Sizes, Tokens, split};
use crate::document::{Block, Document, Section};

/// The sections of one chunk to be.
pub struct Draft {
    /// Index of the page.
    pub page: usize,
    /// Its sections, or the part of one. The first one's heading is the chunk's title and not part of its text, unless
    /// `first_heading` says so.
    pub sections: Vec<Section>,
    /// The first section's heading stands in the text: pages show all their headings.
    pub first_heading: bool,
    /// The page's pictures belong to this chunk.
    pub holds_images: bool,
}

/// The chunks to be of a document, in reading order.
pub fn drafts(document: &Document, sizes: &Sizes, tokens: &dyn Tokens) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (page, content) in document.pages.iter().enumerate() {
        if document.paged {
            if !content.sections.is_empty() || !content.images.is_empty() {
                drafts.push(Draft {
                    page,
                    sections: content.sections.clone(),
                    first_heading: true,
                    holds_images: true,
                });
            }
            continue;
        }
        let told = content.sections.iter().enumerate().filter(|(at, section)| {
            // A heading without text of its own is told by the path of what stands below it.
            let next = content.sections.get(at + 1);
            !(section.blocks.is_empty() && next.is_some_and(|next| is_below(next, section)))
        });
        let parts = told.flat_map(|(_, section)| parts(section, sizes, tokens)).collect();
        let mut joined = join(parts, sizes);
        if joined.is_empty() && !content.images.is_empty() {
            joined.push(Vec::new());
        }
        for sections in joined {
            // A heading that governs nothing is still found by its words.
            let first_heading = sections.iter().all(|section| section.blocks.is_empty());
            drafts.push(Draft { page, sections, first_heading, holds_images: false });
        }
    }
    // Where an unpaged document's pictures stand is known to its HTML only; the first chunk carries them all.
    if !document.paged
        && let Some(first) = drafts.first_mut()
    {
        first.holds_images = true;
    }
    drafts
}

struct Part {
    section: Section,
    tokens: usize,
}

/// The section itself, or parts of it of at most `sizes.chunk` tokens.
fn parts(section: &Section, sizes: &Sizes, tokens: &dyn Tokens) -> Vec<Part> {
    let mut parts = vec![Part { section: Section { blocks: Vec::new(), ..section.clone() }, tokens: 0 }];
    for block in &section.blocks {
        for block in split::block(block, sizes.chunk, tokens) {
            let size = split::block_tokens(&block, tokens);
            let full = parts.last().is_some_and(|part| part.tokens > 0 && part.tokens + size > sizes.chunk);
            if full {
                parts.push(Part { section: Section { blocks: Vec::new(), ..section.clone() }, tokens: 0 });
            }
            if let Some(part) = parts.last_mut() {
                part.section.blocks.push(block);
                part.tokens += size;
            }
        }
    }
    parts
}

/// Joins tiny sections to their neighbours under the same heading, up to the size of one passage.
fn join(parts: Vec<Part>, sizes: &Sizes) -> Vec<Vec<Section>> {
    let mut groups: Vec<(Vec<Section>, usize)> = Vec::new();
    let tiny = |tokens: usize| tokens < sizes.orphan;
    let mut last_tokens = 0;
    for part in parts {
        if let Some((group, tokens)) = groups.last_mut() {
            let head = &group[0];
            let same_part = head.anchor == part.section.anchor && head.path == part.section.path;
            let below = is_below(&part.section, head);
            let beside = part.section.path.len() == head.path.len()
                && !head.path.is_empty()
                && part.section.path[..head.path.len() - 1] == head.path[..head.path.len() - 1];
            let fits = *tokens + part.tokens <= sizes.most;
            let alike = head.contents == part.section.contents;
            if !same_part && (below || beside) && fits && alike && (tiny(part.tokens) || tiny(last_tokens)) {
                *tokens += part.tokens;
                last_tokens = part.tokens;
                group.push(part.section);
                continue;
            }
        }
        last_tokens = part.tokens;
        groups.push((vec![part.section], part.tokens));
    }
    groups.into_iter().map(|(sections, _)| sections).filter(|sections| !is_nothing(sections)).collect()
}

fn is_below(section: &Section, above: &Section) -> bool {
    section.path.len() > above.path.len() && section.path.starts_with(&above.path)
}

fn is_nothing(sections: &[Section]) -> bool {
    sections
        .iter()
        .all(|section| section.blocks.iter().all(is_empty) && (section.level == 0 || section.path.is_empty()))
}

fn is_empty(block: &Block) -> bool {
    match block {
        Block::Text(text) | Block::Code { text, .. } => text.trim().is_empty(),
        Block::Table { header, rows } => header.is_empty() && rows.is_empty(),
    }
}
