//! The new text, written beside the file it will replace.
//!
//! The name carries the file's own, so that a later run which holds the lock of that file can clear what a killed one left.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::disk::{MOST, cannot, directory_of, name_of, retry, snapshot, system};
use crate::error::{Error, Result};
use crate::term;

/// How many random characters a name ends in.
const RANDOM: usize = 12;

/// Writes the text aside of that path: complete, 0600, synced and read back. Dropping it removes it.
pub fn write(path: &Path, text: &[u8]) -> Result<NamedTempFile> {
    write_named(directory_of(path), &prefix(path), OsStr::new(""), text)
}

/// Likewise, in that directory and with a name of that beginning and end.
pub fn write_named(directory: &Path, prefix: &OsStr, suffix: &OsStr, text: &[u8]) -> Result<NamedTempFile> {
    if text.len() as u64 > MOST {
        let message = format!("a file in {} would grow over 1 MiB", term::path(directory));
        return Err(Error::io(message).hint("take out of it what is no setting"));
    }
    let mut file = Builder::new()
        .prefix(prefix)
        .suffix(suffix)
        .rand_bytes(RANDOM)
        .make_in(directory, |path| system::creating().open(path))
        .map_err(|error| cannot("make a file in", directory, &error))?;
    let written = fill(file.as_file_mut(), text).map_err(|error| cannot("write into", directory, &error))?;
    if !written {
        let message = format!("what was written into {} does not read back the same", term::path(directory));
        return Err(Error::io(message).hint("check that disk"));
    }
    Ok(file)
}

/// Removes the file, and tells if that fails.
pub fn discard(file: NamedTempFile) -> Result<()> {
    match retry(|| fs::remove_file(file.path())) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(cannot("remove", file.path(), &error)),
        _ => Ok(()),
    }
}

/// Removes what killed runs left beside that path and returns it. The caller holds the lock, so no run is still at work there.
pub fn clear(path: &Path) -> Vec<PathBuf> {
    // Litter is no reason to fail: what cannot be cleared now is cleared by another run.
    leftovers(path).into_iter().filter(|litter| retry(|| fs::remove_file(litter)).is_ok()).collect()
}

/// The temporary files beside that path: of killed runs, or of one that is at work.
pub fn leftovers(path: &Path) -> Vec<PathBuf> {
    let Ok(names) = retry(|| system::names(directory_of(path))) else { return Vec::new() };
    let prefix = prefix(path);
    let is_temporary = |name: &OsStr| {
        let random = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
        random.is_some_and(|random| random.len() == RANDOM && random.iter().all(u8::is_ascii_alphanumeric))
    };
    let is_ours = |path: &PathBuf| {
        fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file() && system::is_ours(&metadata))
    };
    names.iter().filter(|name| is_temporary(name)).map(|name| path.with_file_name(name)).filter(is_ours).collect()
}

fn prefix(path: &Path) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(name_of(path));
    prefix.push(".gads-creds-");
    prefix
}

/// Whether what was written is what is there.
fn fill(file: &mut File, text: &[u8]) -> io::Result<bool> {
    retry(|| system::make_private(file))?;
    file.write_all(text)?;
    file.sync_all()?;
    Ok(snapshot::content(file)? == text)
}
