//! Puts the web app, as trunk left it in `www/dist`, into the program.
//!
//! Without a built app the program still compiles (checks and tests of other parts need none), and `mcdewey build`
//! says that it lacks one.

#![allow(
    clippy::use_debug,
    reason = "a string's debug form is its Rust literal, which is what is written here"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut files: Vec<PathBuf> = match fs::read_dir(&dist) {
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?,
        Err(_) => Vec::new(),
    };
    files.sort();
    let mut list = String::from("&[\n");
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // The page that trunk starts from serves development only; type declarations are for editors.
        if !file.is_file() || name.ends_with(".html") || name.ends_with(".d.ts") {
            continue;
        }
        println!("cargo::rerun-if-changed={}", file.display());
        let path = file.canonicalize()?;
        writeln!(list, "    ({name:?}, include_bytes!({:?})),", path.display().to_string())
            .map_err(io::Error::other)?;
    }
    list.push(']');
    fs::write(Path::new(&env::var("OUT_DIR").map_err(io::Error::other)?).join("app.rs"), list)
}
