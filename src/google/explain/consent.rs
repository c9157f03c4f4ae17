//! The errors of Google's consent page. Only those of RFC 6749 section 4.1.2.1 may be sent to the redirect URI; the others are
//! shown to the user there and nowhere else.

use crate::error::Kind::{self, ConsentDenied, Unreachable};
use crate::google::explain::{Entry, Operation};

const fn entry(code: &'static str, cause: &'static str, next_step: &'static str) -> Entry {
    kind(code, ConsentDenied, cause, next_step)
}

const fn kind(code: &'static str, kind: Kind, cause: &'static str, next_step: &'static str) -> Entry {
    Entry { operations: &[Operation::Consent], code, variants: &[], kind, detail: None, cause, next_step }
}

pub const ENTRIES: &[Entry] = &[
    entry(
        "access_denied",
        "consent was denied, or the app is in Testing and the account is not one of its test users",
        "run `gads-creds login` again and allow access; add test users or publish the app at https://console.cloud.google.com/auth/audience",
    ),
    entry(
        "admin_policy_enforced",
        "the administrator of this Google Workspace blocks the app or its scope",
        "ask the administrator to trust the client ID (https://admin.google.com, API controls), then run `gads-creds login` again",
    ),
    entry(
        "org_internal",
        "the app is Internal and the account is outside its organization",
        "run `gads-creds login` again with an account of the organization, or make the app External at https://console.cloud.google.com/auth/audience",
    ),
    entry(
        "restricted_client",
        "Google does not allow this OAuth client to ask for the scope",
        "check the scopes and the verification of the app at https://console.cloud.google.com/auth/scopes, or run `gads-creds login -c FILE` with another client",
    ),
    entry(
        "policy_enforced",
        "the account is in the Advanced Protection Program, which does not allow this app",
        "use another Google account for Google Ads; in a Google Workspace an administrator can trust the client ID (https://admin.google.com, API controls)",
    ),
    entry(
        "access_not_configured",
        "the administrator of this Google Workspace for Education has not configured the app",
        "ask the administrator to trust the client ID (https://admin.google.com, API controls), then run `gads-creds login` again",
    ),
    kind(
        "rate_limit_exceeded",
        Unreachable,
        "the app has reached Google's limit of new consents",
        "run `gads-creds login` again tomorrow; the owner of the Cloud project can request more: https://support.google.com/cloud/answer/9028764",
    ),
    entry(
        "disallowed_useragent",
        "Google rejects browsers that are embedded in another program",
        "open the URL in a full browser",
    ),
    entry(
        "redirect_uri_mismatch",
        "the redirect URI is not registered for this web client",
        "register the exact URI at https://console.cloud.google.com/auth/clients, or create a client of type Desktop app and run `gads-creds login -c FILE`",
    ),
    entry(
        "origin_mismatch",
        "this web client is for JavaScript in a page, and has no redirect URI for this program",
        "create a client of type Desktop app at https://console.cloud.google.com/auth/clients and run `gads-creds login -c FILE`",
    ),
    entry(
        "invalid_client",
        "Google does not know this client ID",
        "download the client's JSON again at https://console.cloud.google.com/auth/clients and run `gads-creds login -c FILE`",
    ),
    entry(
        "deleted_client",
        "the OAuth client was deleted; Google also deletes clients that are unused for six months",
        "create a client of type Desktop app at https://console.cloud.google.com/auth/clients and run `gads-creds login -c FILE`",
    ),
    entry(
        "disabled_client",
        "the OAuth client was disabled",
        "see its state at https://console.cloud.google.com/auth/clients, or create another client of type Desktop app and run `gads-creds login -c FILE`",
    ),
    entry(
        "invalid_scope",
        "Google does not know a requested scope",
        "check `--additional-scopes`, then run `gads-creds login` again",
    ),
    entry(
        "invalid_request",
        "Google does not accept the authorization request",
        "use a client of type Desktop app, or a web client with the redirect URI registered: `gads-creds login -c FILE`",
    ),
    entry(
        "unauthorized_client",
        "this OAuth client is not allowed to request an authorization code",
        "create a client of type Desktop app at https://console.cloud.google.com/auth/clients and run `gads-creds login -c FILE`",
    ),
    kind(
        "temporarily_unavailable",
        Unreachable,
        "Google's consent page is overloaded",
        "run `gads-creds login` again in a few minutes",
    ),
    kind(
        "server_error",
        Unreachable,
        "Google's consent page has a fault",
        "run `gads-creds login` again in a few minutes",
    ),
];
