//! Manuals in, static site with hybrid search out.

pub mod chunk;
pub mod document;
pub mod model;
