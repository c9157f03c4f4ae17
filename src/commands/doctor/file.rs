//! Checks the store: it exists, can be read as its library reads it, is private, and has no leftover files.

use crate::commands::others;
use crate::diagnosis;
use crate::disk;
use crate::error::Kind;
use crate::format::{Contents, Diagnostic, Field, Severity};
use crate::term;

use super::examined::Examined;
use super::{FIX_FIRST, Finding, Status, UNREADABLE};

pub fn found(examined: &Examined) -> Finding {
    match (&examined.contents, &examined.path) {
        (Err(error), path) => {
            let mut finding = Finding::from_error(error);
            finding.next =
                finding.next.or(path.as_ref().map(|path| format!("fix or move {}", term::path(path)).into()));
            finding
        }
        (Ok(contents), _) if examined.is_empty() => {
            Finding::from_error(&diagnosis::nothing(&examined.profile, contents))
        }
        (Ok(_), _) => Finding::ok(match examined.profile.selected_by.variable() {
            Some(variable) => format!("{} (by `{variable}`)", examined.location),
            None => examined.location.clone(),
        }),
    }
}

pub fn parsed(examined: &Examined) -> Finding {
    let Ok(contents) = &examined.contents else { return Finding::skip(UNREADABLE, FIX_FIRST) };
    if examined.is_empty() {
        return Finding::skip("nothing is stored", FIX_FIRST);
    }
    let reader = examined.format.map(|format| format.reader());
    let elsewhere = |diagnostic: &Diagnostic| {
        let is_refused = diagnostic.refuses_file();
        diagnostic.is_placeholder() || diagnostic.is_of_customer_id() || lacks(contents, diagnostic) && !is_refused
    };
    let of = |severity| {
        contents.diagnostics.iter().find(|&diagnostic| diagnostic.severity() == severity && !elsewhere(diagnostic))
    };
    if let Some(first) = of(Severity::Error) {
        // A value that is of another kind fails as it does where it is used.
        let of_value = first.field.and_then(|field| diagnosis::wrong_field(&examined.profile, contents, field));
        let kind = of_value.map_or(Kind::Parse, |error| error.kind());
        return Finding::fail(kind, first.to_string(), examined.step(first));
    }
    if let Some(first) = of(Severity::Warning) {
        return Finding::warn(first.to_string(), examined.step(first));
    }
    if let Some(line) = contents.unread_token {
        return Finding::from_warning(&diagnosis::unread_token(&examined.profile.location, line));
    }
    match reader {
        Some(reader) => Finding::ok(format!("the {reader} reads it")),
        None => Finding::ok("no library: it is not kept in a file"),
    }
}

/// Checks who may read and change the file, and profiles.toml, which names it.
pub fn mode(examined: &Examined) -> Finding {
    let finding = mode_of_store(examined);
    match others::changeable_profiles().filter(|_| finding.status == Status::Ok) {
        Some(error) => Finding::from_warning(&error),
        None => finding,
    }
}

fn mode_of_store(examined: &Examined) -> Finding {
    let Some(path) = &examined.path else { return Finding::ok("it is not kept in a file") };
    if path.is_dir() {
        return Finding::skip(UNREADABLE, FIX_FIRST);
    }
    if let Some(error) = disk::others_may_change(path).filter(|_| path.exists()) {
        return Finding::from_warning(&error);
    }
    match disk::mode(path) {
        None => match disk::exposed(path) {
            Some(exposed) => Finding::warn(exposed, "move it below your user profile, which only you can read"),
            None if !path.exists() => Finding::ok("there is no file yet"),
            None => Finding::ok("it is below your user profile, which Windows keeps for you"),
        },
        Some(mode) if mode & 0o077 == 0 => Finding::ok(format!("{mode:04o}: only you can read it")),
        Some(mode) => {
            Finding::warn(format!("{mode:04o}: others on this machine can read it"), others::step_to_private(path))
        }
    }
}

pub fn placeholders(examined: &Examined) -> Finding {
    let Ok(contents) = &examined.contents else { return Finding::skip(UNREADABLE, FIX_FIRST) };
    let left: Vec<_> = contents.diagnostics.iter().filter(|diagnostic| diagnostic.is_placeholder()).collect();
    match left.first() {
        None => match diagnosis::wrong_value(&examined.profile, &contents.credentials, Field::DeveloperToken) {
            Some(error) => Finding::from_error(&error),
            None if examined.is_empty() => Finding::skip("nothing is stored", FIX_FIRST),
            None => Finding::ok("none are left"),
        },
        Some(first) => {
            let stored = &contents.credentials;
            let complete = Field::OF_USER.iter().all(|field| field.get(stored).is_some());
            Finding::fail(
                if complete { Kind::Parse } else { Kind::NotLoggedIn },
                format!("{} left; {first}", left.len()),
                examined.step(left.iter().find(|about| lacks(contents, about)).unwrap_or(first)),
            )
        }
    }
}

pub fn conflicts(examined: &Examined) -> Finding {
    let Ok(contents) = &examined.contents else { return Finding::skip(UNREADABLE, FIX_FIRST) };
    match (diagnosis::conflict(contents), diagnosis::idle_conflict(contents)) {
        (Some(error), _) => Finding::from_error(&error),
        (None, Some(error)) => Finding::from_warning(&error),
        (None, None) => {
            let stored = &contents.credentials;
            Finding::ok(match (stored.service_account(), stored.refresh_token()) {
                (Some(_), _) => "only a service account",
                (None, Some(_)) => "only the refresh token of a user",
                (None, None) => "no conflicting credential",
            })
        }
    }
}

pub fn customer_ids(examined: &Examined) -> Finding {
    let Ok(contents) = &examined.contents else { return Finding::skip(UNREADABLE, FIX_FIRST) };
    let of = |severity| {
        let is_meant = |diagnostic: &&Diagnostic| {
            diagnostic.is_of_customer_id() && !diagnostic.is_placeholder() && diagnostic.severity() == severity
        };
        contents.diagnostics.iter().find(is_meant)
    };
    if let Some(wrong) = of(Severity::Error) {
        return Finding::fail(Kind::Parse, wrong.to_string(), examined.step(wrong));
    }
    if let Some(odd) = of(Severity::Warning) {
        return Finding::warn(odd.to_string(), examined.step(odd));
    }
    match &contents.credentials.login_customer_id {
        Some(id) => Finding::ok(format!("login customer {id}")),
        None => Finding::ok("none is set; a login customer is only needed to go through a manager account"),
    }
}

/// The fields without which nobody is logged in. What keeps one of them from being read is reported where it is
/// missing.
const CREDENTIAL: [Field; 3] = Field::OF_USER;

fn lacks(contents: &Contents, diagnostic: &Diagnostic) -> bool {
    diagnostic.field.is_some_and(|field| CREDENTIAL.contains(&field) && field.get(&contents.credentials).is_none())
}
