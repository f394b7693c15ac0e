//! What a visitor's device fetches to read and search without a network: a list of files, named by its content.
//!
//! ```json
//! {"everywhere": [["search/", 3120, "5e0c…"], ["app/1f3a…/page.js", 9120], …],
//!  "index": [["index/boot-….mcd", 9123], …],
//!  "meaning": [["index/encoder-….mcd", 12582912], …],
//!  "products": [{"product": "acme/phone", "pages": [["acme/phone/", 2210, "0f3c…"], …], "pictures": [["media/….png", 900], …]}]}
//! ```
//!
//! Sizes are told so that a visitor can be asked before anything is fetched. What may change under its name carries the
//! hash of its content, so that only what changed is fetched again; the other names are their content's.
//! `www/offline/lists.js` reads it.

use std::collections::{BTreeMap, BTreeSet};

use mcdewey_format::Kind;
use serde::Serialize;

use crate::site::Manual;
use crate::url;

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Written {
    /// Path below the site's root.
    pub path: String,
    /// Hash of its content.
    pub hash: u64,
    /// Its length.
    pub bytes: u64,
    /// The product that a page is about.
    pub product: Option<String>,
}

/// Address below the root, bytes, and the hash of what may change.
#[derive(Debug, Serialize, PartialEq, Eq)]
#[serde(untagged)]
enum Entry {
    Fixed(String, u64),
    Mutable(String, u64, String),
}

#[derive(Debug, Default, Serialize)]
struct Lists {
    everywhere: Vec<Entry>,
    index: Vec<Entry>,
    meaning: Vec<Entry>,
    products: Vec<Product>,
}

#[derive(Debug, Serialize)]
struct Product {
    product: String,
    pages: Vec<Entry>,
    pictures: Vec<Entry>,
}

/// The list, as JSON.
///
/// `name` says how a search names a manual's product, `picture` where a picture is published.
///
/// # Errors
/// Never for what a build writes; a sentence if it could not be told as JSON.
pub fn list<'a>(
    written: &[Written],
    manuals: &[Manual<'a>],
    name: impl Fn(&Manual<'a>) -> String,
    picture: impl Fn(&str) -> Option<String>,
) -> Result<String, String> {
    let mut lists = Lists::default();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut shown: Vec<BTreeSet<String>> = Vec::new();
    for manual in manuals {
        let product = name(manual);
        let at = *places.entry(product.clone()).or_insert_with(|| {
            lists.products.push(Product { product, pages: Vec::new(), pictures: Vec::new() });
            shown.push(BTreeSet::new());
            lists.products.len() - 1
        });
        let images = manual.document.pages.iter().flat_map(|page| &page.images);
        shown[at].extend(images.filter_map(|image| picture(&image.source)));
    }
    for file in written {
        let product = file.product.as_ref().and_then(|product| places.get(product));
        if file.path.starts_with("media/") {
            for (pictures, shelf) in shown.iter().zip(&mut lists.products) {
                if pictures.contains(&file.path) {
                    shelf.pictures.push(fixed(file));
                }
            }
        } else if let Some(page) = address(&file.path) {
            let pages = product.map_or(&mut lists.everywhere, |&at| &mut lists.products[at].pages);
            pages.push(Entry::Mutable(page, file.bytes, format!("{:016x}", file.hash)));
        } else if let Some(list) = lists.part_of(&file.path) {
            list.push(fixed(file));
        }
    }
    serde_json::to_string(&lists).map(|json| json + "\n").map_err(|error| error.to_string())
}

impl Lists {
    /// Where a file that is no page and no picture belongs, if it is for visitors.
    fn part_of(&mut self, path: &str) -> Option<&mut Vec<Entry>> {
        let kind = |kind: Kind| path.starts_with(&format!("index/{}-", kind.name()));
        if kind(Kind::Encoder) || path.contains("-encoder") {
            Some(&mut self.meaning)
        } else if kind(Kind::Registry) {
            None
        } else if path.starts_with("index/") {
            Some(&mut self.index)
        } else if path.starts_with("app/") && !path.ends_with("/embed.js") {
            Some(&mut self.everywhere)
        } else {
            None
        }
    }
}

/// The address of a page that lies at this path.
fn address(path: &str) -> Option<String> {
    let folder =
        path.strip_suffix("index.html").filter(|folder| folder.is_empty() || folder.ends_with('/'))?;
    Some(folder.split_inclusive('/').map(|part| url::encode(part.trim_end_matches('/')) + "/").collect())
}

fn fixed(file: &Written) -> Entry {
    Entry::Fixed(file.path.clone(), file.bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Image, Page};

    #[test]
    fn every_file_is_listed_where_it_is_needed() {
        let image = |source: &str| Image { source: source.into(), alt: String::new(), size: None };
        let document = |picture: &str| Document {
            pages: vec![Page { images: vec![image(picture)], ..Page::default() }],
            ..Document::default()
        };
        let (a, b) = (document("a.png"), document("b.png"));
        let manual = |product, document| Manual {
            vendor: None,
            product,
            version: "",
            url: "x/",
            document,
            chunks: &[],
            known: None,
        };
        let written = |path: &str, product: Option<&str>| Written {
            path: path.into(),
            hash: 1,
            bytes: 2,
            product: product.map(Into::into),
        };
        let files = [
            written("index.html", None),
            written("a/b c/index.html", Some("a")),
            written("a/b c/index.md", Some("a")),
            written("media/a.png", None),
            written("media/b.png", None),
            written("index/boot-0.mcd", None),
            written("index/encoder-0.mcd", None),
            written("index/registry-0.mcd", None),
            written("app/0/page.js", None),
            written("app/0/mcdewey-www-encoder.js", None),
        ];
        let manuals = [manual("a", &a), manual("b", &b)];
        let json = list(&files, &manuals, |one| one.product.into(), |source| Some(format!("media/{source}")));
        assert_eq!(
            json.unwrap(),
            "{\"everywhere\":[[\"\",2,\"0000000000000001\"],[\"app/0/page.js\",2]],\
             \"index\":[[\"index/boot-0.mcd\",2]],\
             \"meaning\":[[\"index/encoder-0.mcd\",2],[\"app/0/mcdewey-www-encoder.js\",2]],\
             \"products\":[{\"product\":\"a\",\"pages\":[[\"a/b%20c/\",2,\"0000000000000001\"]],\
             \"pictures\":[[\"media/a.png\",2]]},\
             {\"product\":\"b\",\"pages\":[],\"pictures\":[[\"media/b.png\",2]]}]}\n"
        );
    }
}
