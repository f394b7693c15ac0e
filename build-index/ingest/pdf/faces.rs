//! Which fonts are bold, italic or of one width.
//!
//! The interpreter hands out glyphs, not fonts, and of the Type1 fonts of all TeX manuals it tells nothing but the
//! outline. So the font dictionaries of a page are read here: what a font is called, its flags and its widths say what
//! it looks like, and the outlines of its glyphs are the key under which a drawn glyph is found again.
//!
//! Bitmap fonts (Type3, as TeX writes them where it has no outlines) have no such key. They are found again by their
//! widths, and their glyphs are called by their codes: `a65` is code 65 and, in all of TeX's text fonts, an A.

use std::collections::{HashMap, HashSet};

use hayro_font::{FontCache, FontGlyph};
use hayro_interpret::InterpreterSettings;
use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_syntax::page::Resources;

use super::limits;
use super::marks::Style;

/// Flags of a font descriptor (ISO 32000-1, table 123).
const FIXED_PITCH: u32 = 1;
const SLANTED: u32 = 1 << 6;
const FORCE_BOLD: u32 = 1 << 18;

/// Weight from which on a font is bold.
const BOLD_WEIGHT: u32 = 600;

/// Fewest widths that tell a font of one width from one of which only a few digits are in the file.
const FEWEST_WIDTHS: usize = 6;

/// Names of typewriter fonts that come without widths (the standard 14) or with widths of wide characters too.
const MONO_NAMES: [&str; 6] = ["courier", "mono", "typewriter", "consol", "menlo", "nimbusmon"];
/// Names of bold fonts; `cmbx` and its kin are TeX's.
const BOLD_NAMES: [&str; 9] = ["bold", "black", "heavy", "demi", "-medi", "cmb", "cmssbx", "sfbx", "ecbx"];
/// Names of slanted fonts.
const ITALIC_NAMES: [&str; 7] = ["italic", "oblique", "slanted", "cmti", "cmsl", "sfti", "sfsl"];

/// Type3 fonts kept of one document: each run of such a font looks through all of them.
const BITMAPS: usize = 256;

/// A Type3 font.
struct Bitmap {
    /// How far each code reaches, in thousandths of an em.
    widths: Vec<f32>,
    style: Style,
    /// Its glyphs are called by their codes.
    is_numbered: bool,
}

/// The looks of a document's fonts.
pub struct Faces<'a> {
    fonts: FontCache<'a>,
    settings: InterpreterSettings,
    read: HashSet<usize>,
    styles: HashMap<u128, Style>,
    bitmaps: Vec<Bitmap>,
    nodes: usize,
}

impl<'a> Faces<'a> {
    /// No fonts yet.
    pub fn new(settings: &InterpreterSettings) -> Self {
        Self {
            fonts: FontCache::new(),
            settings: settings.clone(),
            read: HashSet::new(),
            styles: HashMap::new(),
            bitmaps: Vec::new(),
            nodes: 0,
        }
    }

    /// Reads the fonts that a page may use, those of the forms it draws included.
    pub fn learn(&mut self, resources: &Resources<'a>) {
        self.learn_at(resources, 0);
    }

    fn learn_at(&mut self, resources: &Resources<'a>, depth: usize) {
        for name in resources.fonts.keys() {
            let Some(font) = resources.fonts.get::<Dict<'a>>(&name) else { continue };
            if self.is_new(&font) {
                self.add(&font);
            }
        }
        if depth >= limits::TREE_DEPTH {
            return;
        }
        for name in resources.x_objects.keys() {
            let Some(form) = resources.x_objects.get::<Stream<'a>>(&name) else { continue };
            if !self.is_new(form.dict()) {
                continue;
            }
            if let Some(own) = form.dict().get::<Dict<'a>>(b"Resources") {
                self.learn_at(&Resources::new(own), depth + 1);
            }
        }
    }

    /// Whether a dictionary was not read before. It is known by where it stands in the file, since fonts may stand
    /// inside other objects and then have no number of their own.
    fn is_new(&mut self, dict: &Dict<'a>) -> bool {
        self.nodes += 1;
        self.nodes < limits::TREE_NODES && self.read.insert(dict.data().as_ptr().addr())
    }

    fn add(&mut self, dict: &Dict<'a>) {
        let kind = dict.get::<Name<'_>>(b"Subtype");
        let is = |name: &[u8]| kind.as_ref().is_some_and(|kind| &**kind == name);
        if is(b"Type3") {
            if self.bitmaps.len() < BITMAPS {
                self.bitmaps.push(Bitmap::of(dict));
            }
            return;
        }
        let style = style(dict);
        let composite = is(b"Type0");
        let Some(font) = self.fonts.font(dict, &self.settings.font_resolver, &self.settings.cmap_resolver)
        else {
            return;
        };
        // The codes of composite fonts are two bytes; their outlines carry their own names, asked in `of`.
        let codes = if composite { 0..0 } else { 0..256 };
        for code in codes {
            if let FontGlyph::Outline(glyph) = font.glyph(font.map_code(code), code) {
                self.styles.entry(glyph.identifier().cache_key()).or_insert(style);
            }
        }
    }

    /// How the glyphs of a run look. They are all of one font, so the first one that is known tells.
    pub fn of(&mut self, run: &GlyphRun<'_, '_>) -> Style {
        let outlines = run.glyphs().iter().filter_map(|glyph| match &**glyph {
            Glyph::Outline(outline) => Some(outline),
            Glyph::Type3(_) => None,
        });
        let Some(outline) = outlines.into_iter().next() else {
            return self.bitmap(run).map_or_else(Style::default, |font| font.style);
        };
        *self.styles.entry(outline.identifier().cache_key()).or_insert_with(|| {
            let Some(data) = outline.font_data() else { return Style::default() };
            Style::when(Style::MONO, data.is_monospace)
                .and(Style::when(Style::BOLD, data.weight.is_some_and(|weight| weight >= BOLD_WEIGHT)))
                .and(Style::when(Style::ITALIC, data.is_italic))
                .and(by_name(&data.postscript_name.unwrap_or_default()))
        })
    }
}

impl Faces<'_> {
    /// Whether a run of a Type3 font names its glyphs by their codes, so that a code is a letter of ASCII.
    pub fn is_numbered(&self, run: &GlyphRun<'_, '_>) -> bool {
        self.bitmap(run).is_some_and(|font| font.is_numbered)
    }

    /// The Type3 font whose widths are those of the run.
    fn bitmap(&self, run: &GlyphRun<'_, '_>) -> Option<&Bitmap> {
        self.bitmaps.iter().find(|font| {
            run.glyphs().iter().all(|glyph| match &**glyph {
                Glyph::Type3(drawn) => font.reaches(drawn.char_code(), drawn.advance_width().unwrap_or(0.0)),
                Glyph::Outline(_) => false,
            })
        })
    }
}

impl Bitmap {
    fn of(dict: &Dict<'_>) -> Self {
        let matrix = dict.get::<[f32; 6]>(b"FontMatrix").unwrap_or([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]);
        let first = dict.get::<u32>(b"FirstChar").unwrap_or(0).min(255) as usize;
        let mut widths = vec![0.0; first];
        let told = dict.get::<Array<'_>>(b"Widths").unwrap_or_default();
        widths.extend(told.iter::<f32>().map(|width| width * matrix[0] * 1000.0).take(256 - first));
        let style = Style::when(Style::MONO, is_even(&widths));
        let names =
            dict.get::<Dict<'_>>(b"Encoding").and_then(|encoding| encoding.get::<Array<'_>>(b"Differences"));
        Self { widths, style, is_numbered: names.is_some_and(|names| is_numbered(&names)) }
    }

    fn reaches(&self, code: u32, width: f32) -> bool {
        self.widths.get(code as usize).is_some_and(|own| (own - width).abs() <= 0.001 * own.abs().max(1.0))
    }
}

/// Whether an encoding calls every code by its number, as `[65 /a65 /a66 …]`.
fn is_numbered(differences: &Array<'_>) -> bool {
    let mut code = 0u32;
    let mut named = 0;
    for item in differences.iter::<Object<'_>>().take(2 * 256) {
        match item {
            Object::Number(number) => code = u32::try_from(number.as_i64()).unwrap_or(0),
            Object::Name(name) => {
                if &*name != b".notdef" {
                    let digits = std::str::from_utf8(&name).ok().and_then(|name| name.get(1..));
                    if digits.and_then(|digits| digits.parse().ok()) != Some(code) {
                        return false;
                    }
                    named += 1;
                }
                code = code.saturating_add(1);
            }
            _ => return false,
        }
    }
    named > 0
}

/// What a font's dictionary says of its looks.
fn style(dict: &Dict<'_>) -> Style {
    let name = dict.get::<Name<'_>>(b"BaseFont").map(|name| String::from_utf8_lossy(&name).into_owned());
    let descriptor = dict.get::<Dict<'_>>(b"FontDescriptor").unwrap_or_default();
    let flags = descriptor.get::<u32>(b"Flags").unwrap_or(0);
    let weight = descriptor.get::<u32>(b"FontWeight").unwrap_or(0);
    let widths = dict.get::<Array<'_>>(b"Widths").map(|widths| widths.iter::<f32>().take(256).collect());
    Style::when(
        Style::MONO,
        flags & FIXED_PITCH != 0 || widths.is_some_and(|widths: Vec<f32>| is_even(&widths)),
    )
    .and(Style::when(Style::BOLD, flags & FORCE_BOLD != 0 || weight >= BOLD_WEIGHT))
    .and(Style::when(Style::ITALIC, flags & SLANTED != 0))
    .and(by_name(&name.unwrap_or_default()))
}

/// Whether all widths that are given are the same.
fn is_even(widths: &[f32]) -> bool {
    let mut given = widths.iter().filter(|width| **width > 0.0);
    let Some(first) = given.next() else { return false };
    let mut count = 1;
    for width in given {
        if (width - first).abs() > 1.0 {
            return false;
        }
        count += 1;
    }
    count >= FEWEST_WIDTHS
}

fn by_name(name: &str) -> Style {
    // `ABCDEF+CMBX12`: what stands before the sign only names the subset.
    let name = name.split_once('+').map_or(name, |(_, name)| name).to_lowercase();
    let is = |names: &[&str]| names.iter().any(|known| name.contains(known));
    Style::when(Style::MONO, is(&MONO_NAMES))
        .and(Style::when(Style::BOLD, is(&BOLD_NAMES)))
        .and(Style::when(Style::ITALIC, is(&ITALIC_NAMES)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fonts_tell_their_looks() {
        let bold_mono = Style::BOLD.and(Style::MONO);
        for (name, wanted) in [
            ("ABCDEF+CMBX12", Style::BOLD),
            ("Courier-Bold", bold_mono),
            ("NimbusMonL-Regu", Style::MONO),
            ("NimbusRomNo9L-Medi", Style::BOLD),
            ("XYZABC+DejaVuSans-Oblique", Style::ITALIC),
            ("CMR10", Style::default()),
        ] {
            assert_eq!(by_name(name), wanted, "{name}");
        }
    }

    #[test]
    fn even_widths_make_a_typewriter_of_a_font_with_enough_letters() {
        assert!(is_even(&[525.0; 8]));
        assert!(is_even(&[0.0, 525.0, 525.0, 525.0, 0.0, 525.0, 525.0, 525.0]));
        assert!(!is_even(&[500.0; 3]));
        assert!(!is_even(&[500.0, 500.0, 500.0, 278.0, 500.0, 500.0, 500.0]));
    }
}
