//! Checks of the place itself: there, readable as its library reads it, private, free of leftovers.

use std::path::Path;

use crate::disk;
use crate::error::Kind;
use crate::format::{ConflictKind, Contents, Diagnostic, Outcome, Trouble};
use crate::profile::{self, quoted};
use crate::term;

use super::environment::FILE_VARIABLE;
use super::examined::Examined;
use super::{FIX_FIRST, Finding, diagnostic};

const UNREADABLE: &str = "the place cannot be read";

pub fn found(examined: &Examined) -> Finding {
    let login = "run `gads-creds login`";
    match (&examined.contents, &examined.path) {
        (Err(error), path) => {
            let mut finding = Finding::from_error(error);
            finding.next =
                finding.next.or(path.as_ref().map(|path| format!("fix or move {}", term::path(path)).into()));
            finding
        }
        (Ok(_), Some(path)) if !path.exists() => {
            let by = match examined.profile.chosen_by {
                by @ (profile::CONFIG_VARIABLE | FILE_VARIABLE) => format!(", which `{by}` names"),
                _ => String::new(),
            };
            let here = Path::new(path.file_name().unwrap_or_default());
            let next = match here.is_file() {
                true => format!("move {} from this folder there, or name it with `--config`", term::path(here)),
                false if by.is_empty() => login.to_owned(),
                false => format!("{login} to make it, or mend or unset the variable"),
            };
            Finding::fail(Kind::NotLoggedIn, format!("there is no file {}{by}", term::path(path)), next)
        }
        (Ok(contents), _) if examined.is_empty() => {
            let about = contents
                .diagnostics
                .iter()
                .find(|diagnostic| CREDENTIAL.iter().any(|field| is_about(diagnostic, field)));
            let why = about.map(|about| format!(": {}", diagnostic(about))).unwrap_or_default();
            Finding::fail(Kind::NotLoggedIn, format!("no credential is stored in {}{why}", examined.location), login)
        }
        (Ok(_), _) => match examined.profile.chosen_by {
            by @ (profile::CONFIG_VARIABLE | profile::PROFILE_VARIABLE | FILE_VARIABLE) => {
                Finding::ok(format!("{} (by `{by}`)", examined.location))
            }
            _ => Finding::ok(examined.location.clone()),
        },
    }
}

pub fn parsed(examined: &Examined) -> Finding {
    let Ok(contents) = &examined.contents else { return Finding::skip(UNREADABLE, FIX_FIRST) };
    if examined.is_empty() {
        return Finding::skip("nothing is stored", FIX_FIRST);
    }
    let reader = examined.format.map(|format| format.reader());
    let elsewhere = |diagnostic: &Diagnostic| is_customer_id(diagnostic) || lacks(contents, diagnostic);
    let of = |trouble| {
        contents.diagnostics.iter().find(|&diagnostic| diagnostic.trouble == trouble && !elsewhere(diagnostic))
    };
    if let Some(first) = of(Trouble::Breaks) {
        let mend = match first.key.as_str() {
            "use_proto_plus" => format!("write `use_proto_plus: true` into {}", examined.location),
            _ => mending(first, examined),
        };
        return Finding::fail(Kind::Parse, diagnostic(first), mend);
    }
    if let Some(odd) = of(Trouble::Odd) {
        return Finding::warn(diagnostic(odd), format!("look at line {} of {}", odd.line, examined.location));
    }
    match reader {
        Some(reader) => Finding::ok(format!("the {reader} reads it")),
        None => Finding::ok("the keychain holds it"),
    }
}

pub fn mode(examined: &Examined) -> Finding {
    let Some(path) = &examined.path else { return Finding::ok("no file: the keychain keeps it") };
    match disk::mode(path) {
        None => match disk::exposed(path) {
            Some(exposed) => Finding::warn(exposed, "move it below your user profile, which only you can read"),
            None if !path.exists() => Finding::ok("there is no file yet"),
            None => Finding::ok("it is below your user profile, which Windows keeps for you"),
        },
        Some(mode) if mode & 0o077 == 0 => Finding::ok(format!("{mode:04o}: only you can read it")),
        Some(mode) => Finding::warn(
            format!("{mode:04o}: others on this machine can read it"),
            format!("run `chmod 600 {}`", quoted(path)),
        ),
    }
}

pub fn placeholders(examined: &Examined) -> Finding {
    let Ok(contents) = &examined.contents else { return Finding::skip(UNREADABLE, FIX_FIRST) };
    let left: Vec<_> =
        contents.diagnostics.iter().filter(|diagnostic| diagnostic.trouble == Trouble::Placeholder).collect();
    match left.first() {
        None => Finding::ok("none are left"),
        Some(first) => {
            let stored = &contents.credentials;
            let complete =
                stored.client_id.is_some() && stored.client_secret.is_some() && stored.refresh_token.is_some();
            Finding::fail(
                if complete { Kind::Parse } else { Kind::NotLoggedIn },
                format!("{} left; {}", left.len(), diagnostic(first)),
                "run `gads-creds login`: it fills in what it gets and comments out the rest",
            )
        }
    }
}

pub fn conflicts(examined: &Examined) -> Finding {
    let Ok(contents) = &examined.contents else { return Finding::skip(UNREADABLE, FIX_FIRST) };
    let Some(conflict) = contents.conflicts.first() else { return Finding::ok("only the refresh token of a user") };
    let kind = match conflict.kind {
        ConflictKind::ServiceAccount => "a service account",
        ConflictKind::ApplicationDefault => "Application Default Credentials",
    };
    let what = format!("line {}: `{}` switches on {kind}", conflict.line, term::escape(&conflict.key));
    let mend = "remove that line, or run `gads-creds login --replace-kind`";
    match conflict.outcome {
        Outcome::ConflictWins => {
            Finding::fail(Kind::Parse, format!("{what}, which is used instead of the refresh token"), mend)
        }
        Outcome::LibraryFails => {
            Finding::fail(Kind::Parse, format!("{what}, and the library refuses to have both"), mend)
        }
        Outcome::UserWins => Finding::warn(format!("{what}, but the refresh token is used"), mend),
    }
}

pub fn customer_ids(examined: &Examined) -> Finding {
    let Ok(contents) = &examined.contents else { return Finding::skip(UNREADABLE, FIX_FIRST) };
    let wrong = contents
        .diagnostics
        .iter()
        .find(|diagnostic| is_customer_id(diagnostic) && diagnostic.trouble == Trouble::Breaks);
    if let Some(wrong) = wrong {
        return Finding::fail(Kind::Parse, diagnostic(wrong), mending(wrong, examined));
    }
    if let Some(odd) =
        contents.diagnostics.iter().find(|diagnostic| is_customer_id(diagnostic) && diagnostic.trouble == Trouble::Odd)
    {
        return Finding::warn(diagnostic(odd), mending(odd, examined));
    }
    match &contents.credentials.login_customer_id {
        Some(id) => Finding::ok(format!("login customer {id}")),
        None => Finding::ok("none is set; a login customer is only needed to go through a manager account"),
    }
}

/// What to do about a line, as far as the diagnostic on it tells.
fn mending(diagnostic: &Diagnostic, examined: &Examined) -> String {
    let place = format!("line {} of {}", diagnostic.line, examined.location);
    match &diagnostic.text {
        text if text.contains("empty") => format!("remove {place}"),
        text if text.contains("quote") && is_customer_id(diagnostic) => {
            format!("put the ten digits into quotes in {place}")
        }
        text if text.contains("computed") => {
            format!("write the value itself into {place}, or check it with the library")
        }
        _ if is_customer_id(diagnostic) => format!("write ten digits without dashes into {place}"),
        _ => format!("mend {place}"),
    }
}

/// The fields without which nobody is logged in; what keeps one of them from being read is told where it is missed.
const CREDENTIAL: [&str; 3] = ["client id", "client secret", "refresh token"];

fn lacks(contents: &Contents, diagnostic: &Diagnostic) -> bool {
    let stored = &contents.credentials;
    let there = [stored.client_id.is_some(), stored.client_secret.is_some(), stored.refresh_token.is_some()];
    CREDENTIAL.iter().zip(there).any(|(field, there)| !there && is_about(diagnostic, field))
}

fn is_customer_id(diagnostic: &Diagnostic) -> bool {
    is_about(diagnostic, "customerid")
}

/// Whether the key is the field's, however its library spells it: `api.googleads.refreshToken`, `refresh_token`.
pub fn is_about(diagnostic: &Diagnostic, field: &str) -> bool {
    let plain = |text: &str| text.replace(|char: char| !char.is_ascii_alphanumeric(), "").to_ascii_lowercase();
    plain(&diagnostic.key).ends_with(&plain(field))
}
