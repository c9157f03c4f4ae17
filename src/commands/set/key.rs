//! `set --key-file`: another key of the same service account, tried before it is saved.
//!
//! It is how a key is replaced: the new one is created, saved everywhere, and only then the old one is deleted in the console.

use std::path::{Path, PathBuf};

use crate::commands::keys;
use crate::commands::login::key_file;
use crate::commands::others;
use crate::commands::set::done::{Change, Done};
use crate::credentials::{AccountKey, Credentials, Identity, IdentityKind, Key, ServiceAccount};
use crate::error::{Error, Kind, Result};
use crate::google::{Endpoints, Google};
use crate::hardening::critically_saying;
use crate::profile::{self, Profile};
use crate::recovery::Pending;
use crate::secret::Secret;
use crate::service_account_key::{self, KeyFile};
use crate::store::{self, Purpose, Store};
use crate::term::{self, Term};
use crate::tokens;

/// A key that replaces another of its service account.
pub struct NewKey {
    /// None for one that came from standard input.
    path: Option<PathBuf>,
    key: AccountKey,
    document: Secret,
    endpoints: Endpoints,
}

impl NewKey {
    pub fn read(path: &Path, endpoints: &Endpoints, term: Term) -> Result<NewKey> {
        let (path, KeyFile { key, document }) = key_file::read(path, endpoints)?;
        if let Some(path) = &path {
            others::warn_of(path, term);
        }
        Ok(NewKey { path, key, document, endpoints: endpoints.clone() })
    }

    /// Checks and tries the key for that profile, then saves it there.
    pub fn apply(&self, profile: &Profile, term: Term) -> Result<Done> {
        self.check_and_save(profile, term).map_err(|error| error.about(profile.target()))
    }

    fn check_and_save(&self, profile: &Profile, term: Term) -> Result<Done> {
        let store = store::open(&profile.location, Purpose::Update)?;
        let before = store.load()?.credentials;
        let location = store.location();
        let Some(account) = before.service_account() else {
            let message = format!("no service account is stored in {location}");
            return Err(Error::new(Kind::NotLoggedIn, message).hint("run `gads-creds login --key-file FILE`"));
        };
        self.check_account(account, profile, &location)?;
        let key = self.for_store(account, &*store)?;
        let is_same = match &key {
            Key::File(_) => key == account.key,
            Key::Document(_) => service_account_key::is_same(&key, &account.key),
        };
        let change = |stored: &mut Credentials| {
            if let Some(Identity::ServiceAccount(account)) = &mut stored.identity {
                account.key = key.clone();
            }
        };
        store.preflight(&change)?;
        profile.check_endpoint(IdentityKind::ServiceAccount, self.endpoints.origin())?;
        let mut profile = profile.clone();
        profile.metadata.fingerprint = Some(self.key.private_key.fingerprint());
        profile.metadata.account = Some(self.key.email.clone());
        profile.metadata.endpoint = self.endpoints.origin().map(str::to_owned);
        profile::preflight(&profile)?;

        let google = Google::new(self.endpoints.clone(), term)?;
        let spinner = term.spinner("asking Google for an access token");
        google.mint_for_service_account(&self.key, account.impersonate.as_deref()).map_err(|error| {
            tokens::explain(error, &self.key, account.impersonate.as_deref(), &google).adding("nothing was changed")
        })?;
        drop(spinner);
        let replaced = tokens::replaced_key(&before, &self.key, &location, &self.endpoints);
        let replaces = before.access().map(Secret::fingerprint);
        let identity = ServiceAccount { key: key.clone(), impersonate: account.impersonate.clone() };
        let credentials = Credentials { identity: Some(Identity::ServiceAccount(identity)), ..Credentials::default() };
        let pending = Pending { profile: profile.clone(), credentials, replaces, rotated: false, moves_from: None };
        let write = || {
            let lock = store.lock()?;
            if store.load()?.credentials.service_account() != Some(account) {
                let message = format!("the service account in {location} was changed meanwhile; nothing was changed");
                return Err(Error::io(message).hint("look at it with `gads-creds show`, then try again"));
            }
            let mut notes = store.update(&lock, &change)?;
            notes.extend(tokens::record(&profile)?);
            Ok(notes)
        };
        let mut notes = critically_saying(
            |_| Some(format!("the key is saved in {location}")),
            || tokens::save_key(pending, self.path.as_deref(), &write),
        )?;
        notes.extend(replaced);
        let changed = if is_same {
            Vec::new()
        } else {
            vec![Change { name: "key", key: "service_account_key", is_removed: false, value: None }]
        };
        Ok(Done { changed, notes, ..Done::nothing(&profile) })
    }

    /// Fails for the key of another service account: another account would have to be invited.
    fn check_account(&self, account: &ServiceAccount, profile: &Profile, location: &str) -> Result<()> {
        // The old key may be gone already.
        let stored = tokens::read_key(account, location, &self.endpoints).ok().map(|key| key.email);
        match stored.or_else(|| profile.metadata.account.clone()) {
            Some(email) if email != self.key.email => {
                let message = format!(
                    "that is a key of {}, and {location} holds one of {}",
                    term::excerpt(&self.key.email),
                    term::excerpt(&email)
                );
                Err(Error::new(Kind::KeyFile, message)
                    .hint("run `gads-creds login --key-file FILE` to log in as another service account"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The key as it is kept so far: by its path, or itself.
    fn for_store(&self, account: &ServiceAccount, store: &dyn Store) -> Result<Key> {
        match (&account.key, &self.path, store.format()) {
            (Key::File(_), Some(path), Some(format)) => Ok(Key::File(keys::path_for(path, format))),
            (Key::File(_), Some(path), None) => Ok(Key::File(path.clone())),
            (Key::File(_), None, Some(format)) => Err(key_file::no_path(store, format)),
            (Key::File(_), None, None) | (Key::Document(_), ..) => Ok(Key::Document(self.document.clone())),
        }
    }

    /// Whether the profile is one of that service account: by its store, or where that cannot be read by what profiles.toml records.
    pub fn is_of(&self, profile: &Profile) -> Result<bool> {
        let recorded = || profile.metadata.account.as_ref().map(|account| *account == self.key.email);
        let store = match store::open(&profile.location, Purpose::Update) {
            Ok(store) => store,
            Err(_) if recorded() == Some(false) => return Ok(false),
            Err(error) => return Err(error),
        };
        let contents = match store.load() {
            Ok(contents) => contents,
            Err(_) if recorded() == Some(false) => return Ok(false),
            Err(error) => return Err(error),
        };
        let Some(account) = contents.credentials.service_account() else { return Ok(false) };
        let key = tokens::read_key(account, &store.location(), &self.endpoints);
        Ok(key.map(|key| key.email == self.key.email).ok().or_else(recorded).unwrap_or(false))
    }
}
