//! What an answer of Google's would mean, the network left out: for tests and fuzz targets, which have answers by the million.
//!
//! The request is formed as ever, so that what it carries is known to the answer's reader; only nobody carries it.

use oauth2::{HttpRequest, RefreshToken};
use reqwest::StatusCode;

use crate::error::{Error, Result};
use crate::google::echo::Sent;
use crate::google::endpoints::Endpoints;
use crate::google::explain::Step;
use crate::google::http::Reply;
use crate::google::{error_response, token};
use crate::secret::Secret;

/// An answer as it came.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    pub status: u16,
    pub body: &'a [u8],
}

/// What a refresh with this client and this token makes of the answer.
pub fn refreshed(
    client_id: &str,
    client_secret: &Secret,
    refresh_token: &Secret,
    answer: Answer,
) -> Result<token::Grant> {
    let client = token::client(&Endpoints::google(), client_id, client_secret);
    let sender = |request: HttpRequest| {
        let request = token::request(request)?;
        token::accepted(Step::Refresh, &reply(answer, Sent::by(&request))?)
    };
    let refresh_token = RefreshToken::new(refresh_token.expose().to_owned());
    token::grant(client.exchange_refresh_token(&refresh_token).request(&sender))
}

/// The error that the answer is at this step, if it is not the one hoped for.
pub fn refused(step: Step, answer: Answer) -> Result<Error> {
    Ok(error_response::error(step, &reply(answer, Sent::default())?))
}

fn reply(answer: Answer, sent: Sent) -> Result<Reply> {
    let status = StatusCode::from_u16(answer.status).map_err(|_| Error::internal("this is no status of HTTP"))?;
    Ok(Reply::whole(status, answer.body.to_vec(), sent))
}
