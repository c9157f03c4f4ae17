//! The secrets that a request carried, so that an answer which repeats one of them is not passed on.
//!
//! Servers and proxies quote what they were sent when they refuse it; what they quote must not reach a terminal or a log.

use std::borrow::Cow;

use reqwest::{Request, header};
use url::form_urlencoded;

use crate::secret::Secret;

/// So many characters of a secret in a row are taken for a quotation of it; Google's prefixes (`GOCSPX-`, `1//0`) are shorter.
const PIECE: usize = 12;
/// What a form may hold that is no secret.
const PUBLIC: &[&str] = &["grant_type", "client_id", "redirect_uri", "scope"];

#[derive(Clone, Debug, Default)]
pub struct Sent(Vec<Secret>);

impl Sent {
    /// What the request's form and its headers hold.
    pub fn by(request: &Request) -> Sent {
        let header = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        let mut secrets: Vec<Secret> = Vec::new();
        if header(header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
            let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
            let fields = form_urlencoded::parse(body).filter(|(name, _)| !PUBLIC.contains(&name.as_ref()));
            secrets.extend(fields.map(|(_, value)| Secret::new(value)));
        }
        let bearer = header(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        let developer = header(header::HeaderName::from_static("developer-token"));
        secrets.extend([bearer, developer].into_iter().flatten().map(Secret::new));
        Sent(secrets)
    }

    /// Whether the text repeats a secret or a piece of one, as it is or percent-encoded.
    pub fn is_quoted_in(&self, text: &str) -> bool {
        let decoded: Vec<Cow<'_, str>> =
            form_urlencoded::parse(text.as_bytes()).flat_map(|(name, value)| [name, value]).collect();
        let quotes = |text: &str| self.0.iter().any(|secret| quotes(text.as_bytes(), secret.expose().as_bytes()));
        quotes(text) || decoded.iter().any(|text| quotes(text))
    }
}

fn quotes(text: &[u8], secret: &[u8]) -> bool {
    let mut pieces = secret.windows(PIECE.min(secret.len()).max(1));
    pieces.any(|piece| text.windows(piece.len()).any(|window| window == piece))
}
