//! `refresh`: prove that the stored token works by minting an access token.
//!
//! The lock spans the request and the store: where a server replaces refresh tokens, a second run must not spend the old one.
//! Google replaces none, so that a read-only container, which has no place for a lock, is served without.

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::context::Context;
use crate::credentials::Credentials;
use crate::disk::Lock;
use crate::error::{Error, Kind, Result};
use crate::google::{ADWORDS, Endpoints, Google, Grant};
use crate::hardening::critically;
use crate::profile::{self, Life, Profile, TokenMetadata, rfc3339};
use crate::recovery::{self, Pending, Recovery};
use crate::secret::Secret;
use crate::store::{self, Purpose, Store};
use crate::term;

mod all;
mod expiry;

/// A token that dies within seven days is warned of.
pub const SOON: i64 = 7 * 86_400;

/// Prove the stored token works by minting an access token
#[derive(Args, Debug)]
#[command(after_long_help = concat!(waits!(), "\
Examples:
  gads-creds refresh
  gads-creds refresh --all --jobs 50
  curl -H \"Authorization: Bearer $(gads-creds refresh --print-access-token)\" ..."))]
pub struct Refresh {
    /// Every profile, a line each as it ends; with --json an object a line
    #[arg(long, conflicts_with_all = ["print_access_token", "profile", "config"])]
    all: bool,
    /// How many at a time
    #[arg(long, value_name = "N", default_value_t = 16, requires = "all", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: u16,
    /// The access token and a newline on stdout, nothing else
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
        let ready = Ready::new(profile.clone(), &endpoints).map_err(|error| error.about(profile.target()))?;
        let google = Google::open(endpoints, term)?;
        let spinner = term.spinner("asking Google for an access token");
        let minted = ready.mint(&google);
        drop(spinner);
        let minted = minted?;
        if minted.rotated {
            term.say(&format!("Google replaced the refresh token; the new one is stored in {}", minted.location));
        }
        minted.notes.iter().for_each(|note| term.warn(note));
        minted.check_scope()?;
        if let Some(life) = minted.life(Timestamp::now()).filter(|life| life.left.as_secs() <= SOON) {
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

/// A stored credential that is complete and locked.
pub struct Ready {
    profile: Profile,
    store: Box<dyn Store>,
    /// None where this machine has no place for one.
    lock: Option<Lock>,
    client_id: String,
    client_secret: Secret,
    token: Secret,
}

impl Ready {
    pub fn new(mut profile: Profile, endpoints: &Endpoints) -> Result<Ready> {
        let store = store::open(&profile.place, Purpose::Update)?;
        let lock = store.lock_if_writable()?;
        if let Some(lock) = &lock {
            store.clear(lock);
        }
        // Only now: whoever held the lock before may have replaced the token.
        let stored = store.load()?.credentials;
        let token = stored.refresh_token.ok_or_else(|| profile.lacks("refresh token"))?;
        profile.facts = profile.facts.of(&token);
        profile.check_endpoint(endpoints.origin())?;
        let client_id = stored.client_id.ok_or_else(|| profile.lacks("client id"))?;
        let client_secret = stored.client_secret.ok_or_else(|| profile.lacks("client secret"))?;
        Ok(Ready { profile, store, lock, client_id, client_secret, token })
    }

    /// Asks Google, and stores a refresh token that replaces the old one before anybody uses the access token
    /// (RFC 6749 section 6).
    ///
    /// A signal ends the request, but not the storing of what it brought.
    pub fn mint(self, google: &Google) -> Result<Minted> {
        critically(|| self.mint_and_keep(google))
    }

    fn mint_and_keep(mut self, google: &Google) -> Result<Minted> {
        let grant =
            google.refresh(&self.client_id, &self.client_secret, &self.token).map_err(|error| self.told(error))?;
        let new = grant.refresh_token.clone().filter(|new| *new != self.token);
        let notes = new.as_ref().map_or(Ok(Vec::new()), |new| self.keep(new, &grant))?;
        let location = self.store.location();
        Ok(Minted { location, profile: self.profile, rotated: new.is_some(), notes, grant })
    }

    /// Stores the new token, which is the only one that still works; a recovery file holds it meanwhile. Once it is stored
    /// nothing is a failure any more: returns what to tell besides.
    fn keep(&mut self, new: &Secret, grant: &Grant) -> Result<Vec<String>> {
        let mut profile = self.profile.clone();
        let is_known = profile.facts.fingerprint.as_deref() == Some(self.token.fingerprint().as_str());
        if is_known {
            profile.facts.fingerprint = Some(new.fingerprint());
            profile.facts.dies = dies(grant, Timestamp::now()).or(profile.facts.dies);
        }
        let credentials = Credentials {
            client_id: Some(self.client_id.clone()),
            client_secret: Some(self.client_secret.clone()),
            refresh_token: Some(new.clone()),
            ..Credentials::default()
        };
        let recovery = recovery::keep(&Pending {
            profile: profile.clone(),
            credentials,
            replaces: Some(self.token.fingerprint()),
        });
        let change = |stored: &mut Credentials| stored.refresh_token = Some(new.clone());
        let stored = match &self.lock {
            Some(lock) => self.store.update(lock, &change),
            // It fails again, with the reason and the way out.
            None => self.store.lock().and_then(|lock| self.store.update(&lock, &change)),
        };
        match (stored, recovery) {
            (Ok(_), recovery) => {
                let mut notes = Vec::new();
                if is_known {
                    let unnoted = profile::remember(&profile).err();
                    notes.extend(
                        unnoted.map(|error| format!("could not note when the token dies: {}", error.message())),
                    );
                    self.profile = profile;
                }
                // Last, so that `login --recover` makes good what a killed run left undone.
                notes.extend(recovery.ok().and_then(Recovery::removed));
                Ok(notes)
            }
            (Err(error), Ok(recovery)) => {
                let kept = term::path(recovery.path());
                let message = format!("{}; the new refresh token is kept in {kept}", error.message());
                Err(Error::new(error.kind(), message)
                    .hint("mend that, then run `gads-creds login --recover` to store it"))
            }
            (Err(error), Err(_)) => {
                let message = format!("{}; the new refresh token could be kept nowhere and is lost", error.message());
                Err(Error::new(error.kind(), message).hint("mend that, then run `gads-creds login`"))
            }
        }
    }

    /// The error with what is known of the token it is about.
    fn told(&self, error: Error) -> Error {
        of(&self.profile, expiry::told(error, &self.profile.facts, Timestamp::now()))
    }
}

/// The error with the name of its profile.
fn of(profile: &Profile, error: Error) -> Error {
    let error = error.about(profile.target());
    match &profile.name {
        Some(name) => error.while_trying(&format!("profile `{name}`")),
        None => error,
    }
}

/// When the refresh token dies, if this answer tells.
fn dies(grant: &Grant, now: Timestamp) -> Option<Timestamp> {
    let seconds = i64::try_from(grant.refresh_token_expires_in?).ok()?;
    now.checked_add(SignedDuration::from_secs(seconds)).ok()
}

/// A token that works.
pub struct Minted {
    pub profile: Profile,
    pub location: String,
    pub grant: Grant,
    pub rotated: bool,
    /// What went wrong after the token was stored, one line each.
    pub notes: Vec<String>,
}

impl Minted {
    /// When the refresh token dies: as this answer says, else as was noted down.
    pub fn life(&self, now: Timestamp) -> Option<Life> {
        let facts = &self.profile.facts;
        TokenMetadata { dies: dies(&self.grant, now).or(facts.dies), ..facts.clone() }.life(now)
    }

    /// A token that does not reach Google Ads is no proof, however well it was minted: a box may have been unticked, or the
    /// token made elsewhere. A scope that is not told is the one asked for (RFC 6749 section 5.1).
    fn check_scope(&self) -> Result<()> {
        if self.grant.scopes.as_ref().is_none_or(|scopes| scopes.contains(ADWORDS)) {
            return Ok(());
        }
        let error = Error::new(Kind::GrantedTooLittle, "the token was not granted the scope of the Google Ads API")
            .hint("run `gads-creds login` again and tick the box for Google Ads");
        Err(of(&self.profile, error))
    }

    fn line(&self) -> String {
        let lives = self.grant.expires_in.map(|seconds| format!(", valid for {} minutes", seconds / 60));
        format!("the refresh token in {} works: access token minted{}", self.location, lives.unwrap_or_default())
    }

    fn json(&self) -> Value {
        json!({
            "profile": self.profile.name.as_ref().map(|name| name.as_str()),
            "location": self.location,
            "valid": true,
            "expires_in": self.grant.expires_in,
            "scopes": self.grant.scopes,
            "rotated": self.rotated,
            "dies": self.life(Timestamp::now()).map(|life| rfc3339(life.at)),
        })
    }
}
