//! Which versions of which products are asked about, and why these?
//!
//! The answer to a question about 12.5 must not come from 12.0 because somebody thought it close enough. So a version
//! that does not exist is refused with those that do, and every answer says which version it is from and why.

use std::collections::BTreeMap;

use mcdewey_format::scope::Scope;
use mcdewey_search::wanted::Wanted;

use crate::shelf::{Shelf, product_name};
use crate::{Halt, quote};

/// Names listed in a sentence; more are counted.
const LISTED: usize = 12;

/// The versions that a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Their places in the boot file.
    pub scopes: Vec<u32>,
    /// Why these, for the answer.
    pub reason: String,
}

/// A product with its versions, newest first.
pub(crate) struct Product<'a> {
    pub name: String,
    pub scopes: Vec<(usize, &'a Scope)>,
}

/// The library's products in order.
pub(crate) fn products<'a>(shelf: &Shelf<'a>) -> Vec<Product<'a>> {
    let mut products: Vec<Product<'a>> = Vec::new();
    let mut places = BTreeMap::new();
    for (number, scope) in shelf.boot.scopes.iter().enumerate() {
        let name = product_name(scope);
        let place = *places.entry(name.clone()).or_insert_with(|| {
            products.push(Product { name, scopes: Vec::new() });
            products.len() - 1
        });
        products[place].scopes.push((number, scope));
    }
    products
}

/// The products that a name means: `product`, `vendor/product`, or all of a vendor; in any case of letters.
pub(crate) fn named<'a, 'p>(products: &'p [Product<'a>], name: &str) -> Vec<&'p Product<'a>> {
    let name = name.trim_matches('/').to_lowercase();
    let with = |is: &dyn Fn(&Product<'_>, &Scope) -> bool| -> Vec<&'p Product<'a>> {
        products.iter().filter(|product| is(product, product.scopes[0].1)).collect()
    };
    let full = with(&|product, _| product.name.to_lowercase() == name);
    let short = with(&|_, scope| scope.product.to_lowercase() == name);
    let vendor = with(&|_, scope| !scope.vendor.is_empty() && scope.vendor.to_lowercase() == name);
    [full, short, vendor].into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

/// The versions meant by a product's name (or none: all products) and what was said about versions.
///
/// # Errors
/// A sentence for the agent, with what exists instead.
pub(crate) fn select(
    shelf: &Shelf<'_>,
    product: Option<&str>,
    version: Option<&str>,
) -> Result<Selection, Halt> {
    let products = products(shelf);
    let product = product.or(shelf.place.profile.product.as_deref());
    let (meant, version) = match product {
        None => (products.iter().collect(), version.map(str::to_owned)),
        Some(name) => {
            let found = named(&products, name);
            // `finesse/v12.5` and `finesse v12.5` name both.
            let both =
                name.rsplit_once(['/', ' ']).map(|(product, version)| (named(&products, product), version));
            match both {
                _ if !found.is_empty() => (found, version.map(str::to_owned)),
                Some((found, named)) if !found.is_empty() => {
                    (found, Some(version.unwrap_or(named).to_owned()))
                }
                _ => return Err(Halt::Refuse(no_product(&products, name))),
            }
        }
    };
    let asked = version.unwrap_or_default();
    let wanted = Wanted::read(&asked);
    let mut scopes = Vec::new();
    let mut matching = Vec::new();
    for product in &meant {
        // A folder that is really called `latest` is meant by that name.
        let literal: Vec<_> = product
            .scopes
            .iter()
            .filter(|(_, scope)| scope.version.eq_ignore_ascii_case(asked.trim()))
            .collect();
        let admitted: Vec<_> = match literal.is_empty() || asked.is_empty() {
            true => product.scopes.iter().filter(|(_, scope)| wanted.admits(&scope.version)).collect(),
            false => literal,
        };
        let take = if wanted == Wanted::Any { admitted.len() } else { 1 };
        scopes.extend(admitted.iter().take(take).map(|(number, _)| *number as u32));
        if !admitted.is_empty() {
            matching.push((*product, admitted));
        }
    }
    if scopes.is_empty() {
        return Err(Halt::Refuse(no_version(&meant, &asked)));
    }
    let reason = reason(&wanted, asked.trim(), &meant, &matching);
    Ok(Selection { scopes, reason })
}

type Matching<'p, 'a> = [(&'p Product<'a>, Vec<&'p (usize, &'a Scope)>)];

/// Why these versions.
fn reason(wanted: &Wanted, asked: &str, meant: &[&Product<'_>], matching: &Matching<'_, '_>) -> String {
    if let [(product, admitted)] = matching {
        let versions: Vec<&str> = admitted.iter().map(|(_, scope)| scope.version.as_str()).collect();
        let first = versions[0];
        let also = match list(&versions[1..]) {
            others if others.is_empty() => String::new(),
            others => format!(" (also there: {others})"),
        };
        let count = versions.len();
        let only = product.scopes.len() == 1;
        return match wanted {
            _ if first.is_empty() => format!("{} has no versions", product.name),
            Wanted::Newest if only => format!("{first}, the only version of {}", product.name),
            Wanted::Newest if versions.len() == product.scopes.len() => {
                format!("{first}, the newest of {count} versions of {}{also}", product.name)
            }
            Wanted::Any => format!("all {count} versions of {}, as asked", product.name),
            Wanted::Exact(_) | Wanted::Newest if first == asked => {
                format!("{first} of {}, as asked", product.name)
            }
            Wanted::Exact(_) | Wanted::Newest => {
                format!("{first} of {}, which is how the library writes “{asked}”", product.name)
            }
            Wanted::Under(_) | Wanted::Within(_) => {
                format!("{first}, the newest of {count} versions of {} within “{asked}”{also}", product.name)
            }
        };
    }
    let count = matching.len();
    match wanted {
        Wanted::Newest if asked.is_empty() || count == meant.len() => {
            format!("the newest version of each of {count} products")
        }
        Wanted::Any => format!("all versions of {count} products, as asked"),
        _ => {
            let names: Vec<&str> = matching.iter().map(|(product, _)| product.name.as_str()).collect();
            format!("“{asked}” of the {count} of {} products that have it: {}", meant.len(), list(&names))
        }
    }
}

fn no_product(products: &[Product<'_>], name: &str) -> String {
    let wanted = name.to_lowercase();
    let parts: Vec<&str> =
        wanted.split(|c: char| !c.is_alphanumeric()).filter(|part| part.len() > 2).collect();
    let close = |product: &&Product<'_>| {
        let known = product.name.to_lowercase();
        parts.iter().any(|part| known.contains(part)) || known.split('/').any(|part| wanted.contains(part))
    };
    let alike: Vec<&str> = products.iter().filter(close).map(|product| product.name.as_str()).collect();
    let all: Vec<&str> = products.iter().map(|product| product.name.as_str()).collect();
    let hint = match alike.is_empty() {
        true => format!("There are: {}", list(&all)),
        false => {
            format!("Alike: {}; there are {} products, browse_library lists them", list(&alike), all.len())
        }
    };
    format!("The library has no product “{}”. {hint}.", quote::line(name, 80))
}

fn no_version(meant: &[&Product<'_>], asked: &str) -> String {
    let asked = quote::line(asked, 80);
    match meant {
        [product] => {
            let versions: Vec<&str> =
                product.scopes.iter().map(|(_, scope)| scope.version.as_str()).collect();
            if versions == [""] {
                return format!(
                    "{} has no versions, so none is “{asked}”; call again without version.",
                    product.name
                );
            }
            format!(
                "{} has no version “{asked}”; nothing was put in its place. It has: {} (newest first).",
                product.name,
                list(&versions)
            )
        }
        _ => format!(
            "None of {} products has a version “{asked}”; nothing was put in its place. Name a product, or see \
             browse_library for the versions.",
            meant.len()
        ),
    }
}

/// Names in a sentence.
pub(crate) fn list(names: &[&str]) -> String {
    let mut text = names.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    if names.len() > LISTED {
        text.push_str(&format!(" and {} more", names.len() - LISTED));
    }
    text
}
