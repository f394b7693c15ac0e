//! The agents module of the browser: the tools of `mcdewey-mcp`, fetching what they ask for.
//!
//! ```text
//! worker.js (tools of the page) ─────┐                    ┌─ Need(files) ──► Host (fetches) ──┐
//!                                    ├──► Agents ── answer┤                                   │
//! mcp-endpoint.js (service worker) ──┘        ▲           └─ Ready, List ──► JSON             │
//!                                             └─────────────────── again ◄────────────────────┘
//! ```
//!
//! A module of its own, since a visitor who only searches never needs it. Answers cross the border as JSON text: it is
//! what the protocol sends, and the tools make nothing else. A failure is `{code, message, hint}`; its code is `unknown`
//! where the protocol has an error of its own for the asker, `index` where the site cannot be read.

use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::Promise;
use mcdewey_mcp::{Ask, Place, Profile, Question, Refusal, Step};
use mcdewey_www_host::{Failure, Host, to_js};
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

/// Rounds of files before an answer: boot, catalogs of one version, of all, shards and cells, fragments. One that wants
/// more is not converging.
const ROUNDS: usize = 24;

/// The tools of one site.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Agents(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    host: Host,
    place: Place,
}

#[wasm_bindgen]
impl Agents {
    /// The tools of the site whose root is `root`, an absolute address that ends in `/`.
    #[wasm_bindgen(constructor)]
    pub fn new(root: &str) -> Self {
        let place = Place { profile: Profile::default(), base: Some(root.to_owned()) };
        Self(Rc::new(Inner { host: Host::new(root), place }))
    }

    /// The version of the program that this belongs to.
    pub fn version(&self) -> String {
        env!("CARGO_PKG_VERSION").to_owned()
    }

    /// The definitions of the tools.
    pub fn tools(&self) -> String {
        Value::from(mcdewey_mcp::tools(&self.0.place.profile)).to_string()
    }

    /// The templates of resources.
    pub fn templates(&self) -> String {
        Value::from(mcdewey_mcp::templates()).to_string()
    }

    /// A promise of what the library holds and how to ask it, in words.
    pub fn instructions(&self) -> Promise {
        let inner = self.0.clone();
        promise(async move {
            inner.host.open().await?;
            inner.host.with_engine(|engine| mcdewey_mcp::instructions(engine, &inner.place.profile))
        })
    }

    /// The words of a call whose vector would help, if there are any.
    pub fn words(&self, name: &str, arguments: &str) -> Option<String> {
        Question::new(tool(name, arguments)).words()
    }

    /// Calls a tool, its arguments as JSON: a promise of its result. `vector` is that of the call's
    /// [`words`](Self::words), where there is an encoder.
    pub fn call(&self, name: &str, arguments: &str, vector: Option<Vec<f32>>) -> Promise {
        self.ask(Question { ask: tool(name, arguments), vector })
    }

    /// A promise of a page of the list of resources.
    pub fn resources(&self, cursor: Option<String>) -> Promise {
        self.ask(Question::new(Ask::Resources { cursor }))
    }

    /// A promise of the content of a resource.
    pub fn resource(&self, uri: String) -> Promise {
        self.ask(Question::new(Ask::Resource { uri }))
    }

    /// A promise of endings of what is typed for a variable of a template; `given` is an object of those that have
    /// their value, as JSON.
    pub fn complete(&self, template: String, variable: String, typed: String, given: &str) -> Promise {
        let given: BTreeMap<String, String> = serde_json::from_str(given).unwrap_or_default();
        self.ask(Question::new(Ask::Complete { template, variable, typed, given }))
    }

    fn ask(&self, question: Question) -> Promise {
        let inner = self.0.clone();
        promise(async move { inner.answer(&question).await.map(|answer| answer.to_string()) })
    }
}

impl Inner {
    async fn answer(&self, question: &Question) -> Result<Value, Failure> {
        self.host.open().await?;
        for _ in 0..ROUNDS {
            let step = self.host.with_engine(|engine| mcdewey_mcp::answer(engine, &self.place, question))?;
            match step.map_err(|refusal| refused(&refusal))? {
                Step::Need(files) => self.host.fetch_all(files).await?,
                Step::List(list) => return Ok(list),
                Step::Ready(reply) => {
                    let picture = match &reply.picture {
                        Some(picture) => Some(self.host.file(&picture.path).await),
                        None => None,
                    };
                    return match question.ask {
                        Ask::Resource { .. } => {
                            reply.resource(picture).map_err(|reason| Failure::broken(&reason))
                        }
                        _ => Ok(reply.tool_result(picture)),
                    };
                }
            }
        }
        Err(Failure::restless())
    }
}

/// A call as the tools take it. What is no JSON is no argument either, and they say which they miss.
fn tool(name: &str, arguments: &str) -> Ask {
    Ask::Tool { name: name.to_owned(), arguments: serde_json::from_str(arguments).unwrap_or_default() }
}

fn refused(refusal: &Refusal) -> Failure {
    match refusal {
        Refusal::Unknown(sentence) => {
            Failure { code: "unknown", message: sentence.clone(), hint: "Ask for one that there is." }
        }
        Refusal::Broken(sentence) => Failure::broken(sentence),
    }
}

fn promise(answer: impl Future<Output = Result<String, Failure>> + 'static) -> Promise {
    future_to_promise(async move {
        match answer.await {
            Ok(text) => Ok(JsValue::from_str(&text)),
            Err(failure) => to_js(Err::<(), _>(failure)),
        }
    })
}
