//! The token response of RFC 6749 section 5.1 with Google's additions; each value is checked before anybody uses it.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use oauth2::basic::{BasicErrorResponse, BasicTokenType};
use oauth2::{AccessToken, RefreshToken, RequestTokenError, Scope};
use reqwest::StatusCode;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::{Error, Result, Transport};
use crate::google::foreign_text::RequestSecrets;
use crate::google::response::Response;
use crate::google::transport_error::unreachable;
use crate::secret::Secret;
use crate::term;

/// Google promises at most 2,048 bytes for an access token and 512 for a refresh token.
const LONGEST_ACCESS_TOKEN: usize = 8192;
const LONGEST_REFRESH_TOKEN: usize = 2048;
/// RFC 5321 section 4.5.3.1.3.
const LONGEST_EMAIL: usize = 254;
/// In seconds: longer lifetimes are ignored, since they are not dates any more.
const LONGEST_LIFETIME: u64 = 100 * 366 * 86_400;

/// What Google granted.
#[derive(Clone, Debug)]
pub struct Grant {
    pub access_token: Secret,
    /// Seconds until the access token expires.
    pub expires_in: Option<u64>,
    /// At login the token to store; after a refresh only present if Google replaced it.
    pub refresh_token: Option<Secret>,
    /// Seconds until the refresh token expires; only present for a grant of limited duration.
    pub refresh_token_expires_in: Option<u64>,
    /// The exact scopes; `None` means those that were requested (RFC 6749 section 5.1).
    pub scopes: Option<BTreeSet<String>>,
    /// The e-mail address of the account, if the scope `email` was requested.
    pub account: Option<String>,
}

impl Grant {
    /// Returns when the refresh token expires, if the response says so and the year has four digits, as RFC 3339 needs.
    pub fn refresh_token_expires_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let span = TimeDelta::try_seconds(i64::try_from(self.refresh_token_expires_in?).ok()?)?;
        now.checked_add_signed(span).filter(|at| at.year() <= 9999)
    }
}

/// What the `oauth2` crate makes of a response.
pub type TokenResult = std::result::Result<TokenResponse, RequestTokenError<Error, BasicErrorResponse>>;

/// Returns the refresh token in a response, whether the response can be used otherwise or not. Beside an error there is none.
pub fn issued(response: &Response) -> Option<Secret> {
    #[derive(Deserialize)]
    struct Issued {
        refresh_token: String,
        error: Option<IgnoredAny>,
    }
    let issued: Issued = serde_json::from_slice(response.text()).ok()?;
    let token = Secret::new(issued.refresh_token);
    let is_whole =
        response.status == StatusCode::OK && issued.error.is_none() && is_token(&token, LONGEST_REFRESH_TOKEN);
    is_whole.then_some(token)
}

/// Returns the grant in a token response, or the error that came instead.
pub fn grant(result: TokenResult) -> Result<Grant> {
    let response = match result {
        Ok(response) => response,
        Err(RequestTokenError::Request(error)) => return Err(error),
        // The library's message quotes the response; only the position of the error is shown.
        Err(RequestTokenError::Parse(error, _)) => {
            let path = error.path().to_string();
            let reason = if path == "." { "it is not a token response".to_owned() } else { format!("at `{path}`") };
            return Err(unusable(&term::excerpt(&reason)));
        }
        Err(RequestTokenError::ServerResponse(_) | RequestTokenError::Other(_)) => {
            return Err(unusable("it is not a token response"));
        }
    };
    if response.token_type != BasicTokenType::Bearer {
        return Err(unusable("its `token_type` is not `Bearer`"));
    }
    let access_token = Secret::new(response.access_token.secret().as_str());
    if !is_token(&access_token, LONGEST_ACCESS_TOKEN) {
        return Err(unusable("its `access_token` is not a token"));
    }
    // An empty refresh token counts as absent: it must never replace the stored one.
    let refresh_token =
        response.refresh_token.as_ref().map(|token| token.secret().as_str()).filter(|text| !text.is_empty());
    let refresh_token = refresh_token.map(Secret::new);
    if refresh_token.as_ref().is_some_and(|token| !is_token(token, LONGEST_REFRESH_TOKEN)) {
        return Err(unusable("its `refresh_token` is not a token"));
    }
    // Scopes and address are stored and shown.
    let tokens = RequestSecrets::of_tokens([Some(&access_token), refresh_token.as_ref()].into_iter().flatten());
    let fits = |text: &String| !tokens.are_quoted_in(text);
    let scopes = |text: String| text.split(' ').filter(|one| is_scope(one)).map(str::to_owned).filter(fits).collect();
    let scopes: Option<Vec<String>> = response.scope.map(scopes);
    if scopes.as_ref().is_some_and(|scopes| !fits(&scopes.join(" "))) {
        return Err(unusable("its `scope` repeats a token"));
    }
    Ok(Grant {
        scopes: scopes.map(BTreeSet::from_iter),
        account: response.id_token.as_ref().and_then(|token| verified_email(token.secret())).filter(fits),
        access_token,
        expires_in: response.expires_in.0,
        refresh_token,
        refresh_token_expires_in: response.refresh_token_expires_in.0,
    })
}

fn unusable(reason: &str) -> Error {
    let message = format!("the token endpoint sent a response that cannot be used: {reason}");
    unreachable(Transport::Response, message).hint("what is stored is unchanged; try again later")
}

/// Whether the text is printable ASCII without spaces, within the limit.
fn is_token(token: &Secret, longest: usize) -> bool {
    let text = token.expose();
    !text.is_empty() && text.len() <= longest && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// RFC 6749 appendix A.4, with a limit on the length. A text that looks like a secret is not a scope.
fn is_scope(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
    (1..=256).contains(&text.len()) && text.bytes().all(allowed) && term::masked(text) == text
}

/// Returns the e-mail address in an ID token, unless Google says that it is not verified. Signature, `iss` and `aud` are not
/// checked: the token came directly from the token endpoint over TLS (OpenID Connect Core section 3.1.3.7, point 6), and
/// whoever could put another's token there could put any address into it.
pub fn verified_email(id_token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Claims {
        email: String,
        #[serde(default)]
        email_verified: Option<serde_json::Value>,
    }
    let payload = URL_SAFE_NO_PAD.decode(id_token.split('.').nth(1)?).ok()?;
    let Claims { email, email_verified } = serde_json::from_slice(&payload).ok()?;
    // The claim is optional.
    let is_verified = email_verified.is_none_or(|verified| verified == true || verified == "true");
    // One that would have to be escaped or masked to be shown is not an address.
    let is_plain = !email.contains(char::is_whitespace) && term::excerpt(&email) == email;
    (is_verified && is_plain && (1..=LONGEST_EMAIL).contains(&email.len())).then_some(email)
}

/// Unknown members are ignored.
#[derive(Debug, Deserialize, Serialize)]
pub struct TokenResponse {
    access_token: AccessToken,
    #[serde(deserialize_with = "token_type")]
    token_type: BasicTokenType,
    #[serde(default)]
    expires_in: Seconds,
    #[serde(default)]
    refresh_token: Option<RefreshToken>,
    #[serde(default)]
    refresh_token_expires_in: Seconds,
    #[serde(default)]
    scope: Option<String>,
    #[serde(default)]
    id_token: Option<AccessToken>,
}

impl oauth2::TokenResponse for TokenResponse {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        self.expires_in.0.map(Duration::from_secs)
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

/// `Bearer` in any case (RFC 6749 section 5.1).
fn token_type<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<BasicTokenType, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.eq_ignore_ascii_case("bearer") {
        Ok(BasicTokenType::Bearer)
    } else {
        Ok(BasicTokenType::Extension(String::new()))
    }
}

/// A lifetime in seconds. Servers send numbers and numeric strings; anything else counts as absent.
#[derive(Clone, Copy, Default, Serialize)]
struct Seconds(Option<u64>);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Seconds, D::Error> {
        let seconds = match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Number(number) => number.as_u64(),
            serde_json::Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        Ok(Seconds(seconds.filter(|&seconds| seconds <= LONGEST_LIFETIME)))
    }
}

impl fmt::Debug for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
