//! Which versions does “12.x” mean?
//!
//! | asked | means |
//! |---|---|
//! | nothing, `newest`, `latest` | the newest version |
//! | `any`, `all`, `*` | every version |
//! | `12.5`, `v12.5` | that version, however the library spells it |
//! | `12`, `12.x`, `12.*` | every version that begins so |
//! | `>=12.5`, `<13`, `>=12 <13` | every version within the bounds |
//! | `12.0..12.6`, `12.0 - 12.6` | from the first to the last, both included |

use std::cmp::Ordering;

use crate::version::{compare, same};

/// Which versions a person asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The newest.
    Newest,
    /// Every one.
    Any,
    /// The one of this name.
    Exact(String),
    /// Every one that begins with these numbers.
    Under(Vec<String>),
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
}

impl Wanted {
    /// Reads what was asked. Whatever is no range is the name of a version.
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        match text.to_lowercase().as_str() {
            "" | "newest" | "latest" => return Self::Newest,
            "any" | "all" | "*" | "x" => return Self::Any,
            _ => {}
        }
        if text.starts_with(['<', '>', '=', '≥', '≤']) {
            let bounds: Option<Vec<_>> = bounds(text);
            return bounds.map_or_else(|| Self::Exact(text.to_owned()), Self::Within);
        }
        for between in ["..", " - ", " to "] {
            if let Some((from, to)) = text.split_once(between)
                && let [from, to] = [from, to.trim_start_matches('.')].map(str::trim)
                && [from, to].into_iter().all(has_number)
            {
                return Self::Within(vec![(Bound::From, from.to_owned()), (Bound::To, to.to_owned())]);
            }
        }
        let numbers = numbers(text);
        let open = text.trim_end_matches(['x', 'X', '*']);
        let under = (open.len() < text.len() && open.ends_with('.')) || numbers.len() == 1;
        let plain = open.trim_start_matches(['v', 'V']).bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if under && plain && !numbers.is_empty() {
            Self::Under(numbers)
        } else {
            Self::Exact(text.to_owned())
        }
    }

    /// Whether a version is among them. The newest has to be known by who asks: every version may be it.
    pub fn admits(&self, version: &str) -> bool {
        match self {
            Self::Newest | Self::Any => true,
            Self::Exact(name) => same(name, version),
            Self::Under(wanted) => numbers(version).starts_with(wanted),
            Self::Within(bounds) => {
                has_number(version)
                    && bounds.iter().all(|(bound, edge)| {
                        let order =
                            if same(version, edge) { Ordering::Equal } else { compare(version, edge) };
                        match bound {
                            Bound::From => order.is_ge(),
                            Bound::After => order.is_gt(),
                            Bound::To => order.is_le(),
                            Bound::Before => order.is_lt(),
                        }
                    })
            }
        }
    }
}

fn bounds(text: &str) -> Option<Vec<(Bound, String)>> {
    let text = text.replace('≥', ">=").replace('≤', "<=");
    let mut bounds = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let signs = [(">=", Bound::From), ("<=", Bound::To), (">", Bound::After), ("<", Bound::Before)];
        let (sign, bound) = signs.into_iter().find(|(sign, _)| rest.starts_with(sign))?;
        let after = rest[sign.len()..].trim_start();
        let end = after.find([' ', ',', '<', '>']).unwrap_or(after.len());
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

/// The numbers of a version in order, without leading zeros.
fn numbers(version: &str) -> Vec<String> {
    let runs = version.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    runs.map(|run| run.trim_start_matches('0'))
        .map(|run| if run.is_empty() { "0" } else { run }.to_owned())
        .collect()
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
            (">=12.5", &["v13.0", "v12.10", "v12.5"]),
            ("≥ 12.5 <13", &["v12.10", "v12.5"]),
            (">12.5,<=13.0", &["v13.0", "v12.10"]),
            ("12.0..12.5", &["v12.5", "v12.0"]),
            ("12.0 - 12.9", &["v12.5", "v12.0"]),
            ("current", &["current"]),
            ("14", &[]),
            (">=", &[]),
            ("12.5-mr9", &[]),
        ] {
            assert_eq!(admitted(asked, &versions), expected, "{asked}");
        }
        assert_eq!(Wanted::read(" newest "), Wanted::Newest);
        assert_eq!(Wanted::read("ALL"), Wanted::Any);
    }

    #[test]
    fn odd_ranges_are_names_that_nothing_has() {
        for asked in ["<<<", ">= <", "..", "x.x.x", "\u{0}", "999999999999999999999999", ">=1 and 2"] {
            assert!(admitted(asked, &["v1.0", "2.0"]).len() <= 2, "{asked}");
        }
    }
}
