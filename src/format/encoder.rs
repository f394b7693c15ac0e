//! The weights and the vocabulary of the transformer.
