//! The encoder module of the browser.
