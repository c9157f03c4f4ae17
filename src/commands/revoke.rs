//! `revoke`: revokes the token at Google, then removes it here.
//!
//! The order matters: a token that was deleted here but is still valid at Google can no longer be revoked. The lock is
//! taken before Google is asked, so that nothing has to be waited for once the token is revoked. If a run is
//! interrupted, the error says what happened to the token at both places (`status.rs`).

use std::cell::RefCell;

use clap::Args;

use crate::context::Context;
use crate::credentials::{Credentials, Identity, IdentityKind, User};
use crate::diagnosis;
use crate::disk::Lock;
use crate::error::{Error, Kind, Result};
use crate::google::{ClientAuthentication, Endpoints, Google, Revocation};
use crate::hardening::{self, Critical, critically};
use crate::profile::{self, Location, Profile};
use crate::secret::Secret;
use crate::store::{self, Purpose, Store};
use crate::term::Term;

mod affected;
mod elsewhere;
mod service_account;
mod status;

use affected::Affected;
use status::{AtGoogle, Here, RevocationStatus, StillValid};

/// Revoke the refresh token at Google and delete it here
#[derive(Args, Debug)]
#[command(after_long_help = concat!(waits!(), "\
Examples:
  gads-creds revoke                  asks first
  gads-creds revoke -p old --yes --forget"))]
pub struct Revoke {
    /// Answer the question with yes
    #[arg(long)]
    yes: bool,
    /// Delete the token here only; it stays valid at Google
    #[arg(long)]
    local_only: bool,
    /// Delete the client and the profile as well
    #[arg(long)]
    forget: bool,
}

impl Revoke {
    pub fn run(self, context: &Context) -> Result<()> {
        let endpoints = Endpoints::from_environment()?;
        let mut profile = profile::choose(context.choice())?;
        let elsewhere = elsewhere::places(&profile);
        let opened = store::open(&profile.location, Purpose::Update);
        let loaded = opened.and_then(|store| store.load().map(|contents| (store, contents)));
        let (store, contents) = match loaded {
            Ok(loaded) => loaded,
            Err(error) => {
                elsewhere::warn_of(&elsewhere, context.term);
                return self.only_forget(context, &profile, error);
            }
        };
        if let Err(error) = profile.check_not_keyless(&contents) {
            return self.only_forget(context, &profile, error);
        }
        let spoiled = diagnosis::spoiled(&profile, &contents);
        let stored = contents.credentials;
        if let Some(account) = stored.service_account() {
            return service_account::run(&self, context, &profile, &*store, &stored, account);
        }
        let nothing = stored.user().is_none() && profile.name.is_none();
        if stored.refresh_token().is_none() && (nothing || !self.forget) {
            elsewhere::warn_of(&elsewhere, context.term);
            // A revocation that was killed at its very end may have left the previous file under another name.
            if let Ok(lock) = store.lock() {
                store.clear(&lock);
            }
            if let Some(error) = spoiled {
                return Err(error);
            }
            return Err(Error::new(Kind::NotLoggedIn, format!("there is no refresh token in {}", store.location()))
                .hint(
                    "nothing is left to revoke here; https://myaccount.google.com/connections lists what has access",
                ));
        }
        if let Some(token) = stored.refresh_token().filter(|_| !self.local_only) {
            profile.check_endpoint(IdentityKind::User, endpoints.origin())?;
            profile.metadata = profile.metadata.valid_for(token);
        }
        // A lock held by another run is not a problem with the file.
        drop(store.lock()?);
        if let Err(error) = store.preflight(&|credentials| self.remove(credentials, &profile.location)) {
            return self.only_forget(context, &profile, error);
        }
        self.preflight_profiles(&profile)?;
        let affected = Affected::of(&profile, &stored, self.local_only)?;
        self.permitted(context, &profile, &stored, &*store, &affected)?;
        let (named, removed) = (profile.clone(), stored.clone());
        let case = Case { profile, stored, store };
        let lock = case.store.lock()?;
        let now = case.store.load()?.credentials;
        if now.refresh_token() != case.stored.refresh_token() {
            let location = case.store.location();
            return Err(Error::io(format!(
                "the refresh token in {location} was replaced meanwhile; nothing was revoked"
            ))
            .hint("run it again if the new one is to be revoked"));
        }

        let mut status = RevocationStatus::of(&case.profile);
        status.affected = affected;
        status.forgets = self.forget;
        let critical = Critical::enter();
        let done = self.carry_out(context.term, endpoints, case, &lock, &mut status);
        match critical.finish().and(done) {
            Ok(()) => {
                drop(lock);
                let reported = status.report(context.term);
                critically(|| {
                    elsewhere::clear(&elsewhere, &named, &removed, self.forget, context.term);
                    reported
                })
            }
            Err(error) => Err(status.explain(error)),
        }
    }

    /// Revokes at Google, then removes here, then edits profiles.toml; `status` records the progress.
    fn carry_out(
        &self,
        term: Term,
        endpoints: Endpoints,
        case: Case,
        lock: &Lock,
        status: &mut RevocationStatus,
    ) -> Result<()> {
        let Case { mut profile, stored, store } = case;
        if let Some(token) = stored.refresh_token().filter(|_| !self.local_only) {
            at_google(term, endpoints, token, &stored, status)?;
        }
        let removed = match &stored {
            stored if stored.refresh_token().is_some() => Here::Removed,
            stored if stored.user().is_none() => Here::WasEmpty,
            _ => Here::ClientRemoved,
        };
        let here = RefCell::new(Here::Stays);
        store.update(lock, &|credentials| {
            // Only what was revoked is removed: someone editing the file by hand does not hold our lock.
            let other = credentials.refresh_token().filter(|token| Some(*token) != stored.refresh_token());
            here.replace(other.map_or(removed.clone(), |other| Here::Replaced(other.fingerprint())));
            if other.is_none() {
                self.remove(credentials, &profile.location);
            }
        })?;
        status.here = here.into_inner();
        if matches!(status.here, Here::Replaced(_)) {
            return Ok(());
        }
        profile.metadata = profile.metadata.client_only();
        match profile.name.as_ref().filter(|_| self.forget) {
            Some(name) => profile::forget(name)?,
            None => remember(&profile, term),
        }
        status.forgotten = self.forget;
        status.stays = status::what_stays(&*store, &profile.location, &stored).filter(|_| self.forget);
        Ok(())
    }

    /// Fails if the profile could not be forgotten afterwards, since a revocation cannot be undone. Otherwise profiles.toml keeps
    /// dates of a token that is gone, which nobody takes for those of another: a leaked token must be revocable nevertheless.
    fn preflight_profiles(&self, profile: &Profile) -> Result<()> {
        profile.name.as_ref().filter(|_| self.forget).map_or(Ok(()), profile::preflight_forget)
    }

    /// Forgets the profile of a file that cannot be read or edited, only if that was asked for in full: a token in the
    /// file stays there, and stays valid.
    fn only_forget(&self, context: &Context, profile: &Profile, error: Error) -> Result<()> {
        let error = error.about(profile.target());
        let (Some(name), Location::File { .. }, true) = (&profile.name, &profile.location, self.forget) else {
            return Err(error);
        };
        if !self.local_only {
            let forget =
                "run `gads-creds revoke --local-only --forget`: it forgets the profile and leaves the file as it is";
            let hint = match error.next_step().cloned() {
                Some(first) => first.join("; or ", forget),
                None => forget.into(),
            };
            return Err(error.hint(hint));
        }
        let question = format!("Forget profile `{name}` and leave {} as it is?", profile.location);
        self.confirmed(context, &question)?;
        critically(|| profile::forget(name))?;
        let mut status = RevocationStatus::of(profile);
        status.here = Here::LeftAlone(error.message().to_owned());
        status.forgotten = true;
        status.report(context.term)
    }

    /// Removes the credential. A library's file keeps its other settings, such as a developer token; a keychain or
    /// secret manager keeps nothing.
    fn remove(&self, credentials: &mut Credentials, location: &Location) {
        match (self.forget, location) {
            (true, Location::Keychain { .. } | Location::Command { .. }) => *credentials = Credentials::default(),
            (true, Location::File { .. }) => {
                credentials.identity = None;
            }
            (false, _) => {
                credentials.set_refresh_token(None);
                // The entry stays, with what else is in it.
                if matches!(location, Location::Command { .. }) {
                    credentials.identity.get_or_insert_with(|| Identity::User(User::default()));
                }
            }
        }
    }

    /// Asks for confirmation, unless `--yes` was given.
    fn permitted(
        &self,
        context: &Context,
        profile: &Profile,
        stored: &Credentials,
        store: &dyn Store,
        affected: &Affected,
    ) -> Result<()> {
        let term = context.term;
        if !self.yes && term.input {
            if !self.local_only && stored.refresh_token().is_some() {
                term.must("Google ends the whole grant of this account for this OAuth client: every machine and every file that uses it.");
            }
            affected.announce(term);
        }
        self.confirmed(context, &self.question(profile, stored, &store.location()))
    }

    /// Returns the question, which names everything that a yes does.
    fn question(&self, profile: &Profile, stored: &Credentials, location: &str) -> String {
        let forgotten = profile.name.as_ref().filter(|_| self.forget).map(|name| format!("profile `{name}`"));
        let (first, more) = match (stored.user(), stored.refresh_token()) {
            (None, _) => return format!("Forget {}?", forgotten.unwrap_or_default()),
            (Some(_), None) => (format!("Delete the OAuth client from {location}"), forgotten),
            (Some(_), Some(_)) => {
                let first = match self.local_only {
                    true => format!("Delete the refresh token from {location} without revoking it at Google"),
                    false => format!("Revoke the refresh token in {location}"),
                };
                let and = forgotten.map(|profile| format!(" and {profile}")).unwrap_or_default();
                (first, self.forget.then(|| format!("the OAuth client{and}")))
            }
        };
        let more = more.map(|more| format!(", and forget {more}")).unwrap_or_default();
        format!("{first}{more}?")
    }

    fn confirmed(&self, context: &Context, question: &str) -> Result<()> {
        if self.yes {
            return Ok(());
        }
        if !context.term.input {
            let why =
                if context.options.no_input { "`--no-input` was given" } else { "there is no terminal for a prompt" };
            return Err(Error::usage(format!("this needs confirmation, and {why}")).hint("add `--yes`"));
        }
        let question = format!("{question} (`--yes` answers this)");
        if context.term.confirm(&question).map_err(|error| error.adding("nothing was revoked or deleted"))? {
            return Ok(());
        }
        Err(Error::new(Kind::ConsentDenied, "not confirmed: nothing was revoked or deleted"))
    }
}

/// Records that there is no token any more.
fn remember(profile: &Profile, term: Term) {
    if let Err(error) = profile::remember(profile) {
        term.warn(&format!("profiles.toml still has the dates of the removed credential: {}", error.message()));
    }
}

/// One credential to revoke.
struct Case {
    profile: Profile,
    stored: Credentials,
    store: Box<dyn Store>,
}

/// Revokes the grant at Google. `status` records the outcome, including that of a request without a response.
fn at_google(
    term: Term,
    endpoints: Endpoints,
    token: &Secret,
    stored: &Credentials,
    status: &mut RevocationStatus,
) -> Result<()> {
    if let Some(kind) = hardening::stopping() {
        return Err(Error::new(kind, kind.name()));
    }
    let google = Google::new(endpoints, term)?;
    let spinner = term.spinner("revoking the token at Google");
    let client = stored.client_id().zip(stored.client_secret());
    let client = client.map(|(client_id, client_secret)| ClientAuthentication { client_id, client_secret });
    let revocation = google.revoke(token, client);
    drop(spinner);
    let (at_google, error) = match revocation {
        Ok(Revocation::Revoked) => (AtGoogle::Revoked, None),
        Ok(Revocation::AlreadyInvalid) => (AtGoogle::InvalidBefore, None),
        Ok(Revocation::Unknown(error)) => (AtGoogle::Unknown, Some(error)),
        Err(error) if error.kind() == Kind::Unreachable => (AtGoogle::NotRevoked(StillValid::Yes), Some(error)),
        Err(error) => (AtGoogle::NotRevoked(StillValid::Unsaid), Some(error)),
    };
    status.at_google = at_google;
    error.map_or(Ok(()), Err)
}
