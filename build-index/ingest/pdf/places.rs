//! Where a document points to: destinations, named or not, and the names' tree.
//!
//! ```text
//! [page /XYZ left top zoom]   or a name, looked up in /Names /Dests or in the old /Dests dictionary
//! ```

use std::collections::{HashMap, HashSet};

use hayro_interpret::TransformExt;
use hayro_interpret::kurbo::Point;
use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, String as PdfString};

use super::limits;

/// A place in the document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Which page, from 0.
    pub page: usize,
    /// How far down, in points below the upper edge of what is seen of the page; not every destination says.
    pub y: Option<f32>,
}

/// The places that can be pointed to.
pub struct Places<'a> {
    pdf: &'a Pdf,
    pages: HashMap<ObjectIdentifier, usize>,
    names: HashMap<Vec<u8>, Place>,
}

impl<'a> Places<'a> {
    /// The places of a document.
    pub fn of(pdf: &'a Pdf, catalog: &Dict<'a>) -> Self {
        let ids = pdf.pages().iter().enumerate().take(limits::MOST_PAGES);
        let pages = ids.filter_map(|(at, page)| Some((page.raw().obj_id()?, at))).collect();
        let mut places = Self { pdf, pages, names: HashMap::new() };
        if let Some(old) = catalog.get::<Dict<'a>>(b"Dests") {
            for name in old.keys().take(limits::TREE_NODES) {
                if let Some(place) = old.get::<Object<'a>>(&name).and_then(|dest| places.direct(&dest)) {
                    places.names.insert(name.to_vec(), place);
                }
            }
        }
        let tree = catalog.get::<Dict<'a>>(b"Names").and_then(|names| names.get::<Dict<'a>>(b"Dests"));
        if let Some(tree) = tree {
            for (name, dest) in leaves(&tree, b"Names") {
                let Object::String(name) = name else { continue };
                if let Some(place) = places.direct(&dest) {
                    places.names.insert(name.as_bytes().to_vec(), place);
                }
            }
        }
        places
    }

    /// What a `/Dest`, or the action `/A` of a link or an outline entry, points to in this document.
    pub fn target(&self, dict: &Dict<'a>) -> Option<Place> {
        let dest = dict.get::<Object<'a>>(b"Dest").or_else(|| {
            let action = dict.get::<Dict<'a>>(b"A")?;
            let inside = action.get::<Name<'_>>(b"S").is_none_or(|kind| &*kind == b"GoTo");
            inside.then(|| action.get::<Object<'a>>(b"D")).flatten()
        })?;
        match &dest {
            Object::String(name) => self.names.get(name.as_bytes()).copied(),
            Object::Name(name) => self.names.get(&**name).copied(),
            other => self.direct(other),
        }
    }

    /// A destination that is no name.
    fn direct(&self, dest: &Object<'a>) -> Option<Place> {
        let array = match dest {
            Object::Array(array) => array.clone(),
            Object::Dict(dict) => dict.get::<Array<'a>>(b"D")?,
            _ => return None,
        };
        let page = match array.raw_iter().next()? {
            MaybeRef::Ref(page) => *self.pages.get(&ObjectIdentifier::from(page))?,
            MaybeRef::NotRef(Object::Number(page)) => usize::try_from(page.as_i64()).ok()?,
            MaybeRef::NotRef(_) => return None,
        };
        let page_itself = self.pdf.pages().get(page)?;
        let rest: Vec<Object<'a>> = array.iter::<Object<'a>>().skip(1).take(5).collect();
        let kind = rest.first().cloned().and_then(Object::into_name)?;
        let number = |at: usize| rest.get(at).cloned().and_then(Object::into_f32);
        let (left, top) = match &*kind {
            b"XYZ" => (number(1), number(2)),
            b"FitH" | b"FitBH" => (None, number(1)),
            b"FitR" => (number(1), number(4)),
            _ => (None, None),
        };
        let y = top.map(|top| {
            let seen = page_itself.initial_transform(true).to_kurbo();
            (seen * Point::new(f64::from(left.unwrap_or(0.0)), f64::from(top))).y as f32
        });
        Some(Place { page, y })
    }
}

/// The leaves of a name or number tree: key and value. Trees that lead back to themselves end there.
pub fn leaves<'a>(root: &Dict<'a>, kind: &[u8]) -> Vec<(Object<'a>, Object<'a>)> {
    let mut found = Vec::new();
    let mut seen: HashSet<ObjectIdentifier> = root.obj_id().into_iter().collect();
    let mut waiting = vec![(root.clone(), 0)];
    while let Some((node, depth)) = waiting.pop() {
        if let Some(pairs) = node.get::<Array<'a>>(kind) {
            let mut items = pairs.iter::<Object<'a>>();
            while let (Some(key), Some(value)) = (items.next(), items.next()) {
                if found.len() >= limits::TREE_NODES {
                    return found;
                }
                found.push((key, value));
            }
        }
        if depth < limits::TREE_DEPTH
            && let Some(kids) = node.get::<Array<'a>>(b"Kids")
        {
            let kids = kids.iter::<Dict<'a>>().take(limits::TREE_NODES - seen.len().min(limits::TREE_NODES));
            let new: Vec<_> = kids.filter(|kid| kid.obj_id().is_none_or(|id| seen.insert(id))).collect();
            waiting.extend(new.into_iter().rev().map(|kid| (kid, depth + 1)));
        }
    }
    found
}

/// A text of the file's own: UTF-16 or UTF-8 with a mark, else PDFDocEncoding.
pub fn text(string: &PdfString<'_>) -> String {
    decoded(string.as_bytes())
}

/// The same for bytes.
pub fn decoded(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => match std::str::from_utf8(bytes) {
            // Not what the standard says, but what many programs write.
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|byte| doc_encoding(*byte)).collect(),
        },
    };
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    // A language code between two escapes (U+001B) may stand in front; it is no text.
    let mut inside_escape = false;
    char::decode_utf16(units)
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .filter(|letter| {
            inside_escape ^= *letter == '\u{1b}';
            !inside_escape && *letter != '\u{1b}'
        })
        .collect()
}

/// The characters of PDFDocEncoding that are not Latin-1 (ISO 32000-1, annex D.2).
fn doc_encoding(byte: u8) -> char {
    const FROM_80: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™', 'ﬁ',
        'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}', '€',
    ];
    const FROM_18: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    match byte {
        0x18..=0x1f => FROM_18[usize::from(byte - 0x18)],
        0x80..=0xa0 => FROM_80[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_the_file_are_decoded() {
        for (bytes, wanted) in [
            (&b"Plain"[..], "Plain"),
            (b"\xfe\xff\0G\0r\0\xf6", "Grö"),
            (b"\xff\xfeG\0", "G"),
            (b"\xfe\xff\0\x1b\0d\0e\0\x1b\0A", "A"),
            (b"Gr\xf6\x80", "Grö•"),
            (b"two\n  words\0", "two words"),
            ("Größe".as_bytes(), "Größe"),
        ] {
            assert_eq!(decoded(bytes), wanted);
        }
    }
}
