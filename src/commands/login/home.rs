//! A home directory that does not exist is a mistyped `HOME`: no login creates one.

use crate::error::{Error, Result};
use crate::paths;
use crate::term;

/// Fails if the directories of this program would be created below a home directory that is not there.
pub fn check() -> Result<()> {
    let directories = [paths::config()?, paths::state()?];
    let Ok(home) = paths::home() else { return Ok(()) };
    if home.is_dir() || !directories.iter().any(|directory| directory.starts_with(&home)) {
        return Ok(());
    }
    let what = if home.exists() { "is not a directory" } else { "does not exist" };
    Err(Error::io(format!("your home directory {} {what}", term::path(&home)))
        .hint(format!("set `{}` to your home directory", paths::HOME)))
}
