//! The error codes of the token endpoint for the signed JWT of a service account.

use crate::error::Kind::{self, ClientRejected, GrantedTooLittle, TokenRejected};
use crate::google::explain::{Entry, Operation};

const fn entry(
    code: &'static str,
    variants: &'static [&'static str],
    kind: Kind,
    cause: &'static str,
    next_step: &'static str,
) -> Entry {
    Entry { operations: &[Operation::ServiceAccount], code, variants, kind, detail: None, cause, next_step }
}

pub const ENTRIES: &[Entry] = &[
    entry(
        "invalid_grant",
        &["Invalid JWT Signature"],
        TokenRejected,
        "Google does not accept the key's signature: the key was deleted, disabled or replaced, or is of another service account",
        "create a key at https://console.cloud.google.com/iam-admin/serviceaccounts and run `gads-creds login --key-file FILE`",
    ),
    entry(
        "invalid_grant",
        &["account not found"],
        TokenRejected,
        "the service account does not exist: it was deleted",
        "create a service account and a key at https://console.cloud.google.com/iam-admin/serviceaccounts and run `gads-creds login --key-file FILE`",
    ),
    entry(
        "invalid_grant",
        &["reasonable timeframe"],
        TokenRejected,
        "the clock of this machine differs from Google's, so that the signed request counts as expired or not yet valid",
        "set the clock of this machine to the right time (on Linux: `timedatectl set-ntp true`)",
    ),
    entry(
        "invalid_grant",
        &["Invalid email or User ID"],
        TokenRejected,
        "Google Workspace has no such user to impersonate",
        "check the address: `gads-creds login --key-file FILE --impersonate EMAIL`, or leave `--impersonate` out, as the Google Ads API does not need it",
    ),
    entry(
        "invalid_grant",
        &["disabled"],
        TokenRejected,
        "the service account is disabled",
        "enable it at https://console.cloud.google.com/iam-admin/serviceaccounts",
    ),
    entry(
        "invalid_grant",
        &[],
        TokenRejected,
        "Google rejected the key of the service account",
        "create a key at https://console.cloud.google.com/iam-admin/serviceaccounts and run `gads-creds login --key-file FILE`",
    ),
    entry(
        "disabled_client",
        &[],
        ClientRejected,
        "the service account is disabled",
        "enable it at https://console.cloud.google.com/iam-admin/serviceaccounts",
    ),
    entry(
        "deleted_client",
        &[],
        ClientRejected,
        "the service account was deleted",
        "create a service account and a key at https://console.cloud.google.com/iam-admin/serviceaccounts and run `gads-creds login --key-file FILE`",
    ),
    entry(
        "invalid_client",
        &[],
        ClientRejected,
        "Google does not know this service account",
        "create a service account and a key at https://console.cloud.google.com/iam-admin/serviceaccounts and run `gads-creds login --key-file FILE`",
    ),
    entry(
        "unauthorized_client",
        &[],
        ClientRejected,
        "the service account may not impersonate this user: domain-wide delegation is missing for its client ID or for the scope",
        "an administrator enters client ID and scope `https://www.googleapis.com/auth/adwords` at https://admin.google.com/ac/owl/domainwidedelegation; or leave `--impersonate` out and invite the service account in Google Ads",
    ),
    entry(
        "access_denied",
        &[],
        ClientRejected,
        "the service account may not impersonate this user: domain-wide delegation is missing for the scope",
        "an administrator enters client ID and scope `https://www.googleapis.com/auth/adwords` at https://admin.google.com/ac/owl/domainwidedelegation; or leave `--impersonate` out and invite the service account in Google Ads",
    ),
    entry(
        "invalid_scope",
        &[],
        GrantedTooLittle,
        "Google does not grant this service account the scope of the Google Ads API",
        "enable the Google Ads API in its project: https://console.cloud.google.com/apis/library/googleads.googleapis.com",
    ),
    entry(
        "invalid_request",
        &[],
        ClientRejected,
        "a parameter of the token request is missing or malformed",
        "create a key at https://console.cloud.google.com/iam-admin/serviceaccounts and run `gads-creds login --key-file FILE`",
    ),
];
