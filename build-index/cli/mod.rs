//! The commands: arguments in, lines or JSON out, an exit code.
//!
//! | code | meaning |
//! |---|---|
//! | 0 | done |
//! | 1 | failed; a sentence on standard error says why |
//! | 2 | the arguments were not understood |
//! | 3 | built, but `--strict` was given and something of the library is not in the site |
//!
//! Results go to standard output, everything about the work to standard error.

mod agents;
mod build;
mod export;
mod print;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use mcdewey::host::Site;
use mcdewey::ingest::pdf;
use mcdewey::model;
use mcdewey::relevance::{self, Indexed, Truth};
use mcdewey::{bundle, inspect, progress, vectors};
use mcdewey_embed::Encoder;
use mcdewey_format::encoder::Packing;
use mcdewey_format::index;
use mcdewey_search::{Mode, Request, Rung, Weights};

/// Exit code of a failure.
pub const FAILED: u8 = 1;
/// Exit code of a build that is not complete, under `--strict`.
const INCOMPLETE: u8 = 3;

/// What `relevance` measures: the evidence, and the rung of the query ladder.
const WAYS: [(Mode, Rung); 5] = [
    (Mode::Keyword, Rung::Keyword),
    (Mode::Semantic, Rung::Terms),
    (Mode::Semantic, Rung::Transformer),
    (Mode::Hybrid, Rung::Terms),
    (Mode::Hybrid, Rung::Transformer),
];

/// A folder of manuals in, a static site with hybrid search out.
#[derive(Debug, Parser)]
#[command(name = "mcdewey", version, propagate_version = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build a site from a library of manuals
    Build(build::Build),
    /// Build a site from a library and its parts, which `build --partition` made, maybe on other machines
    Merge(build::Merge),
    /// Search a built site from the terminal
    Search(Search),
    /// Serve a built site the way a static host does, with its tools for agents at /mcp
    Serve(agents::Serve),
    /// Offer the tools of a site, in a folder or at an address, to an agent over standard input
    Mcp(agents::Mcp),
    /// Say what a built site holds, what it weighs, and which budgets it keeps
    Inspect {
        /// The site's folder
        site: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write a library as tables for other engines: documents, chunks, passages with their vectors
    Export(export::Export),
    /// Print the vectors of texts as JSON, to ask an engine that holds an export
    Embed(export::Embed),
    /// Measure the ranking against truth sets
    Relevance(Relevance),
    /// Pack or check an encoder
    #[command(subcommand)]
    Model(ModelCommand),
    /// Read one PDF for a build; the build starts these by itself
    #[command(name = pdf::worker::COMMAND, hide = true)]
    PdfWorker {
        /// The PDF
        file: PathBuf,
        /// Its path as it is cited
        #[arg(long)]
        source: String,
        /// The folder for its pictures
        #[arg(long)]
        pictures: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
struct Work {
    /// Threads; as many as there are cores when not given
    #[arg(long)]
    jobs: Option<usize>,
    /// Folder of the caches: vectors, and what was read [default: mcdewey in the user's cache folder]
    #[arg(long, conflicts_with = "no_cache")]
    cache: Option<PathBuf>,
    /// Read and embed everything anew
    #[arg(long)]
    no_cache: bool,
}

impl Work {
    fn begin(&self) -> Result<(), String> {
        let threads = self.jobs.unwrap_or(0);
        rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().map_err(|error| error.to_string())
    }

    fn cache(&self) -> Option<PathBuf> {
        if self.no_cache {
            return None;
        }
        self.cache.clone().or_else(user_cache)
    }
}

/// The folder that is ours in the user's cache folder.
fn user_cache() -> Option<PathBuf> {
    let folder = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = folder.or_else(|| Some(std::env::home_dir()?.join(".cache")));
    Some(folder?.join("mcdewey"))
}

#[derive(Debug, Args)]
struct Search {
    /// The site's folder
    site: PathBuf,
    /// What to look for
    query: String,
    /// How many hits
    #[arg(long, default_value_t = 10)]
    limit: usize,
    /// Which evidence ranks
    #[arg(long, value_enum, default_value_t = ModeName::Hybrid)]
    mode: ModeName,
    /// Read the query word by word, as a page does before the encoder has arrived
    #[arg(long)]
    word_by_word: bool,
    /// Only this vendor
    #[arg(long)]
    vendor: Option<String>,
    /// Only this product (`product` or `vendor/product`)
    #[arg(long)]
    product: Option<String>,
    /// Only these versions: `12.5`, `12.x`, `>= 12.5, < 14`, or `all` [default: the newest of each product]
    #[arg(long)]
    version: Option<String>,
    /// Only this document: its source as a hit shows it
    #[arg(long)]
    document: Option<String>,
    /// Say how each score came about
    #[arg(long)]
    explain: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ModeName {
    Keyword,
    Semantic,
    Hybrid,
}

impl From<ModeName> for Mode {
    fn from(name: ModeName) -> Self {
        match name {
            ModeName::Keyword => Self::Keyword,
            ModeName::Semantic => Self::Semantic,
            ModeName::Hybrid => Self::Hybrid,
        }
    }
}

#[derive(Debug, Args)]
struct Relevance {
    /// Folders with corpus.jsonl(.gz), queries.jsonl and qrels.tsv; with --symbols built sites too
    #[arg(required = true)]
    truth: Vec<PathBuf>,
    /// Only this evidence [default: keyword, semantic and hybrid]
    #[arg(long, value_enum)]
    mode: Option<ModeName>,
    /// Index the manuals FOLDER/NAME.pdf instead of the corpus, whose records NAME#pN are their pages
    #[arg(long, value_name = "FOLDER")]
    manuals: Option<PathBuf>,
    /// Also write the passages of each set to FOLDER/SET.jsonl, to measure another encoder on the same texts
    #[arg(long, value_name = "FOLDER")]
    export: Option<PathBuf>,
    /// Ranking weights as JSON, to try others than those that ship
    #[arg(long)]
    weights: Option<String>,
    /// Ask with a mistake in the longest word of every query
    #[arg(long)]
    mistyped: bool,
    /// Ask the queries of this set instead, which nothing in the others answers
    #[arg(long, value_name = "TRUTH")]
    strangers: Option<PathBuf>,
    /// Also write the place of the first relevant document of each query to this file, as CSV
    #[arg(long, value_name = "FILE")]
    ranks: Option<PathBuf>,
    /// Show how this one query is answered, with every factor of every score; a query or its id
    #[arg(long, value_name = "QUERY", conflicts_with_all = ["ranks", "mistyped", "strangers"])]
    show: Option<String>,
    /// Ask for every symbol of the headings instead, and say how many the first hit holds exactly
    #[arg(long, conflicts_with_all = ["ranks", "mistyped", "strangers", "show"])]
    symbols: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    work: Work,
}

#[derive(Debug, Subcommand)]
enum ModelCommand {
    /// Pack a BERT-like encoder: model.safetensors, tokenizer.json and config.json of a folder
    Pack {
        /// The folder
        folder: PathBuf,
        /// The packed file
        #[arg(long)]
        out: PathBuf,
        /// The encoder's name [default: the folder's]
        #[arg(long)]
        name: Option<String>,
        /// How closely weights are kept
        #[arg(long, value_enum, default_value_t = PackingName::Small)]
        packing: PackingName,
    },
    /// Check a packed encoder and say what it is
    Verify {
        /// The packed file [default: the one inside mcdewey]
        file: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PackingName {
    /// What visitors download
    Small,
    /// A quarter larger, closer to the source
    Fine,
}

/// Does what the arguments say.
pub fn run(arguments: Arguments) -> Result<ExitCode, String> {
    match arguments.command {
        Command::Build(build) => build.run(),
        Command::Merge(merge) => merge.run(),
        Command::Search(search) => run_search(search),
        Command::Serve(serve) => agents::serve(serve),
        Command::Mcp(mcp) => agents::mcp(mcp),
        Command::Inspect { site, json } => run_inspect(&site, json),
        Command::Export(export) => export::export(export),
        Command::Embed(embed) => export::embed(&embed),
        Command::Relevance(relevance) => run_relevance(&relevance),
        Command::Model(command) => run_model(command),
        Command::PdfWorker { file, source, pictures } => {
            pdf::worker::serve(&file, &source, pictures.as_deref(), &mut std::io::stdout().lock())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn run_search(search: Search) -> Result<ExitCode, String> {
    let mut site = Site::open(&search.site)?;
    if search.word_by_word {
        site = site.word_by_word();
    }
    let answer = site.answer(Request {
        query: search.query,
        vector: None,
        mode: search.mode.into(),
        limit: search.limit,
        vendor: search.vendor,
        product: search.product,
        version: search.version,
        document: search.document,
        scopes: None,
        explain: search.explain,
        weights: None,
    })?;
    if search.json {
        print::json(&answer)?;
    } else {
        print::answer(&answer);
    }
    Ok(ExitCode::SUCCESS)
}

fn run_inspect(site: &Path, json: bool) -> Result<ExitCode, String> {
    let inspection = inspect::inspect(site)?;
    if json {
        print::json(&inspection)?;
    } else {
        print::inspection(&inspection);
    }
    Ok(if inspection.damage.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn run_relevance(asked: &Relevance) -> Result<ExitCode, String> {
    asked.work.begin()?;
    let weights: Weights = match &asked.weights {
        Some(text) => serde_json::from_str(text).map_err(|error| format!("--weights: {error}"))?,
        None => Weights::default(),
    };
    let wanted = |way: &&(Mode, Rung)| asked.mode.is_none_or(|mode| way.0 == mode.into());
    let ways: Vec<(Mode, Rung)> = WAYS.iter().filter(wanted).copied().collect();
    let encoder =
        Encoder::from_bytes(bundle::ENCODER_NAME, bundle::ENCODER).map_err(|error| error.to_string())?;
    let cache = vectors::open_cache(asked.work.cache().as_deref());
    let with_vectors = ways.iter().any(|&(mode, _)| mode != Mode::Keyword);
    let (mut found, mut symbols) = (Vec::new(), Vec::new());
    for folder in &asked.truth {
        if asked.symbols && folder.join(index::FILE).is_file() {
            symbols.extend(relevance::symbols_of_site(folder, &ways, &weights, &encoder, cache.as_ref())?);
            continue;
        }
        let mut truth = Truth::read(folder)?;
        if let Some(folder) = &asked.strangers {
            truth = truth.with_strangers(Truth::read(folder)?);
        }
        if asked.mistyped {
            truth = truth.mistyped();
        }
        let indexed = match &asked.manuals {
            Some(manuals) => {
                let readers = pdf::Readers { program: std::env::current_exe().ok(), pictures: None };
                Indexed::of_manuals(truth, manuals, &readers, &encoder, cache.as_ref(), with_vectors)?
            }
            None => Indexed::new(truth, &encoder, cache.as_ref(), with_vectors)?,
        };
        if let Some(folder) = &asked.export {
            export(&indexed, folder)?;
        }
        if let Some(query) = &asked.show {
            for &way in &ways {
                let (answer, relevant) = indexed.show(query, way, &weights)?;
                print::shown(&answer, &relevant);
            }
        } else if asked.symbols {
            symbols.extend(indexed.symbols(&ways, &weights, &encoder, cache.as_ref())?);
        } else {
            found.extend(indexed.ask(&ways, &weights)?);
        }
    }
    if asked.symbols {
        match asked.json {
            true => print::json(&serde_json::json!({ "symbols": symbols }))?,
            false => print::symbols(&symbols),
        }
        return Ok(ExitCode::SUCCESS);
    }
    if asked.show.is_some() {
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(path) = &asked.ranks {
        std::fs::write(path, relevance::ranks(&found))
            .map_err(|error| format!("{} could not be written: {error}", path.display()))?;
    }
    let rows = relevance::rows(&found);
    if asked.json {
        print::json(&serde_json::json!({ "modes": rows }))?;
    } else {
        print::relevance(&rows);
    }
    Ok(ExitCode::SUCCESS)
}

fn export(indexed: &Indexed, folder: &Path) -> Result<(), String> {
    let lines: Result<Vec<String>, _> = indexed.passages().iter().map(serde_json::to_string).collect();
    let text = lines.map_err(|error| error.to_string())?.join("\n") + "\n";
    let path = folder.join(format!("{}.jsonl", indexed.name()));
    std::fs::write(&path, text).map_err(|error| format!("{} could not be written: {error}", path.display()))
}

fn run_model(command: ModelCommand) -> Result<ExitCode, String> {
    match command {
        ModelCommand::Pack { folder, out, name, packing } => {
            let packing = match packing {
                PackingName::Small => Packing::Small,
                PackingName::Fine => Packing::Fine,
            };
            let of_folder =
                || folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let name = name.unwrap_or_else(of_folder);
            let bytes = model::pack(&folder, &name, packing).map_err(|error| error.to_string())?;
            std::fs::write(&out, &bytes)
                .map_err(|error| format!("{} could not be written: {error}", out.display()))?;
            progress::tell(&format!("{}: {} bytes", out.display(), bytes.len()));
        }
        ModelCommand::Verify { file, json } => {
            let report = match &file {
                Some(path) => {
                    let bytes =
                        std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
                    model::verify(&path.display().to_string(), &bytes)
                }
                None => model::verify(bundle::ENCODER_NAME, bundle::ENCODER),
            };
            let report = report.map_err(|error| error.to_string())?;
            if json {
                print::json(&report)?;
            } else {
                print::line(&report.to_string());
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
