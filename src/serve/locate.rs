//! From the path of a request to a file of the site, and to nothing else on the disk.
//!
//! ```text
//! /guide/a%20b.html ─split─► "guide" "a%20b.html" ─decode─► "guide" "a b.html" ─join─► SITE/guide/a b.html
//!                                                  │                             │
//!                                                  └─ `..`, a slash, NUL: no     └─ real path outside SITE: no
//! ```
//!
//! Two gates, because either alone has been walked around elsewhere: a name is refused for what it spells, and a
//! file is refused for where it really is (a symbolic link may point anywhere).

use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;

/// What a request's path names.
#[derive(Debug, PartialEq, Eq)]
pub enum Located {
    /// A file inside the site, by its real path.
    File(PathBuf),
    /// A folder asked for without its slash; the path to ask for instead, still percent-encoded.
    Folder(String),
    /// Nothing that the site serves.
    Nothing,
}

/// Finds what `path` (as it came over the wire, percent-encoded) names below `site`.
///
/// The site's real path is looked up each time: a rebuild may put another folder in its place while we serve.
pub fn locate(site: &Path, path: &str) -> Located {
    let Some(relative) = relative(path) else { return Located::Nothing };
    let Ok(root) = site.canonicalize() else { return Located::Nothing };
    let Some(found) = within(&root, &root.join(relative)) else { return Located::Nothing };
    if found.is_file() && !path.ends_with('/') {
        return Located::File(found);
    }
    if !found.is_dir() {
        return Located::Nothing;
    }
    if !path.ends_with('/') {
        return Located::Folder(format!("{path}/"));
    }
    match within(&root, &found.join("index.html")) {
        Some(index) if index.is_file() => Located::File(index),
        _ => Located::Nothing,
    }
}

/// The real path of `file`, if it exists and lies inside `root`, which is a real path itself.
pub(crate) fn within(root: &Path, file: &Path) -> Option<PathBuf> {
    file.canonicalize().ok().filter(|real| real.starts_with(root))
}

/// A request's path as a relative path of plain names, or `None` if any part of it is not a plain name.
fn relative(path: &str) -> Option<PathBuf> {
    let path = path.strip_prefix('/')?;
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.is_empty() {
        return Some(PathBuf::new());
    }
    path.split('/').map(name).collect()
}

/// One decoded part of a path, if it is the name of a file or folder and nothing more.
fn name(part: &str) -> Option<String> {
    let name = percent_decode_str(part).decode_utf8().ok()?.into_owned();
    let mut components = Path::new(&name).components();
    let plain = matches!((components.next(), components.next()), (Some(Component::Normal(only)), None) if only == name.as_str());
    (plain && !name.contains(['\0', '\\'])).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_pass() {
        assert_eq!(relative("/"), Some(PathBuf::new()));
        assert_eq!(relative("/guide/"), Some(PathBuf::from("guide")));
        assert_eq!(relative("/guide/a%20b.html"), Some(PathBuf::from("guide/a b.html")));
        assert_eq!(relative("/%C3%BCber/x"), Some(PathBuf::from("über/x")));
        for refused in [
            "",
            "guide",
            "//guide",
            "/a//b",
            "/../secret",
            "/%2e%2e/secret",
            "/a/..%2fsecret",
            "/a%2fb",
            "/.",
            "/a/./b",
            "/a%00b",
            "/a%5cb",
            "/%ff",
        ] {
            assert_eq!(relative(refused), None, "{refused} must not name a file");
        }
    }
}
