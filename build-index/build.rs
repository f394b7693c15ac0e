//! Puts the web app, as trunk left it in `www/dist`, into the program.
//!
//! Without a built app the program still compiles (checks and tests of other parts need none), and `mcdewey build`
//! says that it lacks one.
//!
//! And it tells the program which sources it was made from, so that what an older one kept of documents is not taken for
//! what this one would read.

#![allow(
    clippy::use_debug,
    reason = "a string's debug form is its Rust literal, which is what is written here"
)]

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let dist = here.join("../www/dist");
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
    fs::write(Path::new(&variable("OUT_DIR")?).join("app.rs"), list)?;
    println!("cargo::rustc-env=MCDEWEY_SOURCES={:016x}", sources(&here.join(".."))?);
    Ok(())
}

/// What cargo says now: when this script was compiled, it may have lain in another checkout that shares its objects.
fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(|error| io::Error::other(format!("{name}: {error}")))
}

/// Hash of what decides what is read of a document: the readers, the tokens, the words and the crates they use.
fn sources(root: &Path) -> io::Result<u64> {
    let mut files = Vec::new();
    for part in ["build-index", "src/embed", "src/format", "src/text", "Cargo.lock"] {
        let part = root.join(part);
        println!("cargo::rerun-if-changed={}", part.display());
        collect(&part, &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        hasher.write(&fs::read(file)?);
    }
    Ok(hasher.finish())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "lock") {
        files.push(path.to_owned());
    }
    Ok(())
}
