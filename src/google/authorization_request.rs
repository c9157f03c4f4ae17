//! The authorization request: the URL of Google's consent page, and what its response must match.
//!
//! Everything that makes a response trustworthy is created here and new for each attempt: the PKCE verifier (RFC 7636, S256
//! only), the state (RFC 6749 section 10.12, independent of the verifier) and the redirect URI of a server that is already
//! listening.

use oauth2::{AuthUrl, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use url::Url;

use crate::credentials::Client;
use crate::error::{Error, Result};
use crate::google::authorization_response::ResponseChecks;
use crate::google::endpoints::Endpoints;
use crate::google::token;
use crate::google::web_url::parse_url;
use crate::secret::Secret;

/// The scope of the Google Ads API, which has no read-only variant.
pub const ADWORDS: &str = "https://www.googleapis.com/auth/adwords";

/// What a login asks Google for.
#[derive(Clone, Debug)]
pub struct AuthorizationParameters {
    pub client: Client,
    pub redirect: Redirect,
    pub scopes: Vec<String>,
    pub login_hint: Option<String>,
}

/// Where Google sends the authorization response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redirect {
    /// A loopback URI of ours, which a desktop client may choose freely (RFC 8252 section 7.3); without a port the system
    /// chooses one.
    Loopback { port: Option<u16> },
    /// This URI exactly: registered for a web client, or a loopback URI that the user gave.
    Uri(String),
}

/// An authorization request.
#[derive(Debug)]
pub struct AuthorizationRequest {
    /// The URL that the user opens.
    pub url: Url,
    pub checks: ResponseChecks,
    pub verifier: PkceCodeVerifier,
}

impl AuthorizationRequest {
    /// Builds a request with a new state and a new verifier.
    ///
    /// `access_type=offline` and `prompt=consent` together make Google issue a refresh token every time.
    /// `include_granted_scopes` is left out because it would add scopes that were not requested.
    pub fn new(
        parameters: &AuthorizationParameters,
        redirect_uri: &str,
        endpoints: &Endpoints,
    ) -> Result<AuthorizationRequest> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = CsrfToken::new_random_len(32);
        parse_url(redirect_uri).ok_or_else(not_a_url)?;
        let client = token::client(endpoints, &parameters.client.id, &parameters.client.secret)
            .set_auth_uri(AuthUrl::from_url(endpoints.authorize.clone()))
            .set_redirect_uri(RedirectUrl::new(redirect_uri.to_owned()).map_err(|_| not_a_url())?);
        let mut builder = client
            .authorize_url(|| state.clone())
            .set_pkce_challenge(challenge)
            .add_scopes(parameters.scopes.iter().cloned().map(Scope::new))
            .add_extra_param("access_type", "offline")
            .add_extra_param("prompt", "consent");
        if let Some(hint) = &parameters.login_hint {
            builder = builder.add_extra_param("login_hint", hint);
        }
        let (url, state) = builder.url();
        let checks = ResponseChecks::new(redirect_uri, Secret::new(state.secret().as_str()), endpoints)?;
        Ok(AuthorizationRequest { url, checks, verifier })
    }
}

impl ResponseChecks {
    /// The checks for a request with this redirect URI and state.
    pub fn new(redirect_uri: &str, state: Secret, endpoints: &Endpoints) -> Result<ResponseChecks> {
        let redirect_uri = parse_url(redirect_uri).ok_or_else(not_a_url)?;
        Ok(ResponseChecks { redirect_uri, state, issuer: endpoints.issuer.clone() })
    }
}

fn not_a_url() -> Error {
    Error::usage("the redirect URI is not a valid URL")
}

/// Returns the full name of a scope: `datamanager` is short for `https://www.googleapis.com/auth/datamanager`.
pub fn full_scope(name: &str) -> String {
    let is_short = !name.contains(':') && !matches!(name, "openid" | "email" | "profile");
    if is_short { format!("https://www.googleapis.com/auth/{name}") } else { name.to_owned() }
}
