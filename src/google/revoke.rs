//! Revocation (RFC 7009): a form POST without client authentication, as Google wants it. If a server insists on the
//! authentication of RFC 7009 section 2.1, the request is repeated with it.

use reqwest::StatusCode;

use crate::error::{Error, Result};
use crate::google::endpoints::Endpoints;
use crate::google::error_response;
use crate::google::explain::Operation;
use crate::google::http::{Http, NoResponse, Retry};
use crate::google::response::Response;
use crate::secret::Secret;

/// The result of a revocation request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    Revoked,
    /// The token was invalid already, which is as good as revoked (RFC 7009 section 2.2).
    AlreadyInvalid,
    /// The request may have arrived, but there was no response, or one that is not known to be that of the endpoint.
    Unknown(Error),
}

/// The OAuth client that the token was issued to.
#[derive(Clone, Copy, Debug)]
pub struct ClientAuthentication<'a> {
    pub client_id: &'a str,
    pub client_secret: &'a Secret,
}

pub async fn revoke(
    http: &Http,
    endpoints: &Endpoints,
    token: &Secret,
    client: Option<ClientAuthentication<'_>>,
) -> Result<Revocation> {
    let mut result = post(http, endpoints, &[("token", token.expose())]).await;
    if let (Ok(response), Some(client)) = (&result, client)
        && wants_client(response)
    {
        let secret = client.client_secret.expose();
        let fields = [("token", token.expose()), ("client_id", client.client_id), ("client_secret", secret)];
        result = post(http, endpoints, &fields).await;
    }
    match result {
        Ok(response) => read(&response),
        Err(lost) if lost.may_have_arrived => Ok(Revocation::Unknown(lost.error)),
        Err(lost) => Err(lost.error),
    }
}

async fn post(
    http: &Http,
    endpoints: &Endpoints,
    fields: &[(&str, &str)],
) -> std::result::Result<Response, NoResponse> {
    http.try_send(http.post_form(&endpoints.revoke, fields), Retry::Always).await
}

fn wants_client(response: &Response) -> bool {
    let code = error_response::parse(response).and_then(|error| error.code);
    response.status.is_client_error() && matches!(code.as_deref(), Some("invalid_client" | "invalid_request"))
}

fn read(response: &Response) -> Result<Revocation> {
    let is_invalid =
        || error_response::parse(response).is_some_and(|error| error.code.as_deref() == Some("invalid_token"));
    // RFC 7009 section 2.2 leaves the body of a success open. A page is that of a web filter, whoever's certificate it has.
    let contradicts = || error_response::is_page(response) || is_json_with_error(response.text());
    match response.status {
        StatusCode::OK if contradicts() => {
            Ok(Revocation::Unknown(error_response::unexpected(Operation::Revoke, response)))
        }
        StatusCode::OK => Ok(Revocation::Revoked),
        StatusCode::BAD_REQUEST if is_invalid() => Ok(Revocation::AlreadyInvalid),
        _ => Err(error_response::to_error(Operation::Revoke, response)),
    }
}

fn is_json_with_error(text: &[u8]) -> bool {
    serde_json::from_slice(text).is_ok_and(|value| error_response::has_error(&value))
}
