//! The search module of the browser.

pub mod fetch;
