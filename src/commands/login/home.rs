//! A home directory that does not exist is a mistyped `HOME`: no login creates one.

use crate::error::{Error, Result};
use crate::paths;
use crate::term;

/// Fails if the directories of this program would be created below a home directory that is not there.
pub fn check() -> Result<()> {
    let home = paths::home()?;
    let is_needed = [paths::config()?, paths::state()?].iter().any(|directory| directory.starts_with(&home));
    if !is_needed || home.is_dir() {
        return Ok(());
    }
    Err(Error::io(format!("your home directory {} does not exist", term::path(&home)))
        .hint(format!("set `{}` to your home directory", paths::HOME)))
}
