//! Packing a small encoder that is written here, and what is said when a part of it is wrong.

use std::collections::HashMap;
use std::fs;

use safetensors::tensor::TensorView;
use tempfile::TempDir;

use super::*;

const CONFIG: &str = r#"{"model_type":"bert","hidden_size":8,"num_hidden_layers":2,"num_attention_heads":2,
    "intermediate_size":16,"max_position_embeddings":300,"layer_norm_eps":1e-12,"hidden_act":"gelu"}"#;
const PIECES: &str = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nvalve\n##s\npump\n";

/// A folder with an encoder of two layers whose weights are a fixed pattern.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("config.json"), CONFIG).unwrap();
    fs::write(folder.path().join("vocab.txt"), PIECES).unwrap();
    fs::write(folder.path().join("README.md"), "---\nlicense: apache-2.0\n---\n# Tiny\n").unwrap();
    let (config, positions) = source::config(folder.path()).unwrap();
    let data: Vec<(String, Vec<usize>, Vec<u8>)> = config
        .tensors(7)
        .into_iter()
        .map(|(name, mut shape)| {
            if name.contains("position") {
                shape[0] = positions;
            }
            let cells = shape.iter().product::<u32>();
            let number = |at: u32| ((at * 31 + name.len() as u32) % 17) as f32 / 17.0 - 0.4;
            let bytes = (0..cells).flat_map(|at| number(at).to_le_bytes()).collect();
            (name, shape.into_iter().map(|axis| axis as usize).collect(), bytes)
        })
        .collect();
    let views: HashMap<_, _> = data
        .iter()
        .map(|(name, shape, bytes)| {
            (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap())
        })
        .collect();
    fs::write(folder.path().join(WEIGHTS), safetensors::serialize(views, None).unwrap()).unwrap();
    folder
}

#[test]
fn a_folder_packs_to_a_working_encoder_and_to_the_same_bytes_each_time() {
    let folder = folder();
    for packing in Packing::ALL {
        let bytes = pack(folder.path(), "tiny", packing).unwrap();
        assert_eq!(pack(folder.path(), "tiny", packing).unwrap(), bytes);
        let report = verify("tiny.mcd", &bytes).unwrap();
        assert_eq!((report.name.as_str(), report.licence.as_str()), ("tiny", "Apache-2.0"));
        assert_eq!((report.dims, report.layers, report.heads, report.pieces), (8, 2, 2, 7));
        assert_eq!(report.bytes, bytes.len());
        assert_eq!((report.source.len(), report.sha256.len()), (64, 64));
    }
}

#[test]
fn the_vector_has_unit_length_and_does_not_depend_on_what_was_embedded_before() {
    let bytes = pack(folder().path(), "tiny", Packing::Small).unwrap();
    let encoder = mcdewey_embed::Encoder::from_bytes("tiny.mcd", &bytes).unwrap();
    let first = encoder.embed("Valves, pump").unwrap();
    encoder.embed("pump pump pump").unwrap();
    assert_eq!(encoder.embed("Valves, pump").unwrap(), first);
    assert!((first.iter().map(|number| number * number).sum::<f32>() - 1.0).abs() < 1e-5);
    assert_eq!(encoder.count_tokens("Valves, pump"), 4);
}

fn said(folder: &TempDir) -> String {
    pack(folder.path(), "tiny", Packing::Small).unwrap_err().to_string()
}

#[test]
fn a_missing_file_is_named_with_the_folder() {
    let folder = folder();
    fs::remove_file(folder.path().join("config.json")).unwrap();
    let said = said(&folder);
    assert!(said.contains("config.json: expected a readable file, got No such file"), "{said}");
    assert!(said.ends_with("give the folder that holds the model's files"), "{said}");
}

#[test]
fn another_family_is_refused() {
    let folder = folder();
    fs::write(folder.path().join("config.json"), CONFIG.replace(r#""bert""#, r#""roberta""#)).unwrap();
    assert_eq!(
        said(&folder),
        "config.json: expected model_type bert, got roberta; only encoders of the BERT family with WordPiece, GELU \
         and absolute positions can be packed"
    );
}

#[test]
fn weights_of_another_shape_are_refused_with_both_shapes() {
    let folder = folder();
    fs::write(folder.path().join("vocab.txt"), format!("{PIECES}meter\n")).unwrap();
    assert_eq!(
        said(&folder),
        "model.safetensors: expected embeddings.word_embeddings.weight of 8 × 8, got 7 × 8; the weights belong to \
         another model than config.json: fetch both from the same place"
    );
}

#[test]
fn half_a_download_is_refused() {
    let folder = folder();
    let path = folder.path().join(WEIGHTS);
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let said = said(&folder);
    assert!(said.starts_with("model.safetensors: expected a whole safetensors file"), "{said}");
    assert!(said.ends_with("the download may be incomplete: fetch the file again"), "{said}");
}

#[test]
fn a_vocabulary_without_special_pieces_is_refused() {
    let folder = folder();
    fs::write(folder.path().join("vocab.txt"), "valve\npump\n").unwrap();
    assert!(said(&folder).starts_with("vocab.txt: expected a piece [UNK], got none of that name"));
}

/// The frame finds damage; `verify` must never pass a damaged file.
#[test]
fn every_truncation_and_flip_of_a_packed_file_is_found() {
    let bytes = pack(folder().path(), "tiny", Packing::Small).unwrap();
    for at in (0..bytes.len()).step_by(7) {
        assert!(Encoder::decode("tiny.mcd", &bytes[..at]).is_err());
        let mut bad = bytes.clone();
        bad[at] ^= 0x10;
        assert!(Encoder::decode("tiny.mcd", &bad).is_err());
    }
}
