//! A complete, locked credential, and the access token issued for it.
//!
//! The lock spans the request and the store: if a server rotates refresh tokens, a second run must not use the old one.
//! Google rotates none, so a read-only container, which has no directory for a lock, works without one.

use chrono::{DateTime, TimeDelta, Utc};

use crate::credentials::{AccountKey, Credentials, IdentityKind};
use crate::diagnosis;
use crate::disk::Lock;
use crate::error::{Error, Kind, Result};
use crate::format::Contents;
use crate::google::{Endpoints, Google, Grant, NoGrant};
use crate::hardening::critically_saying;
use crate::profile::{self, Profile};
use crate::recovery::{self, Pending, Recovery};
use crate::secret::Secret;
use crate::store::{self, Purpose, Store};
use crate::term;
use crate::tokens::load::moved;
use crate::tokens::minted::Minted;
use crate::tokens::save::{NewToken, NotSaved, is_for_another_place, not_recorded};
use crate::tokens::{account, expiry};

/// In seconds: a refresh token that expires within seven days causes a warning.
pub const SOON: i64 = 7 * 86_400;

/// By how much two responses may differ about the moment at which a token expires.
const TOLERANCE: TimeDelta = TimeDelta::minutes(10);

/// A complete credential under the lock of its store.
pub struct LockedCredential {
    place: LockedStore,
    contents: Contents,
    access: Access,
    /// What was done before, one line each.
    notes: Vec<String>,
}

struct LockedStore {
    profile: Profile,
    store: Box<dyn Store>,
    /// `None` if this machine has no directory for it.
    lock: Option<Lock>,
}

/// How to get an access token.
enum Access {
    User(Complete),
    ServiceAccount { key: AccountKey, impersonate: Option<String> },
}

/// A user's credential with all of its parts.
struct Complete {
    client_id: String,
    client_secret: Secret,
    token: Secret,
}

impl LockedCredential {
    /// Locks and loads the credential of that profile; fails if a part is missing or belongs to another endpoint.
    pub fn open(profile: Profile, endpoints: &Endpoints) -> Result<LockedCredential> {
        let store = store::open(&profile.location, Purpose::Update)?;
        let lock = store.lock_if_writable()?;
        if let Some(lock) = &lock {
            store.clear(lock);
        }
        let mut place = LockedStore { profile, store, lock };
        // After the lock, since its previous holder may have replaced the token.
        let load = |place: &LockedStore| {
            let contents = place.store.load()?;
            place.profile.check_not_keyless(&contents).map(|()| contents)
        };
        let mut contents = load(&place)?;
        if let Some(moved) = moved(&place.profile, &contents) {
            drop(place);
            return LockedCredential::open(moved, endpoints);
        }
        let stored = contents.credentials.refresh_token();
        let successor = stored.map(|token| recovery::successor(&place.profile, token));
        // A directory that is not to be trusted is one of the warnings.
        let successor = successor.and_then(|found| found.ok().flatten());
        // `login --recover` asks what becomes of a profile that names another place by now.
        let is_elsewhere = |pending: &Pending| !matches!(profile::previous_location(&pending.profile), Ok(None));
        let successor = successor.filter(|(_, pending)| pending.rotated || !is_elsewhere(pending));
        let mut notes = Vec::new();
        // Without a lock the file of a token that is stored stays; one that is not stored fails with the reason.
        if let Some(successor) = successor
            && (place.lock.is_some() || successor.1.credentials.refresh_token() != stored)
        {
            notes = place.finish(successor)?;
            contents = load(&place)?;
        }
        let profile = &mut place.profile;
        if let Some(error) = diagnosis::first(profile, &contents) {
            return Err(error);
        }
        if let Some(account) = contents.credentials.service_account() {
            let key = account::read_key(account, &place.store.location(), endpoints)?;
            profile.check_endpoint(IdentityKind::ServiceAccount, endpoints.origin())?;
            profile.metadata = profile.metadata.valid_for(&key.private_key);
            let access = Access::ServiceAccount { key, impersonate: account.impersonate.clone() };
            return Ok(LockedCredential { place, contents, access, notes });
        }
        let incomplete = || Error::new(Kind::NotLoggedIn, format!("{} has no complete credential", profile.location));
        let user = contents.credentials.user().cloned().unwrap_or_default();
        let (Some(client_id), Some(client_secret), Some(token)) =
            (user.client_id, user.client_secret, user.refresh_token)
        else {
            return Err(incomplete());
        };
        profile.check_endpoint(IdentityKind::User, endpoints.origin())?;
        profile.metadata = profile.metadata.valid_for(&token);
        let access = Access::User(Complete { client_id, client_secret, token });
        Ok(LockedCredential { place, contents, access, notes })
    }

    /// Returns the stored credentials.
    pub fn stored(&self) -> &Credentials {
        &self.contents.credentials
    }

    /// Returns what a program that reads the credentials fails on although they work.
    pub fn warnings(&self) -> Vec<Error> {
        let newer = recovery::newer(&self.place.profile, self.stored());
        diagnosis::warnings(&self.place.profile, &self.contents, &newer)
    }

    /// Returns when the refresh token expires, as far as it was recorded.
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.place.profile.metadata.expires_at
    }

    /// Returns the same credential with another client secret.
    pub fn with_client_secret(mut self, secret: Secret) -> LockedCredential {
        if let Access::User(user) = &mut self.access {
            user.client_secret = secret;
        }
        self
    }

    /// Gets an access token. A refresh token that comes with it replaces the stored one before the access token is used
    /// (RFC 6749 section 6).
    ///
    /// After a signal the response is awaited for a moment, and what it brings is stored.
    pub fn mint(self, google: &Google) -> Result<Minted> {
        let stored =
            |minted: &Minted| minted.rotated.then(|| format!("the new refresh token is stored in {}", minted.location));
        critically_saying(stored, || self.mint_and_save(google))
    }

    fn mint_and_save(self, google: &Google) -> Result<Minted> {
        let LockedCredential { mut place, access, contents, mut notes } = self;
        let (grant, more, rotated, account) = match access {
            Access::ServiceAccount { key, impersonate } => {
                let grant = google.mint_for_service_account(&key, impersonate.as_deref()).map_err(|error| {
                    account::explain(error, &key, impersonate.as_deref(), google).about(place.profile.target())
                })?;
                (grant, Vec::new(), false, Some(impersonate.unwrap_or(key.email)))
            }
            Access::User(user) => {
                let refreshed = google.refresh(&user.client_id, &user.client_secret, &user.token);
                let grant = refreshed.map_err(|NoGrant { error, issued, .. }| {
                    let error = expiry::explain(error, &place.profile.metadata, google.now());
                    let error = diagnosis::rejected(&place.profile, &contents, error);
                    let error = match issued.filter(|new| *new != user.token) {
                        Some(new) => place.save_despite(error, &user, &new),
                        None => error,
                    };
                    error.about(place.profile.target())
                })?;
                let new = grant.refresh_token.clone().filter(|new| *new != user.token);
                let notes = match &new {
                    Some(new) => place.save(&user, new, grant.refresh_token_expires_at(google.now()))?,
                    None => {
                        place.learn(&grant, google.now());
                        Vec::new()
                    }
                };
                (grant, notes, new.is_some(), None)
            }
        };
        notes.extend(more);
        let location = place.store.location();
        Ok(Minted { location, profile: place.profile, at: google.now(), rotated, notes, grant, account })
    }
}

impl LockedStore {
    /// Stores the new token of a response that cannot be used otherwise. Returns the error about that response, and where the token
    /// is.
    fn save_despite(&mut self, error: Error, user: &Complete, new: &Secret) -> Error {
        let fact = "it has a new refresh token";
        match self.save(user, new, None) {
            Ok(notes) => {
                let stored = format!("{fact}, which is stored in {}", self.store.location());
                let error = [stored].iter().chain(&notes).fold(error, |error, note| error.adding(note));
                error.hint("run `gads-creds refresh` to see whether it works")
            }
            Err(not_saved) => {
                error.adding(&format!("{fact}: {}", not_saved.message())).maybe_hint(not_saved.next_step().cloned())
            }
        }
    }

    /// Stores the new token, which is the only one that still works. Returns notes for the user.
    fn save(&mut self, user: &Complete, new: &Secret, expires_at: Option<DateTime<Utc>>) -> Result<Vec<String>> {
        let mut profile = self.profile.clone();
        let is_known = profile.metadata.fingerprint.as_deref() == Some(user.token.fingerprint().as_str());
        if is_known {
            profile.metadata.fingerprint = Some(new.fingerprint());
            profile.metadata.expires_at = expires_at.or(profile.metadata.expires_at);
        }
        let credentials = Credentials::of_user(user.client_id.clone(), user.client_secret.clone(), Some(new.clone()));
        let replaces = Some(user.token.fingerprint());
        let pending = Pending { profile, credentials, replaces, rotated: true, moves_from: None };
        let notes = self.take(NewToken::secure(pending), new)?;
        recovery::renew(&user.token, new);
        Ok(notes)
    }

    /// Records when the token expires, if Google says so and that is news. The refresh succeeded whatever becomes of it.
    fn learn(&mut self, grant: &Grant, now: DateTime<Utc>) {
        let metadata = &mut self.profile.metadata;
        let is_near = |known: DateTime<Utc>, at| (known.signed_duration_since(at)).abs() < TOLERANCE;
        let news = grant.refresh_token_expires_at(now);
        let news = news.filter(|at| !metadata.expires_at.is_some_and(|known| is_near(known, *at)));
        if news.is_some() && metadata.fingerprint.is_some() {
            metadata.expires_at = news;
            // Recorded by a clock that was ahead.
            metadata.issued_at = metadata.issued_at.filter(|issued_at| *issued_at <= now);
            drop(profile::remember(&self.profile));
        }
    }

    /// Stores the token that an earlier refresh could not store, since the one that it replaced does not work any more; or finishes
    /// what was left to do for one that is stored.
    fn finish(&mut self, (recovery, mut pending): (Recovery, Pending)) -> Result<Vec<String>> {
        let Some(new) = pending.credentials.refresh_token().cloned() else { return Ok(Vec::new()) };
        let mut done = format!("stored the refresh token that an earlier run left in {}", term::path(recovery.path()));
        let is_copy = is_for_another_place(&pending, &self.profile);
        if is_copy {
            done += &format!("; it is kept there for {} as well", pending.profile.location);
        }
        // It may have been moved or renamed since.
        pending.profile.location.clone_from(&self.profile.location);
        if pending.rotated {
            pending.profile.name.clone_from(&self.profile.name);
        }
        let token = if is_copy { NewToken::secure(pending) } else { NewToken::left_over(recovery, pending) };
        if let Some(error) = token.unsecured() {
            return Err(error.clone());
        }
        let notes = critically_saying(|_| Some(done.clone()), || self.take(token, &new))?;
        Ok([vec![done], notes].concat())
    }

    fn take(&mut self, token: NewToken, new: &Secret) -> Result<Vec<String>> {
        let known = token.pending.profile.metadata.fingerprint.as_deref();
        let is_known = known == Some(new.fingerprint().as_str());
        let saved = token.save(|token| {
            let change = |stored: &mut Credentials| stored.set_refresh_token(Some(new.clone()));
            match &self.lock {
                Some(lock) => self.store.update(lock, &change)?,
                // It fails again, with the reason and the next step.
                None => self.store.lock().and_then(|lock| self.store.update(&lock, &change))?,
            };
            let profile = &token.pending.profile;
            let unrecorded = if is_known { profile::remember(profile).err() } else { None };
            Ok(unrecorded.iter().map(not_recorded).collect())
        });
        let (profile, notes) = saved.map_err(NotSaved::into_error)?;
        if is_known {
            self.profile = profile;
        }
        Ok(notes)
    }
}
