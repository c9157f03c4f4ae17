//! The revocation at Google.

use super::status::{AtGoogle, RevocationStatus, StillValid};
use crate::credentials::Credentials;
use crate::error::{Error, Kind, Result};
use crate::google::{ClientAuthentication, Endpoints, Google, Revocation};
use crate::hardening;
use crate::secret::Secret;
use crate::term::Term;

/// Revokes each of these tokens at Google. `status` records the outcome, including that of a request without a response.
pub fn revoke(
    term: Term,
    endpoints: Endpoints,
    tokens: &[(&Secret, &Credentials)],
    status: &mut RevocationStatus,
) -> Result<()> {
    let google = Google::new(endpoints, term)?;
    for (token, credentials) in tokens {
        if let Some(kind) = hardening::stopping() {
            return Err(Error::new(kind, kind.name()));
        }
        let spinner = term.spinner("revoking the token at Google");
        let client = credentials.client_id().zip(credentials.client_secret());
        let client = client.map(|(client_id, client_secret)| ClientAuthentication { client_id, client_secret });
        let revocation = google.revoke(token, client);
        drop(spinner);
        let (at_google, error) = match revocation {
            Ok(Revocation::Revoked) => (AtGoogle::Revoked, None),
            Ok(Revocation::AlreadyInvalid) if status.at_google == AtGoogle::Revoked => (AtGoogle::Revoked, None),
            Ok(Revocation::AlreadyInvalid) => (AtGoogle::InvalidBefore, None),
            Ok(Revocation::Unknown(error)) => (AtGoogle::Unknown, Some(error)),
            Err(error) if error.kind() == Kind::Unreachable => (AtGoogle::NotRevoked(StillValid::Yes), Some(error)),
            Err(error) => (AtGoogle::NotRevoked(StillValid::Unsaid), Some(error)),
        };
        status.at_google = at_google;
        if let Some(error) = error {
            return Err(error);
        }
    }
    Ok(())
}
