//! The library as it is browsed: vendor → product → version → manuals, with the counts that listings show.
//!
//! Order is the order of the manuals given; a level appears where its first manual does.

use std::collections::{BTreeMap, BTreeSet};

use super::Manual;
use crate::texts::Texts;
use crate::url;

/// Folders of the site that are no level's.
const RESERVED: [&str; 9] =
    ["", "agents/", "search/", "app/", "build-report/", "index/", "media/", "offline/", "playground/"];

/// The whole tree. Levels name their page by its address below the site's root.
#[derive(Debug)]
pub(super) struct Shelves<'a> {
    pub vendors: Vec<Vendor<'a>>,
    /// Manuals of one product with one name below the version, so that a reader can change the version.
    editions: Vec<Vec<usize>>,
    /// Which of `editions` a manual is one of.
    works: Vec<usize>,
    /// Where a manual stands: vendor, product, version, place.
    places: Vec<[usize; 4]>,
    /// Every manual's address.
    urls: BTreeSet<&'a str>,
}

/// Vendor, product, and what the address says after the version.
type Work<'a> = (Option<&'a str>, &'a str, &'a str);

#[derive(Debug)]
pub(super) struct Vendor<'a> {
    pub name: Option<&'a str>,
    pub products: Vec<Product<'a>>,
}

#[derive(Debug)]
pub(super) struct Product<'a> {
    pub name: &'a str,
    pub url: String,
    pub versions: Vec<Version<'a>>,
}

#[derive(Debug)]
pub(super) struct Version<'a> {
    pub name: &'a str,
    /// The product's, where it has no versions.
    pub url: String,
    /// Indexes into the manuals given.
    pub manuals: Vec<usize>,
    pub pages: usize,
}

/// Documents and pages below a level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub documents: usize,
    pub pages: usize,
}

impl<'a> Shelves<'a> {
    pub fn of(manuals: &'a [Manual<'a>]) -> Self {
        let urls = manuals.iter().map(|manual| manual.url).collect();
        let mut shelves =
            Self { vendors: Vec::new(), editions: Vec::new(), works: Vec::new(), places: Vec::new(), urls };
        let mut works = BTreeMap::new();
        // Addresses that no level may have: `a` of one vendor and `a` of none must not meet.
        let mut taken: BTreeSet<String> = RESERVED.map(str::to_owned).into();
        for (at, manual) in manuals.iter().enumerate() {
            let place = shelves.put(at, manual, &mut taken);
            shelves.places.push(place);
            let work = *works.entry(work(manual)).or_insert_with(|| {
                shelves.editions.push(Vec::new());
                shelves.editions.len() - 1
            });
            shelves.editions[work].push(at);
            shelves.works.push(work);
        }
        shelves
    }

    fn put(&mut self, at: usize, manual: &'a Manual<'a>, taken: &mut BTreeSet<String>) -> [usize; 4] {
        let v = find_or_push(
            &mut self.vendors,
            |vendor| vendor.name == manual.vendor,
            || Vendor { name: manual.vendor, products: Vec::new() },
        );
        let above = manual.vendor.map_or_else(String::new, |vendor| format!("{}/", url::encode(vendor)));
        let products = &mut self.vendors[v].products;
        let p = find_or_push(
            products,
            |product| product.name == manual.product,
            || Product {
                name: manual.product,
                url: claim(taken, &above, manual.product),
                versions: Vec::new(),
            },
        );
        let product = &mut products[p];
        let n = find_or_push(
            &mut product.versions,
            |version| version.name == manual.version,
            || Version {
                name: manual.version,
                url: match manual.version {
                    "" => product.url.clone(),
                    version => claim(taken, &product.url, version),
                },
                manuals: Vec::new(),
                pages: 0,
            },
        );
        let version = &mut product.versions[n];
        version.manuals.push(at);
        version.pages += manual.document.pages.len();
        [v, p, n, version.manuals.len() - 1]
    }

    pub fn count(&self) -> Count {
        self.products().map(|(_, product)| product.count()).sum()
    }

    /// Every product with its vendor's name.
    pub fn products(&self) -> impl Iterator<Item = (Option<&'a str>, &Product<'a>)> {
        self.vendors.iter().flat_map(|vendor| vendor.products.iter().map(|product| (vendor.name, product)))
    }

    /// The product and version that a manual stands under.
    pub fn place(&self, at: usize) -> (&Product<'a>, &Version<'a>) {
        let [v, p, n, _] = self.places[at];
        let product = &self.vendors[v].products[p];
        (product, &product.versions[n])
    }

    /// Whether a manual has this address.
    pub fn is_manual(&self, url: &str) -> bool {
        self.urls.contains(url)
    }

    /// The manuals before and after this one in its version.
    pub fn neighbours(&self, at: usize) -> [Option<usize>; 2] {
        let manuals = &self.place(at).1.manuals;
        let here = self.places[at][3];
        [here.checked_sub(1).and_then(|before| manuals.get(before)), manuals.get(here + 1)]
            .map(Option::<&_>::copied)
    }

    /// The same manual in every version, this one included, in library order.
    pub fn editions(&self, at: usize) -> &[usize] {
        &self.editions[self.works[at]]
    }
}

impl Product<'_> {
    pub fn count(&self) -> Count {
        self.versions.iter().map(Version::count).sum()
    }
}

impl Version<'_> {
    pub fn count(&self) -> Count {
        Count { documents: self.manuals.len(), pages: self.pages }
    }
}

impl std::iter::Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |sum, count| Self {
            documents: sum.documents + count.documents,
            pages: sum.pages + count.pages,
        })
    }
}

impl Count {
    /// `12 documents, 1,204 pages`.
    pub fn say(self, texts: &Texts) -> String {
        let documents = texts.counted(&texts.pages.counts.documents, self.documents);
        if self.pages == self.documents {
            return documents;
        }
        format!("{documents}, {}", texts.counted(&texts.pages.counts.pages, self.pages))
    }
}

/// What a manual is, whatever its version: `guide/` of `acme/phone/v2/guide/`.
fn work<'a>(manual: &Manual<'a>) -> Work<'a> {
    let version = url::encode(manual.version);
    let mut end = 0;
    for segment in manual.url.split_inclusive('/') {
        end += segment.len();
        if !version.is_empty() && segment.trim_end_matches('/') == version {
            return (manual.vendor, manual.product, &manual.url[end..]);
        }
    }
    (manual.vendor, manual.product, manual.url)
}

/// An address for a level called `name` that no other level has.
fn claim(taken: &mut BTreeSet<String>, above: &str, name: &str) -> String {
    let name = url::encode(name);
    let mut address = format!("{above}{name}/");
    let mut n = 2;
    while !taken.insert(address.clone()) {
        address = format!("{above}{name}~{n}/");
        n += 1;
    }
    address
}

fn find_or_push<T>(list: &mut Vec<T>, is: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> usize {
    // The level last used is nearly always the one wanted again.
    list.iter().rposition(is).unwrap_or_else(|| {
        list.push(make());
        list.len() - 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn manual<'a>(place: [&'a str; 3], url: &'a str, document: &'a Document) -> Manual<'a> {
        let [vendor, product, version] = place;
        let vendor = (!vendor.is_empty()).then_some(vendor);
        Manual { vendor, product, version, url, document, chunks: &[], known: None }
    }

    #[test]
    fn levels_have_addresses_of_their_own_and_editions_meet() {
        let document = Document::default();
        let manuals = [
            manual(["acme", "phone", "v2"], "acme/phone/v2/guide/", &document),
            manual(["acme", "phone", "v1"], "acme/phone/v1/guide/", &document),
            manual(["", "acme", "phone"], "acme/phone/x/", &document),
            // The library's folder is the product, and in no address.
            manual(["", "search", "v1"], "v1/guide/", &document),
        ];
        let shelves = Shelves::of(&manuals);
        let urls: Vec<_> = (0..4).map(|at| shelves.place(at).1.url.as_str()).collect();
        assert_eq!(urls, ["acme/phone/v2/", "acme/phone/v1/", "acme/phone~2/", "search~2/v1/"]);
        assert_eq!(shelves.editions(1), [0, 1]);
        assert_eq!(shelves.editions(3), [3]);
    }
}
