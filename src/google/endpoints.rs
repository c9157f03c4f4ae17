//! Where Google is: compiled in, and the one override that a stand-in on the loopback address needs.
//!
//! Nothing else moves them: not the client-secrets file, not a configuration file, not a server's answer. A stored token
//! remembers the origin it came from ([`Endpoints::origin`]) and is sent nowhere else.

use url::{Host, Url};

use crate::error::{Error, Result};
use crate::term;

/// The variable that replaces the origin of Google's four services.
pub const VARIABLE: &str = "GADS_CREDS_ENDPOINT";

/// The four addresses of Google this program talks to, and the issuer its answers may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    pub authorize: Url,
    pub token: Url,
    pub revoke: Url,
    /// The root of the Google Ads API; `v26/…` is joined to it.
    pub ads: Url,
    /// What `iss` in an answer must be (RFC 9207).
    pub issuer: String,
    origin: Option<String>,
}

impl Endpoints {
    /// Google's own.
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

    /// Google's, or those of the stand-in that `GADS_CREDS_ENDPOINT` names.
    pub fn from_environment() -> Result<Endpoints> {
        match std::env::var_os(VARIABLE) {
            None => Ok(Endpoints::google()),
            Some(value) if value.is_empty() => Ok(Endpoints::google()),
            Some(value) => Endpoints::stand_in(&value.to_string_lossy()),
        }
    }

    /// Those of a stand-in at a loopback address, told by number so that no name server has a say (RFC 8252 section 8.3).
    pub fn stand_in(text: &str) -> Result<Endpoints> {
        let refused = || {
            Error::usage(format!("`{VARIABLE}` is `{}`, which is no address of a stand-in", term::excerpt(text)))
                .hint("set it to `http://127.0.0.1:PORT` or `http://[::1]:PORT` (or https), or unset it")
        };
        let url = Url::parse(text).map_err(|_| refused())?;
        let loopback = match url.host() {
            Some(Host::Ipv4(ip)) => ip.octets() == [127, 0, 0, 1],
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(_)) | None => false,
        };
        // The text itself is compared as well: a parser accepts spellings (`127.1`, `\`, user names) that no one means.
        let origin = url.origin().ascii_serialization();
        let plain = text.strip_suffix('/').unwrap_or(text) == origin;
        if !loopback || !plain || !matches!(url.scheme(), "http" | "https") || url.port().is_none() {
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

    /// The origin of the stand-in; none for Google's own.
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }
}

fn known(url: &str) -> Url {
    Url::parse(url).expect("a constant address")
}
