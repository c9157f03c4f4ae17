//! The key of a service account, complete by construction.

use crate::secret::Secret;

/// What Google's JSON key file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountKey {
    /// The address of the service account: what a Google Ads account invites.
    pub email: String,
    /// `private_key_id`: which of the account's keys it is.
    pub key_id: String,
    /// PEM, PKCS#8.
    pub private_key: Secret,
    /// The ID of the Cloud project, if the file names it.
    pub project: Option<String>,
    /// The numeric ID by which domain-wide delegation names the account, if the file names it.
    pub client_id: Option<String>,
}
