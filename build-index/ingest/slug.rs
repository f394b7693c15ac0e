//! Anchors of headings: GitHub's slugs, made unique within a document.

use std::collections::{HashMap, HashSet};

/// Longest anchor, in characters. A "heading" that is a whole paragraph still gets an address one can paste.
const LONGEST: usize = 120;

/// The anchors a document has given out.
#[derive(Debug, Default)]
pub struct Anchors {
    taken: HashSet<String>,
    /// The number to try next for a text that is taken.
    next: HashMap<String, u32>,
}

impl Anchors {
    /// Keeps `anchor` from being given to a heading.
    pub fn reserve(&mut self, anchor: String) {
        self.taken.insert(anchor);
    }

    /// The anchor of a heading of this text: `Set up & run` → `set-up--run`, then `set-up--run-1`.
    pub fn of(&mut self, heading: &str) -> String {
        let mut slug = slug(heading);
        if slug.is_empty() {
            "section".clone_into(&mut slug);
        }
        self.unique(slug)
    }

    /// `wanted` itself or, where it is taken, with the first free number.
    pub fn unique(&mut self, wanted: String) -> String {
        if self.taken.insert(wanted.clone()) {
            return wanted;
        }
        let number = self.next.entry(wanted.clone()).or_insert(1);
        loop {
            let next = format!("{wanted}-{number}");
            *number += 1;
            if self.taken.insert(next.clone()) {
                return next;
            }
        }
    }
}

fn slug(heading: &str) -> String {
    let kept = heading.trim().chars().take(LONGEST).flat_map(char::to_lowercase);
    kept.filter_map(|c| match c {
        ' ' | '\t' | '\n' | '\u{a0}' => Some('-'),
        '-' | '_' => Some(c),
        c if c.is_alphanumeric() => Some(c),
        _ => None,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_githubs_and_unique() {
        let mut anchors = Anchors::default();
        anchors.reserve("page-2".to_owned());
        let given: Vec<String> =
            ["Set up & run", "Set up & run", "Größe", "v3.6 `etcd`", "Page 2", "★", "Set up & run 1"]
                .into_iter()
                .map(|heading| anchors.of(heading))
                .collect();
        assert_eq!(
            given,
            ["set-up--run", "set-up--run-1", "größe", "v36-etcd", "page-2-1", "section", "set-up--run-1-1"]
        );
    }
}
