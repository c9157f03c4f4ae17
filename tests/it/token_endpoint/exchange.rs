//! The exchange of a code: it works once, so it is sent once, whatever comes back.

use serde_json::json;

use super::{Desk, Row, json_text, raw, tokens};
use crate::google::browser::Decision;
use crate::google::{ADWORDS, Endpoint, Fault, Google, Reply};

#[track_caller]
fn table(rows: Vec<Row>) {
    let desk = Desk::new();
    let secrets = desk.sandbox.home().join("client_secret.json");
    for (name, fault, code, fact) in rows {
        desk.answers(Endpoint::Token, fault);
        let before = desk.sandbox.google.requests(Endpoint::Token).len();
        let login = desk.sandbox.login(&["-vv", "-c", secrets.to_str().unwrap()]).code(code).start();
        let page = login.visit(&Decision::allow());
        assert!(page.body.contains("The login did not succeed"), "{name}: {page:?}");
        let outcome = login.finish();
        let requests = desk.sandbox.google.requests(Endpoint::Token).len() - before;
        desk.check(name, &outcome, requests, code, fact);
        assert_eq!(requests, 1, "{name}: the code was sent again");
    }
}

#[test]
fn a_failed_exchange_changes_nothing_and_is_not_repeated() {
    let trap = Google::start().unwrap();
    let elsewhere = Fault::Reply(Reply::redirect(307, &format!("{}/token", trap.url())));
    let with = |name: &str, value: serde_json::Value| tokens(json!({ "refresh_token": "1//0made-up", name: value }));
    table(vec![
        ("500", Fault::page(500, ""), 6, "HTTP 500"),
        ("503, at once", raw("503 Busy\r\nRetry-After: 0", ""), 6, "HTTP 503"),
        ("429", raw("429 Slow\r\nRetry-After: 0", ""), 6, "HTTP 429"),
        ("dropped", Fault::Raw(Vec::new()), 6, "cannot reach"),
        ("garbage", Fault::Raw(b"\0\x01\x02 no HTTP\r\n\r\n".to_vec()), 6, "cannot reach"),
        ("truncated", Fault::Truncated, 6, "cannot reach"),
        ("a redirect", elsewhere, 6, "a redirect, which is never followed"),
        ("a web page", Fault::page(200, "<html>"), 6, "a web page"),
        ("used code", Fault::oauth_error(400, "invalid_grant", "Bad Request"), 4, "invalid_grant"),
        ("client", Fault::oauth_error(401, "invalid_client", "Unauthorized"), 4, "invalid_client"),
        ("no refresh token", tokens(json!({})), 4, "no refresh token"),
        ("an empty refresh token", with("refresh_token", json!("")), 4, "no refresh token"),
        ("a refresh token with a line end", with("refresh_token", json!("1//0a\nb")), 6, "its `refresh_token`"),
        ("a long refresh token", with("refresh_token", json!("a".repeat(3000))), 6, "its `refresh_token`"),
        ("no token type", with("token_type", json!(null)), 6, "cannot be used"),
        ("mac", with("token_type", json!("mac")), 6, "`token_type`"),
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
    assert!(trap.world().requests.is_empty(), "a redirect was followed");
}

#[test]
fn an_odd_grant_is_stored() {
    for changes in [
        json!({ "refresh_token": "r".repeat(512) }),
        json!({ "refresh_token": "r".repeat(2048), "expires_in": "x", "refresh_token_expires_in": 1e300 }),
        json!({ "refresh_token": "1//0short-made-up", "scope": null, "id_token": "not.a.token" }),
        json!({ "refresh_token": "1//0short-made-up", "scope": format!("\u{1b}[2J {ADWORDS} a\"b"), "token_type": "bEARER" }),
    ] {
        let sandbox = crate::sandbox::Sandbox::new();
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
