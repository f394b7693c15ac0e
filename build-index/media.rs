//! Pictures of the library as the site serves them: named by their content, so that the same picture in eight
//! versions of a manual is stored once and a changed one never meets an old cache.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use crate::tree::Tree;

/// Largest picture that is copied to the site. A larger one is a poster or a mistake, and would be fetched by every
/// reader of its page.
const LARGEST_BYTES: u64 = 64 << 20;

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

    /// Every picture that a page shows, as (path below the library's root, path below the site's root), sorted.
    pub fn shown(&self) -> Vec<(String, String)> {
        let shown = self.pictures.iter().filter_map(|(source, cell)| {
            let picture = cell.get()?.as_ref().ok()?;
            Some(((*source).to_owned(), picture.url.clone()))
        });
        shown.collect()
    }
}

fn look(tree: &Tree, source: &str) -> Result<Picture, String> {
    let path = tree.root.join(source);
    let cannot = |error: std::io::Error| format!("the picture {source} could not be read: {error}");
    let bytes = std::fs::metadata(&path).map_err(cannot)?.len();
    if bytes > LARGEST_BYTES {
        return Err(format!(
            "the picture {source} has {} MB, more than the {} MB that are copied; make it smaller",
            bytes >> 20,
            LARGEST_BYTES >> 20
        ));
    }
    let data = std::fs::read(&path).map_err(cannot)?;
    let mut name: String = Sha256::digest(&data).iter().map(|byte| format!("{byte:02x}")).collect();
    name.truncate(NAME_DIGITS);
    let size = imagesize::blob_size(&data)
        .ok()
        .and_then(|size| Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?)))
        .filter(|(width, height)| *width > 0 && *height > 0);
    Ok(Picture { url: format!("media/{name}.{}", extension(source).unwrap_or("bin")), size })
}

/// The extension of a picture that browsers show, in lower case.
fn extension(source: &str) -> Option<&'static str> {
    let (_, extension) = source.rsplit_once('.')?;
    ["apng", "avif", "bmp", "gif", "ico", "jpeg", "jpg", "png", "svg", "webp"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(extension))
}
