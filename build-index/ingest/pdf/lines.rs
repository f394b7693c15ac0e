//! Glyphs → fragments: runs of characters on one baseline with no wide gap between them.
//!
//! A PDF has no words. A blank is a character in one file and a jump of the pen in the next, so blanks are told from
//! the gaps. Text that is drawn at another angle is turned upright first and comes after the rest of its page.
//!
//! ```text
//! T e x t   i n   t w o        c o l u m n s
//! └──── fragment ────┘        └─ fragment ─┘
//! ```

use std::collections::{BTreeMap, HashSet};

use unicode_normalization::char::{compose, is_combining_mark};

use super::marks::{Glyph, Rule, Style};

/// A gap wider than this, in ems, is a blank. Kerning stays below it; justified text is squeezed to blanks of .12.
const BLANK: f32 = 0.1;

/// Widest gap inside a fragment, in ems, between glyphs drawn one after the other: the blanks of justified text.
const WIDEST_BLANK: f32 = 1.2;

/// The same between pieces that were drawn at different times. The gutter between two columns can be as narrow as an
/// em, and text of two columns must not run together.
const WIDEST_BLANK_APART: f32 = 0.8;

/// How far two baselines on one line may differ, in ems: superscripts and subscripts.
const RAISED: f32 = 0.35;

/// How far a glyph may go back over the one before it, in ems: accents, kerning.
const BACK: f32 = 0.7;

/// Different directions of text that are told apart on a page; further ones are left out as decoration.
const DIRECTIONS: usize = 8;

/// Highest part of a glyph above its baseline and lowest below it, in ems.
const ABOVE: f32 = 0.8;
const BELOW: f32 = 0.25;

/// A character of a text, with what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    /// The character.
    pub letter: char,
    /// How it looks.
    pub style: Style,
    /// Which link of the page it belongs to, counted from 1; 0 for none.
    pub link: u16,
}

impl Letter {
    /// The blank between this letter and `next`: it looks like both, and belongs to their link, where they agree.
    pub fn blank_before(self, next: Self) -> Self {
        let style = if self.style == next.style { self.style } else { Style::default() };
        Self { letter: ' ', style, link: if self.link == next.link { self.link } else { 0 } }
    }
}

/// The characters alone.
pub fn plain(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.letter).collect()
}

/// A run of characters on one baseline, or a table that stands in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Fragment {
    /// Where it begins.
    pub left: f32,
    /// Where it ends.
    pub right: f32,
    /// Upper end of its line.
    pub top: f32,
    /// Lower end of its line.
    pub bottom: f32,
    /// Its baseline.
    pub y: f32,
    /// Height of its font.
    pub size: f32,
    /// What it says.
    pub letters: Vec<Letter>,
    /// Which of the page's tables stands here.
    pub table: Option<usize>,
}

/// The fragments of a page, for each direction of text; the direction that most of the text has comes first.
pub fn fragments(glyphs: &[Glyph], rules: &[Rule]) -> Vec<Vec<Fragment>> {
    let mut directions: BTreeMap<u16, Vec<Glyph>> = BTreeMap::new();
    for glyph in glyphs {
        directions.entry(glyph.turn).or_default().push(*glyph);
    }
    let mut directions: Vec<(u16, Vec<Glyph>)> = directions.into_iter().collect();
    directions.sort_by_key(|(turn, glyphs)| (std::cmp::Reverse(glyphs.len()), *turn));
    directions.truncate(DIRECTIONS);
    let walls = Walls::of(rules);
    let upright = |(turn, mut glyphs): (u16, Vec<Glyph>)| {
        if turn == 0 {
            return merged(drawn(&glyphs, &walls), &walls);
        }
        let (sin, cos) = f32::from(turn).to_radians().sin_cos();
        for glyph in &mut glyphs {
            (glyph.x, glyph.y) = (glyph.x * cos + glyph.y * sin, glyph.y * cos - glyph.x * sin);
        }
        let none = Walls::default();
        merged(drawn(&glyphs, &none), &none)
    };
    directions.into_iter().map(upright).collect()
}

/// The standing rules of a page, between which text does not run through.
#[derive(Default)]
struct Walls {
    standing: Vec<Rule>,
}

impl Walls {
    fn of(rules: &[Rule]) -> Self {
        let mut standing: Vec<Rule> = rules.iter().filter(|rule| !rule.lies).copied().collect();
        standing.sort_by(|a, b| a.at.total_cmp(&b.at));
        Self { standing }
    }

    fn between(&self, left: f32, right: f32, y: f32) -> bool {
        let first = self.standing.partition_point(|rule| rule.at < left);
        let inside = self.standing[first..].iter().take_while(|rule| rule.at <= right);
        inside.into_iter().any(|rule| rule.from <= y && y <= rule.to + 1.0)
    }
}

/// Fragments of glyphs that were drawn one after the other.
fn drawn(glyphs: &[Glyph], walls: &Walls) -> Vec<Fragment> {
    let mut out: Vec<Fragment> = Vec::new();
    let mut seen: HashSet<(i32, i32, char)> = HashSet::with_capacity(glyphs.len());
    let mut blank = false;
    for glyph in glyphs {
        if glyph.letter.is_whitespace() {
            blank = true;
            continue;
        }
        // Bold text is faked by drawing it twice, a hair apart.
        let place = ((glyph.x * 2.0) as i32, (glyph.y * 2.0) as i32, glyph.letter);
        if !seen.insert(place) {
            continue;
        }
        let was_blank = std::mem::take(&mut blank);
        if let Some(last) = out.last_mut()
            && follows(last, glyph, walls)
        {
            push(last, glyph, was_blank);
            continue;
        }
        out.push(Fragment {
            left: glyph.x,
            right: glyph.x + glyph.advance,
            top: glyph.y - ABOVE * glyph.size,
            bottom: glyph.y + BELOW * glyph.size,
            y: glyph.y,
            size: glyph.size,
            letters: vec![Letter { letter: glyph.letter, style: glyph.style, link: glyph.link }],
            table: None,
        });
    }
    out
}

fn follows(last: &Fragment, glyph: &Glyph, walls: &Walls) -> bool {
    let gap = glyph.x - last.right;
    let size = last.size.max(glyph.size);
    (glyph.y - last.y).abs() < RAISED * size
        && gap > -BACK * glyph.size
        && gap < WIDEST_BLANK * size
        && !(gap > BLANK * size && walls.between(last.right, glyph.x, glyph.y))
}

fn push(fragment: &mut Fragment, glyph: &Glyph, blank: bool) {
    let letter = Letter { letter: glyph.letter, style: glyph.style, link: glyph.link };
    let gap = glyph.x - fragment.right;
    let last = fragment.letters.last().copied();
    let size = glyph.size.min(fragment.size);
    if let Some(joined) = last.and_then(|last| accented(last.letter, glyph.letter, gap < -0.1 * size)) {
        if let Some(last) = fragment.letters.last_mut() {
            last.letter = joined;
        }
    } else {
        let mono = last.filter(|last| last.style.has(Style::MONO) && glyph.style.has(Style::MONO));
        let blanks = match mono {
            Some(_) if glyph.advance > 0.0 => {
                ((gap / glyph.advance).round().max(0.0) as usize).max(blank.into())
            }
            _ => usize::from(blank || gap > BLANK * size),
        };
        if let Some(last) = last {
            fragment.letters.extend(std::iter::repeat_n(last.blank_before(letter), blanks));
        }
        fragment.letters.push(letter);
    }
    fragment.right = fragment.right.max(glyph.x + glyph.advance);
    if glyph.size > fragment.size {
        (fragment.size, fragment.y) = (glyph.size, glyph.y);
    }
    fragment.top = fragment.top.min(glyph.y - ABOVE * glyph.size);
    fragment.bottom = fragment.bottom.max(glyph.y + BELOW * glyph.size);
}

/// The letter that an accent and a letter make together. TeX draws `´` and `e` over each other, in that order; other
/// programs the other way round, or write a combining mark after its letter.
fn accented(before: char, letter: char, over: bool) -> Option<char> {
    if is_combining_mark(letter) {
        return compose(before, letter);
    }
    if !over {
        return None;
    }
    let above = |accent: char, letter: char| compose(letter, combining(accent)?);
    above(before, letter).or_else(|| above(letter, before))
}

/// The combining mark that an accent by itself stands for.
fn combining(accent: char) -> Option<char> {
    Some(match accent {
        '\u{b4}' | '\u{2ca}' => '\u{301}',
        '`' | '\u{2cb}' => '\u{300}',
        '\u{a8}' => '\u{308}',
        '^' | '\u{2c6}' => '\u{302}',
        '~' | '\u{2dc}' => '\u{303}',
        '\u{2c7}' => '\u{30c}',
        '\u{2da}' => '\u{30a}',
        '\u{b8}' => '\u{327}',
        _ => return None,
    })
}

/// Fragments of one baseline that stand close together, joined whenever they were drawn.
fn merged(mut fragments: Vec<Fragment>, walls: &Walls) -> Vec<Fragment> {
    fragments.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.left.total_cmp(&b.left)));
    let mut out: Vec<Fragment> = Vec::with_capacity(fragments.len());
    for mut line in lines(fragments) {
        line.sort_by(|a, b| a.left.total_cmp(&b.left));
        let begun = out.len();
        for fragment in line {
            match out[begun..].last_mut() {
                Some(last) if is_beside(last, &fragment, walls) => append(last, fragment),
                _ => out.push(fragment),
            }
        }
    }
    out
}

fn is_beside(last: &Fragment, next: &Fragment, walls: &Walls) -> bool {
    let gap = next.left - last.right;
    let size = last.size.max(next.size);
    gap > -size
        && gap < WIDEST_BLANK_APART * size
        && !(gap > BLANK * size && walls.between(last.right, next.left, next.y))
}

fn append(last: &mut Fragment, next: Fragment) {
    let gap = next.left - last.right;
    if gap > BLANK * next.size.min(last.size)
        && let (Some(before), Some(after)) = (last.letters.last(), next.letters.first())
    {
        let blank = before.blank_before(*after);
        last.letters.push(blank);
    }
    last.letters.extend(next.letters);
    last.right = last.right.max(next.right);
    last.top = last.top.min(next.top);
    last.bottom = last.bottom.max(next.bottom);
    if next.size > last.size {
        (last.size, last.y) = (next.size, next.y);
    }
}

/// Fragments, sorted by baseline, as lines: their baselines differ by less than a raised letter does. A table is a line
/// of its own.
pub fn lines(fragments: Vec<Fragment>) -> Vec<Vec<Fragment>> {
    let mut lines: Vec<Vec<Fragment>> = Vec::new();
    for fragment in fragments {
        if let Some(line) = lines.last_mut() {
            let first = &line[0];
            let reach = 0.4 * fragment.size.max(first.size).min(1.5 * fragment.size.min(first.size));
            let of_text = fragment.table.is_none() && first.table.is_none();
            if of_text && (fragment.y - first.y).abs() < reach {
                line.push(fragment);
                continue;
            }
        }
        lines.push(vec![fragment]);
    }
    lines
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Glyphs of a text from (x, y) on, half an em apart.
    pub fn typed(text: &str, x: f32, y: f32, size: f32) -> Vec<Glyph> {
        let step = size / 2.0;
        let place = |(at, letter)| Glyph {
            letter,
            x: x + at as f32 * step,
            y,
            advance: step,
            size,
            style: Style::default(),
            link: 0,
            turn: 0,
        };
        text.chars().enumerate().map(place).filter(|glyph| glyph.letter != ' ').collect()
    }

    fn texts(glyphs: &[Glyph], rules: &[Rule]) -> Vec<String> {
        fragments(glyphs, rules).concat().iter().map(|fragment| plain(&fragment.letters)).collect()
    }

    #[test]
    fn blanks_are_told_from_gaps() {
        assert_eq!(texts(&typed("two words", 10.0, 10.0, 10.0), &[]), ["two words"]);
        let mut glyphs = typed("left", 10.0, 10.0, 10.0);
        glyphs.extend(typed("right", 60.0, 10.0, 10.0));
        assert_eq!(texts(&glyphs, &[]), ["left", "right"]);
        // Code keeps every blank.
        let mut code = typed("a   b", 10.0, 10.0, 10.0);
        code.iter_mut().for_each(|glyph| glyph.style = Style::MONO);
        code[1].x = code[0].x + 2.0 * 5.0;
        assert_eq!(texts(&code, &[]), ["a b"]);
    }

    #[test]
    fn text_does_not_run_through_a_rule() {
        let mut glyphs = typed("ab", 10.0, 10.0, 10.0);
        glyphs.extend(typed("cd", 25.0, 10.0, 10.0));
        assert_eq!(texts(&glyphs, &[]), ["ab cd"]);
        let wall = Rule { lies: false, at: 22.0, from: 0.0, to: 50.0 };
        assert_eq!(texts(&glyphs, &[wall]), ["ab", "cd"]);
    }

    #[test]
    fn doubled_and_accented_letters_are_single_ones() {
        let mut glyphs = typed("bold", 10.0, 10.0, 10.0);
        glyphs.extend(glyphs.clone());
        assert_eq!(texts(&glyphs, &[]), ["bold"]);
        let mut accented = typed("\u{a8}o", 10.0, 10.0, 10.0);
        accented[1].x = 10.5;
        assert_eq!(texts(&accented, &[]), ["ö"]);
    }

    #[test]
    fn turned_text_is_read_too() {
        let mut glyphs = typed("across", 10.0, 10.0, 10.0);
        let up = typed("up", 0.0, 0.0, 10.0).into_iter().map(|glyph| Glyph {
            x: 100.0,
            y: 100.0 - glyph.x,
            turn: 270,
            ..glyph
        });
        glyphs.extend(up);
        assert_eq!(texts(&glyphs, &[]), ["across", "up"]);
    }
}
