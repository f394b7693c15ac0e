//! One way to read words, at build and at query.
//!
//! A text becomes [`Token`]s: folded, split and stemmed. Whatever is decided here is decided for both sides, so a
//! word of a query and the same word of a manual always meet; [`ANALYSIS_VERSION`] goes into every index, and an
//! index made by rules older than [`OLDEST_ANALYSIS`], or newer, is refused.
//!
//! ```text
//! "The maxConnections of postgresql.conf"
//!    the      0 word            (a stop word: kept, but without positions in the index)
//!    max      1 part      maxconnections  1 whole
//!    connect  2 part
//!    of       3 word
//!    postgresql 4 part    postgresqlconf  4 whole
//!    conf     5 part
//! ```
//!
//! *Parts* let `connections` find `maxConnections`; the *whole* lets `max_connections`, `max-connections` and
//! `maxconnections` find it before anything else, since a rare term weighs more.

mod fold;
mod sentence;
mod split;
mod stop;

pub use fold::{fold, folded};
pub use sentence::sentences;
pub use split::{Token, TokenKind, is_unspaced, tokens, tokens_by};
pub use stop::is_stop_word;

/// Moves whenever a text would give other tokens than before.
pub const ANALYSIS_VERSION: u32 = 2;
/// The first rules that know options and calls of one word (`--force`, `open()`). Those before them read all else alike, so
/// an index that was made by them is searched without.
pub const SIGNS_SINCE: u32 = 2;
/// The rules of the oldest index whose words a query of today still meets.
pub const OLDEST_ANALYSIS: u32 = 1;

/// The stem of a folded word: Porter's second algorithm (snowballstem.org) for words of ASCII letters.
///
/// Other words are their own stem: identifiers, numbers and other scripts do not inflect the English way.
pub fn stem(folded: &str) -> String {
    if folded.len() > 3 && folded.bytes().all(|byte| byte.is_ascii_lowercase()) {
        tantivy_stemmers::algorithms::english_porter_2(folded).into_owned()
    } else {
        folded.to_owned()
    }
}
