//! `export` and `embed`: the library and its encoder for other engines.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use mcdewey::bundle;
use mcdewey::export::{self, Options};
use mcdewey_embed::Encoder;
use serde::Serialize;

use super::{INCOMPLETE, Work, print};

#[derive(Debug, Args)]
pub(super) struct Export {
    /// The library's root, as for `build`
    library: PathBuf,
    /// The folder for the tables; an older export there is replaced
    #[arg(long)]
    out: PathBuf,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Parquet)]
    format: Format,
    /// The site that was built from the library, whose ids the chunks get [default: ids as in a first build]
    #[arg(long, value_name = "SITE")]
    site: Option<PathBuf>,
    /// The configuration [default: mcdewey.toml in the library]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Exit with 3 when anything of the library is not in the tables
    #[arg(long)]
    strict: bool,
    /// Print what was exported as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    work: Work,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables for DuckDB, LanceDB, Qdrant, Spark and others
    Parquet,
}

#[derive(Debug, Args)]
pub(super) struct Embed {
    /// What to embed, each to a vector of its own
    #[arg(required = true, value_name = "TEXT")]
    texts: Vec<String>,
}

/// Writes the tables of a library.
pub(super) fn export(asked: Export) -> Result<ExitCode, String> {
    asked.work.begin()?;
    let Format::Parquet = asked.format;
    let options = Options {
        cache: asked.work.cache(),
        library: asked.library,
        config: asked.config,
        out: asked.out,
        site: asked.site,
        program: std::env::current_exe().ok(),
    };
    let exported = export::export(&options)?;
    if asked.json {
        print::json(&exported)?;
    } else {
        print::exported(&exported, &options.out);
    }
    let incomplete = asked.strict && exported.lost() > 0;
    Ok(if incomplete { ExitCode::from(INCOMPLETE) } else { ExitCode::SUCCESS })
}

/// A text and its vector, as a line of JSON.
#[derive(Serialize)]
struct Embedded<'a> {
    text: &'a str,
    vector: Vec<f32>,
}

/// Embeds texts as a search embeds its query.
pub(super) fn embed(asked: &Embed) -> Result<ExitCode, String> {
    let encoder =
        Encoder::from_bytes(bundle::ENCODER_NAME, bundle::ENCODER).map_err(|error| error.to_string())?;
    for text in &asked.texts {
        let vector = encoder.embed(text).map_err(|error| error.to_string())?;
        let line = serde_json::to_string(&Embedded { text, vector }).map_err(|error| error.to_string())?;
        print::line(&line);
    }
    Ok(ExitCode::SUCCESS)
}
