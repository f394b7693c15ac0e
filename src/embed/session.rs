//! Running the transformer: the one file that names the engine, tract.
//!
//! The engine knows some 200 operators and code for all of them would travel to the browser. We hand it a table of the
//! eleven that `graph.rs` uses, so the linker drops what the rest would have needed.

use std::sync::Arc;

use mcdewey_format::encoder::{Config, Tensor as Weights};
pub(crate) use tract_onnx::pb;
use tract_onnx::prelude::*;
use tract_onnx::tract_hir::internal::{BinIntoHir, ElementWiseIntoHir, expand};
use tract_onnx::tract_hir::ops::{array, math, matmul, nn};
use tract_onnx::{Onnx, model::OnnxOpRegister};

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
    let engine = Onnx { op_register: operators(), ..Onnx::default() };
    let model = engine.model_for_proto_model(&proto)?;
    drop(proto);
    model.into_optimized()?.into_runnable()
}

/// The operators of `graph.rs`, by their ONNX names.
fn operators() -> OnnxOpRegister {
    let mut table = OnnxOpRegister::default();
    table.insert("Add", |_, _| Ok((math::Add.into_hir(), Vec::new())));
    table.insert("Sub", |_, _| Ok((math::Sub.into_hir(), Vec::new())));
    table.insert("Mul", |_, _| Ok((math::Mul.into_hir(), Vec::new())));
    table.insert("Div", |_, _| Ok((math::Div.into_hir(), Vec::new())));
    table.insert("Sqrt", |_, _| Ok((math::sqrt().into_hir(), Vec::new())));
    table.insert("Erf", |_, _| Ok((math::erf().into_hir(), Vec::new())));
    table.insert("MatMul", |_, _| Ok((expand(matmul::MatMulInference::default()), Vec::new())));
    table.insert("Reshape", |_, _| Ok((expand(array::Reshape::new(false)), Vec::new())));
    table.insert("Transpose", |_, node| {
        let axes: Vec<usize> = node.get_attr_vec("perm")?;
        Ok((expand(array::PermuteAxes::new(Some(axes.into()))), Vec::new()))
    });
    table.insert("Softmax", |_, node| Ok((expand(nn::Softmax::new(node.get_attr("axis")?)), Vec::new())));
    table.insert("ReduceMean", |_, node| {
        let axes = node.get_attr_vec("axes")?;
        Ok((expand(nn::Reduce::new(Some(axes), true, nn::Reducer::Mean)), Vec::new()))
    });
    table
}

fn said(doing: &'static str, error: &TractError) -> EmbedError {
    EmbedError::Engine { doing, why: format!("{error:#}") }
}
