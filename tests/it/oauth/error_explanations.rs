//! What Google's refusals mean, told by the program: every row of the table, each in Google's own shape.

use gads_creds::google::explain::{self, Row, Step};
use serde_json::{Value, json};

use crate::google::browser::Decision;
use crate::google::{Endpoint, Fault, Reply};
use crate::sandbox::Sandbox;
use crate::stored;

/// What is refused before Google Ads is asked says so in a `google.rpc.ErrorInfo`.
const REASONS: [&str; 4] =
    ["SERVICE_DISABLED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "ACCESS_TOKEN_EXPIRED", "CREDENTIALS_MISSING"];
/// Google's top line, which misleads: the truth stands in the details.
const MISLEADING: &str = "Request is missing required authentication credential. Expected OAuth 2 access token.";

/// What Google's pages, its token endpoint and version 26 of the Google Ads API can say to a user's credential.
const PAGE: &str = "access_denied admin_policy_enforced org_internal disallowed_useragent redirect_uri_mismatch invalid_request \
    invalid_client deleted_client invalid_scope";
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
    UNSUPPORTED_VERSION CLOUD_PROJECT_NOT_FOUND SERVICE_DISABLED ACCESS_TOKEN_SCOPE_INSUFFICIENT ACCESS_TOKEN_EXPIRED \
    CREDENTIALS_MISSING";

fn rows(step: Step) -> impl Iterator<Item = &'static Row> {
    explain::rows().filter(move |row| row.steps.contains(&step))
}

fn ads_error(details: Value) -> Fault {
    let error = json!({ "code": 403, "message": MISLEADING, "status": "PERMISSION_DENIED", "details": details });
    Fault::Reply(Reply::json(403, &json!({ "error": error })))
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

/// The first failure, and the line below it.
fn first_trouble(stdout: &str) -> (&str, &str) {
    let mut lines = stdout.lines().skip_while(|line| !line.starts_with("fail "));
    (lines.next().unwrap_or_default(), lines.next().unwrap_or_default())
}

#[test]
fn every_code_that_google_is_known_to_send_has_a_row() {
    for (step, codes) in [(Step::Page, PAGE), (Step::Exchange, TOKEN), (Step::Refresh, TOKEN), (Step::Ads, ADS)] {
        for code in codes.split_whitespace() {
            let row = explain::find(step, code, None, None);
            assert!(row.is_some_and(|row| !row.cause.is_empty() && !row.next.is_empty()), "{step:?}: {code}");
        }
    }
}

#[test]
fn every_refusal_of_google_ads_is_explained_by_what_stands_in_its_details() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    for row in rows(Step::Ads) {
        let fault = match row.code {
            "NOT_FOUND" => Fault::page(404, "<!DOCTYPE html><title>Error 404 (Not Found)</title>"),
            code if REASONS.contains(&code) => ads_error(json!([error_info(code)])),
            code => ads_error(json!([failure(&[code])])),
        };
        sandbox.google.fault(Endpoint::Ads, fault);
        let run = sandbox.command(&["doctor"]).observe();
        let (line, next) = first_trouble(&run.stdout);
        assert_eq!(run.code, i32::from(row.kind.code()), "{}: {run:#?}", row.code);
        assert!(line.starts_with("fail") && line.contains(row.cause) && line.contains(row.code), "{run:#?}");
        assert_eq!(next.trim(), row.next, "{run:#?}");
        assert!(run.stderr.contains(row.cause) && run.stderr.contains(&format!("hint: {}\n", row.next)), "{run:#?}");
        assert!(!run.stdout.contains("missing required authentication"), "{run:#?}");
    }
}

#[test]
fn every_refusal_of_a_refresh_is_explained() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    for row in rows(Step::Refresh) {
        let description = format!("{} by Google", row.detail.unwrap_or("Refused"));
        sandbox.google.fault(Endpoint::Token, Fault::oauth_error(400, row.code, &description));
        let run = sandbox.command(&["refresh"]).code(i32::from(row.kind.code())).stderr_has(row.cause);
        run.stderr_has(&format!("{}: {description}", row.code)).stderr_has(&format!("hint: {}\n", row.next)).run();
    }
}

#[test]
fn every_refusal_of_an_exchange_is_explained() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    for row in rows(Step::Exchange) {
        let description = format!("{} by Google", row.detail.unwrap_or("Refused"));
        sandbox.google.fault(Endpoint::Token, Fault::oauth_error(400, row.code, &description));
        let login = sandbox.login(&[]).folder("").code(i32::from(row.kind.code())).stderr_has(row.cause);
        let login = login.stderr_has(row.code).stderr_has(&format!("hint: {}\n", row.next)).start();
        assert!(!login.visit(&Decision::allow()).body.contains("You are logged in"));
        login.finish();
    }
}

#[test]
fn a_wait_without_an_answer_ends_in_two_lines_that_name_explain() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let run = sandbox.login(&["--timeout", "1"]).folder("").code(5).stderr_has("`gads-creds explain CODE`").run();
    let end: Vec<&str> = run.stderr.lines().skip_while(|line| !line.starts_with("error: ")).collect();
    assert!(end.len() == 2 && end[0].ends_with("within 1 second") && end[1].starts_with("hint: "), "{run:#?}");
    assert!(rows(Step::Page).count() >= 9);
}

#[test]
fn a_denial_that_comes_back_is_explained() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let login = sandbox.login(&[]).folder("").code(5).stderr_has("error: consent was denied").stderr_has("test users");
    let login = login.start();
    login.visit(&Decision::deny());
    login.finish();
}

#[test]
fn a_disabled_api_is_switched_on_where_google_says() {
    let sandbox = Sandbox::new();
    let (client, _) = stored::works(&sandbox);
    sandbox.google.edit(&client, |client| client.api_enabled = false);
    let run = sandbox.command(&["doctor"]).observe();
    let project = client.id.split('-').next().unwrap();
    let link =
        format!("https://console.developers.google.com/apis/api/googleads.googleapis.com/overview?project={project}");
    let (line, next) = first_trouble(&run.stdout);
    assert!(run.code == 8 && line.starts_with("fail  Google Ads API enabled: "), "{run:#?}");
    assert_eq!(next.trim(), format!("enable it at {link} and wait a few minutes"));
    // An address that is not the console's is not passed on.
    let help = json!({ "links": [{ "url": "https://console.cloud.google.com.evil.example/" }] });
    sandbox.google.fault(Endpoint::Ads, ads_error(json!([error_info("SERVICE_DISABLED"), help])));
    let run = sandbox.command(&["doctor"]).observe();
    assert!(run.code == 8 && !run.stdout.contains("evil"), "{run:#?}");
}

#[test]
fn among_several_errors_the_one_that_is_known_is_told_and_the_front_end_does_not_hide_it() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let details = json!([failure(&["SOMETHING_NEW", "MISSING_TOS"]), error_info("CREDENTIALS_MISSING")]);
    sandbox.google.fault(Endpoint::Ads, ads_error(details));
    let run = sandbox.command(&["doctor"]).observe();
    assert!(run.code == 8 && first_trouble(&run.stdout).0.contains("MISSING_TOS"), "{run:#?}");
}

#[test]
fn an_unknown_refusal_is_passed_on_plainly() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    sandbox.google.fault(Endpoint::Ads, ads_error(json!([failure(&["SOMETHING_NEW"])])));
    let run = sandbox.command(&["doctor"]).observe();
    let (line, _) = first_trouble(&run.stdout);
    for part in ["SOMETHING_NEW", "A sentence of Google's.", "request id request-1"] {
        assert!(run.code == 8 && line.contains(part), "no {part:?}: {run:#?}");
    }
    sandbox.google.fault(Endpoint::Token, Fault::oauth_error(400, "new_error", "Odd\u{1b}[2J"));
    let run = sandbox.command(&["refresh"]).code(4).stderr_has("new_error: Odd\\u{1b}[2J").run();
    assert!(!run.stderr.contains('\u{1b}'));
}

#[test]
fn a_code_is_explained_whatever_text_is_around_it() {
    let sandbox = Sandbox::new();
    let plain = sandbox.command(&["explain", "redirect_uri_mismatch"]).stdout_has("exit code").run().stdout;
    for row in explain::rows().filter(|row| row.code == "redirect_uri_mismatch") {
        assert!(plain.contains(row.cause) && plain.contains(row.next), "{plain}");
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
    // The code that says more, and the cause that Google named, come first.
    let longer = sandbox.command(&["explain", "PERMISSION_DENIED: USER_PERMISSION_DENIED"]).stdout_has("").run();
    assert!(longer.stdout.starts_with("code         USER_PERMISSION_DENIED\n"), "{longer:?}");
    let detail = sandbox.command(&["explain", "invalid_grant (invalid_rapt)"]).stdout_has("").run();
    assert!(detail.stdout.starts_with("code         invalid_grant, with `invalid_rapt`\n"), "{detail:?}");
}

#[test]
fn every_code_can_be_explained_and_is_in_the_list() {
    let sandbox = Sandbox::new();
    let list = sandbox.command(&["explain"]).stdout_has("From the Google Ads API:").run().stdout;
    for row in explain::rows() {
        assert!(list.contains(&format!("  {}", row.code)), "{}", row.code);
    }
    let codes = sandbox.command(&["explain", "--json"]).stdout_has("").run().json();
    assert_eq!(codes["codes"].as_array().map(Vec::len), Some(explain::rows().count()));
    let unknown = sandbox.command(&["explain", "no such code"]).code(2).stderr_has("`no such code`");
    unknown.stderr_has("hint: `gads-creds explain` lists the codes\n").run();
}
