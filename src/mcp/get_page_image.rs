//! `get_page_image`: what does the figure show?
//!
//! The tool names the picture; the host fetches it and puts it into the answer. A kind that clients cannot show, or a
//! picture that is too large, is linked instead.

use serde_json::Value;

use crate::arguments::Arguments;
use crate::budget::Budget;
use crate::name::{self, Spot};
use crate::reply::{Picture, mime};
use crate::shelf::{Shelf, scope_name};
use crate::{Halt, Reply, quote};

const KNOWN: [&str; 3] = ["id", "page", "image"];

/// The few words beside a picture.
const TOKENS: usize = 400;
/// Chunks looked at for the next picture where the one that is named has none.
const AHEAD: u32 = 8;

/// Answers a call.
pub(crate) fn call(shelf: &Shelf<'_>, arguments: &Value) -> Result<Reply, Halt> {
    let mut arguments = Arguments::read(arguments, &KNOWN)?;
    let id = arguments.text("id")?.ok_or_else(|| {
        Halt::Refuse("id: expected the id of a page or section, got nothing; search_docs gives ids".into())
    })?;
    let mut spot = name::resolve(shelf, &id)?;
    if arguments.has("page") {
        spot = name::at_page(spot, arguments.number("page", 1, u32::MAX, 1))?;
    }
    let image = arguments.number("image", 1, 1000, spot.image.unwrap_or(1));
    picture(shelf, &spot, image)
}

/// The picture with this number, from 1, of a place.
pub(crate) fn picture(shelf: &Shelf<'_>, spot: &Spot<'_>, image: u32) -> Result<Reply, Halt> {
    let document = spot.document;
    let first = spot.chunk.unwrap_or(0);
    let page = document.page_of.get(first as usize).copied();
    let range = page.map_or(first..first + 1, |page| document.on_pages(page, page));
    let found = shelf.chunks(spot, range.clone())?;
    let images: Vec<_> =
        found.iter().flat_map(|found| found.edition.images.iter().map(move |image| (found, image))).collect();
    let Some((found, (source, alt))) = (image as usize).checked_sub(1).and_then(|at| images.get(at)) else {
        return Err(Halt::Refuse(none(shelf, spot, range.end, images.len())?));
    };
    let Some(path) = spot.catalog.picture(source) else {
        return Err(Halt::Refuse(format!(
            "the picture {} is not on the site; read the page's text",
            quote::line(source, 120)
        )));
    };
    let id = found.id();
    let uri = match page {
        Some(page) => name::image_uri(&document.stem, page, image),
        None => name::image_uri(&id, 1, image),
    };
    let url = shelf.permalink(path);
    let mut budget = Budget::new(TOKENS);
    let mut head = vec![format!("Image {image} of {}", images.len())];
    head.extend(found.page());
    head.push(format!("“{}”", quote::line(&document.title, 80)));
    head.push(scope_name(&shelf.boot.scopes[spot.scope]));
    budget.some_of(&head.join(" · "));
    if !alt.is_empty() {
        budget.some_of(&format!("> {}", quote::line(alt, 300)));
    }
    budget.some_of(&format!("id: {id}\nuri: {uri}\nurl: {url}"));
    let (text, _) = budget.finish("picture not counted · ", shelf.build());
    let picture = Picture { mime: mime(path), path: path.to_owned(), uri, url };
    Ok(Reply { picture: Some(picture), ids: vec![id], ..Reply::new(text, shelf.build()) })
}

/// The sentence for a place without that picture, with where the next one is.
fn none(shelf: &Shelf<'_>, spot: &Spot<'_>, after: u32, count: usize) -> Result<String, Halt> {
    if count > 0 {
        return Ok(format!("this place has {count} images; ask with image=1 to {count}"));
    }
    let end = (after + AHEAD).min(spot.document.chunk_count());
    let next = shelf.chunks(spot, after..end)?;
    let next = next.iter().find(|found| !found.edition.images.is_empty());
    Ok(match next {
        Some(found) => format!("there is no picture here; the next one is at id {}", found.id()),
        None => "there is no picture here nor soon after; read_docs says “images:” where there are some"
            .to_owned(),
    })
}
