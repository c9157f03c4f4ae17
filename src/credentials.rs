//! The record that everything here is about: what a client library needs to call the Google Ads API as a user.
//!
//! Every field is optional, because every file can lack every one of them; an empty record means nothing is stored.
//! An OAuth [`Client`], in contrast, is complete by construction.

mod account_key;

use crate::secret::Secret;

pub use account_key::AccountKey;

/// What a store holds and a library's file spells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    pub client_id: Option<String>,
    pub client_secret: Option<Secret>,
    pub refresh_token: Option<Secret>,
    /// Optional and ignored by Google since 2026-09-09; kept where it is, never sent empty.
    pub developer_token: Option<Secret>,
    pub login_customer_id: Option<CustomerId>,
    pub linked_customer_id: Option<CustomerId>,
}

impl Credentials {
    /// The same record with every secret replaced by what may be shown of it.
    pub fn masked(&self) -> Credentials {
        Credentials {
            client_secret: self.client_secret.as_ref().map(Secret::masked),
            refresh_token: self.refresh_token.as_ref().map(Secret::masked),
            developer_token: self.developer_token.as_ref().map(Secret::masked),
            ..self.clone()
        }
    }
}

/// An OAuth client from Google's `client_secret.json`, or from a file that already holds one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    pub id: String,
    pub secret: Secret,
    pub kind: ClientKind,
    /// The id of the Cloud project, if the file told it.
    pub project: Option<String>,
}

/// The two types of client that can serve; Google ties redirect addresses to the type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientKind {
    /// "Desktop app": any port of the loopback address.
    Desktop,
    /// "Web application": only the registered addresses, to the letter.
    Web { redirect_uris: Vec<String> },
}

/// The number of the Cloud project that owns a client: what stands before the hyphen of its id.
pub fn project_number(client_id: &str) -> Option<&str> {
    let (number, _) = client_id.split_once('-')?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
}

/// A Google Ads customer id: ten digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CustomerId(String);

impl CustomerId {
    /// Reads ten digits, nothing else: what the libraries take.
    pub fn exact(text: &str) -> Option<CustomerId> {
        (text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| CustomerId(text.to_owned()))
    }

    /// Reads what people type: ten digits, dashes as on Google's pages (`123-456-7890`).
    pub fn typed(text: &str) -> Option<CustomerId> {
        CustomerId::exact(&text.trim().replace('-', ""))
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
