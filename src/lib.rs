//! gads-creds: from Google's `client_secret.json` to a working Google Ads API client.
//!
//! Every command is load → one step → save or print. [`credentials`] are one small record; a [`store`] keeps it, a
//! [`format`](mod@format) spells it, [`google`] renews it. Who may use whom is held by `tests/it/tidy.rs`.
#![forbid(unsafe_code)]

pub mod browser;
pub mod child;
pub mod cli;
pub mod client_secrets;
pub mod commands;
pub mod credentials;
pub mod disk;
pub mod error;
pub mod folders;
pub mod format;
pub mod google;
pub mod hardening;
pub mod memory_file;
pub mod profile;
pub mod recovery;
pub mod secret;
pub mod store;
pub mod term;

use std::ffi::OsString;

use clap::Parser;

use crate::cli::{Cli, Context};
use crate::error::Error;
use crate::term::Term;

/// Runs the program with these arguments and returns its exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    if args.len() <= 1 {
        return welcome();
    }
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => return not_parsed(&error, &args),
    };
    let options = &cli.options;
    let term = Term::new(options.quiet, options.verbose, options.json, options.no_input);
    match cli.command.run(&Context { term, options: cli.options.clone() }) {
        Ok(code) => code,
        Err(error) => {
            term.error(&error);
            error.kind.code()
        }
    }
}

/// What somebody who just got the program needs.
fn welcome() -> u8 {
    const STEPS: &str = "\
Three steps to a working Google Ads API client:

  1. Enable the Google Ads API in a Cloud project:
     https://console.cloud.google.com/apis/library/googleads.googleapis.com
  2. Create an OAuth client of type Desktop app there and download its JSON:
     https://console.cloud.google.com/auth/clients
  3. Run: gads-creds login -c client_secret.json

gads-creds --help lists the commands, gads-creds doctor finds what is wrong.
";
    match Term::new(false, 0, false, true).out(STEPS) {
        Ok(()) => 0,
        Err(error) => error.kind.code(),
    }
}

/// Help, the version, or an error of clap's; with `--json` the error is an object on stdout as well.
fn not_parsed(error: &clap::Error, args: &[OsString]) -> u8 {
    let printed = error.print().is_ok();
    if !error.use_stderr() {
        return if printed { 0 } else { 1 };
    }
    let own_args = args.iter().take_while(|arg| *arg != "--");
    if own_args.clone().any(|arg| arg == "--json") {
        Term::new(true, 0, true, true).json_error(&usage(&error.render().to_string()));
    }
    2
}

/// What clap says, as one of our errors: its first paragraph is the fact, a `tip:` in it the next step.
fn usage(text: &str) -> Error {
    let fact: Vec<&str> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    let tip = text.lines().find_map(|line| line.trim().strip_prefix("tip: "));
    let usage = text.lines().find_map(|line| line.strip_prefix("Usage: "));
    let words = usage.into_iter().flat_map(str::split_whitespace);
    let command: Vec<&str> =
        words.take_while(|word| word.starts_with(|char: char| char.is_ascii_lowercase())).collect();
    let command = if command.is_empty() { "gads-creds".to_owned() } else { command.join(" ") };
    let see = format!("see `{command} --help`");
    Error::usage(fact.join(" ").trim_start_matches("error: ")).hint(tip.map_or(see, str::to_owned))
}
