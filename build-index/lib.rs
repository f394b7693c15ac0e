//! Manuals in, static site with hybrid search out.
//!
//! ```text
//! tree ──► ingest ──► Document ──► chunk ──► analyse ─┐
//!                        │           └──► vectors ────┴─► assemble ──┐
//!                        └──► site (pages) ─────────────────────────┴─► write
//! ```
//!
//! `pipeline` is this picture as code. `host` searches what was written, `inspect` weighs it, `relevance` measures its
//! ranking, `model` packs the encoder that all of it shares.

pub mod analyse;
pub mod assemble;
pub mod bundle;
pub mod chunk;
pub mod config;
pub mod document;
pub mod host;
pub mod ingest;
pub mod inspect;
pub mod library;
pub mod media;
pub mod model;
pub mod pipeline;
pub mod progress;
pub mod relevance;
pub mod site;
pub mod tree;
pub mod url;
pub mod vectors;
pub mod write;
