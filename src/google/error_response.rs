//! Parses Google's error responses and turns them into errors with a cause and a next step.
//!
//! There are three shapes: the `error` of RFC 6749 section 5.2, the error object of Google's APIs, and a `GoogleAdsFailure`
//! inside of it. Anything else is not Google's: a captive portal, a proxy, a gateway. Every text passes through
//! [`RequestSecrets`] when it is read.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use crate::error::{Detail, Error, Kind, Transport};
use crate::google::explain::{self, Entry, Operation};
use crate::google::foreign_text::RequestSecrets;
use crate::google::response::{Response, is_busy};
use crate::google::transport_error::unreachable;
use crate::term::layout;

/// In seconds, a year: a longer `Retry-After` is not shown.
const LONGEST_WAIT: u64 = 366 * 86_400;

/// An error response; its texts are fit to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorResponse {
    /// `invalid_grant`, `NOT_ADS_USER`; `None` for an error object without a name.
    pub code: Option<String>,
    /// Google's `error_subtype`.
    pub subtype: Option<String>,
    pub description: Option<String>,
    /// The page of Google's console on which a disabled service is enabled.
    pub link: Option<String>,
    pub request_id: Option<String>,
}

/// Parses the body of an error response; `None` if it is not one of Google's.
pub fn parse(response: &Response) -> Option<ErrorResponse> {
    let value: Value = serde_json::from_slice(&response.body).ok()?;
    let secrets = &response.secrets;
    let value = unwrap_array(&value);
    let mut error = match value.get("error")? {
        Value::String(code) => ErrorResponse {
            code: Some(secrets.clean(code)?),
            subtype: text(value, "error_subtype", secrets),
            description: text(value, "error_description", secrets),
            ..ErrorResponse::default()
        },
        error @ Value::Object(_) => parse_object(error, secrets),
        _ => return None,
    };
    let in_header = response.request_id.as_ref().and_then(|id| secrets.clean(id));
    error.request_id = error.request_id.or(in_header);
    Some(error)
}

/// Streaming methods wrap the object in an array.
fn unwrap_array(value: &Value) -> &Value {
    value.as_array().and_then(|array| array.first()).unwrap_or(value)
}

/// Parses the error object of Google's APIs. Its own `message` is often misleading; the cause is in `details`.
fn parse_object(object: &Value, secrets: &RequestSecrets) -> ErrorResponse {
    let mut error = ErrorResponse {
        code: text(object, "status", secrets),
        description: text(object, "message", secrets),
        ..ErrorResponse::default()
    };
    let mut has_failure = false;
    for detail in object.get("details").and_then(Value::as_array).into_iter().flatten() {
        let reason = text(detail, "reason", secrets);
        if let Some((code, message)) = parse_failure(detail, secrets) {
            // Takes precedence over the reason that the API's front end adds.
            has_failure = true;
            error.code = Some(code);
            error.description = message.or(error.description);
        } else if let Some(reason) = reason.filter(|_| !has_failure) {
            error.code = Some(reason);
        }
        error.request_id = text(detail, "requestId", secrets).or(error.request_id);
        let activation = detail.get("metadata").and_then(|metadata| metadata.get("activationUrl")?.as_str());
        let links = detail.get("links").and_then(Value::as_array).into_iter().flatten();
        let links = links.filter_map(|link| link.get("url")?.as_str());
        let link = activation.into_iter().chain(links).find_map(|link| secrets.console_link(link));
        error.link = error.link.or(link);
    }
    error
}

/// Parses a `GoogleAdsFailure`: code and message of the first error that is in the table, else of the first.
fn parse_failure(detail: &Value, secrets: &RequestSecrets) -> Option<(String, Option<String>)> {
    let errors = detail.get("errors").and_then(Value::as_array)?;
    let code = |error: &Value| secrets.clean(error.get("errorCode")?.as_object()?.values().next()?.as_str()?);
    let mut errors = errors.iter().filter_map(|error| Some((code(error)?, text(error, "message", secrets)))).peekable();
    let first = errors.peek().cloned();
    errors.find(|(code, _)| explain::find(Operation::Ads, code, None, None).is_some()).or(first)
}

fn text(value: &Value, key: &str, secrets: &RequestSecrets) -> Option<String> {
    value.get(key).and_then(Value::as_str).and_then(|text| secrets.clean(text))
}

/// Returns the error for a response to this operation whose status is not 200.
pub fn to_error(operation: Operation, response: &Response) -> Error {
    let status = response.status;
    // Google sends neither 407 nor 511: they come from a proxy and from a captive portal (RFC 9110 section 15.5.8, RFC 6585
    // section 6).
    if matches!(status.as_u16(), 407 | 511) {
        return unexpected(operation, response);
    }
    // The Google Ads API responds with an error object; a plain `error` comes from another server.
    let error = parse(response).filter(|_| operation != Operation::Ads || has_error_object(response));
    if is_busy(status) {
        return busy(operation, response, error);
    }
    match error.filter(|_| status.is_client_error()) {
        Some(error) => explain(operation, &error, Some(status)),
        None if operation == Operation::Ads && status == StatusCode::UNAUTHORIZED => {
            explain(operation, &ErrorResponse::default(), Some(status))
        }
        None => unexpected(operation, response),
    }
}

fn has_error_object(response: &Response) -> bool {
    let value: Option<Value> = serde_json::from_slice(&response.body).ok();
    value.is_some_and(|value| unwrap_array(&value).get("error").is_some_and(Value::is_object))
}

/// The error for HTTP 429 and 5xx.
fn busy(operation: Operation, response: &Response, error: Option<ErrorResponse>) -> Error {
    let status = response.status;
    let code = error.as_ref().and_then(|error| error.code.as_deref());
    let is_quota = status == StatusCode::TOO_MANY_REQUESTS
        && code.and_then(|code| explain::find(operation, code, None, None)).is_some();
    let when = response.retry_after.and_then(in_words);
    let next = |when: &str| match operation {
        // The code may have been used.
        Operation::Exchange => format!("run `gads-creds login` again in {when}; nothing was changed"),
        _ => format!("try again in {when}; nothing was changed"),
    };
    if let (Some(error), true) = (&error, is_quota) {
        let explained = explain(operation, error, Some(status)).with_detail(Detail::Transport(Transport::Busy));
        return match when {
            Some(when) => explained.hint(next(&when)),
            None => explained,
        };
    }
    let id = error.as_ref().and_then(|error| error.request_id.as_deref());
    let id = id.map(|id| format!(", request id {id}")).unwrap_or_default();
    let message = format!("{} is busy or out of order (HTTP {}{id})", operation.server(), status.as_u16());
    let busy = unreachable(Transport::Busy, message).hint(next(when.as_deref().unwrap_or("a few minutes")));
    match code {
        Some(code) => busy.with_google_code(code),
        None => busy,
    }
}

/// A `Retry-After` in words, rounded up; `None` for one that says nothing.
fn in_words(wait: Duration) -> Option<String> {
    let seconds = wait.as_secs();
    let unit = match seconds {
        ..60 => 1,
        60..3600 => 60,
        3600.. => 3600,
    };
    (1..=LONGEST_WAIT).contains(&seconds).then(|| layout::limit(seconds.next_multiple_of(unit)))
}

/// Returns the error with the cause and the next step of the table; for an unknown code, with Google's own words and who can
/// help.
pub fn explain(operation: Operation, error: &ErrorResponse, status: Option<StatusCode>) -> Error {
    let (code, description) = (error.code.as_deref(), error.description.as_deref());
    let entry = code.and_then(|code| explain::find(operation, code, error.subtype.as_deref(), description));
    let explained = match entry {
        Some(entry) => known(operation, error, entry),
        None => unknown(operation, error, status),
    };
    match code {
        Some(code) => explained.with_google_code(code),
        None => explained,
    }
}

fn known(operation: Operation, response: &ErrorResponse, entry: &Entry) -> Error {
    let subtype = response.subtype.as_deref().map(|subtype| format!(", {subtype}")).unwrap_or_default();
    let quoted = match response.description.as_deref() {
        // The description of a known code of the Google Ads API adds nothing to the cause.
        Some(description) if operation != Operation::Ads => format!("{}{subtype}: {description}", entry.code),
        Some(_) | None => format!("{}{subtype}", entry.code),
    };
    let error = Error::new(entry.kind, format!("{} ({quoted})", entry.cause));
    let error = match &response.link {
        Some(link) if entry.code == "SERVICE_DISABLED" => {
            error.hint(format!("enable it at {link} and wait a few minutes"))
        }
        Some(_) | None => error.hint(entry.next_step),
    };
    match entry.detail {
        Some(detail) => error.with_detail(detail),
        None => error,
    }
}

fn unknown(operation: Operation, response: &ErrorResponse, status: Option<StatusCode>) -> Error {
    let status = status.map(|status| format!("HTTP {}", status.as_u16()));
    let mut parts = vec![response.code.clone().or(status.clone()).unwrap_or_else(|| "no code".to_owned())];
    if let Some(description) = &response.description {
        parts = vec![format!("{}: {description}", parts.concat())];
    }
    parts.extend(response.request_id.as_ref().map(|id| format!("request id {id}")));
    let is_unauthorized = operation == Operation::Ads && status.as_deref() == Some("HTTP 401");
    if is_unauthorized {
        let message = format!("the Google Ads API does not accept the access token ({})", parts.join(", "));
        return Error::new(Kind::TokenRejected, message).hint("run `gads-creds login`");
    }
    let kind = match operation {
        Operation::Ads => Kind::AdsRefused,
        Operation::Consent => Kind::ConsentDenied,
        Operation::Exchange
        | Operation::Refresh
        | Operation::ServiceAccount
        | Operation::KeyCreation
        | Operation::Revoke => Kind::ClientRejected,
    };
    let message = format!("{} rejected the request ({})", operation.server(), parts.join(", "));
    let needs_id =
        if operation == Operation::Ads && response.request_id.is_some() { ", with the request id" } else { "" };
    Error::new(kind, message).hint(format!("{}{needs_id}", operation.who_can_help()))
}

/// Whether the response is a web page.
pub fn is_page(response: &Response) -> bool {
    response.text().trim_ascii_start().first() == Some(&b'<')
}

/// Whether the JSON has an error: tokens or a success beside it contradict it, and neither can be relied on.
pub fn has_error(value: &Value) -> bool {
    value.get("error").is_some_and(|error| !error.is_null() && error != "")
}

/// Returns the error for a response that is not an error response of Google's: a web page, a redirect.
pub fn unexpected(operation: Operation, response: &Response) -> Error {
    if (operation, response.status) == (Operation::Ads, StatusCode::NOT_FOUND) {
        // The API's front end sends a web page for a version that does not exist.
        let error = ErrorResponse { code: Some("NOT_FOUND".to_owned()), ..ErrorResponse::default() };
        return explain(operation, &error, Some(response.status));
    }
    let what = match (response.status.is_redirection(), is_page(response)) {
        (true, _) => "a redirect, which is never followed",
        (false, true) => "a web page",
        (false, false) => "something that cannot be used",
    };
    let message = format!("{} responded with {what} (HTTP {})", operation.server(), response.status.as_u16());
    unreachable(Transport::Response, message)
        .hint("a proxy or a captive portal may be in between; check the network and try again")
}
