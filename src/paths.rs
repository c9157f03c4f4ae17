//! Where things stand on this machine: the home directory, our configuration directory, our state directory, and what a path that a
//! person wrote means.
//!
//! `directories` knows the platforms; the XDG rule that a relative path is ignored is its work. A home directory that is not
//! absolute is refused here, since everything below it would depend on where the program was started. Of Windows it asks
//! the system, while the client libraries and gcloud read the variables: where one is set, it counts here as well.

use std::env;
use std::path::{Path, PathBuf};

use directories::BaseDirs;

use crate::error::{Error, Result};

mod written;

pub use written::{expand, lenient, resolve};

const NAME: &str = "gads-creds";

/// The user's home directory: where most client libraries look for their file.
pub fn home() -> Result<PathBuf> {
    Ok(named("USERPROFILE", base()?.home_dir()))
}

/// Where `profiles.toml` stands: `~/.config/gads-creds`, `~/Library/Application Support/gads-creds`, `%APPDATA%\gads-creds`.
pub fn config() -> Result<PathBuf> {
    Ok(named("APPDATA", base()?.config_dir()).join(NAME))
}

/// Where locks and recovery files stand: `~/.local/state/gads-creds`, on macOS beside profiles.toml,
/// `%LOCALAPPDATA%\gads-creds`.
pub fn state() -> Result<PathBuf> {
    let base = base()?;
    Ok(named("LOCALAPPDATA", base.state_dir().unwrap_or_else(|| base.data_local_dir())).join(NAME))
}

/// The directory of gcloud's Application Default Credentials, as google-auth finds it.
pub fn gcloud() -> Result<PathBuf> {
    let base = base()?;
    Ok(if cfg!(windows) {
        named("APPDATA", base.config_dir()).join("gcloud")
    } else {
        base.home_dir().join(".config").join("gcloud")
    })
}

/// Where files stand that end with the session: `$XDG_RUNTIME_DIR`, else the user's directory for temporary files. On Windows
/// that is not what `TEMP` says, which may lead to a directory that every user reads.
pub fn runtime() -> Result<PathBuf> {
    let base = base()?;
    let runtime = if cfg!(windows) {
        Some(named("LOCALAPPDATA", base.data_local_dir()).join("Temp"))
    } else {
        base.runtime_dir().map(Path::to_path_buf)
    };
    Ok(runtime.filter(|directory| directory.is_dir()).unwrap_or_else(env::temp_dir))
}

/// On Windows the directory that the variable names, if it is set to an absolute path; elsewhere the known one.
fn named(variable: &str, known: &Path) -> PathBuf {
    let set = if cfg!(windows) { env::var_os(variable).map(PathBuf::from) } else { None };
    set.filter(|directory| directory.is_absolute()).unwrap_or_else(|| known.to_path_buf())
}

fn base() -> Result<BaseDirs> {
    let unknown = || {
        Error::io("cannot determine your home directory: `HOME` is not set to an absolute path")
            .hint("set `HOME` to your home directory")
    };
    BaseDirs::new().filter(|base| base.home_dir().is_absolute()).ok_or_else(unknown)
}
