//! `/mcp`: the tools over HTTP, beside the site.
//!
//! ```text
//! request ─ room? ─ rate? ─ token? ─ body whole, small, in time? ─ a message? ─► rmcp ─► handler ─► library
//!            503     429     401       413, 408                     400          │ Origin, Host 403 · type 415
//!                                                                                │ headers against body 400
//!                                                                                └ method 404, 405
//! ```
//!
//! Each request stands alone and gets one JSON answer: no session, no stream, so any number of servers can share the
//! work. Logs and counters say what was called and how it ended, never what was asked.

mod access;
mod handler;
mod message;
mod metrics;
mod stdio;

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use mcdewey_mcp::{Place, Profile};
use percent_encoding::percent_decode_str;
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::sync::Semaphore;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::library::Library;

pub use access::Token;
pub(crate) use handler::Handler;
pub use stdio::{Stopped, stdio};

use access::{Names, Rates};
use metrics::Metrics;

/// Largest message: a question of a thousand characters fits a hundred times.
const LARGEST_MESSAGE: usize = 128 << 10;
/// Requests answered at the same time; more are asked to come back. A search keeps a core busy for milliseconds.
const AT_ONCE: usize = 64;
/// How long a client may take to send its message.
const SENDING: Duration = Duration::from_secs(10);
/// How long an answer may take; the first one after a start may load the encoder.
const ANSWERING: Duration = Duration::from_secs(30);
/// Requests a minute and client, where the options say nothing.
const PER_MINUTE: NonZeroU32 = NonZeroU32::new(600).expect("600 is not zero");

/// Headers of the protocol that a page may send from elsewhere.
const SENT: [HeaderName; 6] = [
    header::CONTENT_TYPE,
    header::AUTHORIZATION,
    HeaderName::from_static("mcp-protocol-version"),
    HeaderName::from_static("mcp-method"),
    HeaderName::from_static("mcp-name"),
    HeaderName::from_static("mcp-session-id"),
];

/// How `/mcp` is offered.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What clients have to send as their bearer token, if anything.
    pub token: Option<Token>,
    /// Anyone may ask, although the server can be reached from other machines.
    pub public: bool,
    /// The address that people know the site by, such as `https://docs.example.org/`.
    pub public_url: Option<String>,
    /// Requests a minute and client.
    pub per_minute: Option<NonZeroU32>,
}

impl Options {
    /// Checks that a server at `addr` is not open by accident.
    ///
    /// # Errors
    /// A sentence for people that says how to close it, or how to open it on purpose.
    pub fn check(&self, addr: SocketAddr) -> Result<(), String> {
        if let Some(url) = &self.public_url
            && !["http://", "https://"]
                .iter()
                .any(|scheme| url.len() > scheme.len() && url.starts_with(scheme))
        {
            return Err(format!(
                "--public-url: expected an address such as https://docs.example.org/, got {url}"
            ));
        }
        if addr.ip().is_loopback() || self.public || self.token.is_some() {
            return Ok(());
        }
        Err(format!(
            "{addr} can be reached from other machines, and /mcp would answer anyone: give --token-file FILE so that \
             clients have to send a token, --public if everyone may ask, or --no-mcp to serve the pages only"
        ))
    }
}

/// What answers the requests that reach one address: made for each, since what a client sees depends on the address.
pub type Make<H> = fn(Arc<Library>, Place) -> H;

struct Shared<H> {
    make: Make<H>,
    library: Arc<Library>,
    options: Options,
    names: Names,
    room: Semaphore,
    rates: Rates,
    metrics: Metrics,
    sessions: Arc<LocalSessionManager>,
}

/// The routes of the endpoint, for a server at `addr`; `make` makes what stands behind all checks.
pub(crate) fn routes<H: ServerHandler + Clone>(
    make: Make<H>,
    library: Arc<Library>,
    options: &Options,
    addr: SocketAddr,
) -> Router {
    let names = Names::of(addr, options.public_url.as_deref());
    let allowed = names.clone();
    let from =
        move |origin: &HeaderValue, _: &Parts| origin.to_str().is_ok_and(|origin| allowed.allows(origin));
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(from))
        .allow_methods([Method::POST])
        .allow_headers(SENT)
        .max_age(Duration::from_secs(3600));
    let shared = Arc::new(Shared {
        make,
        library,
        options: options.clone(),
        names,
        room: Semaphore::new(AT_ONCE),
        rates: Rates::new(options.per_minute.unwrap_or(PER_MINUTE)),
        metrics: Metrics::new(),
        sessions: Arc::default(),
    });
    Router::new()
        .route("/mcp", any(endpoint::<H>).layer(cors))
        .route("/healthz", get(healthy::<H>))
        .route("/metrics", get(counted::<H>))
        .with_state(shared)
}

async fn healthy<H: ServerHandler>(State(shared): State<Arc<Shared<H>>>) -> Response {
    let body = serde_json::json!({ "status": "ok", "build": shared.library.build() });
    ([(header::CONTENT_TYPE, "application/json")], format!("{body}\n")).into_response()
}

async fn counted<H: ServerHandler + Clone>(
    State(shared): State<Arc<Shared<H>>>,
    headers: HeaderMap,
) -> Response {
    if !shared.may_ask(&headers) {
        return unauthorised();
    }
    ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], shared.metrics.text()).into_response()
}

/// Counts a request as under way for as long as it lives, also when its client goes away.
struct UnderWay<'a>(&'a Metrics);

impl<'a> UnderWay<'a> {
    fn begin(metrics: &'a Metrics) -> Self {
        metrics.begin();
        Self(metrics)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

async fn endpoint<H: ServerHandler + Clone>(
    State(shared): State<Arc<Shared<H>>>,
    request: Request,
) -> Response {
    let begun = Instant::now();
    let _under_way = UnderWay::begin(&shared.metrics);
    let (call, response) = shared.answer(request).await;
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    shared.metrics.answered(call, status, took);
    tracing::info!(call, status, ms = took.as_secs_f64() * 1e3, build = shared.library.build(), "answered");
    response
}

impl<H: ServerHandler + Clone> Shared<H> {
    fn may_ask(&self, headers: &HeaderMap) -> bool {
        let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        self.options.token.as_ref().is_none_or(|token| token.is_in(header))
    }

    /// What was called, and the answer.
    async fn answer(&self, request: Request) -> (&'static str, Response) {
        let Ok(_room) = self.room.try_acquire() else {
            return (
                "refused",
                later(StatusCode::SERVICE_UNAVAILABLE, "1", "too many questions at once; ask again"),
            );
        };
        if let Some(client) = client(&request)
            && !self.rates.allow(client)
        {
            return (
                "refused",
                later(StatusCode::TOO_MANY_REQUESTS, "6", "too many questions a minute; ask again later"),
            );
        }
        if !self.may_ask(request.headers()) {
            return ("refused", unauthorised());
        }
        let (parts, body) = request.into_parts();
        let mut call = "other";
        let mut bytes = Bytes::new();
        if parts.method == Method::POST {
            bytes = match read(&parts.headers, body).await {
                Ok(bytes) => bytes,
                Err(refusal) => return ("refused", refusal),
            };
            // Who sends another type is told so by rmcp.
            if is_json(&parts.headers) {
                match message::check(&bytes) {
                    Ok(name) => call = name,
                    Err(malformed) => {
                        let json = [(header::CONTENT_TYPE, "application/json")];
                        return (
                            "malformed",
                            (StatusCode::BAD_REQUEST, json, malformed.body()).into_response(),
                        );
                    }
                }
            }
        }
        let query = parts.uri.query().unwrap_or_default();
        let profile = match profile(query) {
            Ok(profile) => profile,
            Err(sentence) => {
                return (call, (StatusCode::BAD_REQUEST, format!("{sentence}\n")).into_response());
            }
        };
        let place = Place { profile, base: self.base(&parts.headers) };
        let service = self.service(place);
        let answering = service.handle(Request::from_parts(parts, Body::from(bytes)));
        match tokio::time::timeout(ANSWERING, answering).await {
            Ok(response) => (call, response.map(Body::new)),
            Err(_) => {
                (call, later(StatusCode::SERVICE_UNAVAILABLE, "5", "the answer took too long; ask again"))
            }
        }
    }

    /// The protocol for one request: what a client sees depends on the address it uses.
    fn service(&self, place: Place) -> StreamableHttpService<H, LocalSessionManager> {
        let config = StreamableHttpServerConfig::default()
            .with_legacy_session_mode(false)
            .with_json_response(true)
            .with_sse_keep_alive(None)
            .with_max_request_body_bytes(LARGEST_MESSAGE)
            .with_allowed_hosts(self.names.hosts.iter().cloned())
            .with_allowed_origins(self.names.origins.iter().cloned())
            .enforce_origin_validation();
        let handler = (self.make)(self.library.clone(), place);
        StreamableHttpService::new(move || Ok(handler.clone()), self.sessions.clone(), config)
    }

    /// What permalinks begin with: the address that the operator gave, else the one that the client used.
    fn base(&self, headers: &HeaderMap) -> Option<String> {
        if let Some(url) = &self.options.public_url {
            return Some(format!("{}/", url.trim_end_matches('/')));
        }
        let host = headers.get(header::HOST)?.to_str().ok()?;
        let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
        plain.then(|| format!("http://{host}/"))
    }
}

fn client(request: &Request) -> Option<IpAddr> {
    request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

/// The whole message, unless it is too large or too slow.
async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Response> {
    let too_large = || {
        let sentence = format!("a message has at most {} kB\n", LARGEST_MESSAGE >> 10);
        (StatusCode::PAYLOAD_TOO_LARGE, sentence).into_response()
    };
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > LARGEST_MESSAGE as u64) {
        return Err(too_large());
    }
    match tokio::time::timeout(SENDING, to_bytes(body, LARGEST_MESSAGE)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(too_large()),
        Err(_) => Err((StatusCode::REQUEST_TIMEOUT, "the message did not arrive in time\n").into_response()),
    }
}

/// The part of the address after `?`.
fn profile(query: &str) -> Result<Profile, String> {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs: Vec<(String, String)> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    Profile::read(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

fn later(status: StatusCode, seconds: &'static str, sentence: &'static str) -> Response {
    (status, [(header::RETRY_AFTER, seconds)], format!("{sentence}\n")).into_response()
}

fn unauthorised() -> Response {
    let asks = [(header::WWW_AUTHENTICATE, "Bearer realm=\"mcdewey\"")];
    (StatusCode::UNAUTHORIZED, asks, "send the token of this server: Authorization: Bearer …\n")
        .into_response()
}
