//! The command line: the list of commands, and the parser that turns arguments into one of them.
//!
//! Options shared by every command are in `context.rs`, those of one command in its file under `commands/`. Scripts
//! depend on the whole interface: a change to it is a change to the manual.

use std::ffi::OsString;

use clap::{Args, FromArgMatches, Subcommand};

use crate::commands::offered::Offered;
use crate::commands::others;
use crate::commands::{
    completions, doctor, exec, explain, export, help, login, r#move, refresh, revoke, set, show, waits,
};
use crate::context::{Context, Options};
use crate::error::Result;
use crate::hardening;
use crate::hint::LoginOption;

mod foreign;
pub mod usage;

/// The parsed command line.
pub struct Cli {
    pub options: Options,
    pub command: Command,
}

impl Cli {
    /// Parses a command line whose first word is the program's own name. If the next word names a command, the options
    /// of the other commands are not built: they would take half the time of a short run.
    pub fn parse(words: &[OsString]) -> std::result::Result<Cli, clap::Error> {
        let command = words.get(1).and_then(|word| COMMANDS.iter().find(|(name, _)| word == name));
        let mut tree = tree(command.map_or(COMMANDS, std::slice::from_ref));
        let mut matches = tree.try_get_matches_from_mut(words)?;
        let read = Options::from_arg_matches_mut(&mut matches)
            .and_then(|options| Ok(Cli { options, command: Command::from_arg_matches_mut(&mut matches)? }));
        read.map_err(|error| error.format(&mut tree))
    }

    /// Returns the whole interface, for help and completions.
    pub fn command() -> clap::Command {
        tree(COMMANDS)
    }
}

/// A command's name, and the function that adds its options.
type Named = (&'static str, fn(clap::Command) -> clap::Command);

/// The commands, as [`Command`] parses them.
const COMMANDS: &[Named] = &[
    ("login", login::Login::augment_args),
    ("show", show::Show::augment_args),
    ("refresh", refresh::Refresh::augment_args),
    ("revoke", revoke::Revoke::augment_args),
    ("set", set::Set::augment_args),
    ("move", r#move::Move::augment_args),
    ("exec", exec::Exec::augment_args),
    ("export", export::Export::augment_args),
    ("doctor", doctor::Doctor::augment_args),
    ("explain", explain::Explain::augment_args),
    ("completions", completions::Completions::augment_args),
    ("help", help::Help::augment_args),
];

fn tree(commands: &[Named]) -> clap::Command {
    let tool = Options::augment_args(clap::Command::new("gads-creds"))
        .about("From Google's client_secret.json to a working Google Ads API client")
        // Not as it was called: on Windows that is `gads-creds.exe`.
        .bin_name("gads-creds")
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
    let names: Vec<&'static str> = COMMANDS.iter().map(|(name, _)| *name).collect();
    let help = |help: clap::Command| help.mut_arg("command", |name| name.value_parser(Offered(names)));
    let tool = commands.iter().fold(tool, add);
    if commands.iter().any(|(name, _)| *name == "help") { tool.mut_subcommand("help", help) } else { tool }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Login(Box<login::Login>),
    Show(show::Show),
    Refresh(refresh::Refresh),
    Revoke(revoke::Revoke),
    Set(set::Set),
    Move(r#move::Move),
    Exec(exec::Exec),
    Export(export::Export),
    Doctor(doctor::Doctor),
    Explain(explain::Explain),
    Completions(completions::Completions),
    Help(help::Help),
}

impl Command {
    /// Returns the options that a hint repeats for another login.
    pub fn repeated(&self) -> Vec<LoginOption> {
        match self {
            Command::Login(login) => login.repeated(),
            Command::Move(command) => command.repeated(),
            _ => Vec::new(),
        }
    }

    /// Runs the command. The exit code is 0, except for `exec` where this process stays and returns the command's own
    /// code.
    pub fn run(self, context: &Context) -> Result<u8> {
        if !matches!(self, Command::Completions(_) | Command::Help(_) | Command::Explain(_)) {
            hardening::start();
            // `doctor` has a check for it.
            if !matches!(self, Command::Doctor(_)) {
                others::warn_of_profiles(context.term);
            }
        }
        match self {
            Command::Login(login) => login.run(context)?,
            Command::Show(show) => show.run(context)?,
            Command::Refresh(refresh) => refresh.run(context)?,
            Command::Revoke(revoke) => revoke.run(context)?,
            Command::Set(set) => set.run(context)?,
            Command::Move(r#move) => r#move.run(context)?,
            Command::Exec(exec) => return exec.run(context),
            Command::Export(export) => export.run(context)?,
            Command::Doctor(doctor) => doctor.run(context)?,
            Command::Explain(explain) => explain.run(context)?,
            Command::Completions(completions) => completions.run(context, Cli::command)?,
            Command::Help(help) => help.run(context, Cli::command())?,
        }
        Ok(0)
    }
}
