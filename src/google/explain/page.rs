//! The rows of Google's own page. Only `access_denied` is sent on to the listener; the others a person sees, and nobody else.

use crate::error::Kind;
use crate::google::explain::{Row, Step};

const fn row(code: &'static str, cause: &'static str, next: &'static str) -> Row {
    Row { steps: &[Step::Page], code, detail: None, kind: Kind::ConsentDenied, cause, next }
}

pub const ROWS: &[Row] = &[
    row(
        "access_denied",
        "consent was denied, or the app is in Testing and the account is not one of its test users",
        "run `gads-creds login` again and allow access; test users are added, and the app is published, at https://console.cloud.google.com/auth/audience",
    ),
    row(
        "admin_policy_enforced",
        "the administrator of this Google Workspace blocks the app or its scope",
        "ask the administrator to trust the client id (https://admin.google.com, API controls), then run `gads-creds login` again",
    ),
    row(
        "org_internal",
        "the app is Internal and the account is outside its organisation",
        "choose an account of the organisation, or make the app External at https://console.cloud.google.com/auth/audience",
    ),
    row(
        "disallowed_useragent",
        "Google refuses browsers that are embedded in another program",
        "open the address in a full browser",
    ),
    row(
        "redirect_uri_mismatch",
        "the redirect URI is not registered for this web client",
        "register the exact URI at https://console.cloud.google.com/auth/clients, or create a client of type Desktop app; if it is a web client, name it with `-c FILE`, from then on its address is remembered",
    ),
    row(
        "invalid_client",
        "Google does not know this client id",
        "check the client at https://console.cloud.google.com/auth/clients and download its JSON anew",
    ),
    row(
        "deleted_client",
        "the OAuth client was deleted; Google also deletes clients unused for six months",
        "create a client of type Desktop app at https://console.cloud.google.com/auth/clients and run `gads-creds login -c FILE`",
    ),
    row(
        "disabled_client",
        "the OAuth client was disabled",
        "see its state at https://console.cloud.google.com/auth/clients, or create another client of type Desktop app",
    ),
    row("invalid_scope", "Google does not know a scope that was asked for", "check `--additional-scopes`"),
    row(
        "invalid_request",
        "Google refuses the request as it is",
        "make sure the client is of type Desktop app, or a web client with the redirect URI registered",
    ),
];
