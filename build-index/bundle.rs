//! What the program carries: the web app and the packed encoder, so that one file is all a publisher installs.

use std::borrow::Cow;

use xxhash_rust::xxh3::xxh3_64;

use crate::texts::Texts;

/// The packed encoder, all-MiniLM-L6-v2; its licence and provenance stand beside it. A constant would be in the program once
/// for every place that names it.
pub static ENCODER: &[u8] = include_bytes!("../static/model/all-minilm-l6-v2.mcd");
/// The name of [`ENCODER`] in messages.
pub const ENCODER_NAME: &str = "all-minilm-l6-v2.mcd (inside mcdewey)";

/// The web app's files by name, sorted. Empty when the program was built without one.
pub static APP: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/app.rs"));

/// The one of the files that depends on the reader's language.
const TEXTS: &str = "texts.js";

/// The web app's files by name, sorted, with its texts in a language.
pub fn app(texts: &Texts) -> Vec<(&'static str, Cow<'static, [u8]>)> {
    let in_language = |name| match name {
        TEXTS => Some(Cow::Owned(texts.script().into_bytes())),
        _ => None,
    };
    APP.iter().map(|&(name, bytes)| (name, in_language(name).unwrap_or(Cow::Borrowed(bytes)))).collect()
}

/// The folder of the web app below a site's root, named by its content: `app/3f2a9c0d11e84b57`.
pub fn app_base(app: &[(&'static str, Cow<'static, [u8]>)]) -> String {
    let mut all = Vec::new();
    for (name, bytes) in app {
        all.extend_from_slice(name.as_bytes());
        all.extend_from_slice(&xxh3_64(bytes).to_le_bytes());
    }
    format!("app/{:016x}", xxh3_64(&all))
}
