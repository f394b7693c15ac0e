//! `serve` and `mcp`: the site and its tools, over HTTP and over standard input.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use mcdewey::bundle;
use mcdewey_mcp::Profile;
use mcdewey_serve::{Folder, Library, Options, Packed, Remote, Source, Token, Tools};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::{print, user_cache};

/// Where the token may come from, besides a file.
const TOKEN_VARIABLE: &str = "MCDEWEY_TOKEN";
/// The encoder inside the program.
fn packed() -> Packed {
    Packed { name: bundle::ENCODER_NAME, bytes: bundle::ENCODER }
}

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The site's folder
    site: PathBuf,
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8080")]
    addr: SocketAddr,
    /// Serve the pages only, without /mcp
    #[arg(long)]
    no_mcp: bool,
    /// File with the token that clients of /mcp have to send [default: the variable MCDEWEY_TOKEN]
    #[arg(long, value_name = "FILE", conflicts_with = "no_mcp")]
    token_file: Option<PathBuf>,
    /// Let anyone use /mcp, although the address can be reached from other machines
    #[arg(long, conflicts_with_all = ["no_mcp", "token_file"])]
    public: bool,
    /// The address that people know the site by, such as https://docs.example.org/: for links, Host and Origin
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Questions a minute and client [default: 600]
    #[arg(long, value_name = "NUMBER")]
    rate: Option<NonZeroU32>,
    /// Read queries word by word for /mcp, without the encoder: for small machines
    #[arg(long, conflicts_with = "no_mcp")]
    word_by_word: bool,
}

#[derive(Debug, Args)]
pub(super) struct Mcp {
    /// The site's folder, or the address of a deployed one (https://…)
    site: String,
    /// The product that is meant where a call names none
    #[arg(long)]
    product: Option<String>,
    /// No answer has more tokens than this
    #[arg(long, value_name = "NUMBER")]
    max_tokens: Option<u32>,
    /// Offer the tools `search` and `fetch` only, as some clients want them
    #[arg(long)]
    openai: bool,
    /// Read queries word by word, without the encoder: for small machines
    #[arg(long)]
    word_by_word: bool,
    /// Folder where files of a deployed site are kept [default: mcdewey in the user's cache folder]
    #[arg(long, conflicts_with = "no_cache")]
    cache: Option<PathBuf>,
    /// Keep nothing of a deployed site
    #[arg(long)]
    no_cache: bool,
}

/// Serves a site.
pub(super) fn serve(serve: Serve) -> Result<ExitCode, String> {
    log(LevelFilter::INFO, true);
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let shown = serve.site.display().to_string();
    let tools = match serve.no_mcp {
        true => None,
        false => Some(Tools {
            options: Options {
                token: token(serve.token_file.as_deref(), serve.public)?,
                public: serve.public,
                public_url: serve.public_url,
                per_minute: serve.rate,
            },
            packed: Some(packed()),
            word_by_word: serve.word_by_word,
        }),
    };
    let with_tools = tools.is_some();
    let ready = move |addr: SocketAddr| {
        print::line(&format!("Serving {shown} at http://{addr}/"));
        if with_tools {
            print::line(&format!("Tools for agents at http://{addr}/mcp"));
        }
    };
    let serving = mcdewey_serve::serve(serve.site, serve.addr, tools, ready);
    runtime.block_on(serving).map_err(|error| error.to_string())?;
    Ok(ExitCode::SUCCESS)
}

/// Answers the client at the other end of standard input.
pub(super) fn mcp(mcp: Mcp) -> Result<ExitCode, String> {
    log(LevelFilter::WARN, false);
    let source: Box<dyn Source> = match mcp.site.contains("://") {
        false => Box::new(Folder::new(&mcp.site)),
        true => {
            let cache = if mcp.no_cache { None } else { mcp.cache.or_else(user_cache) };
            Box::new(Remote::new(&mcp.site, cache.as_deref())?)
        }
    };
    let library =
        Library::open(source, Some(packed())).map_err(|problem| format!("{}: {problem}", mcp.site))?;
    let library = library.word_by_word(mcp.word_by_word);
    let profile = Profile { openai: mcp.openai, product: mcp.product, max_tokens: mcp.max_tokens };
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let ended = runtime.block_on(mcdewey_serve::stdio(Arc::new(library), profile));
    // The thread that reads standard input cannot be stopped; the process does not wait for it.
    runtime.shutdown_background();
    ended.map_err(|error| error.to_string())?;
    Ok(ExitCode::SUCCESS)
}

fn token(file: Option<&std::path::Path>, public: bool) -> Result<Option<Token>, String> {
    let text = match file {
        Some(file) => {
            Some(std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?)
        }
        None => std::env::var(TOKEN_VARIABLE).ok().filter(|text| !text.is_empty() && !public),
    };
    text.map(|text| Token::new(&text)).transpose()
}

/// What happens goes to standard error: a line of JSON each for machines, or plain words.
fn log(level: LevelFilter, json: bool) {
    let ours = Targets::new().with_target("mcdewey_serve", level);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let registry = tracing_subscriber::registry().with(ours);
    // Somebody may have set one before, as tests do.
    let _ = match json {
        true => registry.with(layer.json().flatten_event(true).with_target(false)).try_init(),
        false => registry.with(layer.with_ansi(false).with_target(false).without_time()).try_init(),
    };
}
