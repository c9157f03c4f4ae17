//! A file without secrets, for other programs to read: replaced in one step, with the mode that the umask gives or that it had.
//!
//! Its directory may belong to somebody else, as node_exporter's does. A link is not followed and nothing but a regular file is
//! replaced: whoever may write into that directory must not choose which file that is. Nor is a file with another content: a
//! mistyped path must not cost anybody a file.

use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::disk::{cannot, directory_of, name_of, retry, snapshot, sync_directory, system, temporary};
use crate::error::{Error, Result};
use crate::hardening::Critical;
use crate::term;

/// No run takes longer from making the new file to putting it in place.
const ABANDONED_AFTER: Duration = Duration::from_secs(60);

/// What [`publish`] would do short of replacing the file; clears what killed runs left beside it. A file that is there is
/// replaced only if it is empty or begins with `start`.
pub fn preflight_published(path: &Path, start: &str) -> Result<()> {
    let _critical = Critical::enter();
    let old = replaceable(path, start)?;
    temporary::clear_abandoned(path, ABANDONED_AFTER);
    temporary::discard(written(path, old.as_ref(), start)?)
}

/// Writes the text beside that path and puts it in its place.
pub fn publish(path: &Path, start: &str, text: &str) -> Result<()> {
    let _critical = Critical::enter();
    let old = replaceable(path, start)?;
    let new = written(path, old.as_ref(), text)?;
    retry(|| fs::rename(new.path(), path)).map_err(|error| cannot("replace", path, &error))?;
    // It has another name now.
    let _ = new.into_temp_path().keep();
    sync_directory(directory_of(path))
}

fn written(path: &Path, old: Option<&Metadata>, text: &str) -> Result<NamedTempFile> {
    let new = temporary::write_public(path, text.as_bytes())?;
    if let Some(old) = old {
        retry(|| new.as_file().set_permissions(old.permissions()))
            .and_then(|()| retry(|| system::keep_owner(new.as_file(), old)))
            .map_err(|error| cannot("set mode and owner of the new", path, &error))?;
    }
    Ok(new)
}

/// The file that is there, if it may be replaced; none if there is none.
fn replaceable(path: &Path, start: &str) -> Result<Option<Metadata>> {
    let directory = directory_of(path);
    match retry(|| fs::metadata(directory)) {
        Ok(metadata) if !metadata.is_dir() => {
            return Err(Error::io(format!("{} is not a directory", term::path(directory)))
                .hint("name a file in an existing directory"));
        }
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(Error::io(format!("there is no directory {}", term::path(directory)))
                .hint("create that directory, or name a file in an existing one"));
        }
        Err(error) => return Err(cannot("look at", directory, &error)),
    }
    let old = match retry(|| fs::symlink_metadata(path)) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound && !name_of(path).is_empty() => return Ok(None),
        Err(error) => return Err(cannot("look at", path, &error)),
    };
    if !old.is_file() {
        let what = if old.is_symlink() { "a link" } else { system::kind(old.file_type()) };
        return Err(Error::io(format!("{} is {what}, not a file that can be replaced", term::path(path)))
            .hint("name another file, or one that does not exist yet"));
    }
    system::check_file(path, &old)?;
    if !begins_with(path, start)? {
        return Err(Error::usage(format!("{} holds something else and is not replaced", term::path(path)))
            .hint("name another file, or one that does not exist yet"));
    }
    Ok(Some(old))
}

/// Whether the file is empty or begins with that text.
fn begins_with(path: &Path, start: &str) -> Result<bool> {
    let found = snapshot::beginning(path, start.len() as u64).map_err(|error| cannot("read", path, &error))?;
    Ok(found.is_empty() || found == start.as_bytes())
}
