//! Which part of a page is the manual, and what around and inside of it is not read.
//!
//! ```text
//! the owner's selector ─► data-pagefind-body ─► <main>, role=main ─► <article> ─► <body> without what surrounds it
//!                                                                                  └─► the part that holds the text
//! ```
//!
//! The first that is there wins. Where a page has landmarks, its maker has said where the content is; only the last two
//! steps look at the text, and they leave out no more than what is plainly navigation: what is mostly links.

use std::collections::HashSet;

use ego_tree::NodeId;

use super::dom::{self, N, attribute, each, has, heading_level, name, says};
use super::pagefind;
use super::shared::Selectors;
use crate::ingest::contents::letters;

/// Beside what Pagefind drops: controls, and what is drawn rather than written.
const DROPPED: [&str; 11] = [
    "button", "canvas", "datalist", "dialog", "embed", "map", "meter", "object", "progress", "select",
    "textarea",
];

/// Roles of what stands around the content, or above it.
const ROLES: [&str; 12] = [
    "alertdialog",
    "banner",
    "complementary",
    "contentinfo",
    "dialog",
    "menu",
    "menubar",
    "navigation",
    "search",
    "toolbar",
    "tooltip",
    "tree",
];

/// Classes of the numbers beside lines of code, in the highlighters in use.
const LINE_NUMBERS: [&str; 11] = [
    "gutter",
    "hljs-ln-numbers",
    "line-number",
    "line-numbers-rows",
    "lineno",
    "linenodiv",
    "linenos",
    "lineNumbers",
    "ln",
    "lnt",
    "rouge-gutter",
];

/// A block is navigation if at least this share of its letters is in links, in tenths.
const LINKED: usize = 5;

/// And if it has no more letters than this; a contents page has more, and is found by its words.
const NAVIGATION_LETTERS: usize = 300;

/// The content of a page.
pub struct Content<'a> {
    /// The elements that hold it, in order; none inside another.
    pub roots: Vec<N<'a>>,
    /// What is not read inside of them; also nothing below these.
    pub skipped: HashSet<NodeId>,
}

impl<'a> Content<'a> {
    /// Finds the content. `pagefind`: only what `data-pagefind-body` marks is content. Nothing, if the page has none.
    pub fn of(top: N<'a>, selectors: &Selectors, pagefind: bool) -> Option<Self> {
        let body = dom::find(top, "body")?;
        let mut content = Self { roots: Vec::new(), skipped: HashSet::new() };
        if let Some(selector) = &selectors.content {
            content.roots = outermost(top, |node| selector.matches(node));
        }
        if content.roots.is_empty() && pagefind {
            content.roots = outermost(body.parent()?, |node| has(node, "data-pagefind-body"));
            if content.roots.is_empty() {
                return None;
            }
        }
        let marked = !content.roots.is_empty();
        if !marked {
            content.roots = outermost(body, |node| name(node) == "main" || says(node, "role", "main"));
        }
        let landmark = !content.roots.is_empty();
        if !landmark {
            content.roots = vec![body];
        }
        for root in content.roots.clone() {
            content.leave_out(root, selectors, landmark);
        }
        if !marked {
            content.narrow_to_article();
        }
        if !landmark && content.roots.len() == 1 && name(content.roots[0]) == "body" {
            content.narrow_to_text();
        }
        Some(content)
    }

    /// Whether anything below the node, or the node itself, is not read.
    pub fn is_skipped(&self, node: N<'_>) -> bool {
        self.skipped.contains(&node.id())
    }

    fn leave_out(&mut self, root: N<'a>, selectors: &Selectors, landmark: bool) {
        let mut total = None;
        each(root, |node| {
            let Some(element) = node.value().as_element() else { return false };
            let own = element.name();
            let drop = match own {
                // A form around most of the page is how some servers make pages.
                "form" => {
                    let total = *total.get_or_insert_with(|| letters(&dom::raw_text(root)));
                    letters(&dom::raw_text(node)) * 2 < total
                }
                // Inside of the content they are its title, its notes and its asides.
                "header" | "aside" => !landmark && !holds_content(node),
                "input" => !says(node, "type", "checkbox"),
                _ => pagefind::DROPPED.contains(&own) || DROPPED.contains(&own),
            };
            let hidden = says(node, "aria-hidden", "true") && own != "pre";
            let role = attribute(node, "role").is_some_and(|role| {
                role.split_ascii_whitespace()
                    .any(|role| ROLES.contains(&role) && !(role == "complementary" && landmark))
            });
            let excluded = || selectors.excludes(node);
            let numbers = dom::classes(node).any(|class| LINE_NUMBERS.contains(&class));
            if drop
                || hidden
                || role
                || numbers
                || is_self_link(node)
                || pagefind::ignores(node)
                || excluded()
            {
                self.skipped.insert(node.id());
                return false;
            }
            true
        });
    }

    /// Where one article has most of what is read, what is beside it is the page's and not the manual's.
    fn narrow_to_article(&mut self) {
        let [root] = self.roots[..] else { return };
        let mut articles = Vec::new();
        each(root, |node| {
            let is = name(node) == "article";
            if is {
                articles.push(node);
            }
            !is && !self.is_skipped(node)
        });
        if let [article] = articles[..]
            && self.weigh(article).all * 2 > self.weigh(root).all
            && !self.has_heading_outside(root, article)
        {
            self.roots = vec![article];
        }
    }

    /// Goes down to the part that holds the text, as long as all that is left behind is navigation; then leaves out what
    /// is navigation at its start and its end.
    fn narrow_to_text(&mut self) {
        let mut root = self.roots[0];
        loop {
            let children: Vec<N<'a>> = root
                .children()
                .filter(|child| child.value().is_element() && !self.is_skipped(*child))
                .collect();
            let weights: Vec<Weight> = children.iter().map(|child| self.weigh(*child)).collect();
            let Some(at) = (0..children.len()).max_by_key(|&at| (weights[at].unlinked(), usize::MAX - at))
            else {
                break;
            };
            let wraps = matches!(
                name(children[at]),
                "div" | "section" | "center" | "table" | "tbody" | "tr" | "td" | "form"
            );
            let loose =
                root.children().filter_map(|child| child.value().as_text()).any(|text| letters(text) > 0);
            let rest_is_around = (0..children.len())
                .filter(|&other| other != at)
                .all(|other| weights[other].all == 0 || self.is_navigation(children[other], &weights[other]));
            if !wraps || loose || !rest_is_around || weights[at].all == 0 {
                break;
            }
            root = children[at];
        }
        self.roots = vec![root];
        let children: Vec<N<'a>> = root.children().filter(|child| child.value().is_element()).collect();
        let mut left_out = Vec::new();
        let mut ends = |child: &N<'a>| {
            let weight = self.weigh(*child);
            let around = weight.all == 0 || self.is_navigation(*child, &weight);
            if weight.all > 0 && around {
                left_out.push(child.id());
            }
            around
        };
        let from_start = children.iter().take_while(|child| ends(child)).count();
        children[from_start..].iter().rev().take_while(|child| ends(child)).for_each(drop);
        // A page of nothing but links is a contents page.
        if from_start < children.len() {
            self.skipped.extend(left_out);
        }
    }

    fn is_navigation(&self, node: N<'a>, weight: &Weight) -> bool {
        if weight.headings || weight.all > NAVIGATION_LETTERS {
            return false;
        }
        // Previous, up and next, with the titles of those pages beside them.
        let steps = || {
            node.descendants().any(|link| {
                name(link) == "a"
                    && (["prev", "previous", "next", "up"].into_iter().any(|rel| says(link, "rel", rel))
                        || has(link, "accesskey"))
            })
        };
        weight.linked * 10 >= weight.all * LINKED || (weight.linked > 0 && steps())
    }

    fn has_heading_outside(&self, root: N<'a>, inside: N<'a>) -> bool {
        let mut found = false;
        each(root, |node| {
            found |= heading_level(node) == Some(1);
            node.id() != inside.id() && !self.is_skipped(node)
        });
        found
    }

    fn weigh(&self, root: N<'a>) -> Weight {
        let mut weight = Weight { headings: heading_level(root).is_some(), ..Weight::default() };
        each(root, |node| {
            weight.headings |= heading_level(node).is_some();
            if let Some(text) = node.value().as_text() {
                let count = letters(text);
                weight.all += count;
                if node
                    .ancestors()
                    .take_while(|above| above.id() != root.id())
                    .any(|above| name(above) == "a" && has(above, "href"))
                    || (name(root) == "a" && has(root, "href"))
                {
                    weight.linked += count;
                }
            }
            !self.is_skipped(node)
        });
        weight
    }
}

/// What a part of a page has, in letters.
#[derive(Default)]
struct Weight {
    all: usize,
    linked: usize,
    headings: bool,
}

impl Weight {
    fn unlinked(&self) -> usize {
        self.all - self.linked
    }
}

/// A page without landmarks may have its title, or all of it, in a `<header>`.
fn holds_content(node: N<'_>) -> bool {
    let mut headings = 0;
    let mut total = 0;
    each(node, |inner| {
        headings += usize::from(heading_level(inner) == Some(1));
        total += inner.value().as_text().map_or(0, letters);
        true
    });
    name(node) == "header" && headings > 0 || total > 20 * NAVIGATION_LETTERS
}

/// The `¶` or `#` that links a heading or a term to itself.
fn is_self_link(node: N<'_>) -> bool {
    name(node) == "a"
        && attribute(node, "href").is_some_and(|href| href.contains('#'))
        && node.first_child().is_some()
        && letters(&dom::raw_text(node)) == 0
        && !node.descendants().any(|inner| name(inner) == "img")
}

/// The outermost elements that are wanted, in order.
fn outermost<'a>(root: N<'a>, wanted: impl Fn(N<'a>) -> bool) -> Vec<N<'a>> {
    let mut found = Vec::new();
    each(root, |node| {
        let is = node.value().is_element() && wanted(node);
        if is {
            found.push(node);
        }
        !is
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::html::parse::parse;
    use crate::ingest::markup::squeezed;

    const PROSE: &str = "The pump draws water from the well and lifts it to the tank above the house.";

    /// The text that is read.
    fn read(text: &str, selectors: &Selectors, pagefind: bool) -> Option<String> {
        let parsed = parse(text);
        let content = Content::of(parsed.tree.root(), selectors, pagefind)?;
        let mut out = String::new();
        for root in &content.roots {
            each(*root, |node| {
                if let Some(text) = node.value().as_text() {
                    out.push_str(text);
                    out.push(' ');
                }
                !content.is_skipped(node)
            });
        }
        Some(squeezed(&out))
    }

    fn plain(text: &str) -> String {
        read(text, &Selectors::default(), false).unwrap()
    }

    #[test]
    fn landmarks_tell_the_content() {
        for text in [
            "<header>Site</header><nav>Menu</nav><main>Text<aside>note</aside></main><footer>Foot</footer>",
            "<div>Menu</div><div role=main>Text<div role=navigation>Prev</div><aside>note</aside></div>",
            "<main><div>TOC</div><article><header>Text</header><aside>note</aside></article></main>",
            "<main>Text<form><input>Go</form><button>Copy</button><svg><title>x</title></svg><aside>note</aside></main>",
        ] {
            assert_eq!(plain(text), "Text note", "{text}");
        }
    }

    #[test]
    fn without_landmarks_what_is_mostly_links_is_left_out() {
        for text in [
            format!("<div><a href=a>Home</a> | <a href=b>Index</a></div><div><h1>Pump</h1><p>{PROSE}</div>"),
            format!("<nav>Menu</nav><aside>Ad</aside><h1>Pump</h1><p>{PROSE}<hr><p><a href=x>Back</a></p>"),
            format!("<table><tr><td><a href=a>One</a> <a href=b>Two</a><td><h1>Pump</h1><p>{PROSE}</table>"),
            format!(
                "<div><table><tr><th>Chapter 2<tr><td><a accesskey=p href=x>Prev</a></table></div><h1>Pump</h1><p>{PROSE}"
            ),
        ] {
            assert_eq!(plain(&text), format!("Pump {PROSE}"), "{text}");
        }
    }

    #[test]
    fn a_page_of_links_is_still_a_page() {
        assert_eq!(plain("<ul><li><a href=a>One</a><li><a href=b>Two</a></ul>"), "One Two");
        assert_eq!(plain("<form><h1>All</h1><p>in a form</form>"), "All in a form");
    }

    #[test]
    fn headings_never_stay_behind() {
        let text = format!("<h1>Pump</h1><div><div><p>{PROSE}</p></div></div>");
        assert_eq!(plain(&text), format!("Pump {PROSE}"));
    }

    #[test]
    fn what_serves_the_page_is_not_read() {
        let text = "<main><h2>Set up<a href='#set-up'>¶</a></h2><span aria-hidden=true>1.</span>\
            <table><td class=linenos>1 2<td>code</table><p data-pagefind-ignore>no</p><i data-pagefind-weight=0>no</i></main>";
        assert_eq!(plain(text), "Set up code");
    }

    #[test]
    fn marks_of_pagefind_and_of_the_owner_win() {
        let text = "<main>Main</main><div data-pagefind-body>One<p data-pagefind-ignore>no</div><p class=own>Own</p>\
            <p data-pagefind-body>Two";
        assert_eq!(read(text, &Selectors::default(), true).as_deref(), Some("One Two"));
        assert_eq!(read("<main>Main</main>", &Selectors::default(), true), None);
        let own = Selectors::parse(Some(".own, main"), &[]).unwrap();
        assert_eq!(read(text, &own, true).as_deref(), Some("Main Own"));
        let without = Selectors::parse(None, &["main".to_owned(), ".own".to_owned()]).unwrap();
        assert_eq!(
            read("<body><main>Main</main><p class=own>Own</p>", &without, false).as_deref(),
            Some("Main")
        );
    }
}
