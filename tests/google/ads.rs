//! The Google Ads API, as far as a login uses it: the accounts of the user, and what a manager account manages.
//!
//! Google's order of checks is not documented; here a request fails first for what the program sent, then for the
//! project, then for the user.

use serde_json::{Value, json};

use super::http::{Reply, Request};
use super::people::Person;
use super::query::Query;
use super::random;
use super::world::World;

/// The only supported version.
pub const VERSION: &str = "v26";
const SCOPE: &str = "https://www.googleapis.com/auth/adwords";
/// Rows per page.
const PAGE: usize = 10_000;

/// Returns the version in a path of this service.
pub fn version(path: &str) -> Option<&str> {
    let version = path.strip_prefix('/')?.split('/').next()?;
    let number = version.strip_prefix('v')?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(version)
}

pub fn respond(world: &mut World, request: &Request) -> Reply {
    let reply = match try_answer(world, request) {
        Ok(value) => Reply::json(200, &value),
        Err(reply) => *reply,
    };
    reply.header("request-id", &random::text(22))
}

fn try_answer(world: &mut World, request: &Request) -> Result<Value, Box<Reply>> {
    if version(&request.path) != Some(VERSION) {
        return Err(failure(400, "requestError", "UNSUPPORTED_VERSION", "Version of the API is not supported."));
    }
    if request.header("developer-token") == Some("") {
        let text = "developer-token parameter is missing.";
        return Err(failure(400, "requestError", "DEVELOPER_TOKEN_PARAMETER_MISSING", text));
    }
    let person = caller(world, request)?;
    let path = request.path.trim_start_matches('/').trim_start_matches(VERSION);
    match (request.method.as_str(), path) {
        // This call ignores login-customer-id.
        ("GET", "/customers:listAccessibleCustomers") if request.body.is_empty() => Ok(list(&person)),
        ("POST", _) => match path.strip_prefix("/customers/").and_then(|rest| rest.strip_suffix("/googleAds:search")) {
            Some(customer) => search(&person, customer, request),
            None => Err(Box::new(Reply::not_found())),
        },
        _ => Err(Box::new(Reply::not_found())),
    }
}

/// Returns whose access token it is, if token, scope, project and account allow the call.
fn caller(world: &mut World, request: &Request) -> Result<Person, Box<Reply>> {
    let Some(token) = request.header("authorization").and_then(|value| value.strip_prefix("Bearer ")) else {
        let text = "Request is missing required authentication credential.";
        return Err(other(401, text, "CREDENTIALS_MISSING"));
    };
    let Some(token) = world.ledger.access_token(token, world.now()).cloned() else {
        let text = "Request had invalid authentication credentials.";
        return Err(failure(401, "authenticationError", "OAUTH_TOKEN_INVALID", text));
    };
    if !token.scopes.iter().any(|scope| scope == SCOPE) {
        let text = "Request had insufficient authentication scopes.";
        return Err(other(403, text, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"));
    }
    if !world.is_api_enabled(&token.party.client_id) {
        let project = token.party.client_id.split('-').next().unwrap_or_default();
        return Err(disabled(project));
    }
    let person = world.person(&token.party.email).cloned();
    person.filter(|person| person.accounts.is_some()).ok_or_else(|| {
        // The outer message of the real API is misleading in the same way.
        let text = "Request is missing required authentication credential.";
        failure(401, "authenticationError", "NOT_ADS_USER", text)
    })
}

fn list(person: &Person) -> Value {
    let names: Vec<_> = person.accounts.iter().flatten().map(|account| format!("customers/{}", account.id)).collect();
    // Google omits empty lists.
    if names.is_empty() { json!({}) } else { json!({ "resourceNames": names }) }
}

fn search(person: &Person, customer: &str, request: &Request) -> Result<Value, Box<Reply>> {
    let denied = || {
        let text = "User doesn't have permission to access customer.";
        failure(403, "authorizationError", "USER_PERMISSION_DENIED", text)
    };
    let ten_digits = |id: &str| id.len() == 10 && id.bytes().all(|byte| byte.is_ascii_digit());
    let login = request.header("login-customer-id").unwrap_or(customer);
    if !ten_digits(login) {
        return Err(failure(400, "headerError", "INVALID_LOGIN_CUSTOMER_ID", "The login customer ID is not valid."));
    }
    if !ten_digits(customer) {
        return Err(failure(400, "requestError", "INVALID_CUSTOMER_ID", "The customer ID is not valid."));
    }
    // The login customer must be one of the user's own accounts; the requested one is that account or below it.
    let login = person.accounts.iter().flatten().find(|account| account.id == login).ok_or_else(denied)?;
    let account = login.find(customer).ok_or_else(denied)?;
    if login.cancelled || account.cancelled {
        let text = "The customer account can't be accessed because it is not yet enabled or has been deactivated.";
        return Err(failure(403, "authorizationError", "CUSTOMER_NOT_ENABLED", text));
    }
    let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let query = Query::of(body["query"].as_str().unwrap_or_default())
        .ok_or_else(|| failure(400, "queryError", "BAD_FIELD_NAME", "Error in query: unexpected input."))?;
    let refused = |error| failure(400, "requestError", error, "The request is not valid.");
    // Pages have had a fixed size since v17, and a request that sets one is an error.
    if !body["pageSize"].is_null() {
        return Err(refused("PAGE_SIZE_NOT_SUPPORTED"));
    }
    let rows = query.rows(account);
    let begin = match body["pageToken"].as_str() {
        None => 0,
        Some(token) => token
            .strip_prefix("page-")
            .and_then(|begin| begin.parse().ok())
            .filter(|begin| *begin > 0 && begin % PAGE == 0 && *begin < rows.len())
            .ok_or_else(|| refused("INVALID_PAGE_TOKEN"))?,
    };
    let end = rows.len().min(begin + PAGE);
    let mut response = json!({ "requestId": random::text(22) });
    // Google omits empty lists.
    if end > begin {
        response["results"] = json!(rows[begin..end]);
    }
    if end < rows.len() {
        response["nextPageToken"] = json!(format!("page-{end}"));
    }
    Ok(response)
}

/// An error response of Google Ads itself.
fn failure(status: u16, category: &str, error: &str, text: &str) -> Box<Reply> {
    error_reply(
        status,
        text,
        json!({
            "@type": format!("type.googleapis.com/google.ads.googleads.{VERSION}.errors.GoogleAdsFailure"),
            "errors": [{ "errorCode": { category: error }, "message": text }],
            "requestId": random::text(22),
        }),
    )
}

/// An error response of the front end of Google Ads.
fn other(status: u16, text: &str, reason: &str) -> Box<Reply> {
    error_reply(
        status,
        text,
        json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason,
            "domain": "googleapis.com",
            "metadata": { "service": "googleads.googleapis.com" },
        }),
    )
}

/// The API is not enabled in the project; Google says so twice, with the page on which to enable it.
fn disabled(project: &str) -> Box<Reply> {
    let text = format!("Google Ads API has not been used in project {project} before or it is disabled.");
    let link =
        format!("https://console.developers.google.com/apis/api/googleads.googleapis.com/overview?project={project}");
    let mut reply = other(403, &text, "SERVICE_DISABLED");
    let mut value: Value = serde_json::from_slice(&reply.body).expect("our own JSON");
    let help = json!({
        "@type": "type.googleapis.com/google.rpc.Help",
        "links": [{ "description": "Google developers console API activation", "url": link }],
    });
    value["error"]["details"].as_array_mut().expect("our own JSON").push(help);
    reply.body = value.to_string().into_bytes();
    reply
}

fn error_reply(status: u16, text: &str, details: Value) -> Box<Reply> {
    let name = match status {
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        _ => "INVALID_ARGUMENT",
    };
    let error = json!({ "code": status, "message": text, "status": name, "details": [details] });
    Box::new(Reply::json(status, &json!({ "error": error })))
}
