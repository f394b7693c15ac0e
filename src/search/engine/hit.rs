//! A ranked chunk as it is answered: where it stands, the part that shows why, and how its score came about.

use std::ops::Range;

use mcdewey_format::Kind;
use mcdewey_format::fragment::{DocumentRef, Edition as Stored, StoredChunk};

use super::scope::is_document;
use super::{Part, Search};
use crate::answer::{Edition, Explain, Hit};
use crate::fuse::Ranked;
use crate::lexical::Lexical;
use crate::nearest::Nearest;
use crate::snippet::snippet;

impl Search<'_> {
    /// The hit; `None` where the fragment with its text did not arrive.
    pub(super) fn hit(
        &self,
        ranked: &Ranked,
        worth: f32,
        lexical: &Lexical<'_>,
        meaning: Option<&[Option<Nearest>]>,
    ) -> Option<Hit> {
        let (n, place) = self.boot.fragment_of(ranked.chunk)?;
        let Part::Fragment(fragment) = self.engine.part(Kind::Fragment, self.boot.fragments.get(n)?.1)?
        else {
            return None;
        };
        let (chunk, editions) = fragment.chunk(place)?;
        let editions: Vec<(&Stored, &DocumentRef)> = editions.collect();
        let shown = editions.iter().position(|(_, document)| self.is_asked_for(document)).unwrap_or(0);
        let &(edition, document) = editions.get(shown)?;
        let scope = self.boot.scopes.get(document.scope as usize)?;

        let near = meaning.and_then(|all| all.get(ranked.chunk as usize).copied().flatten());
        let closest = near.map(|near| passage_range(&chunk.passages, near.passage, chunk.text.len()));
        let prefix = self.query.prefix.as_ref().map(|prefix| prefix.letters.as_str());
        let part = snippet(
            &chunk.text,
            &lexical.terms_of(ranked.chunk),
            prefix,
            closest,
            &self.query.typed_words(&self.request.query),
        );
        let mut matched_by: Vec<&'static str> =
            lexical.fields_of(ranked.chunk).into_iter().map(|field| field.name()).collect();
        if ranked.meaning > ranked.words {
            matched_by.insert(0, "meaning");
        } else if ranked.meaning > 0.0 {
            matched_by.push("meaning");
        }
        if ranked.spelled > 0.0 {
            matched_by.insert(0, "exact symbol");
        }
        let levels = [&scope.vendor, &scope.product, &scope.version, &document.title];
        let mut breadcrumb: Vec<String> =
            levels.into_iter().filter(|level| !level.is_empty()).cloned().collect();
        breadcrumb.extend(chunk.headings.iter().filter(|&heading| *heading != document.title).cloned());
        let others = editions.iter().enumerate().filter(|&(n, _)| n != shown);
        Some(Hit {
            chunk_id: chunk_id(edition, document),
            url: url(edition, document),
            title: title(chunk, edition, document),
            breadcrumb,
            document: document.title.clone(),
            source: document.source.clone(),
            product: scope.product.clone(),
            version: scope.version.clone(),
            page: edition.page,
            page_label: edition.page_label.clone(),
            also_in: others.filter_map(|(_, &(edition, document))| self.edition(edition, document)).collect(),
            nearly_in: self.nearly_in(ranked.chunk),
            score: ranked.score,
            worth,
            snippet: part.text,
            marks: part.marks,
            matched_by,
            explain: self.request.explain.then(|| explain(ranked, lexical, near)),
        })
    }

    /// Whether the request asks about this document.
    fn is_asked_for(&self, document: &DocumentRef) -> bool {
        let names = [document.source.as_str(), &document.stem, &document.url];
        self.filter.has(document.scope) && self.document().is_none_or(|name| is_document(name, names))
    }

    fn edition(&self, edition: &Stored, document: &DocumentRef) -> Option<Edition> {
        let scope = self.boot.scopes.get(document.scope as usize)?;
        Some(Edition {
            version: scope.version.clone(),
            chunk_id: chunk_id(edition, document),
            url: url(edition, document),
            page: edition.page,
        })
    }

    /// Versions in which a chunk of its kin stands.
    fn nearly_in(&self, chunk: u32) -> Vec<String> {
        let kin = self.boot.kin();
        let first = kin.iter().find(|&&(known, _)| known == chunk).map_or(chunk, |&(_, first)| first);
        let others = kin.iter().filter(|&&(_, of)| of == first).map(|&(other, _)| other).chain([first]);
        let scopes = others.filter(|&other| other != chunk).flat_map(|other| self.boot.scopes_of(other));
        let mut scopes: Vec<u32> = scopes.copied().collect();
        scopes.sort_unstable();
        scopes.iter().filter_map(|&n| Some(self.boot.scopes.get(n as usize)?.version.clone())).collect()
    }
}

/// The nearest heading, else the page, else the document.
fn title(chunk: &StoredChunk, edition: &Stored, document: &DocumentRef) -> String {
    match (chunk.headings.last(), edition.page) {
        (Some(heading), _) => heading.clone(),
        (None, Some(page)) => format!("Page {page}"),
        (None, None) => document.title.clone(),
    }
}

fn chunk_id(edition: &Stored, document: &DocumentRef) -> String {
    format!("{}::{}", document.stem, edition.number)
}

fn url(edition: &Stored, document: &DocumentRef) -> String {
    let hash = if edition.anchor.is_empty() { "" } else { "#" };
    format!("{}{hash}{}", document.url, edition.anchor)
}

/// Byte range of a passage of a chunk.
fn passage_range(lengths: &[u32], place: u32, text_len: usize) -> Range<usize> {
    let before: usize = lengths.iter().take(place as usize).map(|&length| length as usize).sum();
    let length = lengths.get(place as usize).map_or(0, |&length| length as usize);
    before.min(text_len)..(before + length).min(text_len)
}

fn explain(ranked: &Ranked, lexical: &Lexical<'_>, near: Option<Nearest>) -> Explain {
    let leaf = |name: &str, value: f32, parts: Vec<Explain>| Explain { name: name.into(), value, parts };
    let mut parts = vec![leaf("share of words", ranked.words, vec![lexical.explain(ranked.chunk)])];
    if let Some(near) = near {
        let cosine = leaf(&format!("cosine of passage {}", near.passage), near.cosine, Vec::new());
        parts.push(leaf("share of meaning", ranked.meaning, vec![cosine]));
    }
    if ranked.named > 0.0 {
        parts.push(leaf("named by this symbol", ranked.named, Vec::new()));
    }
    if ranked.spelled > 0.0 {
        parts.push(leaf("spelled as it was typed", ranked.spelled, Vec::new()));
    }
    leaf("score", ranked.score, parts)
}
