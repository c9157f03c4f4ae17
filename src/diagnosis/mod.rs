//! Finds what keeps stored credentials from being used, in one place for every command.
//!
//! `doctor` shows every finding; `refresh`, `exec`, `export` and the other commands fail with the first, so that all of
//! them name the same cause and the same next step. Nothing here asks Google.

use crate::credentials::{Credentials, Field, is_of_gcloud};
use crate::error::{Error, Kind, Result};
use crate::format::diagnostic::Extra;
use crate::format::{Contents, Diagnostic, DiagnosticCode, Severity};
use crate::profile::{Location, Profile};
use crate::secret::Secret;
use crate::value_kind::{self, ValueKind};

mod missing;
mod near_files;
mod steps;
mod warnings;

use missing::explanation;
pub use missing::{choose, missing_client, missing_field, near_file, nothing};
pub use steps::{of_value, step};
pub use warnings::{
    END_AND_DELETE, Newer, RECOVER, conflict, idle_conflict, oddity, of as warnings, rejected, replaced,
    unfamiliar_token, unread_date, unread_token,
};

const CONSOLE: &str = "https://console.cloud.google.com/auth/clients";

/// Returns the first reason why a user's credentials cannot be used; `None` if each part is there and looks right.
pub fn first(profile: &Profile, contents: &Contents) -> Option<Error> {
    if contents.credentials.service_account().is_some() {
        return None;
    }
    let missing = ORDER.into_iter().find(|field| field.get(&contents.credentials).is_none());
    let error = match missing {
        Some(field) => Some(missing_field(profile, contents, field)),
        None => wrong(profile, contents).or_else(|| other_client(profile, contents)),
    };
    error.map(|error| error.about(profile.target()))
}

/// Returns why the stored token does not work with the client beside it: a login recorded that it is another client's.
pub fn other_client(profile: &Profile, contents: &Contents) -> Option<Error> {
    let stored = &contents.credentials;
    if Some(stored.client_id()?) == profile.metadata.client_id.as_deref() {
        return None;
    }
    profile.metadata.valid_for(stored.refresh_token()?).client_id?;
    let message =
        format!("the refresh token in {} was made with another OAuth client than the one beside it", profile.location);
    Some(Error::new(Kind::ClientRejected, message).hint(
        "client ID, client secret and refresh token are one unit: run `gads-creds login -c FILE` with the client that is \
         to be used",
    ))
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

/// Returns why a value is of another kind than its field: the line that makes it so, or the value itself.
fn wrong(profile: &Profile, contents: &Contents) -> Option<Error> {
    ORDER.into_iter().find_map(|field| wrong_field(profile, contents, field))
}

/// Does the same for one field.
pub fn wrong_field(profile: &Profile, contents: &Contents, field: Field) -> Option<Error> {
    let error = wrong_value(profile, &contents.credentials, field)?;
    let place = place(profile, contents);
    let of_line = |about: &Diagnostic| {
        let is_of_value =
            matches!(about.code, DiagnosticCode::PartOfValue(Extra::CurlyQuotes, _) | DiagnosticCode::Broken(_));
        let kind = if is_of_value { error.kind() } else { Kind::Parse };
        Error::new(kind, format!("{place}: {about}")).hint(step(about, &place))
    };
    Some(broken_line(contents, field).map(of_line).unwrap_or(error))
}

/// Returns what is wrong with the line of a value that is there: the library reads another value than is meant.
pub fn broken_line(contents: &Contents, field: Field) -> Option<&Diagnostic> {
    let is_broken = |about: &&Diagnostic| {
        let is_error = about.severity() == Severity::Error && !about.is_placeholder();
        about.field == Some(field) && (is_error || about.is_set_twice())
    };
    contents.diagnostics.iter().find(is_broken)
}

/// Returns an error if nothing is stored, if a line has a value that is not read and would stay behind, or for a value of another
/// kind, which is of no use in another store either.
pub fn check_movable(profile: &Profile, contents: &Contents) -> Result<()> {
    match spoiled(profile, contents) {
        Some(error) => Err(error),
        None if contents.credentials == Credentials::default() => Err(nothing(profile, contents)),
        None => lost(profile, contents).map_or(Ok(()), Err),
    }
}

/// Returns the error for a line that sets what goes with the credential and is not read: a copy would be without it.
fn lost(profile: &Profile, contents: &Contents) -> Option<Error> {
    let place = place(profile, contents);
    let is_meant = |about: &&Diagnostic| {
        let is_set =
            about.field.is_some_and(|field| BESIDE.contains(&field) && field.get(&contents.credentials).is_none());
        let is_nothing = matches!(
            about.code,
            DiagnosticCode::Empty(_)
                | DiagnosticCode::NoValue
                | DiagnosticCode::Missing
                | DiagnosticCode::MissingForPython
                | DiagnosticCode::CommentedOut
                | DiagnosticCode::OtherName { .. }
        );
        is_set && !is_nothing && !about.is_placeholder()
    };
    let about = contents.diagnostics.iter().find(is_meant)?;
    let message = format!("{place}: {about}; it would be lost");
    Some(Error::parse(message).hint(step(about, &place)).about(profile.target()))
}

/// What goes with a credential of either kind.
const BESIDE: [Field; 3] = [Field::LoginCustomerId, Field::LinkedCustomerId, Field::DeveloperToken];

/// Returns what the text is, if it is recognized and therefore not a developer token.
pub fn not_a_developer_token(text: &str) -> Option<ValueKind> {
    value_kind::of(text)
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
