//! The rows of the token endpoint: what it says of an authorization code, a refresh token, a client.

use crate::error::Kind::{self, ClientRejected, TokenRejected, Unreachable};
use crate::google::explain::{Row, Step};

const BOTH: &[Step] = &[Step::Exchange, Step::Refresh];

const fn row(code: &'static str, kind: Kind, cause: &'static str, next: &'static str) -> Row {
    Row { steps: BOTH, code, detail: None, kind, cause, next }
}

const fn only(steps: &'static [Step], row: Row) -> Row {
    Row { steps, ..row }
}

/// The row holds only where Google's subtype or description says this.
const fn with(detail: &'static str, row: Row) -> Row {
    Row { detail: Some(detail), ..row }
}

pub const ROWS: &[Row] = &[
    with(
        "invalid_rapt",
        row(
            "invalid_grant",
            TokenRejected,
            "the organisation limits how long a sign-in lasts, and it is over",
            "run `gads-creds login`; an administrator can mark the app as trusted in the session control of Google Workspace (https://admin.google.com)",
        ),
    ),
    only(
        &[Step::Exchange],
        row(
            "invalid_grant",
            TokenRejected,
            "Google rejected the authorization code",
            "a code works once and for a few minutes: run `gads-creds login` again",
        ),
    ),
    only(
        &[Step::Refresh],
        row(
            "invalid_grant",
            TokenRejected,
            "Google rejected the refresh token",
            "it was revoked, or expired (7 days after consent if the consent screen is in Testing, 6 months without use, more than 100 tokens of this account and client, a changed password); run `gads-creds login` (a new token needs a passkey: https://g.co/passkeys)",
        ),
    ),
    with(
        "not found",
        row(
            "invalid_client",
            ClientRejected,
            "Google does not know this OAuth client",
            "its id may be mistyped, or the client gone: download its JSON at https://console.cloud.google.com/auth/clients and run `gads-creds login -c FILE`",
        ),
    ),
    row(
        "invalid_client",
        ClientRejected,
        "the client secret does not fit the client id, or Google does not know this OAuth client",
        "download the client's JSON at https://console.cloud.google.com/auth/clients (a lost secret is replaced by a new one) and run `gads-creds login -c FILE`",
    ),
    row(
        "unauthorized_client",
        ClientRejected,
        "the refresh token belongs to another OAuth client",
        "client id, client secret and refresh token are one unit: run `gads-creds login` with the client that is to be used",
    ),
    row(
        "deleted_client",
        ClientRejected,
        "the OAuth client was deleted; Google also deletes clients unused for six months",
        "create a client of type Desktop app at https://console.cloud.google.com/auth/clients and run `gads-creds login -c FILE`",
    ),
    row(
        "disabled_client",
        ClientRejected,
        "the OAuth client was disabled",
        "see its state at https://console.cloud.google.com/auth/clients, or create another and run `gads-creds login -c FILE`",
    ),
    row(
        "redirect_uri_mismatch",
        ClientRejected,
        "the redirect URI is not registered for this web client",
        "register the exact URI at https://console.cloud.google.com/auth/clients, or create a client of type Desktop app",
    ),
    row(
        "invalid_scope",
        ClientRejected,
        "Google does not know a scope that was asked for",
        "check `--additional-scopes` and run `gads-creds login` again",
    ),
    row(
        "access_denied",
        TokenRejected,
        "Google denies this account access to the app",
        "run `gads-creds login` and allow access; who may use the app stands at https://console.cloud.google.com/auth/audience",
    ),
    row(
        "admin_policy_enforced",
        TokenRejected,
        "the administrator of this Google Workspace blocks the app or its scope",
        "ask the administrator to trust the client id (https://admin.google.com, API controls), then run `gads-creds login` again",
    ),
    row(
        "org_internal",
        TokenRejected,
        "the app is Internal and the account is outside its organisation",
        "choose an account of the organisation, or make the app External at https://console.cloud.google.com/auth/audience",
    ),
    row(
        "invalid_request",
        ClientRejected,
        "Google misses something in the request, or something in it is malformed",
        "run `gads-creds doctor --offline`: it checks what is stored",
    ),
    row(
        "unsupported_grant_type",
        ClientRejected,
        "this OAuth client may not use this kind of request",
        "create a client of type Desktop app at https://console.cloud.google.com/auth/clients and run `gads-creds login -c FILE`",
    ),
    row(
        "internal_failure",
        Unreachable,
        "Google's token endpoint has trouble of its own",
        "try again in a few minutes; nothing was changed",
    ),
    row(
        "server_error",
        Unreachable,
        "Google's token endpoint has trouble of its own",
        "try again in a few minutes; nothing was changed",
    ),
    row(
        "temporarily_unavailable",
        Unreachable,
        "Google's token endpoint is overloaded",
        "try again in a few minutes; nothing was changed",
    ),
];
