//! A library made by many machines: each reads and embeds a product, one puts all together.
//!
//! ```text
//! machine 1   build LIBRARY --partition acme/pump  --out PART1 ┐
//! machine 2   build LIBRARY --partition acme/valve --out PART2 ┼─► merge LIBRARY PART1 PART2 --out SITE
//! ```
//!
//! A part is what a build knows of a product: the caches that it leaves, and nothing else. Putting together is a build that
//! takes their rows into its own cache first, so it reads no PDF and embeds next to nothing, and its bytes are those of one
//! build by construction: a part can only save work, never say something else. What is decided by the whole library (which
//! words are known, where versions share a chunk, the cells) is decided where the whole library is.

use crate::progress::tell;
use crate::registry;
use crate::stages::{self, Built, Options, Tools};

/// Makes the part of `options.partition` in `options.cache`.
///
/// # Errors
/// A sentence for people when the product has no document, or the part could not be written.
pub fn make(options: &Options) -> Result<Built, String> {
    let tools = Tools::of(options)?;
    let (mut library, mut built) = tools.read(options)?;
    registry::number(&mut library.entries, None);
    let shared = stages::share(&library, &mut built);
    tools.embed(&shared, &mut built)?;
    let parsed = tools.parsed.as_ref();
    parsed.and_then(|parsed| parsed.settle(&options.library)).iter().for_each(|problem| tell(problem));
    Ok(built)
}
