//! The search module of the browser.
