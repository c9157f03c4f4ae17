//! What Google's error codes mean: one table from operation and code to cause, next step and exit code.
//!
//! It has an entry for every code that the consent page, the token endpoint and the Google Ads API are known to send
//! for a user's credential or a service account. The table in docs/errors.md is generated from it. If one code has
//! several causes that Google does not distinguish, all of them are named.

mod ads;
mod consent;
mod front_end;
mod service_account;
mod token;

use crate::error::{Detail, Kind};

/// The request that the error responds to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// The consent of the user: an error on Google's page, or in the authorization response.
    Consent,
    /// The exchange of the authorization code.
    Exchange,
    /// A new access token.
    Refresh,
    /// An access token for a service account.
    ServiceAccount,
    /// The creation of a service account's key, in Google's console or with gcloud.
    KeyCreation,
    /// The revocation of a token.
    Revoke,
    /// A call of the Google Ads API.
    Ads,
}

/// One entry of the table.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub operations: &'static [Operation],
    pub code: &'static str,
    /// If there are any, the entry holds only where Google's `error_subtype` is one of them or its description contains one,
    /// in any case.
    pub variants: &'static [&'static str],
    pub kind: Kind,
    /// What lets callers choose another step.
    pub detail: Option<Detail>,
    /// A fact, as in [`Error::message`](crate::error::Error::message).
    pub cause: &'static str,
    /// One step that works for every user who gets the code, as in [`Error::hint`](crate::error::Error::hint).
    pub next_step: &'static str,
}

/// Returns the first entry that fits an error response.
pub fn find(
    operation: Operation,
    code: &str,
    subtype: Option<&str>,
    description: Option<&str>,
) -> Option<&'static Entry> {
    let description = description.map(str::to_ascii_lowercase);
    let is_variant = |variant: &&str| {
        subtype == Some(*variant)
            || description.as_ref().is_some_and(|text| text.contains(&variant.to_ascii_lowercase()))
    };
    entries().find(|entry| {
        let fits = entry.variants.is_empty() || entry.variants.iter().any(is_variant);
        entry.operations.contains(&operation) && entry.code == code && fits
    })
}

/// The errors of Google's consent page. Most of them are only shown there and never sent to the redirect URI.
pub fn consent_errors() -> impl Iterator<Item = &'static Entry> {
    consent::ENTRIES.iter()
}

/// All entries: consent page, token endpoint, Google Ads API.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    consent::ENTRIES
        .iter()
        .chain(token::ENTRIES)
        .chain(service_account::ENTRIES)
        .chain(ads::ENTRIES)
        .chain(front_end::ENTRIES)
}

/// Every code once, in order.
pub fn codes() -> Vec<&'static str> {
    let mut codes: Vec<&str> = entries().map(|entry| entry.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

impl Operation {
    /// The name of the server, for messages.
    pub fn server(self) -> &'static str {
        match self {
            Operation::Consent => "Google's consent page",
            Operation::Exchange | Operation::Refresh | Operation::ServiceAccount => "Google's token endpoint",
            Operation::KeyCreation => "Google's IAM API",
            Operation::Revoke => "Google's revocation endpoint",
            Operation::Ads => "the Google Ads API",
        }
    }

    /// The next step after an error that is not in the table.
    pub fn who_can_help(self) -> &'static str {
        match self {
            Operation::Consent | Operation::Exchange | Operation::Refresh => {
                "ask the owner of the Cloud project to check the client at https://console.cloud.google.com/auth/clients, \
                 or use another: `gads-creds login -c FILE`"
            }
            Operation::ServiceAccount | Operation::KeyCreation => {
                "ask the owner of the Cloud project to check the service account at \
                 https://console.cloud.google.com/iam-admin/serviceaccounts"
            }
            Operation::Revoke => {
                "remove the access at https://myaccount.google.com/connections; `gads-creds revoke --local-only` removes \
                 the token here"
            }
            Operation::Ads => {
                "ask the owner of the Cloud project, or the support of the Google Ads API: \
                 https://developers.google.com/google-ads/api/support"
            }
        }
    }
}
