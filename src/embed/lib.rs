//! Text to unit vector: tokeniser, transformer, pooling.
