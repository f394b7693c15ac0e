//! Query to ranked chunks, asking the host for the bytes it needs.

mod answer;

pub use answer::{Answer, Explain, Hit, Missing, Mode, Request, Rung};
