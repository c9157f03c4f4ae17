//! A stored service account: its key, read and checked wherever it is kept, and what Google's refusals mean for it.

use std::path::Path;

use crate::credentials::{AccountKey, Key, ServiceAccount};
use crate::error::{Error, Kind, Result};
use crate::google::Endpoints;
use crate::service_account_key;
use crate::term;

/// Reads the key of a service account. `location` is where the credential is stored, for messages.
pub fn read_key(account: &ServiceAccount, location: &str, endpoints: &Endpoints) -> Result<AccountKey> {
    match &account.key {
        Key::File(path) if !path.exists() => Err(missing(path, location)),
        Key::File(path) => Ok(service_account_key::read(path, endpoints)?.key),
        Key::Document(document) => service_account_key::parse(document, location, endpoints),
    }
}

fn missing(path: &Path, location: &str) -> Error {
    let message = format!("the key file {}, which {location} names, does not exist", term::path(path));
    Error::new(Kind::KeyFile, message)
        .hint("put it back, or log in with another key: `gads-creds login --key-file FILE`")
}

/// The error with what is known of the service account: the client ID that an administrator needs, the address to invite.
pub fn explain(error: Error, key: &AccountKey) -> Error {
    match (error.google_code(), &key.client_id) {
        (Some("unauthorized_client" | "access_denied"), Some(client_id)) => error.hint(format!(
            "an administrator enters client ID `{}` and scope `https://www.googleapis.com/auth/adwords` at \
             https://admin.google.com/ac/owl/domainwidedelegation; or leave `--impersonate` out and invite {} in Google Ads",
            term::excerpt(client_id),
            term::excerpt(&key.email)
        )),
        _ if error.kind() == Kind::NotAdsUser => no_access(&key.email, error.google_code()),
        _ => error,
    }
}

/// The error for a service account that reaches no Google Ads account.
pub fn no_access(email: &str, google_code: Option<&str>) -> Error {
    let email = term::excerpt(email);
    let error = Error::new(
        Kind::NotAdsUser,
        format!("the service account {email} has no access to a Google Ads account"),
    )
    .hint(format!(
        "add {email} at https://ads.google.com: Admin, Access and security, Users, +; then run `gads-creds refresh`"
    ));
    match google_code {
        Some(code) => error.with_google_code(code),
        None => error,
    }
}
