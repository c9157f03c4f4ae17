//! gads-creds: from Google's `client_secret.json` to a working Google Ads API client.
//!
//! This is a tour of the code. The library exists for the binary, the tests, the benches and the fuzz targets; its
//! interface is the command line, and nothing here is promised to other crates.
//!
//! # The idea
//!
//! **Every command is: load, do one thing, save or print.** [`Credentials`](credentials::Credentials) are one small record. A
//! [`Store`](store::Store) keeps it, a [`Format`](mod@format) reads and edits its text, [`google`] gets tokens with it, and a
//! [`diagnosis`] names what is wrong with it.
//!
//! # Modules
//!
//! `tests/it/code/tidy.rs` checks which module may use which, and where each external crate is used.
//!
//! | layer | module | owns |
//! | --- | --- | --- |
//! | entry | [`run`], [`cli`] | dispatch, the one place where an error becomes an exit code |
//! | commands | [`commands`] | one command per file: its options, what it does, its result |
//! | middle | [`google`] | the only HTTP and the only async code: endpoints, authorization request, loopback server, tokens, the Google Ads API, [`explain`](google::explain) |
//! | | [`store`] | a library's file, the OS keychain or a secret manager: load, preflight, lock, update |
//! | | [`profile`] | which credential is selected, and the metadata of its token: profiles.toml |
//! | | [`mod@format`] | text in, text out: how each client library writes the credentials |
//! | | [`client_secrets`] | Google's JSON: which client it describes, or what it is instead |
//! | | [`service_account_key`], [`strict_json`] | a service account's JSON key: which account it is of, or what it is instead |
//! | | [`recovery`] | the file that holds a token from Google's response until it is stored |
//! | system | [`disk`] | the only writer of files: lock, read, change, write a temporary file, compare, exchange |
//! | | `encoding`, `standard_input` | which encoding text comes in; a document that is piped in |
//! | | [`browser`], [`git`], [`subprocess`], [`memory_file`], [`hardening`], [`paths`], `clock` | the machine: launchers, processes, signals, paths, time |
//! | | [`term`] | all output to the terminal; foreign text is escaped here |
//! | values | [`credentials`], [`secret`], [`error`] | the record, the type that cannot be printed, the kinds of errors |
//!
//! # What each command does
//!
//! - **login**: [`client_secrets`] → [`profile::choose_for_login`] → [`store::open`] and its preflight (what can fail should fail here, before
//!   a browser opens) → [`google::PendingAuthorization`], which is loopback server, pasted URL and exchange → [`recovery::write`] → the Google Ads API →
//!   the store's update → [`profile::remember`] → the result page and one line.
//! - **refresh**: load → [`google::Google`] → a rotated token is stored first → report or print.
//! - **show**: load → mask the record → a format, or the table. Finished text is never searched for secrets.
//! - **revoke**: load → ask → Google → save without the token. In that order, so that no valid token is left that nobody knows.
//! - **exec**: load → variables, perhaps a [`memory_file`] → the command replaces this process.
//! - **export**: load → another format → [`disk`].
//! - **doctor**: load → checks in order; each is a function from what is known to a finding.
//!
//! # Where to start
//!
//! Read [`secret`] and [`error`], then one complete command, such as `src/commands/refresh/`. The tests beside it,
//! `tests/it/commands/refresh/mod.rs`, run the binary in a private home directory against a stand-in for Google (`tests/google/`).

pub mod browser;
mod certificates;
pub mod cli;
pub mod client_secrets;
mod clock;
pub mod commands;
pub mod context;
pub mod credentials;
pub mod diagnosis;
pub mod disk;
mod encoding;
pub mod error;
pub mod format;
pub mod git;
pub mod google;
pub mod hardening;
pub mod hint;
pub mod memory_file;
pub mod paths;
pub mod peer;
pub mod pending;
pub mod profile;
pub mod recovery;
pub mod secret;
pub mod service_account_key;
mod standard_input;
pub mod store;
pub mod strict_json;
pub mod subprocess;
mod syntax_cause;
pub mod term;
pub mod tokens;
pub mod value_kind;

use std::ffi::OsString;

use clap::error::ErrorKind;

use crate::cli::{Cli, usage};
use crate::commands::first_steps;
use crate::context::Context;
use crate::error::Error;
use crate::hint::Target;
use crate::term::{Stream, Term};

const VERSION: &str = concat!("gads-creds ", env!("CARGO_PKG_VERSION"), "\n");

/// Runs the program with these arguments and returns its exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    if let [_, only] = args.as_slice()
        && (only == "--version" || only == "-V")
    {
        // Installers and shell prompts ask for nothing else, which needs no command tree.
        return plain(VERSION);
    }
    if args.len() <= 1 {
        return welcome();
    }
    let cli = match Cli::parse(&args) {
        Ok(cli) => cli,
        Err(error) => return not_parsed(&error, &args),
    };
    let context = Context::new(cli.options, cli.command.repeated());
    let done = hardening::check_user().and_then(|()| cli.command.run(&context));
    // A worker that `refresh --all` left behind may wait for a secret manager.
    subprocess::end_all();
    match done {
        Ok(code) => code,
        Err(error) => {
            context.term.error(&error);
            error.kind().code()
        }
    }
}

/// Turns a panic, which is a bug in this program, into an error like any other and ends the process, on whatever
/// thread.
///
/// The message of a panic is not shown: it may quote data that the program was processing. Nothing is unwound (the
/// release binary cannot unwind); files are complete at every moment, and the next run clears temporary files.
#[expect(clippy::exit, reason = "a panic hook returns nothing")]
pub fn end_on_panic() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|at| format!(" ({}, line {})", at.file(), at.line())).unwrap_or_default();
        let version = env!("CARGO_PKG_VERSION");
        let error = Error::internal(format!("this is a bug in gads-creds {version}{place}"))
            .hint("report it with this line; no file is half written, and `gads-creds login --recover` finishes a login that had its token");
        let args: Vec<OsString> = std::env::args_os().collect();
        Term::new(false, 0, wants_json(&args), true).error(&error);
        std::process::exit(error.kind().code().into());
    }));
}

/// Prints the first steps for a new user.
fn welcome() -> u8 {
    plain(&format!(
        "{}\n`gads-creds help` lists the commands, `gads-creds doctor` diagnoses problems.\n",
        first_steps(&Target::default(), Stream::stdout().columns)
    ))
}

/// Prints a text that depends on no option.
fn plain(text: &str) -> u8 {
    let term = Term::new(false, 0, false, true);
    match term.out(text) {
        Ok(()) => 0,
        Err(error) => error.kind().code(),
    }
}

/// Prints help, the version, or an error; with `--json` also an object on stdout.
fn not_parsed(error: &clap::Error, args: &[OsString]) -> u8 {
    if error.kind() == ErrorKind::DisplayVersion {
        // clap would name the command in it: `gads-creds-login 0.1.0`.
        let object = || format!("{}\n", serde_json::json!({ "version": env!("CARGO_PKG_VERSION") }));
        return if wants_json(args) { plain(&object()) } else { plain(VERSION) };
    }
    if !error.use_stderr() {
        return if error.print().is_ok() { 0 } else { 1 };
    }
    let json = wants_json(args);
    let term = Term::new(false, 0, json, true).about(usage::target(args));
    let error = usage::error(error, args);
    term.error(&error);
    error.kind().code()
}

/// Whether JSON is requested, where the options could not be parsed.
fn wants_json(args: &[OsString]) -> bool {
    args.iter().take_while(|arg| *arg != "--").any(|arg| arg == "--json")
}
