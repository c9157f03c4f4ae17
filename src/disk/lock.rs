//! Allows one run at a time, with locks of the operating system, which a killed run cannot leave behind.
//!
//! The lock is a separate file in the state directory, since the protected file is replaced by every change. If the
//! file system there does not support locks, nothing is written: a lost update would be a lost token.

use std::fmt;
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::disk::digest::digest;
use crate::disk::own_files::make_directory;
use crate::disk::{cannot, retry, system};
use crate::error::{Error, Result};
use crate::{hardening, paths, term};

/// How long to wait for another run.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long to wait before saying so.
const SILENT: Duration = Duration::from_secs(1);
/// The next step if the file system does not support locks.
const LOCAL: &str = if cfg!(any(target_os = "macos", windows)) {
    "keep that directory on a local disk, where files can be locked"
} else {
    "set `XDG_STATE_HOME` to a directory on a local disk, where files can be locked"
};
/// What the state directory holds of a lock.
const WHAT: &str = "the lock of this credential";
const PAUSE: Duration = Duration::from_millis(10);

/// Excludes every other run of this program from one location until dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
    /// Whether it ends with this run, also where a program that was started holds it.
    ends_here: bool,
}

impl Lock {
    /// Lets the programs that this run starts from now on hold the lock as well, wherever a lock can be passed on: if this run is
    /// killed, the lock lasts as long as they do.
    pub fn pass_on(&self) {
        // If that fails, the lock lasts as long as this run.
        let _ = system::pass_on(&self.file);
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // To close it is not enough once a program that keeps running has it too.
        if self.ends_here {
            let _ = self.file.unlock();
        }
    }
}

/// Why there is no lock.
enum NoLock {
    /// This machine has no directory for it.
    Unavailable(Error),
    /// Another run holds it.
    Busy(Error),
}

/// Waits for the lock of that name in the state directory. Gives up after 30 seconds, or after a signal to stop: what
/// is still to be stored is then in its recovery file.
pub fn lock(name: &str) -> Result<Lock> {
    try_lock(name).map_err(|no_lock| match no_lock {
        NoLock::Unavailable(error) | NoLock::Busy(error) => error,
    })
}

/// Waits for the lock of that name; `None` if this machine has no directory for it, as in a read-only container or a
/// sandbox. For callers that only read.
pub fn lock_if_writable(name: &str) -> Result<Option<Lock>> {
    match try_lock(name) {
        Ok(lock) => Ok(Some(lock)),
        Err(NoLock::Unavailable(_)) => Ok(None),
        Err(NoLock::Busy(error)) => Err(error),
    }
}

fn try_lock(name: &str) -> std::result::Result<Lock, NoLock> {
    let directory = directory().map_err(|error| NoLock::Unavailable(error.hint(state_elsewhere(WHAT))))?;
    wait(&directory.join(digest(name.as_bytes()))).map_err(|no_lock| match no_lock {
        NoLock::Unavailable(error) if !system::is_writable(&directory) => {
            NoLock::Unavailable(error.hint(state_elsewhere(WHAT)))
        }
        no_lock => no_lock,
    })
}

/// Returns the next step where the state directory cannot be written to. `what` is what it is to hold.
pub fn state_elsewhere(what: &str) -> String {
    let has_variable = !cfg!(any(target_os = "macos", windows));
    let of_another = system::is_root() && paths::state().is_ok_and(|state| super::other_owner(&state).is_some());
    match (of_another, has_variable) {
        // `sudo` often keeps `HOME`.
        (true, true) => {
            "run it as that user, without `sudo`; or set `XDG_STATE_HOME` and name a file of your own".into()
        }
        (true, false) => "run it as that user, without `sudo`".into(),
        (false, true) => {
            format!("set `XDG_STATE_HOME` to a directory of your own that can be written to: it holds {what}")
        }
        (false, false) => format!("make that directory yours and writable: it holds {what}"),
    }
}

/// Returns the directory of the locks, creating it if needed.
fn directory() -> Result<PathBuf> {
    make_directory(&paths::state()?.join("locks"))
}

/// Marks an existing file as used by this run, until dropped; others can read it. `None` where files cannot be locked. On Windows it
/// cannot be removed meanwhile.
pub fn hold(path: &Path) -> Option<Lock> {
    system::hold(path).map(|file| Lock { file, ends_here: false })
}

/// Does the same until the programs that this one starts have ended as well, wherever a lock can be passed on.
pub fn hold_with_children(path: &Path) -> Option<Lock> {
    let lock = hold(path)?;
    lock.pass_on();
    Some(lock)
}

/// Whether another run holds the file.
pub fn is_held(path: &Path) -> bool {
    system::is_held_by_another(path)
}

fn wait(path: &Path) -> std::result::Result<Lock, NoLock> {
    let start = Instant::now();
    let deadline = start + PATIENCE;
    let mut is_announced = false;
    loop {
        let mut file =
            system::open_lock(path).map_err(|error| NoLock::Unavailable(cannot("open lock", path, &error)))?;
        match file.try_lock() {
            Ok(()) if retry(|| system::is_at(&file, path)).is_ok_and(|there| there) => {
                // Only for the message of a run that gives up waiting: the lock works without it. Always as long, so that it
                // replaces what an earlier run wrote: to empty a file first takes ext4 longer than all else does.
                let _ = write!(file, "{:<10}", std::process::id());
                return Ok(Lock { file, ends_here: true });
            }
            // The file was removed between opening and locking it, so this lock protects nothing.
            Ok(()) if Instant::now() < deadline => thread::sleep(PAUSE),
            Ok(()) => {
                let message = format!("lock {} keeps being removed", term::path(path));
                return Err(NoLock::Busy(Error::io(message).hint("stop the program that cleans that directory")));
            }
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Interrupted => {}
            Err(TryLockError::Error(error)) => {
                return Err(NoLock::Unavailable(cannot("lock", path, &error).hint(LOCAL)));
            }
            Err(TryLockError::WouldBlock) if Instant::now() >= deadline => {
                return Err(NoLock::Busy(Holder::of(&mut file, path).error(path)));
            }
            Err(TryLockError::WouldBlock) => {
                if let Some(kind) = hardening::stopping() {
                    let message = format!("stopped while {} was at work", Holder::of(&mut file, path));
                    return Err(NoLock::Busy(Error::new(kind, message)));
                }
                if !is_announced && start.elapsed() >= SILENT {
                    let (holder, most) = (Holder::of(&mut file, path), PATIENCE.as_secs());
                    // Workers of this run may wait for each other, which needs no message.
                    if holder.process != Some(std::process::id()) {
                        term::warn(&format!("waiting for {holder}, {most} seconds at most"));
                    }
                    is_announced = true;
                }
                thread::sleep(PAUSE);
            }
        }
    }
}

/// Who holds a lock.
struct Holder {
    /// The run that took it, if the file names one.
    process: Option<u32>,
    /// Whether that run has ended, or is in another container or on another machine.
    is_gone: bool,
    /// The program that has it then, because the run passed it on.
    program: Option<(u32, String)>,
}

impl Holder {
    fn of(file: &mut File, path: &Path) -> Holder {
        let mut text = String::new();
        let read = file.rewind().and_then(|()| file.take(20).read_to_string(&mut text));
        let process = read.ok().and_then(|_| text.trim_end().parse().ok());
        let is_gone = process.is_some_and(system::has_ended);
        Holder { process, is_gone, program: if is_gone { system::holder(path) } else { None } }
    }

    /// Returns the error of a run that gives up waiting. The lock stays: that program may be the manager, at work.
    fn error(&self, path: &Path) -> Error {
        let place = term::path(path);
        let error = Error::io(format!("{self} has held the lock {place} for {} seconds", PATIENCE.as_secs()));
        match &self.program {
            Some((process, _)) => error.hint(format!("end that program (`kill {process}`), then try again")),
            None if self.is_gone => {
                error.hint(format!("end what `fuser {}` finds, then try again", term::quoted(path)))
            }
            None => error.hint("let it finish or end it, then try again"),
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let run = self.process.map(|process| format!(" (process {process})")).unwrap_or_default();
        match &self.program {
            Some((process, name)) => {
                write!(f, "process {process} ({}) of an ended run of gads-creds{run}", term::excerpt(name))
            }
            None if self.is_gone => write!(f, "a program of an ended run of gads-creds{run} or a run elsewhere"),
            None => write!(f, "another run of gads-creds{run}"),
        }
    }
}
