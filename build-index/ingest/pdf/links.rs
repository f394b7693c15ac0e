//! The links of a page: the areas that a reader can click, and where they lead.

use hayro_interpret::TransformExt;
use hayro_interpret::kurbo::{Affine, Point, Rect};
use hayro_syntax::object::{Array, Dict, Name, Rect as PdfRect, String as PdfString};
use hayro_syntax::page::Page;

use super::limits;
use super::marks::Area;
use super::places::{Places, decoded};

/// Longest address that is kept, in bytes.
const LONGEST_ADDRESS: usize = 2_000;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A page of this document, from 0.
    Page(usize),
    /// Another document or site.
    Address(String),
}

/// The links of one page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PageLinks {
    links: Vec<(Area, Target)>,
}

impl PageLinks {
    /// Those of this page.
    pub fn of<'a>(page: &Page<'a>, places: &Places<'a>) -> Self {
        let seen = page.initial_transform(true).to_kurbo();
        let annotations = page.raw().get::<Array<'a>>(b"Annots");
        let annotations = annotations.into_iter().flat_map(|all| all.iter::<Dict<'a>>());
        let links = annotations
            .take(limits::TREE_NODES)
            .filter_map(|link| link_of(&link, seen, places))
            .take(limits::PAGE_LINKS);
        Self { links: links.collect() }
    }

    /// The link at this point, counted from 1; 0 where there is none.
    pub fn at(&self, x: f32, y: f32) -> u16 {
        let found = self.links.iter().position(|(area, _)| area.holds(x, y));
        found.and_then(|at| u16::try_from(at + 1).ok()).unwrap_or(0)
    }

    /// Where the link of this number leads.
    pub fn target(&self, link: u16) -> Option<&Target> {
        Some(&self.links.get(usize::from(link).checked_sub(1)?)?.1)
    }
}

fn link_of<'a>(annotation: &Dict<'a>, seen: Affine, places: &Places<'a>) -> Option<(Area, Target)> {
    if &*annotation.get::<Name<'_>>(b"Subtype")? != b"Link" {
        return None;
    }
    let rect = annotation.get::<PdfRect>(b"Rect")?;
    let corners = Rect::from_points(seen * Point::new(rect.x0, rect.y0), seen * Point::new(rect.x1, rect.y1));
    let area = Area {
        left: corners.x0 as f32,
        top: corners.y0 as f32,
        right: corners.x1 as f32,
        bottom: corners.y1 as f32,
    };
    let target = match address(annotation) {
        Some(address) => Target::Address(address),
        None => Target::Page(places.target(annotation)?.page),
    };
    Some((area, target))
}

fn address(annotation: &Dict<'_>) -> Option<String> {
    let action = annotation.get::<Dict<'_>>(b"A")?;
    if &*action.get::<Name<'_>>(b"S")? != b"URI" {
        return None;
    }
    let address = decoded(action.get::<PdfString<'_>>(b"URI")?.as_bytes());
    (!address.is_empty() && address.len() <= LONGEST_ADDRESS).then_some(address)
}
