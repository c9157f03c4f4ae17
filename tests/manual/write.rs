//! `cargo run --example man -- DIRECTORY`: writes the man pages into DIRECTORY, for packagers.
#![allow(clippy::print_stderr, clippy::print_stdout, clippy::unwrap_used, reason = "it talks to a person")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

#[path = "mod.rs"]
mod manual;

fn main() -> ExitCode {
    let Some(directory) = env::args_os().nth(1) else {
        eprintln!("usage: cargo run --example man -- DIRECTORY");
        return ExitCode::from(2);
    };
    match write(&PathBuf::from(directory)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    for page in manual::pages(Path::new(env!("CARGO_MANIFEST_DIR")))? {
        fs::write(directory.join(page.file), page.text)?;
    }
    Ok(())
}
