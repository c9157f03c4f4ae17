//! The error codes of the token endpoint for the signed JWT of a service account, and those that keep a key from being created.

use crate::error::Kind::{self, ClientRejected, GrantedTooLittle, KeyFile, TokenRejected};
use crate::error::{Detail, GrantFailure};
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

/// An `invalid_grant` by which callers choose another step.
const fn grant(failure: GrantFailure, entry: Entry) -> Entry {
    Entry { detail: Some(Detail::Grant(failure)), ..entry }
}

/// The policy by which an organization forbids keys, under one of its names.
const fn forbidden(code: &'static str, variants: &'static [&'static str]) -> Entry {
    Entry {
        operations: &[Operation::KeyCreation],
        code,
        variants,
        kind: KeyFile,
        detail: None,
        cause: "a policy of the organization forbids keys of service accounts; it is on by default in new organizations",
        next_step: "log in as a user (`gads-creds login`), or use the service account without a key: `use_application_default_credentials` in the library's file, with workload identity federation or `gcloud auth application-default login --impersonate-service-account=EMAIL`; or ask the organization's policy administrator to exempt the project at https://console.cloud.google.com/iam-admin/orgpolicies",
    }
}

pub const ENTRIES: &[Entry] = &[
    grant(
        GrantFailure::Key,
        entry(
            "invalid_grant",
            &["Invalid JWT Signature"],
            TokenRejected,
            "Google does not accept the key's signature: the key was deleted, disabled or replaced, has expired, or is of another service account",
            "create a key at https://console.cloud.google.com/iam-admin/serviceaccounts and run `gads-creds login --key-file FILE`",
        ),
    ),
    entry(
        "invalid_grant",
        &["account not found"],
        TokenRejected,
        "the service account does not exist: it was deleted",
        "create a service account and a key at https://console.cloud.google.com/iam-admin/serviceaccounts and run `gads-creds login --key-file FILE`",
    ),
    grant(
        GrantFailure::Clock,
        entry(
            "invalid_grant",
            &["reasonable timeframe"],
            TokenRejected,
            "the clock of this machine differs from Google's, so that the signed request counts as expired or not yet valid",
            "set the clock of this machine to the right time (on Linux: `timedatectl set-ntp true`)",
        ),
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
        "Google does not issue this service account a token; with `--impersonate`: domain-wide delegation is missing for its client ID or for the scope",
        "an administrator enters the client ID of the service account (its unique ID in the console) and the scope `https://www.googleapis.com/auth/adwords` at https://admin.google.com/ac/owl/domainwidedelegation; or leave `--impersonate` out and invite the service account in Google Ads",
    ),
    entry(
        "access_denied",
        &[],
        ClientRejected,
        "Google does not issue this service account a token; with `--impersonate`: domain-wide delegation is missing for the scope",
        "an administrator enters the client ID of the service account (its unique ID in the console) and the scope `https://www.googleapis.com/auth/adwords` at https://admin.google.com/ac/owl/domainwidedelegation; or leave `--impersonate` out and invite the service account in Google Ads",
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
    forbidden("iam.disableServiceAccountKeyCreation", &[]),
    forbidden("iam.managed.disableServiceAccountKeyCreation", &[]),
    forbidden("FAILED_PRECONDITION", &["Key creation is not allowed"]),
];
