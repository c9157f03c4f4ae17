//! Token metadata, as Google returned it when it issued the token: which token it is about, when it expires, where it
//! may be sent.

use chrono::{DateTime, TimeDelta, Utc};

use crate::credentials::IdentityKind;
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::profile::Profile;
use crate::secret::Secret;
use crate::term;

/// The metadata of a token, as Google returned it when it issued the token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenMetadata {
    /// The OAuth client the token was issued to.
    pub client_id: Option<String>,
    /// The redirect URI of a web client. No library's file has a key for it, and the next login needs it.
    pub redirect_uri: Option<String>,
    pub issued_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
    pub scopes: Vec<String>,
    pub account: Option<String>,
    /// The origin of the stand-in that issued the token; `None` for Google.
    pub endpoint: Option<String>,
    /// The fingerprint of the token that the metadata is about.
    pub fingerprint: Option<String>,
    /// The keys of dates that profiles.toml has and that cannot be read.
    pub unread_dates: Vec<&'static str>,
}

impl TokenMetadata {
    /// Whether the last login was one with a service account's key: Google gives these accounts addresses of their own.
    pub fn is_of_service_account(&self) -> bool {
        self.account.as_ref().is_some_and(|account| account.ends_with("gserviceaccount.com"))
    }

    /// Returns the metadata if it is about this token, or else empty metadata: it says nothing about a token that the
    /// user put in by hand.
    pub fn valid_for(&self, token: &Secret) -> TokenMetadata {
        let theirs = self.fingerprint.as_deref() == Some(token.fingerprint().as_str());
        if theirs { self.clone() } else { TokenMetadata::default() }
    }

    /// Masks what looks like a secret, before it is shown: users may edit profiles.toml by hand.
    pub fn mask(&mut self) {
        let texts = [&mut self.client_id, &mut self.redirect_uri, &mut self.account, &mut self.endpoint];
        for text in texts.into_iter().flatten().chain(&mut self.scopes) {
            *text = term::masked(text).into_owned();
        }
    }

    /// Returns what still holds when the token is removed and its client stays.
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

    /// Returns when the token expires, if Google said so.
    pub fn expiry(&self, now: DateTime<Utc>) -> Option<Expiry> {
        let at = self.expires_at?;
        let left = at.signed_duration_since(now);
        // For a consent screen in Testing, Google issues tokens for 604,800 seconds; a tolerance covers clock and
        // network.
        let given = self.issued_at.map(|issued_at| at.signed_duration_since(issued_at));
        let testing = given.is_some_and(|given| (604_800 - given.num_seconds()).abs() <= 3_600);
        let is_left = left > TimeDelta::zero();
        let verb = if is_left { "expires" } else { "expired" };
        let (reason, hint) = match testing {
            true => (": the OAuth consent screen is in Testing", Some(Hint::from(PUBLISH))),
            false => ("", (!is_left).then(|| Hint::from("run `gads-creds login` for a new one"))),
        };
        let text = format!("the refresh token {verb} {} ({}){reason}", when(left), rfc3339(at));
        Some(Expiry { at, left, testing, text, hint })
    }

    /// Returns the age of the token; `None` if it is unknown, or negative by this clock.
    pub fn age(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.issued_at.map(|issued_at| now.signed_duration_since(issued_at)).filter(|age| *age >= TimeDelta::zero())
    }
}

/// The expiry of a token with limited lifetime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expiry {
    /// When it expires.
    pub at: DateTime<Utc>,
    /// Negative once it has expired.
    pub left: TimeDelta,
    /// The token was issued for seven days: the consent screen was in Testing.
    pub testing: bool,
    /// `the refresh token expires in 2 days (2026-11-24T10:00:00Z): the OAuth consent screen is in Testing`
    pub text: String,
    pub hint: Option<Hint>,
}

impl Expiry {
    /// Whether it has not expired yet.
    pub fn is_left(&self) -> bool {
        self.left > TimeDelta::zero()
    }
}

/// A token issued in Testing expires even if the app is published afterwards.
const PUBLISH: &str =
    "publish the app at https://console.cloud.google.com/auth/audience, then run `gads-creds login` again";

/// Returns a span relative to now: `in 2 days`, `2 days ago`.
pub fn when(span: TimeDelta) -> String {
    if span > TimeDelta::zero() { format!("in {}", duration(span)) } else { format!("{} ago", duration(span.abs())) }
}

/// Returns a span of time, rounded in the largest unit of which there are at least two: `2 days`.
pub fn duration(span: TimeDelta) -> String {
    let seconds = span.num_seconds();
    let round = |unit: i64| (seconds + unit / 2) / unit;
    let (count, unit) = match (round(3_600), round(60)) {
        (17_520.., _) => (round(31_557_600), "year"),
        (48.., _) => (round(86_400), "day"),
        (_, 120..) => (round(3_600), "hour"),
        _ if seconds >= 60 => (round(60), "minute"),
        _ => return "less than a minute".to_owned(),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

/// Returns a time as profiles.toml and `--json` spell it: RFC 3339, UTC, whole seconds.
pub fn rfc3339(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Whether it is an origin that `GADS_CREDS_ENDPOINT` may name; anything can be written into profiles.toml by hand.
fn is_of_stand_in(origin: &str) -> bool {
    let address = origin.strip_prefix("https://").or(origin.strip_prefix("http://"));
    let port = address.and_then(|address| address.strip_prefix("127.0.0.1:").or(address.strip_prefix("[::1]:")));
    port.is_some_and(|port| port.parse::<u16>().is_ok())
}

impl Profile {
    /// Fails if the token came from another endpoint: a stand-in's token is never sent to Google, nor the reverse (RFC
    /// 9700 section 4.4).
    ///
    /// `origin` is that of the stand-in in use; `None` for Google. It is the profile that is bound to an endpoint: in a place that is
    /// shared, the token may be a newer one than the metadata is about. Only a token of a profile without metadata may be sent to
    /// either. So this comes before [`TokenMetadata::valid_for`].
    pub fn check_endpoint(&self, kind: IdentityKind, origin: Option<&str>) -> Result<()> {
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
        let login = match kind {
            IdentityKind::User => "gads-creds login",
            IdentityKind::ServiceAccount => "gads-creds login --key-file FILE",
        };
        let hint = match born {
            Some(born) if !is_of_stand_in(born) => format!("run `{login}` again"),
            Some(born) => format!("set `GADS_CREDS_ENDPOINT={}`, or run `{login}` again", term::excerpt(born)),
            None => "unset `GADS_CREDS_ENDPOINT`".to_owned(),
        };
        let (born, origin) = (location(born), location(origin));
        Err(Error::usage(match kind {
            IdentityKind::User => format!("the refresh token{whose} came from {born}, so it is not sent to {origin}"),
            IdentityKind::ServiceAccount => {
                format!("the service account's key{whose} was saved for {born}, so it is not used at {origin}")
            }
        })
        .hint(hint))
    }
}
