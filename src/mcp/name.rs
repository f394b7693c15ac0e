//! What does this id, uri or link name?
//!
//! | form | example |
//! |---|---|
//! | id of a chunk | `finesse::v12.5::developer-guide::developer-guide::112` |
//! | id of a document | `finesse::v12.5::developer-guide::developer-guide` |
//! | permalink, whole or below the site's root | `finesse/v12.5/developer-guide/#page-128` |
//! | source | `finesse/v12.5/developer-guide/developer-guide.md` |
//! | uri | `mcdewey://page/finesse::v12.5::developer-guide::developer-guide/128` |
//!
//! Whatever a tool emits is one of these, and every tool that reads takes all of them. Names are looked up in the
//! catalogs of the versions whose folders they begin with, and only if that fails in all of them; nothing is made of
//! a name but comparisons, so `..` in it leads nowhere.

use mcdewey_format::catalog::{Catalog, Listed};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::shelf::Shelf;
use crate::{Halt, quote, select};

/// What every uri begins with.
pub(crate) const SCHEME: &str = "mcdewey://";

/// Characters of a uri's parts that stay as they are.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b':').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A place in the library.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot<'a> {
    /// Number of its scope.
    pub scope: usize,
    /// The scope's catalog.
    pub catalog: &'a Catalog,
    /// The document.
    pub document: &'a Listed,
    /// The chunk's place in the document, where one is named.
    pub chunk: Option<u32>,
    /// Whether that chunk took the place of the one that is named, which is gone.
    pub moved: bool,
    /// The page, where one is named.
    pub page: Option<u32>,
    /// The picture of the page, from 1, where one is named.
    pub image: Option<u32>,
}

/// The uri of a document.
pub(crate) fn document_uri(stem: &str) -> String {
    format!("{SCHEME}document/{}", part(stem))
}

/// The uri of a picture of a page.
pub(crate) fn image_uri(stem: &str, page: u32, image: u32) -> String {
    format!("{SCHEME}image/{}/{page}/{image}", part(stem))
}

fn part(text: &str) -> String {
    utf8_percent_encode(text, KEPT).to_string()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The place that `name` names.
///
/// # Errors
/// A sentence for the agent when there is no such place, with what there is.
pub(crate) fn resolve<'a>(shelf: &Shelf<'a>, name: &str) -> Result<Spot<'a>, Halt> {
    let name = name.trim().trim_matches(['"', '\'', '`', '<', '>']);
    match name.strip_prefix(SCHEME) {
        Some(rest) => by_uri(shelf, name, rest),
        None => by_name(shelf, name),
    }
}

fn by_uri<'a>(shelf: &Shelf<'a>, name: &str, rest: &str) -> Result<Spot<'a>, Halt> {
    let parts: Vec<&str> = rest.split('/').collect();
    let number = |text: &str| text.parse::<u32>().ok().filter(|&number| number > 0);
    let wrong = || {
        Halt::Refuse(format!(
            "“{}”: expected {SCHEME}document/…, page/…/128, image/…/128/1 or chunk/…, as search_docs gives them",
            quote::line(name, 120)
        ))
    };
    match parts[..] {
        ["document" | "chunk", id] => by_name(shelf, &decoded(id)),
        ["page", id, page] => {
            let page = number(page).ok_or_else(wrong)?;
            at_page(by_name(shelf, &decoded(id))?, page)
        }
        ["image", id, page, image] => {
            let (page, image) = number(page).zip(number(image)).ok_or_else(wrong)?;
            let spot = by_name(shelf, &decoded(id))?;
            let spot = if spot.document.page_of.is_empty() { spot } else { at_page(spot, page)? };
            Ok(Spot { image: Some(image), ..spot })
        }
        _ => Err(wrong()),
    }
}

/// The same document at a page of it.
///
/// # Errors
/// A sentence for the agent when it has no such page.
pub(crate) fn at_page(spot: Spot<'_>, page: u32) -> Result<Spot<'_>, Halt> {
    let Some((first, last)) = spot.document.pages() else {
        return Err(Halt::Refuse(format!(
            "{} has no pages, only sections; get_outline lists them",
            spot.document.stem
        )));
    };
    let chunks = spot.document.on_pages(page, page);
    if chunks.is_empty() {
        let near = spot.document.page_of.iter().min_by_key(|known| known.abs_diff(page));
        let near = near.map_or(String::new(), |near| format!("; the nearest page with text is {near}"));
        return Err(Halt::Refuse(format!(
            "{} has no text on page {page}; its pages are {first} to {last} (physical, not printed numbers){near}",
            spot.document.stem
        )));
    }
    Ok(Spot { chunk: Some(chunks.start), page: Some(page), ..spot })
}

fn by_name<'a>(shelf: &Shelf<'a>, name: &str) -> Result<Spot<'a>, Halt> {
    let path = below_root(shelf, name)?;
    let (path, anchor) = path.split_once('#').map_or((path, None), |(path, anchor)| (path, Some(anchor)));
    let wanted = Wanted::of(path);
    let (near, far): (Vec<usize>, Vec<usize>) =
        (0..shelf.boot.scopes.len()).partition(|&scope| wanted.may_be_in(&shelf.boot.scopes[scope]));
    for scopes in [&near, &far] {
        let catalogs = shelf.catalogs(scopes)?;
        let documents = scopes.iter().zip(catalogs).flat_map(|(&scope, catalog)| {
            catalog.documents.iter().map(move |document| (scope, catalog, document))
        });
        for (scope, catalog, document) in documents {
            let Some(number) = wanted.names(document) else { continue };
            let found = number.map(|number| document.find(number));
            if found == Some(None) {
                return Err(Halt::Refuse(format!(
                    "{}: the document has no such chunk; get_outline lists its headings",
                    quote::line(name, 200)
                )));
            }
            let (chunk, moved) = found.flatten().map_or((None, false), |(place, moved)| (Some(place), moved));
            let spot = Spot { scope, catalog, document, chunk, moved, page: None, image: None };
            return match anchor.filter(|anchor| !anchor.is_empty()) {
                Some(anchor) => at_anchor(spot, &decoded(anchor)),
                None => Ok(spot),
            };
        }
    }
    Err(Halt::Refuse(nothing(shelf, name, path, &near)?))
}

/// A link without the address of the site; anything else as it is.
fn below_root<'n>(shelf: &Shelf<'_>, name: &'n str) -> Result<&'n str, Halt> {
    if !(name.starts_with("http://") || name.starts_with("https://")) {
        return Ok(name.trim_start_matches("./").trim_start_matches('/'));
    }
    let base = shelf.place.base.as_deref().unwrap_or_default();
    match name.strip_prefix(base).filter(|_| !base.is_empty()) {
        Some(path) => Ok(path),
        None => {
            let where_to = match base {
                "" => "its links are relative, such as product/version/document/#page-12".to_owned(),
                base => format!("its links begin with {base}"),
            };
            Err(Halt::Refuse(format!("“{}” is no page of this library; {where_to}", quote::line(name, 120))))
        }
    }
}

fn at_anchor<'a>(spot: Spot<'a>, anchor: &str) -> Result<Spot<'a>, Halt> {
    if let Some(page) = anchor.strip_prefix("page-").and_then(|page| page.parse().ok())
        && !spot.document.page_of.is_empty()
    {
        return at_page(spot, page);
    }
    if anchor == "page-1" {
        return Ok(spot);
    }
    let heading = spot.document.outline.iter().find(|heading| heading.anchor == anchor);
    match heading {
        Some(heading) => Ok(Spot { chunk: Some(heading.chunk), ..spot }),
        None => Err(Halt::Refuse(format!(
            "{} has no place “#{}”; get_outline lists its headings",
            spot.document.stem,
            quote::line(anchor, 80)
        ))),
    }
}

/// A name taken apart for comparison.
struct Wanted {
    /// As it was given, without trailing slash, in lower case.
    whole: String,
    /// The same decoded.
    plain: String,
    /// Its folders.
    parts: Vec<String>,
}

impl Wanted {
    fn of(path: &str) -> Self {
        let path = path.split('?').next().unwrap_or(path);
        let path = path.strip_suffix("index.html").unwrap_or(path);
        let whole = path.trim_end_matches('/').to_lowercase();
        let plain = decoded(&whole).to_lowercase();
        let parts = plain.replace("::", "/").split('/').map(str::to_owned).collect();
        Self { whole, plain, parts }
    }

    /// Whether it begins with the folders of a version.
    fn may_be_in(&self, scope: &mcdewey_format::scope::Scope) -> bool {
        let levels = [&scope.vendor, &scope.product, &scope.version];
        let levels: Vec<String> =
            levels.iter().filter(|level| !level.is_empty()).map(|level| level.to_lowercase()).collect();
        self.parts.starts_with(&levels)
    }

    /// Whether it names this document, and what the id of the chunk of it ends with.
    fn names(&self, document: &Listed) -> Option<Option<u32>> {
        let stem = document.stem.to_lowercase();
        let is = |name: &str| !name.is_empty() && (self.plain == name || self.whole == name);
        let url = document.url.trim_end_matches('/').to_lowercase();
        // The library's own README has the empty address.
        if is(&stem)
            || is(&url)
            || is(&document.source.to_lowercase())
            || (self.whole.is_empty() && url.is_empty())
        {
            return Some(None);
        }
        let (front, ordinal) = self.plain.rsplit_once("::")?;
        let ordinal = ordinal.parse().ok()?;
        (front == stem).then_some(Some(ordinal))
    }
}

/// The sentence for a name that nothing has, with names that are like it.
fn nothing(shelf: &Shelf<'_>, name: &str, path: &str, near: &[usize]) -> Result<String, Halt> {
    let shown = quote::line(name, 160);
    let last = decoded(path).to_lowercase().replace("::", "/");
    let words: Vec<&str> = last.split('/').rev().filter(|word| word.len() > 2).take(2).collect();
    let catalogs = shelf.catalogs(near)?;
    let documents = catalogs.iter().flat_map(|catalog| &catalog.documents);
    let alike =
        documents.filter(|document| words.iter().any(|word| document.stem.to_lowercase().contains(word)));
    let alike: Vec<&str> = alike.map(|document| document.stem.as_str()).take(5).collect();
    Ok(match alike.is_empty() {
        false => format!("The library has nothing named “{shown}”. Documents like it: {}.", alike.join(", ")),
        true => {
            let products = select::products(shelf);
            let names: Vec<&str> = products.iter().map(|product| product.name.as_str()).collect();
            format!(
                "The library has nothing named “{shown}”. It has the products {}; search_docs and browse_library give \
                 ids that exist.",
                select::list(&names)
            )
        }
    })
}
