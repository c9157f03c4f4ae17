//! Google's endpoints: compiled in, with one override for a stand-in on the loopback interface.
//!
//! Nothing else changes them: no client-secrets file, no configuration file, no response of a server. The metadata of a token
//! records the origin that issued it ([`Endpoints::origin`]), and the token is sent to no other.

use url::{Host, Url};

use crate::error::{Error, Result};
use crate::google::web_url::parse_url;
use crate::term;

/// The variable that replaces the origin of Google's services.
pub const VARIABLE: &str = "GADS_CREDS_ENDPOINT";

/// The URLs that this program sends requests to, and the issuer that an authorization response may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    pub authorize: Url,
    pub token: Url,
    pub revoke: Url,
    /// The root of the Google Ads API, to which `v26/…` is joined.
    pub ads: Url,
    /// The `iss` of an authorization response (RFC 9207).
    pub issuer: String,
    origin: Option<String>,
}

impl Endpoints {
    /// Google's endpoints.
    pub fn google() -> Endpoints {
        Endpoints {
            authorize: known("https://accounts.google.com/o/oauth2/v2/auth"),
            token: known("https://oauth2.googleapis.com/token"),
            revoke: known("https://oauth2.googleapis.com/revoke"),
            ads: known("https://googleads.googleapis.com/"),
            issuer: "https://accounts.google.com".to_owned(),
            origin: None,
        }
    }

    /// Google's endpoints, or those of the stand-in that `GADS_CREDS_ENDPOINT` names.
    pub fn from_environment() -> Result<Endpoints> {
        match std::env::var_os(VARIABLE) {
            None => Ok(Endpoints::google()),
            Some(value) if value.is_empty() => Ok(Endpoints::google()),
            Some(value) => Endpoints::stand_in(&value.to_string_lossy()),
        }
    }

    /// The endpoints of a stand-in at a loopback address. A name such as `localhost` is rejected, since it would be resolved
    /// (RFC 8252 section 8.3).
    pub fn stand_in(text: &str) -> Result<Endpoints> {
        let refused = || {
            Error::usage(format!("`{VARIABLE}` is `{}`, which is not the address of a stand-in", term::excerpt(text)))
                .hint("set it to `http://127.0.0.1:PORT` or `http://[::1]:PORT` (or https), or unset it")
        };
        let url = parse_url(text).ok_or_else(refused)?;
        let is_loopback = match url.host() {
            Some(Host::Ipv4(ip)) => ip.octets() == [127, 0, 0, 1],
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(_)) | None => false,
        };
        // The text itself is compared as well, since the parser accepts other spellings (`127.1`, `\`, user names).
        let origin = url.origin().ascii_serialization();
        let is_plain = text.strip_suffix('/').unwrap_or(text) == origin;
        if !is_loopback || !is_plain || !matches!(url.scheme(), "http" | "https") || url.port().is_none() {
            return Err(refused());
        }
        let at = |path: &str| url.join(path).map_err(|_| refused());
        Ok(Endpoints {
            authorize: at("/o/oauth2/v2/auth")?,
            token: at("/token")?,
            revoke: at("/revoke")?,
            ads: at("/")?,
            issuer: origin.clone(),
            origin: Some(origin),
        })
    }

    /// The origin of the stand-in; `None` for Google.
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }
}

fn known(url: &str) -> Url {
    Url::parse(url).expect("a constant URL")
}
