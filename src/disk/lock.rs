//! One run at a time: locks of the operating system, so that a killed run leaves none behind.
//!
//! The lock is a file of its own in the state folder, since the file it protects is a new one after every change. Where the
//! file system there knows no locks, nothing is written: a lost update would be a lost token.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::disk::{cannot, make_folder, path_check, retry, system};
use crate::error::{Error, Result};
use crate::{hardening, paths, term};

/// How long another run is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long without a word.
const SILENT: Duration = Duration::from_secs(1);
/// What helps where the file system knows no locks.
const LOCAL: &str = if cfg!(any(target_os = "macos", windows)) {
    "keep that folder on a local disk, where files can be locked"
} else {
    "set `XDG_STATE_HOME` to a folder on a local disk, where files can be locked"
};
const PAUSE: Duration = Duration::from_millis(10);

/// Keeps every other run of this program away from one place until dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Waits for the lock of that name in the state folder; gives up after 30 seconds, or when a signal to stop has come: what is
/// still to be stored then is in its recovery file.
pub fn lock(name: &str) -> Result<Lock> {
    let digest: String = Sha256::digest(name)[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    let folder = path_check::writable(&paths::state()?.join("locks"))?;
    make_folder(&folder).map_err(|error| elsewhere(error, &folder))?;
    wait(&folder.join(digest)).map_err(|error| elsewhere(error, &folder))
}

/// Likewise, but none where the state folder takes no file, as in a read-only container: for who means to change nothing.
pub fn lock_if_writable(name: &str) -> Result<Option<Lock>> {
    match lock(name) {
        Err(_) if !takes_files(&paths::state()?.join("locks")) => Ok(None),
        done => done.map(Some),
    }
}

/// Marks a file that is there as this run's, until dropped; where files cannot be locked the mark is none.
pub fn hold(path: &Path) -> Option<Lock> {
    let file = File::open(path).ok()?;
    file.try_lock().ok().map(|()| Lock { _file: file })
}

/// Whether another run holds the file. Those who only ask do so with a shared lock: they do not take each other for holders.
pub fn is_held(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// The error with the one way out that leads around a folder which takes no file.
fn elsewhere(error: Error, folder: &Path) -> Error {
    if takes_files(folder) {
        return error;
    }
    error.hint(match cfg!(any(target_os = "macos", windows)) {
        true => "let the folder be written to: the lock of this credential stands there",
        false => "set `XDG_STATE_HOME` to a folder that can be written to: the lock of this credential stands there",
    })
}

/// Whether a file can be made in the folder, or the folder itself.
fn takes_files(folder: &Path) -> bool {
    folder.ancestors().find(|folder| folder.exists()).is_some_and(system::is_writable)
}

fn wait(path: &PathBuf) -> Result<Lock> {
    let start = Instant::now();
    let deadline = start + PATIENCE;
    let mut told = false;
    loop {
        let mut file = system::locking().open(path).map_err(|error| cannot("open lock", path, &error))?;
        match file.try_lock() {
            Ok(()) if retry(|| system::is_at(&file, path)).is_ok_and(|there| there) => {
                // Only for the message of a run that waits in vain: the lock holds without it.
                let _ = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
                return Ok(Lock { _file: file });
            }
            // Somebody removed the file between opening and locking it: this is the lock of nothing.
            Ok(()) if Instant::now() < deadline => {}
            Ok(()) => {
                let message = format!("lock {} is being removed all the time", term::path(path));
                return Err(Error::io(message).hint("stop the program that cleans that folder"));
            }
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Interrupted => {}
            Err(TryLockError::Error(error)) => {
                return Err(cannot("lock", path, &error).hint(LOCAL));
            }
            Err(TryLockError::WouldBlock) if Instant::now() >= deadline => {
                let message = format!(
                    "another run of gads-creds{} has held the lock {} for {} seconds",
                    named(holder(&mut file)),
                    term::path(path),
                    PATIENCE.as_secs()
                );
                return Err(Error::io(message).hint("let it finish or end it, then try again"));
            }
            Err(TryLockError::WouldBlock) => {
                if let Some(kind) = hardening::stopping() {
                    let message =
                        format!("stopped while another run of gads-creds{} was at work", named(holder(&mut file)));
                    return Err(Error::new(kind, message));
                }
                if !told && start.elapsed() >= SILENT {
                    let (holder, most) = (holder(&mut file), PATIENCE.as_secs());
                    // This run's own workers may wait for each other: that is no news.
                    if holder != Some(std::process::id()) {
                        let who = named(holder);
                        term::warn(&format!("waiting for another run of gads-creds{who}, {most} seconds at most"));
                    }
                    told = true;
                }
                thread::sleep(PAUSE);
            }
        }
    }
}

/// The process that holds it, if that can be told.
fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().and_then(|()| file.take(20).read_to_string(&mut text)).ok()?;
    text.parse().ok()
}

fn named(holder: Option<u32>) -> String {
    holder.map(|process| format!(" (process {process})")).unwrap_or_default()
}
