//! Reads what Google says when it refuses: three shapes of error bodies, and those that are none of Google's.
//!
//! The texts in them are somebody else's: they are escaped and cut before they go anywhere, and left out where they repeat
//! a secret of the request.

use reqwest::StatusCode;
use serde_json::Value;

use crate::error::{Error, Kind};
use crate::google::echo::Sent;
use crate::google::explain::{self, Step};
use crate::google::http::Reply;
use crate::term;

/// What was said, escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorResponse {
    pub code: String,
    pub subtype: Option<String>,
    pub description: Option<String>,
    /// Where a disabled service is switched on, if Google told.
    pub link: Option<String>,
    pub request_id: Option<String>,
}

/// Reads an error body; none if it is no error of Google's.
pub fn read(reply: &Reply) -> Option<ErrorResponse> {
    let value: Value = serde_json::from_slice(&reply.body).ok()?;
    let sent = &reply.sent;
    // Streaming calls wrap the object in an array.
    let value = value.as_array().and_then(|array| array.first()).unwrap_or(&value);
    match value.get("error")? {
        // RFC 6749 section 5.2.
        Value::String(code) => Some(ErrorResponse {
            code: quotable(code, sent)?,
            subtype: text(value, "error_subtype", sent),
            description: text(value, "error_description", sent),
            ..ErrorResponse::default()
        }),
        // The shape of Google's other APIs. Its top line is often misleading; the truth stands in `details`.
        error @ Value::Object(_) => Some(api_error(error, sent)),
        _ => None,
    }
}

fn api_error(error: &Value, sent: &Sent) -> ErrorResponse {
    let mut said = ErrorResponse {
        code: text(error, "status", sent).unwrap_or_else(|| "error".to_owned()),
        description: text(error, "message", sent),
        ..ErrorResponse::default()
    };
    let mut by_ads = false;
    for detail in error.get("details").and_then(Value::as_array).into_iter().flatten() {
        let reason = text(detail, "reason", sent);
        if let Some((code, message)) = failure(detail, sent) {
            // A failure of Google Ads itself says more than what the front end adds to it.
            by_ads = true;
            said.code = code;
            said.description = message.or(said.description);
        } else if let Some(reason) = reason.filter(|_| !by_ads) {
            said.code = reason;
        }
        said.request_id = text(detail, "requestId", sent).or(said.request_id);
        let activation = detail.get("metadata").and_then(|metadata| metadata.get("activationUrl")?.as_str());
        let links = detail.get("links").and_then(Value::as_array).into_iter().flatten();
        let links = links.filter_map(|link| link.get("url")?.as_str());
        said.link = said.link.or(activation.into_iter().chain(links).find_map(console_link));
    }
    said
}

/// Code and sentence of a `GoogleAdsFailure`: of the first error that is known here, else of the first.
fn failure(detail: &Value, sent: &Sent) -> Option<(String, Option<String>)> {
    let errors = detail.get("errors").and_then(Value::as_array)?;
    let code = |error: &Value| quotable(error.get("errorCode")?.as_object()?.values().next()?.as_str()?, sent);
    let mut found = errors.iter().filter_map(|error| Some((code(error)?, text(error, "message", sent)))).peekable();
    let first = found.peek().cloned();
    found.find(|(code, _)| explain::find(Step::Ads, code, None, None).is_some()).or(first)
}

fn text(value: &Value, key: &str, sent: &Sent) -> Option<String> {
    value.get(key).and_then(Value::as_str).and_then(|text| quotable(text, sent))
}

/// The text as a message may hold it; none if it is empty or repeats a secret.
fn quotable(text: &str, sent: &Sent) -> Option<String> {
    // No more than this is shown of it, so no more need be searched.
    let start: String = text.chars().take(400).collect();
    (!text.is_empty() && !sent.is_quoted_in(&start)).then(|| term::excerpt(text))
}

/// An address in Google's console; any other is not passed on, since whoever sends it may not be Google.
fn console_link(text: &str) -> Option<String> {
    let url = url::Url::parse(text).ok()?;
    let host = url.host_str()?;
    let google = matches!(host, "console.developers.google.com" | "console.cloud.google.com");
    (url.scheme() == "https" && google).then(|| url.to_string())
}

/// The error for an answer whose status is not the one hoped for.
pub fn error(step: Step, reply: &Reply) -> Error {
    let status = reply.status.as_u16();
    // Google sends neither: they are a proxy's and a captive portal's own (RFC 9110 section 15.5.8, RFC 6585 section 6).
    if matches!(status, 407 | 511) {
        return gibberish(step, reply);
    }
    // The Google Ads API answers with an object; a plain `error` there comes from somebody else.
    let said = read(reply).filter(|_| step != Step::Ads || is_api_error(reply));
    if reply.status == StatusCode::TOO_MANY_REQUESTS || reply.status.is_server_error() {
        return Error::new(Kind::Unreachable, format!("{} is busy or broken (HTTP {status})", who(step)))
            .hint("try again in a few minutes; nothing was changed");
    }
    match said.filter(|_| reply.status.is_client_error()) {
        Some(said) => explained(step, &said),
        None => gibberish(step, reply),
    }
}

fn is_api_error(reply: &Reply) -> bool {
    let value: Option<Value> = serde_json::from_slice(&reply.body).ok();
    value.is_some_and(|value| {
        value.get("error").or(value.get(0).and_then(|first| first.get("error"))).is_some_and(Value::is_object)
    })
}

/// What was said, in our words; unknown codes are passed on plainly.
pub fn explained(step: Step, said: &ErrorResponse) -> Error {
    let description = said.description.as_deref().filter(|text| !text.is_empty());
    let subtype = said.subtype.as_deref().map(|subtype| format!(", {subtype}")).unwrap_or_default();
    let quoted = match description {
        // The Google Ads API's own sentences add nothing to a cause that is known.
        Some(description) if step != Step::Ads => format!("{}{subtype}: {description}", said.code),
        Some(_) | None => format!("{}{subtype}", said.code),
    };
    let error = match explain::find(step, &said.code, said.subtype.as_deref(), description) {
        Some(row) => {
            let hint = match &said.link {
                Some(link) if said.code == "SERVICE_DISABLED" => {
                    format!("enable it at {link} and wait a few minutes")
                }
                Some(_) | None => row.next.to_owned(),
            };
            Error::new(row.kind, format!("{} ({quoted})", row.cause)).hint(hint)
        }
        None => {
            let kind = if step == Step::Ads { Kind::AdsRefused } else { Kind::ClientRejected };
            let text = description.map(|text| format!(": {text}")).unwrap_or_default();
            let id = said.request_id.as_deref().map(|id| format!(", request id {id}")).unwrap_or_default();
            Error::new(kind, format!("{} refused the request ({}{text}{id})", who(step), said.code))
                .hint(match step {
                    Step::Revoke => "see what has access at https://myaccount.google.com/connections; `--local-only` removes the token here only",
                    _ => "`gads-creds doctor` looks for the cause",
                })
        }
    };
    error.with_google_code(said.code.clone())
}

/// An answer that is no message of Google's: a captive portal, a proxy's page, a redirect.
pub fn gibberish(step: Step, reply: &Reply) -> Error {
    if (step, reply.status) == (Step::Ads, StatusCode::NOT_FOUND) {
        // The front end answers so for a version of the API that is not there.
        return explained(step, &ErrorResponse { code: "NOT_FOUND".to_owned(), ..ErrorResponse::default() });
    }
    let html = reply.body.trim_ascii_start().first() == Some(&b'<');
    let what = match (reply.status.is_redirection(), html) {
        (true, _) => "a redirect, which is never followed",
        (false, true) => "a web page",
        (false, false) => "something that cannot be used",
    };
    Error::new(Kind::Unreachable, format!("{} answered with {what} (HTTP {})", who(step), reply.status.as_u16()))
        .hint("a proxy or a captive portal may stand between; check the network and try again")
}

fn who(step: Step) -> &'static str {
    match step {
        Step::Page => "Google's consent page",
        Step::Exchange | Step::Refresh | Step::ServiceAccount => "Google's token endpoint",
        Step::Revoke => "Google's revocation endpoint",
        Step::Ads => "the Google Ads API",
    }
}
