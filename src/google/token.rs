//! The token endpoint: a code or a refresh token goes in, a [`Grant`] comes out.
//!
//! The `oauth2` crate forms the requests (RFC 6749 sections 4.1.3 and 6, RFC 7636 section 4.5). The answer's status is looked at
//! before its body, since that crate would take a gateway's error page for a malformed token and quote it.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AccessToken, AuthType, AuthorizationCode, ClientId, ClientSecret, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardRevocableToken,
    TokenResponse, TokenUrl,
};
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::{Error, Kind, Result};
use crate::google::endpoints::Endpoints;
use crate::google::error_response;
use crate::google::explain::Step;
use crate::google::http::{Again, Http, Reply};
use crate::secret::Secret;

/// The `oauth2` crate's client with our reading of the answer.
pub type OauthClient<Token = EndpointSet, Authorize = EndpointNotSet> = oauth2::Client<
    BasicErrorResponse,
    GoogleTokenResponse,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    Authorize,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    Token,
>;

/// What Google granted.
#[derive(Clone, Debug)]
pub struct Grant {
    pub access_token: Secret,
    /// Seconds that the access token lives.
    pub expires_in: Option<u64>,
    /// At login the token to keep; at a refresh only there if Google replaced it.
    pub refresh_token: Option<Secret>,
    /// Seconds that the refresh token lives; only told for a grant that is limited in time.
    pub refresh_token_expires_in: Option<u64>,
    /// Exact scopes; absent means as asked (RFC 6749 section 5.1).
    pub scopes: Option<BTreeSet<String>>,
    /// The account's address, if `email` was among the scopes.
    pub account: Option<String>,
}

/// The client that sends its id and secret in the form, as Google documents it.
pub fn client(endpoints: &Endpoints, id: &str, secret: &Secret) -> OauthClient {
    OauthClient::<EndpointNotSet>::new(ClientId::new(id.to_owned()))
        .set_client_secret(ClientSecret::new(secret.expose().to_owned()))
        .set_auth_type(AuthType::RequestBody)
        .set_token_uri(TokenUrl::from_url(endpoints.token.clone()))
}

/// Turns the authorization code into tokens. A code works once, so it is never sent twice.
pub async fn exchange(
    http: &Http,
    client: OauthClient,
    redirect: &str,
    code: &Secret,
    verifier: PkceCodeVerifier,
) -> Result<Grant> {
    let redirect =
        RedirectUrl::new(redirect.to_owned()).map_err(|_| Error::internal("the redirect URI is no address"))?;
    let client = client.set_redirect_uri(redirect);
    let sender = |request: HttpRequest| send(http, request, Again::OnlyUnsent, Step::Exchange);
    let answer = client
        .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
        .set_pkce_verifier(verifier)
        .request_async(&sender)
        .await;
    grant(answer)
}

/// Mints an access token with the refresh token.
pub async fn refresh(http: &Http, client: &OauthClient, token: &Secret) -> Result<Grant> {
    let token = RefreshToken::new(token.expose().to_owned());
    let sender = |request: HttpRequest| send(http, request, Again::Harmless, Step::Refresh);
    let answer = client.exchange_refresh_token(&token).request_async(&sender).await;
    grant(answer)
}

/// Carries a request of the `oauth2` crate over our client; only a JSON answer with status 200 goes back to it.
async fn send(http: &Http, request: HttpRequest, again: Again, step: Step) -> Result<HttpResponse> {
    accepted(step, &http.execute(self::request(request)?, again).await?)
}

/// The request as our client takes it.
pub fn request(request: HttpRequest) -> Result<reqwest::Request> {
    request.try_into().map_err(|_| {
        Error::internal("cannot form a request from the stored values")
            .hint("run `gads-creds doctor --offline`: it checks what is stored")
    })
}

/// The answer as the `oauth2` crate may have it, or the error that it is.
pub fn accepted(step: Step, reply: &Reply) -> Result<HttpResponse> {
    if reply.status != reqwest::StatusCode::OK {
        return Err(error_response::error(step, reply));
    }
    // Nothing may follow the object, and its type is told by reading it: proxies mislabel answers. A byte order mark may be
    // ignored (RFC 8259 section 8.1).
    let body = reply.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&reply.body);
    // Read as a whole: what no parser reads to the end, like brackets without number, is refused wherever it stands.
    let value =
        serde_json::from_slice::<serde_json::Value>(body).map_err(|_| error_response::gibberish(step, reply))?;
    // Tokens beside an error are believed no more than the error is: one of the two is not true.
    if value.get("error").is_some_and(|error| !error.is_null() && error != "") {
        return Err(error_response::gibberish(step, reply));
    }
    Ok(HttpResponse::new(body.to_vec()))
}

/// What the answer grants, every part of it checked.
pub fn grant(
    answer: std::result::Result<GoogleTokenResponse, RequestTokenError<Error, BasicErrorResponse>>,
) -> Result<Grant> {
    let malformed = |what: &str| {
        Error::new(Kind::Unreachable, format!("the token endpoint sent an answer that cannot be used: {what}"))
            .hint("nothing was changed; try again later")
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(RequestTokenError::Request(error)) => return Err(error),
        // What the library says here quotes the answer; where it failed is all that may be told.
        Err(RequestTokenError::Parse(error, _)) => {
            let path = error.path().to_string();
            let place = if path == "." { "it is no token response".to_owned() } else { format!("at `{path}`") };
            return Err(malformed(&crate::term::excerpt(&place)));
        }
        Err(RequestTokenError::ServerResponse(_) | RequestTokenError::Other(_)) => {
            return Err(malformed("it is no token response"));
        }
    };
    if *answer.token_type() != BasicTokenType::Bearer {
        return Err(malformed("its `token_type` is not `Bearer`"));
    }
    let access_token = Secret::new(answer.access_token.secret().as_str());
    if !is_token(&access_token, 8192) {
        return Err(malformed("its `access_token` has characters or a length that no token has"));
    }
    // An empty refresh token is none: it must never blank the one that is stored.
    let refresh_token =
        answer.refresh_token.as_ref().map(|token| token.secret().as_str()).filter(|text| !text.is_empty());
    let refresh_token = refresh_token.map(Secret::new);
    if refresh_token.as_ref().is_some_and(|token| !is_token(token, 2048)) {
        return Err(malformed("its `refresh_token` has characters or a length that no token has"));
    }
    Ok(Grant {
        access_token,
        expires_in: answer.expires_in.0,
        refresh_token,
        refresh_token_expires_in: answer.refresh_token_expires_in.0,
        scopes: answer.scope.map(|text| text.split(' ').filter(|one| is_scope(one)).map(str::to_owned).collect()),
        account: answer.id_token.as_ref().and_then(|token| account(token.secret())),
    })
}

/// Printable ASCII without the blank, at most so long (Google: access tokens 2,048 bytes, refresh tokens 512).
fn is_token(token: &Secret, most: usize) -> bool {
    let text = token.expose();
    !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// RFC 6749 appendix A.4, within reason; what is none was not granted.
fn is_scope(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
    (1..=256).contains(&text.len()) && text.bytes().all(allowed)
}

/// The address in an ID token. Its signature is not checked: it came straight from the token endpoint over TLS
/// (OpenID Connect Core section 3.1.3.7, point 6).
fn account(id_token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Claims {
        email: String,
    }
    let payload = URL_SAFE_NO_PAD.decode(id_token.split('.').nth(1)?).ok()?;
    let email = serde_json::from_slice::<Claims>(&payload).ok()?.email;
    // RFC 5321 section 4.5.3.1.3 allows 254 characters; the address is stored and shown later.
    let fits = email.len() <= 254 && !email.chars().any(|char| char.is_control() || char.is_whitespace());
    fits.then_some(email)
}

/// The token response of RFC 6749 section 5.1 with Google's additions; unknown members are ignored.
#[derive(Debug, Deserialize, Serialize)]
pub struct GoogleTokenResponse {
    access_token: AccessToken,
    #[serde(deserialize_with = "any_case")]
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

impl TokenResponse for GoogleTokenResponse {
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
fn any_case<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<BasicTokenType, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.eq_ignore_ascii_case("bearer") {
        Ok(BasicTokenType::Bearer)
    } else {
        Ok(BasicTokenType::Extension(String::new()))
    }
}

/// A lifetime in seconds. Servers send numbers and numeric strings; anything else, or over a hundred years, tells nothing.
#[derive(Clone, Copy, Default, Serialize)]
struct Seconds(Option<u64>);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Seconds, D::Error> {
        let seconds = match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Number(number) => number.as_u64(),
            serde_json::Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        Ok(Seconds(seconds.filter(|&seconds| seconds <= 100 * 366 * 86_400)))
    }
}

impl fmt::Debug for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
