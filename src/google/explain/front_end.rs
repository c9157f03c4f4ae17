//! The reasons of Google's front end, which checks a request before the Google Ads API sees it (`google.api.ErrorReason`), and
//! its bare statuses.

use crate::error::Kind::{AdsRefused, GrantedTooLittle, TokenRejected};
use crate::google::explain::Entry;
use crate::google::explain::ads::entry;

/// A status that comes with a reason of its own, which says more: it is only explained, never looked up.
const fn status(code: &'static str, cause: &'static str, next_step: &'static str) -> Entry {
    Entry { operations: &[], ..entry(code, AdsRefused, cause, next_step) }
}

pub const ENTRIES: &[Entry] = &[
    status(
        "PERMISSION_DENIED",
        "the credentials were accepted, and the request is not allowed: the details of the response hold another code that says why",
        "look for that code in the response, such as `USER_PERMISSION_DENIED` or `SERVICE_DISABLED`, and explain it",
    ),
    entry(
        "SERVICE_DISABLED",
        AdsRefused,
        "the Google Ads API is not enabled in the Cloud project of this OAuth client",
        "enable it at https://console.cloud.google.com/apis/library/googleads.googleapis.com in the project of this OAuth client, and wait a few minutes",
    ),
    entry(
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        GrantedTooLittle,
        "the token was not granted the scope of the Google Ads API",
        "run `gads-creds login` again and tick the box for Google Ads",
    ),
    entry(
        "ACCESS_TOKEN_EXPIRED",
        TokenRejected,
        "the access token has expired, says the Google Ads API",
        "check the clock of this machine, then run `gads-creds refresh`",
    ),
    entry(
        "CREDENTIALS_MISSING",
        TokenRejected,
        "the request reached the Google Ads API without an access token",
        "a proxy may remove the `Authorization` header: check `HTTPS_PROXY`",
    ),
    entry(
        "NOT_FOUND",
        AdsRefused,
        "the Google Ads API does not have this version: it was shut down, or not released yet",
        "update gads-creds, or name a supported version with `--api-version` (or `GADS_CREDS_API_VERSION`)",
    ),
    entry(
        "USER_PROJECT_DENIED",
        AdsRefused,
        "the Google account is not allowed to use the Cloud project that the request is billed to",
        "ask the owner of that project for the role Service Usage Consumer, or remove `quota_project_id` from the file",
    ),
    entry(
        "CONSUMER_INVALID",
        AdsRefused,
        "the Cloud project of this OAuth client does not exist any more, or cannot use the Google Ads API",
        "open the project at https://console.cloud.google.com/google/ads-apis/overview, or run `gads-creds login -c FILE` with a client of another project",
    ),
    entry(
        "CONSUMER_SUSPENDED",
        AdsRefused,
        "the Cloud project of this OAuth client is suspended",
        "ask the owner of the project to appeal at https://console.cloud.google.com/appeals, or run `gads-creds login -c FILE` with a client of another project",
    ),
    entry(
        "GCP_SUSPENDED",
        AdsRefused,
        "Google suspended the Cloud account that owns the project of this OAuth client",
        "ask the owner of the project to appeal at https://console.cloud.google.com/appeals, or run `gads-creds login -c FILE` with a client of another project",
    ),
    entry(
        "RESOURCE_PROJECT_INVALID",
        AdsRefused,
        "the Cloud project of this OAuth client is not valid",
        "run `gads-creds login -c FILE` with a client of another project",
    ),
    entry(
        "BILLING_DISABLED",
        AdsRefused,
        "billing is disabled in the Cloud project of this OAuth client",
        "ask the owner of the project to enable it at https://console.cloud.google.com/billing",
    ),
    entry(
        "SERVICE_NOT_VISIBLE",
        AdsRefused,
        "the Cloud project of this OAuth client cannot see the Google Ads API",
        "run `gads-creds login -c FILE` with a client of another project",
    ),
    entry(
        "ACCESS_TOKEN_TYPE_UNSUPPORTED",
        TokenRejected,
        "the Google Ads API does not accept access tokens of this type",
        "run `gads-creds login` to get one for a Google account",
    ),
    entry(
        "ACCOUNT_STATE_INVALID",
        TokenRejected,
        "the Google account is deleted, disabled or suspended",
        "ask the administrator of the account (a private one: https://support.google.com/accounts/answer/40695), or run `gads-creds login` with another Google account",
    ),
    entry(
        "USER_BLOCKED_BY_ADMIN",
        AdsRefused,
        "the administrator of this Google Workspace blocks the account from the Google Ads API",
        "ask the administrator, or run `gads-creds login` with another Google account",
    ),
    entry(
        "SESSION_COOKIE_INVALID",
        TokenRejected,
        "the sign-in of the Google account is not valid",
        "run `gads-creds login`",
    ),
    entry(
        "OVERLOADED_CREDENTIALS",
        TokenRejected,
        "the request reached the Google Ads API with more than one credential",
        "a proxy may add an `Authorization` header: check `HTTPS_PROXY`",
    ),
    entry(
        "SECURITY_POLICY_VIOLATED",
        AdsRefused,
        "a security policy of the organization (VPC Service Controls) blocks the request",
        "ask the administrator of the organization to allow googleads.googleapis.com for this project and network",
    ),
    entry(
        "ORG_RESTRICTION_VIOLATION",
        AdsRefused,
        "the network allows access to other organizations only",
        "ask the administrator of the network, or use another network",
    ),
    entry(
        "ORG_RESTRICTION_HEADER_INVALID",
        AdsRefused,
        "a proxy adds a malformed header that restricts organizations",
        "ask the administrator of the proxy, or use another network",
    ),
    entry(
        "LOCATION_POLICY_VIOLATED",
        AdsRefused,
        "the Google Ads API is not available from this location",
        "use a network in another location",
    ),
    entry(
        "UNAUTHENTICATED",
        TokenRejected,
        "the Google Ads API does not accept the access token",
        "run `gads-creds login`",
    ),
];
