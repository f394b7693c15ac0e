//! How far long work is: bars with an ETA on a terminal, plain lines elsewhere.

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

/// One stage of a build.
#[derive(Debug)]
pub struct Stage {
    name: &'static str,
    bar: ProgressBar,
    begun: Instant,
    done: AtomicU64,
}

impl Stage {
    /// Begins a stage of `total` steps; 0 when it is not known.
    pub fn begin(name: &'static str, total: u64) -> Self {
        let bar =
            if std::io::stderr().is_terminal() { ProgressBar::new(total) } else { ProgressBar::hidden() };
        // Without a total there is nothing to be late for, only what is done.
        let template = match total {
            0 => "{msg:10} {spinner} {pos} {elapsed}",
            _ => "{msg:10} {bar:32} {pos}/{len} {per_sec} eta {eta}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(name);
        Self { name, bar, begun: Instant::now(), done: AtomicU64::new(0) }
    }

    /// One step more.
    pub fn step(&self) {
        self.at(self.done.fetch_add(1, Ordering::Relaxed) + 1);
    }

    /// `done` steps in all.
    pub fn at(&self, done: u64) {
        self.bar.set_position(done);
    }

    /// Ends the stage with a line that says what came of it.
    pub fn end(self, outcome: &str) {
        self.bar.finish_and_clear();
        tell(&format!("{:10} {outcome} ({:.1} s)", self.name, self.begun.elapsed().as_secs_f64()));
    }
}

/// A line about the work, apart from its result.
#[allow(clippy::print_stderr, reason = "the one place where the program speaks about its work")]
pub fn tell(line: &str) {
    eprintln!("{line}");
}
