//! The recovery file: a token that Google issued, from the moment it arrives until it is stored.

use crate::credentials::Credentials;
use crate::error::Result;
use crate::profile::Profile;

/// A login whose token waits to be stored.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Where it was meant to go, under which name, and what is known of the token.
    pub profile: Profile,
    /// The fields that login meant to set; `None` is a field it left alone.
    pub credentials: Credentials,
}

/// Writes the recovery file (0600, synced). Returns the handle that names and removes it.
pub fn keep(pending: &Pending) -> Result<Recovery> {
    todo!()
}

/// The recovery files that earlier runs left, oldest first. A file that cannot be read is an error naming it.
pub fn left_over() -> Result<Vec<(Recovery, Pending)>> {
    todo!()
}

/// Whether there is any, without reading them.
pub fn any() -> Result<Vec<std::path::PathBuf>> {
    todo!()
}

/// One recovery file.
#[derive(Debug)]
pub struct Recovery {
    path: std::path::PathBuf,
}

impl Recovery {
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// Removes the file: the token is stored.
    pub fn done(self) -> Result<()> {
        todo!()
    }
}

pub fn rehearse() -> Result<()> {
    todo!()
}
