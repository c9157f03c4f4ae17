//! The command line: the options of every command and the list of commands.
//!
//! Each command's own options stand in its file under `commands/`. The whole interface is a contract with scripts; a change
//! here is a change to the manual.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, FromArgMatches, Subcommand};

use crate::commands::{completions, doctor, exec, export, login, refresh, revoke, show};
use crate::error::Result;
use crate::hardening;
use crate::profile::Choice;
use crate::term::Term;

/// What the help of every command that waits says of it: the limits of `google::http`, `store::keychain` and `disk::lock`.
macro_rules! waits {
    () => {
        "\
Every wait has an end: 10 seconds for a request to Google with its retries, 5
for a visit to the keychain (60 where it may be asking you), 30 for another run
of gads-creds; `login --timeout` for the browser.

"
    };
}
pub(crate) use waits;

/// Likewise for those that ask nobody but the keychain.
macro_rules! waits_for_keychain {
    () => {
        "\
Every wait has an end: 5 seconds for a visit to the keychain (60 where it may be
asking you).

"
    };
}
pub(crate) use waits_for_keychain;

/// Likewise for those that write and do not ask Google.
macro_rules! waits_for_writing {
    () => {
        "\
Every wait has an end: 5 seconds for a visit to the keychain (60 where it may be
asking you), 30 for another run of gads-creds.

"
    };
}
pub(crate) use waits_for_writing;

/// What was typed.
pub struct Cli {
    pub options: Options,
    pub command: Command,
}

impl Cli {
    /// Reads the words of a command line, the program's own name first. Where the next one names a command, the options of
    /// the others are not even made: they would be half of the work that a short run does.
    pub fn parse(words: &[OsString]) -> std::result::Result<Cli, clap::Error> {
        let command = words.get(1).and_then(|word| COMMANDS.iter().find(|(name, _)| word == name));
        let mut tree = tree(command.map_or(COMMANDS, std::slice::from_ref));
        let mut matches = tree.try_get_matches_from_mut(words)?;
        let read = Options::from_arg_matches_mut(&mut matches)
            .and_then(|options| Ok(Cli { options, command: Command::from_arg_matches_mut(&mut matches)? }));
        read.map_err(|error| error.format(&mut tree))
    }

    /// The whole interface, for those who describe it.
    pub fn command() -> clap::Command {
        tree(COMMANDS)
    }
}

/// A command's name, and what gives it its options.
type Named = (&'static str, fn(clap::Command) -> clap::Command);

/// [`Command`] reads what was typed behind these.
const COMMANDS: &[Named] = &[
    ("login", login::Login::augment_args),
    ("show", show::Show::augment_args),
    ("refresh", refresh::Refresh::augment_args),
    ("revoke", revoke::Revoke::augment_args),
    ("exec", exec::Exec::augment_args),
    ("export", export::Export::augment_args),
    ("doctor", doctor::Doctor::augment_args),
    ("completions", completions::Completions::augment_args),
];

fn tree(commands: &[Named]) -> clap::Command {
    let tool = Options::augment_args(clap::Command::new("gads-creds"))
        .about("From Google's client_secret.json to a working Google Ads API client")
        .version(env!("CARGO_PKG_VERSION"))
        .propagate_version(true)
        .max_term_width(80)
        .disable_help_subcommand(true)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .after_long_help(concat!(
            waits!(),
            "\
Examples:
  gads-creds login -c client_secret.json   get a token, write google-ads.yaml
  gads-creds refresh                       prove that the token works
  gads-creds doctor                        find out what is wrong"
        ));
    let add = |tool: clap::Command, &(name, augment): &Named| tool.subcommand(augment(clap::Command::new(name)));
    commands.iter().fold(tool, add)
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Common options")]
pub struct Options {
    /// The named credential to use [env: GADS_CREDS_PROFILE]
    #[arg(short, long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// The client-library file to use, instead of a profile's [env: GADS_CREDS_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// That file's format, when its name does not tell
    #[arg(long, global = true, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(crate::format::names()))]
    pub format: Option<String>,
    /// The result as one JSON object on stdout
    #[arg(long, global = true)]
    pub json: bool,
    /// Never ask; fail instead (implied without a terminal)
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Less on stderr
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// More on stderr; -vv logs requests with every secret masked
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Login(login::Login),
    Show(show::Show),
    Refresh(refresh::Refresh),
    Revoke(revoke::Revoke),
    Exec(exec::Exec),
    Export(export::Export),
    Doctor(doctor::Doctor),
    Completions(completions::Completions),
}

/// What every command is handed: how to speak, and which credential is meant.
pub struct Context {
    pub term: Term,
    pub options: Options,
}

impl Context {
    pub fn choice(&self) -> Choice<'_> {
        Choice {
            config: self.options.config.as_deref(),
            profile: self.options.profile.as_deref(),
            format: self.options.format.as_deref(),
        }
    }
}

impl Command {
    /// Carries it out. The exit code is 0, but for `exec` where this process stays and the command's code is its own.
    pub fn run(self, context: &Context) -> Result<u8> {
        if !matches!(self, Command::Completions(_)) {
            hardening::start();
        }
        match self {
            Command::Login(login) => login.run(context)?,
            Command::Show(show) => show.run(context)?,
            Command::Refresh(refresh) => refresh.run(context)?,
            Command::Revoke(revoke) => revoke.run(context)?,
            Command::Exec(exec) => return exec.run(context),
            Command::Export(export) => export.run(context)?,
            Command::Doctor(doctor) => doctor.run(context)?,
            Command::Completions(completions) => completions.run(context)?,
        }
        Ok(0)
    }
}
