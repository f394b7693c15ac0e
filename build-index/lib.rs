//! Manuals in, static site with hybrid search out.
//!
//! ```text
//! tree ──► ingest ──► Document ──► chunk ──► share ─┬─► words ───┐
//!                        │                          └─► vectors ─┴─► assemble ──┐
//!                        └──► site (pages) ─────────────────────────────────────┴─► write
//! ```
//!
//! `pipeline` is this picture as code. `host` searches what was written, `inspect` weighs it, `relevance` measures its
//! ranking, `model` packs the encoder that all of it shares, `export` hands the library to other engines.

pub mod assemble;
pub mod bundle;
pub mod chunk;
pub mod config;
pub mod document;
pub mod export;
pub mod host;
pub mod in_place;
pub mod ingest;
pub mod inspect;
pub mod library;
pub mod media;
pub mod model;
pub mod offline;
pub mod parsed;
pub mod part;
pub mod pipeline;
pub mod previous;
pub mod progress;
pub mod registry;
pub mod relevance;
pub mod report;
pub mod share;
pub mod site;
pub mod stages;
pub mod stash;
pub mod suspicious;
pub mod svg;
pub mod texts;
pub mod tree;
pub mod url;
pub mod vectors;
pub mod words;
pub mod write;
