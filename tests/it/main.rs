//! One test program: each directory is one subject.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::exit,
    reason = "tests fail by a panic"
)]

mod code;
mod commands;
mod diagnosis;
mod disk;
mod docs;
mod formats;
#[path = "../google/mod.rs"]
mod google;
mod harness;
#[path = "../laws/mod.rs"]
mod laws;
#[path = "../manual/mod.rs"]
mod manual;
mod network;
mod oauth;
mod platform;
mod profiles;
#[cfg(target_os = "linux")]
mod screens;
mod security;
mod service_account;
mod stand_in;
mod stores;

#[cfg(unix)]
use harness::own_process as child;
#[cfg(target_os = "linux")]
use harness::strace as traced;
use harness::{credentials as stored, sandbox};

/// The tested program: the one that Cargo built, or the release binary that this variable names when the tests are
/// built.
const PROGRAM: &str = match option_env!("GADS_CREDS_TEST_RELEASE_BINARY") {
    Some(named) => named,
    None => env!("CARGO_BIN_EXE_gads-creds"),
};
