//! What a program may use instead of the stored credential.
//!
//! No client library lets a variable override its file: a program chooses one loader or the other. A variable therefore
//! matters only to programs that load their configuration from the environment, and the text says so.

use std::path::Path;

use crate::commands::others;
use crate::format::{Conflict, Contents, Outcome};
use crate::paths;
use crate::profile::{Location, Profile};
use crate::term;

/// The variables that select a credential in every library (doctor and `exec` know more about each).
const VARIABLES: [&str; 7] = [
    "GOOGLE_ADS_CLIENT_ID",
    "GOOGLE_ADS_CLIENT_SECRET",
    "GOOGLE_ADS_REFRESH_TOKEN",
    "GOOGLE_ADS_DEVELOPER_TOKEN",
    "GOOGLE_ADS_LOGIN_CUSTOMER_ID",
    "GOOGLE_ADS_JSON_KEY_FILE_PATH",
    "GOOGLE_ADS_USE_APPLICATION_DEFAULT_CREDENTIALS",
];

/// Returns one line for each thing that takes precedence over the stored credential.
pub fn overrides(profile: &Profile, contents: &Contents) -> Vec<String> {
    let mut lines: Vec<String> = contents.other_kinds().filter_map(conflict).collect();
    let set: Vec<&str> = VARIABLES.into_iter().filter(|name| is_set(name)).collect();
    if !set.is_empty() {
        lines.push(format!("{}, for programs that load the environment", set.join(", ")));
    }
    if let (Some(named), Location::File { path, .. }) = (std::env::var_os(NAMES_FILE), &profile.location)
        && !named.is_empty()
        && paths::lenient(&named) != *path
    {
        lines.push(format!("{NAMES_FILE}, which names {} to every library", term::path(Path::new(&named))));
    }
    if let Location::File { path, .. } = &profile.location
        && let Some(first) = others::read_before(path)
    {
        lines.push(format!("`{first}` in the current directory, which PHP's library reads first"));
    }
    lines
}

const NAMES_FILE: &str = "GOOGLE_ADS_CONFIGURATION_FILE_PATH";

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

fn conflict(conflict: &Conflict) -> Option<String> {
    let kind = conflict.kind.name();
    let end = match conflict.outcome {
        Outcome::ConflictWins => "",
        Outcome::LibraryFails => ", and the library rejects a file with both",
        Outcome::UserWins => return None,
    };
    Some(format!("{kind} (`{}` on line {}){end}", term::excerpt(&conflict.key), conflict.line))
}
