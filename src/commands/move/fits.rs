//! Whether everything at the old location has a place at the new one: to clear the old one deletes the rest.

use crate::error::{Error, Result};
use crate::profile::Location;
use crate::store::Store;

/// Fails, before anything is written, for a member that the new location does not keep.
pub fn check(from: &Location, old: &dyn Store, new: &dyn Store, to: &Location) -> Result<()> {
    let keeps_members = matches!(to, Location::Command { .. });
    match old.extras()?.listed().filter(|_| !keeps_members) {
        None => Ok(()),
        Some(names) => Err(Error::usage(format!(
            "{} has no place for {names}, and the move would delete that in {from}",
            new.location()
        ))
        .hint(
            "move to another secret manager, which keeps it; or write a copy with `gads-creds export FORMAT FILE`, which \
             changes nothing here",
        )),
    }
}
