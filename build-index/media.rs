//! Pictures of the library as the site serves them: named by their content, so that the same picture in eight
//! versions of a manual is stored once and a changed one never meets an old cache.
//!
//! Some are files of the library, others were made while it was read, such as those inside PDFs; the latter wait in a
//! folder of the build ([`Spool`]), so that a library's pictures never have to fit into memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use crate::svg;
use crate::tree::Tree;

/// Largest picture that is copied to the site. A larger one is a poster or a mistake, and would be fetched by every
/// reader of its page.
const LARGEST_BYTES: u64 = 64 << 20;

/// Where pictures are published, below the site's root.
pub const FOLDER: &str = "media/";

/// Characters of the content hash in a name: 64 bits, no collision in any library a disk can hold.
const NAME_DIGITS: usize = 16;

/// A picture, looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// `media/0f3c….png`, below the site's root.
    pub url: String,
    /// Pixel size, where the file told it.
    pub size: Option<(u32, u32)>,
}

/// A picture as it goes to the site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shown {
    /// How documents name it: its path below the library's root; for one inside a PDF, the PDF's path and a name.
    pub source: String,
    /// Where it is published, below the site's root.
    pub url: String,
    /// Where its bytes are now.
    pub file: PathBuf,
}

/// The library's pictures; each is read at most once, when a page first shows it.
#[derive(Debug, Default)]
pub struct Media<'a> {
    tree: Option<&'a Tree>,
    pictures: BTreeMap<&'a str, OnceLock<Result<Picture, String>>>,
}

impl<'a> Media<'a> {
    /// The pictures of this library.
    pub fn of(tree: &'a Tree) -> Self {
        let pictures = tree
            .assets
            .iter()
            .filter(|asset| extension(asset).is_some())
            .map(|asset| (asset.as_str(), OnceLock::new()))
            .collect();
        Self { tree: Some(tree), pictures }
    }

    /// The picture at this path below the root: `None` if there is none, an error in words if it cannot be shown.
    pub fn picture(&self, source: &str) -> Option<Result<&Picture, &str>> {
        let cell = self.pictures.get(source)?;
        let tree = self.tree?;
        Some(cell.get_or_init(|| look(tree, source)).as_ref().map_err(String::as_str))
    }

    /// Every picture of the library that a page shows, sorted.
    pub fn shown(&self) -> Vec<Shown> {
        let shown = self.pictures.iter().filter_map(|(source, cell)| {
            let picture = cell.get()?.as_ref().ok()?;
            let file = self.tree?.root.join(source);
            Some(Shown { source: (*source).to_owned(), url: picture.url.clone(), file })
        });
        shown.collect()
    }
}

/// The pictures inside documents that `folder` holds, of all that pages show, sorted. `mark` stands between the
/// document's path and the picture's name.
pub fn spooled<'s>(folder: &Path, mark: char, sources: impl Iterator<Item = &'s str>) -> Vec<Shown> {
    let shown = sources.filter_map(|source| {
        let (_, name) = source.rsplit_once(mark)?;
        let file = folder.join(name);
        file.is_file().then(|| Shown { source: source.to_owned(), url: format!("{FOLDER}{name}"), file })
    });
    shown.collect::<BTreeSet<Shown>>().into_iter().collect()
}

/// The folder in which pictures wait to be published. It is gone when the build is over.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
}

impl Spool {
    /// An empty folder beside the place of the site; what a killed build left there is removed.
    ///
    /// # Errors
    /// A sentence for people when the folder cannot be made.
    pub fn beside(site: &Path) -> Result<Self, String> {
        let name = site.file_name().unwrap_or_default().to_string_lossy();
        let folder = site.with_file_name(format!(".{name}.pictures"));
        let cannot = |error: std::io::Error| format!("{} could not be prepared: {error}", folder.display());
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(cannot)?;
        }
        fs::create_dir_all(&folder).map_err(cannot)?;
        Ok(Self { folder })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next build.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn look(tree: &Tree, source: &str) -> Result<Picture, String> {
    let path = tree.root.join(source);
    let cannot = |error: std::io::Error| format!("the picture {source} could not be read: {error}");
    let bytes = fs::metadata(&path).map_err(cannot)?.len();
    if bytes > LARGEST_BYTES {
        return Err(format!(
            "the picture {source} has {} MB, more than the {} MB that are copied; make it smaller",
            bytes >> 20,
            LARGEST_BYTES >> 20
        ));
    }
    let data = fs::read(&path).map_err(cannot)?;
    let is_svg = extension(source) == Some("svg");
    if let Some(what) = is_svg.then(|| svg::code(&data)).flatten() {
        return Err(format!(
            "the picture {source} holds {what}, which would run for who opens it by itself; save it without"
        ));
    }
    let name = content_name(&data, extension(source).unwrap_or("bin"));
    let drawn = || is_svg.then(|| svg::size(&data)).flatten();
    let size = imagesize::blob_size(&data)
        .ok()
        .and_then(|size| Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?)))
        .or_else(drawn)
        .filter(|(width, height)| *width > 0 && *height > 0);
    Ok(Picture { url: format!("{FOLDER}{name}"), size })
}

/// The name of a picture with this content: `0f3c….png`.
pub fn content_name(bytes: &[u8], extension: &str) -> String {
    let mut name: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    name.truncate(NAME_DIGITS);
    format!("{name}.{extension}")
}

/// The extension of a picture that browsers show, in lower case.
fn extension(source: &str) -> Option<&'static str> {
    let (_, extension) = source.rsplit_once('.')?;
    ["apng", "avif", "bmp", "gif", "ico", "jpeg", "jpg", "png", "svg", "webp"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(extension))
}
