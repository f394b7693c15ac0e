//! A site that answers questions, and goes on answering when it is built anew.
//!
//! ```text
//! ask ─► which build is there now? ─► engine ─► answer
//!             │ another one: opened beside the old, then put in its place
//!             └ unreadable: the old one answers on
//! ```
//!
//! It is the native host of `mcdewey-mcp` as the worker is the browser's: it fetches what the engine asks for, and it
//! embeds the query.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use mcdewey_embed::Encoder;
use mcdewey_mcp::{Place, Profile, Question, Refusal, Reply, Step};
use mcdewey_search::Engine;
use serde_json::Value;

use crate::source::Source;

/// Rounds of fetching before an answer: boot, catalogs of one version, of all, shards and cells, fragments. One that
/// wants more is not converging.
const ROUNDS: usize = 24;
/// Builds that may be put in place while one question is answered.
const REBUILDS: usize = 3;

/// An answer with what the host adds to it.
#[derive(Debug)]
pub enum Answered {
    /// A reply, and its picture, if it has one: the bytes, or why they could not be had.
    Reply(Box<Reply>, Option<Result<Vec<u8>, String>>),
    /// A list, as the protocol has it.
    List(Value),
}

/// A packed encoder that comes with the program.
#[derive(Debug, Clone, Copy)]
pub struct Packed {
    /// What messages call it.
    pub name: &'static str,
    /// The file.
    pub bytes: &'static [u8],
}

/// One build of the site, as far as it has been read.
struct Opened {
    build: String,
    engine: RwLock<Engine>,
}

/// The encoder with this fingerprint, or why it could not be had.
type Loaded = (u64, Result<Arc<Encoder>, String>);

/// A site that answers questions.
pub struct Library {
    source: Box<dyn Source>,
    packed: Option<Packed>,
    opened: RwLock<Arc<Opened>>,
    encoder: Mutex<Option<Loaded>>,
    word_by_word: bool,
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Library({:?}, build {})", self.source, self.build())
    }
}

impl Library {
    /// Opens the site of `source`. `packed` is used where it is the encoder that made the site's vectors, so that it
    /// need not be fetched.
    ///
    /// # Errors
    /// A sentence for people when there is no site, or one that this program cannot read.
    pub fn open(source: Box<dyn Source>, packed: Option<Packed>) -> Result<Self, String> {
        let opened = open(source.as_ref())?;
        let opened = RwLock::new(Arc::new(opened));
        Ok(Self { source, packed, opened, encoder: Mutex::default(), word_by_word: false })
    }

    /// Reads queries word by word, as a page does before the encoder has arrived: a small machine needs none then.
    pub fn word_by_word(self, word_by_word: bool) -> Self {
        Self { word_by_word, ..self }
    }

    /// The build that answers now.
    pub fn build(&self) -> String {
        self.now().build.clone()
    }

    /// The address of the site that people open, where there is one.
    pub fn base(&self) -> Option<&str> {
        self.source.base()
    }

    /// What a client is told before it calls anything.
    pub fn instructions(&self, profile: &Profile) -> String {
        let opened = self.current();
        let engine = opened.engine.read().unwrap_or_else(PoisonError::into_inner);
        mcdewey_mcp::instructions(&engine, profile)
    }

    /// Loads the encoder, so that the first question does not wait for it.
    pub fn warm(&self) {
        drop(self.encoder(&self.now()));
    }

    /// Answers a question. It reads files and computes: not for the thread of an event loop.
    ///
    /// # Errors
    /// What the protocol has its own errors for.
    pub fn ask(&self, place: &Place, mut question: Question) -> Result<Answered, Refusal> {
        let mut opened = self.current();
        if let Some(words) = question.words() {
            // Without a vector the answer is by words, and says so.
            question.vector = self.encoder(&opened).and_then(|encoder| encoder.embed(&words).ok());
        }
        let mut rebuilds = 0;
        let mut rounds = 0;
        loop {
            let step = {
                let engine = opened.engine.read().unwrap_or_else(PoisonError::into_inner);
                mcdewey_mcp::answer(&engine, place, &question)?
            };
            match step {
                Step::List(list) => return Ok(Answered::List(list)),
                Step::Ready(reply) => {
                    let picture = reply.picture.as_ref().map(|picture| self.source.file(&picture.path, 0));
                    return Ok(Answered::Reply(reply, picture));
                }
                Step::Need(_) if rounds == ROUNDS => {
                    return Err(Refusal::Broken(
                        "the index keeps asking for files; build the site again".into(),
                    ));
                }
                Step::Need(files) => {
                    rounds += 1;
                    for file in files {
                        let bytes = self.source.file(&file.path, file.bytes);
                        // A file that is gone may belong to a build that was replaced a moment ago.
                        if bytes.is_err() && rebuilds < REBUILDS {
                            let now = self.current();
                            if now.build != opened.build {
                                (opened, rounds, rebuilds) = (now, 0, rebuilds + 1);
                                break;
                            }
                        }
                        let mut engine = opened.engine.write().unwrap_or_else(PoisonError::into_inner);
                        match bytes {
                            // What is wrong with the bytes is remembered by the engine and said in the answer.
                            Ok(bytes) => drop(engine.insert(&file.path, &bytes)),
                            Err(reason) => engine.absent(&file.path, &reason),
                        }
                    }
                }
            }
        }
    }

    fn now(&self) -> Arc<Opened> {
        self.opened.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The build that the source has now; the one before where that cannot be read.
    fn current(&self) -> Arc<Opened> {
        let now = self.now();
        let Ok(index) = self.source.index() else { return now };
        if index.build == now.build {
            return now;
        }
        match open(self.source.as_ref()) {
            Ok(newer) => {
                tracing::info!(build = newer.build, "a new build is in place");
                let newer = Arc::new(newer);
                *self.opened.write().unwrap_or_else(PoisonError::into_inner) = newer.clone();
                newer
            }
            Err(problem) => {
                tracing::warn!(problem, "the new build cannot be read; the one before answers on");
                now
            }
        }
    }

    /// The encoder that made the vectors of a build: the one inside the program, or the site's.
    fn encoder(&self, opened: &Opened) -> Option<Arc<Encoder>> {
        if self.word_by_word {
            return None;
        }
        let wanted = opened.engine.read().unwrap_or_else(PoisonError::into_inner).encoder();
        let (fingerprint, file) = wanted?;
        let mut slot = self.encoder.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.as_ref().is_none_or(|(known, _)| *known != fingerprint) {
            let own = self.packed.filter(|own| mcdewey_format::frame::content_hash(own.bytes) == fingerprint);
            let loaded = match own {
                Some(own) => Encoder::from_bytes(own.name, own.bytes).map_err(|error| error.to_string()),
                None => self.source.file(&file.path, file.bytes).and_then(|bytes| {
                    Encoder::from_bytes(&file.path, &bytes).map_err(|error| error.to_string())
                }),
            };
            let checked = loaded.and_then(|encoder| match encoder.fingerprint() == fingerprint {
                true => Ok(Arc::new(encoder)),
                false => Err(format!("{}: it is not the encoder that made the vectors", file.path)),
            });
            if let Err(problem) = &checked {
                tracing::warn!(problem, "searching by words only");
            }
            *slot = Some((fingerprint, checked));
        }
        slot.as_ref().and_then(|(_, encoder)| encoder.as_ref().ok().cloned())
    }
}

fn open(source: &dyn Source) -> Result<Opened, String> {
    let index = source.index()?;
    let build = index.build.clone();
    let mut engine = Engine::new(index).map_err(|error| error.to_string())?;
    let boot = engine.boot_file();
    let bytes = source.file(&boot.path, boot.bytes)?;
    engine.insert(&boot.path, &bytes).map_err(|error| error.to_string())?;
    if let Some(boot) = engine.boot() {
        let paths: Vec<String> =
            boot.files().map(|(kind, file)| file.path(kind)).chain([engine.boot_file().path]).collect();
        source.keep(&paths);
    }
    Ok(Opened { build, engine: RwLock::new(engine) })
}
