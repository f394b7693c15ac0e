//! Where a source is found on the site, and how one page of the site names another.
//!
//! A page's url is a folder below the site's root, without a leading slash and always ending in one:
//! `finesse/v12.5/developer-guide/`. Links are written relative to the page that holds them, so the same files work
//! at the root of a host, under a sub-path, or from disk behind any plain web server. A url is percent-encoded; the
//! folder on disk is `decode(url)`.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// ASCII characters of a file name that mean something in a URL or in an HTML attribute. Letters outside of ASCII are
/// encoded as well; browsers show them as they were written.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// File names that stand for their folder.
const FOLDER_FILES: [&str; 3] = ["_index", "index", "readme"];

/// The page of a source file: its path without extension; `README`, `index` and `_index` are their folder, and so is
/// a file named as its folder (`developer-guide/developer-guide.md`).
pub fn site_url(source: &str) -> String {
    join(&page_path(source))
}

/// The page of a source file with nothing collapsed, for the second of two files that want one url.
pub fn full_url(source: &str) -> String {
    join(&components(source))
}

/// The path components of `source` without its extension: `["finesse", "v12.5", "guide", "guide"]`.
pub fn components(source: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = source.split('/').filter(|part| !part.is_empty()).collect();
    if let Some(name) = parts.pop() {
        parts.push(without_extension(name));
    }
    parts
}

/// Whether a file of this name, without extension, stands for its folder.
pub fn is_folder_file(stem: &str) -> bool {
    FOLDER_FILES.contains(&stem.to_lowercase().as_str())
}

/// `guide.md` → `guide`; a leading dot is part of the name.
pub fn without_extension(name: &str) -> &str {
    match name.rfind('.') {
        Some(dot) if dot > 0 => &name[..dot],
        _ => name,
    }
}

fn page_path(source: &str) -> Vec<&str> {
    let mut parts = components(source);
    let collapses = match parts.as_slice() {
        [.., folder, name] => is_folder_file(name) || folder == name,
        [name] => is_folder_file(name),
        [] => false,
    };
    if collapses {
        parts.pop();
    }
    parts
}

fn join(parts: &[&str]) -> String {
    let mut url = String::new();
    for part in parts {
        url.push_str(&encode(part));
        url.push('/');
    }
    url
}

/// One path component, percent-encoded where it must be.
pub fn encode(component: &str) -> String {
    utf8_percent_encode(component, RESERVED).to_string()
}

/// A link's path as the file name it means; text that is no valid encoding is left as it is.
pub fn decode(path: &str) -> String {
    percent_decode_str(path).decode_utf8().map_or_else(|_| path.to_owned(), |text| text.into_owned())
}

/// `target` (below the site's root) as a link from the page `page`: `../../jaeger/2.20/`; `./` for the page itself.
pub fn relative(page: &str, target: &str) -> String {
    let from: Vec<&str> = page.split_inclusive('/').collect();
    let to: Vec<&str> = target.split_inclusive('/').collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b && a.ends_with('/')).count();
    let mut link = "../".repeat(from.len() - shared);
    link.extend(to[shared..].iter().copied());
    if link.is_empty() {
        link.push_str("./");
    }
    // `a:b/` would read as a scheme.
    if !link.starts_with('.') && link.split('/').next().is_some_and(|first| first.contains(':')) {
        link.insert_str(0, "./");
    }
    link
}

/// Follows `path` from the folder `folder` (components). `None` if it leaves the root.
pub fn follow(folder: &[&str], path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.to_vec();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// `getting-started.md` → `Getting started`; `README.md` has its folder's name.
pub fn readable_name(source: &str) -> String {
    let mut parts = components(source);
    if parts.len() > 1 && parts.last().is_some_and(|name| is_folder_file(name)) {
        parts.pop();
    }
    let name = parts.pop().unwrap_or_default().replace(['-', '_'], " ");
    let mut letters = name.trim().chars();
    letters
        .next()
        .map_or_else(|| "Untitled".to_owned(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_has_the_page_people_expect() {
        for (source, url) in [
            ("finesse/v12.5/developer-guide/developer-guide.md", "finesse/v12.5/developer-guide/"),
            ("cncf/etcd/v3.6/_index.md", "cncf/etcd/v3.6/"),
            ("a/README.md", "a/"),
            ("README.md", ""),
            ("guide.md", "guide/"),
            ("a/notes.v2.md", "a/notes.v2/"),
            ("a/What is it?.md", "a/What%20is%20it%3F/"),
            ("ab/Größe 1.md", "ab/Gr%C3%B6%C3%9Fe%201/"),
        ] {
            assert_eq!(site_url(source), url, "{source}");
        }
        assert_eq!(full_url("a/index.md"), "a/index/");
    }

    #[test]
    fn links_climb_only_as_far_as_they_must() {
        for (page, target, link) in [
            ("a/b/", "a/c/", "../c/"),
            ("a/b/", "a/b/", "./"),
            ("a/b/", "a/b/c/", "c/"),
            ("a/b/", "", "../../"),
            ("", "a/", "a/"),
            ("a/b/", "media/0f.png", "../../media/0f.png"),
            ("", "a:b/", "./a:b/"),
        ] {
            assert_eq!(relative(page, target), link, "{page} → {target}");
        }
    }

    #[test]
    fn no_path_leaves_the_root() {
        assert_eq!(follow(&["a", "b"], "../c/./d.md").as_deref(), Some("a/c/d.md"));
        assert_eq!(follow(&["a"], "../../etc/passwd"), None);
        assert_eq!(follow(&[], ".."), None);
    }
}
