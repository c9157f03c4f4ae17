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
        let text = error.render().to_string();
        let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        Term::new(true, 0, true, true).json_error(&Error::usage(message).hint("see `gads-creds --help`"));
    }
    2
}
