//! What `set` changes in one profile: checked, tried with Google, then saved.

use std::cell::RefCell;

use crate::commands::set::done::{Change, Done};
use crate::commands::set::{Changes, Verify, trial};
use crate::credentials::{Credentials, Field};
use crate::diagnosis;
use crate::error::{Error, Kind, Result};
use crate::google::Endpoints;
use crate::hardening::critically_saying;
use crate::profile::Profile;
use crate::store::{self, Purpose, Store};
use crate::term::Term;

impl Changes {
    /// Checks all of it, then saves it.
    pub fn apply(&self, profile: &Profile, endpoints: &Endpoints, verify: Option<&Verify>, term: Term) -> Result<Done> {
        let target = profile.target();
        let store = store::open(&profile.location, Purpose::Set)?;
        let contents = store.load().map_err(|error| error.about(target.clone()))?;
        let is_empty = contents.credentials == Credentials::default() && contents.conflicts.is_empty();
        if (is_empty || self.client.is_some())
            && let Some(error) = diagnosis::first(profile, &contents)
        {
            return Err(error);
        }
        if contents.credentials == Credentials::default() {
            return Err(diagnosis::nothing(profile, &contents));
        }
        let stored = contents.credentials;
        self.check_client(&stored, profile)?;
        self.check_format(&*store, &stored).map_err(|error| error.about(target.clone()))?;
        let spinner = term.spinner("trying the store");
        store.preflight(&|stored| self.change(stored)).map_err(|error| error.about(target.clone()))?;
        drop(spinner);
        let mut notes = trial::run(self, profile, &stored, endpoints, verify, term)?;
        // A secret manager is read once here: each run of its program may take seconds.
        let now = RefCell::new(stored);
        let spinner = term.spinner("saving");
        let saved = || Some(format!("the change is saved in {}", store.location()));
        critically_saying(
            |()| saved(),
            || {
                let lock = store.lock()?;
                notes.extend(store.update(&lock, &|stored| {
                    now.replace(stored.clone());
                    if self.check_client(stored, profile).is_ok() {
                        self.change(stored);
                    }
                })?);
                // Another login may have brought another client since.
                self.check_client(&now.borrow(), profile)
            },
        )?;
        drop(spinner);
        let now = now.into_inner();
        let mut after = now.clone();
        self.change(&mut after);
        let changed = self.changed(&now);
        let changed = changed.iter().map(|field| Change {
            name: field.name(),
            key: field.key(),
            is_removed: field.get(&after).is_none(),
            value: field.get(&after).filter(|_| !field.is_secret()).map(str::to_owned),
        });
        let changed = changed.collect();
        Ok(Done { changed, notes, ..Done::nothing(profile) })
    }

    fn change(&self, stored: &mut Credentials) {
        if let Some(client) = &self.client {
            Field::ClientSecret.set_secret(stored, Some(client.secret.clone()));
        }
        if let Some(id) = &self.login_customer_id {
            stored.login_customer_id = id.value();
        }
        if let Some(id) = &self.linked_customer_id {
            stored.linked_customer_id = id.value();
        }
        if let Some(token) = &self.developer_token {
            stored.developer_token = token.value();
        }
    }

    /// The fields that differ from what is stored.
    fn changed(&self, stored: &Credentials) -> Vec<Field> {
        let mut after = stored.clone();
        self.change(&mut after);
        let differs = |field: &Field| field.get(&after) != field.get(stored);
        Field::ALL.into_iter().filter(differs).collect()
    }

    /// Fails for a value that the file's format has no key for: it would not be saved.
    fn check_format(&self, store: &dyn Store, stored: &Credentials) -> Result<()> {
        let Some(format) = store.format() else { return Ok(()) };
        let mut after = stored.clone();
        self.change(&mut after);
        let is_lost = |field: &Field| field.get(&after).is_some() && format.key(*field).is_none();
        let Some(lost) = self.changed(stored).into_iter().find(is_lost) else { return Ok(()) };
        let message = format!("the format `{}` has no place for the {}", format.name(), lost.name());
        Err(Error::usage(message).hint("`gads-creds move --store WHERE` takes the credentials to a store that has one"))
    }

    /// A secret belongs to one client: beside the ID of another no token would work any more.
    fn check_client(&self, stored: &Credentials, profile: &Profile) -> Result<()> {
        let Some(client) = &self.client else { return Ok(()) };
        if stored.client_id() == Some(&client.id) {
            return Ok(());
        }
        if stored.service_account().is_some() {
            let message = format!("{} holds a service account, which has no client secret", profile.location);
            return Err(Error::new(Kind::ClientSecrets, message)
                .hint("leave `--client-secrets` out, or run `gads-creds login --replace-kind -c FILE` to log in as a user")
                .about(profile.target()));
        }
        Err(Error::new(
            Kind::ClientSecrets,
            format!("that is another OAuth client than the one stored in {}", profile.location),
        )
        .hint("a token works with its own client only: `gads-creds login -c FILE` gets one for this client")
        .about(profile.target()))
    }
}
