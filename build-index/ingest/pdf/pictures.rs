//! A document's pictures → files that browsers show, each stored once.
//!
//! ```text
//! plain RGB or grey JPEG ──────────────► .jpg, byte for byte
//! everything else ──decode, soft mask──► .png, halved until it fits, at most 256 colours as a palette
//! ```
//!
//! A file is named by what it holds, so the same logo on 500 pages, in two manuals or in eight versions is one file.

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use hayro_interpret::{Image, ImageData, LumaData, RasterImage, StencilImage};
use hayro_syntax::Filter;
use hayro_syntax::object::{Name, Object, ObjectIdentifier, Stream};

use super::limits;
use super::png::{Pixels, encode};
use crate::media;

/// A picture as it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its file in the folder: `0f3c….png`.
    pub name: String,
    /// Its width and height in pixels.
    pub size: (u32, u32),
}

/// The pictures of one document.
#[derive(Debug)]
pub struct Pictures {
    folder: Option<PathBuf>,
    stored: Vec<Stored>,
    by_name: HashMap<String, usize>,
    by_object: HashMap<ObjectIdentifier, Option<usize>>,
    bytes: u64,
    /// Pictures that are not in the site, by reason.
    pub lost: Lost,
}

/// How many pictures were left out, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lost {
    /// Too many pixels.
    pub large: usize,
    /// Damaged, or in a form that is not understood.
    pub damaged: usize,
    /// The document has more than are kept.
    pub beyond: usize,
    /// The disk refused.
    pub unwritten: usize,
}

/// Why a picture was left out.
enum Reason {
    Large,
    Damaged,
    Beyond,
    Unwritten,
}

impl Pictures {
    /// Pictures that are stored in `folder`; without one they are only counted.
    pub fn new(folder: Option<&Path>) -> Self {
        Self {
            folder: folder.map(Path::to_owned),
            stored: Vec::new(),
            by_name: HashMap::new(),
            by_object: HashMap::new(),
            bytes: 0,
            lost: Lost::default(),
        }
    }

    /// Whether pictures are stored at all.
    pub fn are_kept(&self) -> bool {
        self.folder.is_some()
    }

    /// The picture of this number.
    pub fn get(&self, picture: usize) -> Option<&Stored> {
        self.stored.get(picture)
    }

    /// Stores a picture that a page draws. `None` if nobody would see it, or if it cannot be shown.
    pub fn take(&mut self, image: &Image<'_, '_>) -> Option<usize> {
        let (width, height) = (image.width(), image.height());
        if width <= 1 || height <= 1 {
            return None;
        }
        let stream = match image {
            Image::Stencil(stencil) => stencil.stream(),
            Image::Raster(raster) => raster.stream(),
        };
        // Stencils are painted in the colour of the moment, so one object may be several pictures.
        let object = stream.dict().obj_id().filter(|_| matches!(image, Image::Raster(_)));
        if let Some(known) = object.and_then(|object| self.by_object.get(&object)) {
            return *known;
        }
        let kept = self.keep(image);
        let kept = kept.map_err(|reason| self.count(&reason)).ok().flatten();
        if let Some(object) = object {
            self.by_object.insert(object, kept);
        }
        kept
    }

    fn count(&mut self, reason: &Reason) {
        match reason {
            Reason::Large => self.lost.large += 1,
            Reason::Damaged => self.lost.damaged += 1,
            Reason::Beyond => self.lost.beyond += 1,
            Reason::Unwritten => self.lost.unwritten += 1,
        }
    }

    fn keep(&mut self, image: &Image<'_, '_>) -> Result<Option<usize>, Reason> {
        if u64::from(image.width()) * u64::from(image.height()) > limits::PICTURE_PIXELS {
            return Err(Reason::Large);
        }
        if self.folder.is_none() {
            return Ok(None);
        }
        if let Image::Raster(raster) = image
            && let Some(jpeg) = plain_jpeg(raster.stream())
        {
            let size = (raster.width(), raster.height());
            return self.store(&jpeg, "jpg", size).map(Some);
        }
        let pixels = match image {
            Image::Stencil(stencil) => stencil_pixels(stencil),
            Image::Raster(raster) => raster_pixels(raster),
        };
        let pixels = pixels.ok_or(Reason::Damaged)?;
        if pixels.is_invisible() {
            return Ok(None);
        }
        self.store_pixels(pixels).map(Some)
    }

    /// Stores a picture made here, such as that of a whole page.
    pub fn add(&mut self, pixels: Pixels) -> Option<usize> {
        self.folder.as_ref()?;
        self.store_pixels(pixels).map_err(|reason| self.count(&reason)).ok()
    }

    fn store_pixels(&mut self, pixels: Pixels) -> Result<usize, Reason> {
        let mut pixels = pixels;
        while pixels.width.max(pixels.height) > limits::PICTURE_SIDE {
            pixels = pixels.halved();
        }
        let size = (pixels.width, pixels.height);
        let png = encode(&pixels).ok_or(Reason::Damaged)?;
        self.store(&png, "png", size)
    }

    fn store(&mut self, bytes: &[u8], extension: &str, size: (u32, u32)) -> Result<usize, Reason> {
        let name = media::content_name(bytes, extension);
        if let Some(known) = self.by_name.get(&name) {
            return Ok(*known);
        }
        if self.stored.len() >= limits::PICTURES || self.bytes + bytes.len() as u64 > limits::PICTURE_BYTES {
            return Err(Reason::Beyond);
        }
        let folder = self.folder.as_deref().ok_or(Reason::Unwritten)?;
        write_once(folder, &name, bytes).map_err(|_| Reason::Unwritten)?;
        self.bytes += bytes.len() as u64;
        self.stored.push(Stored { name: name.clone(), size });
        self.by_name.insert(name, self.stored.len() - 1);
        Ok(self.stored.len() - 1)
    }
}

/// Writes a file that others may be writing too: whoever comes last puts the same bytes there.
fn write_once(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let place = folder.join(name);
    if place.exists() {
        return Ok(());
    }
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    fs::rename(file.into_temp_path().keep()?, place)
}

/// The bytes of a JPEG that means the same in a browser as in the PDF.
fn plain_jpeg(stream: &Stream<'_>) -> Option<Vec<u8>> {
    let dict = stream.dict();
    let masked =
        [&b"SMask"[..], b"Mask", b"Decode", b"SMaskInData"].into_iter().any(|key| dict.contains_key(key));
    if masked || stream.filters().as_slice() != [Filter::DctDecode] {
        return None;
    }
    let channels = match dict.get::<Object<'_>>(b"ColorSpace")? {
        Object::Name(name) => of_name(&name)?,
        Object::Array(space) => {
            let mut parts = space.iter::<Object<'_>>();
            let kind = parts.next()?.into_name()?;
            match &*kind {
                b"ICCBased" => parts.next()?.into_stream()?.dict().get::<u8>(b"N")?,
                b"CalRGB" => 3,
                b"CalGray" => 1,
                _ => return None,
            }
        }
        _ => return None,
    };
    let data = stream.raw_data();
    let fits = data.len() <= limits::JPEG_BYTES && data.starts_with(&[0xff, 0xd8]);
    (fits && [1, 3].contains(&channels) && jpeg_channels(&data) == Some(channels)).then(|| data.into_owned())
}

fn of_name(name: &Name<'_>) -> Option<u8> {
    match &**name {
        b"DeviceRGB" | b"RGB" => Some(3),
        b"DeviceGray" | b"G" => Some(1),
        _ => None,
    }
}

/// How many colour channels a JPEG has, by its frame header.
fn jpeg_channels(data: &[u8]) -> Option<u8> {
    let mut rest = data.get(2..)?;
    loop {
        let [0xff, marker, ..] = *rest else { return None };
        match marker {
            0xff => rest = &rest[1..],
            0xc0..=0xc2 => return rest.get(9).copied(),
            0xd8 | 0x01 => rest = rest.get(2..)?,
            0xd9 | 0xda => return None,
            _ => {
                let length = u16::from_be_bytes([*rest.get(2)?, *rest.get(3)?]);
                rest = rest.get(2 + usize::from(length)..)?;
            }
        }
    }
}

fn raster_pixels(raster: &RasterImage<'_>) -> Option<Pixels> {
    let mut made = None;
    raster.with_rgba(
        |image, alpha| {
            let (width, height) = (image.width(), image.height());
            let colours = match image {
                ImageData::Rgb(rgb) => rgb.data,
                ImageData::Luma(luma) => luma.data.iter().flat_map(|grey| [*grey; 3]).collect(),
            };
            made = Pixels::new(width, height, colours);
            if let (Some(pixels), Some(alpha)) = (&mut made, alpha) {
                pixels.alpha = Some(fitted(&alpha, width, height));
            }
        },
        None,
    );
    made
}

fn stencil_pixels(stencil: &StencilImage<'_, '_>) -> Option<Pixels> {
    let mut made = None;
    stencil.with_stencil(
        |shape, paint| {
            let colour = match paint {
                hayro_interpret::Paint::Color(colour) => colour.to_rgba().to_rgba8(),
                // A pattern; its shape is what can be told.
                hayro_interpret::Paint::Pattern(_) => [0, 0, 0, 255],
            };
            let colours = [colour[0], colour[1], colour[2]].repeat(shape.data.len());
            made = Pixels::new(shape.width, shape.height, colours);
            if let Some(pixels) = &mut made {
                pixels.alpha = Some(shape.data);
            }
        },
        None,
    );
    made
}

/// A mask in the size of its picture: each pixel takes what stands at its place.
fn fitted(mask: &LumaData, width: u32, height: u32) -> Vec<u8> {
    if (mask.width, mask.height) == (width, height) {
        return mask.data.clone();
    }
    let at =
        |from: u32, all: u32, of: u32| (u64::from(from) * u64::from(of) / u64::from(all.max(1))) as usize;
    let mut out = Vec::with_capacity(width as usize * height as usize);
    for y in 0..height {
        let row = at(y, height, mask.height) * mask.width as usize;
        out.extend((0..width).map(|x| mask.data.get(row + at(x, width, mask.width)).copied().unwrap_or(255)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jpeg_says_how_many_channels_it_has() {
        let header = |frame: u8, channels: u8| {
            let mut jpeg = vec![0xff, 0xd8, 0xff, 0xe0, 0, 4, b'J', b'F', 0xff, frame, 0, 11, 8, 0, 1, 0, 1];
            jpeg.push(channels);
            jpeg
        };
        assert_eq!(jpeg_channels(&header(0xc0, 3)), Some(3));
        assert_eq!(jpeg_channels(&header(0xc2, 1)), Some(1));
        assert_eq!(jpeg_channels(&header(0xda, 3)), None);
        assert_eq!(jpeg_channels(&[0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff]), None);
        assert_eq!(jpeg_channels(&[]), None);
    }

    #[test]
    fn a_mask_of_another_size_is_fitted() {
        let mask =
            LumaData { data: vec![1, 2], width: 2, height: 1, interpolate: false, scale_factors: (1.0, 1.0) };
        assert_eq!(fitted(&mask, 4, 2), [1, 1, 2, 2, 1, 1, 2, 2]);
    }
}
