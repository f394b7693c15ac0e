//! Query to ranked chunks, asking the host for the bytes it needs.
//!
//! ```text
//! Request ──query──► words ──plan──► files ──(host fetches)──► lexical ─┐
//!                                                             nearest ──┴─fuse──► hits ──(fragments)──► snippet ──► Answer
//! ```
//!
//! Nothing here reads a file, opens a socket, looks at a clock or starts a thread. [`Engine::search`] either has the
//! answer or says which files it needs; the host fetches them in its own way, hands them over, and asks again. The
//! browser's worker, the terminal, the server and the tests are four such hosts, and because all arithmetic is here,
//! in one order, with `libm` for the one logarithm, they get the same hits in the same order.
//!
//! | module | answers |
//! |---|---|
//! | `syntax` | which parts of a query say how they want to be read? |
//! | `symbol` | is the query the name of a thing that programs know, and does a heading bear it? |
//! | `query` | which terms does a person's query ask for? |
//! | `engine` | which files are needed, and what follows when they are here? |
//! | `filter` | which versions of which products does a request ask about? |
//! | `spell` | which word was meant by one that nobody wrote? |
//! | `lexical` | how well do the words of a chunk match (BM25F, nearness of words)? |
//! | `nearest` | how close is a chunk's meaning? |
//! | `fuse` | what is one score made of? |
//! | `merge` | what is a hit worth beside those of another library? |
//! | `snippet` | which sentence shows why? |
//! | `closest` | which sentence of a passage, if it shares no word with the query? |
//! | `held` | what does the library say at this place, for who reads rather than searches? |
//! | [`version`] | which version of a product is the newer? |
//! | [`wanted`] | which versions does “12.x” mean? |
//! | `weights` | every constant of the ranking, with its reason |

mod answer;
mod closest;
mod engine;
mod filter;
mod fuse;
mod held;
mod lexical;
mod merge;
mod nearest;
mod query;
mod snippet;
mod spell;
mod symbol;
mod syntax;
mod weights;

pub mod version;
pub mod wanted;

pub use answer::{Answer, Edition, Explain, Hit, Matched, Missing, Mode, Request, Rung, Support};
pub use engine::{Engine, FileRequest, Step};
pub use held::Held;
pub use weights::Weights;
