//! `revoke`: revokes the token at Google, then removes it here.
//!
//! The order matters: a token that was deleted here but is still valid at Google can no longer be revoked. The lock is
//! taken before Google is asked, so that nothing has to be waited for once the token is revoked. If a run is
//! interrupted, the error says what happened to the token at both places (`status.rs`).

use std::cell::RefCell;

use clap::Args;

use crate::commands::left_behind;
use crate::context::Context;
use crate::credentials::{Credentials, Identity, IdentityKind, User};
use crate::diagnosis;
use crate::disk::Lock;
use crate::error::{Error, Kind, Result};
use crate::google::Endpoints;
use crate::hardening::{Critical, critically};
use crate::profile::{self, Location, Profile};
use crate::store::{self, Purpose, Store};
use crate::term::Term;

mod affected;
mod at_google;
mod elsewhere;
mod question;
mod service_account;
mod status;
mod waiting;

use affected::Affected;
use status::{Here, RevocationStatus};
use waiting::Waiting;

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
        let asks = !self.yes && context.term.input;
        self.revoke(context).map_err(|error| match error.next_step().cloned() {
            Some(hint) if !asks => error.hint(hint.without_question()),
            _ => error,
        })
    }

    fn revoke(self, context: &Context) -> Result<()> {
        let endpoints = Endpoints::from_environment()?;
        let mut profile = diagnosis::choose(context.choice())?;
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
        let waiting = Waiting::of(&profile, &stored, self.local_only);
        let nothing = stored.user().is_none() && profile.name.is_none();
        if stored.refresh_token().is_none() && waiting.is_empty() && (nothing || !self.forget) {
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
        if !self.local_only {
            waiting.check_endpoint(endpoints.origin())?;
        }
        // A lock held by another run is not a problem with the file.
        drop(store.lock()?);
        let case = Case { profile, stored, store, waiting };
        if self.changes_store(&case.stored)
            && let Err(error) = case.store.preflight(&|credentials| self.remove(credentials, &case.profile.location))
        {
            return self.not_writable(context, &case.profile, error);
        }
        self.preflight_profiles(&case.profile)?;
        let affected = Affected::of(&case.profile, &case.stored, self.local_only)?;
        self.permitted(context, &case, &affected)?;
        let (named, removed) = (case.profile.clone(), case.stored.clone());
        let lock = case.store.lock()?;
        let now = case.store.load()?.credentials;
        let still_waits = Waiting::of(&case.profile, &now, self.local_only).is_same(&case.waiting);
        if now.refresh_token() != case.stored.refresh_token() || !still_waits {
            let location = case.store.location();
            return Err(Error::io(format!(
                "the refresh token in {location} was replaced meanwhile; nothing was revoked"
            ))
            .hint("run it again if the new one is to be revoked"));
        }

        let mut status = RevocationStatus::of(&case.profile);
        status.waited = case.waiting.in_words();
        status.was_stored = case.stored.refresh_token().is_some();
        status.affected = affected;
        status.forgets = self.forget;
        let critical = Critical::enter();
        let done = self.carry_out(context.term, endpoints, case, &lock, &mut status);
        match critical.finish().and(done) {
            Ok(()) => {
                drop(lock);
                status.say(context.term);
                critically(|| {
                    elsewhere::clear(&elsewhere, &named, &removed, self.forget, context.term);
                    Ok(())
                })
                .map_err(|error| error.with_report(status.json()))?;
                status.print(context.term)
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
        let Case { mut profile, stored, store, waiting } = case;
        let tokens = waiting.with(&stored);
        let had_token = !tokens.is_empty();
        if had_token && !self.local_only {
            at_google::revoke(term, endpoints, &tokens, status)?;
        }
        let removed = match &stored {
            _ if had_token => Here::Removed,
            stored if stored.user().is_none() => Here::WasEmpty,
            _ => Here::ClientRemoved,
        };
        let here = RefCell::new(Here::Stays);
        let change = |credentials: &mut Credentials| {
            // Only what was revoked is removed: someone editing the file by hand does not hold our lock.
            let other = credentials.refresh_token().filter(|token| Some(*token) != stored.refresh_token());
            here.replace(other.map_or(removed.clone(), |other| Here::Replaced(other.fingerprint())));
            if other.is_none() {
                self.remove(credentials, &profile.location);
            }
        };
        match self.changes_store(&stored) {
            true => _ = store.update(lock, &change)?,
            false => _ = here.replace(removed.clone()),
        }
        status.here = here.into_inner();
        status.notes = waiting.remove();
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

    /// Whether something is to be removed from the store itself.
    fn changes_store(&self, stored: &Credentials) -> bool {
        stored.refresh_token().is_some() || self.forget
    }

    /// Fails if the profile could not be forgotten afterwards, since a revocation cannot be undone. Otherwise profiles.toml keeps
    /// dates of a token that is gone, which nobody takes for those of another: a leaked token must be revocable nevertheless.
    fn preflight_profiles(&self, profile: &Profile) -> Result<()> {
        profile.name.as_ref().filter(|_| self.forget).map_or(Ok(()), profile::preflight_forget)
    }

    /// Another store than a file could be opened: what is in it is not left behind, unless it can never be written.
    fn not_writable(&self, context: &Context, profile: &Profile, error: Error) -> Result<()> {
        match &profile.location {
            Location::File { .. } => self.only_forget(context, profile, error),
            place if left_behind::is_read_only(place) => self.only_forget(context, profile, error),
            _ => Err(error.about(profile.target())),
        }
    }

    /// Forgets the profile of a file that cannot be read or edited, or of a store that cannot be opened or written, only if that was asked for in
    /// full: a token in it stays there, and stays valid.
    fn only_forget(&self, context: &Context, profile: &Profile, error: Error) -> Result<()> {
        let mut error = error.about(profile.target());
        let is_file = matches!(profile.location, Location::File { .. });
        let is_read_only = error.kind() == Kind::Usage && left_behind::is_read_only(&profile.location);
        let is_unusable = !is_file && left_behind::is_unusable(&error) || is_read_only;
        let (Some(name), true) = (&profile.name, is_unusable || is_file && self.forget) else { return Err(error) };
        if !(self.local_only && self.forget) {
            // To log in elsewhere, as others are told to, would revoke nothing.
            if error.kind() == Kind::Keychain {
                error = error.hint("unlock or start the keychain, then try again");
            }
            // What is offered has to work as well: both files may be on one disk.
            profile::preflight_forget(name).map_err(|_| error.clone())?;
            let what = if is_file { "the file" } else { "what is stored" };
            let forget = format!(
                "run `gads-creds revoke --local-only --forget`: it forgets the profile and leaves {what} as it is"
            );
            let hint = match error.next_step().cloned() {
                Some(first) => first.join("; or ", forget),
                None => forget.into(),
            };
            return Err(error.hint(hint));
        }
        waiting::check_none(profile)?;
        let question = format!("Forget profile `{name}` and leave {} as it is?", profile.location);
        self.confirmed(context, &question)?;
        critically(|| profile::forget(name))?;
        let mut status = RevocationStatus::of(profile);
        status.here = Here::LeftAlone(match is_read_only {
            true => "it can only be read".to_owned(),
            false => format!("it could not be {}: {}", if is_file { "edited" } else { "opened" }, error.message()),
        });
        status.forgotten = true;
        status.report(context.term)?;
        left_behind::removal(&profile.location).into_iter().for_each(|step| context.term.hint(step));
        Ok(())
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
    waiting: Waiting,
}
