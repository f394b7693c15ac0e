//! A PDF read by a process of its own: `mcdewey pdf-worker FILE`, which nobody types.
//!
//! ```text
//! build ──spawn──► worker: limits itself (memory, time), reads, and writes to standard output
//!       ◄────────  magic (8) │ length (8, little-endian) │ Result<Document, Note> as postcard
//! ```
//!
//! The library that parses PDFs has no limits of its own, so the operating system has to hold them. A worker that dies
//! costs one document and leaves one line in the report. Pictures do not pass through the pipe: the worker puts them
//! into the build's folder of pictures.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::limits::{ANSWER_BYTES, MOST_PAGES, WORKER_BYTES, WORKER_TIME, WORKER_TIME_A_PAGE};
use crate::document::{Document, Note, Weight};
use crate::ingest::on_deep_stack;

/// The hidden command of the program.
pub const COMMAND: &str = "pdf-worker";

/// What an answer begins with.
const MAGIC: [u8; 8] = *b"MCDPDF\x01\n";

/// Exit code of a worker whose time is up.
const LATE: i32 = 75;

/// How much of what a dying worker says is kept.
const LAST_WORDS: u64 = 16 << 10;

/// How often a worker looks at its clock.
const TICK: Duration = Duration::from_millis(100);

/// How PDFs are read.
#[derive(Debug, Clone, Default)]
pub struct Readers {
    /// The program whose workers read them; none to read them in this process, without limits of memory and time.
    pub program: Option<PathBuf>,
    /// The folder that their pictures are put into; none to leave pictures out.
    pub pictures: Option<PathBuf>,
}

impl Readers {
    /// Reads one PDF.
    ///
    /// # Errors
    /// The note that says why there is no document.
    pub fn read(&self, file: &Path, source: &str) -> Result<Document, Note> {
        let pictures = self.pictures.as_deref();
        match &self.program {
            Some(program) => ask(program, file, source, pictures),
            None => {
                let bytes = std::fs::read(file).map_err(|error| lost(format!("not read: {error}")))?;
                on_deep_stack(|| super::read(bytes, source, pictures))
            }
        }
    }
}

fn lost(text: String) -> Note {
    Note { weight: Weight::Lost, line: None, text }
}

/// Has a worker read the file.
fn ask(program: &Path, file: &Path, source: &str, pictures: Option<&Path>) -> Result<Document, Note> {
    let mut command = Command::new(program);
    command.arg(COMMAND).arg(file).arg("--source").arg(source);
    if let Some(folder) = pictures {
        command.arg("--pictures").arg(folder);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .map_err(|error| lost(format!("not read: its reader could not be started: {error}")))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (answer, last_words) = thread::scope(|scope| {
        let words = scope.spawn(move || stderr.map(last_words).unwrap_or_default());
        let mut answer = Vec::new();
        // A pipe that breaks is told by what is missing from the answer.
        let _ = stdout.map(|pipe| pipe.take(ANSWER_BYTES + 1).read_to_end(&mut answer));
        if answer.len() as u64 > ANSWER_BYTES {
            // That fails if it has ended by itself meanwhile, which is as good.
            let _ = child.kill();
        }
        (answer, words.join().unwrap_or_default())
    });
    let ended = child.wait().map_err(|error| lost(format!("not read: its reader was lost: {error}")))?;
    match decode(&answer) {
        Some(result) if ended.success() => result,
        _ => Err(lost(cause(ended, &last_words, answer.len() as u64))),
    }
}

/// Reads all, keeps the beginning. A pipe that breaks has said all that it will.
fn last_words(mut pipe: impl Read) -> String {
    let mut kept = Vec::new();
    let _ = pipe.by_ref().take(LAST_WORDS).read_to_end(&mut kept);
    let _ = std::io::copy(&mut pipe, &mut std::io::sink());
    String::from_utf8_lossy(&kept).into_owned()
}

/// Why a worker gave no answer, for people.
fn cause(ended: ExitStatus, last_words: &str, answered: u64) -> String {
    let gigabytes = WORKER_BYTES >> 30;
    if answered > ANSWER_BYTES {
        return format!(
            "not read: it has more than {} MB of text; split it into volumes",
            ANSWER_BYTES >> 20
        );
    }
    if ended.code() == Some(LATE) {
        return format!(
            "not read: it took more than {} s and {} ms a page, the most that one document may take; print it to a new PDF",
            WORKER_TIME.as_secs(),
            WORKER_TIME_A_PAGE.as_millis()
        );
    }
    if last_words.contains("memory allocation of") {
        return format!(
            "not read: it took more than {gigabytes} GB of memory, the most that one document may take; print it to a new PDF"
        );
    }
    if last_words.contains("overflowed its stack") {
        return "not read: it is nested too deeply; print it to a new PDF".to_owned();
    }
    let how = ended.code().map_or_else(
        || format!("was ended by the system ({ended})"),
        |code| format!("ended with code {code}"),
    );
    format!("not read: its reader {how}. This is a fault of McDewey; please report it with the file")
}

fn decode(answer: &[u8]) -> Option<Result<Document, Note>> {
    let rest = answer.strip_prefix(&MAGIC)?;
    let (length, body) = rest.split_first_chunk::<8>()?;
    (u64::from_le_bytes(*length) == body.len() as u64).then(|| postcard::from_bytes(body).ok())?
}

/// The worker itself: reads `file` within its limits and writes the answer to `out`.
///
/// # Errors
/// A sentence for people when the answer could not be written.
pub fn serve(file: &Path, source: &str, pictures: Option<&Path>, out: &mut impl Write) -> Result<(), String> {
    limit_memory();
    let clock = Clock::start();
    let result = match std::fs::read(file) {
        Ok(bytes) => on_deep_stack(|| super::read_told(bytes, source, pictures, &|pages| clock.allow(pages))),
        Err(error) => Err(lost(format!("not read: {error}"))),
    };
    let body = postcard::to_allocvec(&result).map_err(|error| error.to_string())?;
    let parts = [&MAGIC[..], &(body.len() as u64).to_le_bytes(), &body];
    let written = parts.into_iter().try_for_each(|part| out.write_all(part)).and_then(|()| out.flush());
    written.map_err(|error| format!("the answer could not be written: {error}"))
}

/// Ends the process when its time is up.
struct Clock {
    /// Milliseconds that the worker may take in all.
    allowed: Arc<AtomicU64>,
}

impl Clock {
    fn start() -> Self {
        let begun = Instant::now();
        let allowed = Arc::new(AtomicU64::new(millis(WORKER_TIME)));
        let limit = Arc::clone(&allowed);
        thread::spawn(move || {
            loop {
                thread::sleep(TICK);
                if millis(begun.elapsed()) > limit.load(Ordering::Relaxed) {
                    std::process::exit(LATE);
                }
            }
        });
        Self { allowed }
    }

    /// Now that the number of pages is known, gives time for each.
    fn allow(&self, pages: usize) {
        let pages = u32::try_from(pages.min(MOST_PAGES)).unwrap_or(u32::MAX);
        self.allowed.store(millis(WORKER_TIME + WORKER_TIME_A_PAGE * pages), Ordering::Relaxed);
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Lets the system refuse memory beyond the limit, and end this process when the build is ended.
#[cfg(target_os = "linux")]
fn limit_memory() {
    use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};
    let limit = Rlimit { current: Some(WORKER_BYTES), maximum: Some(WORKER_BYTES) };
    // A system that refuses the limit of memory leaves that of time, and one that refuses the signal leaves a process
    // that ends by itself.
    let _ = setrlimit(Resource::As, limit);
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
}

/// Other systems limit time only.
#[cfg(not(target_os = "linux"))]
fn limit_memory() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("none.pdf");
        let mut answer = Vec::new();
        // The limits of `serve` are for its own process; here only its answer is looked at.
        let result: Result<Document, Note> = Err(lost("gone".to_owned()));
        let body = postcard::to_allocvec(&result).unwrap();
        answer.extend_from_slice(&MAGIC);
        answer.extend_from_slice(&(body.len() as u64).to_le_bytes());
        answer.extend_from_slice(&body);
        assert_eq!(decode(&answer), Some(result));
        assert_eq!(decode(&answer[..answer.len() - 1]), None);
        assert_eq!(decode(b"not found"), None);
        assert!(Readers::default().read(&file, "none.pdf").unwrap_err().text.starts_with("not read: "));
    }

    #[test]
    fn a_program_that_is_none_costs_one_document() {
        let readers = Readers { program: Some("/nowhere/mcdewey".into()), pictures: None };
        let note = readers.read(Path::new("a.pdf"), "a.pdf").unwrap_err();
        assert!(note.text.starts_with("not read: its reader could not be started"), "{}", note.text);
    }
}
