//! The pages of the site, as files: everything a visitor reads, finished before the visitor comes.
//!
//! ```text
//! Site (values) ──► Shelves (vendor → product → version → manuals, with counts)
//!       │                │
//!       └───── render ───┴──► SiteFile { path, bytes } …   no I/O, one manual in memory at a time
//! ```
//!
//! Search is an enhancement: every page is whole without JavaScript, every link is relative so that the site works
//! under any sub-path, and the search form of each header leads to `search/`, where the script takes over. The same
//! values give the same bytes, so a rebuild changes only what changed.

mod agents;
mod away;
mod enlarge;
mod fit;
mod headings;
mod highlight;
mod home;
mod layout;
mod leaf;
mod leaves;
mod listing;
mod manual;
mod markdown;
mod missing;
mod moved;
mod parts;
mod plain;
mod playground;
mod rebase;
mod report;
mod search;
mod shelves;

use std::borrow::Cow;

use mcdewey_format::registry::KnownDocument;
use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};

use crate::chunk::Chunk;
use crate::document::{self, Document};
use crate::texts::Texts;
use crate::url;

use parts::Parts;
pub use report::page as report_page;
use shelves::Shelves;

/// All that the pages need to know about a library.
#[derive(Clone)]
pub struct Site<'a> {
    /// The library's name, shown in the header and in titles.
    pub name: &'a str,
    /// One sentence about the library, for the home page and for link previews.
    pub description: &'a str,
    /// BCP 47 tag of the manuals that do not name their own.
    pub language: &'a str,
    /// The words around the manuals.
    pub texts: &'a Texts,
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
    /// Finds the bodies of a manual's pages; none if every manual has them.
    pub whole: Option<Whole<'a>>,
}

/// The document of the manual at a place, with the bodies of its pages, or why it cannot be had.
pub type Whole<'a> = &'a (dyn Fn(usize) -> Result<Document, String> + Sync);

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

/// What takes a file of the site, or says why it cannot.
pub type Put<'a> = &'a mut dyn FnMut(SiteFile) -> Result<(), String>;

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

impl<'a> Site<'a> {
    /// A site of nothing, for tests.
    #[cfg(test)]
    fn bare(texts: &'a Texts) -> Self {
        Self {
            name: "Manuals",
            description: "",
            language: "en",
            texts,
            public_url: None,
            app_base: "app/0",
            pictures: &[],
            originals: false,
            single_pages: true,
            manuals: Vec::new(),
            whole: None,
        }
    }

    /// Where a picture of the library is published, below the site's root.
    pub fn picture(&self, source: &str) -> Option<&str> {
        let at = self.pictures.binary_search_by(|(from, _)| from.as_str().cmp(source)).ok()?;
        Some(&self.pictures[at].1)
    }

    /// What the manual at a place says, all of it.
    fn whole(&self, at: usize) -> Result<Cow<'_, Document>, String> {
        match self.whole {
            Some(whole) => whole(at).map(Cow::Owned),
            None => Ok(Cow::Borrowed(self.manuals[at].document)),
        }
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

/// Gives every file of the site to `put`, one at a time, in a fixed order.
///
/// # Errors
/// What `put` or [`Site::whole`] says.
pub fn render(site: &Site<'_>, put: Put<'_>) -> Result<(), String> {
    let shelves = Shelves::of(&site.manuals);
    let own = site.manuals.iter().position(|manual| manual.url.is_empty());
    let own = own.map(|at| Ok::<_, String>((at, site.whole(at)?))).transpose()?;
    let own = own.as_ref().map(|(at, whole)| Manual { document: whole, ..site.manuals[*at] });
    let mut files = vec![
        SiteFile::page("", home::page(site, &shelves, own.as_ref())),
        SiteFile::page("search/", search::page(site, &shelves)),
        SiteFile::page(layout::PLAYGROUND, playground::page(site)),
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
    files.into_iter().try_for_each(&mut *put)?;
    markdown::full(site, &shelves, put)?;
    (0..site.manuals.len()).try_for_each(|at| of_manual(site, &shelves, at, put))?;
    moved::pages(site, &shelves).into_iter().try_for_each(put)
}

/// A manual as its pages are written: with its place in the site, cut, and with what each page shows.
#[derive(Clone, Copy)]
struct Told<'a> {
    site: &'a Site<'a>,
    shelves: &'a Shelves<'a>,
    at: usize,
    manual: &'a Manual<'a>,
    parts: &'a Parts<'a>,
    bodies: &'a [String],
}

/// The pages of one manual: the whole, and each of its own; as HTML and as Markdown.
fn of_manual(site: &Site<'_>, shelves: &Shelves<'_>, at: usize, put: Put<'_>) -> Result<(), String> {
    let document = &*site.whole(at)?;
    let manual = &Manual { document, ..site.manuals[at] };
    let mut put = |file: SiteFile| put(file.of(manual.vendor, manual.product));
    put(markdown::file(site, manual))?;
    if !manual.url.is_empty() {
        let bodies = bodies(site, manual.document);
        let parts = Parts::of(manual.document, &bodies);
        let told = Told { site, shelves, at, manual, parts: &parts, bodies: &bodies };
        manual::pages(&told, &mut put)?;
        leaf::pages(&told, &mut put)?;
    }
    Ok(())
}

/// The HTML of a manual's pages as readers get it: what was read, with what looking at it takes.
fn bodies(site: &Site<'_>, document: &Document) -> Vec<String> {
    let shares = highlight::shares(document.pages.iter().map(|leaf| leaf.html.as_str()));
    let body = |(leaf, share): (&document::Page, _)| {
        highlight::highlight(&enlarge::enlarge(site, &leaf.html), share)
    };
    document.pages.par_iter().zip(shares).map(body).collect()
}

#[cfg(test)]
mod tests;
