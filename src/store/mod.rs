//! Where credentials are kept: in a client library's file, in the OS keychain, or in a secret manager.
//!
//! A store loads and updates; it knows nothing of OAuth. An update is a change, not a record: it is applied to what the
//! store holds at that moment, so that an edit made by hand since the first look is never undone.

use crate::credentials::Credentials;
use crate::disk::{self, Lock};
use crate::error::Result;
use crate::format::{Contents, Format};
use crate::profile::Location;
use crate::secret::Secret;

mod command;
mod deadline;
mod document;
mod encoding;
mod engine;
mod fields;
mod file;
mod keychain;

pub use engine::Program;

/// A change to the stored credentials; it may be applied more than once.
pub type Change<'a> = &'a dyn Fn(&mut Credentials);

pub trait Store {
    /// What is stored; empty if nothing is.
    fn load(&self) -> Result<Contents>;

    /// Everything that [`Store::update`] would do, short of doing it, the lock included: fails wherever that would fail.
    fn preflight(&self, change: Change) -> Result<()>;

    /// What the lock of this place is called.
    fn lock_name(&self) -> Result<String>;

    /// Keeps every other run of this program away from this place until the lock is dropped.
    fn lock(&self) -> Result<Lock> {
        disk::lock(&self.lock_name()?)
    }

    /// Likewise, but none where this machine has no directory to note a lock in: reading does no harm without.
    fn lock_if_writable(&self) -> Result<Option<Lock>> {
        disk::lock_if_writable(&self.lock_name()?)
    }

    /// Applies the change. Returns what to tell the user besides: one line each.
    fn update(&self, lock: &Lock, change: Change) -> Result<Vec<String>>;

    /// What is stored besides the credentials, where the store can hand it on to another of its kind.
    fn extras(&self) -> Result<Extras> {
        Ok(Extras::default())
    }

    /// As [`Store::update`], and stores the extras of another store as well if it can.
    fn update_with(&self, lock: &Lock, change: Change, _extras: &Extras) -> Result<Vec<String>> {
        self.update(lock, change)
    }

    /// Clears what killed runs left at this place; [`Store::update`] does so by itself.
    fn clear(&self, _lock: &Lock) {}

    /// Fixes one fault of this place, without a change to the credentials. Returns what was done: one line each.
    fn fix(&self, _lock: &Lock, _fault: Fault) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    /// How the place spells the credentials, if it is a library's file.
    fn format(&self) -> Option<&'static dyn Format> {
        None
    }

    /// The place in words: a path, or `keychain (service gads-creds, profile work)`.
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
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

/// What stays in a store whose secrets move away: a library's file keeps the customer ids, another store keeps nothing.
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
    /// To leave a file that its library loads: missing must-haves are added, leftover placeholders commented out. A file
    /// in which another kind of credential is active is refused.
    Login,
    /// Likewise, and the other kinds of credential are commented out.
    LoginReplacingKind,
}

/// The store at that place.
pub fn open(place: &Location, purpose: Purpose) -> Result<Box<dyn Store>> {
    Ok(match place {
        Location::File { path, format } => Box::new(file::FileStore::new(path, *format, purpose)?),
        Location::Keychain { profile } => Box::new(keychain::KeychainStore::new(profile)),
        Location::Command { engine, .. } => Box::new(command::CommandStore::new(place, engine, purpose)?),
    })
}
