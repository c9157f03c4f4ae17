//! Where things stand on this machine: the home folder, our config folder, our state folder.
//!
//! `directories` knows the platforms; the XDG rule that a relative path is ignored is its work. A home folder that is not
//! absolute is refused here, since everything below it would depend on where the program was started.

use std::path::PathBuf;

use directories::BaseDirs;

use crate::error::{Error, Result};

const NAME: &str = "gads-creds";

/// The user's home folder: where most client libraries look for their file.
pub fn home() -> Result<PathBuf> {
    Ok(base()?.home_dir().to_path_buf())
}

/// Where `profiles.toml` stands: `~/.config/gads-creds`, `~/Library/Application Support/gads-creds`, `%APPDATA%\gads-creds`.
pub fn config() -> Result<PathBuf> {
    Ok(base()?.config_dir().join(NAME))
}

/// Where locks and recovery files stand: `~/.local/state/gads-creds` and its like.
pub fn state() -> Result<PathBuf> {
    let base = base()?;
    Ok(base.state_dir().unwrap_or_else(|| base.data_local_dir()).join(NAME))
}

/// The folder of gcloud's Application Default Credentials, as google-auth finds it.
pub fn gcloud() -> Result<PathBuf> {
    let base = base()?;
    Ok(if cfg!(windows) { base.config_dir().join("gcloud") } else { base.home_dir().join(".config").join("gcloud") })
}

/// Where files stand that end with the session: `$XDG_RUNTIME_DIR`, else the folder for temporary files.
pub fn runtime() -> Result<PathBuf> {
    let base = base()?;
    let runtime = base.runtime_dir().filter(|folder| folder.is_dir());
    Ok(runtime.map_or_else(std::env::temp_dir, |folder| folder.to_path_buf()))
}

fn base() -> Result<BaseDirs> {
    let unknown = || {
        Error::broken("cannot tell your home folder: `HOME` is not set to an absolute path")
            .hint("set `HOME` to your home folder")
    };
    BaseDirs::new().filter(|base| base.home_dir().is_absolute()).ok_or_else(unknown)
}
