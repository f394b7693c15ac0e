//! One walk over the content before it is read: headings and terms get their anchors, links and pictures their targets.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;

use super::content::Content;
use super::dom::{N, attribute, each, heading_level, name};
use super::parse::Parsed;
use super::table;
use crate::document::{Image, Note};
use crate::ingest::links::{Link, Picture, Resolver};
use crate::ingest::{Anchors, Context};

/// Ids that pages of the site have themselves.
const TAKEN: [&str; 3] = ["main", "q", "shelves"];

/// Most elements before a heading that are looked at for its id.
const FARTHEST: usize = 8;

/// What the walk found.
pub struct Plan {
    /// Anchor of every heading and every term that has an address.
    pub anchors: HashMap<NodeId, String>,
    /// Other ids that links may lead to, each kept once.
    pub ids: HashMap<NodeId, String>,
    /// Where links lead.
    pub links: HashMap<NodeId, Link>,
    /// What pictures show.
    pub pictures: HashMap<NodeId, Picture>,
    /// The pictures shown, in order.
    pub images: Vec<Image>,
    /// Tables that only arrange what is in them.
    pub layouts: HashSet<NodeId>,
    /// What was doubtful.
    pub notes: Vec<Note>,
}

impl Plan {
    /// Every id that stands in the page's HTML.
    pub fn all_ids(&self) -> HashSet<String> {
        self.anchors.values().chain(self.ids.values()).cloned().collect()
    }
}

/// Walks the content. `text_of` gives a heading's text, for an anchor where it has none; with `in_place` none is made,
/// since the page is the owner's.
pub fn prepare<'a>(
    parsed: &Parsed,
    content: &Content<'a>,
    context: Context<'_>,
    in_place: bool,
    text_of: impl Fn(N<'a>) -> String,
) -> Plan {
    let mut plan = Plan {
        anchors: HashMap::new(),
        ids: own_ids(content),
        links: HashMap::new(),
        pictures: HashMap::new(),
        images: Vec::new(),
        layouts: HashSet::new(),
        notes: Vec::new(),
    };
    let mut anchors = Anchors::default();
    TAKEN.into_iter().map(str::to_owned).chain(plan.ids.values().cloned()).for_each(|id| anchors.reserve(id));
    let mut resolver = Resolver::new(context);
    let mut nearest = String::new();
    for root in &content.roots {
        each(*root, |node| {
            if content.is_skipped(node) {
                return false;
            }
            if heading_level(node).is_some() {
                let own = holder_of_id(node, *root, &plan.ids).and_then(|holder| plan.ids.remove(&holder));
                let anchor = match own {
                    Some(own) => own,
                    None if in_place => nearest.clone(),
                    None => anchors.of(&text_of(node)),
                };
                nearest.clone_from(&anchor);
                plan.anchors.insert(node.id(), anchor);
            } else if name(node) == "dt"
                && let Some(id) = plan.ids.remove(&node.id())
            {
                plan.anchors.insert(node.id(), id);
            } else if let Some(id) = plan.ids.get(&node.id()) {
                nearest.clone_from(id);
            }
            let line = parsed.lines.get(&node.id()).copied().unwrap_or(0);
            match name(node) {
                "a" => {
                    if let Some(href) = attribute(node, "href") {
                        plan.links.insert(node.id(), resolver.link(href, line));
                    }
                }
                "table" if table::is_layout(node) => drop(plan.layouts.insert(node.id())),
                "img" => {
                    let alt = attribute(node, "alt").unwrap_or_default();
                    let picture = resolver.picture(attribute(node, "src").unwrap_or_default(), alt, line);
                    if let Picture::Shown(image, _) = &picture {
                        plan.images.push(image.clone());
                    }
                    plan.pictures.insert(node.id(), picture);
                }
                _ => {}
            }
            true
        });
    }
    plan.notes = resolver.notes;
    plan
}

/// Ids of the content's elements and names of its `<a name>`, each where it stands first.
fn own_ids(content: &Content<'_>) -> HashMap<NodeId, String> {
    let mut seen: HashSet<String> = HashSet::new();
    let mut ids = HashMap::new();
    for root in &content.roots {
        let mut keep = |node: N<'_>| {
            let named = || attribute(node, "name").filter(|_| name(node) == "a");
            let id = attribute(node, "id").or_else(named).map(str::trim).filter(|id| {
                !id.is_empty()
                    && !id.contains(char::is_whitespace)
                    && !TAKEN.contains(id)
                    && !id.starts_with("page-")
            });
            if let Some(id) = id
                && seen.insert(id.to_owned())
            {
                ids.insert(node.id(), id.to_owned());
            }
        };
        keep(*root);
        each(*root, |node| {
            keep(node);
            !content.is_skipped(node)
        });
    }
    ids
}

/// The node whose id is the heading's address: the heading, something inside of it, an empty anchor just before it, or
/// the element that it is the beginning of.
fn holder_of_id(heading: N<'_>, root: N<'_>, ids: &HashMap<NodeId, String>) -> Option<NodeId> {
    let inside =
        std::iter::once(heading).chain(heading.descendants()).find(|node| ids.contains_key(&node.id()));
    if let Some(node) = inside {
        return Some(node.id());
    }
    let mut at = heading;
    let mut before = None;
    let mut steps = 0;
    loop {
        let mut sibling = at.prev_sibling();
        while let Some(node) = sibling {
            steps += 1;
            if steps > FARTHEST || node.descendants().any(says_something) {
                return before;
            }
            let holder = node.descendants().find(|inner| ids.contains_key(&inner.id()));
            before = before.or(holder.map(|holder| holder.id()));
            sibling = node.prev_sibling();
        }
        let above = at.parent()?;
        if ids.contains_key(&above.id()) {
            return Some(above.id());
        }
        if above.id() == root.id() {
            return before;
        }
        at = above;
    }
}

fn says_something(node: N<'_>) -> bool {
    matches!(name(node), "img" | "hr" | "table" | "pre")
        || node.value().as_text().is_some_and(|text| !text.trim().is_empty())
}
