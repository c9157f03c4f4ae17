//! Tries what is to be set with Google before any of it is saved.

use crate::commands::set::{Changes, Verify, Wanted};
use crate::credentials::Credentials;
use crate::error::{Error, Kind, Result};
use crate::google::{self, Access, Caller, Endpoints, Google};
use crate::profile::Profile;
use crate::term::Term;
use crate::tokens::LockedCredential;

/// Tries the secret with a refresh, and looks for the customer ids among the accounts that the token reaches. A refresh
/// token that Google replaces on the way is saved at once. Returns what the user should know besides.
pub fn run(
    changes: &Changes,
    profile: &Profile,
    stored: &Credentials,
    endpoints: &Endpoints,
    verify: Option<&Verify>,
    term: Term,
) -> Result<Vec<String>> {
    let verify = verify.filter(|verify| !verify.no_verify);
    let ids = [&changes.login_customer_id, &changes.linked_customer_id].map(|id| id.as_ref().and_then(Wanted::value));
    let has_ids = verify.is_some() && ids.iter().any(Option::is_some);
    if changes.client.is_none() && !has_ids {
        return Ok(Vec::new());
    }
    let mut credential =
        LockedCredential::open(profile.clone(), endpoints).map_err(|error| error.about(profile.target()))?;
    if let Some(client) = &changes.client {
        credential = credential.with_client_secret(client.secret.clone());
    }
    let google = Google::new(endpoints.clone(), term)?;
    let spinner = term.spinner("asking Google");
    let unchanged = |error: Error| error.adding("nothing was changed");
    let minted = credential.mint(&google).map_err(|error| match error.kind() {
        // A token that came after the signal is stored.
        kind if kind.is_stop() => error,
        Kind::ClientRejected if changes.client.is_some() => {
            unchanged(error).hint("download the client's JSON again, then run `gads-creds set --client-secrets FILE`")
        }
        _ => unchanged(error),
    })?;
    let mut notes = minted.notes;
    let (Some(verify), true) = (verify, has_ids) else { return Ok(notes) };
    let developer_token = match &changes.developer_token {
        Some(wanted) => wanted.value(),
        None => stored.developer_token.clone(),
    };
    let caller = Caller { access_token: minted.grant.access_token, developer_token, version: verify.version.clone() };
    let [login, linked] = &ids;
    if let Some(id) = login {
        let accounts = google.accounts_with_details(&caller, Some(id)).map_err(unchanged)?;
        match google::access_to(id, &accounts) {
            Access::Direct | Access::ThroughManager => {}
            Access::Unknown => notes.push(format!(
                "not every account shows what it manages, so it is not known whether the token reaches {id}"
            )),
            Access::None => {
                return Err(Error::new(
                    Kind::AdsRefused,
                    format!("the token does not reach the customer {id}; nothing was changed"),
                )
                .hint("check the ID at https://ads.google.com, or add `--no-verify` to save it all the same")
                .about(profile.target()));
            }
        }
    }
    // It is reached through the account that it is linked to, not by this user.
    if let Some(id) = linked {
        let accounts = google.accounts_with_details(&caller, Some(id)).map_err(unchanged)?;
        if google::access_to(id, &accounts) == Access::None {
            notes.push(format!(
                "the token itself does not reach the linked customer {id}: Google Ads decides when it is used"
            ));
        }
    }
    drop(spinner);
    Ok(notes)
}
