//! What gives access in a record of credentials, and what a move sets in another one.

use crate::credentials::{Credentials, Field};
use crate::service_account_key;

/// What gives access in this record, if anything does.
pub fn gives_access(credentials: &Credentials) -> Option<String> {
    match credentials.refresh_token() {
        Some(token) => Some(format!("another refresh token ({})", token.fingerprint())),
        None => credentials.service_account().map(|_| "another key of a service account".to_owned()),
    }
}

/// Whether both have the same refresh token or the same key. A key at its path is the same as the JSON in that file.
pub fn is_same_access(one: &Credentials, other: &Credentials) -> bool {
    match (one.service_account(), other.service_account()) {
        (Some(one), Some(other)) => service_account_key::is_same(&one.key, &other.key),
        (None, None) => one.refresh_token() == other.refresh_token(),
        _ => false,
    }
}

/// Sets what is moved; what the new location has besides stays.
pub fn put(stored: &mut Credentials, moving: &Credentials) {
    stored.identity = moving.identity.clone().or(stored.identity.take());
    for field in [Field::DeveloperToken, Field::LoginCustomerId, Field::LinkedCustomerId] {
        if let Some(value) = field.get(moving) {
            field.set(stored, Some(value));
        }
    }
}
