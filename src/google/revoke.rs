//! Revocation (RFC 7009): one form POST without client authentication, as Google wants it.

use reqwest::StatusCode;

use crate::error::Result;
use crate::google::endpoints::Endpoints;
use crate::google::explain::Step;
use crate::google::http::{Again, Http};
use crate::google::refusal;
use crate::secret::Secret;

/// What Google said of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    Now,
    /// It was dead before: as good as revoked (RFC 7009 section 2.2).
    Before,
}

pub async fn revoke(http: &Http, endpoints: &Endpoints, token: &Secret) -> Result<Revoked> {
    let request = http.post_form(&endpoints.revoke, &[("token", token.expose())]);
    let reply = http.send(request, Again::Harmless).await?;
    match reply.status {
        StatusCode::OK => Ok(Revoked::Now),
        StatusCode::BAD_REQUEST if refusal::read(&reply).is_some_and(|said| said.code == "invalid_token") => {
            Ok(Revoked::Before)
        }
        _ => Err(refusal::error(Step::Revoke, &reply)),
    }
}
