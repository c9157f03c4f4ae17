//! `refresh`: check that the stored credentials work by getting an access token with them.

use clap::Args;

use crate::commands::number::within;
use crate::commands::others;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::google::{Endpoints, Google};
use crate::profile;
use crate::tokens::{LockedCredential, SOON};

mod all;
mod rows;

/// Check that the credentials work by getting an access token
#[derive(Args, Debug)]
#[command(after_long_help = concat!(waits!(), "\
Examples:
  gads-creds refresh
  gads-creds refresh --all --jobs 50
  curl -H \"Authorization: Bearer $(gads-creds refresh --print-access-token)\" ..."))]
pub struct Refresh {
    /// Refresh every profile; with --json an object a line
    #[arg(long, conflicts_with_all = ["print_access_token", "profile", "config"])]
    all: bool,
    /// How many at a time
    #[arg(long, value_name = "N", default_value_t = 16, requires = "all", value_parser = within(1_u16, 256))]
    jobs: u16,
    /// Print the access token on stdout, and nothing else
    #[arg(long)]
    print_access_token: bool,
}

impl Refresh {
    pub fn run(self, context: &Context) -> Result<()> {
        let term = context.term;
        let endpoints = Endpoints::from_environment()?;
        if self.all {
            return all::run(usize::from(self.jobs), term, endpoints);
        }
        let profile = profile::choose(context.choice())?;
        let credential =
            LockedCredential::open(profile.clone(), &endpoints).map_err(|error| error.about(profile.target()))?;
        others::warn(&profile, credential.stored(), term);
        // The profile may be one that nobody named on the command line: the default.
        let named = |error: Error| match &profile.name {
            Some(name) => error.while_trying(&format!("profile `{name}`")),
            None => error,
        };
        let google = Google::new(endpoints, term)?;
        let spinner = term.spinner("asking Google for an access token");
        let minted = credential.mint(&google);
        drop(spinner);
        let minted = minted.map_err(&named)?;
        if minted.rotated {
            term.say(&format!("Google replaced the refresh token; the new one is stored in {}", minted.location));
        }
        minted.notes.iter().for_each(|note| term.warn(note));
        minted.check_scope().map_err(&named)?;
        if let Some(life) = minted.life().filter(|life| life.left.as_secs() <= SOON) {
            term.warn(&life.text);
            term.about(minted.profile.target())
                .hint(life.hint.unwrap_or_else(|| "run `gads-creds login` before that".into()));
        }
        if term.json {
            let mut value = minted.json();
            if self.print_access_token {
                value["access_token"] = minted.grant.access_token.expose().into();
            }
            return term.out_json(&value);
        }
        if self.print_access_token {
            return term.out(&format!("{}\n", minted.grant.access_token.expose()));
        }
        term.say(&minted.line());
        Ok(())
    }
}
