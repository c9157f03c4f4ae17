//! `refresh`: it may be repeated, so temporary failures are retried.

use std::time::Duration;

use serde_json::json;

use super::error_responses::{self, GOOD};
use super::{Row, Scenario, json_text, raw, tokens};
use crate::google::{ADWORDS, Endpoint, Fault, Google};

#[track_caller]
fn table(rows: Vec<Row>) {
    let scenario = Scenario::new();
    for (name, fault, code, fact) in rows {
        scenario.responds(Endpoint::Token, fault);
        let before = scenario.sandbox.google.requests(Endpoint::Token).len();
        let outcome = scenario.sandbox.command(&["refresh", "-vv"]).observe();
        let requests = scenario.sandbox.google.requests(Endpoint::Token).len() - before;
        scenario.check(name, &outcome, requests, code, fact);
        assert_eq!(outcome.stdout, "", "{name}");
    }
}

#[test]
fn unusual_but_valid_token_responses_are_accepted() {
    let issued = "access token issued";
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x};x=y\r\n{GOOD}\r\n0\r\nTrailer: 1\r\n\r\n",
        GOOD.len()
    );
    let continued = format!(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{GOOD}",
        GOOD.len()
    );
    table(vec![
        ("true", Fault::edit(|_| ()), 0, issued),
        ("chunked", Fault::Chunked, 0, issued),
        ("chunked with extensions and trailers", Fault::Raw(chunked.into_bytes()), 0, issued),
        (
            "no length, ends with the connection",
            Fault::Raw(format!("HTTP/1.1 200 OK\r\n\r\n{GOOD}").into_bytes()),
            0,
            issued,
        ),
        ("HTTP/1.0", Fault::Raw(format!("HTTP/1.0 200 OK\r\n\r\n{GOOD}").into_bytes()), 0, issued),
        ("informational responses first", Fault::Raw(continued.into_bytes()), 0, issued),
        ("late", Fault::Late(Duration::from_secs(2)), 0, issued),
        ("in drops", Fault::Drip(Duration::from_micros(100)), 0, issued),
        (
            "lower case, odd spaces, no reason",
            raw("200\r\ncontent-type:application/json;charset=UTF-8\r\nx-a:\t b \t", GOOD),
            0,
            issued,
        ),
        ("text/plain", raw("200 OK\r\nContent-Type: text/plain", GOOD), 0, issued),
        ("no type", raw("200 OK", GOOD), 0, issued),
        ("text/html", raw("200 OK\r\nContent-Type: text/html", GOOD), 0, issued),
        ("byte order mark", raw("200 OK", format!("\u{feff}{GOOD}")), 0, issued),
        ("spaces around", raw("200 OK", format!("\r\n\t {GOOD} \n\n")), 0, issued),
        ("escapes", json_text(200, "{\"access\\u005ftoken\":\"ya29\\u002ea\",\"token_type\":\"bearer\"}"), 0, issued),
        (
            "more members",
            tokens(json!({ "x": [1, { "y": null }], "id_token": "no.real.token", "issued_token_type": "z" })),
            0,
            issued,
        ),
        ("BEARER", tokens(json!({ "token_type": "BEARER" })), 0, issued),
        ("bearer", tokens(json!({ "token_type": "bearer" })), 0, issued),
        ("expires_in as a string", tokens(json!({ "expires_in": "3599" })), 0, "valid for 59 minutes"),
        ("expires_in as a float", tokens(json!({ "expires_in": 3599.0 })), 0, issued),
        ("expires_in negative", tokens(json!({ "expires_in": -1 })), 0, issued),
        ("expires_in zero", tokens(json!({ "expires_in": 0 })), 0, issued),
        (
            "expires_in huge",
            json_text(200, &GOOD.replace('}', ",\"expires_in\":1000000000000000000000000000000}")),
            0,
            issued,
        ),
        ("expires_in beyond all, as a text", tokens(json!({ "expires_in": "1e400" })), 0, issued),
        ("expires_in an object", tokens(json!({ "expires_in": { "seconds": 1 } })), 0, issued),
        (
            "60 headers of a kilobyte",
            raw(&format!("200 OK{}", format!("\r\nX-A: {}", "a".repeat(1000)).repeat(60)), GOOD),
            0,
            issued,
        ),
        ("expires_in null", json_text(200, &GOOD.replace('}', ",\"expires_in\":null}")), 0, issued),
        ("expires_in a text", tokens(json!({ "expires_in": "soon" })), 0, issued),
        ("expires_in absent", tokens(json!({ "expires_in": null })), 0, issued),
        ("scope absent", tokens(json!({ "scope": null })), 0, issued),
        ("scope null", json_text(200, &GOOD.replace('}', ",\"scope\":null}")), 0, issued),
        ("more scopes", tokens(json!({ "scope": format!("openid  {ADWORDS} x") })), 0, issued),
        ("refresh_token null", json_text(200, &GOOD.replace('}', ",\"refresh_token\":null}")), 0, issued),
        ("refresh_token empty", tokens(json!({ "refresh_token": "" })), 0, issued),
        ("512 characters", tokens(json!({ "access_token": "a".repeat(512) })), 0, issued),
        ("2048 characters", tokens(json!({ "access_token": "~".repeat(2048) })), 0, issued),
    ]);
}

#[test]
fn malformed_token_responses_are_refused() {
    table(error_responses::of_a_wrong_form());
}

#[test]
fn tokens_that_no_server_issues_are_refused() {
    table(error_responses::with_unfit_tokens());
}

#[test]
fn no_redirect_is_followed() {
    let trap = Google::start().unwrap();
    table(error_responses::redirects(&trap));
    assert!(trap.world().requests.is_empty(), "a redirect was followed");
}

#[test]
fn the_error_response_decides_the_exit_code() {
    table(error_responses::refusals());
}

#[test]
fn server_text_is_escaped_on_the_terminal() {
    table(error_responses::unfit_words());
}

#[test]
fn a_secret_that_the_server_repeats_is_not_passed_on() {
    let scenario = Scenario::new();
    let encoded: String = url::form_urlencoded::byte_serialize(scenario.token.as_bytes()).collect();
    let request = format!("grant_type=refresh_token&refresh_token={encoded}&client_secret={}", scenario.client.secret);
    for text in [
        scenario.token.as_str(),
        &scenario.client.secret,
        &encoded,
        &request,
        &scenario.token[..30],
        &scenario.token[20..],
    ] {
        for (fault, code) in [
            (Fault::oauth_error(400, "invalid_grant", &format!("Bad token: {text}")), 4),
            (Fault::oauth_error(400, text, "words"), 6),
            (json_text(400, &json!({ "error": "invalid_grant", "error_subtype": text }).to_string()), 4),
            (json_text(403, &json!({ "error": { "message": text, "status": text } }).to_string()), 4),
            (Fault::page(400, text), 6),
            (Fault::page(502, text), 6),
            (tokens(json!({ "token_type": text })), 6),
            (json_text(200, &json!({ text: text }).to_string()), 6),
        ] {
            scenario.responds(Endpoint::Token, fault);
            for command in [["refresh", "-vv"], ["refresh", "--json"]] {
                // The sandbox checks that no secret of the stand-in is shown.
                let outcome = scenario.sandbox.command(&command).observe();
                assert_eq!(outcome.code, code, "{outcome:#?}");
            }
        }
    }
}

/// The server's status is worth more than a time-out.
#[test]
fn an_attempt_that_could_not_end_in_time_is_not_made() {
    let scenario = Scenario::new();
    let google = &scenario.sandbox.google;
    for pause in [5, 4] {
        google.fault(Endpoint::Token, raw(&format!("503 Busy\r\nRetry-After: {pause}"), ""));
    }
    let outcome = scenario.sandbox.command(&["refresh"]).observe();
    scenario.check("busy", &outcome, google.requests(Endpoint::Token).len(), 6, "busy or out of order (HTTP 503)");
    assert_eq!(google.requests(Endpoint::Token).len(), 2);
}

#[test]
fn a_server_that_says_when_to_try_again_is_quoted() {
    let scenario = Scenario::new();
    let quota = "{\"error\":\"rate_limit_exceeded\"}";
    for (status, wait, body, next) in [
        ("429 Slow Down", "86400", "", "try again in 24 hours"),
        ("503 Busy", "3601", "", "try again in 2 hours"),
        ("503 Busy", "90", "", "try again in 2 minutes"),
        ("503 Busy", "30", "", "try again in 30 seconds"),
        ("429 Slow Down", "86400", quota, "try again in 24 hours"),
        ("429 Slow Down", "0", "", "try again in a few minutes"),
        ("503 Busy", "18446744073709551615", "", "try again in a few minutes"),
        ("503 Busy", "soon", "", "try again in a few minutes"),
    ] {
        scenario.responds(Endpoint::Token, raw(&format!("{status}\r\nRetry-After: {wait}"), body));
        let outcome = scenario.sandbox.command(&["refresh"]).observe();
        scenario.check(wait, &outcome, 1, 6, &format!("hint: {next}; nothing was changed"));
    }
}

#[test]
fn temporary_failures_are_retried() {
    let scenario = Scenario::new();
    let google = &scenario.sandbox.google;
    let dropped = || Fault::Raw(Vec::new());
    for (name, faults) in [
        ("500 and 503", vec![Fault::page(500, ""), raw("503 Busy\r\nRetry-After: 1", "")]),
        ("429", vec![raw("429 Slow Down\r\nRetry-After: 0", "")]),
        ("dropped twice", vec![dropped(), dropped()]),
        ("half a response", vec![Fault::Truncated]),
    ] {
        let (before, failed) = (google.requests(Endpoint::Token).len(), faults.len());
        faults.into_iter().for_each(|fault| google.fault(Endpoint::Token, fault));
        let outcome = scenario.sandbox.command(&["refresh"]).observe();
        scenario.check(name, &outcome, google.requests(Endpoint::Token).len() - before, 0, "access token issued");
        assert_eq!(google.requests(Endpoint::Token).len() - before, failed + 1, "{name}");
    }
}
