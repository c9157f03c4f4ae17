//! Finds what keeps stored credentials from being used, in one place for every command.
//!
//! `doctor` shows every finding; `refresh`, `exec`, `export` and the other commands fail with the first, so that all of
//! them name the same cause and the same next step. Nothing here asks Google.

use std::path::Path;

use crate::credentials::{Credentials, Field};
use crate::error::{Error, Kind, Result};
use crate::format::{Contents, Diagnostic, DiagnosticCode, Outcome, Severity};
use crate::hint::Hint;
use crate::profile::{Location, Profile, quoted};
use crate::secret::Secret;
use crate::value_kind::{self, ValueKind};
use crate::{recovery, term};

mod near_files;
mod steps;

pub use steps::{of_value, step};

const CONSOLE: &str = "https://console.cloud.google.com/auth/clients";

/// Returns the first reason why a user's credentials cannot be used; `None` if each part is there and looks right.
pub fn first(profile: &Profile, contents: &Contents) -> Option<Error> {
    if contents.credentials.service_account().is_some() {
        return None;
    }
    let missing = ORDER.into_iter().find(|field| field.get(&contents.credentials).is_none());
    let error = match missing {
        Some(field) => Some(missing_field(profile, contents, field)),
        None => wrong(profile, contents),
    };
    error.map(|error| error.about(profile.target()))
}

/// Returns the first finding that is more than an absent part: a line that was meant to set it, or a value of another kind.
pub fn spoiled(profile: &Profile, contents: &Contents) -> Option<Error> {
    if contents.credentials.service_account().is_some() {
        return None;
    }
    let is_missing = |field: &Field| field.get(&contents.credentials).is_none();
    let explained = ORDER.into_iter().filter(is_missing).find(|field| explanation(contents, *field).is_some());
    let error = match explained {
        Some(field) => Some(missing_field(profile, contents, field)),
        None => wrong(profile, contents),
    };
    error.map(|error| error.about(profile.target()))
}

/// The fields to be checked, the most frequent cause first.
const ORDER: [Field; 3] = [Field::RefreshToken, Field::ClientId, Field::ClientSecret];

fn wrong(profile: &Profile, contents: &Contents) -> Option<Error> {
    ORDER.into_iter().find_map(|field| wrong_value(profile, &contents.credentials, field))
}

/// Returns why no credential is stored, and how to add one.
pub fn nothing(profile: &Profile, contents: &Contents) -> Error {
    match ORDER.into_iter().find(|field| explanation(contents, *field).is_some()) {
        Some(field) => missing_field(profile, contents, field),
        None => absent(profile, "credential"),
    }
    .about(profile.target())
}

/// Returns an error if nothing is stored, if a line that the library does not read would stay behind, or for a value of another
/// kind, which is of no use in another store either.
pub fn check_movable(profile: &Profile, contents: &Contents) -> Result<()> {
    match spoiled(profile, contents) {
        Some(error) => Err(error),
        None if contents.credentials == Credentials::default() => Err(nothing(profile, contents)),
        None => Ok(()),
    }
}

/// Returns why a login cannot use the stored client; `None` if there is none or it looks right.
pub fn wrong_client(profile: &Profile, stored: &Credentials) -> Option<Error> {
    let wrong =
        [Field::ClientId, Field::ClientSecret].into_iter().find_map(|field| wrong_value(profile, stored, field));
    let of_gcloud = || {
        let is_theirs = stored.client_id().is_some_and(is_of_gcloud);
        is_theirs.then(|| gclouds_client(profile).with_kind(Kind::ClientSecrets))
    };
    wrong.or_else(of_gcloud).map(|error| error.about(profile.target()))
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

/// Returns what else a program that reads the location fails on. The parts of a user's credential are left to [`first`],
/// unless they keep it from the whole file.
pub fn warnings(profile: &Profile, contents: &Contents) -> Vec<Error> {
    let place = place(profile, contents);
    let is_other = |about: &&Diagnostic| {
        let is_of_user = about.field.is_some_and(Field::is_of_user);
        let is_of_other_part = about.field.is_some() && !is_of_user;
        let is_missing = about.field.is_some_and(|field| field.get(&contents.credentials).is_none());
        let refuses = about.refuses_file() && !(is_of_user && is_missing);
        about.severity() == Severity::Error && (is_of_other_part || refuses)
    };
    let warning = |about: &Diagnostic| Error::parse(format!("{place}: {about}")).hint(step(about, &place));
    let mut warnings: Vec<Error> = contents.diagnostics.iter().filter(is_other).map(warning).collect();
    warnings.extend(wrong_value(profile, &contents.credentials, Field::DeveloperToken));
    if contents.credentials.client_id().is_some_and(is_of_gcloud) {
        warnings.push(gclouds_client(profile));
    }
    warnings.into_iter().map(|error| error.about(profile.target())).collect()
}

/// Returns the lines because of which the library reads nothing of the file, although the credentials in it are good.
pub fn refusals(profile: &Profile, contents: &Contents) -> Vec<Error> {
    let place = place(profile, contents);
    let refusal = |about: &Diagnostic| Error::parse(format!("{place}: {about}")).hint(step(about, &place));
    let found = contents.diagnostics.iter().filter(|about| about.refuses_file()).map(refusal);
    found.map(|error| error.about(profile.target())).collect()
}

/// Whether the client is gcloud's own.
pub fn is_of_gcloud(client_id: &str) -> bool {
    ["764086051850-", "32555940559."].iter().any(|number| client_id.starts_with(number))
}

/// Returns the finding for gcloud's own client: only Google could enable the Google Ads API in its project.
fn gclouds_client(profile: &Profile) -> Error {
    let message = format!(
        "the OAuth client in {} is gcloud's own, and the Google Ads API requires one of yours",
        profile.location
    );
    Error::new(Kind::ClientRejected, message).hint(OWN_CLIENT)
}

/// The step that replaces a client by the user's own.
pub const OWN_CLIENT: &str = "run `gads-creds login -c FILE` with the JSON of a client of your own, from \
                              https://console.cloud.google.com/auth/clients";

/// Returns the file with the lines of the diagnostics: a section may be in another file.
pub fn place(profile: &Profile, contents: &Contents) -> Location {
    match (&contents.file, &profile.location) {
        (Some(path), Location::File { format, .. }) => Location::File { path: path.clone(), format: *format },
        (_, location) => location.clone(),
    }
}

/// Returns the diagnostic of the line that was meant to set the field, or that hides it.
fn explanation(contents: &Contents, field: Field) -> Option<&Diagnostic> {
    let of_field = contents.diagnostics.iter().find(|about| about.field == Some(field));
    of_field.or_else(|| contents.diagnostics.iter().find(|about| about.hides_section()))
}

/// Returns why that field is missing, and how to add it.
pub fn missing_field(profile: &Profile, contents: &Contents, field: Field) -> Error {
    let (what, place) = (field.name(), &place(profile, contents));
    if let Some(conflict) = contents.other_kinds().find(|conflict| conflict.outcome == Outcome::ConflictWins)
        && contents.credentials.user().is_none()
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
            let error = Error::new(Kind::NotLoggedIn, format!("there is no {what} in {place}: {about}"));
            or_recover(error, step(about, place))
        }
        None => absent(profile, what),
    }
}

/// Returns the error for an absent part; names a file of nearly the same name.
fn absent(profile: &Profile, what: &str) -> Error {
    let place = &profile.location;
    let (gone, next) = match place {
        Location::File { path, .. } if !path.exists() => match near_file(path) {
            Some((fact, step)) => (format!(": there is no such file, {fact}"), step),
            None => (": there is no such file".to_owned(), LOGIN.into()),
        },
        _ => (String::new(), Hint::from(LOGIN)),
    };
    or_recover(Error::new(Kind::NotLoggedIn, format!("there is no {what} in {place}{gone}")), next)
}

/// Returns a fact about a file of nearly the same name in that directory, and the step that renames it.
pub fn near_file(path: &Path) -> Option<(String, Hint)> {
    let near = near_files::find(path)?;
    let step = format!("run `mv {} {}`, or name it with `--config`", quoted(&near), quoted(path));
    Some((format!("but {} is there", term::path(&near)), step.into()))
}

const LOGIN: &str = "run `gads-creds login`";

/// Returns the error with this step, unless the token of an earlier login waits to be stored: that needs no new
/// consent.
fn or_recover(error: Error, step: Hint) -> Error {
    match recovery::paths().ok().and_then(|left| left.first().cloned()) {
        Some(path) => error
            .adding(&format!("one that was never stored is in {}", term::path(&path)))
            .hint("run `gads-creds login --recover`"),
        None => error.hint(step),
    }
}

/// Returns what the value of that field is instead; `None` if it looks right or is not recognized.
///
/// The refresh token of the profile's last login is always right: Google issued it.
pub fn wrong_value(profile: &Profile, credentials: &Credentials, field: Field) -> Option<Error> {
    let is_wrong = |kind: &ValueKind| match field {
        Field::ClientId => *kind != ValueKind::ClientId,
        Field::ClientSecret => *kind != ValueKind::ClientSecret,
        Field::RefreshToken => *kind != ValueKind::RefreshToken,
        Field::DeveloperToken => kind.is_stand_in() || kind.is_of_google(),
        _ => false,
    };
    if field == Field::RefreshToken && is_issued(profile, credentials) {
        return None;
    }
    let kind = value_kind::of(field.get(credentials)?).filter(is_wrong)?;
    let error_kind = match field {
        Field::DeveloperToken => Kind::Parse,
        Field::RefreshToken if kind.is_stand_in() => Kind::NotLoggedIn,
        Field::RefreshToken => Kind::TokenRejected,
        _ => Kind::ClientRejected,
    };
    let message = format!("what is stored as the {} in {} is {kind}", field.name(), profile.location);
    Some(Error::new(error_kind, message).hint(steps::of_value(field, kind)))
}

/// Whether the stored refresh token is the one that was recorded when Google issued it.
fn is_issued(profile: &Profile, credentials: &Credentials) -> bool {
    let stored = credentials.refresh_token().map(Secret::fingerprint);
    stored.is_some() && stored == profile.metadata.fingerprint
}
