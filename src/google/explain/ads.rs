//! The error codes of the Google Ads API itself (`GoogleAdsFailure`).
//!
//! A code means the same under every category of the API, so categories are left out.

use crate::error::Kind::{self, AdsRefused, NotAdsUser, TokenRejected, Unreachable};
use crate::google::explain::{Entry, Operation};

pub const fn entry(code: &'static str, kind: Kind, cause: &'static str, next_step: &'static str) -> Entry {
    Entry { operations: &[Operation::Ads], code, variants: &[], kind, detail: None, cause, next_step }
}

pub const ENTRIES: &[Entry] = &[
    entry(
        "NOT_ADS_USER",
        NotAdsUser,
        "this Google account has no access to any Google Ads account",
        "run `gads-creds login` and choose the account that uses Google Ads, or add this one at https://ads.google.com (Admin, Access and security)",
    ),
    entry(
        "OAUTH_TOKEN_INVALID",
        TokenRejected,
        "the Google Ads API does not accept the access token",
        "run `gads-creds login`",
    ),
    entry(
        "OAUTH_TOKEN_EXPIRED",
        TokenRejected,
        "the access token has expired, says the Google Ads API",
        "check the clock of this machine, then run `gads-creds refresh`",
    ),
    entry("OAUTH_TOKEN_DISABLED", TokenRejected, "the access token was disabled", "run `gads-creds login`"),
    entry("OAUTH_TOKEN_REVOKED", TokenRejected, "the access token was revoked", "run `gads-creds login`"),
    entry(
        "OAUTH_TOKEN_HEADER_INVALID",
        TokenRejected,
        "the Google Ads API cannot read the access token",
        "a proxy may change the `Authorization` header: check `HTTPS_PROXY`",
    ),
    entry(
        "TWO_STEP_VERIFICATION_NOT_ENROLLED",
        AdsRefused,
        "a Google Ads account requires 2-Step Verification, which is off for this Google account",
        "turn it on at https://myaccount.google.com/signinoptions/two-step-verification, then run `gads-creds login` (a new token needs a passkey: https://g.co/passkeys)",
    ),
    entry(
        "ADVANCED_PROTECTION_NOT_ENROLLED",
        AdsRefused,
        "a Google Ads account requires the Advanced Protection Program, and this Google account is not enrolled",
        "enroll at https://landing.google.com/advancedprotection, then run `gads-creds login` (a new token needs a passkey: https://g.co/passkeys)",
    ),
    entry(
        "GOOGLE_ACCOUNT_DELETED",
        TokenRejected,
        "the Google account was deleted",
        "run `gads-creds login` with another account",
    ),
    entry(
        "GOOGLE_ACCOUNT_AUTHENTICATION_FAILED",
        TokenRejected,
        "Google could not authenticate the account",
        "run `gads-creds login`",
    ),
    entry(
        "GOOGLE_ACCOUNT_USER_AND_ADS_USER_MISMATCH",
        AdsRefused,
        "the Google account does not match its Google Ads user",
        "sign in once at https://ads.google.com with this account, then try again",
    ),
    entry(
        "GOOGLE_ACCOUNT_COOKIE_INVALID",
        TokenRejected,
        "the sign-in of the Google account is not valid",
        "run `gads-creds login`",
    ),
    entry("LOGIN_COOKIE_REQUIRED", TokenRejected, "Google requires a new sign-in", "run `gads-creds login`"),
    entry(
        "LOGIN_COOKIE_INVALID",
        TokenRejected,
        "the sign-in of the Google account is not valid",
        "run `gads-creds login`",
    ),
    entry(
        "AUTHENTICATION_ERROR",
        TokenRejected,
        "the Google Ads API could not authenticate the request",
        "run `gads-creds login`",
    ),
    entry(
        "CUSTOMER_NOT_FOUND",
        AdsRefused,
        "no Google Ads account has this customer ID",
        "run `gads-creds set --login-customer-id ID` with the number shown at https://ads.google.com",
    ),
    entry(
        "CLIENT_CUSTOMER_ID_INVALID",
        AdsRefused,
        "the customer ID is not ten digits",
        "write `login_customer_id` as ten digits without dashes: `gads-creds set --login-customer-id ID`",
    ),
    entry(
        "INVALID_EMAIL_ADDRESS",
        AdsRefused,
        "the e-mail address of the Google account is not valid for Google Ads",
        "run `gads-creds login` with another account",
    ),
    entry(
        "USER_ID_INVALID",
        AdsRefused,
        "the user of the Google account is not valid for Google Ads",
        "run `gads-creds login` with another account",
    ),
    entry(
        "ORGANIZATION_NOT_RECOGNIZED",
        AdsRefused,
        "Google Ads does not know the organization of the Cloud project",
        "see https://console.cloud.google.com/google/ads-apis/overview in the project of this OAuth client",
    ),
    entry(
        "ORGANIZATION_NOT_APPROVED",
        AdsRefused,
        "the organization of the Cloud project is not approved for the Google Ads API",
        "apply at https://console.cloud.google.com/google/ads-apis/overview in the project of this OAuth client",
    ),
    entry(
        "ORGANIZATION_NOT_ASSOCIATED_WITH_DEVELOPER_TOKEN",
        AdsRefused,
        "the developer token belongs to another organization than the Cloud project",
        "run `gads-creds set --developer-token-file none`: Google needs no developer token since 2026-09-09",
    ),
    entry(
        "DEVELOPER_TOKEN_INVALID",
        AdsRefused,
        "the developer token is not valid",
        "run `gads-creds set --developer-token-file none`: Google needs no developer token since 2026-09-09",
    ),
    entry(
        "USER_PERMISSION_DENIED",
        AdsRefused,
        "the Google account has no permission for this customer, or the login customer is not its manager",
        "run `gads-creds set --login-customer-id ID` with the manager account through which you have access",
    ),
    entry(
        "INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION",
        AdsRefused,
        "the login customer does not manage this customer",
        "run `gads-creds set --login-customer-id ID` with a manager of the customer",
    ),
    entry(
        "INVALID_LOGIN_CUSTOMER_ID",
        AdsRefused,
        "`login_customer_id` is not a customer ID",
        "write it as ten digits without dashes: `gads-creds set --login-customer-id ID`",
    ),
    entry(
        "INVALID_LINKED_CUSTOMER_ID",
        AdsRefused,
        "`linked_customer_id` is not a customer ID",
        "write it as ten digits without dashes: `gads-creds set --linked-customer-id ID`, or `none` to remove it",
    ),
    entry(
        "LOGIN_CUSTOMER_ID_PARAMETER_MISSING",
        AdsRefused,
        "this call needs a login customer",
        "set the manager account: `gads-creds set --login-customer-id ID`",
    ),
    entry(
        "DEVELOPER_TOKEN_PARAMETER_MISSING",
        AdsRefused,
        "an empty developer token was sent",
        "remove the line of the developer token from the file: Google needs none since 2026-09-09",
    ),
    entry(
        "DEVELOPER_TOKEN_PROHIBITED",
        AdsRefused,
        "the developer token is not allowed with the Cloud project of this OAuth client",
        "run `gads-creds set --developer-token-file none`: access now belongs to the project, see https://console.cloud.google.com/google/ads-apis/overview",
    ),
    entry(
        "DEVELOPER_TOKEN_NOT_APPROVED",
        AdsRefused,
        "the Cloud project may only use test accounts",
        "apply for more access at https://console.cloud.google.com/google/ads-apis/overview",
    ),
    entry(
        "DEVELOPER_TOKEN_NOT_ON_ALLOWLIST",
        AdsRefused,
        "the developer token is not allowed to use this feature",
        "see https://console.cloud.google.com/google/ads-apis/overview in the project of this OAuth client",
    ),
    entry(
        "CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION",
        AdsRefused,
        "the Cloud project may only use test accounts",
        "apply for more access at https://console.cloud.google.com/google/ads-apis/overview; some levels require a verified brand (https://console.cloud.google.com/auth/branding)",
    ),
    entry(
        "CLOUD_PROJECT_NOT_UNDER_ORGANIZATION",
        AdsRefused,
        "the Cloud project of this OAuth client is not in an organization",
        "move the project into an organization, or run `gads-creds login -c FILE` with a client of another project",
    ),
    entry(
        "CLOUD_PROJECT_NOT_FOUND",
        AdsRefused,
        "the Google Ads API cannot find the Cloud project of this OAuth client",
        "open the project at https://console.cloud.google.com/google/ads-apis/overview, or run `gads-creds login -c FILE` with a client of another project",
    ),
    entry(
        "PROJECT_DISABLED",
        AdsRefused,
        "the Cloud project of this OAuth client is disabled",
        "see the project at https://console.cloud.google.com/google/ads-apis/overview, or run `gads-creds login -c FILE` with a client of another project",
    ),
    entry(
        "INCOMPLETE_SIGNUP",
        AdsRefused,
        "the sign-up to Google Ads is not complete",
        "complete it at https://ads.google.com",
    ),
    entry(
        "MISSING_TOS",
        AdsRefused,
        "the terms of the Google Ads API have not been accepted",
        "accept them at https://console.cloud.google.com/google/ads-apis/overview",
    ),
    entry(
        "CUSTOMER_NOT_ENABLED",
        AdsRefused,
        "the Google Ads account is not active: it was cancelled, or its sign-up is not complete",
        "reactivate it at https://ads.google.com, or use another: `gads-creds set --login-customer-id ID`",
    ),
    entry(
        "ACTION_NOT_PERMITTED_FOR_SUSPENDED_ACCOUNT",
        AdsRefused,
        "the Google Ads account is suspended",
        "see its status at https://ads.google.com",
    ),
    entry(
        "ACCESS_DENIED_FOR_ACCOUNT_TYPE",
        AdsRefused,
        "the request is not available for Google Ads accounts of this type",
        "set another account: `gads-creds set --login-customer-id ID`",
    ),
    entry(
        "SERVICE_ACCESS_DENIED",
        AdsRefused,
        "access to this service of the Google Ads API is denied",
        "see https://console.cloud.google.com/google/ads-apis/overview in the project of this OAuth client",
    ),
    entry(
        "METRIC_ACCESS_DENIED",
        AdsRefused,
        "access to a metric is denied",
        "see https://console.cloud.google.com/google/ads-apis/overview in the project of this OAuth client",
    ),
    entry(
        "ACTION_NOT_PERMITTED",
        AdsRefused,
        "the Google account is not allowed to do this",
        "ask an administrator of the Google Ads account for more access",
    ),
    entry(
        "AUTHORIZATION_ERROR",
        AdsRefused,
        "the Google Ads API did not authorize the request",
        "ask an administrator of the Google Ads account for access",
    ),
    entry(
        "UNSUPPORTED_VERSION",
        AdsRefused,
        "this version of the Google Ads API has been shut down",
        "update gads-creds, or name a supported version with `--api-version` (or `GADS_CREDS_API_VERSION`)",
    ),
    entry(
        "RESOURCE_EXHAUSTED",
        Unreachable,
        "the quota of the Cloud project for the Google Ads API is used up",
        "try again later; the daily quota is raised at https://console.cloud.google.com/google/ads-apis/overview",
    ),
    entry(
        "RESOURCE_TEMPORARILY_EXHAUSTED",
        Unreachable,
        "too many requests to the Google Ads API in a short time",
        "try again in a few minutes",
    ),
];
