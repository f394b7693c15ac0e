//! The pages of the site, as files: everything a visitor reads, finished before the visitor comes.
//!
//! ```text
//! Site (values) ──► Shelves (vendor → product → version → manuals, with counts)
//!       │                │
//!       └───── render ───┴──► SiteFile { path, bytes } …   no I/O, one page in memory at a time
//! ```
//!
//! Search is an enhancement: every page is whole without JavaScript, every link is relative so that the site works
//! under any sub-path, and the search form of each header leads to `search/`, where the script takes over. The same
//! values give the same bytes, so a rebuild changes only what changed.

mod agents;
mod away;
mod fit;
mod headings;
mod home;
mod layout;
mod leaf;
mod listing;
mod manual;
mod markdown;
mod missing;
mod moved;
mod plain;
mod playground;
mod rebase;
mod report;
mod search;
mod shelves;

use mcdewey_format::registry::KnownDocument;

use crate::chunk::Chunk;
use crate::document::Document;
use crate::url;

pub use report::page as report_page;
use shelves::Shelves;

/// All that the pages need to know about a library.
#[derive(Debug, Clone)]
pub struct Site<'a> {
    /// The library's name, shown in the header and in titles.
    pub name: &'a str,
    /// One sentence about the library, for the home page and for link previews.
    pub description: &'a str,
    /// BCP 47 tag of the pages around the manuals; a manual may name its own.
    pub language: &'a str,
    /// Where the site will live, if known: `https://docs.example.com/manuals/`. Gives a sitemap, canonical links and
    /// a 404 page that needs no script.
    pub public_url: Option<&'a str>,
    /// Folder of the scripts and styles below the site's root, named by their content: `app/3f2a9c`.
    pub app_base: &'a str,
    /// Pictures as published: path below the library's root, path below the site's root. Sorted.
    pub pictures: &'a [(String, String)],
    /// Whether each PDF is published beside its pages.
    pub originals: bool,
    /// Whether each page of a paged manual has an address of its own, too.
    pub single_pages: bool,
    /// Every manual, in library order: vendors, products and documents as they are to be listed, versions newest
    /// first.
    pub manuals: Vec<Manual<'a>>,
}

/// One document and its place in the library.
#[derive(Debug, Clone, Copy)]
pub struct Manual<'a> {
    /// Vendor, in libraries that have this level.
    pub vendor: Option<&'a str>,
    /// Product.
    pub product: &'a str,
    /// Version, or empty.
    pub version: &'a str,
    /// Address below the site's root, percent-encoded, with a `/` at its end: `finesse/v12.5/developer-guide/`; unique.
    /// Empty for the library's own `README`, which is shown on the home page.
    pub url: &'a str,
    /// What the file says.
    pub document: &'a Document,
    /// What can be cited.
    pub chunks: &'a [Chunk],
    /// What it was known by before.
    pub known: Option<&'a KnownDocument>,
}

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFile {
    /// Where it goes, below the site's root.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// The product that it is about, as a search names it; none for what is about the whole library.
    pub product: Option<String>,
}

impl Site<'_> {
    /// Where a picture of the library is published, below the site's root.
    pub fn picture(&self, source: &str) -> Option<&str> {
        let at = self.pictures.binary_search_by(|(from, _)| from.as_str().cmp(source)).ok()?;
        Some(&self.pictures[at].1)
    }
}

impl SiteFile {
    fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), bytes: text.into().into_bytes(), product: None }
    }

    /// The same, about a product.
    fn of(self, vendor: Option<&str>, product: &str) -> Self {
        Self { product: Some(layout::scope_name(vendor, product)), ..self }
    }

    /// The page at an address below the root: the address, decoded, and `index.html`.
    fn page(url: &str, html: maud::Markup) -> Self {
        Self::new(format!("{}index.html", url::decode(url)), html.into_string())
    }
}

/// A manual's product as a search names it.
pub fn product_name(manual: &Manual<'_>) -> String {
    layout::scope_name(manual.vendor, manual.product)
}

/// Whether a document is a PDF, which may be published as it is.
pub fn is_original(source: &str) -> bool {
    source.to_lowercase().ends_with(".pdf")
}

/// Where the PDF of the manual at `url` is published, below the site's root: beside the manual's page.
pub fn original_path(url: &str, source: &str) -> String {
    let name = source.rsplit_once('/').map_or(source, |(_, name)| name);
    format!("{}{name}", url::decode(url))
}

/// Every page of the site, one at a time, in a fixed order.
pub fn render<'a>(site: &'a Site<'a>) -> impl Iterator<Item = SiteFile> + 'a {
    let shelves = Shelves::of(&site.manuals);
    let mut files = vec![
        SiteFile::page("", home::page(site, &shelves)),
        SiteFile::page("search/", search::page(site, &shelves)),
        SiteFile::page(playground::URL, playground::page(site)),
        SiteFile::page(away::URL, away::page(site)),
        SiteFile::new("404.html", missing::page(site).into_string()),
        SiteFile::new("llms.txt", plain::llms(site, &shelves)),
        SiteFile::new("robots.txt", plain::robots(site)),
        SiteFile::new("manifest.webmanifest", plain::manifest(site)),
        SiteFile::new("service-worker.js", plain::service_worker(site)),
        SiteFile::page(agents::URL, agents::page(site)),
        agents::definitions(),
    ];
    files.extend(plain::sitemap(site, &shelves).map(|text| SiteFile::new("sitemap.xml", text)));
    files.extend(plain::open_search(site).map(|text| SiteFile::new("opensearch.xml", text)));
    files.extend(listing::pages(site, &shelves));
    files.extend(headings::pages(site, &shelves));
    let versions = markdown::full(site, &shelves);
    let moved = moved::pages(site, &shelves);
    let manuals = (0..site.manuals.len()).flat_map(move |at| of_manual(site, &shelves, at));
    files.into_iter().chain(versions).chain(manuals).chain(moved)
}

/// The pages of one manual: the whole, and each of its own; as HTML and as Markdown.
fn of_manual<'a>(site: &'a Site<'a>, shelves: &Shelves<'a>, at: usize) -> Vec<SiteFile> {
    let manual = &site.manuals[at];
    let mut files = vec![markdown::file(site, manual)];
    if !manual.url.is_empty() {
        files.push(SiteFile::page(manual.url, manual::page(site, shelves, at)));
        files.extend(leaf::pages(site, shelves, at));
    }
    files.into_iter().map(|file| file.of(manual.vendor, manual.product)).collect()
}

#[cfg(test)]
mod tests;
