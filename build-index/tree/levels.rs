//! Which folder is the vendor, which the product, which the version.

use std::collections::{BTreeMap, BTreeSet};

use mcdewey_search::version;

use crate::config::{Config, Level};
use crate::document::Place;
use crate::url;

/// Deepest folder (from 0) that is still looked at for a version. Versions further down belong to the document's own
/// chapters (`api/rest/reference/v2`), not to the library.
const DEEPEST_VERSION: usize = 3;

/// The place and document path of every source, in order. `root` names the library's folder.
pub fn places(root: &str, sources: &[&str], levels: &[Level]) -> Vec<(Place, Vec<String>)> {
    let shape = Shape::of(sources);
    sources
        .iter()
        .map(|source| {
            let parts = url::components(source);
            let folders = &parts[..parts.len().saturating_sub(1)];
            let (place, depth) =
                if levels.is_empty() { shape.infer(root, folders) } else { named(root, folders, levels) };
            (
                place,
                parts[depth.min(parts.len().saturating_sub(1))..]
                    .iter()
                    .map(|&part| part.to_owned())
                    .collect(),
            )
        })
        .collect()
}

/// The levels as configured; folders that are missing leave their level empty.
fn named(root: &str, folders: &[&str], levels: &[Level]) -> (Place, usize) {
    let mut place = Place::default();
    for (folder, level) in folders.iter().zip(levels) {
        match level {
            Level::Vendor => place.vendor = Some((*folder).to_owned()),
            Level::Product => (*folder).clone_into(&mut place.product),
            Level::Version => (*folder).clone_into(&mut place.version),
            Level::Folder => {}
        }
    }
    if place.product.is_empty() {
        root.clone_into(&mut place.product);
    }
    (place, levels.len().min(folders.len()))
}

/// Where a page of a site stands that no folder places: in the configured product, or one that is named later.
fn unplaced(config: &Config) -> Place {
    Place { vendor: None, product: config.product.clone(), version: config.version.clone() }
}

/// The place of a page of a built site, and how many folders it took.
pub fn in_site(folders: &[&str], config: &Config) -> (Place, usize) {
    let own = unplaced(config);
    if !config.levels.is_empty() {
        let (mut place, depth) = named(&own.product, folders, &config.levels);
        if place.version.is_empty() {
            place.version = own.version;
        }
        return (place, depth);
    }
    match version_at(folders) {
        Some(at) => {
            let (vendor, product) = above(&own.product, &folders[..at]);
            (Place { vendor, product, version: folders[at].to_owned() }, at + 1)
        }
        None => (own, 0),
    }
}

/// What the whole library tells about its levels.
struct Shape<'a> {
    /// Folders that hold version folders: products.
    products: BTreeSet<Vec<&'a str>>,
    /// Documents other than `README`/`index` directly in a folder, counted.
    direct: BTreeMap<Vec<&'a str>, usize>,
}

impl<'a> Shape<'a> {
    fn of(sources: &[&'a str]) -> Self {
        let mut shape = Self { products: BTreeSet::new(), direct: BTreeMap::new() };
        for source in sources {
            let mut folders = url::components(source);
            let name = folders.pop().unwrap_or_default();
            if let Some(at) = version_at(&folders)
                && at > 0
            {
                shape.products.insert(folders[..at].to_vec());
            }
            if !url::is_folder_file(name) {
                *shape.direct.entry(folders).or_default() += 1;
            }
        }
        shape
    }

    fn holds_documents(&self, folder: &[&str]) -> bool {
        self.direct.get(folder).is_some_and(|count| *count > 0)
    }

    /// The place, and how many folders it took.
    fn infer(&self, root: &str, folders: &[&str]) -> (Place, usize) {
        if let Some(at) = version_at(folders) {
            let (vendor, product) = above(root, &folders[..at]);
            return (Place { vendor, product, version: folders[at].to_owned() }, at + 1);
        }
        // Beside version folders: `etcd/README.md` next to `etcd/v3.6/`.
        for depth in (1..=folders.len()).rev() {
            if self.products.contains(&folders[..depth]) {
                let (vendor, product) = above(root, &folders[..depth]);
                return (Place { vendor, product, version: String::new() }, depth);
            }
        }
        // Documents lying loose in the root: the whole library is one product.
        let place = |vendor: Option<&str>, product: &str| Place {
            vendor: vendor.map(str::to_owned),
            product: product.to_owned(),
            version: String::new(),
        };
        match folders {
            [] => (place(None, root), 0),
            _ if self.products.is_empty() && self.holds_documents(&[]) => (place(None, root), 0),
            [vendor, product, ..] if !self.holds_documents(&folders[..1]) => {
                (place(Some(vendor), product), 2)
            }
            [product, ..] => (place(None, product), 1),
        }
    }
}

fn above(root: &str, folders: &[&str]) -> (Option<String>, String) {
    match folders {
        [] => (None, root.to_owned()),
        [product] => (None, (*product).to_owned()),
        [.., vendor, product] => (Some((*vendor).to_owned()), (*product).to_owned()),
    }
}

fn version_at(folders: &[&str]) -> Option<usize> {
    folders.iter().take(DEEPEST_VERSION + 1).position(|folder| version::looks_like_version(folder))
}
