//! What a response of Google's results in, without a network: for tests and fuzz targets.
//!
//! The request is built as usual, so that the secrets that it would carry are known to the reader of the response.

use oauth2::{HttpRequest, RefreshToken};
use reqwest::StatusCode;

use crate::error::{Error, Result};
use crate::google::endpoints::Endpoints;
use crate::google::explain::Operation;
use crate::google::foreign_text::RequestSecrets;
use crate::google::response::Response;
use crate::google::{error_response, token, token_response};
use crate::secret::Secret;

/// A response as it came.
#[derive(Clone, Copy, Debug)]
pub struct RawResponse<'a> {
    pub status: u16,
    pub body: &'a [u8],
}

/// Returns the grant or the error of a refresh with this client and this token that gets the response.
pub fn refresh(
    client_id: &str,
    client_secret: &Secret,
    refresh_token: &Secret,
    response: RawResponse,
) -> Result<token_response::Grant> {
    let client = token::client(&Endpoints::google(), client_id, client_secret);
    let sender = |request: HttpRequest| {
        let request = token::to_reqwest(request)?;
        token::check_response(Operation::Refresh, &to_response(response, RequestSecrets::of(&request))?)
    };
    let refresh_token = RefreshToken::new(refresh_token.expose().to_owned());
    token_response::grant(client.exchange_refresh_token(&refresh_token).request(&sender))
}

/// Returns the error for a response to this operation whose status is not the expected one.
pub fn error(operation: Operation, response: RawResponse) -> Result<Error> {
    Ok(error_response::to_error(operation, &to_response(response, RequestSecrets::default())?))
}

fn to_response(response: RawResponse, secrets: RequestSecrets) -> Result<Response> {
    let status = StatusCode::from_u16(response.status).map_err(|_| Error::internal("this is not an HTTP status"))?;
    Ok(Response::new(status, response.body.to_vec(), secrets))
}
