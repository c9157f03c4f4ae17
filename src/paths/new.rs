//! Refuses a new file whose name was not meant as one.

use std::borrow::Cow;
use std::path::Path;

use crate::error::{Error, Result};
use crate::term;

/// Fails if what does not exist yet of the path looks like a secret: a file of that name would keep it in the open.
pub fn check_new(path: &Path) -> Result<()> {
    match term::masked_path(path) {
        Cow::Owned(masked) if masked != path.to_string_lossy() => {
            Err(Error::usage(format!("a new file cannot be {}, which looks like a secret", term::path(path)))
                .hint("name a file"))
        }
        _ => Ok(()),
    }
}
