//! Pictures of whole pages, where the text alone does not do: diagrams drawn with lines, scans, unreadable fonts.

use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use hayro_interpret::InterpreterSettings;
use hayro_syntax::Pdf;
use hayro_syntax::page::Page;

use super::Leaf;
use super::limits::{DRAWINGS, PAGE_PICTURES};
use super::pictures::Pictures;
use super::png::Pixels;

/// Pixels across: an A4 page can be read, and takes 50 to 150 kB.
const WIDTH: f32 = 1_100.0;

/// Most pixels of one page; a plan of a plant is shown smaller.
const MOST_PIXELS: f32 = 8_000_000.0;

/// A picture that covers this share of a page shows the page by itself.
const COVERS: f32 = 0.6;

/// Adds a picture of each page that needs one.
pub fn add(pdf: &Pdf, leaves: &mut [Leaf], pictures: &mut Pictures) {
    let cache = RenderCache::new();
    let mut room = PAGE_PICTURES;
    for (page, leaf) in pdf.pages().iter().zip(leaves) {
        if room == 0 {
            return;
        }
        if needs_one(leaf) && pictures.are_kept() {
            leaf.whole = drawn(page, &cache).and_then(|pixels| pictures.add(pixels));
            room -= 1;
        }
    }
}

fn needs_one(leaf: &Leaf) -> bool {
    let size = leaf.extent.0 * leaf.extent.1;
    let shown = leaf.pictures.iter().any(|placed| placed.area.size() > COVERS * size);
    (leaf.needs_ocr || leaf.drawings > DRAWINGS) && !shown
}

fn drawn<'a>(page: &'a Page<'a>, cache: &RenderCache<'a>) -> Option<Pixels> {
    let (width, height) = page.render_dimensions();
    if !(width.is_finite() && height.is_finite() && width > 0.0 && height > 0.0) {
        return None;
    }
    let scale = (WIDTH / width).min((MOST_PIXELS / (width * height)).sqrt());
    let longest = width.max(height) * scale;
    if longest >= f32::from(u16::MAX) || width.min(height) * scale < 1.0 {
        return None;
    }
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let drawn =
        hayro::render(page, cache, &InterpreterSettings::default(), &RenderSettings::default(), &settings);
    let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
    // On white nothing is transparent, so the colours are what they seem.
    let colours = drawn
        .data_as_u8_slice()
        .as_chunks::<4>()
        .0
        .iter()
        .flat_map(|[red, green, blue, _]| [*red, *green, *blue]);
    Pixels::new(width, height, colours.collect())
}
