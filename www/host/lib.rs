//! The browser as a host of the engine: it fetches what the engine asks for.
//!
//! ```text
//! search module ─┐                ┌─ Engine
//!                ├──► Host ◄──────┤
//! agents module ─┘     │          └─ Need(files)
//!                      └──► Fetcher ──► insert / absent
//! ```
//!
//! Both modules that read an index stand on it, each with an engine of its own; the browser's cache holds each file
//! once. A failure is `{code, message, hint}` on the other side of the border.

mod fetch;

use std::cell::RefCell;

use js_sys::JSON;
use mcdewey_search::{Engine, FileRequest};
use serde::Serialize;
use wasm_bindgen::JsValue;

use fetch::Fetcher;

/// The file that a search starts from; it is small, and its size is not known before.
const INDEX: &str = "index.json";

/// The engine of one site, and the way to its files.
#[derive(Debug)]
pub struct Host {
    fetcher: Fetcher,
    engine: RefCell<Option<Engine>>,
}

/// What went wrong, and what a person can do about it.
#[derive(Debug, Serialize)]
pub struct Failure {
    /// A stable word for programs.
    pub code: &'static str,
    /// What happened.
    pub message: String,
    /// The way out.
    pub hint: &'static str,
}

impl Host {
    /// A host for the site whose root is `root`, an absolute address that ends in `/`.
    pub fn new(root: &str) -> Self {
        Self { fetcher: Fetcher::new(root), engine: RefCell::default() }
    }

    /// Fetches `index.json` and the boot file, unless they are here.
    ///
    /// # Errors
    /// When they cannot be had, or are not of a site that this module can read.
    pub async fn open(&self) -> Result<(), Failure> {
        if self.engine.borrow().is_none() {
            let bytes = self.fetcher.get(INDEX, 0).await.map_err(|reason| no_index(&reason))?;
            let text = String::from_utf8_lossy(&bytes);
            let json = JSON::parse(&text).map_err(|_| no_index("the host answered with something else"))?;
            let index = serde_wasm_bindgen::from_value(json).map_err(|error| no_index(&error.to_string()))?;
            let engine = Engine::new(index).map_err(|error| Failure::broken(&error))?;
            // Another question may have been first; its engine has files already.
            self.engine.borrow_mut().get_or_insert(engine);
        }
        let boot = self.with_engine(|engine| engine.boot().is_none().then(|| engine.boot_file()))?;
        if let Some(boot) = boot {
            let bytes = self.fetcher.get(&boot.path, boot.bytes).await;
            let bytes = bytes.map_err(|reason| no_index(&format!("{}: {reason}", boot.path)))?;
            let inserted = self.with_engine(|engine| engine.insert(&boot.path, &bytes))?;
            inserted.map_err(|error| Failure::broken(&error))?;
        }
        Ok(())
    }

    /// Fetches all of `files` at once. One that cannot be had is told to the engine, which answers without it.
    ///
    /// # Errors
    /// When the index was not opened before.
    pub async fn fetch_all(&self, files: Vec<FileRequest>) -> Result<(), Failure> {
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

    /// A file of the site that is none of the index, such as a picture.
    ///
    /// # Errors
    /// One sentence for people.
    pub async fn file(&self, path: &str) -> Result<Vec<u8>, String> {
        self.fetcher.get(path, 0).await
    }

    /// Does something with the engine.
    ///
    /// # Errors
    /// When the index was not opened before.
    pub fn with_engine<T>(&self, act: impl FnOnce(&mut Engine) -> T) -> Result<T, Failure> {
        self.engine.borrow_mut().as_mut().map(act).ok_or_else(|| no_index("it has not been read"))
    }
}

impl Failure {
    /// The index cannot be read, for this reason.
    pub fn broken(error: &impl ToString) -> Self {
        Self {
            code: "index",
            message: error.to_string(),
            hint: "Reload the page. If that does not help, the site needs to be built again.",
        }
    }

    /// A question took more rounds of files than any should.
    pub fn restless() -> Self {
        Self {
            code: "index",
            message: "the index keeps asking for files".to_owned(),
            hint: "The site may have been built anew a moment ago: reload the page.",
        }
    }
}

fn no_index(reason: &str) -> Failure {
    Failure {
        code: "index",
        message: format!("the library's index could not be read ({reason})"),
        hint: "Reload the page. If that does not help, the site needs to be uploaded again.",
    }
}

/// A value or a failure as JavaScript has it: plain objects, `null` for nothing.
///
/// # Errors
/// The failure, as an object.
pub fn to_js(result: Result<impl Serialize, Failure>) -> Result<JsValue, JsValue> {
    let plain = serde_wasm_bindgen::Serializer::json_compatible();
    let value = |value: Result<JsValue, serde_wasm_bindgen::Error>| value.map_err(JsValue::from);
    match result {
        Ok(found) => value(found.serialize(&plain)),
        Err(failure) => Err(value(failure.serialize(&plain))?),
    }
}
