//! Revocation (RFC 7009): one form POST without client authentication, as Google wants it; with it, if a server insists as the
//! RFC allows (section 2.1).

use reqwest::StatusCode;

use crate::error::{Error, Result};
use crate::google::endpoints::Endpoints;
use crate::google::error_response;
use crate::google::explain::Step;
use crate::google::http::{Again, Http, NoResponse, Reply};
use crate::secret::Secret;

/// What Google said of the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revoked {
    Now,
    /// It was dead before: as good as revoked (RFC 7009 section 2.2).
    Before,
    /// The request may have arrived, but no answer came back: nobody knows.
    Perhaps(Error),
}

/// The OAuth client that a token belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    pub client_id: &'a str,
    pub client_secret: &'a Secret,
}

pub async fn revoke(http: &Http, endpoints: &Endpoints, token: &Secret, owner: Option<Owner<'_>>) -> Result<Revoked> {
    let mut answer = ask(http, endpoints, &[("token", token.expose())]).await;
    if let (Ok(reply), Some(owner)) = (&answer, owner)
        && wants_the_client(reply)
    {
        let secret = owner.client_secret.expose();
        let fields = [("token", token.expose()), ("client_id", owner.client_id), ("client_secret", secret)];
        answer = ask(http, endpoints, &fields).await;
    }
    match answer {
        Ok(reply) => outcome(&reply),
        Err(lost) if lost.may_have_arrived => Ok(Revoked::Perhaps(lost.error)),
        Err(lost) => Err(lost.error),
    }
}

async fn ask(http: &Http, endpoints: &Endpoints, fields: &[(&str, &str)]) -> std::result::Result<Reply, NoResponse> {
    http.ask(http.post_form(&endpoints.revoke, fields), Again::Harmless).await
}

fn wants_the_client(reply: &Reply) -> bool {
    let code = error_response::read(reply).map(|said| said.code);
    reply.status.is_client_error() && matches!(code.as_deref(), Some("invalid_client" | "invalid_request"))
}

fn outcome(reply: &Reply) -> Result<Revoked> {
    match reply.status {
        StatusCode::OK => Ok(Revoked::Now),
        StatusCode::BAD_REQUEST if error_response::read(reply).is_some_and(|said| said.code == "invalid_token") => {
            Ok(Revoked::Before)
        }
        _ => Err(error_response::error(Step::Revoke, reply)),
    }
}
