//! Writes the new text to a temporary file next to the one it will replace.
//!
//! Its name contains that of the file, or a digest of a long one, so that a later run, which holds the lock of that
//! file, can clear what a killed run left.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::{Builder, NamedTempFile};

use crate::disk::digest::digest;
use crate::disk::{MOST, cannot, directory_of, name_of, retry, snapshot, system};
use crate::error::{Error, Result};
use crate::term;

/// The number of random characters at the end of a name.
const RANDOM: usize = 12;
/// The longest name that file systems take, in bytes.
const LONGEST: usize = 255;

/// Writes the text to a temporary file next to that path: complete, 0600, synced and read back. Dropping it removes it.
pub fn write(path: &Path, text: &[u8]) -> Result<NamedTempFile> {
    write_named(directory_of(path), &prefix(path), OsStr::new(""), text)
}

/// Writes a temporary file in that directory, with this prefix and suffix to its name.
pub fn write_named(directory: &Path, prefix: &OsStr, suffix: &OsStr, text: &[u8]) -> Result<NamedTempFile> {
    if text.len() as u64 > MOST {
        let message = format!("a file in {} would grow over 1 MiB", term::path(directory));
        return Err(Error::io(message).hint("remove what is not a setting"));
    }
    write_with(directory, prefix, suffix, text, Readers::Owner)
}

/// Writes a temporary file next to that path, which everybody may read whom the umask admits.
pub fn write_public(path: &Path, text: &[u8]) -> Result<NamedTempFile> {
    write_with(directory_of(path), &prefix(path), OsStr::new(""), text, Readers::AsUmask)
}

/// Makes a directory that only this user can use, with a random end to its name.
pub fn new_directory(above: &Path, prefix: &str) -> io::Result<PathBuf> {
    let made = Builder::new().prefix(prefix).rand_bytes(RANDOM).make_in(above, system::make_private_directory)?;
    made.into_temp_path().keep().map_err(|error| error.error)
}

/// Who may read a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Readers {
    Owner,
    AsUmask,
}

fn write_with(
    directory: &Path,
    prefix: &OsStr,
    suffix: &OsStr,
    text: &[u8],
    readers: Readers,
) -> Result<NamedTempFile> {
    let mut file = Builder::new()
        .prefix(prefix)
        .suffix(suffix)
        .rand_bytes(RANDOM)
        .make_in(directory, |path| match readers {
            Readers::Owner => system::creating().open(path),
            Readers::AsUmask => system::creating_public().open(path),
        })
        .map_err(|error| cannot("create a file in", directory, &error))?;
    let written = fill(file.as_file_mut(), text, readers).map_err(|error| cannot("write into", directory, &error))?;
    if !written {
        let message = format!("what was written into {} does not read back the same", term::path(directory));
        return Err(Error::io(message).hint("check that disk"));
    }
    Ok(file)
}

/// Removes the file, and returns an error if that fails.
pub fn discard(file: NamedTempFile) -> Result<()> {
    match retry(|| fs::remove_file(file.path())) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(cannot("remove", file.path(), &error)),
        _ => Ok(()),
    }
}

/// Removes the temporary files of killed runs next to that path, and returns their paths. The caller holds the lock, so
/// no other run is using them.
pub fn clear(path: &Path) -> Vec<PathBuf> {
    // Leftover files are not an error: another run can clear them.
    leftovers(path).into_iter().filter(|leftover| retry(|| fs::remove_file(leftover)).is_ok()).collect()
}

/// Removes what was left there that long ago: without a lock, a run may be at work there.
pub fn clear_abandoned(path: &Path, age: Duration) {
    for leftover in leftovers(path) {
        let modified = fs::symlink_metadata(&leftover).and_then(|metadata| metadata.modified()).ok();
        if modified.and_then(|time| time.elapsed().ok()).is_some_and(|passed| passed > age) {
            // Another run tries again.
            let _ = retry(|| fs::remove_file(&leftover));
        }
    }
}

/// Returns the temporary files next to that path: of killed runs, or of a running one.
pub fn leftovers(path: &Path) -> Vec<PathBuf> {
    let prefix = prefix(path);
    let Ok(names) = retry(|| system::names(directory_of(path), &prefix)) else { return Vec::new() };
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
    const MARK: &str = ".gads-creds-";
    let (mut prefix, name) = (OsString::from("."), name_of(path));
    match prefix.len() + name.len() + MARK.len() + RANDOM > LONGEST {
        true => prefix.push(digest(name.as_encoded_bytes())),
        false => prefix.push(name),
    }
    prefix.push(MARK);
    prefix
}

/// Writes the text, and returns whether it is read back unchanged.
fn fill(file: &mut File, text: &[u8], readers: Readers) -> io::Result<bool> {
    if readers == Readers::AsUmask {
        file.write_all(text)?;
        system::sync(file)?;
        // It may be larger than what is read of any file.
        return Ok(true);
    }
    retry(|| system::make_private(file))?;
    file.write_all(text)?;
    system::sync(file)?;
    Ok(snapshot::content(file)? == text)
}
