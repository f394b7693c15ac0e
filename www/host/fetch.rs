//! Fetching a file of the index: checked, shared by all who wait for it, and tried twice.
//!
//! `index.json` is the one name whose content changes, so it is asked for past the browser's cache; every other file
//! is named by its content and may come from anywhere. A host that answers a missing file with a page of its own and
//! status 200 is caught by the engine, which knows how a file must begin.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{Request, RequestCache, RequestInit, Response, WorkerGlobalScope};

/// The file that says which build the site holds.
const MUTABLE: &str = "index.json";
/// How long to wait before the second try, in ms, where the host does not say: a busy host is rarely free sooner.
const RETRY_MS: i32 = 600;
/// A host may ask for patience; a visitor has this much, in ms.
const PATIENCE_MS: i32 = 5000;
/// A file may be this many times larger than announced before it is refused: hosts may be a build apart, for a moment.
const OVERSIZE: f64 = 4.0;

/// The files on their way, so that two questions that need one file fetch it once.
#[derive(Debug, Clone)]
pub struct Fetcher {
    root: Rc<str>,
    under_way: Rc<RefCell<BTreeMap<String, Promise>>>,
}

/// Why a try did not bring the file.
enum Failure {
    /// Another try may help, after this many ms.
    Passing(i32, String),
    /// It will not.
    Lasting(String),
}

impl Fetcher {
    /// Fetches from the site whose root is `root`, an absolute address that ends in `/`.
    pub fn new(root: &str) -> Self {
        Self { root: root.into(), under_way: Rc::default() }
    }

    /// Begins to fetch `path`, of which about `bytes` are expected (0: unknown), or joins who already does.
    ///
    /// # Errors
    /// The promise fails with one sentence for people, after the second try.
    pub fn start(&self, path: &str, bytes: u32) -> Promise {
        if let Some(promise) = self.under_way.borrow().get(path) {
            return promise.clone();
        }
        let (this, name) = (self.clone(), path.to_owned());
        let promise = future_to_promise(async move {
            let file = this.try_twice(&name, bytes).await;
            this.under_way.borrow_mut().remove(&name);
            file.map(JsValue::from).map_err(|reason| JsValue::from_str(&reason))
        });
        self.under_way.borrow_mut().insert(path.to_owned(), promise.clone());
        promise
    }

    /// The bytes that a promise of [`start`](Self::start) brings.
    ///
    /// # Errors
    /// One sentence for people.
    pub async fn wait(promise: Promise) -> Result<Vec<u8>, String> {
        match JsFuture::from(promise).await {
            Ok(file) => Ok(Uint8Array::new(&file).to_vec()),
            Err(reason) => Err(words(&reason)),
        }
    }

    /// The bytes of one file.
    ///
    /// # Errors
    /// One sentence for people.
    pub async fn get(&self, path: &str, bytes: u32) -> Result<Vec<u8>, String> {
        Self::wait(self.start(path, bytes)).await
    }

    async fn try_twice(&self, path: &str, bytes: u32) -> Result<Uint8Array, String> {
        match self.try_once(path, bytes).await {
            Ok(file) => return Ok(file),
            Err(Failure::Lasting(reason)) => return Err(reason),
            Err(Failure::Passing(wait, _)) => pause(wait).await,
        }
        self.try_once(path, bytes).await.map_err(|failure| match failure {
            Failure::Passing(_, reason) | Failure::Lasting(reason) => reason,
        })
    }

    async fn try_once(&self, path: &str, bytes: u32) -> Result<Uint8Array, Failure> {
        let options = RequestInit::new();
        if path == MUTABLE {
            options.set_cache(RequestCache::NoCache);
        }
        let request = Request::new_with_str_and_init(&format!("{}{path}", self.root), &options)
            .map_err(|error| Failure::Lasting(words(&error)))?;
        let unreachable = |_| Failure::Passing(RETRY_MS, "the host could not be reached".to_owned());
        let response = JsFuture::from(scope().fetch_with_request(&request)).await.map_err(unreachable)?;
        let response: Response = response.unchecked_into();
        let status = response.status();
        if !response.ok() {
            let reason = match status {
                404 => "the host does not have it; the site may be half uploaded".to_owned(),
                429 => "the host is refusing for now, as there were too many requests".to_owned(),
                _ => format!("the host answered with status {status}"),
            };
            return Err(match status {
                429 | 500..=599 => Failure::Passing(asked_to_wait(&response), reason),
                _ => Failure::Lasting(reason),
            });
        }
        let body = response.array_buffer().map_err(|error| Failure::Lasting(words(&error)))?;
        let broken = |_| Failure::Passing(RETRY_MS, "the connection broke off".to_owned());
        let file = Uint8Array::new(&JsFuture::from(body).await.map_err(broken)?);
        if bytes > 0 && f64::from(file.length()) > OVERSIZE * f64::from(bytes) {
            return Err(Failure::Lasting(format!(
                "{} bytes came where {bytes} were expected",
                file.length()
            )));
        }
        Ok(file)
    }
}

/// How long the host wants us to wait, in ms, up to our patience.
fn asked_to_wait(response: &Response) -> i32 {
    let seconds = response.headers().get("retry-after").ok().flatten();
    let asked = seconds.and_then(|text| text.trim().parse::<i32>().ok());
    asked.map_or(RETRY_MS, |seconds| seconds.saturating_mul(1000).clamp(RETRY_MS, PATIENCE_MS))
}

async fn pause(ms: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        // Without a timer there is no pause, and the second try comes at once.
        if scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms).is_err() {
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// The worker we run in.
fn scope() -> WorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// What JavaScript threw, for people.
fn words(thrown: &JsValue) -> String {
    let message = thrown.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message.or_else(|| thrown.as_string()).unwrap_or_else(|| "it could not be fetched".to_owned())
}
