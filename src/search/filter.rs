//! Which versions of which products does a request ask about?
//!
//! ```text
//! nothing, newest          the newest version of each product
//! all                      every version
//! v3.6 · 3.6               that version, however written; where a product has none, the series 3.6.x
//! 12.x · 12.*              every version of the series
//! >= 12.5 · > 1.76, < 3    versions in that order; conditions joined by commas hold together
//! ```
//!
//! A name that a folder has is meant literally first, so a folder `2.x` or `latest` is found by its name. What matches
//! nothing is told in words, with what there is to choose from: an empty answer must not look like one that found
//! nothing.

use std::ops::Range;

use mcdewey_format::boot::Boot;
use mcdewey_format::scope::Scope;

use crate::answer::{Matched, Request};
use crate::version;
use crate::wanted::Wanted;

/// Names offered when nothing matches; a longer list is not read.
const OFFERED: usize = 8;

/// The scopes that a request asks about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Their numbers, rising.
    pub scopes: Vec<u32>,
    /// Why there are none.
    pub notice: Option<String>,
}

impl Filter {
    /// The scopes of the library that `request` names.
    pub fn of(scopes: &[Scope], request: &Request) -> Self {
        if let Some(named) = &request.scopes {
            let mut named: Vec<u32> =
                named.iter().copied().filter(|&scope| (scope as usize) < scopes.len()).collect();
            named.sort_unstable();
            named.dedup();
            return Self { scopes: named, notice: None };
        }
        let given = |text: &Option<String>| text.as_deref().map(str::trim).unwrap_or_default().to_lowercase();
        let (vendor, product) = (given(&request.vendor), given(&request.product));
        let here: Vec<(u32, &Scope)> = (0..)
            .zip(scopes)
            .filter(|(_, scope)| vendor.is_empty() || vendor == scope.vendor.to_lowercase())
            .filter(|(_, scope)| product.is_empty() || is_product(scope, &product))
            .collect();
        if here.is_empty() {
            return Self { scopes: Vec::new(), notice: nothing_here(scopes, &vendor, &product) };
        }
        let version = request.version.as_deref().map(str::trim).unwrap_or_default();
        let of_products = here.chunk_by(|(_, a), (_, b)| a.same_product(b));
        let chosen: Vec<u32> = of_products.flat_map(|versions| chosen(versions, version)).collect();
        let notice = chosen.is_empty().then(|| no_version(&here, version));
        Self { scopes: chosen, notice }
    }

    /// Whether a scope is among them.
    pub fn has(&self, scope: u32) -> bool {
        self.scopes.binary_search(&scope).is_ok()
    }

    /// Whether two of them are versions of one product, so that nearly the same text may be met twice.
    pub fn spans_versions(&self, scopes: &[Scope]) -> bool {
        let scope = |n: u32| scopes.get(n as usize);
        self.scopes.windows(2).any(|pair| match (scope(pair[0]), scope(pair[1])) {
            (Some(a), Some(b)) => a.same_product(b),
            _ => false,
        })
    }

    /// The cells that hold a passage of one of their products.
    pub fn cells(&self, boot: &Boot) -> Vec<usize> {
        let mut products: Vec<u32> = self.scopes.iter().map(|&scope| boot.product_of(scope)).collect();
        products.dedup();
        let asked =
            |of_cell: &Vec<u32>| of_cell.iter().any(|product| products.binary_search(product).is_ok());
        (0..boot.cells.len()).filter(|&cell| boot.cell_products.get(cell).is_some_and(asked)).collect()
    }

    /// How many of the chunks `matched`, rising, stand in each of their versions, or in each of their products.
    pub fn places(&self, boot: &Boot, matched: &[u32], by_version: bool) -> Vec<Matched> {
        let scope = |n: u32| boot.scopes.get(n as usize);
        let same = |a: u32, b: u32| matches!((scope(a), scope(b)), (Some(a), Some(b)) if a.same_product(b));
        let places: Vec<&[u32]> = self.scopes.chunk_by(|&a, &b| !by_version && same(a, b)).collect();
        let mut counts = vec![0; places.len()];
        for (stretch, range) in boot.stretch_ranges() {
            let before = |end: u32| matched.partition_point(|&chunk| chunk < end);
            let here = before(range.end) - before(range.start);
            let stands = |place: &&[u32]| place.iter().any(|n| stretch.scopes.contains(n));
            let counts = counts.iter_mut().zip(&places).filter(|(_, place)| here > 0 && stands(place));
            counts.for_each(|(count, _)| *count += here);
        }
        let named = places.iter().zip(counts).filter_map(|(place, matched)| {
            let scope = scope(*place.first()?)?;
            let name = if by_version { &scope.version } else { &scope.product };
            (matched > 0).then(|| Matched { name: name.clone(), matched })
        });
        named.collect()
    }

    /// The chunks that stand in any of them: ranges in order that do not meet.
    pub fn ranges(&self, boot: &Boot) -> Vec<Range<u32>> {
        let wanted = boot.stretch_ranges().filter(|(stretch, _)| stretch.scopes.iter().any(|&n| self.has(n)));
        joined(wanted.map(|(_, range)| range))
    }
}

/// Ranges in order, with those that meet or overlap made one and empty ones left out.
pub(crate) fn joined(ranges: impl IntoIterator<Item = Range<u32>>) -> Vec<Range<u32>> {
    let mut ranges: Vec<Range<u32>> = ranges.into_iter().filter(|range| !range.is_empty()).collect();
    ranges.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<u32>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// Whether `name`, in lower case, is the scope's product, alone or after its vendor.
fn is_product(scope: &Scope, name: &str) -> bool {
    let (vendor, product) = (scope.vendor.to_lowercase(), scope.product.to_lowercase());
    name == product || name.split_once('/') == Some((&vendor, &product))
}

/// The versions of one product that `wanted` means.
fn chosen(versions: &[(u32, &Scope)], wanted: &str) -> Vec<u32> {
    let those = |keep: &dyn Fn(&Scope) -> bool| -> Vec<u32> {
        versions.iter().filter(|(_, scope)| keep(scope)).map(|&(n, _)| n).collect()
    };
    let newest = || those(&|scope| scope.newest);
    if wanted.is_empty() {
        return newest();
    }
    let named = those(&|scope| scope.version.eq_ignore_ascii_case(wanted));
    if !named.is_empty() {
        return named;
    }
    let meant = Wanted::read(wanted);
    if meant == Wanted::Newest {
        return newest();
    }
    let one = those(&|scope| version::same(&scope.version, wanted));
    let admitted = || those(&|scope| meant.admits(&scope.version));
    let series = || those(&|scope| version::is_of_series(&scope.version, wanted));
    let found = if one.is_empty() { admitted() } else { one };
    if found.is_empty() { series() } else { found }
}

fn no_version(here: &[(u32, &Scope)], wanted: &str) -> String {
    let (_, first) = here[0];
    let one_product = here.iter().all(|(_, scope)| scope.same_product(first));
    let whose = if one_product { format!(" of {}", first.product) } else { String::new() };
    let names = here.iter().map(|(_, scope)| scope.version.as_str()).filter(|name| !name.is_empty());
    let there = offered(names);
    let there = if there.is_empty() { "it has no versions".to_owned() } else { format!("there are {there}") };
    format!("No version{whose} is “{wanted}”; {there}.")
}

fn nothing_here(scopes: &[Scope], vendor: &str, product: &str) -> Option<String> {
    let of_vendor: Vec<&Scope> =
        scopes.iter().filter(|scope| vendor.is_empty() || scope.vendor.to_lowercase() == vendor).collect();
    let (what, wanted, names): (_, _, Vec<&str>) = if product.is_empty() || of_vendor.is_empty() {
        ("vendor", vendor, scopes.iter().map(|scope| scope.vendor.as_str()).collect())
    } else {
        ("product", product, of_vendor.iter().map(|scope| scope.product.as_str()).collect())
    };
    let there = offered(names.into_iter().filter(|name| !name.is_empty()));
    let there =
        if there.is_empty() { "the library has none".to_owned() } else { format!("there are {there}") };
    let of = if vendor.is_empty() || what == "vendor" { String::new() } else { format!(" of {vendor}") };
    Some(format!("No {what}{of} is “{wanted}”; {there}."))
}

/// The first few different names.
fn offered<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut different: Vec<&str> = Vec::new();
    for name in names {
        if !different.contains(&name) {
            different.push(name);
        }
    }
    let more = if different.len() > OFFERED { ", …" } else { "" };
    different.truncate(OFFERED);
    different.join(", ") + more
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Versions newest first, as a build orders them.
    fn library() -> Vec<Scope> {
        let product = |vendor: &str, product: &str, versions: &[&str]| -> Vec<Scope> {
            let scope = |(n, version): (usize, &&str)| Scope {
                vendor: vendor.into(),
                product: product.into(),
                version: (*version).into(),
                newest: n == 0,
                ..Scope::default()
            };
            versions.iter().enumerate().map(scope).collect()
        };
        [
            product("acme", "pump", &["v13.0", "v12.10", "v12.5", "v11.6"]),
            product("acme", "fan", &["latest", "2.x", "2.9", "1.76"]),
            product("", "notes", &[""]),
        ]
        .concat()
    }

    fn versions(product: &str, version: &str) -> Vec<String> {
        let request =
            Request { product: Some(product.into()), version: Some(version.into()), ..Request::default() };
        let library = library();
        let filter = Filter::of(&library, &request);
        assert_eq!(filter.notice.is_some(), filter.scopes.is_empty());
        filter.scopes.into_iter().map(|n| library[n as usize].version.clone()).collect()
    }

    #[test]
    fn a_version_is_named_in_many_ways() {
        for (wanted, found) in [
            ("", &["v13.0"][..]),
            ("newest", &["v13.0"]),
            ("latest", &["v13.0"]),
            ("ALL", &["v13.0", "v12.10", "v12.5", "v11.6"]),
            ("12.5", &["v12.5"]),
            ("V12.5.0", &["v12.5"]),
            ("12.x", &["v12.10", "v12.5"]),
            ("12", &["v12.10", "v12.5"]),
            (">= 12.5", &["v13.0", "v12.10", "v12.5"]),
            ("≥12.6", &["v13.0", "v12.10"]),
            ("> 11.6, < 13", &["v12.10", "v12.5"]),
            ("=13", &["v13.0"]),
            ("14", &[]),
            (">=", &[]),
            ("> 12, twelve", &[]),
        ] {
            assert_eq!(versions("pump", wanted), found, "{wanted:?}");
        }
        assert_eq!(versions("fan", "2.x"), ["2.x"], "a folder's own name comes first");
        assert_eq!(versions("acme/fan", "current"), ["latest"]);
        assert_eq!(versions("Fan", ">= 2"), ["latest", "2.x", "2.9"]);
    }

    #[test]
    fn each_product_has_its_own_newest() {
        let filter = Filter::of(&library(), &Request::default());
        assert_eq!(filter.scopes, [0, 4, 8]);
        assert!(!filter.spans_versions(&library()));
        let named =
            Request { scopes: Some(vec![7, 2, 2, 99]), version: Some("14".into()), ..Request::default() };
        assert_eq!(Filter::of(&library(), &named).scopes, [2, 7], "scopes that are given are taken");
        let all = Request { version: Some("all".into()), ..Request::default() };
        assert!(Filter::of(&library(), &all).spans_versions(&library()));
    }

    #[test]
    fn what_matches_nothing_says_what_there_is() {
        let notice = |vendor: &str, product: &str, version: &str| {
            let some = |text: &str| Some(text.to_owned());
            let (vendor, product, version) = (some(vendor), some(product), some(version));
            let request = Request { vendor, product, version, ..Request::default() };
            Filter::of(&library(), &request).notice.unwrap_or_default()
        };
        assert_eq!(
            notice("", "pump", "14"),
            "No version of pump is “14”; there are v13.0, v12.10, v12.5, v11.6."
        );
        assert_eq!(notice("", "pipe", ""), "No product is “pipe”; there are pump, fan, notes.");
        assert_eq!(notice("acme", "notes", ""), "No product of acme is “notes”; there are pump, fan.");
        assert_eq!(notice("apex", "", ""), "No vendor is “apex”; there are acme.");
        assert_eq!(notice("", "notes", "1"), "No version of notes is “1”; it has no versions.");
    }

    #[test]
    fn ranges_that_meet_are_one() {
        assert_eq!(joined([5..7, 0..2, 2..3, 6..9, 4..4]), [0..3, 5..9]);
    }
}
