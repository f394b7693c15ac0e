//! Ids that survive edits: which chunk of the new document is which of the old?
//!
//! A chunk's id ends with its place in the document when it was first published. On a rebuild the chunks of a document are
//! compared with those that the site before had, and every one that is recognised keeps its number, wherever it
//! stands now:
//!
//! ```text
//! 1. the same text                      a moved or untouched chunk
//! 2. the same heading path              an edited section
//! 3. the same page                      an edited page
//! ```
//!
//! Of several that are alike the first goes with the first. A chunk that is not recognised gets a number that none ever
//! had, so an id never comes to mean something else. What is left of the old chunks is gone: its id leads to a chunk under
//! the same headings, else on the same page, else to the one that stood before it. A document under a new name is
//! recognised by its source, else by half of its chunks.
//!
//! Without a site before, numbers are places, so that a build from scratch depends on nothing but the library.

use std::collections::{BTreeMap, BTreeSet};

use mcdewey_format::registry::{Gone, KnownChunk, KnownDocument, Registry};
use xxhash_rust::xxh3::xxh3_64;

use crate::chunk::Chunk;
use crate::library::Entry;

/// Gives every chunk its number, and notes what the next build needs to know, a document for each entry. `before` is the
/// registry of the site before.
pub fn number(entries: &mut [Entry], before: Option<&Registry>) -> Registry {
    let empty = Registry::default();
    let before = before.unwrap_or(&empty);
    // A document without chunks has no ids to keep.
    let named = || before.documents.iter().filter(|document| !document.stem.is_empty());
    let known: BTreeMap<&str, &KnownDocument> =
        named().map(|document| (document.stem.as_str(), document)).collect();
    let stems: BTreeSet<String> = entries.iter().map(|entry| entry.stem().to_owned()).collect();
    let mut lost: Vec<&KnownDocument> = named().filter(|document| !stems.contains(&document.stem)).collect();
    let mut documents = Vec::with_capacity(entries.len());
    for entry in entries {
        let stem = entry.stem().to_owned();
        let renamed = || find_renamed(entry, &lost).map(|at| lost.remove(at));
        let old = known.get(stem.as_str()).copied().or_else(renamed);
        documents.push(number_document(entry, &stem, old));
    }
    Registry { documents }
}

/// Which of the documents that lost their name is this one.
fn find_renamed(entry: &Entry, lost: &[&KnownDocument]) -> Option<usize> {
    if lost.is_empty() || entry.chunks.is_empty() {
        return None;
    }
    let by_source = lost.iter().position(|document| document.source == entry.source_hash);
    by_source.or_else(|| {
        let texts: BTreeSet<u32> = entry.chunks.iter().map(|chunk| short_hash(&[&chunk.text])).collect();
        lost.iter().position(|document| {
            let common = document.chunks.iter().filter(|chunk| texts.contains(&chunk.text)).count();
            common > 0 && common * 2 >= document.chunks.len().max(entry.chunks.len())
        })
    })
}

fn number_document(entry: &mut Entry, stem: &str, old: Option<&KnownDocument>) -> KnownDocument {
    let mut new: Vec<KnownChunk> = entry.chunks.iter().map(known_chunk).collect();
    let mut document = KnownDocument {
        stem: stem.to_owned(),
        url: entry.url.clone(),
        source: entry.source_hash,
        next: new.len() as u32,
        ..KnownDocument::default()
    };
    if let Some(old) = old {
        let pairs = recognise(&old.chunks, &new);
        document.next = old.next;
        for (chunk, old_place) in new.iter_mut().zip(&pairs) {
            chunk.number = match old_place {
                Some(place) => old.chunks[*place].number,
                None => {
                    document.next += 1;
                    document.next - 1
                }
            };
        }
        document.gone = gone(old, &new, &pairs);
        document.formerly.clone_from(&old.formerly);
        if old.stem != document.stem {
            document.formerly.push((old.stem.clone(), old.url.clone()));
        }
        document.formerly.retain(|(stem, _)| *stem != document.stem);
    }
    for (chunk, known) in entry.chunks.iter_mut().zip(&new) {
        chunk.number = known.number;
        chunk.id = format!("{stem}::{}", known.number);
    }
    entry.gone = document
        .gone
        .iter()
        .filter(|gone| gone.to != gone.number)
        .map(|gone| (gone.number, gone.to))
        .collect();
    entry.gone.dedup();
    document.chunks = new;
    document
}

fn known_chunk(chunk: &Chunk) -> KnownChunk {
    let headings: Vec<&str> = chunk.headings.iter().map(String::as_str).collect();
    KnownChunk {
        number: chunk.ordinal,
        text: short_hash(&[&chunk.text]),
        headings: short_hash(&headings),
        page: chunk.page.unwrap_or(0),
        anchor: chunk.anchor.clone(),
    }
}

fn short_hash(parts: &[&str]) -> u32 {
    xxh3_64(parts.join("\0").as_bytes()) as u32
}

/// For each new chunk, the place of the old one that it is.
fn recognise(old: &[KnownChunk], new: &[KnownChunk]) -> Vec<Option<usize>> {
    type Sign = fn(&KnownChunk) -> Option<u32>;
    let none = short_hash(&[]);
    let mut pairs: Vec<Option<usize>> = vec![None; new.len()];
    let mut taken = vec![false; old.len()];
    let signs: [Sign; 3] = [
        |chunk| Some(chunk.text),
        |chunk| Some(chunk.headings),
        |chunk| Some(chunk.page).filter(|&page| page > 0),
    ];
    for (round, sign) in signs.into_iter().enumerate() {
        let mut open: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for place in (0..old.len()).rev().filter(|&place| !taken[place]) {
            if let Some(sign) = sign(&old[place]) {
                open.entry(sign).or_default().push(place);
            }
        }
        for (pair, chunk) in pairs.iter_mut().zip(new).filter(|(pair, _)| pair.is_none()) {
            // No headings are no resemblance.
            let sign = sign(chunk).filter(|&sign| round != 1 || sign != none);
            *pair = sign.and_then(|sign| open.get_mut(&sign)?.pop());
            if let Some(place) = *pair {
                taken[place] = true;
            }
        }
    }
    pairs
}

/// Ids and anchors of the old document that the new one has no more, each with the chunk to read instead.
fn gone(old: &KnownDocument, new: &[KnownChunk], pairs: &[Option<usize>]) -> Vec<Gone> {
    let Some(first) = new.first() else { return Vec::new() };
    let anchors: BTreeSet<&str> = new.iter().map(|chunk| chunk.anchor.as_str()).collect();
    let now: BTreeMap<usize, &KnownChunk> =
        pairs.iter().zip(new).filter_map(|(place, chunk)| Some(((*place)?, chunk))).collect();
    // Where each number of the old document is read now, by its place in the old reading order.
    let mut reads: BTreeMap<u32, u32> = BTreeMap::new();
    let mut out: BTreeSet<Gone> = BTreeSet::new();
    let mut before = first.number;
    for (place, chunk) in old.chunks.iter().enumerate() {
        let successor = || {
            let alike =
                |other: &&KnownChunk| other.headings == chunk.headings && chunk.headings != short_hash(&[]);
            let on_page = |other: &&KnownChunk| chunk.page > 0 && other.page == chunk.page;
            new.iter().find(alike).or_else(|| new.iter().find(on_page)).map_or(before, |other| other.number)
        };
        let to = now.get(&place).map_or_else(successor, |chunk| chunk.number);
        reads.insert(chunk.number, to);
        before = to;
        let anchor_lost = !chunk.anchor.is_empty() && !anchors.contains(chunk.anchor.as_str());
        if to != chunk.number || anchor_lost {
            let anchor = if anchor_lost { chunk.anchor.clone() } else { String::new() };
            out.insert(Gone { number: chunk.number, anchor, to });
        }
    }
    for gone in &old.gone {
        let to = reads.get(&gone.to).copied().unwrap_or(first.number);
        let anchor = if anchors.contains(gone.anchor.as_str()) { String::new() } else { gone.anchor.clone() };
        if to != gone.number || !anchor.is_empty() {
            out.insert(Gone { number: gone.number, anchor, to });
        }
    }
    out.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document of sections, each `heading: text`.
    fn entry(name: &str, sections: &[&str]) -> Entry {
        let chunk = |(ordinal, section): (usize, &&str)| {
            let (heading, text) = section.split_once(": ").unwrap();
            Chunk {
                id: format!("{name}::{ordinal}"),
                ordinal: ordinal as u32,
                number: ordinal as u32,
                headings: vec!["Guide".into(), heading.into()],
                anchor: heading.to_lowercase(),
                text: text.into(),
                ..Chunk::default()
            }
        };
        Entry {
            url: format!("{name}/"),
            source_hash: xxh3_64(sections.join("\n").as_bytes()),
            chunks: sections.iter().enumerate().map(chunk).collect(),
            ..Entry::default()
        }
    }

    fn ids(entry: &Entry) -> Vec<&str> {
        entry.chunks.iter().map(|chunk| chunk.id.as_str()).collect()
    }

    fn gone(registry: &Registry) -> Vec<(u32, &str, u32)> {
        registry.documents[0].gone.iter().map(|gone| (gone.number, gone.anchor.as_str(), gone.to)).collect()
    }

    #[test]
    fn chunks_keep_their_ids_through_edits() {
        let mut first = [entry("g", &["Setup: one", "Use: two", "Care: three"])];
        let one = number(&mut first, None);
        assert_eq!(ids(&first[0]), ["g::0", "g::1", "g::2"]);
        // Moved, edited, new.
        let mut second = [entry("g", &["News: zero", "Care: three", "Setup: one", "Use: two and a half"])];
        let two = number(&mut second, Some(&one));
        assert_eq!(ids(&second[0]), ["g::3", "g::2", "g::0", "g::1"]);
        assert_eq!(gone(&two), []);
        // Nothing changed: nothing moves.
        let mut third = second.clone();
        assert_eq!(number(&mut third, Some(&two)), two);
        assert_eq!(third, second);
    }

    #[test]
    fn what_is_gone_leads_on_and_on() {
        let one = number(&mut [entry("g", &["Setup: one", "Use: two", "Care: three"])], None);
        // Renamed: the text tells; removed: the one before takes over.
        let mut second = [entry("g", &["Setup: one", "Usage: two"])];
        let two = number(&mut second, Some(&one));
        assert_eq!(ids(&second[0]), ["g::0", "g::1"]);
        assert_eq!(gone(&two), [(1, "use", 1), (2, "care", 1)]);
        let mut third = [entry("g", &["Setup: one", "New: four"])];
        let three = number(&mut third, Some(&two));
        assert_eq!(ids(&third[0]), ["g::0", "g::3"], "a number is never used twice");
        assert_eq!(gone(&three), [(1, "usage", 0), (1, "use", 0), (2, "care", 0)]);
        let mut fourth = [entry("g", &["Setup: one", "Care: three"])];
        let four = number(&mut fourth, Some(&three));
        assert_eq!(ids(&fourth[0]), ["g::0", "g::4"]);
        assert_eq!(gone(&four), [(1, "usage", 0), (1, "use", 0), (2, "", 0), (3, "new", 0)]);
    }

    #[test]
    fn a_renamed_document_is_recognised() {
        let sections = ["Setup: one", "Use: two", "Care: three"];
        let one = number(&mut [entry("old", &sections)], None);
        let mut edited = [entry("new", &["Intro: zero", "Setup: one", "Use: two"])];
        let two = number(&mut edited, Some(&one));
        assert_eq!(ids(&edited[0]), ["new::3", "new::0", "new::1"]);
        assert_eq!(two.documents[0].formerly, [("old".to_owned(), "old/".to_owned())]);
        let mut other = [entry("other", &["A: x", "B: y"])];
        let other = number(&mut other, Some(&one));
        assert!(other.documents[0].formerly.is_empty());
    }
}
