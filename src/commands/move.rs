//! `move`: take a profile's credentials from one store to another, without a new consent and without the network.
//!
//! The new store has the credentials and has given them back before profiles.toml names it; profiles.toml names it before the
//! old store gives its secrets up, and until then it names the old one as well. Wherever a run is interrupted, the store that
//! the profile names is complete, and the next `move` says which that is and finishes the job.

use clap::Args;
use serde_json::json;

use crate::commands::offered::STORES;
use crate::context::Context;
use crate::diagnosis;
use crate::error::{Error, Kind, Result};
use crate::hardening::critically_saying;
use crate::hint::{LoginOption, Target};
use crate::profile::{self, Choice, Location, Profile, ProfileName, StoreChoice};
use crate::term::Term;

mod access;
mod fits;
mod job;
mod unfinished;

pub use access::{gives_access, is_same_access};
use job::Job;
use unfinished::Finished;
pub use unfinished::{interrupted, warn_of_interrupted};

/// Move a profile to another store without a new consent
#[derive(Args, Debug)]
#[command(after_long_help = concat!(waits_for_writing!(), "\
Examples:
  gads-creds move -p work --store keychain
  gads-creds move -p work --store pass:google-ads/work
  gads-creds move -p work --store file --config ~/work.yaml"))]
pub struct Move {
    /// Where the credentials go; `file` goes to --config or to a new file
    ///
    /// `file`, `keychain`, a secret manager, or `command`: the commands in
    /// profiles.toml. Secret managers: pass:PATH, bao:MOUNT/PATH,
    /// vault:MOUNT/PATH, sops:FILE, age:FILE, aws:NAME, gcp:PROJECT/NAME,
    /// azure:VAULT/NAME, op:VAULT/ITEM.
    #[arg(long, value_name = "WHERE", value_parser = STORES, hide_possible_values = true)]
    store: String,
}

impl Move {
    /// Returns the option by which a login saves to the new store at once.
    pub fn repeated(&self) -> Vec<LoginOption> {
        vec![LoginOption { name: "--store", value: Some(profile::quoted_name(&self.store)) }]
    }

    pub fn run(self, context: &Context) -> Result<()> {
        let store = StoreChoice::new(&self.store)?;
        let (source, name) = source(context, &store)?;
        // `--config` names the new file: a next step is about the profile, which is still where it was.
        let target = Target {
            profile: source.name.as_ref().map(ToString::to_string),
            is_service_account: source.metadata.is_of_service_account(),
            ..Target::default()
        };
        self.go(context, &store, source, name).map_err(|error| error.about(target))
    }

    fn go(&self, context: &Context, store: &StoreChoice, source: Profile, name: ProfileName) -> Result<()> {
        let term = context.term;
        let finished = unfinished::finish(&source, &name, term)?;
        let target = profile::choose_target(&name, store, Choice { profile: None, ..context.choice() })?;
        unfinished::abandon(&source, &name, &target, term)?;
        if profile::same_location(&source.location, &target) {
            return match finished {
                Some(Finished { from, cleared }) => report(term, &name, &from, &source.location, cleared),
                None => Err(Error::usage(format!("profile `{name}` is kept in {} already", source.location))
                    .hint("name another store, or another file with `--config FILE`")),
            };
        }
        let job = Job::open(source, name, target)?;
        let spinner = term.spinner("trying both stores");
        job.preflight().map_err(|error| stays(error, &job))?;
        drop(spinner);
        let (notes, cleared) = critically_saying(
            |_| Some(format!("profile `{}` is kept in {} now", job.name, job.profile.location)),
            || job.carry_out(),
        )
        .map_err(|error| stays(error, &job))?;
        notes.iter().for_each(|note| term.say(note));
        match cleared {
            Ok(cleared) => report(term, &job.name, &job.from, &job.profile.location, cleared),
            Err(error) => {
                let again = format!("run `{}` again to delete them", self.again(&job));
                let hint = match error.next_step().cloned() {
                    Some(first) => first.join("; then ", again),
                    None => format!("fix that, then {again}").into(),
                };
                let error = error.while_trying(&format!(
                    "profile `{}` is kept in {} now, but the old secrets are still in {}",
                    job.name, job.profile.location, job.from
                ));
                Err(error.hint(hint))
            }
        }
    }

    /// The command that finishes this move.
    fn again(&self, job: &Job) -> String {
        format!("gads-creds move -p {} --store {}{}", job.name, profile::quoted_word(&self.store), job.file_option())
    }
}

/// Returns the error of a new keychain that does not work with the step of a move: a login would ask for a consent that is not
/// needed, since the credentials are still where they were.
fn stays(error: Error, job: &Job) -> Error {
    if error.kind() != Kind::Keychain || !matches!(job.profile.location, Location::Keychain { .. }) {
        return error;
    }
    let unchanged = format!("the credentials are still in {}", job.from);
    error.adding(&unchanged).hint("start or unlock the keychain, or name another store with `--store`")
}

/// The credential that is meant, and the name that it has from now on. `--config` names the new file where there is one, else
/// the file that moves.
fn source(context: &Context, store: &StoreChoice) -> Result<(Profile, ProfileName)> {
    let options = &context.options;
    let to_file = *store == StoreChoice::File;
    if options.config.is_some() && !to_file && options.profile.is_some() {
        return Err(Error::usage("`--config` names a file, and `--store` another location for the credentials")
            .hint("leave `--config` out"));
    }
    let config = options.config.as_deref().filter(|_| !to_file);
    let choice = Choice { config, profile: options.profile.as_deref(), format: None };
    let source = diagnosis::choose(choice)?;
    let name = match &source.name {
        Some(name) => name.clone(),
        None if to_file => {
            return Err(Error::usage(format!("{} has no profile that could be moved", source.location))
                .hint("`gads-creds export FORMAT FILE` writes another file with the same credentials")
                .about(source.target()));
        }
        None if source.is_fallback() => {
            let name = ProfileName::new("default")?;
            profile::check_case(&name)?;
            name
        }
        None => {
            return Err(Error::usage(format!(
                "{} has no profile, so nothing would find its credentials",
                source.location
            ))
            .hint(source.to_be_named()));
        }
    };
    Ok((source, name))
}

/// The one line at the end, or the JSON object.
fn report(term: Term, name: &ProfileName, from: &Location, to: &Location, cleared: bool) -> Result<()> {
    let old = if cleared { format!("; {from} keeps no secret of it") } else { String::new() };
    term.say(&format!("profile `{name}` is kept in {to} now{old}"));
    if !term.json {
        return Ok(());
    }
    let object = json!({ "profile": name.as_str(), "from": from.plain(), "location": to.plain(), "cleared": cleared });
    term.out_json(&term.with_warnings(object))
}
