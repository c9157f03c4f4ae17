//! The exchange of a code: a code works once, so it is sent once, whatever the response.

use serde_json::json;

use super::{Row, Scenario, error_responses, json_text, tokens};
use crate::google::browser::Decision;
use crate::google::{ADWORDS, Endpoint, Fault, Google};
use crate::sandbox::Sandbox;

#[track_caller]
fn table(rows: Vec<Row>) {
    let scenario = Scenario::new();
    let secrets = scenario.sandbox.home().join("client_secret.json");
    for (name, fault, code, fact) in rows {
        scenario.responds(Endpoint::Token, fault);
        let before = scenario.sandbox.google.requests(Endpoint::Token).len();
        let login = scenario.sandbox.login(&["-vv", "-c", secrets.to_str().unwrap()]).code(code).start();
        let page = login.visit(&Decision::allow());
        assert!(page.body.contains("The login did not succeed"), "{name}: {page:?}");
        let outcome = login.finish();
        let requests = scenario.sandbox.google.requests(Endpoint::Token).len() - before;
        scenario.check(name, &outcome, requests, code, fact);
        assert_eq!(requests, 1, "{name}: the code was sent again");
        let kept = scenario.sandbox.home().join(".local/state/gads-creds/recovery");
        let kept = std::fs::read_dir(kept).into_iter().flatten().count();
        assert_eq!(kept, 0, "{name}: something is left to recover, and nothing was granted");
    }
}

#[test]
fn malformed_token_responses_end_the_login() {
    table(error_responses::of_a_wrong_form());
}

#[test]
fn tokens_that_no_server_issues_are_not_stored() {
    table(error_responses::with_unfit_tokens());
}

#[test]
fn no_code_is_sent_to_a_redirect() {
    let trap = Google::start().unwrap();
    table(error_responses::redirects(&trap));
    assert!(trap.world().requests.is_empty(), "a redirect was followed");
}

#[test]
fn an_error_response_to_a_code_decides_the_exit_code() {
    table(error_responses::refusals());
}

#[test]
fn the_text_of_an_error_response_is_escaped() {
    table(error_responses::unfit_words());
}

#[test]
fn an_unusable_grant_changes_nothing() {
    let with = |name: &str, value: serde_json::Value| tokens(json!({ "refresh_token": "1//0made-up", name: value }));
    table(vec![
        ("dropped", Fault::Raw(Vec::new()), 6, "cannot reach"),
        ("garbage", Fault::Raw(b"\0\x01\x02 no HTTP\r\n\r\n".to_vec()), 6, "cannot reach"),
        ("no refresh token", tokens(json!({})), 4, "no refresh token"),
        ("an empty refresh token", with("refresh_token", json!("")), 4, "no refresh token"),
        ("no scope", with("scope", json!("")), 4, "access to Google Ads was not granted"),
        (
            "a scope that begins alike",
            with("scope", json!(format!("{ADWORDS}.readonly x{ADWORDS}"))),
            4,
            "was not granted",
        ),
        (
            "member twice",
            json_text(
                200,
                "{\"access_token\":\"a\",\"token_type\":\"bearer\",\"refresh_token\":\"1\",\"refresh_token\":\"2\"}",
            ),
            6,
            "cannot be used",
        ),
    ]);
}

#[test]
fn an_unusual_grant_is_stored() {
    for changes in [
        json!({ "refresh_token": "r".repeat(512) }),
        json!({ "refresh_token": "r".repeat(2048), "expires_in": "x", "refresh_token_expires_in": 1e300 }),
        json!({ "refresh_token": "1//0short-made-up", "scope": null, "id_token": "not.a.token" }),
        json!({ "refresh_token": "1//0short-made-up", "scope": format!("\u{1b}[2J {ADWORDS} a\"b"), "token_type": "bEARER" }),
    ] {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        let token = changes["refresh_token"].as_str().unwrap().to_owned();
        sandbox.plant(&token);
        sandbox.google.fault(Endpoint::Token, tokens(changes));
        let secrets = sandbox.home().join("client_secret.json");
        let login = sandbox.login(&["--no-verify", "-c", secrets.to_str().unwrap()]).start();
        login.visit(&Decision::allow());
        login.finish();
        assert!(sandbox.read("google-ads.yaml").contains(&token));
        assert!(!sandbox.read(".config/gads-creds/profiles.toml").contains("[2J"));
    }
}

#[test]
fn a_token_with_any_characters_is_stored_and_sent_unchanged() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let secrets = sandbox.home().join("client_secret.json");
    for token in [
        "1//0\"quoted\"'twice'",
        "1//0back\\slash\\\\n",
        "#1//0comment#",
        "1//0:key,{[&*!|>%@`]}",
        "-",
        "~",
        "null",
        // These look like something else, but are valid tokens.
        "\"1//0in-quotes\"",
        "1//0ends-with-a-quote'",
        "${TOKEN}",
        "4/0like-a-code",
        "0x1F",
        "12:30:45",
        "=+&%41%zz",
    ] {
        sandbox.google.fault(Endpoint::Token, tokens(json!({ "refresh_token": token })));
        let login = sandbox.login(&["--no-verify", "-c", secrets.to_str().unwrap()]).start();
        login.visit(&Decision::allow());
        login.finish();
        sandbox.google.fault(Endpoint::Token, tokens(json!({})));
        sandbox.command(&["refresh"]).stderr_has("access token issued").run();
        let requests = sandbox.google.requests(Endpoint::Token);
        assert_eq!(requests.last().unwrap().form().get("refresh_token"), Some(token));
    }
}
