//! PDF → [`Document`]: physical pages with their text in reading order, their headings, tables, code and pictures.
//!
//! ```text
//! bytes ──hayro──► marks of one page: glyphs, rules, pictures, links
//!                    │  lines      glyphs → fragments; blanks are told from gaps
//!                    │  tables     fragments in ruled grids → cells
//!                    ▼  order      fragments → rows in reading order
//!              rows of all pages
//!                    │  headings   by the outline, else by type
//!                    │  running    heads and feet set aside
//!                    ▼  words      which hyphens are the typesetter's
//!                 pieces (blocks): paragraphs, items, code, tables
//!                    ▼  shown
//!              sections and HTML
//! ```
//!
//! All rows are kept until all pages are read, because what recurs and which words exist is known only then.
//!
//! `read` runs where it is called. It returns for every file, but a hostile one may first take minutes and gigabytes;
//! `worker` puts it into a process of its own that may be killed.

pub mod limits;
pub mod worker;

mod blocks;
mod device;
mod faces;
mod headings;
mod lines;
mod links;
mod marks;
mod order;
mod outline;
mod pictures;
mod places;
mod png;
mod running;
mod shown;
mod tables;
mod told;
mod whole;
mod words;

use std::path::Path;

use hayro_interpret::kurbo::Rect;
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, TransformExt, interpret_page};
use hayro_syntax::object::Dict;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use crate::document::{Document, Image, Note, Page};
use device::Notebook;
use faces::Faces;
use limits::{DOCUMENT_GLYPHS, MOST_PAGES};
use links::PageLinks;
use marks::{Area, Placed};
use order::{Role, Row};
use pictures::Pictures;
use places::Places;
use words::Words;

pub use worker::Readers;

/// Between a document's path and the name of one of its pictures, in [`Image::source`].
pub const PICTURE_MARK: char = '#';

/// A page between being read and being written.
#[derive(Debug, Default)]
struct Leaf {
    /// Width and height of what is seen of it, in points.
    extent: (f32, f32),
    /// Its rows in reading order.
    rows: Vec<Row>,
    /// Its tables; each is named by one of the rows.
    tables: Vec<tables::Table>,
    /// Its links.
    links: PageLinks,
    /// Its pictures.
    pictures: Vec<Placed>,
    /// A picture of the whole page, where its text alone does not do.
    whole: Option<usize>,
    /// Drawing operations that are no rules.
    drawings: u32,
    /// Whether its text can only be seen.
    needs_ocr: bool,
    /// Whether it has more text than is read of one page.
    cut: bool,
    /// Whether it has a table that is kept as lines of text.
    loses_table: bool,
}

/// Reads a PDF. `pictures` is the folder that its pictures are put into; without one it has none.
///
/// # Errors
/// The note that says why there is no document.
pub fn read(bytes: Vec<u8>, source: &str, pictures: Option<&Path>) -> Result<Document, Note> {
    read_told(bytes, source, pictures, &|_| {})
}

/// As [`read`]; `known` is told the number of pages as soon as it is known.
fn read_told(
    bytes: Vec<u8>,
    source: &str,
    pictures: Option<&Path>,
    known: &dyn Fn(usize),
) -> Result<Document, Note> {
    let pdf = open(bytes)?;
    let all = pdf.pages().len();
    if all == 0 {
        return Err(told::no_pages());
    }
    known(all);
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()).unwrap_or_default();
    let places = Places::of(&pdf, &catalog);
    let mut pictures = Pictures::new(pictures);
    let mut leaves = leaves(&pdf, &places, &mut pictures);
    whole::add(&pdf, &mut leaves, &mut pictures);
    headings::mark(&mut leaves, &outline::entries(&catalog, &places));
    running::mark(&mut leaves);
    let title = outline::title(&pdf).or_else(|| told::first_title(&leaves));
    let title = title.unwrap_or_else(|| crate::url::readable_name(source));
    Ok(Document {
        source: source.to_owned(),
        title,
        language: outline::language(&catalog),
        notes: told::notes(&leaves, all, pictures.lost),
        pages: written(leaves, &outline::labels(&catalog, all), source, &pictures),
        paged: true,
        ..Document::default()
    })
}

/// Whether a PDF of this many bytes is read at all.
///
/// # Errors
/// The note that says why not.
pub fn check_size(bytes: u64) -> Result<(), Note> {
    if bytes > limits::LARGEST_FILE_BYTES { Err(told::too_large(bytes)) } else { Ok(()) }
}

fn open(bytes: Vec<u8>) -> Result<Pdf, Note> {
    Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => told::locked(),
        LoadPdfError::Decryption(_) => told::odd_encryption(),
        LoadPdfError::Invalid => told::damaged(),
    })
}

/// All pages, each read once.
fn leaves(pdf: &Pdf, places: &Places<'_>, pictures: &mut Pictures) -> Vec<Leaf> {
    let settings = InterpreterSettings::default();
    let cache = InterpreterCache::new();
    let mut faces = Faces::new(&settings);
    let mut room = DOCUMENT_GLYPHS;
    let mut leaves = Vec::new();
    for page in pdf.pages().iter().take(MOST_PAGES) {
        let links = PageLinks::of(page, places);
        let extent = page.render_dimensions();
        let seen = page.initial_transform(true).to_kurbo();
        let area = Rect::new(0.0, 0.0, f64::from(extent.0), f64::from(extent.1));
        let mut context = Context::new(seen, area, &cache, pdf.xref(), settings.clone());
        faces.learn(page.resources());
        let mut notebook = Notebook::new(extent, &mut faces, pictures, &links, &mut room);
        interpret_page(page, &mut context, &mut notebook);
        leaves.push(leaf(notebook.marks, links));
    }
    leaves
}

/// The rows of what stands on a page.
fn leaf(marks: marks::Marks, links: PageLinks) -> Leaf {
    let mut directions = lines::fragments(&marks.glyphs, &marks.rules).into_iter();
    let mut main = directions.next().unwrap_or_default();
    let tables = tables::take(&mut main, &marks.rules);
    let loses_table = tables::leaves_one(&main, &marks.rules);
    let mut rows = order::rows(main);
    // What stands across comes after what is read straight on.
    rows.extend(directions.flat_map(order::rows));
    Leaf {
        extent: marks.extent,
        rows,
        tables,
        links,
        whole: None,
        drawings: marks.drawings,
        needs_ocr: marks.needs_ocr(),
        cut: marks.cut,
        loses_table,
        pictures: marks.pictures,
    }
}

/// The pages as they are indexed and shown.
fn written(leaves: Vec<Leaf>, labels: &[Option<String>], source: &str, pictures: &Pictures) -> Vec<Page> {
    let mut words = Words::default();
    let mut headings = Vec::new();
    for row in leaves.iter().flat_map(|leaf| &leaf.rows) {
        match &row.role {
            Role::Running => continue,
            Role::Heading { title, .. } => headings.push(title.clone()),
            Role::Text | Role::HeadingGoesOn => {}
        }
        words.learn(row);
    }
    let mut writer = shown::Writer::new(&headings, leaves.len());
    (1..)
        .zip(leaves)
        .map(|(number, leaf)| {
            let label = labels.get(number as usize - 1).cloned().flatten();
            let mut page = Page { number, label, ..Page::default() };
            writer.write(&mut page, &blocks::pieces(&leaf, &words), &leaf.links);
            page.images = images(&leaf, number, source, pictures);
            page
        })
        .collect()
}

/// The pictures of a page in reading order, each once; the picture of the page itself comes last.
fn images(leaf: &Leaf, number: u32, source: &str, pictures: &Pictures) -> Vec<Image> {
    let mut placed: Vec<&Placed> = leaf.pictures.iter().collect();
    let corner = |area: &Area| (area.top, area.left);
    placed.sort_by(|a, b| corner(&a.area).partial_cmp(&corner(&b.area)).unwrap_or(std::cmp::Ordering::Equal));
    let mut shown: Vec<(usize, String)> = Vec::new();
    for placed in placed {
        if shown.iter().all(|(known, _)| *known != placed.picture) {
            shown.push((placed.picture, String::new()));
        }
    }
    shown.extend(leaf.whole.map(|whole| (whole, format!("Page {number} as it is printed"))));
    let image = |(picture, alt): (usize, String)| {
        let stored = pictures.get(picture)?;
        Some(Image { source: format!("{source}{PICTURE_MARK}{}", stored.name), alt, size: Some(stored.size) })
    };
    shown.into_iter().filter_map(image).collect()
}
