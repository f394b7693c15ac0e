//! A site in a folder, searched from the terminal: the native host of the engine.

use std::fs;
use std::path::{Path, PathBuf};

use mcdewey_embed::Encoder;
use mcdewey_format::boot::Boot;
use mcdewey_format::index::{self, Index};
use mcdewey_format::{Kind, frame};
use mcdewey_search::{Answer, Engine, Missing, Mode, Request, Step};

/// A folder that a build wrote.
#[derive(Debug)]
pub struct Site {
    root: PathBuf,
    engine: Engine,
    encoder: Option<Encoder>,
    word_by_word: bool,
}

impl Site {
    /// Opens the site at `root` and reads its directory.
    ///
    /// # Errors
    /// A sentence for people: the folder is not a site, or its directory cannot be read.
    pub fn open(root: &Path) -> Result<Self, String> {
        let mut engine = Engine::new(read_index(root)?).map_err(|error| error.to_string())?;
        let boot = engine.boot_file();
        let bytes = fs::read(root.join(&boot.path)).map_err(|error| format!("{}: {error}", boot.path))?;
        engine.insert(&boot.path, &bytes).map_err(|error| error.to_string())?;
        Ok(Self { root: root.to_owned(), engine, encoder: None, word_by_word: false })
    }

    /// Reads queries word by word, as a page does before the encoder has arrived.
    pub fn word_by_word(mut self) -> Self {
        self.word_by_word = true;
        self
    }

    /// The engine, with what has been read so far.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Answers `request`, embedding the query where the mode asks for meaning.
    ///
    /// # Errors
    /// A sentence for people when nothing can be answered. Parts that are damaged or missing are listed in the answer.
    pub fn answer(&mut self, mut request: Request) -> Result<Answer, String> {
        let mut missing = Vec::new();
        if request.mode != Mode::Keyword && !self.word_by_word && !request.query.trim().is_empty() {
            match self.embed(&request.query) {
                Ok(vector) => request.vector = vector,
                Err(problem) => missing.push(problem),
            }
        }
        loop {
            match self.engine.search(&request).map_err(|error| error.to_string())? {
                Step::Need(files) => files.iter().for_each(|file| self.fetch(&file.path)),
                Step::Ready(mut answer) => {
                    answer.missing.splice(0..0, missing);
                    return Ok(*answer);
                }
            }
        }
    }

    /// The query's vector; `None` when the site has no vectors.
    fn embed(&mut self, query: &str) -> Result<Option<Vec<f32>>, Missing> {
        let Some((fingerprint, file)) = self.engine.encoder() else { return Ok(None) };
        let missing = |reason: String| Missing { file: file.path.clone(), reason };
        if self.encoder.is_none() {
            let bytes = fs::read(self.root.join(&file.path)).map_err(|error| missing(error.to_string()))?;
            let encoder =
                Encoder::from_bytes(&file.path, &bytes).map_err(|error| missing(error.to_string()))?;
            if encoder.fingerprint() != fingerprint {
                return Err(missing(format!(
                    "expected the encoder {fingerprint:016x} that made the vectors, got {:016x}; build the site again",
                    encoder.fingerprint()
                )));
            }
            self.encoder = Some(encoder);
        }
        let encoder = self.encoder.as_ref().ok_or_else(|| missing("not loaded".into()))?;
        encoder.embed(query).map(Some).map_err(|error| missing(error.to_string()))
    }

    /// Hands a file of the folder to the engine, or says why not. Damage is kept by the engine as a reason.
    fn fetch(&mut self, path: &str) {
        match fs::read(self.root.join(path)) {
            Ok(bytes) => drop(self.engine.insert(path, &bytes)),
            Err(error) => self.engine.absent(path, &error.to_string()),
        }
    }
}

/// An engine that has every file of the site's index, for who asks much of it at once.
///
/// # Errors
/// A sentence for people: the folder is not a site, or a file of the index cannot be read.
pub fn whole(root: &Path) -> Result<Engine, String> {
    let Site { mut engine, .. } = Site::open(root)?;
    let files: Vec<_> = engine.boot().into_iter().flat_map(Boot::files).collect();
    for (kind, file) in files.into_iter().filter(|&(kind, _)| kind != Kind::Encoder) {
        let path = file.path(kind);
        let bytes = fs::read(root.join(&path)).map_err(|error| format!("{path}: {error}"))?;
        engine.insert(&path, &bytes).map_err(|error| error.to_string())?;
    }
    Ok(engine)
}

/// Reads `index.json` of a site.
///
/// # Errors
/// A sentence for people: no site there, or a file that is not an index.
pub fn read_index(root: &Path) -> Result<Index, String> {
    let path = root.join(index::FILE);
    let text = fs::read_to_string(&path).map_err(|error| {
        format!(
            "{} is not a site: {}: {error}; make one with mcdewey build LIBRARY --out SITE",
            root.display(),
            index::FILE
        )
    })?;
    serde_json::from_str(&text).map_err(|error| {
        format!("{}: expected the index of a site, got {error}; build the site again", path.display())
    })
}

/// Reads and unpacks a payload of the site, for inspection.
///
/// # Errors
/// A sentence for people when the file is missing or damaged.
pub fn check(root: &Path, kind: Kind, path: &str) -> Result<usize, String> {
    let bytes = fs::read(root.join(path)).map_err(|error| format!("{path}: {error}"))?;
    frame::open(path, kind, &bytes).map_err(|error| error.to_string())?;
    Ok(bytes.len())
}
