//! Who reads a service account's key from its file: what to report about that file once another store holds the key.

use std::path::{Path, PathBuf};

use crate::credentials::Key;
use crate::disk;
use crate::format::FormatName;
use crate::profile::{self, Location};
use crate::store::{self, Purpose};
use crate::term;

/// Says where the key is now, and whether its file is needed any more. `location` is where it is kept, for messages.
pub fn note(path: &Path, location: &str) -> String {
    let users = users(path);
    let path = term::path(path);
    match users.as_slice() {
        [] => {
            format!(
                "the key is now in {location}; no profile needs {path} any more, and it can be deleted unless a program reads it"
            )
        }
        users => format!("the key is now in {location}; {path} is still needed by {}", users.join(" and ")),
    }
}

/// Whether the key was read from the file that is to hold it, by whatever name.
pub fn is_itself(path: &Path, place: &Location) -> bool {
    match place {
        Location::File { path: kept, .. } => is_one_file(path, kept),
        Location::Keychain { .. } | Location::Command { .. } => false,
    }
}

fn is_one_file(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        if let (Ok(one), Ok(other)) = (one.metadata(), other.metadata())
            && (one.dev(), one.ino()) == (other.dev(), other.ino())
        {
            return true;
        }
    }
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Returns the profiles, files and variables that name the key's file. A file that cannot be understood counts if it has the file's name
/// in it.
fn users(path: &Path) -> Vec<String> {
    let listed = profile::all().unwrap_or_default().into_iter().filter_map(|listed| listed.profile.ok());
    let mut users = Vec::new();
    let mut seen: Vec<PathBuf> = Vec::new();
    for profile in listed {
        let Location::File { path: file, .. } = &profile.location else { continue };
        if names(&profile.location, path) {
            users.push(match &profile.name {
                Some(name) => format!("profile `{name}`"),
                None => term::path(file),
            });
        }
        seen.push(file.clone());
    }
    for format in FormatName::ALL {
        let Ok(file) = profile::library_location(Some(format)) else { continue };
        let is_known = seen.iter().any(|seen| is_one_file(seen, &file));
        if !is_known && names(&Location::File { path: file.clone(), format: Some(format) }, path) {
            users.push(term::path(&file));
        }
    }
    for name in ["GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_ADS_JSON_KEY_FILE_PATH"] {
        if std::env::var_os(name).is_some_and(|value| is_one_file(Path::new(&value), path)) {
            users.push(format!("`{name}`"));
        }
    }
    users
}

/// Whether the file at that location is the key's, or names it.
fn names(place: &Location, path: &Path) -> bool {
    let Location::File { path: file, .. } = place else { return false };
    if !file.exists() {
        return false;
    }
    if is_one_file(file, path) {
        return true;
    }
    let contents = store::open(place, Purpose::Update).and_then(|store| store.load());
    let Ok(contents) = contents else {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        return disk::read(file).ok().flatten().is_some_and(|text| text.contains(&*name));
    };
    match contents.credentials.service_account().map(|account| &account.key) {
        Some(Key::File(key)) => is_one_file(key, path),
        Some(Key::Document(_)) | None => false,
    }
}
