//! The central record: what a client library needs to call the Google Ads API.
//!
//! A record belongs to a user, to a service account, or to nobody yet. Every other field is optional, because every
//! file may lack any of them. [`Field`] is the one table of its parts: formats, stores and the environment map a field
//! to their own name for it and never list the parts themselves. An OAuth [`Client`], in contrast, is always complete.

mod account_key;
mod field;

use std::path::PathBuf;

use crate::secret::Secret;

pub use account_key::{AccountKey, KEY_FILE_MEMBERS};
pub use field::Field;

/// What a store holds and a library's file contains.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    /// Who calls the API; `None` if there is neither a part of a user's credential nor a key.
    pub identity: Option<Identity>,
    /// Optional and ignored by Google since 2026-09-09; kept where it is, never sent empty.
    pub developer_token: Option<Secret>,
    pub login_customer_id: Option<CustomerId>,
    pub linked_customer_id: Option<CustomerId>,
}

/// Who calls the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    User(User),
    ServiceAccount(ServiceAccount),
}

/// Whose credentials a login writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityKind {
    User,
    ServiceAccount,
}

impl IdentityKind {
    /// The kind of this record; a record of nobody is treated as a user's.
    pub fn of(credentials: &Credentials) -> IdentityKind {
        match credentials.service_account() {
            Some(_) => IdentityKind::ServiceAccount,
            None => IdentityKind::User,
        }
    }
}

/// An OAuth client and the refresh token of a user. Either may be missing: a client stays when its token is revoked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    pub client_id: Option<String>,
    pub client_secret: Option<Secret>,
    pub refresh_token: Option<Secret>,
}

/// A service account with its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAccount {
    pub key: Key,
    /// The user it acts for, by domain-wide delegation.
    pub impersonate: Option<String>,
}

/// A service account's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// The path of the JSON file, as a library's file names it.
    File(PathBuf),
    /// The JSON itself, in a store that has no files.
    Document(Secret),
}

impl Credentials {
    /// Returns the credentials of a user, without other fields.
    pub fn of_user(client_id: impl Into<String>, client_secret: Secret, refresh_token: Option<Secret>) -> Credentials {
        let (client_id, client_secret) = (Some(client_id.into()), Some(client_secret));
        let user = User { client_id, client_secret, refresh_token };
        Credentials { identity: Some(Identity::User(user)), ..Credentials::default() }
    }

    /// Returns the same record with this value. A value that is invalid for the field is ignored.
    pub fn with(mut self, field: Field, value: Option<&str>) -> Credentials {
        field.set(&mut self, value);
        self
    }

    pub fn user(&self) -> Option<&User> {
        match &self.identity {
            Some(Identity::User(user)) => Some(user),
            Some(Identity::ServiceAccount(_)) | None => None,
        }
    }

    pub fn service_account(&self) -> Option<&ServiceAccount> {
        match &self.identity {
            Some(Identity::ServiceAccount(account)) => Some(account),
            Some(Identity::User(_)) | None => None,
        }
    }

    /// Returns the JSON of a service account's key, if the store holds the key itself.
    pub fn key_document(&self) -> Option<&Secret> {
        match &self.service_account()?.key {
            Key::Document(document) => Some(document),
            Key::File(_) => None,
        }
    }

    /// Returns the secret that gives access, if the store holds it itself: the refresh token or a key.
    pub fn access(&self) -> Option<&Secret> {
        self.refresh_token().or(self.key_document())
    }

    pub fn client_id(&self) -> Option<&str> {
        self.user()?.client_id.as_deref()
    }

    pub fn client_secret(&self) -> Option<&Secret> {
        self.user()?.client_secret.as_ref()
    }

    pub fn refresh_token(&self) -> Option<&Secret> {
        self.user()?.refresh_token.as_ref()
    }

    /// Sets the refresh token, or removes it. The other parts of a user's credential stay; a service account is
    /// replaced.
    pub fn set_refresh_token(&mut self, token: Option<Secret>) {
        Field::RefreshToken.set_secret(self, token);
    }
}

/// Whether the OAuth client is gcloud's own.
pub fn is_of_gcloud(client_id: &str) -> bool {
    ["764086051850-", "32555940559."].iter().any(|number| client_id.starts_with(number))
}

/// An OAuth client from Google's `client_secret.json`, or from a file that already holds one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    pub id: String,
    pub secret: Secret,
    pub kind: ClientKind,
    /// The id of the Cloud project, if the file names it.
    pub project: Option<String>,
}

/// The two types of client that can be used; Google ties redirect URIs to the type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientKind {
    /// "Desktop app": any port of the loopback address.
    Desktop,
    /// "Web application": only the registered redirect URIs, compared exactly.
    Web { redirect_uris: Vec<String> },
}

/// The number of the Cloud project that owns a client: the part of its id before the hyphen.
pub fn project_number(client_id: &str) -> Option<&str> {
    let (number, _) = client_id.split_once('-')?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
}

/// A Google Ads customer ID: ten digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CustomerId(String);

impl CustomerId {
    /// Reads ten digits and nothing else: what the libraries accept.
    pub fn exact(text: &str) -> Option<CustomerId> {
        (text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| CustomerId(text.to_owned()))
    }

    /// Reads what people type: ten digits, dashes as on Google's pages (`123-456-7890`), or what mails and tables make of them.
    pub fn typed(text: &str) -> Option<CustomerId> {
        let is_between = |char: char| {
            char.is_whitespace()
                || matches!(char, '-' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2010}'..='\u{2015}' | '\u{2060}' | '\u{2212}' | '\u{feff}')
        };
        CustomerId::exact(&text.replace(is_between, ""))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for CustomerId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
