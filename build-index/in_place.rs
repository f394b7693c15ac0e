//! `mcdewey build --html PUBLIC`: an index beside the pages of a site that another generator made.
//!
//! ```text
//! public/                    the owner's site; nothing in it is changed
//! ├── guide/setup.html   ◄─┐
//! ├── …                    │ hits lead here: ../guide/setup.html#anchor:~:text=words
//! └── mcdewey/             │ written by the build, replaced as a whole
//!     ├── index.json ──────┘
//!     ├── index/  app/
//!     ├── search.js          what the owner's pages load, a name that stays
//!     └── search.d.ts        its types
//! ```

use std::path::{Component, Path, PathBuf};

use crate::url;

/// The folder that is added to a site, if no other is named.
pub const FOLDER: &str = "mcdewey";

/// The script that the owner's pages load.
pub const SCRIPT: &str = "search.js";

/// The types of what [`SCRIPT`] adds to a page: path below the index's folder, and text.
pub const TYPES: (&str, &str) = ("search.d.ts", include_str!("../www/search.d.ts"));

/// How the index and the pages find each other.
#[derive(Debug, PartialEq, Eq)]
pub struct Way {
    /// The index's folder below the site's root; empty if it lies elsewhere.
    pub own: String,
    /// What leads from the index's folder to the site's root.
    pub above: String,
}

/// The way between a site's folder and that of its index.
///
/// # Errors
/// A sentence for people when no relative address could lead there, and `public_url` does not say where the site lives.
pub fn way(site: &Path, index: &Path, public_url: Option<&str>) -> Result<Way, String> {
    let cannot = |error: std::io::Error| format!("the site {} could not be opened: {error}", site.display());
    let root = site.canonicalize().map_err(cannot)?;
    if let Ok(below) = whole(index).strip_prefix(&root)
        && let Some(own) = below.to_str().filter(|own| !own.is_empty())
    {
        let own = own.replace('\\', "/");
        let above = "../".repeat(own.split('/').count());
        return Ok(Way { own, above });
    }
    match public_url {
        Some(address) => Ok(Way { own: String::new(), above: format!("{}/", address.trim_end_matches('/')) }),
        None => Err(format!(
            "{} does not lie below {}, so that hits could not lead to its pages; give a folder below it with --out, or \
             say in mcdewey.toml where the site lives: public_url = \"https://…\"",
            index.display(),
            site.display()
        )),
    }
}

/// The path with links followed as far as it exists, and without `..` in the rest.
fn whole(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut rest = Vec::new();
    for above in path.ancestors() {
        if let Ok(real) = above.canonicalize() {
            return rest.into_iter().rev().fold(real, |mut path: PathBuf, part| {
                if part == Component::ParentDir {
                    path.pop();
                } else {
                    path.push(part);
                }
                path
            });
        }
        rest.extend(above.components().next_back());
    }
    path
}

/// The script: the search box of this build, and its style.
pub fn script(app_base: &str) -> String {
    let base = app_base.split('/').map(url::encode).collect::<Vec<_>>().join("/");
    format!(
        "// The search box of McDewey, for any page of this site:\n\
         //   <script type=\"module\" src=\"{FOLDER}/{SCRIPT}\"></script>\n\
         //   <mcdewey-search></mcdewey-search>\n\
         // or, for a button that opens it in a dialog:\n\
         //   <mcdewey-search-button shortcut=\"/ mod+k\">Search</mcdewey-search-button>\n\
         import \"./{base}/embed.js\";\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_finds_the_pages() {
        let root = tempfile::tempdir().unwrap();
        let site = root.path().join("public");
        std::fs::create_dir(&site).unwrap();
        for (index, own, above) in [
            ("public/mcdewey", "mcdewey", "../"),
            ("public/a/b", "a/b", "../../"),
            ("public/../public/x", "x", "../"),
        ] {
            let found = way(&site, &root.path().join(index), None).unwrap();
            assert_eq!((found.own.as_str(), found.above.as_str()), (own, above), "{index}");
        }
        let outside = root.path().join("elsewhere");
        assert!(way(&site, &outside, None).unwrap_err().contains("public_url"));
        assert!(way(&site, &site, None).is_err(), "the site itself is never replaced");
        assert_eq!(way(&site, &outside, Some("https://x.org/docs")).unwrap().above, "https://x.org/docs/");
    }
}
