//! Why a part of a credential is missing: the line that was meant to set it, the file that is elsewhere, the token that waits.

use std::path::{Path, PathBuf};

use crate::credentials::Field;
use crate::error::{Error, Kind, Result};
use crate::format::{Contents, Diagnostic, DiagnosticCode, Outcome};
use crate::hint::{Hint, Target};
use crate::profile::{self, Choice, Location, Profile, SelectedBy, renaming};
use crate::{recovery, term};

use super::{ORDER, RECOVER, near_files, place, step};

/// Returns why no credential is stored, and how to add one.
pub fn nothing(profile: &Profile, contents: &Contents) -> Error {
    match ORDER.into_iter().find(|field| explanation(contents, *field).is_some()) {
        Some(field) => missing_field(profile, contents, field),
        None => absent(profile, "credential", |step| step),
    }
    .about(profile.target())
}

/// Returns why no client is found although a line was meant to set one.
pub fn missing_client(profile: &Profile, contents: &Contents) -> Option<Error> {
    let is_missing = |field: &Field| field.get(&contents.credentials).is_none();
    let meant = [Field::ClientId, Field::ClientSecret].into_iter().filter(is_missing);
    let field = meant.into_iter().find(|field| {
        explanation(contents, *field).is_some_and(|about| {
            !about.is_placeholder() && !matches!(about.code, DiagnosticCode::Empty(_) | DiagnosticCode::NoValue)
        })
    })?;
    Some(missing_field(profile, contents, field).about(profile.target()))
}

/// Returns the diagnostic of the line that was meant to set the field, or that hides it.
pub fn explanation(contents: &Contents, field: Field) -> Option<&Diagnostic> {
    let of_field = || contents.diagnostics.iter().filter(|about| about.field == Some(field));
    // That the second of two lines is empty explains less than that there are two.
    let twice = of_field().find(|about| about.is_set_twice());
    let hidden = || contents.diagnostics.iter().find(|about| about.hides_section());
    twice.or_else(|| of_field().next()).or_else(hidden).or_else(|| key_file(contents))
}

/// Returns the diagnostic of a line that was meant for the path of a key file.
fn key_file(contents: &Contents) -> Option<&Diagnostic> {
    let is_meant = |about: &&Diagnostic| {
        !about.is_placeholder() && !matches!(about.code, DiagnosticCode::Empty(_) | DiagnosticCode::NoValue)
    };
    contents.diagnostics.iter().filter(|about| about.field == Some(Field::KeyFile)).find(is_meant)
}

/// Returns why that field is missing, and how to add it.
pub fn missing_field(profile: &Profile, contents: &Contents, field: Field) -> Error {
    let (what, place) = (field.name(), &place(profile, contents));
    let is_key = explanation(contents, field).is_some_and(|about| about.field == Some(Field::KeyFile));
    let what = if is_key { "credential" } else { what };
    if let Some(conflict) = contents.other_kinds().find(|conflict| conflict.outcome == Outcome::ConflictWins)
        && contents.credentials.user().is_none()
        && !is_key
    {
        let by = format!("`{}` on line {}", term::excerpt(&conflict.key), conflict.line);
        return Error::new(
            Kind::NotLoggedIn,
            format!("there is no {what} in {place}: it uses {} ({by})", conflict.kind.name()),
        )
        .hint("run `gads-creds login --replace-kind` to switch it to a user's credentials");
    }
    match explanation(contents, field) {
        Some(about) => {
            // The library reads nothing of such a file.
            let kind = if about.refuses_file() { Kind::Parse } else { Kind::NotLoggedIn };
            let error = Error::new(kind, format!("there is no {what} in {place}: {about}"));
            if is_key {
                return error.hint(step(about, place));
            }
            or_recover(profile, error, for_client(contents, step(about, place)))
        }
        None => absent(profile, what, |step| for_client(contents, step)),
    }
}

/// Returns the step with the option for a client, if a part of the credential is there and the client is not: a login would find
/// none.
fn for_client(contents: &Contents, step: Hint) -> Hint {
    let stored = &contents.credentials;
    let is_begun = stored.user().is_some() || ORDER.into_iter().any(|field| explanation(contents, field).is_some());
    let has_client = stored.client_id().is_some() && stored.client_secret().is_some();
    if is_begun && !has_client { step.with_client() } else { step }
}

/// Returns the error for an absent part; names a file of nearly the same name.
fn absent(profile: &Profile, what: &str, complete: impl FnOnce(Hint) -> Hint) -> Error {
    let place = &profile.location;
    let (gone, next) = match place {
        Location::File { path, .. } if !path.exists() => {
            let (why, step) = missing_file(profile, path);
            (format!(": there is no such file{why}"), step)
        }
        _ => (String::new(), Hint::from(login(profile))),
    };
    let error = Error::new(Kind::NotLoggedIn, format!("there is no {what} in {place}{gone}"));
    or_recover(profile, error, complete(next))
}

/// Returns what is known of a file that is not there: which variable names it, what is there in its place; and the step.
fn missing_file(profile: &Profile, path: &Path) -> (String, Hint) {
    let by = match profile.selected_by {
        by @ (SelectedBy::ConfigVariable | SelectedBy::FileVariable) => format!(", and `{by}` names it"),
        _ => String::new(),
    };
    if let Some((fact, step)) = near_file(path) {
        return (format!("{by}, {fact}"), step);
    }
    let here = Path::new(path.file_name().unwrap_or_default());
    if here.is_file() {
        let step = format!("move {} from this directory there, or name it with `--config`", term::path(here));
        return (format!("{by}, but one of that name is in this directory"), step.into());
    }
    let step =
        if by.is_empty() { login(profile) } else { format!("{LOGIN} to create it, or fix or unset the variable") };
    (by, step.into())
}

/// Returns a fact about a file of nearly the same name in that directory, and the step that renames it.
pub fn near_file(path: &Path) -> Option<(String, Hint)> {
    let near = near_files::find(path)?;
    let step = format!("run `{}`, or name it with `--config`", renaming(&near, path));
    Some((format!("but {} is there", term::path(&near)), step.into()))
}

const LOGIN: &str = "run `gads-creds login`";

/// Returns the step that logs in. Where nothing was named and there are profiles, one of them may be meant.
fn login(profile: &Profile) -> String {
    let names = profile::names();
    let Some(first) = names.first().filter(|_| profile.is_fallback()) else { return LOGIN.to_owned() };
    let listed: Vec<String> = names.iter().take(5).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > listed.len() { ", …" } else { "" };
    format!(
        "name a profile with `-p` ({}{more}), make it the default with `gads-creds set --default -p {first}`, or {LOGIN}",
        listed.join(", ")
    )
}

/// Returns the error with this step, unless the token of an earlier login waits to be stored there: that needs no new
/// consent.
fn or_recover(profile: &Profile, error: Error, step: Hint) -> Error {
    let path = recovery::waiting_for(|waiting| recovery::is_for(waiting, profile)).or_else(recovery::unread);
    waits(error.hint(step), path)
}

fn waits(error: Error, path: Option<PathBuf>) -> Error {
    match path {
        Some(path) => {
            error.adding(&format!("a credential that was never stored is in {}", term::path(&path))).hint(RECOVER)
        }
        None => error,
    }
}

/// Selects the credential. Of a profile that is not there, the first login may wait to be stored.
pub fn choose(choice: Choice) -> Result<Profile> {
    profile::choose(choice).map_err(|error| {
        let name = error.about_what(&Target::default()).profile.filter(|_| error.kind() == Kind::NoSuchProfile);
        let is_it = |waiting: &Profile| waiting.name.as_ref().map(ToString::to_string) == name;
        let path = name.as_ref().and_then(|_| recovery::waiting_for(is_it));
        waits(error, path)
    })
}
