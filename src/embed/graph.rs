//! The transformer, told once as an ONNX graph (operator set 13) of a dozen plain operators.
//!
//! ```text
//! x = norm(input)                                            input: tokens × hidden, the summed embeddings
//! each layer:
//!   q, k, v = x·Wq + bq, x·Wk + bk, x·Wv + bv                cut into heads: heads × tokens × width
//!   a = softmax(q·kᵀ / √width) · v                           heads put side by side again: tokens × hidden
//!   x = norm(x + a·Wo + bo)
//!   x = norm(x + gelu(x·Wi + bi)·Wf + bf)
//! states = x
//! norm(x) = (x − mean) / √(mean of squares + eps) · gain + bias
//! gelu(y) = y / 2 · (1 + erf(y / √2))
//! ```
//!
//! One text at a time and no padding, so there is no attention mask and no axis for a batch. The factor 1 / √width is
//! multiplied into `Wq` and `bq` when they are unpacked. We write the graph ourselves since exported ones trip the
//! engine's shape inference and carry their weights unpacked.

use mcdewey_format::encoder::{Config, Tensor};

use crate::session::pb::attribute_proto::AttributeType;
use crate::session::pb::tensor_proto::DataType;
use crate::session::pb::tensor_shape_proto::{Dimension, dimension};
use crate::session::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto, TensorShapeProto,
    TypeProto, ValueInfoProto, type_proto,
};

/// The name of the axis that counts tokens; its length is known only when a text is run.
pub(crate) const TOKENS: &str = "tokens";

/// The graph of `config` with the weights of `layers`, the tensors after the three tables.
///
/// Tensors are unpacked one at a time and dropped, so the packed and the unpacked weights never stand side by side.
pub(crate) fn model(config: &Config, layers: Vec<Tensor>) -> ModelProto {
    let mut graph = Graph { layers: layers.into_iter(), proto: GraphProto::default(), hidden: config.hidden };
    let width = config.hidden / config.heads;
    graph.scalar("half", 0.5);
    graph.scalar("one", 1.0);
    graph.scalar("inverse of √2", std::f32::consts::FRAC_1_SQRT_2);
    graph.scalar("eps", config.eps);
    graph.integers("cut heads", &[0, i64::from(config.heads), i64::from(width)]);
    graph.integers("join heads", &[0, i64::from(config.hidden)]);

    let mut x = graph.norm("input".to_owned());
    for _ in 0..config.layers {
        let q = graph.linear(&x, 1.0 / (width as f32).sqrt());
        let k = graph.linear(&x, 1.0);
        let v = graph.linear(&x, 1.0);
        let q = graph.heads(&q, [1, 0, 2]);
        let k = graph.heads(&k, [1, 2, 0]);
        let v = graph.heads(&v, [1, 0, 2]);
        let scores = graph.node("MatMul", &[&q, &k]);
        let weights = graph.node_with("Softmax", &[&scores], vec![integer("axis", -1)]);
        let mixed = graph.node("MatMul", &[&weights, &v]);
        let mixed = graph.node_with("Transpose", &[&mixed], vec![integers("perm", &[1, 0, 2])]);
        let mixed = graph.node("Reshape", &[&mixed, "join heads"]);
        let attended = graph.linear(&mixed, 1.0);
        let sum = graph.node("Add", &[&x, &attended]);
        x = graph.norm(sum);

        let wide = graph.linear(&x, 1.0);
        let wide = graph.gelu(&wide);
        let narrow = graph.linear(&wide, 1.0);
        let sum = graph.node("Add", &[&x, &narrow]);
        x = graph.norm(sum);
    }
    graph.finish(x)
}

/// A graph that grows node by node. Every method returns the name of what it computes.
struct Graph {
    /// Weights in the order in which the layers use them, which is the order of the encoder file.
    layers: std::vec::IntoIter<Tensor>,
    proto: GraphProto,
    hidden: u32,
}

impl Graph {
    /// y = x · Wᵀ · factor + b · factor, with the next two tensors; `W` is stored outputs × inputs.
    fn linear(&mut self, x: &str, factor: f32) -> String {
        let weight = self.weight(factor);
        let bias = self.weight(factor);
        let product = self.node("MatMul", &[x, &weight]);
        self.node("Add", &[&product, &bias])
    }

    /// Layer normalisation with the next two tensors, gain and bias.
    fn norm(&mut self, x: String) -> String {
        let gain = self.weight(1.0);
        let bias = self.weight(1.0);
        let mean = self.mean(&x);
        let centred = self.node("Sub", &[&x, &mean]);
        let square = self.node("Mul", &[&centred, &centred]);
        let variance = self.mean(&square);
        let variance = self.node("Add", &[&variance, "eps"]);
        let deviation = self.node("Sqrt", &[&variance]);
        let normal = self.node("Div", &[&centred, &deviation]);
        let scaled = self.node("Mul", &[&normal, &gain]);
        self.node("Add", &[&scaled, &bias])
    }

    fn mean(&mut self, x: &str) -> String {
        self.node_with("ReduceMean", &[x], vec![integers("axes", &[-1]), integer("keepdims", 1)])
    }

    fn gelu(&mut self, y: &str) -> String {
        let scaled = self.node("Mul", &[y, "inverse of √2"]);
        let erf = self.node("Erf", &[&scaled]);
        let gate = self.node("Add", &[&erf, "one"]);
        let half = self.node("Mul", &[y, "half"]);
        self.node("Mul", &[&half, &gate])
    }

    /// tokens × hidden to tokens × heads × width, then its axes in the order of `axes`.
    fn heads(&mut self, x: &str, axes: [i64; 3]) -> String {
        let cut = self.node("Reshape", &[x, "cut heads"]);
        self.node_with("Transpose", &[&cut], vec![integers("perm", &axes)])
    }

    fn node(&mut self, operator: &str, inputs: &[&str]) -> String {
        self.node_with(operator, inputs, Vec::new())
    }

    fn node_with(&mut self, operator: &str, inputs: &[&str], attribute: Vec<AttributeProto>) -> String {
        let name = format!("{operator} {}", self.proto.node.len());
        self.proto.node.push(NodeProto {
            input: inputs.iter().map(|&input| input.to_owned()).collect(),
            output: vec![name.clone()],
            name: name.clone(),
            op_type: operator.to_owned(),
            attribute,
            ..NodeProto::default()
        });
        name
    }

    /// The next tensor as a constant, every number times `factor`; a matrix is turned to inputs × outputs.
    fn weight(&mut self, factor: f32) -> String {
        let tensor = self.layers.next().expect("a decoded encoder has every tensor of its configuration");
        let (rows, columns) = (tensor.rows(), tensor.columns());
        let numbers = tensor.to_f32();
        let matrix = tensor.shape.len() == 2;
        let dims = if matrix { vec![columns as i64, rows as i64] } else { vec![columns as i64] };
        let mut bytes = Vec::with_capacity(numbers.len() * 4);
        for column in 0..columns {
            for row in 0..rows {
                bytes.extend_from_slice(&(numbers[row * columns + column] * factor).to_le_bytes());
            }
        }
        self.constant(tensor.name, dims, DataType::Float, bytes)
    }

    fn scalar(&mut self, name: &str, value: f32) {
        self.constant(name.to_owned(), Vec::new(), DataType::Float, value.to_le_bytes().to_vec());
    }

    fn integers(&mut self, name: &str, values: &[i64]) {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(name.to_owned(), vec![values.len() as i64], DataType::Int64, bytes);
    }

    fn constant(&mut self, name: String, dims: Vec<i64>, kind: DataType, raw_data: Vec<u8>) -> String {
        self.proto.initializer.push(TensorProto {
            name: name.clone(),
            dims,
            data_type: kind as i32,
            raw_data,
            ..TensorProto::default()
        });
        name
    }

    fn finish(mut self, states: String) -> ModelProto {
        self.proto.name = "encoder".to_owned();
        self.proto.input = vec![tokens_by("input", self.hidden)];
        self.proto.output = vec![tokens_by(&states, self.hidden)];
        ModelProto {
            ir_version: 8,
            opset_import: vec![OperatorSetIdProto { domain: String::new(), version: 13 }],
            graph: Some(self.proto),
            ..ModelProto::default()
        }
    }
}

/// A value of tokens × `hidden` numbers.
fn tokens_by(name: &str, hidden: u32) -> ValueInfoProto {
    let axes = [dimension::Value::DimParam(TOKENS.to_owned()), dimension::Value::DimValue(i64::from(hidden))];
    let dim = axes.map(|axis| Dimension { denotation: String::new(), value: Some(axis) }).to_vec();
    let tensor =
        type_proto::Tensor { elem_type: DataType::Float as i32, shape: Some(TensorShapeProto { dim }) };
    ValueInfoProto {
        name: name.to_owned(),
        r#type: Some(TypeProto {
            value: Some(type_proto::Value::TensorType(tensor)),
            ..TypeProto::default()
        }),
        ..ValueInfoProto::default()
    }
}

fn integer(name: &str, value: i64) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        r#type: AttributeType::Int as i32,
        i: value,
        ..AttributeProto::default()
    }
}

fn integers(name: &str, values: &[i64]) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        r#type: AttributeType::Ints as i32,
        ints: values.to_vec(),
        ..AttributeProto::default()
    }
}
