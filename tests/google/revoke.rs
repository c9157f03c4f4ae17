//! The revocation endpoint (RFC 7009), with Google's specifics: no client credentials, 400 for an unknown token, and
//! any token revokes the whole grant.

use serde_json::json;

use super::http::{Reply, Request};
use super::world::World;

pub fn respond(world: &mut World, request: &Request) -> Reply {
    let form = request.form();
    // A URL with a token in it would be in every log on the way.
    let Some(token) = form.get("token").filter(|_| request.query.0.is_empty() && form.repeated().is_none()) else {
        return Reply::oauth_error(400, "invalid_request", "Bad Request");
    };
    let now = world.now();
    match world.ledger.party_of(token, now) {
        None => Reply::oauth_error(400, "invalid_token", "Token expired or revoked"),
        Some(party) => {
            world.ledger.kill_grant(&party);
            Reply::json(200, &json!({}))
        }
    }
}
