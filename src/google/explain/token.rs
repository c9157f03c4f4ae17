//! The error codes of the token endpoint, for an authorization code, a refresh token and a client.

use crate::error::Kind::{self, ClientRejected, TokenRejected, Unreachable};
use crate::error::{Detail, GrantFailure};
use crate::google::explain::{Entry, Operation};

const BOTH: &[Operation] = &[Operation::Exchange, Operation::Refresh];

const fn entry(code: &'static str, kind: Kind, cause: &'static str, next_step: &'static str) -> Entry {
    Entry { operations: BOTH, code, variants: &[], kind, detail: None, cause, next_step }
}

const fn only(operations: &'static [Operation], entry: Entry) -> Entry {
    Entry { operations, ..entry }
}

/// Holds only where Google's subtype or description says this.
const fn with(variants: &'static [&'static str], entry: Entry) -> Entry {
    Entry { variants, ..entry }
}

/// An `invalid_grant` whose reason Google names.
const fn grant(
    variants: &'static [&'static str],
    failure: GrantFailure,
    cause: &'static str,
    next_step: &'static str,
) -> Entry {
    let detail = Some(Detail::Grant(failure));
    with(variants, Entry { detail, ..entry("invalid_grant", TokenRejected, cause, next_step) })
}

/// The reasons that Google never distinguishes.
const REVOKED_OR_EXPIRED: &str = "run `gads-creds login` (a new token needs a passkey: https://g.co/passkeys); it was revoked, or expired: 7 days after consent if the consent screen is in Testing, 6 months without use, more than 100 tokens of this account and client, a changed password";

pub const ENTRIES: &[Entry] = &[
    grant(
        &["invalid_rapt", "rapt_required"],
        GrantFailure::ReauthenticationRequired,
        "the organization limits how long a sign-in lasts, and it has expired",
        "run `gads-creds login`; an administrator can exempt the app as trusted in the session control of Google Workspace (https://admin.google.com)",
    ),
    grant(
        &["deleted"],
        GrantFailure::AccountDeleted,
        "the Google account was deleted",
        "run `gads-creds login` with another Google account",
    ),
    grant(
        &["disabled", "suspended"],
        GrantFailure::AccountDisabled,
        "the Google account is disabled",
        "ask the administrator of the account (a private one: https://support.google.com/accounts/answer/40695), or run `gads-creds login` with another Google account",
    ),
    grant(
        &["Invalid email or User ID", "Not a valid email or user ID"],
        GrantFailure::AccountUnknown,
        "the Google account does not exist, or not any more",
        "run `gads-creds login` with another Google account",
    ),
    only(
        &[Operation::Exchange],
        entry(
            "invalid_grant",
            TokenRejected,
            "Google rejected the authorization code",
            "run `gads-creds login` again; a code works once, and for a few minutes",
        ),
    ),
    only(
        &[Operation::Refresh],
        with(
            &["Token has been expired or revoked"],
            entry("invalid_grant", TokenRejected, "Google rejected the refresh token", REVOKED_OR_EXPIRED),
        ),
    ),
    only(
        &[Operation::Refresh],
        entry("invalid_grant", TokenRejected, "Google rejected the refresh token", REVOKED_OR_EXPIRED),
    ),
    with(
        &["not found"],
        entry(
            "invalid_client",
            ClientRejected,
            "Google does not know this OAuth client",
            "its ID may be mistyped, or the client deleted: download its JSON at https://console.cloud.google.com/auth/clients and run `gads-creds login -c FILE`",
        ),
    ),
    entry(
        "invalid_client",
        ClientRejected,
        "the client secret does not belong to the client ID, or Google does not know this OAuth client",
        "download the client's JSON at https://console.cloud.google.com/auth/clients (add a new secret if the old one is lost) and run `gads-creds login -c FILE`",
    ),
    entry(
        "unauthorized_client",
        ClientRejected,
        "the refresh token belongs to another OAuth client",
        "run `gads-creds login -c FILE` with the client that you want to use; a refresh token works with its own client only",
    ),
    entry(
        "deleted_client",
        ClientRejected,
        "the OAuth client was deleted; Google also deletes clients that are unused for six months",
        "create a client of type Desktop app at https://console.cloud.google.com/auth/clients and run `gads-creds login -c FILE`",
    ),
    entry(
        "disabled_client",
        ClientRejected,
        "the OAuth client was disabled",
        "see its state at https://console.cloud.google.com/auth/clients, or create another client of type Desktop app and run `gads-creds login -c FILE`",
    ),
    entry(
        "redirect_uri_mismatch",
        ClientRejected,
        "the redirect URI is not registered for this web client",
        "register the exact URI at https://console.cloud.google.com/auth/clients, or create a client of type Desktop app and run `gads-creds login -c FILE`",
    ),
    entry(
        "invalid_scope",
        ClientRejected,
        "Google does not know a requested scope",
        "check `--additional-scopes` and run `gads-creds login` again",
    ),
    entry(
        "access_denied",
        TokenRejected,
        "Google denies this account access to the app",
        "run `gads-creds login` and allow access; https://console.cloud.google.com/auth/audience shows who may use the app",
    ),
    entry(
        "admin_policy_enforced",
        TokenRejected,
        "the administrator of this Google Workspace blocks the app or its scope",
        "ask the administrator to trust the client ID (https://admin.google.com, API controls), then run `gads-creds login` again",
    ),
    entry(
        "org_internal",
        TokenRejected,
        "the app is Internal and the account is outside its organization",
        "run `gads-creds login` again with an account of the organization, or make the app External at https://console.cloud.google.com/auth/audience",
    ),
    entry(
        "invalid_request",
        ClientRejected,
        "a parameter of the token request is missing or malformed",
        "download the client's JSON at https://console.cloud.google.com/auth/clients and run `gads-creds login -c FILE`",
    ),
    entry(
        "unsupported_grant_type",
        ClientRejected,
        "this OAuth client is not allowed to use refresh tokens",
        "create a client of type Desktop app at https://console.cloud.google.com/auth/clients and run `gads-creds login -c FILE`",
    ),
    entry(
        "internal_failure",
        Unreachable,
        "Google's token endpoint has a fault",
        "try again in a few minutes; nothing was changed",
    ),
    entry(
        "server_error",
        Unreachable,
        "Google's token endpoint has a fault",
        "try again in a few minutes; nothing was changed",
    ),
    entry(
        "rate_limit_exceeded",
        Unreachable,
        "too many requests for this OAuth client in a short time",
        "try again in a few minutes; nothing was changed",
    ),
    entry(
        "RESOURCE_EXHAUSTED",
        Unreachable,
        "too many requests for this OAuth client in a short time",
        "try again in a few minutes; nothing was changed",
    ),
    entry(
        "temporarily_unavailable",
        Unreachable,
        "Google's token endpoint is overloaded",
        "try again in a few minutes; nothing was changed",
    ),
];
