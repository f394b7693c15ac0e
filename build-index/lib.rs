//! Manuals in, static site with hybrid search out.

pub mod chunk;
pub mod config;
pub mod document;
pub mod ingest;
pub mod library;
pub mod media;
pub mod tree;
pub mod url;
pub mod version;
