//! The rows of the Google Ads API: the codes of its own failures, and the reasons of what stands before it.
//!
//! A code says what is wrong whatever category it comes under, so categories are left out.

use crate::error::Kind::{self, AdsRefused, GrantedTooLittle, NotAdsUser, TokenRejected};
use crate::google::explain::{Row, Step};

const fn row(code: &'static str, kind: Kind, cause: &'static str, next: &'static str) -> Row {
    Row { steps: &[Step::Ads], code, detail: None, kind, cause, next }
}

pub const ROWS: &[Row] = &[
    row(
        "NOT_ADS_USER",
        NotAdsUser,
        "this Google account has no access to any Google Ads account",
        "run `gads-creds login` and choose the account that uses Google Ads, or invite this one at https://ads.google.com (Admin, Access and security)",
    ),
    row(
        "SERVICE_DISABLED",
        AdsRefused,
        "the Google Ads API is not enabled in the Cloud project of this OAuth client",
        "enable it at https://console.cloud.google.com/apis/library/googleads.googleapis.com in the project of this OAuth client, and wait a few minutes",
    ),
    row(
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        GrantedTooLittle,
        "the token was not granted the scope of the Google Ads API",
        "run `gads-creds login` again and tick the box for Google Ads",
    ),
    row(
        "ACCESS_TOKEN_EXPIRED",
        TokenRejected,
        "the Google Ads API takes the access token for expired",
        "check the clock of this machine, then run `gads-creds refresh`",
    ),
    row(
        "CREDENTIALS_MISSING",
        TokenRejected,
        "the Google Ads API saw no access token",
        "a proxy may remove the `Authorization` header: check `HTTPS_PROXY`",
    ),
    row(
        "OAUTH_TOKEN_INVALID",
        TokenRejected,
        "the Google Ads API does not accept the access token",
        "run `gads-creds login`",
    ),
    row(
        "OAUTH_TOKEN_EXPIRED",
        TokenRejected,
        "the Google Ads API takes the access token for expired",
        "check the clock of this machine, then run `gads-creds refresh`",
    ),
    row("OAUTH_TOKEN_DISABLED", TokenRejected, "the access token was disabled", "run `gads-creds login`"),
    row("OAUTH_TOKEN_REVOKED", TokenRejected, "the access token was revoked", "run `gads-creds login`"),
    row(
        "OAUTH_TOKEN_HEADER_INVALID",
        TokenRejected,
        "the Google Ads API cannot read the access token",
        "a proxy may change the `Authorization` header: check `HTTPS_PROXY`",
    ),
    row(
        "TWO_STEP_VERIFICATION_NOT_ENROLLED",
        AdsRefused,
        "a Google Ads account requires 2-Step Verification, and this Google account has not turned it on",
        "turn it on at https://myaccount.google.com/signinoptions/two-step-verification, then run `gads-creds login` (a new token needs a passkey: https://g.co/passkeys)",
    ),
    row(
        "ADVANCED_PROTECTION_NOT_ENROLLED",
        AdsRefused,
        "a Google Ads account requires the Advanced Protection Program, and this Google account is not enrolled",
        "enrol at https://landing.google.com/advancedprotection, then run `gads-creds login` (a new token needs a passkey: https://g.co/passkeys)",
    ),
    row(
        "GOOGLE_ACCOUNT_DELETED",
        TokenRejected,
        "the Google account was deleted",
        "run `gads-creds login` with another account",
    ),
    row(
        "GOOGLE_ACCOUNT_AUTHENTICATION_FAILED",
        TokenRejected,
        "Google could not authenticate the account",
        "run `gads-creds login`",
    ),
    row(
        "GOOGLE_ACCOUNT_USER_AND_ADS_USER_MISMATCH",
        AdsRefused,
        "the Google account and its Google Ads user do not fit together",
        "sign in once at https://ads.google.com with this account, then try again",
    ),
    row(
        "GOOGLE_ACCOUNT_COOKIE_INVALID",
        TokenRejected,
        "Google takes the sign-in for invalid",
        "run `gads-creds login`",
    ),
    row("LOGIN_COOKIE_REQUIRED", TokenRejected, "Google wants a new sign-in", "run `gads-creds login`"),
    row("LOGIN_COOKIE_INVALID", TokenRejected, "Google takes the sign-in for invalid", "run `gads-creds login`"),
    row(
        "AUTHENTICATION_ERROR",
        TokenRejected,
        "the Google Ads API could not authenticate the request",
        "run `gads-creds login`",
    ),
    row(
        "CUSTOMER_NOT_FOUND",
        AdsRefused,
        "there is no Google Ads account with this customer id",
        "check `login_customer_id`; `gads-creds doctor` lists the accounts that can be reached",
    ),
    row(
        "CLIENT_CUSTOMER_ID_INVALID",
        AdsRefused,
        "the customer id is not ten digits",
        "write `login_customer_id` as ten digits without dashes",
    ),
    row(
        "INVALID_EMAIL_ADDRESS",
        AdsRefused,
        "the address of the Google account is not valid for Google Ads",
        "run `gads-creds login` with another account",
    ),
    row(
        "USER_ID_INVALID",
        AdsRefused,
        "the user of the Google account is not valid for Google Ads",
        "run `gads-creds login` with another account",
    ),
    row(
        "ORGANIZATION_NOT_RECOGNIZED",
        AdsRefused,
        "the organisation of the Cloud project is not known to Google Ads",
        "see https://console.cloud.google.com/google/ads-apis/overview in the project of this OAuth client",
    ),
    row(
        "ORGANIZATION_NOT_APPROVED",
        AdsRefused,
        "the organisation of the Cloud project is not approved for the Google Ads API",
        "apply at https://console.cloud.google.com/google/ads-apis/overview in the project of this OAuth client",
    ),
    row(
        "ORGANIZATION_NOT_ASSOCIATED_WITH_DEVELOPER_TOKEN",
        AdsRefused,
        "the developer token belongs to another organisation than the Cloud project",
        "remove the developer token: Google needs none since 2026-09-09",
    ),
    row(
        "DEVELOPER_TOKEN_INVALID",
        AdsRefused,
        "the developer token is not valid",
        "remove it: Google needs none since 2026-09-09",
    ),
    row(
        "USER_PERMISSION_DENIED",
        AdsRefused,
        "the Google account has no permission for this customer, or the login customer is not its manager",
        "set `login_customer_id` to the manager account through which you have access: `gads-creds login --login-customer-id ID`",
    ),
    row(
        "INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION",
        AdsRefused,
        "the login customer does not manage this customer",
        "set `login_customer_id` to a manager of the customer: `gads-creds login --login-customer-id ID`",
    ),
    row(
        "INVALID_LOGIN_CUSTOMER_ID",
        AdsRefused,
        "`login_customer_id` is not a customer id",
        "write it as ten digits without dashes: `gads-creds login --login-customer-id ID`",
    ),
    row(
        "INVALID_LINKED_CUSTOMER_ID",
        AdsRefused,
        "`linked_customer_id` is not a customer id",
        "write it as ten digits without dashes, or remove it",
    ),
    row(
        "LOGIN_CUSTOMER_ID_PARAMETER_MISSING",
        AdsRefused,
        "this call needs a login customer",
        "set the manager account: `gads-creds login --login-customer-id ID`",
    ),
    row(
        "DEVELOPER_TOKEN_PARAMETER_MISSING",
        AdsRefused,
        "an empty developer token was sent; Google takes none, or a filled one",
        "remove the empty `developer_token` from the file, and update the client library",
    ),
    row(
        "DEVELOPER_TOKEN_PROHIBITED",
        AdsRefused,
        "the developer token is not allowed with the Cloud project of this OAuth client",
        "remove the developer token: access now belongs to the project, see https://console.cloud.google.com/google/ads-apis/overview",
    ),
    row(
        "DEVELOPER_TOKEN_NOT_APPROVED",
        AdsRefused,
        "the Cloud project may only use test accounts so far",
        "apply for more access at https://console.cloud.google.com/google/ads-apis/overview",
    ),
    row(
        "DEVELOPER_TOKEN_NOT_ON_ALLOWLIST",
        AdsRefused,
        "the developer token is not allowed to use this feature",
        "see https://console.cloud.google.com/google/ads-apis/overview in the project of this OAuth client",
    ),
    row(
        "CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION",
        AdsRefused,
        "the Cloud project may only use test accounts so far",
        "apply for more access at https://console.cloud.google.com/google/ads-apis/overview; some levels want a verified brand (https://console.cloud.google.com/auth/branding)",
    ),
    row(
        "CLOUD_PROJECT_NOT_UNDER_ORGANIZATION",
        AdsRefused,
        "the Cloud project of this OAuth client is not in an organisation",
        "move the project into the organisation, or use a client of another project",
    ),
    row(
        "CLOUD_PROJECT_NOT_FOUND",
        AdsRefused,
        "the Google Ads API does not find the Cloud project of this OAuth client",
        "check the project at https://console.cloud.google.com/google/ads-apis/overview",
    ),
    row(
        "PROJECT_DISABLED",
        AdsRefused,
        "the Cloud project of this OAuth client is disabled",
        "see the project at https://console.cloud.google.com/google/ads-apis/overview, or run `gads-creds login -c FILE` with a client of another project",
    ),
    row(
        "INCOMPLETE_SIGNUP",
        AdsRefused,
        "the sign-up to Google Ads is not complete",
        "complete it at https://ads.google.com",
    ),
    row(
        "MISSING_TOS",
        AdsRefused,
        "the terms of the Google Ads API have not been accepted",
        "accept them at https://console.cloud.google.com/google/ads-apis/overview",
    ),
    row(
        "CUSTOMER_NOT_ENABLED",
        AdsRefused,
        "the Google Ads account is not active: cancelled, or its sign-up is not complete",
        "reactivate it at https://ads.google.com, or choose another: `gads-creds login --login-customer-id ID`",
    ),
    row(
        "ACTION_NOT_PERMITTED_FOR_SUSPENDED_ACCOUNT",
        AdsRefused,
        "the Google Ads account is suspended",
        "see its status at https://ads.google.com",
    ),
    row(
        "ACCESS_DENIED_FOR_ACCOUNT_TYPE",
        AdsRefused,
        "this is not available for accounts of this type",
        "choose another account",
    ),
    row(
        "SERVICE_ACCESS_DENIED",
        AdsRefused,
        "access to this service of the Google Ads API is denied",
        "see https://console.cloud.google.com/google/ads-apis/overview in the project of this OAuth client",
    ),
    row(
        "METRIC_ACCESS_DENIED",
        AdsRefused,
        "access to a metric is denied",
        "see https://console.cloud.google.com/google/ads-apis/overview in the project of this OAuth client",
    ),
    row(
        "ACTION_NOT_PERMITTED",
        AdsRefused,
        "the Google account may not do this",
        "ask an administrator of the Google Ads account for more access",
    ),
    row(
        "AUTHORIZATION_ERROR",
        AdsRefused,
        "the Google Ads API did not authorise the request",
        "ask an administrator of the Google Ads account for access",
    ),
    row(
        "UNSUPPORTED_VERSION",
        AdsRefused,
        "this version of the Google Ads API has ended: this gads-creds is too old",
        "update gads-creds, or name a living version with `--api-version` (or `GADS_CREDS_API_VERSION`)",
    ),
    row(
        "NOT_FOUND",
        AdsRefused,
        "the Google Ads API has nothing at this address: this version of it may have ended, or not have begun",
        "update gads-creds, or name a living version with `--api-version` (or `GADS_CREDS_API_VERSION`)",
    ),
];
