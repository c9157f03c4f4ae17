//! Checks the credential itself: client and token, what they are, whether they belong together, and when they expire.

use crate::clock;
use crate::credentials::{is_of_gcloud, project_number};
use crate::diagnosis;
use crate::error::Kind;
use crate::format::{DiagnosticCode, Field, Outcome, Severity};
use crate::profile::Expiry;
use crate::recovery;
use crate::term;
use crate::tokens::{Minted, SOON};

use super::examined::{Examined, Online};
use super::{FIX_FIRST, Finding, UNREADABLE, service_account};

pub fn client(examined: &Examined) -> Finding {
    if examined.key.is_some() {
        return service_account::account(examined);
    }
    let stored = examined.stored();
    let Some(id) = stored.client_id() else { return nothing(examined, Field::ClientId) };
    if stored.client_secret().is_none() {
        return nothing(examined, Field::ClientSecret);
    }
    if let Some(finding) = [Field::ClientId, Field::ClientSecret].into_iter().find_map(|field| wrong(examined, field)) {
        return finding;
    }
    let read = examined.contents.as_ref().ok();
    if let Some(error) = read.and_then(|contents| diagnosis::other_client(&examined.profile, contents)) {
        return Finding::from_error(&error);
    }
    if let Some(error) = examined.refused().filter(|error| error.kind() == Kind::ClientRejected) {
        return Finding::from_error(error);
    }
    if is_of_gcloud(id) {
        let text = "it is gcloud's own, and the Google Ads API requires an OAuth client of yours";
        return Finding::warn(text, diagnosis::OWN_CLIENT);
    }
    if !id.ends_with(".apps.googleusercontent.com") {
        return Finding::warn(
            "the client ID does not look like one of Google's, which end in `.apps.googleusercontent.com`",
            "compare it with https://console.cloud.google.com/auth/clients",
        );
    }
    let project = project_number(id).map(|number| format!(", Cloud project number {number}")).unwrap_or_default();
    Finding::ok(format!("{}{project}", term::excerpt(id)))
}

/// Returns the finding for a value of another kind; a skip if a line that was reported before makes it so.
fn wrong(examined: &Examined, field: Field) -> Option<Finding> {
    let contents = examined.contents.as_ref().ok()?;
    let error = diagnosis::wrong_field(&examined.profile, contents, field)?;
    Some(match diagnosis::broken_line(contents, field) {
        Some(about) if about.severity() == Severity::Error => Finding::skip(about.to_string(), FIX_FIRST),
        Some(_) | None => Finding::from_error(&error),
    })
}

/// Returns the finding for a missing field: a failure, unless an earlier check has reported why.
fn nothing(examined: &Examined, field: Field) -> Finding {
    let what = field.name();
    let Ok(contents) = &examined.contents else { return Finding::skip(UNREADABLE, FIX_FIRST) };
    if examined.is_empty() {
        return Finding::skip("nothing is stored", FIX_FIRST);
    }
    match contents.diagnostics.iter().find(|diagnostic| diagnostic.field == Some(field)) {
        Some(about) if about.is_placeholder() => {
            return Finding::skip(format!("there is no {what}, only a placeholder"), FIX_FIRST);
        }
        // A program in the library's own language may still find a value.
        Some(about) if about.code == DiagnosticCode::Computed => {
            return Finding::skip(about.to_string(), examined.step(about));
        }
        Some(_) | None => {}
    }
    if contents.other_kinds().next().is_some_and(|conflict| conflict.outcome == Outcome::ConflictWins) {
        return Finding::skip(format!("there is no {what}: another kind of credential is used"), FIX_FIRST);
    }
    Finding::from_error(&diagnosis::missing_field(&examined.profile, contents, field))
}

pub fn token(examined: &Examined) -> Finding {
    if let Some(key) = &examined.key {
        return service_account::key(examined, key);
    }
    let Some(token) = examined.stored().refresh_token().cloned() else { return nothing(examined, Field::RefreshToken) };
    let is_accepted = matches!(&examined.online, Online::Asked(responses) if responses.minted.is_ok());
    let unfamiliar = || {
        let contents = examined.contents.as_ref().ok().filter(|_| !is_accepted)?;
        diagnosis::unfamiliar_token(&examined.profile, contents)
    };
    match wrong(examined, Field::RefreshToken) {
        Some(finding) => finding,
        None => match unfamiliar() {
            Some(error) => Finding::from_warning(&error),
            None => Finding::ok(format!("saved, fingerprint {}", token.fingerprint())),
        },
    }
}

pub fn age(examined: &Examined) -> Finding {
    if examined.key.is_some() {
        return Finding::ok("a service account's key does not expire");
    }
    if examined.contents.is_err() {
        return Finding::skip(UNREADABLE, FIX_FIRST);
    }
    if examined.stored().refresh_token().is_none() {
        return Finding::skip("there is no refresh token", FIX_FIRST);
    }
    if examined.refused().is_some_and(|error| error.kind() == Kind::TokenRejected) {
        return Finding::skip("Google rejects the token whatever its age", FIX_FIRST);
    }
    let now = clock::now();
    let life = match &examined.online {
        Online::Asked(responses) => responses.minted.as_ref().map_or(examined.metadata.expiry(now), Minted::life),
        Online::NotAsked(_) | Online::CannotAsk(_) => examined.metadata.expiry(now),
    };
    let Some(life) = life else {
        if let Some(error) = diagnosis::unread_date(&examined.profile.location, &examined.metadata) {
            return Finding::from_warning(&error);
        }
        return match examined.metadata.issued_at {
            Some(time) => Finding::ok(format!("issued {}; no expiry is recorded", time.format("%F"))),
            None => Finding::skip(
                "not known: this program did not record when it was issued",
                "a login with gads-creds records it",
            ),
        };
    };
    let is_left = life.is_left();
    let Expiry { left, text, hint, .. } = life;
    let next = |usual: &str| hint.unwrap_or_else(|| usual.into());
    let works = matches!(&examined.online, Online::Asked(responses) if responses.minted.is_ok());
    if is_left {
        let soon = left.num_seconds() <= SOON;
        return if soon { Finding::warn(text, next("run `gads-creds login` before that")) } else { Finding::ok(text) };
    }
    if works {
        return Finding::warn(format!("{text}, but Google still accepts it"), "check the clock of this machine");
    }
    let waits = recovery::newer(&examined.profile, &examined.stored()).is_ok_and(|newer| newer.is_some());
    let step = if waits { diagnosis::RECOVER.into() } else { next("run `gads-creds login`") };
    Finding::fail(Kind::TokenRejected, text, step)
}

pub fn accepted(examined: &Examined) -> Finding {
    super::network::online(examined, |responses| match &responses.minted {
        Ok(_) => Finding::ok("Google issued an access token for it"),
        Err(error) if error.kind() == Kind::Unreachable => Finding::skip("Google was not reached", FIX_FIRST),
        Err(error) if error.kind() == Kind::ClientRejected => Finding::skip("Google rejects the client", FIX_FIRST),
        Err(error) => Finding::from_error(error),
    })
}
