//! A static site over HTTP, the way a dumb host serves it.
//!
//! A McDewey site is published on hosts that know nothing about it, GitHub Pages first. This server is for looking
//! at a site before that, and it is deliberately no cleverer than such a host, so that what works here works there:
//!
//! | as GitHub Pages does | and so |
//! |---|---|
//! | types by file name, text as UTF-8, unknown names as `application/octet-stream` | wasm may be compiled while it streams |
//! | gzip for everything but pictures, sound, archives and fonts, when the browser asks | payload files may arrive encoded twice |
//! | `cache-control: max-age=600` on everything | a new build may be seen ten minutes late |
//! | `ETag` and `Last-Modified`, `304` when nothing changed | |
//! | `301` from `/guide` to `/guide/`, `index.html` for a folder, `404.html` with status 404 | relative links hold |
//! | `GET` and `HEAD` only; no cross-origin isolation headers | no threads in wasm |
//!
//! One thing is left out on purpose: `/guide` never means `guide.html`, because other hosts do not do that.
//!
//! [`app`] is the whole behaviour without a socket, for tests and for embedding; [`serve`] puts it on an address.
//! Beside the site it offers what a dumb host cannot: `/mcp`, the tools for agents (`mcp/mod.rs`), with `/healthz` and
//! `/metrics`. [`Library`] is the site as those tools read it, from a folder or from an address; [`stdio`] offers them
//! to a client that starts the program itself.

mod library;
mod locate;
mod mcp;
mod remote;
mod source;

use std::future::{Future, IntoFuture};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use rmcp::ServerHandler;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower::ServiceExt;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};
use tower_http::services::ServeFile;
use tower_http::set_header::SetResponseHeaderLayer;

pub use library::{Answered, Library, Packed};
pub use mcp::{Make, Options, Stopped, Token, stdio};
pub use remote::Remote;
pub use source::{Folder, Source};

use locate::{Located, locate};
use mcp::Handler;

/// The one file name that every site has: it says which build this is.
const INDEX: &str = "index.json";

/// Ten minutes, as on GitHub Pages.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("max-age=600");

/// The start of the media types that are compressed already; gzip would only cost time.
const COMPRESSED: [&str; 6] = ["image/", "audio/", "video/", "font/", "application/zip", "application/gzip"];

/// Headers that ask for less than the whole file. They speak of the file that was asked for, not of `404.html`.
const CONDITIONS: [HeaderName; 6] = [
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_UNMODIFIED_SINCE,
    header::IF_RANGE,
    header::RANGE,
];

/// Why a site could not be served.
#[derive(Debug, Error)]
pub enum Error {
    /// There is no such folder.
    #[error(
        "{}: there is no such folder; build a site into it with `mcdewey build LIBRARY --out SITE`",
        .0.display()
    )]
    NoFolder(PathBuf),
    /// The folder is not a site.
    #[error(
        "{}: expected a site with an {INDEX}, found none; build one with `mcdewey build LIBRARY --out SITE`",
        .0.display()
    )]
    NoSite(PathBuf),
    /// Something else listens there.
    #[error(
        "{addr}: the address is already in use; stop the program that uses it, choose another port, or let the \
         system choose one with `--addr {}:0`", addr.ip()
    )]
    AddressInUse {
        /// The address as it was given.
        addr: SocketAddr,
    },
    /// The address cannot be listened on at all.
    #[error("{addr}: cannot listen there: {cause}; `--addr 127.0.0.1:8080` serves this machine only")]
    Address {
        /// The address as it was given.
        addr: SocketAddr,
        /// The system's own words.
        cause: io::Error,
    },
    /// `/mcp` cannot be offered like this.
    #[error("{0}")]
    Mcp(String),
    /// The server stopped by itself.
    #[error("the server stopped: {0}")]
    Stopped(io::Error),
}

/// How long requests under way may take after the server was asked to stop: a visitor who went away in the middle of a
/// large file would otherwise keep it running for ever.
const GRACE: Duration = Duration::from_secs(2);

/// Serves the site at `addr` until the process is asked to stop (^C, or a termination signal).
///
/// `on_ready` hears the real address, with the port that the system chose where `addr` says 0.
///
/// # Errors
/// If `site` is not a site, `addr` cannot be listened on, or `tools` would be open to all by accident.
pub async fn serve(
    site: PathBuf,
    addr: SocketAddr,
    tools: Option<Tools>,
    on_ready: impl FnOnce(SocketAddr),
) -> Result<(), Error> {
    serve_behind(Handler::new, site, addr, tools, on_ready).await
}

/// [`serve`] with another handler behind the same checks, limits and logs: how the tests show these to a client that asks
/// for more than our tools.
///
/// # Errors
/// As [`serve`].
pub async fn serve_behind<H: ServerHandler + Clone>(
    make: Make<H>,
    site: PathBuf,
    addr: SocketAddr,
    tools: Option<Tools>,
    on_ready: impl FnOnce(SocketAddr),
) -> Result<(), Error> {
    serve_until(make, site, addr, tools, on_ready, asked_to_stop()).await
}

/// What `/mcp` needs: how it is offered, and the encoder that comes with the program.
#[derive(Debug, Clone, Default)]
pub struct Tools {
    /// How it is offered.
    pub options: Options,
    /// The encoder inside the program.
    pub packed: Option<Packed>,
    /// Queries are read word by word, without the encoder.
    pub word_by_word: bool,
}

/// [`serve`], until `stop` is done: requests under way are answered, new ones are not accepted.
async fn serve_until<H: ServerHandler + Clone>(
    make: Make<H>,
    site: PathBuf,
    addr: SocketAddr,
    tools: Option<Tools>,
    on_ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    if !site.is_dir() {
        return Err(Error::NoFolder(site));
    }
    if !site.join(INDEX).is_file() {
        return Err(Error::NoSite(site));
    }
    let listener = TcpListener::bind(addr).await.map_err(|cause| match cause.kind() {
        io::ErrorKind::AddrInUse => Error::AddressInUse { addr },
        _ => Error::Address { addr, cause },
    })?;
    let addr = listener.local_addr().map_err(Error::Stopped)?;
    let mut app = app(site.clone());
    if let Some(tools) = tools {
        tools.options.check(addr).map_err(Error::Mcp)?;
        let library = Library::open(Box::new(Folder::new(site)), tools.packed).map_err(Error::Mcp)?;
        let library = Arc::new(library.word_by_word(tools.word_by_word));
        app = mcp::routes(make, library.clone(), &tools.options, addr).fallback_service(app);
        // Loading the encoder takes a moment; the first question should not wait for it.
        drop(tokio::task::spawn_blocking(move || library.warm()));
    }
    on_ready(addr);
    let (asked, told) = oneshot::channel();
    let stop = async move {
        stop.await;
        // Nobody listens any more only when serving has ended by itself.
        let _ = asked.send(());
    };
    let serving = axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(stop)
        .into_future();
    let patience = async {
        if told.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = serving => ended.map_err(Error::Stopped),
        () = patience => Ok(()),
    }
}

/// Waits for ^C or, on Unix, for the signal by which a supervisor ends a process.
async fn asked_to_stop() {
    let interrupted = async {
        // Without a handler the signal still ends the process, only less politely.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    interrupted.await;
}

/// The site as a service: every request is answered from files below `site`.
pub fn app(site: PathBuf) -> Router {
    // Below about this size gzip's own frame costs more than it saves.
    let compressible = SizeAbove::new(256).and(|_: StatusCode, _, headers: &HeaderMap, _: &_| {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        kind.starts_with("image/svg") || !COMPRESSED.iter().any(|start| kind.starts_with(start))
    });
    Router::new()
        .fallback(answer)
        .with_state(site)
        .layer(CompressionLayer::new().gzip(true).compress_when(compressible))
        .layer(map_response(weaken_tag))
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, CACHE_CONTROL))
}

/// Answers one request from the disk.
async fn answer(State(site): State<PathBuf>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allowed = [(header::ALLOW, HeaderValue::from_static("GET, HEAD"))];
        return (StatusCode::METHOD_NOT_ALLOWED, allowed, "Only GET and HEAD are answered here.\n")
            .into_response();
    }
    let (root, path) = (site.clone(), request.uri().path().to_owned());
    let located = tokio::task::spawn_blocking(move || locate(&root, &path)).await.unwrap_or(Located::Nothing);
    match located {
        Located::File(file) => send(&file, request).await,
        Located::Folder(path) => {
            let to = match request.uri().query() {
                Some(query) => format!("{path}?{query}"),
                None => path,
            };
            (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to)]).into_response()
        }
        Located::Nothing => not_found(&site, request).await,
    }
}

/// Sends a file: its type, its tags, `304` or a part of it where the request asks for that.
async fn send(file: &Path, request: Request) -> Response {
    let Ok(response) = ServeFile::new(file).oneshot(request).await;
    let mut response = response.map(Body::new);
    if response.status() == StatusCode::NOT_MODIFIED {
        return response;
    }
    let guessed = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if let Some(kind) = better_type(file, guessed.unwrap_or_default()) {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}

/// What to call a file where the guess by its name is not enough.
fn better_type(file: &Path, kind: &str) -> Option<HeaderValue> {
    if file.extension().is_some_and(|extension| extension == "mcd") {
        // The registry of media types gives this ending to another program's drawings.
        return Some(HeaderValue::from_static("application/octet-stream"));
    }
    // McDewey writes UTF-8 only, and a browser that is not told so would guess otherwise.
    let text = kind.starts_with("text/") || kind.ends_with("json") || kind.ends_with("xml");
    if !text || kind.contains(';') {
        return None;
    }
    HeaderValue::from_str(&format!("{kind}; charset=utf-8")).ok()
}

/// The site's own page for what is not there, else a line of text.
async fn not_found(site: &Path, mut request: Request) -> Response {
    for condition in CONDITIONS {
        request.headers_mut().remove(condition);
    }
    let page = site.join("404.html");
    if !page.is_file() {
        return (StatusCode::NOT_FOUND, "404: there is nothing at this address.\n").into_response();
    }
    let mut response = send(&page, request).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// A tag names exact bytes; once they are gzipped it can only promise the same content.
async fn weaken_tag(mut response: Response) -> Response {
    let encoded = response.headers().contains_key(header::CONTENT_ENCODING);
    let tag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
    if let Some(tag) = tag.filter(|tag| encoded && !tag.starts_with("W/"))
        && let Ok(weak) = HeaderValue::from_str(&format!("W/{tag}"))
    {
        response.headers_mut().insert(header::ETAG, weak);
    }
    response
}

#[cfg(test)]
mod tests;
