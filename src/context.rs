//! What every command receives: the shared options, the terminal, and the selected credential.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::format::{self, FormatName};
use crate::hint::{LoginOption, Target};
use crate::profile::{self, Choice};
use crate::term::Term;

/// Options of every command.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Common options")]
pub struct Options {
    /// The profile to use [env: GADS_CREDS_PROFILE]
    #[arg(short, long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// The configuration file to use instead of a profile's [env: GADS_CREDS_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// That file's format, if its name does not show it
    #[arg(long, global = true, value_name = "NAME", value_parser = format_name())]
    pub format: Option<FormatName>,
    /// Print the result as one JSON object on stdout
    #[arg(long, global = true)]
    pub json: bool,
    /// Never prompt; fail instead (implied if stdin is not a terminal)
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Print less on stderr
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print more on stderr; -vv logs requests with every secret masked
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// Parses the name of a format; help and shell completions list the names.
pub fn format_name() -> impl TypedValueParser<Value = FormatName> {
    PossibleValuesParser::new(format::names()).try_map(|name| name.parse())
}

pub struct Context {
    pub term: Term,
    pub options: Options,
}

impl Context {
    /// `login` has the options that a hint repeats for another login.
    pub fn new(options: Options, login: Vec<LoginOption>) -> Context {
        let term = Term::new(options.quiet, options.verbose, options.json, options.no_input);
        Context { term: term.about(Target { login, ..options.target() }), options }
    }

    /// Returns which credential the command line selects.
    pub fn choice(&self) -> Choice<'_> {
        Choice {
            config: self.options.config.as_deref(),
            profile: self.options.profile.as_deref(),
            format: self.options.format,
        }
    }
}

impl Options {
    /// Returns the same selection for another command, as hints repeat it.
    fn target(&self) -> Target {
        Target {
            profile: self.profile.as_deref().map(profile::quoted_name),
            config: self.config.as_deref().map(profile::quoted),
            format: self.format.map(|format| format.to_string()),
            ..Target::default()
        }
    }
}
