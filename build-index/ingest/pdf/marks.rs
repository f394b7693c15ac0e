//! What stands on one page, before anybody asks what it means: glyphs, rules and pictures where they were drawn.
//!
//! ```text
//! (0,0) ──► x, in points (1/72 inch) as a reader sees the page: cropped, turned upright
//!   │
//!   ▼ y      a glyph stands at (x, y) on its baseline and ends at x + advance
//! ```

/// How a piece of text looks, as far as it says what the text is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Style(u8);

impl Style {
    /// All letters have one width: code.
    pub const MONO: Self = Self(1);
    /// Heavier than the text around it.
    pub const BOLD: Self = Self(2);
    /// Slanted.
    pub const ITALIC: Self = Self(4);

    /// Whether all of `other` holds.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// `other`, if it holds.
    pub fn when(other: Self, holds: bool) -> Self {
        if holds { other } else { Self::default() }
    }
}

/// One character where it was drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// The character.
    pub letter: char,
    /// Where it begins.
    pub x: f32,
    /// Its baseline.
    pub y: f32,
    /// How far it reaches along its baseline.
    pub advance: f32,
    /// Height of its font.
    pub size: f32,
    /// How it looks.
    pub style: Style,
    /// Which link of the page it belongs to, counted from 1; 0 for none.
    pub link: u16,
    /// Direction of its baseline in whole degrees, clockwise from left-to-right: 0 to 359.
    pub turn: u16,
}

/// A straight line that was drawn along one of the page's edges' directions: the stuff of tables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Whether it lies; else it stands.
    pub lies: bool,
    /// Its y, if it lies; else its x.
    pub at: f32,
    /// Where it begins, along its own direction.
    pub from: f32,
    /// Where it ends.
    pub to: f32,
}

/// A picture and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Which of the document's pictures.
    pub picture: usize,
    /// Left, top, right, bottom.
    pub area: Area,
}

/// A rectangle on the page.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Area {
    /// Left edge.
    pub left: f32,
    /// Upper edge.
    pub top: f32,
    /// Right edge.
    pub right: f32,
    /// Lower edge.
    pub bottom: f32,
}

impl Area {
    /// Whether a point lies in it, edges included.
    pub fn holds(&self, x: f32, y: f32) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    /// Square points.
    pub fn size(&self) -> f32 {
        (self.right - self.left).max(0.0) * (self.bottom - self.top).max(0.0)
    }

    /// What it has in common with `other`.
    pub fn shared(&self, other: &Self) -> Self {
        Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }
}

/// Everything that was drawn on a page.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// Width and height of what a reader sees of the page.
    pub extent: (f32, f32),
    /// Characters in the order they were drawn.
    pub glyphs: Vec<Glyph>,
    /// Straight lines.
    pub rules: Vec<Rule>,
    /// Pictures in the order they were drawn.
    pub pictures: Vec<Placed>,
    /// Drawing operations that are no rules: curves, shapes, plots.
    pub drawings: u32,
    /// Glyphs of which nobody can tell which characters they are.
    pub unreadable: u32,
    /// Whether there was more text than is read of one page.
    pub cut: bool,
}

impl Marks {
    /// The whole page.
    pub fn area(&self) -> Area {
        Area { left: 0.0, top: 0.0, right: self.extent.0, bottom: self.extent.1 }
    }

    /// Whether pictures or drawings are all that a reader can read of the page.
    pub fn needs_ocr(&self) -> bool {
        let readable = self.glyphs.len();
        let covered: f32 = self.pictures.iter().map(|placed| placed.area.size()).sum();
        let unreadable = self.unreadable > FEW_GLYPHS && self.unreadable as usize > UNREADABLE * readable;
        unreadable || (readable == 0 && covered > self.area().size() * PICTURE_OF_A_PAGE)
    }
}

/// Fewer glyphs than this without a character are ornaments, not a text that was lost.
const FEW_GLYPHS: u32 = 8;

/// So many times more glyphs without a character than with one make a page unreadable. Sheet music and formulas have
/// many such glyphs between words that can be read.
const UNREADABLE: usize = 10;

/// A page without text of which pictures cover more than this share is a scan, not a blank page with a logo.
const PICTURE_OF_A_PAGE: f32 = 0.4;
