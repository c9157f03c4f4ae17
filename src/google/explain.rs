//! What Google's refusals mean: one table from where it was said and the code to the cause and the next step.
//!
//! It answers every code that Google's pages, its token endpoint and the Google Ads API are known to send to a user's
//! credential. The README's troubleshooting table is tested against it. What Google cannot tell, like which of its causes
//! ended a token, is listed and not guessed.

use crate::error::Kind;

/// Where Google said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// On Google's page or in the answer the browser brought.
    Page,
    /// The authorization code was exchanged.
    Exchange,
    /// An access token was minted.
    Refresh,
    /// A token was revoked.
    Revoke,
    /// The Google Ads API was called.
    Ads,
}

/// One row: the first that fits is meant.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub steps: &'static [Step],
    pub code: &'static str,
    /// Google's `error_subtype`; absent fits any.
    pub subtype: Option<&'static str>,
    pub kind: Kind,
    /// A fact, as in [`crate::error::Error::message`].
    pub cause: &'static str,
    /// As in [`crate::error::Error::hint`].
    pub next: &'static str,
}

/// The row for what was said, if it is known.
pub fn find(step: Step, code: &str, subtype: Option<&str>) -> Option<&'static Row> {
    TABLE
        .iter()
        .find(|row| row.steps.contains(&step) && row.code == code && (row.subtype.is_none() || row.subtype == subtype))
}

/// The errors that Google shows on its own page and never sends to the listener: told when a wait ends without an answer.
pub fn page_errors() -> impl Iterator<Item = &'static Row> {
    TABLE.iter().filter(|row| row.steps.contains(&Step::Page))
}

const PAGE: &[Step] = &[Step::Page];
const TOKEN: &[Step] = &[Step::Exchange, Step::Refresh];
const EXCHANGE: &[Step] = &[Step::Exchange];
const REFRESH: &[Step] = &[Step::Refresh];
const ADS: &[Step] = &[Step::Ads];

const fn row(steps: &'static [Step], code: &'static str, kind: Kind, cause: &'static str, next: &'static str) -> Row {
    Row { steps, code, subtype: None, kind, cause, next }
}

/// Every row.
pub const TABLE: &[Row] = &[
    row(
        PAGE,
        "access_denied",
        Kind::ConsentDenied,
        "consent was denied, or the app is in Testing and the account is not one of its test users",
        "run `gads-creds login` again and allow access; test users are added at https://console.cloud.google.com/auth/audience",
    ),
    row(
        PAGE,
        "admin_policy_enforced",
        Kind::ConsentDenied,
        "the administrator of this Google Workspace blocks the app or its scope",
        "ask the administrator to trust the client id, then run `gads-creds login` again",
    ),
    row(
        PAGE,
        "org_internal",
        Kind::ConsentDenied,
        "the app is Internal and the account is outside its organisation",
        "choose an account of the organisation, or make the app External at https://console.cloud.google.com/auth/audience",
    ),
    row(
        PAGE,
        "disallowed_useragent",
        Kind::ConsentDenied,
        "Google refuses browsers that are embedded in another program",
        "open the address in a full browser",
    ),
    row(
        PAGE,
        "redirect_uri_mismatch",
        Kind::ClientRejected,
        "the redirect URI is not registered for this web client",
        "register the exact URI at https://console.cloud.google.com/auth/clients, or create a client of type Desktop app",
    ),
    row(
        PAGE,
        "invalid_client",
        Kind::ClientRejected,
        "Google does not know this client id",
        "check the client at https://console.cloud.google.com/auth/clients and download its JSON anew",
    ),
    row(
        PAGE,
        "deleted_client",
        Kind::ClientRejected,
        "the OAuth client was deleted; Google also deletes clients unused for six months",
        "create a client of type Desktop app at https://console.cloud.google.com/auth/clients and run `gads-creds login -c FILE`",
    ),
    row(
        PAGE,
        "invalid_scope",
        Kind::ClientRejected,
        "Google does not know a scope that was asked for",
        "check `--additional-scopes`",
    ),
    row(
        PAGE,
        "invalid_request",
        Kind::ClientRejected,
        "Google refuses the request as it is",
        "make sure the client is of type Desktop app, or a web client with the redirect URI registered",
    ),
    Row {
        steps: TOKEN,
        code: "invalid_grant",
        subtype: Some("invalid_rapt"),
        kind: Kind::TokenRejected,
        cause: "the organisation limits how long a sign-in lasts, and it is over",
        next: "run `gads-creds login`; an administrator can mark the app as trusted in the session control of Google Workspace",
    },
    row(
        EXCHANGE,
        "invalid_grant",
        Kind::TokenRejected,
        "Google rejected the authorization code",
        "a code works once and for a few minutes: run `gads-creds login` again",
    ),
    row(
        REFRESH,
        "invalid_grant",
        Kind::TokenRejected,
        "Google rejected the refresh token",
        "it was revoked, or expired (7 days after consent if the consent screen is in Testing, 6 months without use, more than 100 tokens of this account and client, a changed password); run `gads-creds login`",
    ),
    row(
        TOKEN,
        "invalid_client",
        Kind::ClientRejected,
        "Google does not know this OAuth client, or its secret is wrong",
        "download the client's JSON at https://console.cloud.google.com/auth/clients and run `gads-creds login -c FILE`",
    ),
    row(
        TOKEN,
        "unauthorized_client",
        Kind::ClientRejected,
        "the refresh token belongs to another OAuth client",
        "client id, client secret and refresh token are one unit: run `gads-creds login` with the client that is to be used",
    ),
    row(
        TOKEN,
        "deleted_client",
        Kind::ClientRejected,
        "the OAuth client was deleted; Google also deletes clients unused for six months",
        "create a client of type Desktop app at https://console.cloud.google.com/auth/clients and run `gads-creds login -c FILE`",
    ),
    row(
        TOKEN,
        "redirect_uri_mismatch",
        Kind::ClientRejected,
        "the redirect URI is not registered for this web client",
        "register the exact URI at https://console.cloud.google.com/auth/clients, or create a client of type Desktop app",
    ),
    row(
        TOKEN,
        "invalid_scope",
        Kind::ClientRejected,
        "Google does not know a scope that was asked for",
        "check `--additional-scopes`",
    ),
    row(
        TOKEN,
        "admin_policy_enforced",
        Kind::TokenRejected,
        "the administrator of this Google Workspace blocks the app or its scope",
        "ask the administrator to trust the client id, then run `gads-creds login` again",
    ),
    row(
        TOKEN,
        "org_internal",
        Kind::TokenRejected,
        "the app is Internal and the account is outside its organisation",
        "choose an account of the organisation, or make the app External at https://console.cloud.google.com/auth/audience",
    ),
    row(
        TOKEN,
        "invalid_request",
        Kind::ClientRejected,
        "Google misses something in the request, or something in it is malformed",
        "run `gads-creds doctor`; it checks what is stored",
    ),
    row(
        TOKEN,
        "unsupported_grant_type",
        Kind::ClientRejected,
        "this OAuth client may not use this kind of request",
        "create a client of type Desktop app at https://console.cloud.google.com/auth/clients and run `gads-creds login -c FILE`",
    ),
    row(
        TOKEN,
        "internal_failure",
        Kind::Unreachable,
        "Google's token endpoint has trouble of its own",
        "try again in a few minutes; nothing was changed",
    ),
    row(
        ADS,
        "NOT_ADS_USER",
        Kind::NotAdsUser,
        "this Google account has no access to any Google Ads account",
        "run `gads-creds login` and choose the account that uses Google Ads, or invite this one at https://ads.google.com (Admin, Access and security)",
    ),
    row(
        ADS,
        "SERVICE_DISABLED",
        Kind::AdsRefused,
        "the Google Ads API is not enabled in the Cloud project of this OAuth client",
        "enable it at https://console.cloud.google.com/apis/library/googleads.googleapis.com and wait a few minutes",
    ),
    row(
        ADS,
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        Kind::GrantedTooLittle,
        "the token was not granted the scope of the Google Ads API",
        "run `gads-creds login` again and tick the box for Google Ads",
    ),
    row(
        ADS,
        "ACCESS_TOKEN_EXPIRED",
        Kind::TokenRejected,
        "the Google Ads API takes the access token for expired",
        "check the clock of this machine, then run `gads-creds refresh`",
    ),
    row(
        ADS,
        "CREDENTIALS_MISSING",
        Kind::TokenRejected,
        "the Google Ads API saw no access token",
        "a proxy may remove the `Authorization` header: check `HTTPS_PROXY`",
    ),
    row(
        ADS,
        "OAUTH_TOKEN_INVALID",
        Kind::TokenRejected,
        "the Google Ads API does not accept the access token",
        "run `gads-creds login`",
    ),
    row(
        ADS,
        "OAUTH_TOKEN_EXPIRED",
        Kind::TokenRejected,
        "the Google Ads API takes the access token for expired",
        "check the clock of this machine, then run `gads-creds refresh`",
    ),
    row(ADS, "OAUTH_TOKEN_DISABLED", Kind::TokenRejected, "the access token was disabled", "run `gads-creds login`"),
    row(ADS, "OAUTH_TOKEN_REVOKED", Kind::TokenRejected, "the access token was revoked", "run `gads-creds login`"),
    row(
        ADS,
        "OAUTH_TOKEN_HEADER_INVALID",
        Kind::TokenRejected,
        "the Google Ads API cannot read the access token",
        "a proxy may change the `Authorization` header: check `HTTPS_PROXY`",
    ),
    row(
        ADS,
        "TWO_STEP_VERIFICATION_NOT_ENROLLED",
        Kind::AdsRefused,
        "a Google Ads account requires 2-Step Verification, and this Google account has not turned it on",
        "turn it on at https://myaccount.google.com/signinoptions/two-step-verification, then run `gads-creds login`",
    ),
    row(
        ADS,
        "ADVANCED_PROTECTION_NOT_ENROLLED",
        Kind::AdsRefused,
        "a Google Ads account requires the Advanced Protection Program, and this Google account is not enrolled",
        "enrol at https://landing.google.com/advancedprotection, then run `gads-creds login`",
    ),
    row(
        ADS,
        "GOOGLE_ACCOUNT_DELETED",
        Kind::TokenRejected,
        "the Google account was deleted",
        "run `gads-creds login` with another account",
    ),
    row(
        ADS,
        "GOOGLE_ACCOUNT_AUTHENTICATION_FAILED",
        Kind::TokenRejected,
        "Google could not authenticate the account",
        "run `gads-creds login`",
    ),
    row(
        ADS,
        "GOOGLE_ACCOUNT_USER_AND_ADS_USER_MISMATCH",
        Kind::AdsRefused,
        "the Google account and its Google Ads user do not fit together",
        "sign in once at https://ads.google.com with this account, then try again",
    ),
    row(
        ADS,
        "GOOGLE_ACCOUNT_COOKIE_INVALID",
        Kind::TokenRejected,
        "Google takes the sign-in for invalid",
        "run `gads-creds login`",
    ),
    row(ADS, "LOGIN_COOKIE_REQUIRED", Kind::TokenRejected, "Google wants a new sign-in", "run `gads-creds login`"),
    row(
        ADS,
        "LOGIN_COOKIE_INVALID",
        Kind::TokenRejected,
        "Google takes the sign-in for invalid",
        "run `gads-creds login`",
    ),
    row(
        ADS,
        "AUTHENTICATION_ERROR",
        Kind::TokenRejected,
        "the Google Ads API could not authenticate the request",
        "run `gads-creds login`",
    ),
    row(
        ADS,
        "CUSTOMER_NOT_FOUND",
        Kind::AdsRefused,
        "there is no Google Ads account with this customer id",
        "check `login_customer_id`; `gads-creds doctor` lists the accounts that can be reached",
    ),
    row(
        ADS,
        "CLIENT_CUSTOMER_ID_INVALID",
        Kind::AdsRefused,
        "the customer id is not ten digits",
        "write `login_customer_id` as ten digits without dashes",
    ),
    row(
        ADS,
        "INVALID_EMAIL_ADDRESS",
        Kind::AdsRefused,
        "the address of the Google account is not valid for Google Ads",
        "run `gads-creds login` with another account",
    ),
    row(
        ADS,
        "USER_ID_INVALID",
        Kind::AdsRefused,
        "the user of the Google account is not valid for Google Ads",
        "run `gads-creds login` with another account",
    ),
    row(
        ADS,
        "ORGANIZATION_NOT_RECOGNIZED",
        Kind::AdsRefused,
        "the organisation of the Cloud project is not known to Google Ads",
        "see https://console.cloud.google.com/google/ads-apis/overview in the project of this OAuth client",
    ),
    row(
        ADS,
        "ORGANIZATION_NOT_APPROVED",
        Kind::AdsRefused,
        "the organisation of the Cloud project is not approved for the Google Ads API",
        "apply at https://console.cloud.google.com/google/ads-apis/overview in the project of this OAuth client",
    ),
    row(
        ADS,
        "ORGANIZATION_NOT_ASSOCIATED_WITH_DEVELOPER_TOKEN",
        Kind::AdsRefused,
        "the developer token belongs to another organisation than the Cloud project",
        "remove the developer token: Google needs none since 2026-09-09",
    ),
    row(
        ADS,
        "DEVELOPER_TOKEN_INVALID",
        Kind::AdsRefused,
        "the developer token is not valid",
        "remove it: Google needs none since 2026-09-09",
    ),
    row(
        ADS,
        "USER_PERMISSION_DENIED",
        Kind::AdsRefused,
        "the Google account has no permission for this customer, or the login customer is not its manager",
        "set `login_customer_id` to the manager account through which you have access: `gads-creds login --login-customer-id ID`",
    ),
    row(
        ADS,
        "INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION",
        Kind::AdsRefused,
        "the login customer does not manage this customer",
        "set `login_customer_id` to a manager of the customer: `gads-creds login --login-customer-id ID`",
    ),
    row(
        ADS,
        "INVALID_LOGIN_CUSTOMER_ID",
        Kind::AdsRefused,
        "`login_customer_id` is not a customer id",
        "write it as ten digits without dashes: `gads-creds login --login-customer-id ID`",
    ),
    row(
        ADS,
        "INVALID_LINKED_CUSTOMER_ID",
        Kind::AdsRefused,
        "`linked_customer_id` is not a customer id",
        "write it as ten digits without dashes, or remove it",
    ),
    row(
        ADS,
        "LOGIN_CUSTOMER_ID_PARAMETER_MISSING",
        Kind::AdsRefused,
        "this call needs a login customer",
        "set the manager account: `gads-creds login --login-customer-id ID`",
    ),
    row(
        ADS,
        "DEVELOPER_TOKEN_PARAMETER_MISSING",
        Kind::AdsRefused,
        "an empty developer token was sent; Google takes none, or a filled one",
        "remove the empty `developer_token` from the file, and update the client library",
    ),
    row(
        ADS,
        "DEVELOPER_TOKEN_PROHIBITED",
        Kind::AdsRefused,
        "the developer token is not allowed with the Cloud project of this OAuth client",
        "remove the developer token: access now belongs to the project, see https://console.cloud.google.com/google/ads-apis/overview",
    ),
    row(
        ADS,
        "DEVELOPER_TOKEN_NOT_APPROVED",
        Kind::AdsRefused,
        "the Cloud project may only use test accounts so far",
        "apply for more access at https://console.cloud.google.com/google/ads-apis/overview",
    ),
    row(
        ADS,
        "DEVELOPER_TOKEN_NOT_ON_ALLOWLIST",
        Kind::AdsRefused,
        "the developer token is not allowed to use this feature",
        "see https://console.cloud.google.com/google/ads-apis/overview in the project of this OAuth client",
    ),
    row(
        ADS,
        "CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION",
        Kind::AdsRefused,
        "the Cloud project may only use test accounts so far",
        "apply for more access at https://console.cloud.google.com/google/ads-apis/overview",
    ),
    row(
        ADS,
        "CLOUD_PROJECT_NOT_UNDER_ORGANIZATION",
        Kind::AdsRefused,
        "the Cloud project of this OAuth client is not in an organisation",
        "move the project into the organisation, or use a client of another project",
    ),
    row(
        ADS,
        "CLOUD_PROJECT_NOT_FOUND",
        Kind::AdsRefused,
        "the Google Ads API does not find the Cloud project of this OAuth client",
        "check the project at https://console.cloud.google.com/google/ads-apis/overview",
    ),
    row(
        ADS,
        "PROJECT_DISABLED",
        Kind::AdsRefused,
        "the Cloud project of this OAuth client is disabled",
        "enable it, or use a client of another project",
    ),
    row(
        ADS,
        "INCOMPLETE_SIGNUP",
        Kind::AdsRefused,
        "the sign-up to Google Ads is not complete",
        "complete it at https://ads.google.com",
    ),
    row(
        ADS,
        "MISSING_TOS",
        Kind::AdsRefused,
        "the terms of the Google Ads API have not been accepted",
        "accept them at https://console.cloud.google.com/google/ads-apis/overview",
    ),
    row(
        ADS,
        "CUSTOMER_NOT_ENABLED",
        Kind::AdsRefused,
        "the Google Ads account is not active: cancelled, or its sign-up is not complete",
        "choose another account, or reactivate it at https://ads.google.com",
    ),
    row(
        ADS,
        "ACTION_NOT_PERMITTED_FOR_SUSPENDED_ACCOUNT",
        Kind::AdsRefused,
        "the Google Ads account is suspended",
        "see its status at https://ads.google.com",
    ),
    row(
        ADS,
        "ACCESS_DENIED_FOR_ACCOUNT_TYPE",
        Kind::AdsRefused,
        "this is not available for accounts of this type",
        "choose another account",
    ),
    row(
        ADS,
        "SERVICE_ACCESS_DENIED",
        Kind::AdsRefused,
        "access to this service of the Google Ads API is denied",
        "see https://console.cloud.google.com/google/ads-apis/overview in the project of this OAuth client",
    ),
    row(
        ADS,
        "METRIC_ACCESS_DENIED",
        Kind::AdsRefused,
        "access to a metric is denied",
        "see https://console.cloud.google.com/google/ads-apis/overview in the project of this OAuth client",
    ),
    row(
        ADS,
        "ACTION_NOT_PERMITTED",
        Kind::AdsRefused,
        "the Google account may not do this",
        "ask an administrator of the Google Ads account for more access",
    ),
    row(
        ADS,
        "AUTHORIZATION_ERROR",
        Kind::AdsRefused,
        "the Google Ads API did not authorise the request",
        "ask an administrator of the Google Ads account for access",
    ),
    row(
        ADS,
        "UNSUPPORTED_VERSION",
        Kind::AdsRefused,
        "this version of the Google Ads API has ended: this gads-creds is too old",
        "update gads-creds, or name a living version with `--api-version` (or `GADS_CREDS_API_VERSION`)",
    ),
];
