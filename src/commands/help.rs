//! `help`: prints what `--help` prints.

use clap::Args;
use serde_json::json;

use crate::context::Context;
use crate::error::{Error, Result};

/// Show help for a command
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  gads-creds help
  gads-creds help login")]
pub struct Help {
    /// The command; all of them without it
    #[arg(value_name = "COMMAND", hide_possible_values = true)]
    command: Option<String>,
}

impl Help {
    /// `tree` is the whole interface.
    pub fn run(self, context: &Context, mut tree: clap::Command) -> Result<()> {
        tree.build();
        let command = match &self.command {
            None => &mut tree,
            Some(name) if tree.find_subcommand(name).is_some_and(|command| !command.is_hide_set()) => {
                tree.find_subcommand_mut(name).ok_or_else(|| unknown(name))?
            }
            Some(name) => return Err(unknown(name)),
        };
        let text = command.render_long_help();
        let term = context.term;
        if term.json {
            return term.out_json(&json!({ "command": self.command, "help": text.to_string() }));
        }
        term.out(&if term.stdout.color { text.ansi().to_string() } else { text.to_string() })
    }
}

fn unknown(name: &str) -> Error {
    Error::usage(format!("there is no command `{}`", crate::term::excerpt(name)))
        .hint("`gads-creds help` lists the commands")
}
