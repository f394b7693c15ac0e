//! The `mcdewey` program. This file reads aloud what it can do; `cli/` says what each command prints.

use std::process::ExitCode;

use clap::Parser as _;

mod cli;

fn main() -> ExitCode {
    match cli::run(cli::Arguments::parse()) {
        Ok(code) => code,
        Err(problem) => {
            mcdewey::progress::tell(&format!("mcdewey: {problem}"));
            ExitCode::from(cli::FAILED)
        }
    }
}
