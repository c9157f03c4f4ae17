//! Files of this program itself, such as recovery files and pending logins, and the private directories that hold them.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::disk::{cannot, directory_of, path_check, retry, sync_directory, system, temporary};
use crate::error::Result;
use crate::hardening::Critical;

/// Writes a new file, 0600 and synced, under an unpredictable name in that directory. The directory is created if
/// needed.
pub fn create(directory: &Path, prefix: &str, suffix: &str, text: &str) -> Result<PathBuf> {
    let _critical = Critical::enter();
    let directory = make_directory(directory)?;
    system::check_changeable(&directory)?;
    let file = temporary::write_named(&directory, prefix.as_ref(), suffix.as_ref(), text.as_bytes())?;
    sync_directory(&directory)?;
    file.into_temp_path().keep().map_err(|error| cannot("create a file in", &directory, &error.error))
}

/// Makes a new directory, private to this user, with a random end to its name.
pub fn new_directory(above: &Path, prefix: &str) -> Result<PathBuf> {
    let _critical = Critical::enter();
    let above = path_check::writable(above)?;
    temporary::new_directory(&above, prefix).map_err(|error| cannot("create a directory in", &above, &error))
}

/// Returns the directories of this user there whose names begin like that, sorted.
pub fn own_directories(above: &Path, prefix: &str) -> Vec<PathBuf> {
    let mut names = retry(|| system::names(above, prefix.as_ref())).unwrap_or_default();
    names.sort();
    names.into_iter().map(|name| above.join(name)).filter(|path| is_own_directory(path)).collect()
}

/// Whether it is a directory of this user, and no link to one.
pub fn is_own_directory(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir() && system::is_ours(&metadata))
}

/// Lists the files in a directory of ours, sorted; empty if there is no such directory.
pub fn list(directory: &Path) -> Result<Vec<PathBuf>> {
    let directory = path_check::writable(directory)?;
    let mut names = match retry(|| system::names(&directory, "".as_ref())) {
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        names => names.map_err(|error| cannot("list", &directory, &error))?,
    };
    names.sort();
    Ok(names.into_iter().map(|name| directory.join(name)).collect())
}

/// Removes a file; a missing file is fine. The directory is not synced: after a power cut, a recovery file may reappear
/// whose token is already stored, which the next run recognizes.
pub fn remove(path: &Path) -> Result<()> {
    let _critical = Critical::enter();
    match retry(|| fs::remove_file(path)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(cannot("remove", path, &error)),
        _ => Ok(()),
    }
}

/// Creates the directory and its parents, private to this user, and returns its real path. Fails if another user may decide what
/// is in it: in the system's directory for temporary files one may have made it first.
pub fn make_directory(directory: &Path) -> Result<PathBuf> {
    let directory = path_check::writable(directory)?;
    if directory.is_dir() {
        return Ok(directory);
    }
    make(&directory)?;
    path_check::writable(&directory)
}

fn make(directory: &Path) -> Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    if let Some(above) = directory.parent() {
        make(above)?;
    }
    match retry(|| system::make_private_directory(directory)) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(cannot("create directory", directory, &error)),
        Ok(()) => sync_directory(directory_of(directory)),
    }
}
