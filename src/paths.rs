//! The paths of this machine: the home directory, our configuration and state directories, and the meaning of a path
//! that a user typed.
//!
//! `directories` knows the platforms and the XDG rule that a relative path is ignored. A home directory that is not
//! absolute is an error here, since everything below it would depend on where the program was started. On Windows
//! `directories` asks the system, while the client libraries and gcloud read variables; a variable that is set takes
//! precedence here as well.

use std::env;
use std::fs::{self, Metadata};
#[cfg(unix)]
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use directories::BaseDirs;

use crate::error::{Error, Result};

mod new;
mod written;

pub use new::check_new;
pub use written::{FILE, absolute, expand, lenient, resolve};

const NAME: &str = "gads-creds";

/// The variable that names the home directory.
pub const HOME: &str = if cfg!(windows) { "USERPROFILE" } else { "HOME" };

/// Returns the user's home directory, where most client libraries look for their file.
pub fn home() -> Result<PathBuf> {
    Ok(named(HOME, base()?.home_dir()))
}

/// Returns the directory of `profiles.toml`: `~/.config/gads-creds`, `~/Library/Application Support/gads-creds`,
/// `%APPDATA%\gads-creds`.
pub fn config() -> Result<PathBuf> {
    if let Some(directory) = xdg("XDG_CONFIG_HOME") {
        return Ok(directory.join(NAME));
    }
    Ok(named("APPDATA", base()?.config_dir()).join(NAME))
}

/// Returns the directory of locks and recovery files: `~/.local/state/gads-creds`, on macOS that of profiles.toml,
/// `%LOCALAPPDATA%\gads-creds`.
pub fn state() -> Result<PathBuf> {
    if let Some(directory) = xdg("XDG_STATE_HOME") {
        return Ok(directory.join(NAME));
    }
    let base = base()?;
    Ok(named("LOCALAPPDATA", base.state_dir().unwrap_or_else(|| base.data_local_dir())).join(NAME))
}

/// Returns the directory of gcloud's Application Default Credentials, as google-auth finds it.
pub fn gcloud() -> Result<PathBuf> {
    let base = base()?;
    Ok(if cfg!(windows) {
        named("APPDATA", base.config_dir()).join("gcloud")
    } else {
        base.home_dir().join(".config").join("gcloud")
    })
}

/// Returns the directories for files that end with a command, best first: `$XDG_RUNTIME_DIR`; then the directory that `TMPDIR`
/// names, or else `/dev/shm` where that is in memory, and the system's directory for temporary files.
pub fn runtime() -> Result<Vec<PathBuf>> {
    let is_chosen = env::var_os("TMPDIR").is_some_and(|directory| Path::new(&directory).is_absolute());
    // After `su` the variable may name the directory of another user.
    let mut directories = Vec::from_iter(xdg("XDG_RUNTIME_DIR").filter(|directory| is_own(directory)));
    directories.extend(shared_memory().filter(|_| !is_chosen));
    directories.push(temporary()?);
    Ok(directories)
}

fn is_own(directory: &Path) -> bool {
    #[cfg(unix)]
    let is_ours = |metadata: &Metadata| metadata.uid() == rustix::process::geteuid().as_raw();
    #[cfg(windows)]
    let is_ours = |_: &Metadata| true;
    fs::metadata(directory).is_ok_and(|metadata| metadata.is_dir() && is_ours(&metadata))
}

/// Returns `/dev/shm` on Linux if it is a directory of root's in memory, in which users cannot replace each other's files.
#[cfg(target_os = "linux")]
fn shared_memory() -> Option<PathBuf> {
    const PLACE: &str = "/dev/shm";
    const STICKY: u32 = 0o1000;
    /// `TMPFS_MAGIC`
    const IN_MEMORY: rustix::fs::FsWord = 0x0102_1994;
    let metadata = fs::symlink_metadata(PLACE).ok().filter(|metadata| metadata.is_dir() && metadata.uid() == 0)?;
    let is_in_memory = rustix::fs::statfs(PLACE).is_ok_and(|system| system.f_type == IN_MEMORY);
    (is_in_memory && metadata.mode() & STICKY != 0).then(|| PathBuf::from(PLACE))
}

#[cfg(not(target_os = "linux"))]
fn shared_memory() -> Option<PathBuf> {
    None
}

/// Returns the user's directory for temporary files. A relative `TMPDIR` is ignored: what is saved below it would be found only
/// from there. On Windows `TEMP` is not used: it may be a directory that every user can read.
pub fn temporary() -> Result<PathBuf> {
    let own = if cfg!(windows) { Some(named("LOCALAPPDATA", base()?.data_local_dir()).join("Temp")) } else { None };
    let known = own.filter(|directory| directory.is_dir()).unwrap_or_else(env::temp_dir);
    Ok(if known.is_absolute() { known } else { PathBuf::from("/tmp") })
}

/// Returns the directory that the variable names on Windows, if it is set to an absolute path; otherwise the known one.
fn named(variable: &str, known: &Path) -> PathBuf {
    let set = if cfg!(windows) { env::var_os(variable).map(PathBuf::from) } else { None };
    set.filter(|directory| directory.is_absolute()).unwrap_or_else(|| known.to_path_buf())
}

/// Returns the directory that the variable of the XDG specification names, where that counts: it needs no home directory.
fn xdg(variable: &str) -> Option<PathBuf> {
    let counts = !cfg!(any(windows, target_vendor = "apple"));
    env::var_os(variable).map(PathBuf::from).filter(|directory| counts && directory.is_absolute())
}

fn base() -> Result<BaseDirs> {
    let unknown = || {
        Error::io(format!("cannot determine your home directory: `{HOME}` is not set to an absolute path"))
            .hint(format!("set `{HOME}` to your home directory"))
    };
    BaseDirs::new().filter(|base| base.home_dir().is_absolute()).ok_or_else(unknown)
}
