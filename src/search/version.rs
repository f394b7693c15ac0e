//! Versions as people write them in folder names, put in the order people mean.
//!
//! `12.5 < 12.10`, `v3.6` equals `3.6`, `2.x` stands after every `2.9`, `5.0-rc1` before `5.0`, and the words
//! `stable < latest < current < next` above every number. Names that are no version at all sort below all versions,
//! alphabetically, so that one odd folder never breaks a list.

use std::cmp::Ordering;

/// Words that name a moving version, lowest first. `next` and `main` are above `latest`: they are what comes after it.
const MOVING: [&str; 11] =
    ["lts", "stable", "latest", "current", "next", "unreleased", "develop", "dev", "main", "master", "head"];

/// Words that mark a version as not yet released; anything else after a number (`12.5-mr1`) comes after it.
const BEFORE_RELEASE: [&str; 8] = ["alpha", "beta", "dev", "ea", "pre", "preview", "rc", "snapshot"];

/// Longest digit run that is still a number. 18 digits fit `u64`; longer runs are compared as text.
const LONGEST_NUMBER: usize = 18;

/// One comparable piece of a version, in the order the variants sort.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// `rc1`, `beta`: before the release, which has an [`Part::End`] at this place.
    Early(String),
    End,
    /// A word after the number: `12.5-mr`.
    Word(String),
    Number(u64),
    /// `x` or `*`: after every number.
    Any,
}

/// Order of two version names, oldest first. Equal versions written differently (`v3.6`, `3.6`) are ordered by
/// their text, so that a sort is the same on every machine.
pub fn compare(a: &str, b: &str) -> Ordering {
    key(a).cmp(&key(b)).then_with(|| a.cmp(b))
}

/// Whether two names are one version, written differently: `v3.6`, `3.6.0`.
pub fn same(a: &str, b: &str) -> bool {
    key(a) == key(b)
}

/// Whether a folder of this name is a version: it starts with a number after an optional `v`, `r` or `release-`,
/// or is one of the moving names.
pub fn looks_like_version(name: &str) -> bool {
    let lower = name.to_lowercase();
    if MOVING.contains(&lower.as_str()) && !matches!(lower.as_str(), "dev" | "develop" | "head" | "lts") {
        return true;
    }
    let number = without_prefix(&lower);
    if !number.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    // A bare number is a version only with a prefix or as a year: `01` in `01/intro.md` numbers a chapter.
    let bare = number.bytes().all(|b| b.is_ascii_digit());
    if bare && number.len() == lower.len() {
        return number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
    }
    // After the digits come only separators and short suffixes: `3.6`, `2024-10`, `5.0.1-rc1`, `2.x`, `12.5(1)su2`.
    // `01-introduction` and `3d-printing` are names.
    number
        .split(['.', '-', '_', '+', '(', ')', ' '])
        .filter(|piece| !piece.is_empty())
        .enumerate()
        .all(|(at, piece)| is_version_piece(piece, at == 0))
}

fn is_version_piece(piece: &str, first: bool) -> bool {
    let word = piece.trim_start_matches(|c: char| c.is_ascii_digit());
    let has_digits = word.len() < piece.len();
    let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
    if first {
        return has_digits && (stem.is_empty() || stem == "x" || early(stem));
    }
    matches!(
        stem,
        "" | "x"
            | "*"
            | "final"
            | "ga"
            | "lts"
            | "mr"
            | "p"
            | "patch"
            | "r"
            | "release"
            | "sp"
            | "sr"
            | "su"
            | "u"
    ) || early(stem)
        || (has_digits && stem.len() == 1)
}

fn early(word: &str) -> bool {
    matches!(word, "a" | "b") || BEFORE_RELEASE.contains(&word)
}

fn without_prefix(lower: &str) -> &str {
    for prefix in ["release-", "release", "version-", "version", "rel-", "ver-", "ver", "v.", "v-", "v", "r"]
    {
        if let Some(rest) = lower.strip_prefix(prefix)
            && rest.starts_with(|c: char| c.is_ascii_digit())
        {
            return rest;
        }
    }
    lower
}

/// Rank (0 no version, 1 numbered, 2 moving), place among the moving names, then the parts.
fn key(name: &str) -> (u8, usize, Vec<Part>) {
    let lower = name.trim().to_lowercase();
    if let Some(place) = MOVING.iter().position(|word| *word == lower) {
        return (2, place, Vec::new());
    }
    let number = without_prefix(&lower);
    if !number.starts_with(|c: char| c.is_ascii_digit()) {
        return (0, 0, vec![Part::Word(lower)]);
    }
    (1, 0, parts(number))
}

fn parts(number: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = number;
    while let Some(first) = rest.chars().next() {
        let (piece, after) = match first {
            c if c.is_ascii_digit() => split_while(rest, |c| c.is_ascii_digit()),
            c if c.is_alphabetic() || c == '*' => split_while(rest, |c| c.is_alphabetic() || c == '*'),
            c => (&rest[..0], &rest[c.len_utf8()..]),
        };
        rest = after;
        if piece.is_empty() {
            continue;
        }
        parts.push(match piece {
            "x" | "*" => Part::Any,
            digits if first.is_ascii_digit() && digits.len() <= LONGEST_NUMBER => {
                Part::Number(digits.parse().unwrap_or(u64::MAX))
            }
            word if early(word) => Part::Early(word.to_owned()),
            word => Part::Word(word.to_owned()),
        });
    }
    // `5.0` and `5.0.0` are one release; trailing zeros say nothing.
    while parts.len() > 1 && parts.last() == Some(&Part::Number(0)) {
        parts.pop();
    }
    parts.push(Part::End);
    parts
}

fn split_while(text: &str, keep: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !keep(c)).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_sort_as_people_mean_them() {
        let order = [
            "draft",
            "v1",
            "1.76",
            "2.9",
            "2.20",
            "2.x",
            "v3.6-alpha",
            "v3.6-rc1",
            "v3.6-rc2",
            "v3.6-rc10",
            "3.6",
            "v3.6.1",
            "v3.7",
            "12.5",
            "12.5(1)",
            "12.10",
            "2024-04",
            "2024-10",
            "stable",
            "latest",
            "current",
            "next",
        ];
        for pair in order.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{} before {}", pair[0], pair[1]);
            assert_eq!(compare(pair[1], pair[0]), Ordering::Greater, "{} after {}", pair[1], pair[0]);
        }
    }

    #[test]
    fn one_version_written_twice_stays_in_a_fixed_order() {
        assert_eq!(key("v3.6"), key("3.6"));
        assert_eq!(key("V3.6.0"), key("3.6"));
        assert_eq!(compare("3.6", "v3.6"), Ordering::Less);
        assert_eq!(compare("3.6", "3.6"), Ordering::Equal);
    }

    #[test]
    fn very_long_numbers_do_not_overflow() {
        let long = "9".repeat(400);
        assert_eq!(compare(&long, &long), Ordering::Equal);
        assert_eq!(compare(&format!("1.{long}"), "1"), Ordering::Greater);
    }

    #[test]
    fn folders_that_are_versions() {
        for name in [
            "v3.6",
            "12.5",
            "2.20",
            "5.0.1",
            "2.x",
            "current",
            "latest",
            "stable",
            "next",
            "2024-10",
            "r21",
            "v1",
            "12.5(1)",
            "release-2.4",
            "3.0.0-rc1",
            "1.0beta2",
            "2024",
            "v12.5",
            "12.5-mr3",
            "main",
        ] {
            assert!(looks_like_version(name), "{name} is a version");
        }
    }

    #[test]
    fn folders_that_are_not() {
        for name in [
            "developer-guide",
            "01",
            "01-introduction",
            "3d-printing",
            "rest",
            "vitess",
            "dev-guide",
            "802.1x-guide",
            "",
            "v",
            "r",
            "head",
            "4gl",
        ] {
            assert!(!looks_like_version(name), "{name} is a name");
        }
    }
}
