//! The question to the person: the address of Google's consent page, and what its answer must fit.
//!
//! Everything that makes an answer trustworthy is made here and fresh for each attempt: the PKCE verifier (RFC 7636, S256 only), the
//! state (RFC 6749 section 10.12; independent of the verifier) and the redirect URI of the listener that is already open.

use oauth2::{AuthUrl, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use url::Url;

use crate::credentials::Client;
use crate::error::{Error, Result};
use crate::google::authorization_response::Expected;
use crate::google::endpoints::Endpoints;
use crate::google::token;
use crate::secret::Secret;

/// The one scope without which there is nothing to log in for. It has no read-only variant.
pub const ADWORDS: &str = "https://www.googleapis.com/auth/adwords";

/// What is asked of the person.
#[derive(Clone, Debug)]
pub struct Request {
    pub client: Client,
    /// The redirect URI as it is registered, to the letter; for a desktop client made by the listener.
    pub redirect: String,
    pub scopes: Vec<String>,
    pub login_hint: Option<String>,
}

/// A question, ready to be asked.
#[derive(Debug)]
pub struct Question {
    /// Where the person must go.
    pub url: Url,
    pub expected: Expected,
    pub verifier: PkceCodeVerifier,
}

/// Makes the address of the consent page.
///
/// `access_type=offline` and `prompt=consent` together make Google issue a refresh token each time;
/// `include_granted_scopes` is left out because it widens the grant beyond what was asked.
pub fn question(request: &Request, endpoints: &Endpoints) -> Result<Question> {
    let not_an_address = |_| Error::usage("the redirect URI is no address");
    let redirect = RedirectUrl::new(request.redirect.clone()).map_err(not_an_address)?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let state = CsrfToken::new_random_len(32);
    let client = token::client(endpoints, &request.client.id, &request.client.secret)
        .set_auth_uri(AuthUrl::from_url(endpoints.authorize.clone()))
        .set_redirect_uri(redirect);
    let mut builder = client
        .authorize_url(|| state.clone())
        .set_pkce_challenge(challenge)
        .add_scopes(request.scopes.iter().cloned().map(Scope::new))
        .add_extra_param("access_type", "offline")
        .add_extra_param("prompt", "consent");
    if let Some(hint) = &request.login_hint {
        builder = builder.add_extra_param("login_hint", hint);
    }
    let (url, state) = builder.url();
    let expected = Expected {
        redirect: Url::parse(&request.redirect).map_err(not_an_address)?,
        state: Secret::new(state.secret().as_str()),
        issuer: endpoints.issuer.clone(),
    };
    Ok(Question { url, expected, verifier })
}

/// A scope as it is spelled in full: `datamanager` stands for `https://www.googleapis.com/auth/datamanager`.
pub fn full_scope(name: &str) -> String {
    let short = !name.contains(':') && !matches!(name, "openid" | "email" | "profile");
    if short { format!("https://www.googleapis.com/auth/{name}") } else { name.to_owned() }
}
