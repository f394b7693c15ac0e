//! Which versions does “12.x” mean?
//!
//! | asked | means |
//! |---|---|
//! | nothing, `newest`, `latest`, `current` | the newest version |
//! | `any`, `all`, `*` | every version |
//! | `12.5`, `v12.5` | that version, however the library spells it |
//! | `12`, `12.x`, `12.*` | every version of the series |
//! | `>=12.5`, `<13`, `>=12 <13`, `> 12, < 13` | every version within the bounds |
//! | `12.0..12.6`, `12.0 - 12.6` | from the first to the last, both included |
//!
//! A search and the tools for agents read it here, so both mean the same. A folder's own name is meant literally, which
//! those who ask try first: a folder may be called `latest`.

use std::cmp::Ordering;

use crate::version::{is_of_series, order, same};

/// Which versions a person asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The newest.
    Newest,
    /// Every one.
    Any,
    /// The one of this name.
    Exact(String),
    /// Every one of this series.
    Under(String),
    /// Every one within these bounds.
    Within(Vec<(Bound, String)>),
}

/// A side of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// `>=`
    From,
    /// `>`
    After,
    /// `<=`
    To,
    /// `<`
    Before,
    /// `=`
    Is,
}

impl Bound {
    /// Whether a version that compares so with the edge is inside.
    fn admits(self, order: Ordering) -> bool {
        match self {
            Self::From => order.is_ge(),
            Self::After => order.is_gt(),
            Self::To => order.is_le(),
            Self::Before => order.is_lt(),
            Self::Is => order.is_eq(),
        }
    }
}

impl Wanted {
    /// Reads what was asked. Whatever is no range is the name of a version.
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        match text.to_lowercase().as_str() {
            "" | "newest" | "latest" | "current" => return Self::Newest,
            "any" | "all" | "*" | "x" => return Self::Any,
            _ => {}
        }
        if text.starts_with(['<', '>', '=', '≥', '≤']) {
            return bounds(text).map_or_else(|| Self::Exact(text.to_owned()), Self::Within);
        }
        for between in ["..", " - ", " to "] {
            if let Some((from, to)) = text.split_once(between)
                && let [from, to] = [from, to.trim_start_matches('.')].map(str::trim)
                && [from, to].into_iter().all(has_number)
            {
                return Self::Within(vec![(Bound::From, from.to_owned()), (Bound::To, to.to_owned())]);
            }
        }
        let open = text.trim_end_matches(['x', 'X', '*']);
        let number = open.trim_start_matches(['v', 'V']);
        let plain = has_number(number) && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let series = (open.len() < text.len() && open.ends_with('.')) || !number.contains('.');
        if plain && series { Self::Under(text.to_owned()) } else { Self::Exact(text.to_owned()) }
    }

    /// Whether a version is among them. The newest has to be known by who asks: every version may be it.
    pub fn admits(&self, version: &str) -> bool {
        match self {
            Self::Newest | Self::Any => true,
            Self::Exact(name) => same(name, version),
            Self::Under(series) => is_of_series(version, series),
            Self::Within(bounds) => bounds.iter().all(|(bound, edge)| bound.admits(order(version, edge))),
        }
    }
}

/// The conditions of `text`; `None` where it is no list of conditions.
fn bounds(text: &str) -> Option<Vec<(Bound, String)>> {
    const SIGNS: [(&str, Bound); 8] = [
        (">=", Bound::From),
        ("≥", Bound::From),
        ("<=", Bound::To),
        ("≤", Bound::To),
        ("==", Bound::Is),
        (">", Bound::After),
        ("<", Bound::Before),
        ("=", Bound::Is),
    ];
    let mut bounds = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (sign, bound) = SIGNS.into_iter().find(|(sign, _)| rest.starts_with(sign))?;
        let after = rest[sign.len()..].trim_start();
        let end = after.find([' ', ',', '<', '>', '=', '≥', '≤']).unwrap_or(after.len());
        let edge = &after[..end];
        if !has_number(edge) {
            return None;
        }
        bounds.push((bound, edge.to_owned()));
        rest = after[end..].trim_start_matches([' ', ',', '&']);
    }
    (!bounds.is_empty()).then_some(bounds)
}

fn has_number(version: &str) -> bool {
    version.bytes().any(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted<'a>(asked: &str, versions: &[&'a str]) -> Vec<&'a str> {
        let wanted = Wanted::read(asked);
        versions.iter().copied().filter(|version| wanted.admits(version)).collect()
    }

    #[test]
    fn what_people_write_means_what_they_mean() {
        let versions = ["v13.0", "v12.10", "v12.5", "v12.0", "v1.2", "current"];
        for (asked, expected) in [
            ("12.5", &["v12.5"][..]),
            ("V12.5.0", &["v12.5"]),
            ("12.x", &["v12.10", "v12.5", "v12.0"]),
            ("12", &["v12.10", "v12.5", "v12.0"]),
            ("v12.*", &["v12.10", "v12.5", "v12.0"]),
            (">=12.5", &["v13.0", "v12.10", "v12.5", "current"]),
            ("≥ 12.5 <13", &["v12.10", "v12.5"]),
            (">12.5,<=13.0", &["v13.0", "v12.10"]),
            ("= 12.5", &["v12.5"]),
            ("12.0..12.5", &["v12.5", "v12.0"]),
            ("12.0 - 12.9", &["v12.5", "v12.0"]),
            ("14", &[]),
            (">=", &[]),
            ("12.5-mr9", &[]),
        ] {
            assert_eq!(admitted(asked, &versions), expected, "{asked}");
        }
        assert_eq!(Wanted::read(" newest "), Wanted::Newest);
        assert_eq!(Wanted::read("current"), Wanted::Newest);
        assert_eq!(Wanted::read("ALL"), Wanted::Any);
    }

    #[test]
    fn odd_ranges_are_names_that_nothing_has() {
        for asked in ["<<<", ">= <", "..", "x.x.x", "\u{0}", "999999999999999999999999", ">=1 and 2"] {
            assert!(admitted(asked, &["v1.0", "2.0"]).len() <= 2, "{asked}");
        }
    }
}
