//! What Google told of a token when it issued it: to which token it belongs, when that expires_at, where it may be sent.

use jiff::{SignedDuration, Timestamp};

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::profile::Profile;
use crate::secret::Secret;
use crate::term;

/// What Google told of a token when it issued it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenMetadata {
    /// The OAuth client the token was issued to.
    pub client_id: Option<String>,
    /// Where Google sent the answer, of a web client: no library's file has a location for it, and the next login needs it.
    pub redirect_uri: Option<String>,
    pub issued_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub scopes: Vec<String>,
    pub account: Option<String>,
    /// The origin of the stand-in the token came from; absent for Google's own.
    pub endpoint: Option<String>,
    /// Of the token these metadata belong to.
    pub fingerprint: Option<String>,
}

impl TokenMetadata {
    /// These metadata if they are about this token, else none: a token put in by hand voids what was learnt of its forerunner.
    pub fn valid_for(&self, token: &Secret) -> TokenMetadata {
        let theirs = self.fingerprint.as_deref() == Some(token.fingerprint().as_str());
        if theirs { self.clone() } else { TokenMetadata::default() }
    }

    /// Masks what looks like a secret, to be shown: people may write into profiles.toml by hand.
    pub fn mask(&mut self) {
        let texts = [&mut self.client_id, &mut self.redirect_uri, &mut self.account, &mut self.endpoint];
        for text in texts.into_iter().flatten().chain(&mut self.scopes) {
            *text = term::masked(text).into_owned();
        }
    }

    /// What still holds when the token is gone and its client stays.
    pub fn client_only(&self) -> TokenMetadata {
        match &self.redirect_uri {
            Some(_) => TokenMetadata {
                client_id: self.client_id.clone(),
                redirect_uri: self.redirect_uri.clone(),
                ..TokenMetadata::default()
            },
            None => TokenMetadata::default(),
        }
    }

    /// When the token expires_at, if Google said so.
    pub fn expiry(&self, now: Timestamp) -> Option<Expiry> {
        let at = self.expires_at?;
        let left = at.duration_since(now);
        // Google gives tokens of a consent screen in Testing 604,800 seconds; some slack for the clock and the way.
        let given = self.issued_at.map(|issued_at| at.duration_since(issued_at));
        let testing = given.is_some_and(|given| (604_800 - given.as_secs()).abs() <= 3_600);
        let verb = if left.is_positive() { "expires" } else { "expired" };
        let (reason, hint) = match testing {
            true => (": the OAuth consent screen is in Testing", Some(Hint::from(PUBLISH))),
            false => ("", (!left.is_positive()).then(|| Hint::from("run `gads-creds login` for a new one"))),
        };
        let text = format!("the refresh token {verb} {} ({}){reason}", when(left), rfc3339(at));
        Some(Expiry { at, left, testing, text, hint })
    }

    /// How old the token is: absent if unknown, or if the clock says that it is not born yet.
    pub fn age(&self, now: Timestamp) -> Option<SignedDuration> {
        self.issued_at.map(|issued_at| now.duration_since(issued_at)).filter(|age| !age.is_negative())
    }
}

/// A token that was not given for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expiry {
    /// When it expires_at.
    pub at: Timestamp,
    /// Negative when it is over.
    pub left: SignedDuration,
    /// Seven days were given: the publishing status of the consent screen was "Testing".
    pub testing: bool,
    /// `the refresh token expires_at in 2 days (2026-11-24T10:00:00Z): the OAuth consent screen is in Testing`
    pub text: String,
    pub hint: Option<Hint>,
}

/// A token that was made in Testing expires_at even if the app is published afterwards.
const PUBLISH: &str =
    "publish the app at https://console.cloud.google.com/auth/audience, then run `gads-creds login` again";

/// A span from now on, or back from now: `in 2 days`, `2 days ago`.
pub fn when(span: SignedDuration) -> String {
    if span.is_positive() { format!("in {}", duration(span)) } else { format!("{} ago", duration(span.abs())) }
}

/// A span of time as people say it, rounded in the largest unit of which there are two: `2 days`.
pub fn duration(span: SignedDuration) -> String {
    let seconds = span.as_secs();
    let round = |unit: i64| (seconds + unit / 2) / unit;
    let (count, unit) = match (round(3_600), round(60)) {
        (48.., _) => (round(86_400), "day"),
        (_, 120..) => (round(3_600), "hour"),
        _ if seconds >= 60 => (round(60), "minute"),
        _ => return "less than a minute".to_owned(),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

/// A point in time as profiles.toml and `--json` spell it: RFC 3339, UTC, whole seconds.
pub fn rfc3339(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl Profile {
    /// A token goes only to where it came from: never from a stand-in to Google, nor the reverse (RFC 9700 section 4.4).
    ///
    /// `origin` is that of the stand-in in use; none for Google. A token of unknown origin, put in by hand, may go to either.
    pub fn check_endpoint(&self, origin: Option<&str>) -> Result<()> {
        let born = self.metadata.endpoint.as_deref();
        let unknown = born.is_none() && self.metadata.fingerprint.is_none();
        if unknown || born == origin {
            return Ok(());
        }
        let location = |origin: Option<&str>| match origin {
            Some(origin) => format!("the stand-in at `{}`", term::excerpt(origin)),
            None => "Google".to_owned(),
        };
        let whose = self.name.as_ref().map(|name| format!(" of profile `{name}`")).unwrap_or_default();
        let hint = match born {
            Some(born) => format!("set `GADS_CREDS_ENDPOINT={}`, or run `gads-creds login` again", term::excerpt(born)),
            None => "unset `GADS_CREDS_ENDPOINT`".to_owned(),
        };
        Err(Error::usage(format!(
            "the refresh token{whose} came from {}, so it is not sent to {}",
            location(born),
            location(origin)
        ))
        .hint(hint))
    }
}
