//! `refresh`: prove that the stored token works by minting an access token.
//!
//! The lock spans the request and the store: where a server replaces refresh tokens, a second run must not spend the old one.

use clap::Args;
use serde_json::json;

use crate::cli::Context;
use crate::credentials::Credentials;
use crate::error::{Error, Kind, Result};
use crate::google::{Endpoints, Google, Grant};
use crate::profile::{self, Profile};
use crate::secret::Secret;
use crate::store::{self, Purpose, Store};

/// Prove the stored token works by minting an access token
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  gads-creds refresh
  curl -H \"Authorization: Bearer $(gads-creds refresh --print-access-token)\" ...")]
pub struct Refresh {
    /// The access token and a newline on stdout, nothing else
    #[arg(long)]
    print_access_token: bool,
}

impl Refresh {
    pub fn run(self, context: &Context) -> Result<()> {
        let term = context.term;
        let endpoints = Endpoints::from_environment()?;
        let mut profile = profile::choose(context.choice())?;
        profile.check_endpoint(endpoints.origin())?;
        let store = store::open(&profile.place, Purpose::Update)?;
        let lock = store.lock()?;
        let stored = store.load()?.credentials;
        let (id, secret, token) = complete(&stored, &*store)?;
        let google = Google::open(endpoints, term)?;
        let spinner = term.spinner("asking Google for an access token");
        let grant = google.refresh(&id, &secret, &token);
        drop(spinner);
        let grant = grant.map_err(|error| named(error, &profile))?;
        let rotated = keep_rotated(&grant, &token, &mut profile, &*store, &lock)?;
        drop(lock);
        report(&self, context, &profile, &*store, &grant, rotated)
    }
}

/// Client and token, or what is missing.
pub fn complete(stored: &Credentials, store: &dyn Store) -> Result<(String, Secret, Secret)> {
    let missing = |what: &str| {
        Error::new(Kind::NotLoggedIn, format!("there is no {what} in {}", store.location()))
            .hint("run `gads-creds login`")
    };
    let token = stored.refresh_token.clone().ok_or_else(|| missing("refresh token"))?;
    let id = stored.client_id.clone().ok_or_else(|| missing("client id"))?;
    let secret = stored.client_secret.clone().ok_or_else(|| missing("client secret"))?;
    Ok((id, secret, token))
}

/// Google does not replace refresh tokens today; a server that does must find the new one stored before the access token is
/// used (RFC 6749 section 6).
fn keep_rotated(
    grant: &Grant,
    old: &Secret,
    profile: &mut Profile,
    store: &dyn Store,
    lock: &crate::disk::Lock,
) -> Result<bool> {
    let Some(new) = grant.refresh_token.as_ref().filter(|new| *new != old) else { return Ok(false) };
    store.update(lock, &|stored| stored.refresh_token = Some(new.clone()))?;
    if profile.facts.fingerprint.as_deref() == Some(old.fingerprint().as_str()) {
        profile.facts.fingerprint = Some(new.fingerprint());
        profile::remember(profile)?;
    }
    Ok(true)
}

fn report(
    refresh: &Refresh,
    context: &Context,
    profile: &Profile,
    store: &dyn Store,
    grant: &Grant,
    rotated: bool,
) -> Result<()> {
    let term = context.term;
    let lives = grant.expires_in.map(|seconds| format!(", valid for {} minutes", seconds / 60)).unwrap_or_default();
    if rotated {
        term.say(&format!("Google replaced the refresh token; the new one is stored in {}", store.location()));
    }
    if term.json {
        let mut value = json!({
            "profile": profile.name.as_ref().map(|name| name.as_str()),
            "location": store.location(),
            "valid": true,
            "expires_in": grant.expires_in,
            "scopes": grant.scopes,
            "rotated": rotated,
        });
        if refresh.print_access_token {
            value["access_token"] = grant.access_token.expose().into();
        }
        return term.out_json(&value);
    }
    if refresh.print_access_token {
        return term.out(&format!("{}\n", grant.access_token.expose()));
    }
    term.say(&format!("the refresh token in {} works: access token minted{lives}", store.location()));
    Ok(())
}

/// The error with the profile it is about, for those who use names.
fn named(mut error: Error, profile: &Profile) -> Error {
    if let Some(name) = &profile.name {
        error.message = format!("profile `{name}`: {}", error.message);
    }
    error
}
