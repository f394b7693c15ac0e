//! The tools that agents get: definitions, arguments to answer.
//!
//! ```text
//! Question ──answer(engine, place)──► Step::Need(files) ──(the host fetches)──► again
//!                                     Step::Ready(Reply) ──► content of a tool result
//! ```
//!
//! It knows no transport: no socket, no file, no clock. Like a search, a question either has its answer or says which
//! files of the site it needs, so the same code answers over HTTP, over standard input, from a deployed site, and in
//! the page. What the protocol wraps around an answer is JSON, made here as values; the shells send it.
//!
//! | module | answers |
//! |---|---|
//! | `tools` | what is offered, in under a thousand tokens? |
//! | `arguments` | what did the agent mean by its arguments? |
//! | `select` | which versions of which products are asked about, and why these? |
//! | `name` | what does this id, uri or link name? |
//! | `shelf` | what does the library say there? |
//! | `search_docs`, `read_docs`, `browse_library`, `get_outline`, `get_page_image` | the tools, one file each |
//! | `openai` | `search` and `fetch`, for clients that know only these |
//! | `resources` | what can be listed, read and completed as a resource? |
//! | `budget` | how many tokens does a text cost? |
//! | `quote` | how is a manual's text kept apart from our own words? |
//! | `cursor` | where does a long answer go on? |

mod arguments;
mod browse_library;
mod budget;
mod cursor;
mod get_outline;
mod get_page_image;
mod name;
mod openai;
mod quote;
mod read_docs;
mod reply;
mod resources;
mod search_docs;
mod select;
mod shelf;
mod tools;

use std::collections::BTreeMap;

use mcdewey_search::{Engine, FileRequest};
use serde_json::Value;

pub use budget::tokens;
pub use reply::{Picture, Reply};
pub use resources::templates;
pub use tools::{instructions, tools};

use shelf::Shelf;

/// What a client gets to see: the parts of an endpoint's address after `?`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// `?profile=openai`: the tools `search` and `fetch` only.
    pub openai: bool,
    /// `?product=`: the product that is meant where a call names none.
    pub product: Option<String>,
    /// `?max_tokens=`: no answer is longer, whatever a call asks for.
    pub max_tokens: Option<u32>,
}

impl Profile {
    /// Reads the query of an endpoint's address, its pairs decoded.
    ///
    /// # Errors
    /// A sentence for people when a value is none of those that exist.
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, String> {
        let mut profile = Self::default();
        for (name, value) in pairs {
            match name {
                "profile" if value == "openai" => profile.openai = true,
                "profile" if matches!(value, "" | "default") => {}
                "profile" => return Err("profile: expected openai, or none for all tools".into()),
                "product" => profile.product = Some(quote::line(value, 100)).filter(|name| !name.is_empty()),
                "max_tokens" => {
                    let number = value.parse().map_err(|_| "max_tokens: expected a whole number")?;
                    profile.max_tokens = Some(number);
                }
                _ => {}
            }
        }
        Ok(profile)
    }
}

/// Where the answers are given.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// What the client gets to see.
    pub profile: Profile,
    /// Address of the site, ending in `/`; permalinks begin with it. Without one they are relative to the site's root.
    pub base: Option<String>,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// A call of a tool.
    Tool {
        /// Its name.
        name: String,
        /// Its arguments, as they were sent.
        arguments: Value,
    },
    /// A page of the list of resources.
    Resources {
        /// Where the page before ended.
        cursor: Option<String>,
    },
    /// The content of a resource.
    Resource {
        /// Its uri.
        uri: String,
    },
    /// Endings of what is being typed into a resource template.
    Complete {
        /// The template.
        template: String,
        /// Name of the variable.
        variable: String,
        /// What is there of its value.
        typed: String,
        /// Variables that have their value already.
        given: BTreeMap<String, String>,
    },
}

/// A question with what a host adds to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What is asked.
    pub ask: Ask,
    /// The vector of [`Question::words`], where the host has an encoder.
    pub vector: Option<Vec<f32>>,
}

impl Question {
    /// A question without vector.
    pub fn new(ask: Ask) -> Self {
        Self { ask, vector: None }
    }

    /// The words whose vector would help.
    pub fn words(&self) -> Option<String> {
        match &self.ask {
            Ask::Tool { name, arguments } if matches!(name.as_str(), "search_docs" | "search") => {
                arguments::Arguments::read(arguments, &search_docs::KNOWN).ok()?.text("query").ok()?
            }
            _ => None,
        }
    }
}

/// What a question comes to.
#[derive(Debug)]
pub enum Step {
    /// These files first, all at once, in any order; then ask again.
    Need(Vec<FileRequest>),
    /// The answer to a call, or to reading a resource.
    Ready(Box<Reply>),
    /// The answer to a list or a completion, as the protocol has it.
    List(Value),
}

/// Why there is no answer yet, or none at all.
#[derive(Debug)]
pub(crate) enum Halt {
    /// Files are needed first.
    Need(Vec<FileRequest>),
    /// The question cannot be answered as it is; a sentence says why and what exists instead.
    Refuse(String),
    /// There is no such tool or resource; a sentence says which there are.
    Unknown(String),
    /// The index cannot be read; a sentence says why.
    Broken(String),
}

impl From<String> for Halt {
    fn from(sentence: String) -> Self {
        Self::Refuse(sentence)
    }
}

/// A question that the protocol answers with an error of its own, not with an answer that says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No such tool, resource or cursor; for the agent.
    Unknown(String),
    /// The index cannot be read; for the operator.
    Broken(String),
}

/// Answers `question` from what `engine` has, or says which files are needed first.
///
/// # Errors
/// What the protocol has its own errors for: an unknown tool or resource, an index that cannot be read.
pub fn answer(engine: &Engine, place: &Place, question: &Question) -> Result<Step, Refusal> {
    let outcome = Shelf::open(engine, place).and_then(|shelf| match &question.ask {
        Ask::Tool { name, arguments } => {
            tools::call(&shelf, name, arguments, question.vector.as_deref()).map(Box::new).map(Step::Ready)
        }
        Ask::Resource { uri } => resources::read(&shelf, uri).map(Box::new).map(Step::Ready),
        Ask::Resources { cursor } => resources::list(&shelf, cursor.as_deref()).map(Step::List),
        Ask::Complete { template, variable, typed, given } => {
            resources::complete(&shelf, template, variable, typed, given).map(Step::List)
        }
    });
    match outcome {
        Ok(step) => Ok(step),
        Err(Halt::Need(files)) => Ok(Step::Need(files)),
        Err(Halt::Unknown(sentence)) => Err(Refusal::Unknown(sentence)),
        Err(Halt::Broken(sentence)) => Err(Refusal::Broken(sentence)),
        Err(Halt::Refuse(sentence)) => match &question.ask {
            Ask::Tool { .. } => Ok(Step::Ready(Box::new(Reply::refused(&sentence, engine.build())))),
            _ => Err(Refusal::Unknown(sentence)),
        },
    }
}
