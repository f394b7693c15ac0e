//! One way to normalise, split and stem text, at build and at query.
