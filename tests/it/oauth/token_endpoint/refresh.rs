//! `refresh`: it may be asked again, so trouble that passes is survived.

use std::time::Duration;

use serde_json::json;

use super::error_responses::{self, GOOD};
use super::{Desk, Row, json_text, raw, tokens};
use crate::google::{ADWORDS, Endpoint, Fault, Google};

#[track_caller]
fn table(rows: Vec<Row>) {
    let desk = Desk::new();
    for (name, fault, code, fact) in rows {
        desk.answers(Endpoint::Token, fault);
        let before = desk.sandbox.google.requests(Endpoint::Token).len();
        let outcome = desk.sandbox.command(&["refresh", "-vv"]).observe();
        let requests = desk.sandbox.google.requests(Endpoint::Token).len() - before;
        desk.check(name, &outcome, requests, code, fact);
        assert_eq!(outcome.stdout, "", "{name}");
    }
}

#[test]
fn odd_but_valid_answers_are_taken() {
    let minted = "access token issued";
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x};x=y\r\n{GOOD}\r\n0\r\nTrailer: 1\r\n\r\n",
        GOOD.len()
    );
    let continued = format!(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{GOOD}",
        GOOD.len()
    );
    table(vec![
        ("true", Fault::edit(|_| ()), 0, minted),
        ("chunked", Fault::Chunked, 0, minted),
        ("chunked with extensions and trailers", Fault::Raw(chunked.into_bytes()), 0, minted),
        (
            "no length, ends with the connection",
            Fault::Raw(format!("HTTP/1.1 200 OK\r\n\r\n{GOOD}").into_bytes()),
            0,
            minted,
        ),
        ("HTTP/1.0", Fault::Raw(format!("HTTP/1.0 200 OK\r\n\r\n{GOOD}").into_bytes()), 0, minted),
        ("informational answers first", Fault::Raw(continued.into_bytes()), 0, minted),
        ("late", Fault::Late(Duration::from_secs(2)), 0, minted),
        ("in drops", Fault::Drip(Duration::from_micros(100)), 0, minted),
        (
            "lower case, odd spaces, no reason",
            raw("200\r\ncontent-type:application/json;charset=UTF-8\r\nx-a:\t b \t", GOOD),
            0,
            minted,
        ),
        ("text/plain", raw("200 OK\r\nContent-Type: text/plain", GOOD), 0, minted),
        ("no type", raw("200 OK", GOOD), 0, minted),
        ("text/html", raw("200 OK\r\nContent-Type: text/html", GOOD), 0, minted),
        ("byte order mark", raw("200 OK", format!("\u{feff}{GOOD}")), 0, minted),
        ("spaces around", raw("200 OK", format!("\r\n\t {GOOD} \n\n")), 0, minted),
        ("escapes", json_text(200, "{\"access\\u005ftoken\":\"ya29\\u002ea\",\"token_type\":\"bearer\"}"), 0, minted),
        (
            "more members",
            tokens(json!({ "x": [1, { "y": null }], "id_token": "no.real.token", "issued_token_type": "z" })),
            0,
            minted,
        ),
        ("BEARER", tokens(json!({ "token_type": "BEARER" })), 0, minted),
        ("bearer", tokens(json!({ "token_type": "bearer" })), 0, minted),
        ("expires_in as a string", tokens(json!({ "expires_in": "3599" })), 0, "valid for 59 minutes"),
        ("expires_in as a float", tokens(json!({ "expires_in": 3599.0 })), 0, minted),
        ("expires_in negative", tokens(json!({ "expires_in": -1 })), 0, minted),
        ("expires_in zero", tokens(json!({ "expires_in": 0 })), 0, minted),
        (
            "expires_in huge",
            json_text(200, &GOOD.replace('}', ",\"expires_in\":1000000000000000000000000000000}")),
            0,
            minted,
        ),
        ("expires_in beyond all, as a text", tokens(json!({ "expires_in": "1e400" })), 0, minted),
        ("expires_in an object", tokens(json!({ "expires_in": { "seconds": 1 } })), 0, minted),
        (
            "60 headers of a kilobyte",
            raw(&format!("200 OK{}", format!("\r\nX-A: {}", "a".repeat(1000)).repeat(60)), GOOD),
            0,
            minted,
        ),
        ("expires_in null", json_text(200, &GOOD.replace('}', ",\"expires_in\":null}")), 0, minted),
        ("expires_in a text", tokens(json!({ "expires_in": "soon" })), 0, minted),
        ("expires_in absent", tokens(json!({ "expires_in": null })), 0, minted),
        ("scope absent", tokens(json!({ "scope": null })), 0, minted),
        ("scope null", json_text(200, &GOOD.replace('}', ",\"scope\":null}")), 0, minted),
        ("more scopes", tokens(json!({ "scope": format!("openid  {ADWORDS} x") })), 0, minted),
        ("refresh_token null", json_text(200, &GOOD.replace('}', ",\"refresh_token\":null}")), 0, minted),
        ("refresh_token empty", tokens(json!({ "refresh_token": "" })), 0, minted),
        ("512 characters", tokens(json!({ "access_token": "a".repeat(512) })), 0, minted),
        ("2048 characters", tokens(json!({ "access_token": "~".repeat(2048) })), 0, minted),
    ]);
}

#[test]
fn answers_of_a_wrong_form_are_refused() {
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
fn what_google_says_against_it_decides_the_code() {
    table(error_responses::refusals());
}

#[test]
fn a_servers_words_reach_the_terminal_tamed() {
    table(error_responses::unfit_words());
}

#[test]
fn a_secret_that_the_server_repeats_is_not_passed_on() {
    let desk = Desk::new();
    let encoded: String = url::form_urlencoded::byte_serialize(desk.token.as_bytes()).collect();
    let request = format!("grant_type=refresh_token&refresh_token={encoded}&client_secret={}", desk.client.secret);
    for text in [desk.token.as_str(), &desk.client.secret, &encoded, &request, &desk.token[..30], &desk.token[20..]] {
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
            desk.answers(Endpoint::Token, fault);
            for command in [["refresh", "-vv"], ["refresh", "--json"]] {
                // What the stand-in knows as a secret must not show: the sandbox looks.
                let outcome = desk.sandbox.command(&command).observe();
                assert_eq!(outcome.code, code, "{outcome:#?}");
            }
        }
    }
}

#[test]
fn trouble_that_passes_is_survived() {
    let desk = Desk::new();
    let google = &desk.sandbox.google;
    let dropped = || Fault::Raw(Vec::new());
    for (name, faults) in [
        ("500 and 503", vec![Fault::page(500, ""), raw("503 Busy\r\nRetry-After: 1", "")]),
        ("429", vec![raw("429 Slow Down\r\nRetry-After: 0", "")]),
        ("dropped twice", vec![dropped(), dropped()]),
        ("half an answer", vec![Fault::Truncated]),
    ] {
        let (before, met) = (google.requests(Endpoint::Token).len(), faults.len());
        faults.into_iter().for_each(|fault| google.fault(Endpoint::Token, fault));
        let outcome = desk.sandbox.command(&["refresh"]).observe();
        desk.check(name, &outcome, google.requests(Endpoint::Token).len() - before, 0, "access token issued");
        assert_eq!(google.requests(Endpoint::Token).len() - before, met + 1, "{name}");
    }
}
