//! The rows of the token endpoint for a service account: what it says of a signed JWT.

use crate::error::Kind::{self, ClientRejected, GrantedTooLittle, TokenRejected};
use crate::google::explain::{Row, Step};

const fn row(
    code: &'static str,
    detail: Option<&'static str>,
    kind: Kind,
    cause: &'static str,
    next: &'static str,
) -> Row {
    Row { steps: &[Step::ServiceAccount], code, detail, kind, cause, next }
}

pub const ROWS: &[Row] = &[
    row(
        "invalid_grant",
        Some("Invalid JWT Signature"),
        TokenRejected,
        "Google does not accept the key's signature: the key was deleted, disabled or replaced, or is of another service account",
        "create a key at https://console.cloud.google.com/iam-admin/serviceaccounts and run `gads-creds login --key-file FILE`",
    ),
    row(
        "invalid_grant",
        Some("account not found"),
        TokenRejected,
        "the service account does not exist: it was deleted",
        "create a service account and a key at https://console.cloud.google.com/iam-admin/serviceaccounts and run `gads-creds login --key-file FILE`",
    ),
    row(
        "invalid_grant",
        Some("reasonable timeframe"),
        TokenRejected,
        "the clock of this machine differs from Google's, so that the signed request counts as expired or not yet valid",
        "set the clock (`timedatectl set-ntp true`); `gads-creds doctor` shows by how much it is off",
    ),
    row(
        "invalid_grant",
        Some("Invalid email or User ID"),
        TokenRejected,
        "Google Workspace has no such user to impersonate",
        "check the address: `gads-creds login --key-file FILE --impersonate EMAIL`, or leave `--impersonate` out, as the Google Ads API does not need it",
    ),
    row(
        "invalid_grant",
        Some("disabled"),
        TokenRejected,
        "the service account is disabled",
        "enable it at https://console.cloud.google.com/iam-admin/serviceaccounts",
    ),
    row(
        "invalid_grant",
        None,
        TokenRejected,
        "Google rejected the key of the service account",
        "create a key at https://console.cloud.google.com/iam-admin/serviceaccounts and run `gads-creds login --key-file FILE`",
    ),
    row(
        "disabled_client",
        None,
        ClientRejected,
        "the service account is disabled",
        "enable it at https://console.cloud.google.com/iam-admin/serviceaccounts",
    ),
    row(
        "deleted_client",
        None,
        ClientRejected,
        "the service account was deleted",
        "create a service account and a key at https://console.cloud.google.com/iam-admin/serviceaccounts and run `gads-creds login --key-file FILE`",
    ),
    row(
        "invalid_client",
        None,
        ClientRejected,
        "Google does not know this service account",
        "create a service account and a key at https://console.cloud.google.com/iam-admin/serviceaccounts and run `gads-creds login --key-file FILE`",
    ),
    row(
        "unauthorized_client",
        None,
        ClientRejected,
        "the service account may not impersonate this user: domain-wide delegation is missing for its client ID or for the scope",
        "an administrator enters client ID and scope `https://www.googleapis.com/auth/adwords` at https://admin.google.com/ac/owl/domainwidedelegation; or leave `--impersonate` out and invite the service account in Google Ads",
    ),
    row(
        "access_denied",
        None,
        ClientRejected,
        "the service account may not impersonate this user: domain-wide delegation is missing for the scope",
        "an administrator enters client ID and scope `https://www.googleapis.com/auth/adwords` at https://admin.google.com/ac/owl/domainwidedelegation; or leave `--impersonate` out and invite the service account in Google Ads",
    ),
    row(
        "invalid_scope",
        None,
        GrantedTooLittle,
        "Google does not grant this service account the scope of the Google Ads API",
        "enable the Google Ads API in its project: https://console.cloud.google.com/apis/library/googleads.googleapis.com",
    ),
    row(
        "invalid_request",
        None,
        ClientRejected,
        "a parameter of the token request is missing or malformed",
        "create a key at https://console.cloud.google.com/iam-admin/serviceaccounts and run `gads-creds login --key-file FILE`",
    ),
];
