//! The search module of the browser: the engine, fetching what it asks for.
//!
//! ```text
//! worker.js ── answer(request) ──► Search ── search ──► Engine
//!                                    ▲  └── Need(files) ──► Fetcher ──► insert / absent ──┐
//!                                    └───────────────────── again ◄─────────────────────┘
//! ```
//!
//! Objects cross to JavaScript, never pointers; a failure is `{code, message, hint}`. A newer question makes an
//! older one stop at its next wait: its files stay, its answer is not wanted any more.

mod fetch;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{JSON, Promise};
use mcdewey_search::{Engine, FileRequest, Request, Step};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

use fetch::Fetcher;

/// The file that a search starts from; it is small, and its size is not known before.
const INDEX: &str = "index.json";
/// An answer takes three rounds of files (boot, shards and cells, fragments); one that wants more is not converging.
const ROUNDS: usize = 12;

/// A search of one site.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Search(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    fetcher: Fetcher,
    engine: RefCell<Option<Engine>>,
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

/// What went wrong, and what a person can do about it.
#[derive(Debug, Serialize)]
struct Failure {
    code: &'static str,
    message: String,
    hint: &'static str,
}

#[wasm_bindgen]
impl Search {
    /// A search of the site whose root is `root`, an absolute address that ends in `/`.
    #[wasm_bindgen(constructor)]
    pub fn new(root: &str) -> Self {
        Self(Rc::new(Inner {
            fetcher: Fetcher::new(root),
            engine: RefCell::default(),
            newest: Cell::default(),
        }))
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

    /// What there is to choose from: a promise of `{scopes, encoder}`.
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
        self.open().await?;
        for _ in 0..ROUNDS {
            if self.newest.get() != number {
                return Ok(Outcome::Superseded(true));
            }
            let step = self.with_engine(|engine| engine.search(request))?.map_err(|error| broken(&error))?;
            match step {
                Step::Ready(answer) => return Ok(Outcome::Answer(*answer)),
                Step::Need(files) => self.fetch_all(files).await?,
            }
        }
        Err(Failure {
            code: "index",
            message: "the index keeps asking for files".to_owned(),
            hint: "The site may have been built anew a moment ago: reload the page.",
        })
    }

    async fn library(&self) -> Result<impl Serialize + use<>, Failure> {
        self.open().await?;
        self.with_engine(|engine| Library {
            scopes: engine.scopes().unwrap_or_default().to_vec(),
            encoder: engine.encoder().map(|(fingerprint, file)| Encoder {
                path: file.path,
                bytes: file.bytes,
                fingerprint: format!("{fingerprint:016x}"),
            }),
        })
    }

    /// Fetches `index.json` and the boot file, unless they are here.
    async fn open(&self) -> Result<(), Failure> {
        if self.engine.borrow().is_none() {
            let bytes = self.fetcher.get(INDEX, 0).await.map_err(|reason| no_index(&reason))?;
            let text = String::from_utf8_lossy(&bytes);
            let json = JSON::parse(&text).map_err(|_| no_index("the host answered with something else"))?;
            let index = serde_wasm_bindgen::from_value(json).map_err(|error| no_index(&error.to_string()))?;
            let engine = Engine::new(index).map_err(|error| broken(&error))?;
            // Another question may have been first; its engine has files already.
            self.engine.borrow_mut().get_or_insert(engine);
        }
        let boot = self.with_engine(|engine| engine.boot().is_none().then(|| engine.boot_file()))?;
        if let Some(boot) = boot {
            let bytes = self.fetcher.get(&boot.path, boot.bytes).await;
            let bytes = bytes.map_err(|reason| no_index(&format!("{}: {reason}", boot.path)))?;
            self.with_engine(|engine| engine.insert(&boot.path, &bytes))?.map_err(|error| broken(&error))?;
        }
        Ok(())
    }

    /// Fetches all of `files` at once. One that cannot be had is told to the engine, which answers without it.
    async fn fetch_all(&self, files: Vec<FileRequest>) -> Result<(), Failure> {
        let waiting: Vec<_> = files.iter().map(|file| self.fetcher.start(&file.path, file.bytes)).collect();
        for (file, promise) in files.iter().zip(waiting) {
            let bytes = Fetcher::wait(promise).await;
            self.with_engine(|engine| match &bytes {
                // What is wrong with the bytes is remembered by the engine and said in the answer.
                Ok(bytes) => drop(engine.insert(&file.path, bytes)),
                Err(reason) => engine.absent(&file.path, reason),
            })?;
        }
        Ok(())
    }

    fn with_engine<T>(&self, act: impl FnOnce(&mut Engine) -> T) -> Result<T, Failure> {
        self.engine.borrow_mut().as_mut().map(act).ok_or_else(|| no_index("it has not been read"))
    }
}

fn no_index(reason: &str) -> Failure {
    Failure {
        code: "index",
        message: format!("the library's index could not be read ({reason})"),
        hint: "Reload the page. If that does not help, the site needs to be uploaded again.",
    }
}

fn broken(error: &impl ToString) -> Failure {
    Failure {
        code: "index",
        message: error.to_string(),
        hint: "Reload the page. If that does not help, the site needs to be built again.",
    }
}

/// A value or a failure as JavaScript has it: plain objects, `null` for nothing.
fn to_js(result: Result<impl Serialize, Failure>) -> Result<JsValue, JsValue> {
    let plain = serde_wasm_bindgen::Serializer::json_compatible();
    let value = |value: Result<JsValue, serde_wasm_bindgen::Error>| value.map_err(JsValue::from);
    match result {
        Ok(found) => value(found.serialize(&plain)),
        Err(failure) => Err(value(failure.serialize(&plain))?),
    }
}
