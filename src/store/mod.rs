//! Stores: a client library's file, the OS keychain, or a secret manager.
//!
//! A store loads and updates; it knows nothing of OAuth. An update is a change, not a record: it is applied to what the
//! store holds at that moment, so that an edit made by hand in the meantime is never undone.

use crate::credentials::Credentials;
use crate::disk::{self, Lock};
use crate::error::Result;
use crate::format::{Contents, Format};
use crate::profile::Location;
use crate::secret::Secret;
use crate::term;

mod command;
pub mod document;
mod encoding;
mod engine;
mod file;
#[cfg(feature = "keychain")]
mod keychain;

pub use engine::Program;
#[cfg(feature = "keychain")]
pub use keychain::removal as keychain_removal;

/// Returns no command: this build knows nothing of the entries.
#[cfg(not(feature = "keychain"))]
pub fn keychain_removal(_profile: &crate::profile::ProfileName) -> Option<String> {
    None
}

/// A change to the stored credentials; it may be applied more than once.
pub type Change<'a> = &'a dyn Fn(&mut Credentials);

pub trait Store {
    /// Returns what is stored; empty if nothing is.
    fn load(&self) -> Result<Contents>;

    /// Returns what is stored, to look for lines that a library fails on; `None` if [`Store::update`] has left none.
    fn load_for_faults(&self) -> Result<Option<Contents>> {
        self.load().map(Some)
    }

    /// Checks everything that [`Store::update`] would do, the lock included, without writing: fails wherever that would
    /// fail.
    fn preflight(&self, change: Change) -> Result<()>;

    /// Returns the name of this store's lock.
    fn lock_name(&self) -> Result<String>;

    /// Excludes every other run of this program from this store until the lock is dropped.
    fn lock(&self) -> Result<Lock> {
        disk::lock(&self.lock_name()?)
    }

    /// Locks the store; `None` if this machine has no directory for a lock, which is fine for reading.
    fn lock_if_writable(&self) -> Result<Option<Lock>> {
        disk::lock_if_writable(&self.lock_name()?)
    }

    /// Applies the change. Returns notes for the user, one line each.
    fn update(&self, lock: &Lock, change: Change) -> Result<Vec<String>>;

    /// Returns what is stored besides the credentials and can be copied to another store of this kind.
    fn extras(&self) -> Result<Extras> {
        Ok(Extras::default())
    }

    /// Does the same as [`Store::update`], and stores the extras of another store if it can.
    fn update_with(&self, lock: &Lock, change: Change, _extras: &Extras) -> Result<Vec<String>> {
        self.update(lock, change)
    }

    /// Removes what killed runs left at this location; [`Store::update`] does so by itself.
    fn clear(&self, _lock: &Lock) {}

    /// Fixes one fault of this place, without a change to the credentials. Returns what was done: one line each.
    fn fix(&self, _lock: &Lock, _fault: Fault) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    /// Returns the format, if the store is a library's file.
    fn format(&self) -> Option<&'static dyn Format> {
        None
    }

    /// Returns the location in words: a path, or `keychain (service gads-creds, profile work)`.
    fn location(&self) -> String;
}

/// What can be wrong with a place and is fixed with certainty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Files that killed runs left beside the file.
    Leftovers,
    /// A mode that lets others read the file.
    Mode,
    /// A byte order mark that the library does not accept.
    ByteOrderMark,
    /// Values of a sample file.
    Placeholders,
}

/// Members of a document that are not credentials: their names, and their values as JSON.
#[derive(Clone, Debug, Default)]
pub struct Extras(Vec<(String, Secret)>);

impl Extras {
    /// Returns the names for a message; `None` if there are no such members.
    pub fn listed(&self) -> Option<String> {
        let names: Vec<String> = self.0.iter().map(|(name, _)| format!("`{}`", term::excerpt(name))).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

/// Removes what a moving profile takes along: a library's file keeps the customer IDs, another store keeps nothing.
pub fn without_secrets(store: &dyn Store, stored: &mut Credentials) {
    let kept = std::mem::take(stored);
    if store.format().is_some() {
        stored.login_customer_id = kept.login_customer_id;
        stored.linked_customer_id = kept.linked_customer_id;
    }
}

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To read, or to change the credentials and nothing else.
    Update,
    /// To change what belongs to the credentials: besides, what the program needs with it is added.
    Set,
    /// To leave a file that its library loads: required keys are added, leftover placeholders commented out. Fails for
    /// a file in which another kind of credential is active.
    Login,
    /// For a login that also comments out the other kinds of credential.
    LoginReplacingKind,
}

impl Purpose {
    pub fn is_login(self) -> bool {
        matches!(self, Purpose::Login | Purpose::LoginReplacingKind)
    }
}

/// Opens the store at that location.
pub fn open(place: &Location, purpose: Purpose) -> Result<Box<dyn Store>> {
    Ok(match place {
        Location::File { path, format } => Box::new(file::FileStore::new(path, *format, purpose)?),
        #[cfg(feature = "keychain")]
        Location::Keychain { profile } => Box::new(keychain::KeychainStore::new(profile)),
        #[cfg(not(feature = "keychain"))]
        Location::Keychain { .. } => {
            use crate::error::{Error, Kind};
            return Err(Error::new(Kind::Keychain, "this gads-creds was built without support for the keychain")
                .hint("build it with `--features keychain`, or keep the secrets in a file with `gads-creds login --store file`"));
        }
        Location::Command { engine, .. } => Box::new(command::CommandStore::new(place, engine, purpose)?),
    })
}
