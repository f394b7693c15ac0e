//! What the small files of a model folder say: shape, word pieces, pooling, licence.

use std::fs;
use std::path::Path;

use mcdewey_format::encoder::{Config, Pooling, Vocabulary};
use mcdewey_format::{Error, Result};
use serde::Deserialize;
use serde_json::Value;

use super::kept_positions;

/// Nothing in the folder says otherwise for encoders of the family.
const LONGEST_WORD: u32 = 100;
const NOT_OURS: &str =
    "only encoders of the BERT family with WordPiece, GELU and absolute positions can be packed";

/// The bytes of `name` in `folder`.
pub(super) fn read(folder: &Path, name: &str) -> Result<Vec<u8>> {
    fs::read(folder.join(name)).map_err(|error| {
        let file = folder.join(name).display().to_string();
        Error::new(
            &file,
            "a readable file",
            error.to_string(),
            "give the folder that holds the model's files",
        )
    })
}

fn json<T: for<'a> Deserialize<'a>>(folder: &Path, name: &str) -> Result<T> {
    serde_json::from_slice(&read(folder, name)?)
        .map_err(|error| Error::new(name, "the JSON of an encoder", error.to_string(), NOT_OURS))
}

/// `config.json` as far as it matters.
#[derive(Deserialize)]
struct Shape {
    model_type: String,
    hidden_size: u32,
    num_hidden_layers: u32,
    num_attention_heads: u32,
    intermediate_size: u32,
    max_position_embeddings: u32,
    layer_norm_eps: f32,
    hidden_act: String,
    #[serde(default = "absolute")]
    position_embedding_type: String,
}

fn absolute() -> String {
    "absolute".to_owned()
}

/// The shape of the transformer, and how many rows its table of positions has in the weights.
pub(super) fn config(folder: &Path) -> Result<(Config, u32)> {
    let shape: Shape = json(folder, "config.json")?;
    for (what, expected, got) in [
        ("model_type", "bert", &shape.model_type),
        ("hidden_act", "gelu", &shape.hidden_act),
        ("position_embedding_type", "absolute", &shape.position_embedding_type),
    ] {
        if expected != got {
            return Err(Error::new("config.json", format!("{what} {expected}"), got.clone(), NOT_OURS));
        }
    }
    let config = Config {
        hidden: shape.hidden_size,
        layers: shape.num_hidden_layers,
        heads: shape.num_attention_heads,
        intermediate: shape.intermediate_size,
        positions: kept_positions(shape.max_position_embeddings)?,
        eps: shape.layer_norm_eps,
        pooling: pooling(folder)?,
    };
    Ok((config, shape.max_position_embeddings))
}

/// The pooling that the folder asks for; the mean if it does not say.
fn pooling(folder: &Path) -> Result<Pooling> {
    const FILE: &str = "1_Pooling/config.json";
    if !folder.join(FILE).exists() {
        return Ok(Pooling::Mean);
    }
    let modes: Value = json(folder, FILE)?;
    let on = |mode: &str| modes[mode].as_bool() == Some(true);
    match (on("pooling_mode_mean_tokens"), on("pooling_mode_cls_token")) {
        (true, false) => Ok(Pooling::Mean),
        (false, true) => Ok(Pooling::First),
        _ => Err(Error::new(FILE, "mean or first-token pooling", "another kind", NOT_OURS)),
    }
}

/// The word pieces: from `tokenizer.json`, or else from `vocab.txt`.
pub(super) fn vocabulary(folder: &Path) -> Result<Vocabulary> {
    const FILE: &str = "tokenizer.json";
    if folder.join(FILE).exists() {
        return from_tokenizer(FILE, &json(folder, FILE)?);
    }
    let bytes = read(folder, "vocab.txt")?;
    let text = String::from_utf8(bytes).map_err(|error| {
        Error::new("vocab.txt", "word pieces in UTF-8", error.to_string(), "fetch the file again")
    })?;
    let settings: Value = if folder.join("tokenizer_config.json").exists() {
        json(folder, "tokenizer_config.json")?
    } else {
        Value::Null
    };
    let lowercase = settings["do_lower_case"].as_bool().unwrap_or(true);
    Ok(Vocabulary {
        lowercase,
        strip_accents: settings["strip_accents"].as_bool().unwrap_or(lowercase),
        split_cjk: settings["tokenize_chinese_chars"].as_bool().unwrap_or(true),
        longest_word: LONGEST_WORD,
        ..named("vocab.txt", &text.lines().collect::<Vec<_>>(), "[UNK]")?
    })
}

fn from_tokenizer(file: &str, tokenizer: &Value) -> Result<Vocabulary> {
    for (part, expected) in
        [("model", "WordPiece"), ("normalizer", "BertNormalizer"), ("pre_tokenizer", "BertPreTokenizer")]
    {
        if tokenizer[part]["type"].as_str() != Some(expected) {
            let got = tokenizer[part]["type"].as_str().unwrap_or("none").to_owned();
            return Err(Error::new(file, format!("{part} {expected}"), got, NOT_OURS));
        }
    }
    let (model, normalizer) = (&tokenizer["model"], &tokenizer["normalizer"]);
    let Some(table) = model["vocab"].as_object() else {
        return Err(Error::new(file, "a vocabulary", "none", NOT_OURS));
    };
    let mut pieces = vec![""; table.len()];
    for (piece, id) in table {
        let slot = id.as_u64().and_then(|id| pieces.get_mut(usize::try_from(id).ok()?));
        match slot {
            Some(slot) if slot.is_empty() => *slot = piece,
            _ => {
                let expected = format!("each id below {} once", table.len());
                return Err(Error::new(file, expected, format!("{piece} with {id}"), NOT_OURS));
            }
        }
    }
    let flag = |name: &str, default: bool| normalizer[name].as_bool().unwrap_or(default);
    let lowercase = flag("lowercase", true);
    let longest = model["max_input_chars_per_word"].as_u64().and_then(|chars| u32::try_from(chars).ok());
    Ok(Vocabulary {
        lowercase,
        strip_accents: flag("strip_accents", lowercase),
        split_cjk: flag("handle_chinese_chars", true),
        longest_word: longest.unwrap_or(LONGEST_WORD),
        ..named(file, &pieces, model["unk_token"].as_str().unwrap_or("[UNK]"))?
    })
}

/// A vocabulary of `pieces` with its special pieces found by name and its flags still to be set.
fn named(file: &str, pieces: &[&str], unknown: &str) -> Result<Vocabulary> {
    if let Some(id) = pieces.iter().position(|piece| piece.is_empty() || piece.contains(['\n', '\r'])) {
        return Err(Error::new(file, "word pieces of one line", format!("another at id {id}"), NOT_OURS));
    }
    let id = |name: &str| {
        pieces
            .iter()
            .position(|&piece| piece == name)
            .map(|id| id as u32)
            .ok_or_else(|| Error::new(file, format!("a piece {name}"), "none of that name", NOT_OURS))
    };
    Ok(Vocabulary {
        pieces: pieces.join("\n"),
        lowercase: true,
        strip_accents: true,
        split_cjk: true,
        longest_word: LONGEST_WORD,
        unknown: id(unknown)?,
        start: id("[CLS]")?,
        end: id("[SEP]")?,
    })
}

/// The licence that the folder's README declares in its front matter, or nothing.
pub(super) fn licence(folder: &Path) -> String {
    let readme = fs::read_to_string(folder.join("README.md")).unwrap_or_default();
    let mut lines = readme.lines();
    if lines.next() != Some("---") {
        return String::new();
    }
    let declared = lines
        .take_while(|line| *line != "---")
        .find_map(|line| line.strip_prefix("license:"))
        .map(|licence| licence.trim().trim_matches('"'))
        .unwrap_or_default();
    // Hubs write SPDX identifiers in lower case; the common one is put right.
    if declared == "apache-2.0" { "Apache-2.0".to_owned() } else { declared.to_owned() }
}
