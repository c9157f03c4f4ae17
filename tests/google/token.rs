//! The token endpoint: exchanges codes and refresh tokens for access tokens.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::clients::Client;
use super::http::{Pairs, Reply, Request};
use super::ledger::{ACCESS_SECONDS, Challenge, Party, State};
use super::world::World;
use super::{random, service_accounts};

/// An error response.
struct ErrorResponse(u16, &'static str, String);

pub fn respond(world: &mut World, request: &Request) -> Reply {
    match try_answer(world, request) {
        Ok(value) => Reply::json(200, &value),
        Err(ErrorResponse(status, error, description)) => Reply::oauth_error(status, error, &description),
    }
}

fn try_answer(world: &mut World, request: &Request) -> Result<Value, ErrorResponse> {
    let invalid = |text: &str| ErrorResponse(400, "invalid_request", text.to_owned());
    let kind = request.header("content-type").unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(invalid("The request must be a form."));
    }
    // RFC 6749 section 2.3.1: credentials must not be in the URL.
    if !request.query.0.is_empty() {
        return Err(invalid("Parameters must be in the body."));
    }
    let form = request.form();
    if let Some(name) = form.repeated() {
        return Err(invalid(&format!("Parameter given twice: {name}")));
    }
    world.secrets.extend(form.get("code_verifier").map(str::to_owned));
    if form.get("grant_type") == Some(service_accounts::GRANT_TYPE) {
        let checked = service_accounts::check(world, &form);
        let (party, scopes) = checked.map_err(|(status, error, text)| ErrorResponse(status, error, text))?;
        let family = world.ledger.new_family();
        // Google returns no scope here.
        return Ok(json!({
            "access_token": world.mint_access_token(&party, &scopes, family),
            "expires_in": ACCESS_SECONDS,
            "token_type": "Bearer",
        }));
    }
    let client = authenticate(world, request, &form)?;
    match form.get("grant_type") {
        Some("authorization_code") => exchange(world, &client, &form),
        Some("refresh_token") => refresh(world, &client, &form),
        other => Err(ErrorResponse(
            400,
            "unsupported_grant_type",
            format!("Invalid grant_type: {}", other.unwrap_or_default()),
        )),
    }
}

/// Returns the client by its id and secret, in the body or in the header but not both (RFC 6749 section 2.3).
fn authenticate(world: &mut World, request: &Request, form: &Pairs) -> Result<Client, ErrorResponse> {
    let invalid = |text: &str| ErrorResponse(400, "invalid_request", text.to_owned());
    let basic = request.header("authorization").and_then(|value| value.strip_prefix("Basic ")).map(|value| {
        let decoded = STANDARD.decode(value).unwrap_or_default();
        Pairs::parse(&format!("id={}", String::from_utf8_lossy(&decoded).replacen(':', "&secret=", 1)))
    });
    let (id, secret) = match &basic {
        Some(_) if form.get("client_secret").is_some() => return Err(invalid("Client credentials given twice.")),
        Some(basic) => (basic.get("id"), basic.get("secret")),
        None => (form.get("client_id"), form.get("client_secret")),
    };
    let id = id.ok_or_else(|| invalid("Could not determine client ID from request."))?;
    let client = world.client(id).cloned();
    let client =
        client.ok_or_else(|| ErrorResponse(401, "invalid_client", "The OAuth client was not found.".to_owned()))?;
    if client.deleted {
        return Err(ErrorResponse(401, "deleted_client", "The OAuth client was deleted.".to_owned()));
    }
    match secret {
        None => Err(invalid("client_secret is missing.")),
        Some(secret) if secret != client.secret => Err(ErrorResponse(401, "invalid_client", "Unauthorized".to_owned())),
        Some(_) => Ok(client),
    }
}

fn exchange(world: &mut World, client: &Client, form: &Pairs) -> Result<Value, ErrorResponse> {
    let bad_grant = |text: &str| ErrorResponse(400, "invalid_grant", text.to_owned());
    let text = required(form, "code")?;
    let now = world.now();
    let family = world.ledger.new_family();
    let code = world.ledger.code(text).ok_or_else(|| bad_grant("Malformed auth code."))?;
    // A code works once, and a second use revokes what it was exchanged for (RFC 6749 section 4.1.2). A failed attempt
    // uses it up as well.
    if let Some(family) = code.family.replace(family) {
        world.ledger.kill_family(family);
        return Err(bad_grant("Bad Request"));
    }
    let code = code.clone();
    if code.expires_at <= now || code.party.client_id != client.id {
        return Err(bad_grant("Bad Request"));
    }
    if form.get("redirect_uri") != Some(&code.redirect_uri) {
        return Err(ErrorResponse(400, "redirect_uri_mismatch", "Bad Request".to_owned()));
    }
    match (&code.challenge, form.get("code_verifier")) {
        (None, None) => {}
        (Some(_), None) => return Err(bad_grant("Missing code verifier.")),
        (Some(challenge), Some(verifier)) if challenge.is_met_by(verifier) => {}
        (_, Some(_)) => return Err(bad_grant("Invalid code verifier.")),
    }
    let mut value = access_token(world, &code.party, &code.scopes, family);
    if code.offline {
        let token = world.mint_refresh_token(&code.party, &code.scopes, family);
        tell_refresh_token(world, &mut value, &token);
    }
    Ok(value)
}

fn refresh(world: &mut World, client: &Client, form: &Pairs) -> Result<Value, ErrorResponse> {
    let bad_grant = |text: &str| ErrorResponse(400, "invalid_grant", text.to_owned());
    let text = required(form, "refresh_token")?;
    let now = world.now();
    let token = world.ledger.refresh_token(text).ok_or_else(|| bad_grant("Bad Request"))?;
    if token.party.client_id != client.id {
        return Err(ErrorResponse(401, "unauthorized_client", "Unauthorized".to_owned()));
    }
    let found = token.clone();
    if !found.lives(now) {
        // A replaced token that is used again was stolen or copied: the whole family is revoked (RFC 9700 section
        // 4.14.2).
        if found.state == State::Replaced {
            world.ledger.kill_family(found.family);
        }
        return Err(bad_grant("Token has been expired or revoked."));
    }
    let rotate = world.rotate;
    if rotate {
        token.state = State::Replaced;
    }
    let mut value = access_token(world, &found.party, &found.scopes, found.family);
    if rotate {
        let new = world.mint_refresh_token(&found.party, &found.scopes, found.family);
        tell_refresh_token(world, &mut value, &new);
    } else if let Some(expires_at) = found.expires_at {
        value["refresh_token_expires_in"] = json!(expires_at - now);
    }
    Ok(value)
}

fn required<'a>(form: &'a Pairs, name: &str) -> Result<&'a str, ErrorResponse> {
    form.get(name).ok_or_else(|| ErrorResponse(400, "invalid_request", format!("Missing required parameter: {name}")))
}

fn access_token(world: &mut World, party: &Party, scopes: &[String], family: u64) -> Value {
    let mut value = json!({
        "access_token": world.mint_access_token(party, scopes, family),
        "expires_in": ACCESS_SECONDS,
        "scope": scopes.join(" "),
        "token_type": "Bearer",
    });
    if scopes.iter().any(|scope| scope == "openid") {
        value["id_token"] = json!(id_token(world, party, scopes));
    }
    value
}

fn tell_refresh_token(world: &mut World, value: &mut Value, token: &str) {
    value["refresh_token"] = json!(token);
    let now = world.now();
    if let Some(expires_at) = world.ledger.refresh_token(token).and_then(|token| token.expires_at) {
        value["refresh_token_expires_in"] = json!(expires_at - now);
    }
}

/// Returns an ID token that names the account. Its signature is invalid: a client that gets it directly from the token
/// endpoint need not check it (OpenID Connect Core section 3.1.3.7).
fn id_token(world: &mut World, party: &Party, scopes: &[String]) -> String {
    let now = world.now();
    let mut claims = json!({
        "iss": world.origin,
        "azp": party.client_id,
        "aud": party.client_id,
        "sub": "110000000000000000001",
        "iat": now,
        "exp": now + ACCESS_SECONDS + 1,
    });
    if scopes.iter().any(|scope| scope.ends_with("/auth/userinfo.email")) {
        claims["email"] = json!(party.email);
        claims["email_verified"] = json!(true);
    }
    let signature = random::text(342);
    world.secrets.push(signature.clone());
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(&json!({ "alg": "RS256", "kid": "stand-in", "typ": "JWT" })), part(&claims))
}

impl Challenge {
    /// Verifies a verifier (RFC 7636 section 4.6); one with an invalid length or alphabet (section 4.1) fails.
    fn is_met_by(&self, verifier: &str) -> bool {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let well_formed = (43..=128).contains(&verifier.len()) && verifier.bytes().all(allowed);
        well_formed
            && match self {
                Challenge::Plain(text) => text == verifier,
                Challenge::S256(text) => *text == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)),
            }
    }
}
