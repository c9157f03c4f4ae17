//! One attempt of a request, and its complete response.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Request, StatusCode, header};

use crate::clock;
use crate::google::foreign_text::RequestSecrets;
use crate::google::transport_error::TransportError;

/// The longest response body that is read: 1 MiB.
const MAX_BODY: usize = 1 << 20;

/// A complete response within the limit.
#[derive(Debug)]
pub struct Response {
    pub status: StatusCode,
    pub body: Vec<u8>,
    /// The secrets of the request, which no message may repeat.
    pub secrets: RequestSecrets,
    /// The header `request-id` of the Google Ads API.
    pub request_id: Option<String>,
    /// The same request was sent before, and its response broke off.
    pub follows_lost_one: bool,
    pub retry_after: Option<Duration>,
}

impl Response {
    pub fn new(status: StatusCode, body: Vec<u8>, secrets: RequestSecrets) -> Response {
        Response { status, body, secrets, request_id: None, follows_lost_one: false, retry_after: None }
    }

    /// The body without a byte order mark, which may be ignored (RFC 8259 section 8.1).
    pub fn text(&self) -> &[u8] {
        self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body)
    }
}

/// Whether the server is overloaded or has a fault, so that the same request may succeed later.
pub fn is_busy(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
}

pub type LastDate = Arc<Mutex<Option<ServerDate>>>;

/// The `Date` header of a response, parsed when it is needed, and when the response came by this machine's clock.
#[derive(Clone, Debug)]
pub struct ServerDate {
    text: String,
    received: DateTime<Utc>,
}

impl ServerDate {
    /// Returns how far this machine's clock was ahead of the server's.
    pub fn clock_error(&self) -> Option<TimeDelta> {
        let theirs = DateTime::parse_from_rfc2822(&self.text).ok()?.to_utc();
        Some(self.received.signed_duration_since(theirs))
    }
}

/// Sends the request once and reads the whole response.
pub async fn attempt(
    client: reqwest::Client,
    request: Request,
    last_date: LastDate,
) -> std::result::Result<Response, TransportError> {
    let secrets = RequestSecrets::of(&request);
    let mut response = client.execute(request).await.map_err(TransportError::Http)?;
    let header = |name: header::HeaderName| response.headers().get(name)?.to_str().ok().map(str::to_owned);
    let request_id = header(header::HeaderName::from_static("request-id"));
    let retry_after = header(header::RETRY_AFTER).and_then(|text| parse_retry_after(&text));
    if let (Some(text), Ok(mut last_date)) = (header(header::DATE), last_date.lock()) {
        *last_date = Some(ServerDate { text, received: clock::now() });
    }
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(TransportError::Http)? {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(TransportError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Response { request_id, retry_after, ..Response::new(status, body, secrets) })
}

/// Parses a `Retry-After`: seconds, or a date (RFC 9110 section 10.2.3).
fn parse_retry_after(text: &str) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = DateTime::parse_from_rfc2822(text).ok()?.to_utc();
    Some(date.signed_duration_since(clock::now()).to_std().unwrap_or(Duration::ZERO))
}
