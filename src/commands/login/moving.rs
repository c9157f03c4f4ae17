//! A profile that moves, from a file into the keychain or back: the old place gives its secrets up last.

use crate::credentials::Credentials;
use crate::error::Result;
use crate::profile::{self, Profile};
use crate::store::{self, Purpose, Store};
use crate::term::Term;

/// The store that the profile leaves, if it leaves one.
pub fn open(profile: &Profile) -> Result<Option<Box<dyn Store>>> {
    profile::moves_from(profile)?.map(|place| store::open(&place, Purpose::Update)).transpose()
}

pub fn rehearse(old: &dyn Store) -> Result<()> {
    old.rehearse(&|stored| give_up(stored, old))
}

/// Takes the secrets out of the old place. The new one has been read back before this is called.
pub fn take_out(old: &dyn Store, term: Term) -> Result<Vec<String>> {
    let lock = old.lock()?;
    match old.update(&lock, &|stored| give_up(stored, old)) {
        Ok(mut notes) => {
            notes.push(format!("took the secrets out of {}", old.location()));
            Ok(notes)
        }
        // The login itself is done: what is left behind is told, not undone.
        Err(error) => {
            term.warn(&format!("the old secrets are still in {}: {}", old.location(), error.message));
            Ok(Vec::new())
        }
    }
}

/// A library's file keeps the ids of customers, which are no secrets; a keychain keeps nothing.
fn give_up(stored: &mut Credentials, old: &dyn Store) {
    let kept = std::mem::take(stored);
    if old.format().is_some() {
        stored.login_customer_id = kept.login_customer_id;
        stored.linked_customer_id = kept.linked_customer_id;
    }
}
