//! Replaces the old file by the new one.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::disk::own_files::make_directory;
use crate::disk::snapshot::Snapshot;
use crate::disk::{cannot, directory_of, name_of, retry, sync_directory, system, temporary};
use crate::error::{Error, Result};
use crate::term;

/// Writes the text in place of the snapshot, or of nothing; `None` if the file has changed since. Returns notes for the
/// user.
pub fn replace(place: &Path, seen: Option<Snapshot>, text: &[u8]) -> Result<Option<Vec<String>>> {
    // Another user may have made that directory since the path was checked.
    make_directory(directory_of(place))?;
    let new = temporary::write(place, text).map_err(|error| untouched(place, error))?;
    match seen {
        None => put(place, new),
        Some(old) => exchange(place, old, new, text),
    }
}

/// Gives the new file its name, unless that name is taken.
fn put(place: &Path, mut new: NamedTempFile) -> Result<Option<Vec<String>>> {
    loop {
        match new.persist_noclobber(place) {
            Ok(_) => return synced(place).map(|()| Some(Vec::from_iter(system::exposed(place)))),
            Err(failed) if failed.error.kind() == ErrorKind::Interrupted => new = failed.file,
            // The name was taken, or the directory cleaned up: the change starts again.
            Err(failed) if matches!(failed.error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotFound) => {
                return Ok(None);
            }
            // This file system supports neither renaming without overwriting nor hard links, like a directory shared
            // with a virtual machine. A race remains between the two calls.
            Err(failed) if system::cannot_link(&failed.error) => {
                if fs::symlink_metadata(place).is_ok() {
                    return Ok(None);
                }
                retry(|| fs::rename(failed.file.path(), place))
                    .map_err(|error| untouched(place, cannot("create", place, &error)))?;
                return synced(place).map(|()| Some(Vec::from_iter(system::exposed(place))));
            }
            Err(failed) => return Err(untouched(place, cannot("create", place, &failed.error))),
        }
    }
}

/// Exchanges the names of old and new, then examines the replaced file.
fn exchange(place: &Path, old: Snapshot, new: NamedTempFile, text: &[u8]) -> Result<Option<Vec<String>>> {
    let mut notes = system::notes(place, &old);
    let failed = |error: &io::Error| untouched(place, cannot("replace", place, error));
    retry(|| system::keep_owner(new.as_file(), &old.metadata)).map_err(|error| failed(&error))?;
    if !old.is_still_at(place).map_err(|error| untouched(place, error))? {
        return Ok(None);
    }
    match retry(|| system::exchange(new.path(), place)) {
        // One of the two is gone: the file was removed, or the directory cleaned up.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(&error)),
        Ok(true) => {
            if !matches!(old.is_still_at(new.path()), Ok(true)) {
                return put_back(place, new, text);
            }
        }
        // This file system cannot exchange names. A race remains between the two calls.
        Ok(false) => {
            // Some versions of Windows cannot replace an open file, even one opened by this process.
            drop(old);
            retry(|| fs::rename(new.path(), place)).map_err(|error| failed(&error))?;
        }
    }
    synced(place)?;
    if let Err(error) = temporary::discard(new) {
        notes.push(format!("{}; the next run tries again", error.message()));
    }
    Ok(Some(notes))
}

/// Puts back a file that was saved at the last moment. The change then starts again.
fn put_back(place: &Path, new: NamedTempFile, text: &[u8]) -> Result<Option<Vec<String>>> {
    let back = retry(|| system::exchange(new.path(), place));
    let ours_is_out = back.is_ok()
        && retry(|| system::is_at(new.as_file(), new.path())).is_ok_and(|there| there)
        && crate::disk::snapshot::content(new.as_file()).is_ok_and(|bytes| bytes == text);
    if ours_is_out {
        return Ok(None);
    }
    // The file was saved twice between two calls, or the disk is failing: keep both.
    let kept = keep(new);
    let message = format!(
        "{} was saved by another program while it was being replaced; one of the two texts is kept as {}",
        term::path(place),
        term::path(Path::new(name_of(&kept)))
    );
    Err(Error::io(message).hint("compare the two files, keep what you want and remove the other"))
}

/// Keeps the temporary file for the user: without the leading dot, so that it is visible and later runs do not clear
/// it.
fn keep(file: NamedTempFile) -> PathBuf {
    let hidden = file.path().to_owned();
    let name = name_of(&hidden).to_string_lossy();
    let shown = hidden.with_file_name(name.trim_start_matches('.'));
    match file.persist_noclobber(&shown) {
        Ok(_) => shown,
        Err(failed) => {
            let _ = failed.file.keep();
            hidden
        }
    }
}

fn synced(place: &Path) -> Result<()> {
    sync_directory(directory_of(place)).map_err(|error| {
        let message = format!("{} is written, but {}", term::path(place), error.message());
        error.with_message(message)
    })
}

/// Returns the same error, adding that the file is unchanged.
fn untouched(place: &Path, error: Error) -> Error {
    error.adding(&format!("{} is as it was", term::path(place)))
}
