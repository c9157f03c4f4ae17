//! `revoke`: revoke the token at Google, then remove it here.
//!
//! In that order: a token that is gone here but alive at Google is one that nobody can revoke any more.

use clap::Args;
use serde_json::json;

use crate::cli::Context;
use crate::credentials::Credentials;
use crate::error::{Error, Kind, Result};
use crate::google::{Endpoints, Google, Owner, Revoked};
use crate::hardening::critically;
use crate::profile::{self, Facts, Place, Profile};
use crate::store::{self, Purpose, Store};
use crate::term::Term;

/// Revoke the token at Google, then remove it here
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  gads-creds revoke                  asks first
  gads-creds revoke -p old --yes --forget")]
pub struct Revoke {
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Leave Google alone: remove the token here only
    #[arg(long)]
    local_only: bool,
    /// Remove client and profile as well
    #[arg(long)]
    forget: bool,
}

impl Revoke {
    pub fn run(self, context: &Context) -> Result<()> {
        let term = context.term;
        let endpoints = Endpoints::from_environment()?;
        let mut profile = profile::choose(context.choice())?;
        let store = store::open(&profile.place, Purpose::Update)?;
        let stored = store.load()?.credentials;
        if stored.refresh_token.is_none() && !self.forget {
            return Err(Error::new(Kind::NotLoggedIn, format!("there is no refresh token in {}", store.location()))
                .hint(
                    "nothing is left to revoke here; https://myaccount.google.com/connections lists what has access",
                ));
        }
        let change = |credentials: &mut Credentials| self.remove(credentials, &profile.place);
        store.rehearse(&change)?;
        self.permitted(context, &profile, &stored, &*store)?;
        let revoked = critically(|| self.carry_out(term, endpoints, &mut profile, &stored, &*store))?;
        self.report(context, &profile, &stored, &*store, revoked)
    }

    /// At Google first, then here, then in profiles.toml.
    fn carry_out(
        &self,
        term: Term,
        endpoints: Endpoints,
        profile: &mut Profile,
        stored: &Credentials,
        store: &dyn Store,
    ) -> Result<Option<Revoked>> {
        let mut revoked = None;
        if let Some(token) = stored.refresh_token.as_ref().filter(|_| !self.local_only) {
            profile.facts = profile.facts.of(token);
            profile.check_endpoint(endpoints.origin())?;
            let google = Google::open(endpoints, term)?;
            let spinner = term.spinner("revoking the token at Google");
            let owner = stored.client_id.as_deref().zip(stored.client_secret.as_ref());
            let owner = owner.map(|(client_id, client_secret)| Owner { client_id, client_secret });
            let answer = google.revoke(token, owner);
            drop(spinner);
            revoked = Some(answer.map_err(|mut error| {
                let fate = if error.kind == Kind::Unreachable { "still valid" } else { "not revoked" };
                error.message = format!("{}; the token is {fate} and still in {}", error.message, store.location());
                error
            })?);
        }
        let lock = store.lock()?;
        store.update(&lock, &|credentials| {
            // A login that came meanwhile stored another token: that one was not revoked, so it stays.
            if credentials.refresh_token == stored.refresh_token {
                self.remove(credentials, &profile.place);
            }
        })?;
        drop(lock);
        profile.facts = Facts::default();
        match profile.name.as_ref().filter(|_| self.forget) {
            Some(name) => profile::forget(name)?,
            None => profile::remember(profile)?,
        }
        Ok(revoked)
    }

    /// A library's file keeps what is not ours to judge, like a developer token; a keychain keeps nothing.
    fn remove(&self, credentials: &mut Credentials, place: &Place) {
        match (self.forget, place) {
            (true, Place::Keychain { .. }) => *credentials = Credentials::default(),
            (true, Place::File { .. }) => {
                credentials.refresh_token = None;
                credentials.client_id = None;
                credentials.client_secret = None;
            }
            (false, _) => credentials.refresh_token = None,
        }
    }

    /// Asks, unless `--yes` was given.
    fn permitted(&self, context: &Context, profile: &Profile, stored: &Credentials, store: &dyn Store) -> Result<()> {
        if self.yes {
            return Ok(());
        }
        let term = context.term;
        if !term.input {
            return Err(Error::usage("revoking needs a yes, and there is no terminal to ask on").hint("add `--yes`"));
        }
        if !self.local_only {
            term.must("Google ends the whole grant of this account for this OAuth client: every machine and every file that uses it.");
            let others: Vec<String> =
                profile::sharing(profile, stored)?.iter().map(|(name, _)| format!("`{name}`")).collect();
            if !others.is_empty() {
                term.must(&format!("These profiles lose their access with it: {}.", others.join(", ")));
            }
        }
        let question = if self.local_only {
            format!("Remove the refresh token from {} without revoking it? (`--yes` answers this)", store.location())
        } else {
            format!("Revoke the refresh token in {}? (`--yes` answers this)", store.location())
        };
        if term.confirm(&question)? {
            return Ok(());
        }
        Err(Error::new(Kind::ConsentDenied, "nothing was revoked: the answer was no"))
    }

    fn report(
        &self,
        context: &Context,
        profile: &Profile,
        stored: &Credentials,
        store: &dyn Store,
        revoked: Option<Revoked>,
    ) -> Result<()> {
        let term = context.term;
        let (at_google, name) = match revoked {
            Some(Revoked::Now) => ("revoked the refresh token at Google and removed it from", "now"),
            Some(Revoked::Before) => ("the refresh token was dead already; removed it from", "before"),
            None if stored.refresh_token.is_none() => ("removed the OAuth client from", "not_asked"),
            None => ("removed the refresh token (still valid at Google) from", "not_asked"),
        };
        term.say(&format!("{at_google} {}", store.location()));
        if term.json {
            term.out_json(&json!({
                "profile": profile.name.as_ref().map(|name| name.as_str()),
                "location": store.location(),
                "revoked": name,
                "forgotten": self.forget,
            }))?;
        }
        Ok(())
    }
}
