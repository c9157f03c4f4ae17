//! Checks what surrounds the store: variables, git, files that take precedence, unfinished logins.

use std::path::{Path, PathBuf};

use crate::commands::r#move::interrupted;
use crate::commands::{others, work_tree};
use crate::credentials::Key;
use crate::diagnosis;
use crate::disk;
use crate::format::{Contents, FormatName};
use crate::git::{self, Status};
use crate::memory_file;
use crate::paths;
use crate::pending;
use crate::profile;
use crate::recovery;
use crate::service_account_key::CONSOLE;
use crate::term;

use super::Finding;
use super::examined::Examined;

pub const FILE_VARIABLE: &str = "GOOGLE_ADS_CONFIGURATION_FILE_PATH";
const ADC_VARIABLE: &str = "GOOGLE_ADS_USE_APPLICATION_DEFAULT_CREDENTIALS";

/// Checks the variables that a program may read instead of the file. No library does so by itself: the program chooses
/// a loader.
pub fn variables(examined: &Examined) -> Finding {
    if let (Some(path), Some(named)) = (&examined.path, std::env::var_os(FILE_VARIABLE))
        && !named.is_empty()
        && !is_same(path, &paths::lenient(&named))
    {
        return Finding::warn(
            format!("`{FILE_VARIABLE}` sends the libraries to {}", term::path(Path::new(&named))),
            format!("unset it, or check that file with `gads-creds doctor --config \"${FILE_VARIABLE}\"`"),
        );
    }
    let ruby = examined.format.is_some_and(|format| format.name() == FormatName::Ruby);
    if ruby && std::env::var_os(ADC_VARIABLE).is_some_and(|value| !value.is_empty()) {
        return Finding::warn(
            format!("`{ADC_VARIABLE}` is set; the Ruby library takes any text in it, even `false`, for yes"),
            format!("unset `{ADC_VARIABLE}`"),
        );
    }
    let ours = |name: &String| {
        (name.starts_with("GOOGLE_ADS_") && name != FILE_VARIABLE) || name == "USE_APPLICATION_DEFAULT_CREDENTIALS"
    };
    let mut set: Vec<String> =
        std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).filter(ours).collect();
    set.sort();
    if set.is_empty() {
        return Finding::ok("none are set");
    }
    let names = set.iter().map(|name| format!("`{}`", term::escape(name))).collect::<Vec<_>>().join(", ");
    Finding::warn(
        format!("{names} set; a program that loads its configuration from the environment uses them instead"),
        "unset those that you do not need, or use `gads-creds exec`",
    )
}

fn is_same(one: &Path, other: &Path) -> bool {
    one == other || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Returns the path of a file that is there with every link followed, as git and a person write it: `canonicalize` returns
/// `\\?\C:\…` on Windows.
fn real(path: &Path) -> Option<PathBuf> {
    disk::resolve(path).ok().filter(|path| path.exists())
}

/// Checks whether git could publish the secrets.
pub fn git(examined: &Examined) -> Finding {
    if let Some(Key::File(key)) = examined.stored().service_account().map(|account| &account.key)
        && let Some(key) = real(key)
        && git::status(&key) == Status::Tracked
    {
        return Finding::fail(
            crate::error::Kind::Io,
            format!("git tracks the key {}", term::path(&key)),
            format!("delete the key at {CONSOLE} and create another, outside of the repository"),
        );
    }
    let Some(path) = &examined.path else { return Finding::ok("no file that git could track") };
    let Some(path) = real(path) else { return Finding::ok("no file that git could track") };
    let skip = |reason| Finding::skip(reason, work_tree::BY_HAND);
    match git::status(&path) {
        Status::Tracked => Finding::fail(
            crate::error::Kind::Io,
            format!("git tracks {}", term::path(&path)),
            "run `git rm --cached` on it, add it to .gitignore, and revoke the token if it was ever pushed",
        ),
        Status::Ignored => Finding::ok("git ignores the file"),
        Status::Untracked => Finding::warn(
            "git does not track the file, but does not ignore it either: `git add .` would take it along",
            work_tree::step(&path),
        ),
        Status::NoRepository => Finding::ok("the file is not in a git repository"),
        Status::GitIsMissing => {
            Finding::skip("the file is in a git repository, and git is not installed", "install git")
        }
        Status::NotRead => skip("git would not look into that repository"),
        Status::TimedOut => skip("git did not finish in time"),
        Status::NotStarted => skip("git could not be run"),
    }
}

/// Checks for files that the library would find before this one.
pub fn places(examined: &Examined) -> Finding {
    match examined.path.as_deref().and_then(others::read_before) {
        Some(first) => Finding::warn(
            format!("`{first}` in the current directory comes before the one in the home directory"),
            "remove one of them",
        ),
        None => Finding::ok("nothing else is used first"),
    }
}

pub fn unfinished(examined: &Examined) -> Finding {
    if let Some((text, step)) = interrupted(&examined.profile) {
        return Finding::warn(text, step);
    }
    let newer = |read: &Contents| {
        let newer = recovery::newer(&examined.profile, &read.credentials);
        diagnosis::replaced(&examined.profile, read, &newer)
    };
    if let Some(error) = examined.contents.as_ref().ok().and_then(newer) {
        return Finding::from_warning(&error);
    }
    match recovery::paths() {
        Err(error) => Finding::warn(error.message().to_owned(), disk::state_elsewhere("a token until it is stored")),
        Ok(left) => match left.first() {
            None => leftovers(examined),
            Some(path) => Finding::warn(
                format!("a credential that was never stored is in {}", term::path(path)),
                diagnosis::RECOVER,
            ),
        },
    }
}

/// Checks for temporary files of interrupted runs.
fn leftovers(examined: &Examined) -> Finding {
    let beside = examined.path.as_deref().map(disk::leftovers).unwrap_or_default();
    let of_state = [recovery::leftovers(), pending::leftovers(), profile::leftovers()];
    let of_state = of_state.into_iter().flatten().flatten();
    let left: Vec<PathBuf> = beside.into_iter().chain(of_state).chain(memory_file::leftovers()).collect();
    let Some(first) = left.first() else { return Finding::ok("none") };
    let text = match left.len() {
        1 => format!("an interrupted run left {}", term::path(first)),
        count => format!("interrupted runs left {count} files, such as {}", term::path(first)),
    };
    Finding::warn(text, "run `gads-creds doctor --fix`, which removes what is no longer needed")
}
