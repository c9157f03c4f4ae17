//! The last test target of `cargo test`: prints how many tests were skipped, and why. It tests nothing.
//!
//! `tests/it/harness/skip.rs` records each skip in a file named after the Cargo process that started both programs.
#![allow(clippy::print_stdout, reason = "it prints the summary")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

fn main() {
    // Asked for its tests, by cargo-nextest for example: there are none.
    if std::env::args().any(|arg| arg == "--list") {
        return;
    }
    let notes = Path::new(env!("CARGO_TARGET_TMPDIR")).join("skipped");
    let text = fs::read_to_string(notes.join(parent().to_string())).unwrap_or_default();
    let mut reasons: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (test, reason) in text.lines().filter_map(|line| line.split_once(": ")) {
        reasons.entry(reason).or_default().insert(test);
    }
    let tests: BTreeSet<&str> = reasons.values().flatten().copied().collect();
    match tests.len() {
        0 => println!("\nno test was skipped"),
        1 => println!("\n1 test was skipped, or a part of it:"),
        count => println!("\n{count} tests were skipped, or parts of them:"),
    }
    for (reason, tests) in reasons {
        println!("  {reason}: {}", tests.into_iter().collect::<Vec<_>>().join(", "));
    }
    // The next run starts with none; so does one whose Cargo gets the same process ID.
    let _ = fs::remove_dir_all(notes);
}

#[cfg(unix)]
fn parent() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent() -> u32 {
    0
}
