//! The packed encoder against another engine with the unpacked weights, row by row (`reference.json`).
//!
//! Ids must be equal: one wrong piece is another text. Vectors differ by what packing costs, and by nothing else.

use std::fs;
use std::path::Path;

use mcdewey_embed::Encoder;
use serde::Deserialize;

/// The worst row measured .9512, a word of a hundred `x`; a wrong layer or a wrong mean falls far below. With the very
/// weights of the packed file the other engine agrees to 3.3e-7 in every number, so this is the cost of packing alone.
const WORST_COSINE: f32 = 0.945;
/// The mean of all rows measured .9792.
const MEAN_COSINE: f32 = 0.975;

#[derive(Deserialize)]
struct Row {
    text: String,
    ids: Vec<u32>,
    /// 384 half-precision numbers, little-endian, in hexadecimal.
    vector: String,
}

impl Row {
    fn numbers(&self) -> Vec<f32> {
        let byte = |at: usize| u8::from_str_radix(&self.vector[at..at + 2], 16).expect("hexadecimal");
        (0..self.vector.len())
            .step_by(4)
            .map(|at| half(u16::from_le_bytes([byte(at), byte(at + 2)])))
            .collect()
    }
}

/// The half-precision number with these bits; unit vectors have no infinities.
fn half(bits: u16) -> f32 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    let size = if exponent == 0 {
        fraction * 2f32.powi(-24)
    } else {
        (1024.0 + fraction) * 2f32.powi(exponent - 25)
    };
    if bits >> 15 == 1 { -size } else { size }
}

fn rows() -> Vec<Row> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("reference.json");
    let bytes = fs::read(file).expect("reference.json beside the crate");
    serde_json::from_slice(&bytes).expect("rows as tests/reference/make.py writes them")
}

fn encoder() -> Encoder {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static/model/all-minilm-l6-v2.mcd");
    let bytes = fs::read(file).expect("the committed encoder");
    Encoder::from_bytes("all-minilm-l6-v2.mcd", &bytes).expect("the committed encoder loads")
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

#[test]
fn ids_are_those_of_the_reference_tokeniser() {
    let encoder = encoder();
    for row in rows() {
        assert_eq!(encoder.token_ids(&row.text), row.ids, "{}", row.text);
    }
}

#[test]
fn vectors_point_where_the_unpacked_ones_do() {
    let encoder = encoder();
    let rows = rows();
    let cosines: Vec<f32> =
        rows.iter().map(|row| cosine(&encoder.embed(&row.text).unwrap(), &row.numbers())).collect();
    let (worst, cosine) = cosines.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)).unwrap();
    let mean = cosines.iter().sum::<f32>() / cosines.len() as f32;
    assert!(*cosine >= WORST_COSINE, "cosine {cosine} for: {}", rows[worst].text);
    assert!(mean >= MEAN_COSINE, "mean cosine {mean}, worst {cosine}");
}

#[test]
fn every_vector_has_unit_length_and_the_promised_size() {
    let encoder = encoder();
    assert_eq!((encoder.dims(), encoder.limit()), (384, 256));
    for row in rows() {
        let vector = encoder.embed(&row.text).unwrap();
        assert_eq!(vector.len(), encoder.dims());
        assert!((cosine(&vector, &vector) - 1.0).abs() < 1e-5);
        assert!((vector.iter().map(|number| number * number).sum::<f32>() - 1.0).abs() < 1e-5);
    }
}

#[test]
fn offsets_count_what_ids_count_and_follow_each_other() {
    let encoder = encoder();
    for row in rows() {
        let offsets = encoder.token_offsets(&row.text);
        assert_eq!(offsets.len(), encoder.count_tokens(&row.text));
        assert_eq!((offsets.len() + 2).min(encoder.limit()), row.ids.len(), "{}", row.text);
        assert!(offsets.iter().all(|&(start, end)| start < end && row.text.get(start..end).is_some()));
        assert!(offsets.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{}", row.text);
    }
}

#[test]
fn what_is_beyond_the_limit_does_not_change_the_vector() {
    let encoder = encoder();
    let long = rows().pop().unwrap().text;
    let cut = encoder.token_offsets(&long)[encoder.limit() - 3].1;
    assert_eq!(encoder.embed(&long).unwrap(), encoder.embed(&long[..cut]).unwrap());
}

#[test]
fn threads_share_one_encoder() {
    let encoder = encoder();
    let alone = encoder.embed("close the inlet valve").unwrap();
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..4).map(|_| scope.spawn(|| encoder.embed("close the inlet valve").unwrap())).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), alone);
        }
    });
}
