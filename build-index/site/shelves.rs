//! The library as it is browsed: vendor → product → version → manuals, with the counts that listings show.
//!
//! Order is the order of the manuals given; a level appears where its first manual does.

use std::collections::BTreeMap;

use super::Manual;

/// The whole tree. Levels name their place by the address below the site's root.
#[derive(Debug)]
pub(super) struct Shelves<'a> {
    pub vendors: Vec<Vendor<'a>>,
    /// Manuals with one product and one name below the version, so that a reader can change the version.
    editions: BTreeMap<(&'a str, &'a str), Vec<usize>>,
    /// The key into `editions` of each manual.
    works: Vec<(&'a str, &'a str)>,
    /// Where a manual stands: vendor, product, version, place.
    places: Vec<[usize; 4]>,
}

#[derive(Debug)]
pub(super) struct Vendor<'a> {
    pub name: Option<&'a str>,
    pub products: Vec<Product<'a>>,
}

#[derive(Debug)]
pub(super) struct Product<'a> {
    pub name: &'a str,
    pub url: &'a str,
    pub versions: Vec<Version<'a>>,
}

#[derive(Debug)]
pub(super) struct Version<'a> {
    pub name: &'a str,
    pub url: &'a str,
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
        let mut shelves =
            Self { vendors: Vec::new(), editions: BTreeMap::new(), works: Vec::new(), places: Vec::new() };
        for (at, manual) in manuals.iter().enumerate() {
            let place = shelves.put(at, manual);
            shelves.places.push(place);
            let work = (product_url(manual), below_version(manual));
            shelves.editions.entry(work).or_default().push(at);
            shelves.works.push(work);
        }
        shelves
    }

    fn put(&mut self, at: usize, manual: &'a Manual<'a>) -> [usize; 4] {
        let v = find_or_push(
            &mut self.vendors,
            |vendor| vendor.name == manual.vendor,
            || Vendor { name: manual.vendor, products: Vec::new() },
        );
        let products = &mut self.vendors[v].products;
        let url = product_url(manual);
        let p = find_or_push(
            products,
            |product| product.url == url,
            || Product { name: manual.product, url, versions: Vec::new() },
        );
        let versions = &mut products[p].versions;
        let url = version_url(manual);
        let n = find_or_push(
            versions,
            |version| version.url == url,
            || Version { name: manual.version, url, manuals: Vec::new(), pages: 0 },
        );
        let version = &mut versions[n];
        version.manuals.push(at);
        version.pages += manual.document.pages.len();
        [v, p, n, version.manuals.len() - 1]
    }

    pub fn count(&self) -> Count {
        self.vendors.iter().flat_map(|vendor| &vendor.products).map(Product::count).sum()
    }

    /// The product and version that a manual stands under.
    pub fn place(&self, at: usize) -> (&Product<'a>, &Version<'a>) {
        let [v, p, n, _] = self.places[at];
        let product = &self.vendors[v].products[p];
        (product, &product.versions[n])
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
        self.editions.get(&self.works[at]).map_or(&[], Vec::as_slice)
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

impl std::fmt::Display for Count {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let documents = counted(self.documents, "document", "documents");
        if self.pages == self.documents {
            return out.write_str(&documents);
        }
        write!(out, "{documents}, {}", counted(self.pages, "page", "pages"))
    }
}

/// `1,204 pages`.
pub(super) fn counted(number: usize, one: &str, many: &str) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + many.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text.push(' ');
    text.push_str(if number == 1 { one } else { many });
    text
}

/// The address of a manual's product: its first segment, or two where there is a vendor.
fn product_url<'a>(manual: &Manual<'a>) -> &'a str {
    leading(manual.url, 1 + usize::from(manual.vendor.is_some()))
}

/// The address of a manual's version; the product's where it has none.
fn version_url<'a>(manual: &Manual<'a>) -> &'a str {
    leading(manual.url, 1 + usize::from(manual.vendor.is_some()) + usize::from(!manual.version.is_empty()))
}

fn below_version<'a>(manual: &Manual<'a>) -> &'a str {
    &manual.url[version_url(manual).len()..]
}

/// The first `segments` segments of an address, with the `/` after them.
fn leading(url: &str, segments: usize) -> &str {
    let end = url.match_indices('/').nth(segments - 1).map_or(url.len(), |(at, _)| at + 1);
    &url[..end]
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

    #[test]
    fn addresses_are_cut_at_their_segments() {
        assert_eq!(leading("acme/phone/v2/guide/", 1), "acme/");
        assert_eq!(leading("acme/phone/v2/guide/", 3), "acme/phone/v2/");
        assert_eq!(leading("guide/", 3), "guide/");
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(counted(1, "page", "pages"), "1 page");
        assert_eq!(counted(999, "page", "pages"), "999 pages");
        assert_eq!(counted(1000, "page", "pages"), "1,000 pages");
        assert_eq!(counted(1_234_567, "page", "pages"), "1,234,567 pages");
    }
}
