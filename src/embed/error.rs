//! What can go wrong between text and vector, with a stable code and a way out.

use thiserror::Error;

/// An encoder that could not be made or used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EmbedError {
    /// The file is damaged, of another version, or not an encoder.
    #[error(transparent)]
    File(#[from] mcdewey_format::Error),
    /// The engine refused the transformer or stopped while running it.
    #[error("the encoder could not {doing}: {why}")]
    Engine {
        /// What was being done.
        doing: &'static str,
        /// The engine's own words, from the outermost cause to the innermost.
        why: String,
    },
}

impl EmbedError {
    /// A short word for programs; it does not change between versions.
    pub fn code(&self) -> &'static str {
        match self {
            Self::File(_) => "encoder-file",
            Self::Engine { .. } => "encoder-engine",
        }
    }

    /// What a person can do.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::File(error) => error.way_out,
            Self::Engine { .. } => {
                "search goes on by keyword; pack the encoder again if this happens every time"
            }
        }
    }

    pub(crate) fn no_direction() -> Self {
        Self::Engine { doing: "make a vector", why: "its numbers are zero or not finite".to_owned() }
    }
}
