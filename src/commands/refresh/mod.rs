//! `refresh`: check that the stored credentials work by getting an access token with them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::Value;

use crate::clock;
use crate::commands::duration::TypedDuration;
use crate::commands::number::within;
use crate::commands::others;
use crate::commands::refresh::expires_within::Limit;
use crate::commands::refresh::metrics::{Metrics, Sample, State};
use crate::context::Context;
use crate::credentials::Field;
use crate::diagnosis;
use crate::error::{Error, Kind, Result, warnings_json};
use crate::google::{Endpoints, Google};
use crate::profile::{Profile, SelectedBy};
use crate::recovery;
use crate::store::{self, Purpose};
use crate::term::{self, Term};
use crate::tokens::{self, LockedCredential, Minted};

mod all;
mod ended;
mod expires_within;
mod metrics;
mod rows;

/// Check that the credentials work by getting an access token
#[derive(Args, Debug)]
#[command(after_long_help = concat!(waits!(), "\
Examples:
  gads-creds refresh
  gads-creds refresh --all --jobs 50
  gads-creds refresh --all --expires-within 7d --metrics /run/gads-creds.prom
  printf 'Authorization: Bearer %s' \\
    \"$(gads-creds refresh --print-access-token)\" | curl -H @- URL"))]
pub struct Refresh {
    /// Refresh every profile; with --json an object a line
    #[arg(long, conflicts_with_all = ["print_access_token", "profile", "config"])]
    all: bool,
    /// How many at a time
    #[arg(long, value_name = "N", value_hint = clap::ValueHint::Other, default_value_t = 16, requires = "all", value_parser = within("number", 1_u16, 256))]
    jobs: u16,
    /// Print the access token on stdout, and nothing else
    #[arg(long)]
    print_access_token: bool,
    /// Exit with 9 if the refresh token works but expires within this time:
    /// `3d`, `12h`, `90m`
    #[arg(long, value_name = "DURATION", value_hint = clap::ValueHint::Other, allow_hyphen_values = true)]
    expires_within: Option<TypedDuration>,
    /// Write what was found to this file as Prometheus metrics, also if the
    /// check fails
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,
}

/// What is known of the credentials before they are checked, for the metrics.
struct Known {
    name: String,
    /// Absent if it cannot be found.
    profile: Option<Profile>,
    expires_at: Option<DateTime<Utc>>,
    /// The time of day: by Google's clock once Google was asked.
    now: DateTime<Utc>,
}

impl Refresh {
    pub fn run(self, context: &Context) -> Result<()> {
        let term = context.term;
        let metrics = self.metrics.as_deref().map(Metrics::prepare).transpose()?;
        let endpoints = Endpoints::from_environment()?;
        let limit = self.expires_within.clone().map_or(Limit::Usual, Limit::Within);
        if self.all {
            return all::run(usize::from(self.jobs), context.choice(), term, endpoints, limit, metrics);
        }
        let mut known = Known { name: named_by(context), profile: None, expires_at: None, now: clock::now() };
        let checked = check(context, endpoints, &mut known);
        let written = metrics.map_or(Ok(()), |metrics| write(metrics, known, &checked));
        match (checked, written) {
            (Ok((minted, warnings)), written) => self.report(term, &minted, &warnings, &limit, written.err()),
            (Err(error), Err(not_written)) => Err(error.adding(not_written.message())),
            (Err(error), Ok(())) => Err(error),
        }
    }

    /// Says what was found. `failure` is what failed after that.
    fn report(
        &self,
        term: Term,
        minted: &Minted,
        warnings: &[Error],
        limit: &Limit,
        failure: Option<Error>,
    ) -> Result<()> {
        let soon = limit.warning(minted);
        soon.iter().for_each(|error| term.warn_of(error));
        let warnings: Vec<Error> = warnings.iter().cloned().chain(soon).collect();
        limit.unknown(minted).into_iter().for_each(|text| term.say(text));
        let soon = limit.failure(minted).map(|error| of_profile(error, &minted.profile));
        let failure = match (failure, soon) {
            (Some(failure), Some(soon)) => Some(failure.adding(soon.message())),
            (failure, soon) => failure.or(soon),
        };
        let access_token = minted.grant.access_token.expose();
        if term.json {
            let mut value = object(minted, &warnings);
            if self.print_access_token {
                value["access_token"] = access_token.into();
            }
            return match failure {
                Some(failure) => Err(failure.with_report(value)),
                None => term.out_json(&value),
            };
        }
        match self.print_access_token {
            true => term.out(&format!("{access_token}\n"))?,
            false => term.say(&minted.line()),
        }
        failure.map_or(Ok(()), Err)
    }
}

/// Gets an access token, and says what happened on the way.
fn check(context: &Context, endpoints: Endpoints, known: &mut Known) -> Result<(Minted, Vec<Error>)> {
    let term = context.term;
    let profile = diagnosis::choose(context.choice())?;
    known.name = label(&profile);
    known.profile = Some(profile.clone());
    let credential =
        LockedCredential::open(profile.clone(), &endpoints).map_err(|error| error.about(profile.target()))?;
    known.expires_at = credential.expires_at();
    others::warn(&profile, credential.stored(), term);
    let mut warnings = credential.warnings();
    let google = Google::new(endpoints, term)?;
    let spinner = term.spinner("asking Google for an access token");
    let minted = credential.mint(&google);
    drop(spinner);
    known.now = google.now();
    // The profile may be one that nobody named on the command line: the default.
    let minted = minted.map_err(|error| of_profile(error, &profile))?;
    if minted.rotated {
        term.say(&format!("Google replaced the refresh token; the new one is stored in {}", minted.location));
    }
    minted.notes.iter().for_each(|note| term.warn(note));
    warnings.extend(google.clock_error().and_then(tokens::clock::warning));
    warnings.iter().for_each(|error| term.warn_of(error));
    minted.check_scope().map_err(|error| of_profile(error, &profile))?;
    Ok((minted, warnings))
}

/// Returns the JSON object of credentials that work.
fn object(minted: &Minted, warnings: &[Error]) -> Value {
    let mut value = minted.json();
    value["warnings"] = warnings_json(warnings, &minted.profile.target());
    value
}

fn of_profile(error: Error, profile: &Profile) -> Error {
    match &profile.name {
        Some(name) => error.while_trying(&format!("profile `{name}`")),
        None => error,
    }
}

/// Replaces the metrics file, unless the check was cut short: then nothing is known.
fn write(mut metrics: Metrics, known: Known, checked: &Result<(Minted, Vec<Error>)>) -> Result<()> {
    let (state, expires_at) = match checked {
        Ok((minted, _)) => (State::Works, minted.life().map(|life| life.at)),
        Err(error) if error.kind().is_stop() => return Ok(()),
        Err(error) if is_no_token(error, known.profile.as_ref()) => (State::NoToken, None),
        Err(error) => (State::Failed(error.kind().code()), known.expires_at),
    };
    metrics.add(known.name, Sample { expires_at, checked_at: known.now, state });
    metrics.write()
}

/// Whether it failed because the client is saved and no token is: what a revocation leaves. Of a token that is recorded and no
/// longer there nobody knows where it went. A file in which something else keeps the token from being read is a failure.
fn is_no_token(error: &Error, profile: Option<&Profile>) -> bool {
    let Some(profile) = profile.filter(|profile| profile.metadata.fingerprint.is_none()) else { return false };
    let loaded = || store::open(&profile.location, Purpose::Update).and_then(|store| store.load());
    error.kind() == Kind::NotLoggedIn
        && recovery::waiting_for(|waiting| recovery::is_for(waiting, profile)).is_none()
        && loaded().is_ok_and(|contents| {
            contents.credentials.client_id().is_some()
                && contents.credentials.refresh_token().is_none()
                && contents.conflicts.is_empty()
                && !contents.diagnostics.iter().any(|diagnostic| diagnostic.field == Some(Field::RefreshToken))
        })
}

/// The value of the label `profile`: the name; the file of credentials without one, since two of them may be watched.
fn label(profile: &Profile) -> String {
    profile.name.as_ref().map_or_else(|| profile.location.plain(), |name| name.as_str().to_owned())
}

/// The same for credentials that cannot be found: what the command line names, or else a variable.
fn named_by(context: &Context) -> String {
    let choice = context.choice();
    let variables = [SelectedBy::ProfileVariable, SelectedBy::ConfigVariable, SelectedBy::FileVariable];
    let set = |by: &SelectedBy| std::env::var_os(by.variable()?).filter(|value| !value.is_empty());
    let option = choice.config.map(OsString::from).or_else(|| choice.profile.map(OsString::from));
    let named = option.or_else(|| variables.iter().find_map(set));
    named.map(|named| term::plain_path(Path::new(&named))).unwrap_or_default()
}
