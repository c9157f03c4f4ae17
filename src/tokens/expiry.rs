//! Explains why a refresh token no longer works, as far as its age shows. Google never says which of its reasons it
//! was.

use chrono::{DateTime, TimeDelta, Utc};

use crate::error::{Error, Kind};
use crate::profile::{TokenMetadata, when};

/// Tokens of a consent screen in Testing expire after seven days; half a day of tolerance covers a wrong clock.
const TESTING: TimeDelta = TimeDelta::hours(156);

/// Returns the error response with the likeliest cause first: the token has expired, or it is as old as tokens in
/// Testing get.
pub fn explain(error: Error, metadata: &TokenMetadata, now: DateTime<Utc>) -> Error {
    // Google names some reasons, which rule out the age of the token.
    let is_unexplained = error.is_google("invalid_grant") && error.detail().is_none();
    if error.kind() != Kind::TokenRejected || !is_unexplained {
        return error;
    }
    if let Some(life) = metadata.expiry(now).filter(|life| !life.is_left()) {
        return error.with_message(format!("{} (invalid_grant)", life.text)).maybe_hint(life.hint);
    } else if let Some(age) = metadata.age(now).filter(|age| metadata.expires_at.is_none() && *age >= TESTING) {
        return error.adding(&format!("it was issued {}", when(-age))).hint(TESTING_FIRST);
    }
    error
}

const TESTING_FIRST: &str = "if the OAuth consent screen is in Testing, tokens expire after 7 days: publish the app at \
                             https://console.cloud.google.com/auth/audience, then run `gads-creds login`; otherwise, the token \
                             was revoked, unused for 6 months, or one of more than 100";
