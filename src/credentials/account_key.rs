//! The key of a service account, always complete.

use crate::secret::Secret;

/// The members of Google's JSON key file.
pub const KEY_FILE_MEMBERS: [&str; 11] = [
    "type",
    "project_id",
    "private_key_id",
    "private_key",
    "client_email",
    "client_id",
    "auth_uri",
    "token_uri",
    "auth_provider_x509_cert_url",
    "client_x509_cert_url",
    "universe_domain",
];

/// The contents of Google's JSON key file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountKey {
    /// The email address of the service account, which a Google Ads account invites.
    pub email: String,
    /// `private_key_id`: identifies one of the account's keys.
    pub key_id: String,
    /// PEM, PKCS#8.
    pub private_key: Secret,
    /// The ID of the Cloud project, if the file names it.
    pub project: Option<String>,
    /// The numeric ID by which domain-wide delegation names the account, if the file names it.
    pub client_id: Option<String>,
}
