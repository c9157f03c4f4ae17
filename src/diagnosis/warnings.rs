//! What a program that reads the credentials fails on although every part of them is there.

use crate::credentials::{Field, is_of_gcloud};
use crate::error::{Error, Kind, Result};
use crate::format::{Conflict, ConflictKind, Contents, Diagnostic, Outcome, Severity};
use crate::hint::Hint;
use crate::profile::{KEYLESS, Location, Profile, TokenMetadata, same_location};
use crate::recovery::{self, Pending, Recovery};
use crate::secret::Secret;
use crate::{term, value_kind};

use super::{first, gclouds_client, is_issued, place, step, wrong_value};

/// What waits to be stored in the place of a stored token, or why that is unknown.
pub type Newer = Result<Option<(Recovery, Pending)>>;

/// Returns one error for each such line or value. The reason for which [`first`] rejects them is not among them.
pub fn of(profile: &Profile, contents: &Contents, newer: &Newer) -> Vec<Error> {
    let place = place(profile, contents);
    let line = |about: &Diagnostic| Error::parse(format!("{place}: {about}")).hint(step(about, &place));
    let mut warnings: Vec<Error> =
        contents.diagnostics.iter().filter(|about| is_failure(contents, about)).map(line).collect();
    warnings.extend(wrong_value(profile, &contents.credentials, Field::DeveloperToken));
    if contents.credentials.client_id().is_some_and(is_of_gcloud) {
        warnings.push(gclouds_client(profile));
    }
    // Without a credential, that one is in use and does not conflict.
    let conflict = conflict(contents).or_else(|| idle_conflict(contents));
    let conflict = conflict.filter(|_| contents.credentials.identity.is_some());
    warnings.extend(conflict.map(|error| {
        let message = format!("{place}: {}", error.message());
        error.with_message(message)
    }));
    warnings.extend(replaced(profile, contents, newer));
    warnings.extend(contents.unread_token.map(|line| unread_token(&profile.location, line)));
    warnings.extend(unread_date(&profile.location, &profile.metadata));
    if warnings.is_empty() {
        return warnings;
    }
    // One step for several lines is one warning.
    let mut steps: Vec<Option<Hint>> = Vec::new();
    warnings.retain(|error| {
        let step = error.next_step().cloned();
        let is_new = step.is_none() || !steps.contains(&step);
        steps.push(step);
        is_new
    });
    let refused = first(profile, contents);
    let is_new = |error: &Error| refused.as_ref().is_none_or(|refused| refused.message() != error.message());
    warnings.into_iter().map(|error| error.about(profile.target())).filter(is_new).collect()
}

/// Returns the warning for a date in profiles.toml that cannot be read and therefore counts as unknown.
pub fn unread_date(location: &Location, metadata: &TokenMetadata) -> Option<Error> {
    let key = metadata.unread_dates.last()?;
    let message = format!("the `{key}` that profiles.toml has for {location} is not a date");
    Some(Error::parse(message).hint(format!("write it as in `{key} = \"2026-11-30T00:00:00Z\"`")))
}

/// Returns the first line that works and is not what it looks like; those of [`of`] are not among them.
pub fn oddity(profile: &Profile, contents: &Contents) -> Option<Error> {
    let place = place(profile, contents);
    let is_odd = |about: &&Diagnostic| {
        let is_of_user = about.field.filter(|field| field.is_of_user());
        let is_absent = is_of_user.is_some_and(|field| field.get(&contents.credentials).is_none());
        about.severity() == Severity::Warning && !is_absent && !is_failure(contents, about)
    };
    let about = contents.diagnostics.iter().find(is_odd)?;
    let error = Error::parse(format!("{place}: {about}")).hint(step(about, &place));
    Some(error.about(profile.target()))
}

/// Whether the library fails on the line, or uses another value than one of two that are there.
fn is_failure(contents: &Contents, about: &Diagnostic) -> bool {
    let is_of_user = about.field.filter(|field| field.is_of_user());
    let is_absent = is_of_user.is_some_and(|field| field.get(&contents.credentials).is_none());
    let is_error = about.severity() == Severity::Error;
    !is_absent && (is_error || about.is_set_twice() && is_of_user.is_some())
}

/// Returns why the library uses another kind of credential than the one that was read, or rejects both; `None` if it uses that
/// one, or there is no other.
pub fn conflict(contents: &Contents) -> Option<Error> {
    let conflict = contents.other_kinds().next()?;
    if let ConflictKind::Keyless(kind) = conflict.kind {
        let text = format!(
            "line {}: a configuration without a key (type `{kind}`), which gads-creds leaves alone",
            conflict.line
        );
        return Some(Error::usage(text).hint(KEYLESS));
    }
    let what = other_kind(conflict);
    let what = match conflict.outcome {
        // There is no refresh token that it could be used instead of.
        Outcome::ConflictWins if contents.credentials.identity.is_none() => {
            return Some(Error::new(Kind::NotLoggedIn, what).hint(OTHER_KIND));
        }
        Outcome::ConflictWins => format!("{what}, which is used instead of the refresh token"),
        Outcome::LibraryFails => format!("{what}, and the library rejects a file with both"),
        Outcome::UserWins => return None,
    };
    Some(Error::parse(what).hint(OTHER_KIND))
}

/// Returns the line with another kind of credential that the library does not use, because it uses the refresh token.
pub fn idle_conflict(contents: &Contents) -> Option<Error> {
    let conflict = contents.other_kinds().next().filter(|conflict| conflict.outcome == Outcome::UserWins)?;
    let (line, key) = (conflict.line, term::excerpt(&conflict.key));
    let message = format!("line {line}: `{key}` is for {}, but the refresh token is used", conflict.kind.name());
    Some(Error::parse(message).hint(OTHER_KIND))
}

/// Returns the line that switches on another kind of credential, in words.
fn other_kind(conflict: &Conflict) -> String {
    format!("line {}: `{}` switches on {}", conflict.line, term::excerpt(&conflict.key), conflict.kind.name())
}

/// Returns a warning if a newer token waits to be stored: Google replaced the stored one, which does not work any more, or a login
/// was to replace it; or if that cannot be said.
pub fn replaced(profile: &Profile, contents: &Contents, newer: &Newer) -> Option<Error> {
    let (waiting, pending) = match newer {
        Ok(found) => found.as_ref()?,
        // A damaged file may be of any credential, and this token may well work.
        Err(error) if error.kind() == Kind::Parse => return None,
        Err(error) => return Some(error.clone().adding(UNKNOWN).about(profile.target())),
    };
    let (place, path) = (&profile.location, term::path(waiting.path()));
    let is_meant_here = || {
        let stored = contents.credentials.refresh_token().map(Secret::fingerprint);
        pending.replaces == stored && same_location(&pending.profile.location, place)
    };
    let (message, step) = match pending.rotated {
        true => (
            format!(
                "Google replaced the refresh token in {place}; the new one is still in {path}, and `exec` and `export` take it from there"
            ),
            "run `gads-creds refresh`, which stores it",
        ),
        // One that was stored after that login is not replaced by it.
        false if is_meant_here() => (
            format!("the {} of a later login could not be stored in {place}: it is still in {path}", pending.what()),
            RECOVER,
        ),
        false => return None,
    };
    Some(Error::new(Kind::TokenRejected, message).hint(step).about(profile.target()))
}

/// Returns Google's rejection of the token with what waits in its place, or why that is unknown; `None` if nothing waits.
fn newer_than_rejected(profile: &Profile, contents: &Contents, error: &Error) -> Option<Error> {
    let error = error.clone();
    Some(match recovery::newer(profile, &contents.credentials) {
        Ok(None) => return None,
        Ok(Some((waiting, pending))) => {
            let path = term::path(waiting.path());
            error.adding(&format!("a newer {}, which could not be stored, is in {path}", pending.what())).hint(RECOVER)
        }
        Err(unknown) => {
            let login = error.next_step().cloned().unwrap_or_else(|| "run `gads-creds login`".into());
            let step = unknown
                .next_step()
                .cloned()
                .map_or(login.clone(), |step| step.join(", then try again; otherwise, ", login));
            error.adding(&unknown.adding(UNKNOWN).to_string()).hint(step)
        }
    })
}

const UNKNOWN: &str = "whether a newer token waits there is unknown";

/// The step that stores what waits.
pub const RECOVER: &str = "run `gads-creds login --recover`";

/// Returns the warning for a refresh token that the library does not read: a change to a service account leaves it in a comment,
/// and Google goes on accepting it.
pub fn unread_token(location: &Location, line: usize) -> Error {
    let message = format!("line {line} of {location} has a refresh token that is not in use and may still be valid");
    Error::new(Kind::Parse, message).hint(END_AND_DELETE)
}

/// What ends such a token, and removes it.
pub const END_AND_DELETE: &str = "remove its access at https://myaccount.google.com/connections, then delete the line";

/// The step after a conflict.
const OTHER_KIND: &str = "remove that line, or run `gads-creds login --replace-kind`";

/// Returns a warning for a refresh token that does not begin like one of Google's, unless Google issued it to this program.
pub fn unfamiliar_token(profile: &Profile, contents: &Contents) -> Option<Error> {
    let token = Field::RefreshToken.get(&contents.credentials)?;
    let is_familiar = value_kind::begins_like_a_refresh_token(token) || is_issued(profile, &contents.credentials);
    let message = || {
        format!(
            "what is stored as the refresh token in {} does not begin with `1//`, as Google's refresh tokens do",
            profile.location
        )
    };
    let error = || Error::new(Kind::TokenRejected, message()).hint("run `gads-creds login`").about(profile.target());
    (!is_familiar).then(error)
}

/// How long a refresh token of Google's is at least; those of today have about a hundred characters.
const SHORTEST: usize = 40;

/// Returns Google's rejection with what the stored value shows of its cause: another value, a part of one, one of two lines.
pub fn rejected(profile: &Profile, contents: &Contents, error: Error) -> Error {
    if error.kind() == Kind::TokenRejected
        && let Some(error) = newer_than_rejected(profile, contents, &error)
    {
        return error;
    }
    let fields: &[Field] = match error.kind() {
        Kind::TokenRejected if error.is_google("invalid_grant") && error.detail().is_none() => &[Field::RefreshToken],
        Kind::ClientRejected => &[Field::ClientId, Field::ClientSecret],
        _ => return error,
    };
    let is_of_fields = |about: &&Diagnostic| about.field.is_some_and(|field| fields.contains(&field));
    if let Some(about) = contents.diagnostics.iter().filter(is_of_fields).find(|about| about.is_set_twice()) {
        return error.adding(&about.to_string()).hint(step(about, &place(profile, contents)));
    }
    if error.kind() == Kind::ClientRejected {
        return error;
    }
    if let Some(unfamiliar) = unfamiliar_token(profile, contents) {
        return unfamiliar.adding("Google rejects it (invalid_grant)").with_google_code("invalid_grant");
    }
    let length = Field::RefreshToken.get(&contents.credentials).map_or(0, str::len);
    if length < SHORTEST {
        return error.adding(&format!("it has {length} characters, and Google's have about 100: it may be cut off"));
    }
    error
}
