//! Requests to the token endpoint: an authorization code or a refresh token in, a [`Grant`] out.
//!
//! The `oauth2` crate builds the requests (RFC 6749 sections 4.1.3 and 6, RFC 7636 section 4.5). The status of a response is
//! checked before the crate sees its body: it would report a gateway's error page as a malformed token and quote it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use oauth2::basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse};
use oauth2::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    PkceCodeVerifier, RedirectUrl, RefreshToken, StandardRevocableToken, TokenUrl,
};

use crate::error::{Error, Result};
use crate::google::endpoints::Endpoints;
use crate::google::error_response;
use crate::google::explain::Operation;
use crate::google::http::{Http, Retry, invalid_request};
use crate::google::response::Response;
use crate::google::token_response::{self, Grant, TokenResponse, TokenResult};
use crate::secret::Secret;

/// The `oauth2` crate's client with our type for the token response.
pub type OauthClient<Token = EndpointSet, Authorize = EndpointNotSet> = oauth2::Client<
    BasicErrorResponse,
    TokenResponse,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    Authorize,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    Token,
>;

/// Returns a client that sends its ID and secret in the form, as Google documents it.
pub fn client(endpoints: &Endpoints, id: &str, secret: &Secret) -> OauthClient {
    OauthClient::<EndpointNotSet>::new(ClientId::new(id.to_owned()))
        .set_client_secret(ClientSecret::new(secret.expose().to_owned()))
        .set_auth_type(AuthType::RequestBody)
        .set_token_uri(TokenUrl::from_url(endpoints.token.clone()))
}

/// A request without a grant.
#[derive(Debug)]
pub struct NoGrant {
    pub error: Error,
    /// No connection was made, so a code was not sent and still works.
    pub code_is_unused: bool,
    /// The refresh token in a response that cannot be used otherwise; the one that it replaces may not work any more.
    pub issued: Option<Secret>,
}

impl From<Error> for NoGrant {
    fn from(error: Error) -> NoGrant {
        NoGrant { error, code_is_unused: false, issued: None }
    }
}

/// Exchanges the authorization code for tokens. A code works once, so it is never sent twice.
pub async fn exchange(
    http: &Http,
    client: OauthClient,
    redirect_uri: &str,
    code: &Secret,
    verifier: PkceCodeVerifier,
) -> std::result::Result<Grant, NoGrant> {
    let redirect_uri = RedirectUrl::new(redirect_uri.to_owned())
        .map_err(|_| Error::internal("the redirect URI is not a valid URL"))?;
    let client = client.set_redirect_uri(redirect_uri);
    let sender = Sender::new(http, Retry::IfNotSent, Operation::Exchange);
    let result = client
        .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
        .set_pkce_verifier(verifier)
        .request_async(&|request| sender.send(request))
        .await;
    sender.grant(result)
}

/// Gets an access token with the refresh token.
pub async fn refresh(http: &Http, client: &OauthClient, token: &Secret) -> std::result::Result<Grant, NoGrant> {
    let token = RefreshToken::new(token.expose().to_owned());
    let sender = Sender::new(http, Retry::Always, Operation::Refresh);
    let result = client.exchange_refresh_token(&token).request_async(&|request| sender.send(request)).await;
    sender.grant(result)
}

/// Sends a request of the `oauth2` crate through our HTTP client, and keeps what the crate does not pass on.
struct Sender<'a> {
    http: &'a Http,
    retry: Retry,
    operation: Operation,
    is_unsent: AtomicBool,
    issued: OnceLock<Secret>,
}

impl Sender<'_> {
    fn new(http: &Http, retry: Retry, operation: Operation) -> Sender<'_> {
        Sender { http, retry, operation, is_unsent: AtomicBool::new(false), issued: OnceLock::new() }
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse> {
        let response = self.http.execute(to_reqwest(request)?, self.retry).await.map_err(|lost| {
            self.is_unsent.store(!lost.may_have_arrived, Ordering::Relaxed);
            lost.error
        })?;
        if let Some(token) = token_response::issued(&response) {
            // One request has one response.
            let _ = self.issued.set(token);
        }
        check_response(self.operation, &response).map_err(|error| match response.follows_lost_one {
            true if error.is_google("invalid_grant") => error.adding(
                "the response to the request before, which was the same, broke off: it may have replaced the token",
            ),
            _ => error,
        })
    }

    fn grant(self, result: TokenResult) -> std::result::Result<Grant, NoGrant> {
        token_response::grant(result).map_err(|error| NoGrant {
            error,
            code_is_unused: self.is_unsent.into_inner(),
            issued: self.issued.into_inner(),
        })
    }
}

/// Converts a request of the `oauth2` crate.
pub fn to_reqwest(request: HttpRequest) -> Result<reqwest::Request> {
    request.try_into().map_err(|_| invalid_request())
}

/// Returns the response for the `oauth2` crate if it has status 200 and is JSON without an error, else the error.
pub fn check_response(operation: Operation, response: &Response) -> Result<HttpResponse> {
    if response.status != reqwest::StatusCode::OK {
        return Err(error_response::to_error(operation, response));
    }
    // The media type is not looked at, since proxies change it.
    let body = response.text();
    // Parsed as a whole: text behind the object, or nesting that no parser finishes, makes it unusable.
    let value = serde_json::from_slice::<serde_json::Value>(body)
        .map_err(|_| error_response::unexpected(operation, response))?;
    if error_response::has_error(&value) {
        return Err(error_response::unexpected(operation, response));
    }
    // Scopes and address are stored and shown: one that repeats a secret of the request is a quotation of it.
    let text = |name: &str| value.get(name).and_then(serde_json::Value::as_str);
    let email = text("id_token").and_then(token_response::verified_email);
    if text("scope").into_iter().chain(email.as_deref()).any(|text| response.secrets.are_quoted_in(text)) {
        return Err(error_response::unexpected(operation, response));
    }
    Ok(HttpResponse::new(body.to_vec()))
}
