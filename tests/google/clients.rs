//! OAuth clients as the Cloud console creates them, and the rules for their type.

use serde_json::{Value, json};
use url::{Host, Url};

use super::random;

#[derive(Clone, Debug)]
pub struct Client {
    pub id: String,
    pub secret: String,
    pub kind: Kind,
    pub publishing: Publishing,
    /// The client was deleted in the console.
    pub deleted: bool,
    /// The Google Ads API is enabled in the client's project.
    pub api_enabled: bool,
    /// An error that Google shows on its own page after the account is chosen: `admin_policy_enforced`.
    pub page_error: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Desktop,
    Web { redirect_uris: Vec<String> },
}

/// The publishing status of the project's consent screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Publishing {
    Production,
    /// Only these accounts may consent, and their tokens expire after seven days.
    Testing {
        users: Vec<String>,
    },
    /// Only accounts of this domain may consent.
    Internal {
        domain: String,
    },
}

impl Client {
    pub fn new(kind: Kind) -> Client {
        Client {
            id: format!("{}-{}.apps.googleusercontent.com", random::digits(12), random::small(32)),
            secret: format!("GOCSPX-{}", random::text(28)),
            kind,
            publishing: Publishing::Production,
            deleted: false,
            api_enabled: true,
            page_error: None,
        }
    }

    /// Returns the file that the console offers for download. Its addresses are always Google's.
    pub fn secrets_file(&self) -> String {
        let mut inner = json!({
            "client_id": self.id,
            "project_id": "example-project",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": "https://oauth2.googleapis.com/token",
            "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
            "client_secret": self.secret,
        });
        let (name, redirect_uris) = match &self.kind {
            Kind::Desktop => ("installed", json!(["http://localhost"])),
            Kind::Web { redirect_uris } => ("web", json!(redirect_uris)),
        };
        inner["redirect_uris"] = redirect_uris;
        Value::Object([(name.to_owned(), inner)].into_iter().collect()).to_string()
    }

    /// Whether Google would redirect there: exactly the registered URI for a web client, any port and path of the
    /// loopback address for a desktop client (RFC 8252 section 7.3).
    pub fn may_redirect_to(&self, redirect_uri: &str) -> bool {
        match &self.kind {
            Kind::Web { redirect_uris } => redirect_uris.iter().any(|registered| registered == redirect_uri),
            Kind::Desktop => Url::parse(redirect_uri).is_ok_and(|url| {
                let loopback = match url.host() {
                    Some(Host::Ipv4(ip)) => ip.is_loopback(),
                    Some(Host::Ipv6(ip)) => ip.is_loopback(),
                    Some(Host::Domain(name)) => name == "localhost",
                    None => false,
                };
                let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
                url.scheme() == "http" && loopback && plain
            }),
        }
    }
}
