//! The one way to skip a test, or a part of it, if the machine lacks what it needs.
//!
//! A skip is printed directly to stderr, past the capture of the test harness, and is recorded for `tests/skipped.rs`,
//! which prints the count and the reasons at the end of `cargo test`. With `GADS_CREDS_TEST_ALL=1` a skip is a failure.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

/// Where a run's skips are recorded: a file named after the process of Cargo.
const NOTES: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/skipped");

/// Skips the rest of a test for this reason. The test returns afterwards.
#[track_caller]
pub fn skip(reason: &str) {
    let all = std::env::var_os("GADS_CREDS_TEST_ALL").is_some_and(|value| value == "1");
    assert!(!all, "skipped, although GADS_CREDS_TEST_ALL is set: {reason}");
    note(reason);
}

/// Records a skip that does not depend on the machine, so that it never fails.
pub fn note(reason: &str) {
    static NOTED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let test = std::thread::current().name().unwrap_or("main").to_owned();
    let line = format!("{test}: {reason}");
    if NOTED.lock().expect("no holder panics").insert(line.clone()) {
        let _ = writeln!(std::io::stderr(), "skipped {line}");
        let file = Path::new(NOTES).join(parent().to_string());
        let _ = fs::create_dir_all(NOTES);
        let _ = fs::File::options().append(true).create(true).open(file).and_then(|mut file| writeln!(file, "{line}"));
    }
}

#[cfg(unix)]
fn parent() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent() -> u32 {
    0
}

/// Whether a program is missing from `PATH`; skips the test if so.
#[track_caller]
pub fn without(program: &str) -> bool {
    let missing = is_missing(program);
    if missing {
        skip(&format!("`{program}` is not installed"));
    }
    missing
}

/// Whether a program is missing from `PATH`.
pub fn is_missing(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    !std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
}

/// Whether this user is not root; skips the test if so.
#[cfg(unix)]
#[track_caller]
pub fn not_root() -> bool {
    let not_root = !rustix::process::geteuid().is_root();
    if not_root {
        skip("it needs root");
    }
    not_root
}
