//! Finds what keeps stored credentials from being used, in one place for every command.
//!
//! `doctor` shows every finding; `refresh`, `exec`, `export` and the other commands fail with the first, so that all of
//! them name the same cause and the same next step. Nothing here asks Google.

use crate::credentials::{Credentials, Field};
use crate::error::{Error, Kind};
use crate::format::{Contents, Diagnostic, DiagnosticCode, Outcome};
use crate::hint::Hint;
use crate::profile::{Location, Profile};
use crate::secret::Secret;
use crate::value_kind::{self, ValueKind};
use crate::{recovery, term};

const CONSOLE: &str = "https://console.cloud.google.com/auth/clients";

/// Returns the first reason why a user's credentials cannot be used; `None` if each part is there and looks right.
pub fn first(profile: &Profile, contents: &Contents) -> Option<Error> {
    if contents.credentials.service_account().is_some() {
        return None;
    }
    let order = [Field::RefreshToken, Field::ClientId, Field::ClientSecret];
    let missing = order.into_iter().find(|field| field.get(&contents.credentials).is_none());
    let error = match missing {
        Some(field) => Some(missing_field(profile, contents, field)),
        None => order.into_iter().find_map(|field| wrong_value(profile, &contents.credentials, field)),
    };
    error.map(|error| error.about(profile.target()))
}

/// Returns why that field is missing, and how to add it.
pub fn missing_field(profile: &Profile, contents: &Contents, field: Field) -> Error {
    let (what, place) = (field.name(), &profile.location);
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
    if let Some(about) = contents.diagnostics.iter().find(|diagnostic| diagnostic.field == Some(field)) {
        let error = Error::new(Kind::NotLoggedIn, format!("there is no {what} in {place}: {about}"));
        return or_recover(error, step(about, place));
    }
    let gone = match place {
        Location::File { path, .. } if !path.exists() => ": there is no such file",
        _ => "",
    };
    let error = Error::new(Kind::NotLoggedIn, format!("there is no {what} in {place}{gone}"));
    or_recover(error, "run `gads-creds login`".into())
}

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
    let expected = match field {
        Field::ClientId => ValueKind::ClientId,
        Field::ClientSecret => ValueKind::ClientSecret,
        Field::RefreshToken => ValueKind::RefreshToken,
        _ => return None,
    };
    if field == Field::RefreshToken && is_issued(profile, credentials) {
        return None;
    }
    let kind = value_kind::of(field.get(credentials)?).filter(|kind| *kind != expected)?;
    let error_kind = match field {
        Field::RefreshToken if kind.is_stand_in() => Kind::NotLoggedIn,
        Field::RefreshToken => Kind::TokenRejected,
        _ => Kind::ClientRejected,
    };
    let message = format!("what is stored as the {} in {} is {kind}", field.name(), profile.location);
    let hint = match (field, kind) {
        (_, ValueKind::Quoted) => "remove the quotes, or run `gads-creds login`".to_owned(),
        (Field::RefreshToken, ValueKind::SecretReference) => {
            "let the secret manager hand the value over, or keep the profile there: `gads-creds login --store ENGINE:WHERE`"
                .to_owned()
        }
        (Field::RefreshToken, _) => "run `gads-creds login`; a refresh token starts with `1//`".to_owned(),
        _ => format!("run `gads-creds login -c FILE` with the client's JSON from {CONSOLE}"),
    };
    Some(Error::new(error_kind, message).hint(hint))
}

/// Whether the stored refresh token is the one that was recorded when Google issued it.
fn is_issued(profile: &Profile, credentials: &Credentials) -> bool {
    let stored = credentials.refresh_token().map(Secret::fingerprint);
    stored.is_some() && stored == profile.metadata.fingerprint
}

/// Returns what to do about a diagnostic, as a command or a sentence that works.
pub fn step(diagnostic: &Diagnostic, place: &Location) -> Hint {
    let line = format!("line {} of {place}", diagnostic.line);
    match &diagnostic.code {
        DiagnosticCode::Placeholder if diagnostic.field.is_some_and(Field::is_of_user) => {
            "run `gads-creds login`: it fills in what it gets".into()
        }
        DiagnosticCode::Placeholder => "run `gads-creds doctor --fix`, which comments it out".into(),
        DiagnosticCode::Empty(_) | DiagnosticCode::NoValue if diagnostic.field.is_some_and(Field::is_of_user) => {
            "run `gads-creds login`".into()
        }
        DiagnosticCode::Empty(_) | DiagnosticCode::NoValue => format!("remove {line}").into(),
        DiagnosticCode::Missing if diagnostic.field == Some(Field::DeveloperToken) => {
            "run `gads-creds set --developer-token-file FILE`, or write it there".into()
        }
        DiagnosticCode::Missing if diagnostic.is_of_customer_id() => {
            "run `gads-creds set --login-customer-id ID`, or write it there".into()
        }
        DiagnosticCode::OctalNumber | DiagnosticCode::UnusualDigits => {
            format!("put the ten digits in quotes on {line}").into()
        }
        DiagnosticCode::Computed => format!("write the value itself on {line}, or check it with the library").into(),
        DiagnosticCode::MisspelledKey { expected } => {
            format!("write the key on {line} as `{expected}`, or run `gads-creds login`").into()
        }
        DiagnosticCode::CommentedOut => {
            format!("remove the comment sign from {line}, or run `gads-creds login`").into()
        }
        DiagnosticCode::InvisibleCharacter => {
            format!("type {line} again: it contains a character that is not visible").into()
        }
        DiagnosticCode::ByteOrderMark => "run `gads-creds doctor --fix`, which removes the byte order mark".into(),
        DiagnosticCode::WrongSection { expected } => {
            format!("move {line} into the section `[{expected}]`, or run `gads-creds login`").into()
        }
        DiagnosticCode::Nested { .. } | DiagnosticCode::Misplaced => {
            format!("move {line} to where the library looks, or run `gads-creds login`").into()
        }
        _ if diagnostic.is_of_customer_id() => format!("write ten digits without dashes on {line}").into(),
        _ if diagnostic.field.is_some_and(Field::is_of_user) => format!("fix {line}, or run `gads-creds login`").into(),
        _ => format!("fix {line}").into(),
    }
}
