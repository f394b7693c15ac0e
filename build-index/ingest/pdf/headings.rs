//! Which rows are headings: those that the outline names, else those in larger or bolder type.
//!
//! An outline entry says on which page and at which height its heading stands, and what it says. The row is found by
//! its words, with or without its number, over up to four rows. An entry whose words the page does not show still
//! opens a section, since everything below it belongs there.

use super::Leaf;
use super::lines::plain;
use super::marks::Style;
use super::order::{Role, Row};
use super::outline::Entry;

/// Most rows that one heading is set in.
const MOST_ROWS: usize = 4;

/// Type this much larger than the text's makes a heading.
const LARGER: f32 = 1.15;

/// Longest heading told by its type alone, in characters. Longer ones are quotations or warnings.
const LONGEST: usize = 120;

/// Levels told by type alone. Below that, sizes differ too little to tell.
const SIZES: usize = 4;

/// Deepest level of a heading in HTML.
const DEEPEST: u8 = 6;

/// Fewer outline entries a page than this are the parts of a book, under which type tells the rest.
const SPARSE: f32 = 0.05;

/// Marks the headings of all pages; they are numbered through the document.
pub fn mark(leaves: &mut [Leaf], outline: &[Entry]) {
    let mut found = 0;
    for entry in outline {
        let level = entry.level.min(DEEPEST);
        open(leaves, entry, level);
        found += 1;
    }
    let sparse = (found as f32) < SPARSE * leaves.len() as f32 || found < 2;
    if sparse {
        let below = outline.iter().map(|entry| entry.level).max().unwrap_or(0);
        by_type(leaves, below.min(DEEPEST - 1));
    }
    let mut next = 0;
    for role in leaves.iter_mut().flat_map(|leaf| &mut leaf.rows).map(|row| &mut row.role) {
        if let Role::Heading { number, .. } = role {
            *number = next;
            next += 1;
        }
    }
}

fn heading(level: u8, title: String) -> Role {
    Role::Heading { level, title, number: 0 }
}

/// The title of a heading as the page shows it, if that has a number that the outline leaves out.
fn shown_title(rows: &[Row], title: &str) -> String {
    let shown = rows.iter().map(Row::text).collect::<Vec<String>>().join(" ");
    let shown = shown.split_whitespace().collect::<Vec<&str>>().join(" ");
    // `says` has seen to it that nothing but a number stands in front.
    let front = bare(&shown).strip_suffix(&bare(title)).map(str::len);
    if front.is_some_and(|front| front > 0) { shown } else { title.to_owned() }
}

/// Marks the rows of an outline entry, or puts a heading where it leads.
fn open(leaves: &mut [Leaf], entry: &Entry, level: u8) {
    let page = entry.place.page;
    let Some(leaf) = leaves.get_mut(page) else { return };
    if let Some((at, rows)) = find(&leaf.rows, &entry.title, entry.place.y) {
        take(leaf, at, rows, level, &entry.title);
        return;
    }
    // A destination at the very end of a page means the top of the next.
    let at_end = entry.place.y.is_some_and(|y| y > 0.85 * leaf.extent.1);
    if at_end
        && let Some(next) = leaves.get_mut(page + 1)
        && let Some((at, rows)) = find(&next.rows, &entry.title, Some(0.0)).filter(|(at, _)| *at < MOST_ROWS)
    {
        take(next, at, rows, level, &entry.title);
        return;
    }
    let leaf = &mut leaves[page];
    let y = entry.place.y.unwrap_or(0.0);
    let below =
        |row: &Row| row.y() >= y - 1.0 && row.role != Role::HeadingGoesOn && !row.fragments.is_empty();
    let at = leaf.rows.iter().position(below).unwrap_or(leaf.rows.len());
    let column = leaf.rows.get(at).map_or((0.0, leaf.extent.0), |row| row.column);
    leaf.rows.insert(at, Row { fragments: Vec::new(), column, role: heading(level, entry.title.clone()) });
}

fn take(leaf: &mut Leaf, at: usize, rows: usize, level: u8, title: &str) {
    leaf.rows[at].role = heading(level, shown_title(&leaf.rows[at..at + rows], title));
    for row in &mut leaf.rows[at + 1..at + rows] {
        row.role = Role::HeadingGoesOn;
    }
}

/// The rows that say `title`: where they begin and how many they are. Of several, those nearest to `y`.
fn find(rows: &[Row], title: &str, y: Option<f32>) -> Option<(usize, usize)> {
    let wanted = bare(title);
    if wanted.is_empty() {
        return None;
    }
    let mut best: Option<(f32, usize, usize)> = None;
    for at in 0..rows.len() {
        let mut said = String::new();
        for (count, row) in (1..=MOST_ROWS).zip(&rows[at..]) {
            if !matches!(row.role, Role::Text | Role::Running) || row.table().is_some() {
                break;
            }
            said.push_str(&bare(&row.text()));
            if said.len() > wanted.len() + 24 {
                break;
            }
            if says(&said, &wanted) {
                let away = y.map_or(0.0, |y| (rows[at].y() - y).abs());
                // A running head says the title too; it is taken only where nothing else says it.
                let away = if rows[at].role == Role::Running { away + 10_000.0 } else { away };
                if best.is_none_or(|(least, ..)| away < least) {
                    best = Some((away, at, count));
                }
                break;
            }
        }
    }
    best.map(|(_, at, count)| (at, count))
}

/// Letters and digits alone, in lower case.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether two bare texts are the same but for a number in front of one of them.
fn says(said: &str, wanted: &str) -> bool {
    let only_number = |front: &str| {
        let words = ["chapter", "appendix", "section", "part", "kapitel", "anhang"];
        let front = words.iter().find_map(|word| front.strip_prefix(word)).unwrap_or(front);
        front.len() <= 8 && (front.len() <= 1 || front.chars().any(|c| c.is_ascii_digit()) || is_roman(front))
    };
    said == wanted
        || said.strip_suffix(wanted).is_some_and(only_number)
        || (said.len() > 2 && wanted.strip_suffix(said).is_some_and(only_number))
}

fn is_roman(text: &str) -> bool {
    text.chars().all(|c| "ivxlc".contains(c))
}

/// Headings of a document without an outline.
fn by_type(leaves: &mut [Leaf], below: u8) {
    let text = body_size(leaves);
    let mut sizes: Vec<i32> = Vec::new();
    for row in leaves.iter().flat_map(|leaf| &leaf.rows) {
        let size = half_points(row.size());
        if is_larger(row, text) && !sizes.contains(&size) {
            sizes.push(size);
        }
    }
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    // With more sizes than levels, the smallest ones share the last level.
    let level_of = |size: f32| {
        let at = sizes.iter().position(|known| *known == half_points(size)).unwrap_or(0).min(SIZES - 1);
        (below + 1 + u8::try_from(at).unwrap_or(0)).min(DEEPEST)
    };
    let deepest = below + u8::try_from(sizes.len().min(SIZES)).unwrap_or(0);
    for leaf in leaves {
        let mut at = 0;
        while at < leaf.rows.len() {
            let row = &leaf.rows[at];
            // The size that further rows of the heading have; a bold number makes a heading of one row.
            let (level, size) = if is_larger(row, text) {
                (level_of(row.size()), Some(half_points(row.size())))
            } else if let Some(depth) = numbered_bold(row) {
                ((deepest + depth).clamp(1, DEEPEST), None)
            } else {
                at += 1;
                continue;
            };
            let alike = |row: &Row| is_larger(row, text) && size == Some(half_points(row.size()));
            let more = leaf.rows[at + 1..].iter().take(MOST_ROWS - 1);
            let close = |pair: (&Row, &Row)| pair.1.y() - pair.0.y() < 1.8 * pair.1.size() && alike(pair.1);
            let count = 1 + leaf.rows[at..].iter().zip(more).take_while(|pair| close(*pair)).count();
            let rows = leaf.rows[at..at + count].iter();
            let title = rows.map(|row| row.text().trim().to_owned()).collect::<Vec<String>>().join(" ");
            if title.chars().count() <= LONGEST && title.chars().filter(|c| c.is_alphabetic()).count() > 1 {
                take(leaf, at, count, level, &title);
            }
            at += count;
        }
    }
}

/// The size that most of the text has.
pub fn body_size(leaves: &[Leaf]) -> f32 {
    let mut letters: std::collections::BTreeMap<i32, usize> = std::collections::BTreeMap::new();
    for row in leaves.iter().flat_map(|leaf| &leaf.rows).filter(|row| row.role == Role::Text) {
        let count = row.fragments.iter().map(|fragment| fragment.letters.len()).sum::<usize>();
        *letters.entry(half_points(row.size())).or_default() += count;
    }
    let most = letters.into_iter().max_by_key(|(size, count)| (*count, *size));
    most.map_or(10.0, |(size, _)| size as f32 / 2.0)
}

fn half_points(size: f32) -> i32 {
    (size * 2.0).round() as i32
}

fn is_larger(row: &Row, text: f32) -> bool {
    row.role == Role::Text
        && row.table().is_none()
        && row.size() >= LARGER * text
        && !row.fragments.is_empty()
}

/// How deep a row in bold that begins with a number stands: `2.1 Setting up` → 2.
fn numbered_bold(row: &Row) -> Option<u8> {
    let letters = row.letters();
    if row.role != Role::Text
        || letters.len() > LONGEST
        || !letters.iter().all(|letter| letter.style.has(Style::BOLD))
    {
        return None;
    }
    let text = plain(&letters);
    let (number, title) = text.split_once(' ')?;
    let number = number.trim_end_matches('.');
    let parts: Vec<&str> = number.split('.').collect();
    let counted =
        parts.iter().all(|part| (1..=3).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit()));
    (counted && title.trim().chars().any(char::is_alphabetic))
        .then(|| u8::try_from(parts.len()).unwrap_or(DEEPEST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::pdf::lines::fragments;
    use crate::ingest::pdf::lines::tests::typed;
    use crate::ingest::pdf::order::rows;
    use crate::ingest::pdf::places::Place;

    fn leaf(lines: &[(&str, f32, f32)]) -> Leaf {
        let glyphs: Vec<_> = lines.iter().flat_map(|(text, y, size)| typed(text, 10.0, *y, *size)).collect();
        let fragments = fragments(&glyphs, &[]).into_iter().flatten().collect();
        Leaf { extent: (600.0, 800.0), rows: rows(fragments), ..Leaf::default() }
    }

    fn titles(leaves: &[Leaf]) -> Vec<String> {
        let roles = leaves.iter().flat_map(|leaf| &leaf.rows).map(|row| &row.role);
        let title = |role: &Role| match role {
            Role::Heading { level, title, number } => Some(format!("{number} {level} {title}")),
            _ => None,
        };
        roles.filter_map(title).collect()
    }

    #[test]
    fn the_outline_finds_its_rows() {
        let mut leaves = vec![
            leaf(&[("1.2 Set up", 50.0, 10.0), ("Set up is easy", 70.0, 10.0)]),
            leaf(&[("A long heading", 50.0, 10.0), ("in two rows", 62.0, 10.0), ("Text", 90.0, 10.0)]),
            leaf(&[("Appendix B.5 Changes", 50.0, 10.0)]),
        ];
        let entry =
            |title: &str, page, y| Entry { title: title.to_owned(), level: 2, place: Place { page, y } };
        let outline = [
            entry("Set Up", 0, Some(48.0)),
            entry("A long heading in two rows", 1, None),
            entry("Not there", 1, Some(85.0)),
            entry("Changes", 2, None),
        ];
        mark(&mut leaves, &outline);
        let wanted =
            ["0 2 1.2 Set up", "1 2 A long heading in two rows", "2 2 Not there", "3 2 Appendix B.5 Changes"];
        assert_eq!(titles(&leaves), wanted);
        assert_eq!(leaves[1].rows[1].role, Role::HeadingGoesOn);
        assert!(leaves[1].rows[2].fragments.is_empty());
    }

    #[test]
    fn without_an_outline_the_type_tells() {
        let text = "text text text text text text";
        let mut leaves = vec![leaf(&[
            ("Chapter", 50.0, 20.0),
            (text, 80.0, 10.0),
            ("Section", 110.0, 14.0),
            (text, 130.0, 10.0),
            (text, 142.0, 10.0),
        ])];
        mark(&mut leaves, &[]);
        assert_eq!(titles(&leaves), ["0 1 Chapter", "1 2 Section"]);
    }

    #[test]
    fn numbers_in_front_do_not_matter() {
        for (said, wanted, same) in [
            ("12setup", "setup", true),
            ("setup", "12setup", true),
            ("chapter3setup", "setup", true),
            ("appendixasetup", "setup", true),
            ("thesetup", "setup", false),
            ("setup", "setups", false),
        ] {
            assert_eq!(says(said, wanted), same, "{said} {wanted}");
        }
    }
}
