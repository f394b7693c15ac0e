//! Running the transformer: the one file that names the engine, tract.

use std::sync::Arc;

use mcdewey_format::encoder::{Config, Tensor as Weights};
pub(crate) use tract_onnx::pb;
use tract_onnx::prelude::*;

use crate::EmbedError;
use crate::graph;

/// A transformer laid out for this processor. Every run has its own state, so threads can share it.
pub(crate) struct Session {
    plan: Arc<TypedRunnableModel>,
    hidden: usize,
}

impl Session {
    /// Lays out the transformer of `config` with the weights of `layers`.
    pub(crate) fn new(config: &Config, layers: Vec<Weights>) -> Result<Self, EmbedError> {
        let proto = graph::model(config, layers);
        let plan = lay_out(proto).map_err(|error| said("lay out its transformer", &error))?;
        Ok(Self { plan, hidden: config.hidden as usize })
    }

    /// The last states of `tokens` tokens whose summed embeddings are `input`; both are tokens × hidden.
    pub(crate) fn run(&self, input: Vec<f32>, tokens: usize) -> Result<Vec<f32>, EmbedError> {
        self.states(input, tokens).map_err(|error| said("run its transformer", &error))
    }

    fn states(&self, input: Vec<f32>, tokens: usize) -> TractResult<Vec<f32>> {
        let input = tract_ndarray::Array2::from_shape_vec((tokens, self.hidden), input)?;
        let output = self.plan.run(tvec!(input.into_tvalue()))?;
        Ok(output[0].to_plain_array_view::<f32>()?.iter().copied().collect())
    }
}

/// Optimises the graph and drops it on the way, since its constants are copied at every step.
fn lay_out(proto: pb::ModelProto) -> TractResult<Arc<TypedRunnableModel>> {
    let model = onnx().model_for_proto_model(&proto)?;
    drop(proto);
    model.into_optimized()?.into_runnable()
}

fn said(doing: &'static str, error: &TractError) -> EmbedError {
    EmbedError::Engine { doing, why: format!("{error:#}") }
}
