//! Google's error responses as the program explains them: every entry of the table, each in Google's own format.

use gads_creds::google::explain::{self, Entry, Operation};
use gads_creds::hint::{Hint, LoginOption, Target};
use serde_json::{Value, json};

use crate::google::browser::Decision;
use crate::google::{Endpoint, Fault, Reply};
use crate::sandbox::Sandbox;
use crate::stored;

/// The reasons of Google's front end, which are sent in a `google.rpc.ErrorInfo`.
const REASONS: &str = "SERVICE_DISABLED ACCESS_TOKEN_SCOPE_INSUFFICIENT ACCESS_TOKEN_EXPIRED CREDENTIALS_MISSING \
    USER_PROJECT_DENIED CONSUMER_INVALID CONSUMER_SUSPENDED GCP_SUSPENDED RESOURCE_PROJECT_INVALID BILLING_DISABLED \
    SERVICE_NOT_VISIBLE ACCESS_TOKEN_TYPE_UNSUPPORTED ACCOUNT_STATE_INVALID USER_BLOCKED_BY_ADMIN SESSION_COOKIE_INVALID \
    OVERLOADED_CREDENTIALS SECURITY_POLICY_VIOLATED ORG_RESTRICTION_VIOLATION ORG_RESTRICTION_HEADER_INVALID \
    LOCATION_POLICY_VIOLATED";
/// Google's top-level message, which is misleading: the cause is in the details.
const MISLEADING: &str = "Request is missing required authentication credential. Expected OAuth 2 access token.";

/// The codes that Google's page, its token endpoint and version 26 of the Google Ads API can send for a user's credential.
const CONSENT: &str = "access_denied admin_policy_enforced org_internal disallowed_useragent redirect_uri_mismatch invalid_request \
    invalid_client deleted_client invalid_scope temporarily_unavailable server_error";
const TOKEN: &str = "invalid_grant invalid_client unauthorized_client redirect_uri_mismatch invalid_request deleted_client \
    internal_failure";
const ADS: &str = "AUTHENTICATION_ERROR CLIENT_CUSTOMER_ID_INVALID CUSTOMER_NOT_FOUND GOOGLE_ACCOUNT_DELETED \
    GOOGLE_ACCOUNT_COOKIE_INVALID GOOGLE_ACCOUNT_USER_AND_ADS_USER_MISMATCH LOGIN_COOKIE_REQUIRED NOT_ADS_USER \
    OAUTH_TOKEN_INVALID OAUTH_TOKEN_EXPIRED OAUTH_TOKEN_DISABLED OAUTH_TOKEN_REVOKED OAUTH_TOKEN_HEADER_INVALID \
    LOGIN_COOKIE_INVALID INVALID_EMAIL_ADDRESS USER_ID_INVALID TWO_STEP_VERIFICATION_NOT_ENROLLED \
    ADVANCED_PROTECTION_NOT_ENROLLED GOOGLE_ACCOUNT_AUTHENTICATION_FAILED ORGANIZATION_NOT_RECOGNIZED \
    ORGANIZATION_NOT_APPROVED ORGANIZATION_NOT_ASSOCIATED_WITH_DEVELOPER_TOKEN DEVELOPER_TOKEN_INVALID \
    USER_PERMISSION_DENIED DEVELOPER_TOKEN_PROHIBITED PROJECT_DISABLED AUTHORIZATION_ERROR ACTION_NOT_PERMITTED \
    INCOMPLETE_SIGNUP MISSING_TOS DEVELOPER_TOKEN_NOT_APPROVED \
    INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION SERVICE_ACCESS_DENIED DEVELOPER_TOKEN_NOT_ON_ALLOWLIST \
    CUSTOMER_NOT_ENABLED ACCESS_DENIED_FOR_ACCOUNT_TYPE METRIC_ACCESS_DENIED CLOUD_PROJECT_NOT_UNDER_ORGANIZATION \
    ACTION_NOT_PERMITTED_FOR_SUSPENDED_ACCOUNT CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION INVALID_LOGIN_CUSTOMER_ID \
    INVALID_LINKED_CUSTOMER_ID DEVELOPER_TOKEN_PARAMETER_MISSING LOGIN_CUSTOMER_ID_PARAMETER_MISSING \
    UNSUPPORTED_VERSION CLOUD_PROJECT_NOT_FOUND RESOURCE_EXHAUSTED UNAUTHENTICATED";

fn entries(operation: Operation) -> impl Iterator<Item = &'static Entry> {
    explain::entries().filter(move |entry| entry.operations.contains(&operation))
}

fn ads_error(details: Value) -> Fault {
    let error = json!({ "code": 403, "message": MISLEADING, "status": "PERMISSION_DENIED", "details": details });
    Fault::Reply(Reply::json(403, &json!({ "error": error })))
}

/// Returns an error without details, as Google's front end sends it for a request without a valid token.
fn plain_ads_error(http_status: u16, status: &str) -> Fault {
    let error = json!({ "code": http_status, "message": "Request had invalid credentials.", "status": status });
    Fault::Reply(Reply::json(http_status, &json!({ "error": error })))
}

fn failure(codes: &[&str]) -> Value {
    let errors: Vec<Value> = codes
        .iter()
        .map(|code| json!({ "errorCode": { "authenticationError": code }, "message": "A sentence of Google's." }))
        .collect();
    json!({
        "@type": "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure",
        "errors": errors,
        "requestId": "request-1",
    })
}

fn error_info(reason: &str) -> Value {
    json!({ "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com" })
}

/// Returns the first failure or warning, and the line below it.
fn first_finding(stdout: &str) -> (&str, &str) {
    let mut lines = stdout.lines().skip_while(|line| !line.starts_with("fail ") && !line.starts_with("warn "));
    (lines.next().unwrap_or_default(), lines.next().unwrap_or_default())
}

#[test]
fn every_code_that_google_is_known_to_send_has_an_entry() {
    for (operation, codes) in [
        (Operation::Consent, CONSENT),
        (Operation::Exchange, TOKEN),
        (Operation::Refresh, TOKEN),
        (Operation::Ads, ADS),
        (Operation::Ads, REASONS),
    ] {
        for code in codes.split_whitespace() {
            let entry = explain::find(operation, code, None, None);
            assert!(
                entry.is_some_and(|entry| !entry.cause.is_empty() && !entry.next_step.is_empty()),
                "{operation:?}: {code}"
            );
        }
    }
}

#[test]
fn every_error_of_the_google_ads_api_is_explained_by_its_details() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    for entry in entries(Operation::Ads) {
        let fault = match entry.code {
            "NOT_FOUND" => Fault::page(404, "<!DOCTYPE html><title>Error 404 (Not Found)</title>"),
            "UNAUTHENTICATED" => plain_ads_error(401, "UNAUTHENTICATED"),
            code if REASONS.split_whitespace().any(|reason| reason == code) => ads_error(json!([error_info(code)])),
            code => ads_error(json!([failure(&[code])])),
        };
        sandbox.google.fault(Endpoint::Ads, fault);
        let run = sandbox.command(&["doctor"]).observe();
        let (line, next) = first_finding(&run.stdout);
        assert_eq!(run.code, i32::from(entry.kind.code()), "{}: {run:#?}", entry.code);
        assert!(line.starts_with("fail") && line.contains(entry.cause) && line.contains(entry.code), "{run:#?}");
        assert_eq!(next.trim(), entry.next_step, "{run:#?}");
        assert!(
            run.stderr.contains(entry.cause) && run.stderr.contains(&format!("hint: {}\n", entry.next_step)),
            "{run:#?}"
        );
        assert!(!run.stdout.contains("missing required authentication"), "{run:#?}");
    }
}

#[test]
fn every_error_of_a_refresh_is_explained() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    for entry in entries(Operation::Refresh) {
        let description = format!("{} by Google", entry.variants.first().unwrap_or(&"Refused"));
        sandbox.google.fault(Endpoint::Token, Fault::oauth_error(400, entry.code, &description));
        let run = sandbox.command(&["refresh"]).code(i32::from(entry.kind.code())).stderr_has(entry.cause);
        run.stderr_has(&format!("{}: {description}", entry.code))
            .stderr_has(&format!("hint: {}\n", entry.next_step))
            .run();
    }
}

#[test]
fn every_error_of_an_exchange_is_explained() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    for entry in entries(Operation::Exchange) {
        let description = format!("{} by Google", entry.variants.first().unwrap_or(&"Refused"));
        sandbox.google.fault(Endpoint::Token, Fault::oauth_error(400, entry.code, &description));
        let login = sandbox.login(&[]).directory("").code(i32::from(entry.kind.code())).stderr_has(entry.cause);
        let no_browser = LoginOption { name: "--no-browser", value: None };
        let target = Target { login: vec![no_browser], ..Target::default() };
        let next_step = Hint::from(entry.next_step).text(&target);
        let login = login.stderr_has(entry.code).stderr_has(&format!("hint: {next_step}\n")).start();
        assert!(!login.visit(&Decision::allow()).body.contains("You are logged in"));
        login.finish();
    }
}

#[test]
fn a_time_out_prints_two_lines_that_name_explain() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let run = sandbox.login(&["--timeout", "1"]).directory("").code(5).stderr_has("`gads-creds explain CODE`").run();
    let end: Vec<&str> = run.stderr.lines().skip_while(|line| !line.starts_with("error: ")).collect();
    assert!(end.len() == 2 && end[0].ends_with("within 1 second") && end[1].starts_with("hint: "), "{run:#?}");
    assert!(entries(Operation::Consent).count() >= 9);
}

#[test]
fn a_denial_is_explained() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let login =
        sandbox.login(&[]).directory("").code(5).stderr_has("error: consent was denied").stderr_has("test users");
    let login = login.start();
    login.visit(&Decision::deny());
    login.finish();
}

#[test]
fn a_disabled_api_is_enabled_on_the_page_that_google_names() {
    let sandbox = Sandbox::new();
    let (client, _) = stored::works(&sandbox);
    sandbox.google.edit(&client, |client| client.api_enabled = false);
    let run = sandbox.command(&["doctor"]).observe();
    let project = client.id.split('-').next().unwrap();
    let link =
        format!("https://console.developers.google.com/apis/api/googleads.googleapis.com/overview?project={project}");
    let (line, next) = first_finding(&run.stdout);
    assert!(run.code == 8 && line.starts_with("fail  Google Ads API enabled: "), "{run:#?}");
    assert_eq!(next.trim(), format!("enable it at {link} and wait a few minutes"));
    // A link to a page outside the console is not shown.
    let help = json!({ "links": [{ "url": "https://console.cloud.google.com.evil.example/" }] });
    sandbox.google.fault(Endpoint::Ads, ads_error(json!([error_info("SERVICE_DISABLED"), help])));
    let run = sandbox.command(&["doctor"]).observe();
    assert!(run.code == 8 && !run.stdout.contains("evil"), "{run:#?}");
}

#[test]
fn of_several_errors_the_known_one_is_explained_and_the_front_end_does_not_hide_it() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let details = json!([failure(&["SOMETHING_NEW", "MISSING_TOS"]), error_info("CREDENTIALS_MISSING")]);
    sandbox.google.fault(Endpoint::Ads, ads_error(details));
    let run = sandbox.command(&["doctor"]).observe();
    assert!(run.code == 8 && first_finding(&run.stdout).0.contains("MISSING_TOS"), "{run:#?}");
}

#[test]
fn an_unknown_error_is_shown_in_googles_words_and_with_who_can_help() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    sandbox.google.fault(Endpoint::Ads, ads_error(json!([failure(&["SOMETHING_NEW"])])));
    let run = sandbox.command(&["doctor"]).observe();
    let (line, next) = first_finding(&run.stdout);
    for part in ["SOMETHING_NEW", "A sentence of Google's.", "request id request-1"] {
        assert!(run.code == 8 && line.contains(part), "no {part:?}: {run:#?}");
    }
    assert!(
        next.contains("https://developers.google.com/google-ads/api/support") && !next.contains("doctor"),
        "{next}"
    );
    sandbox.google.fault(Endpoint::Token, Fault::oauth_error(400, "new_error", "Odd\u{1b}[2J"));
    let run = sandbox.command(&["refresh"]).code(4).stderr_has("new_error: Odd\\u{1b}[2J").run();
    assert!(!run.stderr.contains('\u{1b}'));
}

#[test]
fn a_code_is_explained_whatever_text_is_around_it() {
    let sandbox = Sandbox::new();
    let plain = sandbox.command(&["explain", "redirect_uri_mismatch"]).stdout_has("exit code").run().stdout;
    for entry in explain::entries().filter(|entry| entry.code == "redirect_uri_mismatch") {
        assert!(plain.contains(entry.cause) && plain.contains(entry.next_step), "{plain}");
    }
    for text in [
        &["Error 400: redirect_uri_mismatch"][..],
        &["Error", "400:", "Redirect_URI_Mismatch"],
        &["REDIRECT URI MISMATCH"],
        &["{\"error\": \"redirect_uri_mismatch\"}"],
    ] {
        let outcome = sandbox.command(&[&["explain"], text].concat()).observe();
        assert!(outcome.code == 0 && outcome.stdout == plain, "{text:?}: {outcome:?}");
    }
    // The more specific code, and the cause that Google named, come first.
    let longer = sandbox.command(&["explain", "PERMISSION_DENIED: USER_PERMISSION_DENIED"]).stdout_has("").run();
    assert!(longer.stdout.starts_with("code         USER_PERMISSION_DENIED\n"), "{longer:?}");
    let detail = sandbox.command(&["explain", "invalid_grant (invalid_rapt)"]).stdout_has("").run();
    assert!(detail.stdout.starts_with("code         invalid_grant, with `invalid_rapt`"), "{detail:?}");
}

#[test]
fn the_description_of_an_error_chooses_its_cause() {
    let sandbox = Sandbox::new();
    for (text, codes) in [
        ("rapt_required", &["invalid_grant, with `invalid_rapt` or `rapt_required`"][..]),
        ("Invalid JWT Signature.", &["invalid_grant, with `Invalid JWT Signature`"]),
        ("reasonable timeframe", &["invalid_grant, with `reasonable timeframe`"]),
        ("Key creation is not allowed", &["FAILED_PRECONDITION, with `Key creation is not allowed`"]),
        ("account not found", &["invalid_grant, with `account not found`"]),
        (
            "invalid_grant: Token has been expired or revoked.",
            &["invalid_grant, with `Token has been expired or revoked`"],
        ),
        ("restricted_client", &["restricted_client"]),
        ("PERMISSION_DENIED", &["PERMISSION_DENIED"]),
    ] {
        let run = sandbox.command(&["explain", text]).stdout_has("").run();
        let found: Vec<&str> = run.stdout.lines().filter_map(|line| line.strip_prefix("code         ")).collect();
        assert_eq!(found, codes, "{text}: {}", run.stdout);
    }
    let first = |text: &str| sandbox.command(&["explain", text]).stdout_has("").run().stdout;
    assert!(first("invalid_grant").starts_with("code         invalid_grant\n"), "the usual case comes first");
    let both = first("access_denied NOT_ADS_USER");
    assert!(both.contains("code         access_denied") && both.contains("code         NOT_ADS_USER"), "{both}");
    let near = sandbox.command(&["explain", "invalid_grnt"]).code(2).stderr_has("`invalid_grnt`");
    near.stderr_has("hint: did you mean `gads-creds explain invalid_grant`?\n").run();
}

#[test]
fn every_code_can_be_explained_and_is_in_the_list() {
    let sandbox = Sandbox::new();
    let list = sandbox.command(&["explain"]).stdout_has("From the Google Ads API:").run().stdout;
    let headings: Vec<&str> = list.lines().filter(|line| line.starts_with("From ")).collect();
    let once: std::collections::BTreeSet<&&str> = headings.iter().collect();
    assert_eq!(once.len(), headings.len(), "each source has one list: {headings:?}");
    for entry in explain::entries() {
        assert!(list.contains(&format!("  {}", entry.code)), "{}", entry.code);
    }
    let codes = sandbox.command(&["explain", "--json"]).stdout_has("").run().json();
    assert_eq!(codes["codes"].as_array().map(Vec::len), Some(explain::entries().count()));
    let unknown = sandbox.command(&["explain", "no such code"]).code(2).stderr_has("`no such code`");
    unknown.stderr_has("hint: `gads-creds explain` lists the codes\n").run();
}

#[test]
fn the_request_id_of_an_unknown_error_may_be_in_the_header() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let error = json!({ "error": { "code": 403, "message": "No.", "status": "SOMETHING_NEW" } });
    sandbox.google.fault(Endpoint::Ads, Fault::Reply(Reply::json(403, &error).header("request-id", "header-1")));
    let run = sandbox.command(&["doctor"]).observe();
    assert!(first_finding(&run.stdout).0.contains("request id header-1"), "{run:#?}");
}

#[test]
fn an_access_token_that_is_not_accepted_is_a_rejected_token() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    for fault in [
        plain_ads_error(401, "UNAUTHENTICATED"),
        plain_ads_error(401, "SOMETHING_NEW"),
        Fault::page(401, "<html><title>Error 401 (Unauthorized)</title>"),
        Fault::page(401, ""),
    ] {
        sandbox.google.fault(Endpoint::Ads, fault);
        let run = sandbox.command(&["doctor"]).observe();
        let (line, next) = first_finding(&run.stdout);
        assert!(run.code == 4 && line.contains("does not accept the access token"), "{run:#?}");
        assert_eq!(next.trim(), "run `gads-creds login`");
    }
}

#[test]
fn an_invalid_grant_with_a_reason_is_explained_by_it() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    for (description, subtype, cause) in [
        ("Token has been expired or revoked.", None, "rejected the refresh token"),
        ("Bad Request", None, "rejected the refresh token"),
        ("Account has been deleted", None, "the Google account was deleted"),
        ("Account has been disabled", None, "the Google account is disabled"),
        ("Account disabled", None, "the Google account is disabled"),
        ("Invalid email or User ID", None, "the Google account does not exist"),
        ("reauth related error (invalid_rapt)", None, "the organization limits how long a sign-in lasts"),
        ("Bad Request", Some("invalid_rapt"), "the organization limits how long a sign-in lasts"),
        ("Bad Request", Some("rapt_required"), "the organization limits how long a sign-in lasts"),
    ] {
        let error = json!({ "error": "invalid_grant", "error_description": description, "error_subtype": subtype });
        sandbox.google.fault(Endpoint::Token, Fault::Reply(Reply::json(400, &error)));
        let run = sandbox.command(&["refresh", "--json"]).code(4).stdout_has("invalid_grant").stderr_has(cause).run();
        assert_eq!(run.json()["error"]["google_code"], "invalid_grant");
    }
}

#[test]
fn an_overloaded_consent_page_suggests_trying_later() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    for code in ["temporarily_unavailable", "server_error"] {
        let login = sandbox.login(&[]).directory("").code(6).stderr_has("again in a few minutes").start();
        let redirect = format!("{}?error={code}&state={}", login.redirect_uri(), login.state());
        crate::google::browser::get(&redirect).and_then(crate::google::browser::follow).unwrap();
        assert!(!login.finish().stderr.contains("doctor"));
    }
}

#[test]
fn no_next_step_is_the_command_that_failed() {
    for entry in explain::entries() {
        assert!(!entry.next_step.contains("`gads-creds doctor"), "{}", entry.code);
    }
}
