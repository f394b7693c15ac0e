//! The search module of the browser: the engine, fetching what it asks for.
//!
//! ```text
//! worker.js ── answer(request) ──► Search ── search ──► Engine
//!                                    ▲  └── Need(files) ──► Host (fetches) ──┐
//!                                    └───────────────────── again ◄──────────┘
//! ```
//!
//! Objects cross to JavaScript, never pointers; a failure is `{code, message, hint}`. A newer question makes an
//! older one stop at its next wait: its files stay, its answer is not wanted any more.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Promise;
use mcdewey_search::{Request, Step};
use mcdewey_www_host::{Failure, Host, to_js};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

/// An answer takes three rounds of files (boot, shards and cells, fragments); one that wants more is not converging.
const ROUNDS: usize = 12;

/// A search of one site.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Search(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    host: Host,
    /// Number of the newest question.
    newest: Cell<u32>,
}

/// What JavaScript gets for a question.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome<T> {
    /// The answer.
    Answer(T),
    /// A newer question was asked meanwhile.
    Superseded(bool),
}

/// What there is to choose from.
#[derive(Debug, Serialize)]
struct Library<S> {
    /// Or empty.
    name: String,
    /// Versions of products, in library order.
    scopes: S,
    encoder: Option<Encoder>,
}

/// The packed encoder, for who wants it.
#[derive(Debug, Serialize)]
struct Encoder {
    path: String,
    bytes: u32,
    /// Of the weights that made the vectors, 16 hex digits.
    fingerprint: String,
}

#[wasm_bindgen]
impl Search {
    /// A search of the site whose root is `root`, an absolute address that ends in `/`.
    #[wasm_bindgen(constructor)]
    pub fn new(root: &str) -> Self {
        Self(Rc::new(Inner { host: Host::new(root), newest: Cell::default() }))
    }

    /// Answers a request: a promise of `{answer}`, or of `{superseded: true}` if a newer one came.
    pub fn answer(&self, request: JsValue) -> Promise {
        let inner = self.0.clone();
        inner.newest.set(inner.newest.get().wrapping_add(1));
        let number = inner.newest.get();
        future_to_promise(async move {
            let outcome = match serde_wasm_bindgen::from_value(request) {
                Ok(request) => inner.answer(number, &request).await,
                Err(error) => Err(Failure {
                    code: "request",
                    message: format!("the question could not be read: {error}"),
                    hint: "Reload the page.",
                }),
            };
            to_js(outcome)
        })
    }

    /// What there is to choose from: a promise of `{name, scopes, encoder}`.
    pub fn library(&self) -> Promise {
        let inner = self.0.clone();
        future_to_promise(async move { to_js(inner.library().await) })
    }
}

impl Inner {
    async fn answer(
        &self,
        number: u32,
        request: &Request,
    ) -> Result<Outcome<mcdewey_search::Answer>, Failure> {
        self.host.open().await?;
        for _ in 0..ROUNDS {
            if self.newest.get() != number {
                return Ok(Outcome::Superseded(true));
            }
            let step = self
                .host
                .with_engine(|engine| engine.search(request))?
                .map_err(|error| Failure::broken(&error))?;
            match step {
                Step::Ready(answer) => return Ok(Outcome::Answer(*answer)),
                Step::Need(files) => self.host.fetch_all(files).await?,
            }
        }
        Err(Failure::restless())
    }

    async fn library(&self) -> Result<impl Serialize + use<>, Failure> {
        self.host.open().await?;
        self.host.with_engine(|engine| Library {
            name: engine.name().to_owned(),
            scopes: engine.scopes().unwrap_or_default().to_vec(),
            encoder: engine.encoder().map(|(fingerprint, file)| Encoder {
                path: file.path,
                bytes: file.bytes,
                fingerprint: format!("{fingerprint:016x}"),
            }),
        })
    }
}
