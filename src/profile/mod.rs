//! Profiles: which credential is selected, and the metadata of its token, kept in profiles.toml.
//!
//! Users may write that file by hand: it is edited in place and every comment stays. It holds no secret. Metadata
//! carries the fingerprint of its token, so that it does not apply to a token put in by hand. A credential that nobody
//! named has `name: None` even if its metadata is recorded: users who never name a profile never see the word.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::format::{Contents, FormatName};
use crate::hint::Target;
use crate::paths;
use crate::term;

mod child_environment;
mod engine;
mod file;
mod library_file;
mod metadata;
mod name;
mod recipes;
mod recorded;
mod select;
mod selected_by;
mod shared;
mod store_choice;
mod written_location;

pub use crate::term::quoted;
pub use child_environment::environment_for_child;
pub use engine::{Engine, quoted_word, words};
pub use file::{
    Listed, all, all_in, default_name, forget, names, preflight, preflight_forget, remember, with_entry, without_entry,
};
pub use file::{
    begin_move, check_engines_are_trusted, end_move, intend_move, intended_move, others_may_change_profiles,
    preflight_default, same_location, set_default, unfinished_move, withdraw_move,
};
pub use file::{clear as clear_leftovers, leftovers};
pub use library_file::{library_file_with_token, library_location, relocated};
pub use metadata::{Expiry, TokenMetadata, duration, rfc3339, when};
pub use name::ProfileName;
pub use recipes::{engine, spellings};
pub use recorded::{is_found_unchanged, moved, previous_location, with_recorded_metadata};
pub use select::{all_or_only, check_case, choose, choose_for_login, choose_target};
pub use selected_by::SelectedBy;
pub use shared::{Shared, Sharer, sharing};
pub use store_choice::{StoreChoice, command_location};
pub use written_location::WrittenLocation;

/// Where a credential is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// `format` is `None` if the file's name and content show it. The path is absolute; its links are not followed.
    File {
        path: PathBuf,
        format: Option<FormatName>,
    },
    Keychain {
        profile: ProfileName,
    },
    /// A secret manager, used through its command line.
    Command {
        profile: ProfileName,
        engine: Engine,
    },
}

impl Location {
    /// Returns the value of `--store` for a location of this kind.
    pub fn store_option(&self) -> String {
        match self {
            Location::File { .. } => "file".to_owned(),
            Location::Keychain { .. } => "keychain".to_owned(),
            Location::Command { engine, .. } => engine.recipe().unwrap_or_else(|| "command".to_owned()),
        }
    }

    /// Returns the location as tables and `--json` name it: a path without the backticks that it has in a sentence.
    pub fn plain(&self) -> String {
        match self {
            Location::File { path, .. } => term::plain_path(path),
            Location::Keychain { .. } | Location::Command { .. } => self.to_string(),
        }
    }

    /// Returns the same with `~` for the home directory, for lists that people read.
    pub fn short(&self) -> String {
        let home = paths::home().ok();
        match self {
            Location::File { path, .. } => match home.and_then(|home| path.strip_prefix(home).ok()) {
                Some(rest) => term::plain_path(&Path::new("~").join(rest)),
                None => self.plain(),
            },
            Location::Keychain { .. } | Location::Command { .. } => self.plain(),
        }
    }
}

/// As sentences name it.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::File { path, .. } => f.write_str(&term::path(path)),
            Location::Keychain { profile } => write!(f, "keychain (service gads-creds, profile {profile})"),
            Location::Command { engine, .. } => engine.fmt(f),
        }
    }
}

/// One credential: its location and metadata.
#[derive(Clone, Debug)]
pub struct Profile {
    /// `None` for a file selected by `--config`, by variable or by default, unless the user named that file.
    pub name: Option<ProfileName>,
    pub location: Location,
    /// As recorded: [`TokenMetadata::valid_for`] checks whether it is about the current token.
    pub metadata: TokenMetadata,
    /// Which rule selected it.
    pub selected_by: SelectedBy,
}

/// What the command line says about which credential to use.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choice<'a> {
    pub config: Option<&'a Path>,
    pub profile: Option<&'a str>,
    pub format: Option<FormatName>,
}

impl Choice<'_> {
    /// Returns the location of a file, with the format that the command line gives.
    fn file(&self, path: PathBuf) -> Location {
        Location::File { path, format: self.format }
    }
}

impl Profile {
    /// Returns the options by which another command selects this credential: its name, or the file and format that the
    /// command line gave.
    pub fn target(&self) -> Target {
        let is_service_account = self.metadata.is_of_service_account();
        if let Some(name) = &self.name {
            return Target { profile: Some(name.to_string()), is_service_account, ..Target::default() };
        }
        let Location::File { path, format } = &self.location else {
            return Target { is_service_account, ..Target::default() };
        };
        Target {
            is_service_account,
            config: matches!(self.selected_by, SelectedBy::ConfigOption | SelectedBy::ProfilesFile)
                .then(|| quoted(path)),
            format: format.map(|format| format.to_string()),
            ..Target::default()
        }
    }

    /// Fails for a configuration without a key (workload identity, impersonation): libraries read it by themselves, and
    /// this program cannot use it.
    pub fn check_not_keyless(&self, contents: &Contents) -> Result<()> {
        let Some(kind) = contents.keyless() else { return Ok(()) };
        let message = format!(
            "{} is a configuration without a key (type `{kind}`): there is nothing in it that gads-creds could renew or hand over",
            self.location
        );
        Err(Error::usage(message).hint(KEYLESS).about(self.target()))
    }

    /// Returns the next step for a command that needs a profile and has a file without a name.
    pub fn to_be_named(&self) -> String {
        let file = match &self.location {
            Location::File { path, format } => {
                let format = format.map(|format| format.to_string());
                Target { config: Some(quoted(path)), format, ..Target::default() }.options("login")
            }
            Location::Keychain { .. } | Location::Command { .. } => String::new(),
        };
        format!("`gads-creds login -p NAME{file}` gives it a name")
    }
}

/// How a library loads a configuration without a key.
pub const KEYLESS: &str = "let the library load it: set `GOOGLE_APPLICATION_CREDENTIALS` to its path and switch on \
                           `use_application_default_credentials` (Java and .NET: `useApplicationDefaultCredentials`) in the \
                           library's file";

/// Returns a name quoted for a shell, even one that no profile or format can have: without it a hint would be about
/// another credential.
pub fn quoted_name(name: &str) -> String {
    quoted(Path::new(name))
}

/// Returns the command line that renames a file and replaces none. `move` is known to cmd and to PowerShell.
pub fn renaming(from: &Path, to: &Path) -> String {
    let program = if cfg!(windows) { "move" } else { "mv -n" };
    format!("{program} {} {}", quoted(from), quoted(to))
}

/// Returns the command line that creates a directory and those above it, which cmd and PowerShell do without an option.
pub fn making(directory: &Path) -> String {
    let program = if cfg!(windows) { "mkdir" } else { "mkdir -p" };
    format!("{program} {}", quoted(directory))
}
