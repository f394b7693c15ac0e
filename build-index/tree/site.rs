//! The pages of a built site, which stay where they are.
//!
//! A site differs from a library: its folders are chapters more often than products, every page may be a folder with an
//! `index.html`, and beside the pages stand scripts and pictures that are none of our business. So one site is one
//! product, unless a folder's name looks like a version (the one above it is then the product) or `levels` says else.

use std::path::Path;

use super::{Kind, SourceFile, Tree, claim, kind_of, levels, paths_below};
use crate::config::Config;
use crate::url;

use std::collections::BTreeMap;

/// Walks the built site at `root`, whose index goes into the folder `own` below it and is itself not read. `above` is
/// what leads from that folder to the root: `../`, or an address.
///
/// # Errors
/// A sentence for people when the root is no folder that can be read, or the configuration is wrong.
pub fn walk_site(root: &Path, config: &Config, own: &str, above: &str) -> Result<Tree, String> {
    let (_, paths, reports) = paths_below(root)?;
    let excluded = config.exclusions()?;
    let inside = format!("{own}/");
    let mut tree = Tree { root: root.to_owned(), ..Tree::default() };
    let mut sources = Vec::new();
    for path in paths {
        if excluded.is_match(&path) || (!own.is_empty() && path.starts_with(&inside)) {
            continue;
        }
        if kind_of(&path) == Some(Kind::Html) { sources.push(path) } else { tree.assets.push(path) }
    }
    sources.sort_by(|a, b| a.split('/').cmp(b.split('/')));
    tree.assets.sort();
    let mut stems = BTreeMap::new();
    for source in sources {
        let parts = url::components(&source);
        let (place, depth) = levels::in_site(&parts[..parts.len().saturating_sub(1)], config);
        let document =
            parts[depth.min(parts.len().saturating_sub(1))..].iter().map(|&part| part.to_owned()).collect();
        let stem = parts.join("::");
        let stem = claim(&mut stems, &source, [stem.clone(), stem], |stem, n| format!("{stem}-{n}"));
        let url = format!("{above}{}", address(&source));
        tree.files.push(SourceFile { source, kind: Kind::Html, place, document, url, stem });
    }
    tree.reports.extend(reports);
    tree.reports.sort();
    tree.index();
    Ok(tree)
}

impl Tree {
    /// Gives the pages that no folder and no configuration places a product.
    pub fn name_product(&mut self, name: &str) {
        for place in
            self.files.iter_mut().map(|file| &mut file.place).filter(|place| place.product.is_empty())
        {
            name.clone_into(&mut place.product);
        }
    }
}

/// The address of a page below the site's root: its path, or its folder's if it is the folder's page.
fn address(source: &str) -> String {
    let mut parts: Vec<&str> = source.split('/').collect();
    if parts.last() == Some(&"index.html") {
        parts.pop();
        parts.push("");
    }
    parts.into_iter().map(url::encode).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_one_product_with_the_versions_that_its_folders_name() {
        let root = tempfile::tempdir().unwrap();
        for path in [
            "index.html",
            "guide/setup.html",
            "v1.2/a b/index.html",
            "api/v2/x.html",
            "own/search.html",
            "x.css",
            "x.pdf",
        ] {
            let file = root.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "<p>x").unwrap();
        }
        let mut tree = walk_site(root.path(), &Config::default(), "own", "../").unwrap();
        tree.name_product("Site");
        let found: Vec<String> = tree
            .files
            .iter()
            .map(|file| format!("{} {} {} {}", file.url, file.place.product, file.place.version, file.stem))
            .collect();
        assert_eq!(
            found,
            [
                "../api/v2/x.html api v2 api::v2::x",
                "../guide/setup.html Site  guide::setup",
                "../ Site  index",
                "../v1.2/a%20b/ Site v1.2 v1.2::a b::index",
            ]
        );
        assert_eq!(tree.assets, ["x.css", "x.pdf"]);
        assert!(tree.reports.is_empty());
    }
}
