//! The interpreter's drawing calls → [`Marks`]. Nothing is drawn here; what would be drawn is noted.

use hayro_interpret::font::{Glyph as Drawn, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};
use hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask};
use unicode_normalization::UnicodeNormalization;

use super::faces::Faces;
use super::limits;
use super::links::PageLinks;
use super::marks::{Area, Glyph, Marks, Placed, Rule, Style};
use super::pictures::Pictures;

/// Units of a font's em square, as the interpreter scales every font.
const UNITS: f64 = 1000.0;

/// A line at most this thick, in points, is a rule and not a bar.
const THICKEST_RULE: f32 = 2.0;

/// A shorter one, in points, is a dash or a part of a drawing.
const SHORTEST_RULE: f32 = 4.0;

/// Text smaller than this, in points, is not meant to be read.
const SMALLEST_TEXT: f32 = 1.0;

/// How far outside the page, in points, a character may stand and still be seen in part.
const EDGE: f32 = 2.0;

/// A picture smaller than this, in points, is a dot of a drawing or a tracking pixel. It counts as a drawing, so that a
/// map of a hundred such pieces is shown as the page it stands on.
const SMALLEST_PICTURE: f32 = 8.0;

/// Text sizes below which a Type3 font is taken to count its letters in pixels, and the usual width of a letter in ems
/// that its size is then guessed from.
const TYPE3_SIZE: f32 = 4.0;
const LETTER_WIDTH: f32 = 0.5;

/// Notes what is drawn on one page.
pub struct Notebook<'n, 'a> {
    /// What was noted.
    pub marks: Marks,
    /// The document's fonts.
    pub faces: &'n mut Faces<'a>,
    /// The document's pictures.
    pub pictures: &'n mut Pictures,
    /// The page's links.
    pub links: &'n PageLinks,
    /// Characters that may still be read of the document.
    pub room: &'n mut usize,
    /// Opacities of the groups that are being drawn.
    opacity: Vec<f32>,
}

impl<'n, 'a> Notebook<'n, 'a> {
    /// An empty one for a page of this width and height.
    pub fn new(
        extent: (f32, f32),
        faces: &'n mut Faces<'a>,
        pictures: &'n mut Pictures,
        links: &'n PageLinks,
        room: &'n mut usize,
    ) -> Self {
        let marks = Marks { extent, ..Marks::default() };
        Self { marks, faces, pictures, links, room, opacity: Vec::new() }
    }

    fn is_visible(&self) -> bool {
        self.opacity.iter().all(|opacity| *opacity > 0.0)
    }

    fn note_line(&mut self, from: Point, to: Point, thickness: f32) -> bool {
        let (x0, y0, x1, y1) = (from.x as f32, from.y as f32, to.x as f32, to.y as f32);
        let (width, height) = ((x1 - x0).abs(), (y1 - y0).abs());
        let lies = height <= width;
        let (along, across) = if lies { (width, height) } else { (height, width) };
        if across.max(thickness) > THICKEST_RULE || along < SHORTEST_RULE {
            return false;
        }
        let middle = |a: f32, b: f32| (a + b) / 2.0;
        let rule = if lies {
            Rule { lies, at: middle(y0, y1), from: x0.min(x1), to: x0.max(x1) }
        } else {
            Rule { lies, at: middle(x0, x1), from: y0.min(y1), to: y0.max(y1) }
        };
        if self.marks.rules.len() < limits::PAGE_RULES {
            self.marks.rules.push(rule);
        }
        true
    }

    /// A filled shape: a thin one is a rule.
    fn note_fill(&mut self, bounds: Rect) -> bool {
        let middle = Point::new((bounds.x0 + bounds.x1) / 2.0, (bounds.y0 + bounds.y1) / 2.0);
        if bounds.width() >= bounds.height() {
            let (from, to) = (Point::new(bounds.x0, middle.y), Point::new(bounds.x1, middle.y));
            self.note_line(from, to, bounds.height() as f32)
        } else {
            let (from, to) = (Point::new(middle.x, bounds.y0), Point::new(middle.x, bounds.y1));
            self.note_line(from, to, bounds.width() as f32)
        }
    }

    fn note_path(&mut self, path: &BezPath, transform: Affine, mode: &DrawMode) {
        let noted = match mode {
            DrawMode::Stroke(stroke) => {
                let thickness = stroke.line_width * scale(transform);
                match straight(path) {
                    Some(segments) => segments
                        .iter()
                        .all(|(from, to)| self.note_line(transform * *from, transform * *to, thickness)),
                    None => false,
                }
            }
            DrawMode::Fill(_) | DrawMode::FillAndStroke(..) => {
                self.note_fill(transform.transform_rect_bbox(path.bounding_box()))
            }
            DrawMode::Invisible => true,
        };
        if !noted {
            self.marks.drawings = self.marks.drawings.saturating_add(1);
        }
    }

    fn note_glyph(
        &mut self,
        glyph: &Drawn<'_>,
        letters: Vec<char>,
        place: Affine,
        style: Style,
        type3_size: Option<f32>,
    ) {
        let [a, b, c, d, x, y] = place.as_coeffs();
        let along = a.hypot(b) * UNITS;
        let size = type3_size.unwrap_or((c.hypot(d) * UNITS) as f32);
        let (x, y) = (x as f32, y as f32);
        let on_page = (-EDGE..=self.marks.extent.0 + EDGE).contains(&x)
            && (-EDGE..=self.marks.extent.1 + EDGE).contains(&y);
        if !on_page || !size.is_finite() || size < SMALLEST_TEXT {
            return;
        }
        let advance = (f64::from(advance(glyph)) * along / UNITS) as f32;
        let turn = b.atan2(a).to_degrees().rem_euclid(360.0).round() as u16 % 360;
        let link = self.links.at(x + advance / 2.0, y - size / 4.0);
        if letters.is_empty() {
            self.marks.unreadable += 1;
            return;
        }
        let step = advance / letters.len() as f32;
        for (at, letter) in letters.into_iter().enumerate() {
            if self.marks.glyphs.len() >= limits::PAGE_GLYPHS || *self.room == 0 {
                self.marks.cut = true;
                return;
            }
            *self.room -= 1;
            let x = x + at as f32 * step;
            self.marks.glyphs.push(Glyph { letter, x, y, advance: step, size, style, link, turn });
        }
    }
}

impl<'a> Device<'a> for Notebook<'_, 'a> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.note_path(path, props.transform, mode);
    }

    fn draw_rect(&mut self, rect: &Rect, props: DrawProps<'a>, mode: &DrawMode) {
        self.note_path(&rect.to_path(0.1), props.transform, mode);
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _mode: &DrawMode) {
        let style = self.faces.of(run);
        let size = type3_size(run, props.transform);
        let is_numbered = self.faces.is_numbered(run);
        for glyph in run.glyphs() {
            let letters = letters(glyph, is_numbered);
            self.note_glyph(glyph, letters, props.transform * glyph.transform(), style, size);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let pixels = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let place = props.transform.transform_rect_bbox(pixels);
        let area = Area {
            left: place.x0 as f32,
            top: place.y0 as f32,
            right: place.x1 as f32,
            bottom: place.y1 as f32,
        };
        let area = area.shared(&self.marks.area());
        let large = area.right - area.left >= SMALLEST_PICTURE && area.bottom - area.top >= SMALLEST_PICTURE;
        if !self.is_visible() {
            return;
        }
        if !large {
            self.marks.drawings = self.marks.drawings.saturating_add(1);
            return;
        }
        if let Some(picture) = self.pictures.take(&image) {
            self.marks.pictures.push(Placed { picture, area });
        }
    }

    fn push_transparency_group(&mut self, opacity: f32, _mask: Option<SoftMask<'a>>, _mode: BlendMode) {
        self.opacity.push(opacity);
    }

    fn pop_transparency_group(&mut self) {
        self.opacity.pop();
    }

    fn push_clip_path(&mut self, _path: &ClipPath) {}

    fn push_clip_rect(&mut self, _rect: &Rect) {}

    fn pop_clip(&mut self) {}
}

/// How much a transform enlarges, whatever the direction.
fn scale(transform: Affine) -> f32 {
    transform.determinant().abs().sqrt() as f32
}

/// The segments of a path that has only straight ones along the axes.
fn straight(path: &BezPath) -> Option<Vec<(Point, Point)>> {
    let mut segments = Vec::new();
    let (mut start, mut last) = (Point::ZERO, Point::ZERO);
    for element in path.elements() {
        match element {
            PathEl::MoveTo(point) => (start, last) = (*point, *point),
            PathEl::LineTo(point) => {
                segments.push((last, *point));
                last = *point;
            }
            PathEl::ClosePath => {
                segments.push((last, start));
                last = start;
            }
            PathEl::QuadTo(..) | PathEl::CurveTo(..) => return None,
        }
        if segments.len() > limits::PAGE_RULES {
            return None;
        }
    }
    segments.retain(|(from, to)| from != to);
    (!segments.is_empty()).then_some(segments)
}

/// Bitmap fonts have letters of one pixel's size; what they look like is guessed from how far apart they stand.
fn type3_size(run: &GlyphRun<'_, '_>, transform: Affine) -> Option<f32> {
    let glyphs = run.glyphs();
    let first = glyphs.first().filter(|glyph| matches!(***glyph, Drawn::Type3(_)))?;
    let [a, b, c, d, ..] = (transform * first.transform()).as_coeffs();
    if c.hypot(d) * UNITS >= f64::from(TYPE3_SIZE) {
        return None;
    }
    let widths: f32 = glyphs.iter().map(|glyph| advance(glyph)).sum();
    let mean = f64::from(widths / glyphs.len() as f32) * a.hypot(b);
    Some((mean as f32 / LETTER_WIDTH).max(SMALLEST_TEXT))
}

/// How far a glyph reaches, in units of the em square.
fn advance(glyph: &Drawn<'_>) -> f32 {
    let advance = match glyph {
        Drawn::Outline(outline) => outline.advance_width(),
        Drawn::Type3(drawn) => drawn.advance_width(),
    };
    // Half an em where the file does not say.
    advance.filter(|advance| advance.is_finite()).unwrap_or((UNITS / 2.0) as f32)
}

/// The characters that a glyph stands for; none if the file does not say. Where glyphs are called by their numbers, a
/// number of ASCII is its letter.
fn letters(glyph: &Drawn<'_>, is_numbered: bool) -> Vec<char> {
    let told = match glyph.as_unicode() {
        Some(BfString::Char(letter)) => letter.to_string(),
        Some(BfString::String(text)) => text,
        None if is_numbered => {
            return char::from_u32(glyph.char_code()).filter(char::is_ascii_graphic).into_iter().collect();
        }
        None => return Vec::new(),
    };
    told.chars().filter_map(meant).flat_map(spelled).collect()
}

/// `ﬁ` as `fi`: ligatures and letters in the form they have inside a word, as the letters they are. Other characters
/// stay, since `x²` is not `x2`.
fn spelled(letter: char) -> impl Iterator<Item = char> {
    let is_form = matches!(letter, '\u{fb00}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    let letters = std::iter::once(letter);
    let spelled = is_form.then(|| letters.clone().nfkc());
    let kept = (!is_form).then_some(letter);
    spelled.into_iter().flatten().chain(kept)
}

/// The character, or the one that a font of symbols means by a number of its own.
fn meant(letter: char) -> Option<char> {
    match letter {
        '\t' => Some(' '),
        '\u{f0b7}' | '\u{f0a7}' | '\u{f0d8}' | '\u{f076}' => Some('•'),
        '\u{f0e0}' => Some('→'),
        '\u{fffd}' | '\u{e000}'..='\u{f8ff}' => None,
        letter => (!letter.is_control()).then_some(letter),
    }
}
