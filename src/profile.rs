//! Which credential is meant, and what we learnt of it: profiles.toml.
//!
//! People may write that file by hand: it is edited in place and every comment stays. It holds no secret. What was learnt of
//! a token carries the token's fingerprint, so that a token put in by hand voids it.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::error::Result;

/// A profile's name: safe as a TOML key, a label in a keychain and a word in a shell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProfileName(String);

impl ProfileName {
    pub fn new(name: &str) -> Result<ProfileName> {
        Ok(ProfileName(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a credential is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// `format` is absent where the file's name and content tell.
    File {
        path: PathBuf,
        format: Option<&'static str>,
    },
    Keychain {
        profile: ProfileName,
    },
}

/// One credential: where it is and what is known of it.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Absent for a file used by `--config`, by variable or by default, unless something about it was remembered.
    pub name: Option<ProfileName>,
    pub place: Place,
    pub facts: Facts,
    /// Which rule chose it, for messages: `--config`, `GADS_CREDS_PROFILE`, …
    pub chosen_by: &'static str,
}

/// What Google told of a token when it issued it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub client_id: Option<String>,
    pub obtained: Option<Timestamp>,
    pub dies: Option<Timestamp>,
    pub scopes: Vec<String>,
    pub account: Option<String>,
    /// The origin of the stand-in the token came from; absent for Google's own.
    pub endpoint: Option<String>,
    /// Of the token these facts belong to.
    pub fingerprint: Option<String>,
}

/// What the command line says about which credential is meant.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choice<'a> {
    pub config: Option<&'a Path>,
    pub profile: Option<&'a str>,
    pub format: Option<&'a str>,
}

/// The credential that is meant, by the order of the manual; exit 3 for a profile nobody knows.
pub fn choose(choice: Choice) -> Result<Profile> {
    todo!()
}

/// Likewise for `login`, where a profile may be new and `--profile` with `--config` names a file.
pub fn choose_for_login(choice: Choice, store: Option<&str>) -> Result<Profile> {
    todo!()
}

/// Every profile in the file, in its order.
pub fn all() -> Result<Vec<Profile>> {
    todo!()
}

/// Writes place and facts of a profile into profiles.toml, under the lock.
pub fn remember(profile: &Profile) -> Result<()> {
    todo!()
}

/// Takes the profile out of profiles.toml.
pub fn forget(name: &ProfileName) -> Result<()> {
    todo!()
}

impl Profile {
    pub fn option(&self) -> String {
        todo!()
    }
    pub fn check_endpoint(&self, _o: Option<&str>) -> Result<()> {
        todo!()
    }
}
impl ProfileName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl std::fmt::Display for ProfileName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

pub struct Life {
    pub text: String,
    pub hint: Option<String>,
}
impl Facts {
    pub fn life(&self, _now: Timestamp) -> Option<Life> {
        todo!()
    }
}
