//! What the author says of the document: its outline, its page labels, its title and language.

use std::collections::HashSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, Name, Object, ObjectIdentifier, String as PdfString};

use super::limits;
use super::places::{Place, Places, decoded, leaves, text};

/// An entry of the outline.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What it says.
    pub title: String,
    /// How deep it stands, from 1.
    pub level: u8,
    /// Where it leads.
    pub place: Place,
}

/// The entries that lead somewhere, in their order.
pub fn entries<'a>(catalog: &Dict<'a>, places: &Places<'a>) -> Vec<Entry> {
    let Some(outlines) = catalog.get::<Dict<'a>>(b"Outlines") else { return Vec::new() };
    let mut seen: HashSet<ObjectIdentifier> = HashSet::new();
    let mut found = Vec::new();
    let mut waiting: Vec<(Dict<'a>, u8)> =
        outlines.get::<Dict<'a>>(b"First").into_iter().map(|first| (first, 1)).collect();
    while let Some((item, level)) = waiting.pop() {
        if item.obj_id().is_some_and(|id| !seen.insert(id)) || seen.len() > limits::OUTLINE_ENTRIES {
            continue;
        }
        // A stack: what is pushed last is read first, so the children come before the next sibling.
        waiting.extend(item.get::<Dict<'a>>(b"Next").map(|next| (next, level)));
        if usize::from(level) < limits::TREE_DEPTH {
            waiting.extend(item.get::<Dict<'a>>(b"First").map(|first| (first, level + 1)));
        }
        let title = item.get::<PdfString<'_>>(b"Title").map(|title| text(&title)).unwrap_or_default();
        if let Some(place) = places.target(&item).filter(|_| !title.is_empty()) {
            found.push(Entry { title, level, place });
        }
    }
    found
}

/// The printed number of each page, where the file says.
pub fn labels(catalog: &Dict<'_>, pages: usize) -> Vec<Option<String>> {
    let mut labels = vec![None; pages];
    let Some(tree) = catalog.get::<Dict<'_>>(b"PageLabels") else { return labels };
    let mut ranges: Vec<(usize, Dict<'_>)> = leaves(&tree, b"Nums")
        .into_iter()
        .filter_map(|(from, range)| {
            let from = usize::try_from(from.into_number()?.as_i64()).ok()?;
            Some((from, range.into_dict()?))
        })
        .filter(|(from, _)| *from < pages)
        .collect();
    ranges.sort_by_key(|(from, _)| *from);
    for (at, (from, range)) in ranges.iter().enumerate() {
        let to = ranges.get(at + 1).map_or(pages, |(next, _)| *next);
        let prefix = range.get::<PdfString<'_>>(b"P").map(|prefix| text(&prefix)).unwrap_or_default();
        let first = range.get::<u32>(b"St").unwrap_or(1);
        let style = range.get::<Name<'_>>(b"S");
        for (number, label) in (first..).zip(&mut labels[*from..to]) {
            let number = match style.as_deref() {
                Some(b"D") => number.to_string(),
                Some(b"r") => roman(number),
                Some(b"R") => roman(number).to_uppercase(),
                Some(b"a") => alphabetic(number),
                Some(b"A") => alphabetic(number).to_uppercase(),
                _ => String::new(),
            };
            let printed = format!("{prefix}{number}");
            *label = (!printed.is_empty()).then_some(printed);
        }
    }
    labels
}

/// 4 → `iv`. Numbers that nobody writes so stay as they are.
fn roman(number: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if !(1..4000).contains(&number) {
        return number.to_string();
    }
    let mut rest = number;
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            out.push_str(sign);
            rest -= value;
        }
    }
    out
}

/// 1 → `a`, 26 → `z`, 27 → `aa`, 28 → `bb`, as the standard has it.
fn alphabetic(number: u32) -> String {
    let Some(before) = number.checked_sub(1).filter(|before| *before < 26 * 20) else {
        return number.to_string();
    };
    let letter = char::from(b'a' + u8::try_from(before % 26).unwrap_or(0));
    (0..=before / 26).map(|_| letter).collect()
}

/// The title that the file itself gives, unless it is the name of the file it was made from.
pub fn title(pdf: &Pdf) -> Option<String> {
    let title = decoded(pdf.metadata().title.as_deref()?);
    let lower = title.to_lowercase();
    let from_file =
        [".doc", ".docx", ".tex", ".dvi", ".fm", ".odt", ".rtf", ".indd", ".qxd", ".xml", ".pptx"];
    let made = lower.starts_with("microsoft word - ")
        || lower.starts_with("untitled")
        || from_file.iter().any(|ending| lower.ends_with(ending));
    let says = title.chars().filter(|c| c.is_alphanumeric()).count() > 1;
    (says && !made).then_some(title)
}

/// The language that the file names.
pub fn language(catalog: &Dict<'_>) -> Option<String> {
    let Object::String(tag) = catalog.get::<Object<'_>>(b"Lang")? else { return None };
    let tag = text(&tag);
    let well_formed = (2..=35).contains(&tag.len())
        && tag
            .split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()));
    well_formed.then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_in_every_style() {
        let all: Vec<String> = [1, 4, 9, 14, 40, 1999, 4000].into_iter().map(roman).collect();
        assert_eq!(all, ["i", "iv", "ix", "xiv", "xl", "mcmxcix", "4000"]);
        let all: Vec<String> = [1, 26, 27, 28, 0, 600].into_iter().map(alphabetic).collect();
        assert_eq!(all, ["a", "z", "aa", "bb", "0", "600"]);
    }
}
