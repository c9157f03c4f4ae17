//! The token endpoint.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{ADWORDS, CHALLENGE, REDIRECT, code, error, exchange, is, json, refresh};
use crate::google::browser;
use crate::google::{ADA, Google, Publishing};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[test]
fn a_code_gives_tokens_of_googles_form() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let page = exchange(&google, &client, &code(&google, &client, &[]), &[]);
    assert_eq!(page.header("content-type"), Some("application/json; charset=utf-8"));
    let tokens = json(&page);
    assert!(tokens["access_token"].as_str().unwrap().starts_with("ya29."));
    assert!(tokens["refresh_token"].as_str().unwrap().starts_with("1//0"));
    assert_eq!(tokens["expires_in"], 3599);
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["scope"], ADWORDS);
    assert_eq!(tokens.get("refresh_token_expires_in"), None);
    assert_eq!(tokens.get("id_token"), None);
}

#[test]
fn a_code_works_once_and_a_second_use_revokes_its_tokens() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let code = code(&google, &client, &[]);
    let tokens = json(&exchange(&google, &client, &code, &[]));
    let token = tokens["refresh_token"].as_str().unwrap();
    assert!(google.lives(token));
    assert_eq!(error(&exchange(&google, &client, &code, &[])), is(400, "invalid_grant"));
    assert!(!google.lives(token));
}

#[test]
fn a_failed_exchange_uses_the_code_up() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let other = google.desktop();
    for (bearer, change, expected) in [
        (&client, ("code_verifier", CHALLENGE), is(400, "invalid_grant")),
        (&client, ("code_verifier", "tooshort"), is(400, "invalid_grant")),
        (&client, ("code_verifier", ""), is(400, "invalid_grant")),
        (&client, ("redirect_uri", "http://127.0.0.1:9/callback/"), is(400, "redirect_uri_mismatch")),
        (&client, ("redirect_uri", ""), is(400, "redirect_uri_mismatch")),
        (&other, ("ignored", ""), is(400, "invalid_grant")),
    ] {
        let code = code(&google, &client, &[]);
        assert_eq!(error(&exchange(&google, bearer, &code, &[change])), expected, "{change:?}");
        assert_eq!(error(&exchange(&google, &client, &code, &[])), is(400, "invalid_grant"));
    }
}

#[test]
fn a_code_expires_after_ten_minutes() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let code = code(&google, &client, &[]);
    google.later(Duration::from_secs(601));
    assert_eq!(error(&exchange(&google, &client, &code, &[])), is(400, "invalid_grant"));
}

#[test]
fn a_plain_challenge_is_compared_as_it_is() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let plain = [("code_challenge_method", "plain")];
    let page = exchange(&google, &client, &code(&google, &client, &plain), &[("code_verifier", CHALLENGE)]);
    assert_eq!(page.status, 200);
    let page = exchange(&google, &client, &code(&google, &client, &plain), &[]);
    assert_eq!(error(&page), is(400, "invalid_grant"));
}

#[test]
fn a_web_client_without_pkce_needs_no_verifier_and_may_not_bring_one() {
    let google = Google::start().unwrap();
    let client = google.web(&[REDIRECT]);
    let none = [("code_challenge", ""), ("code_challenge_method", "")];
    assert_eq!(exchange(&google, &client, &code(&google, &client, &none), &[("code_verifier", "")]).status, 200);
    assert_eq!(error(&exchange(&google, &client, &code(&google, &client, &none), &[])), is(400, "invalid_grant"));
}

#[test]
fn a_wrong_request_is_refused_with_googles_codes() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let refused = |change: &[(&str, &str)]| error(&exchange(&google, &client, "4/0Amade-up", change));
    assert_eq!(refused(&[]), is(400, "invalid_grant"));
    assert_eq!(refused(&[("code", "")]), is(400, "invalid_request"));
    assert_eq!(refused(&[("client_id", "")]), is(400, "invalid_request"));
    assert_eq!(refused(&[("client_id", "nobody")]), is(401, "invalid_client"));
    assert_eq!(refused(&[("client_secret", "")]), is(400, "invalid_request"));
    assert_eq!(refused(&[("client_secret", "wrong")]), is(401, "invalid_client"));
    assert_eq!(refused(&[("grant_type", "")]), is(400, "unsupported_grant_type"));
    assert_eq!(refused(&[("grant_type", "password")]), is(400, "unsupported_grant_type"));
    google.edit(&client, |client| client.deleted = true);
    assert_eq!(refused(&[]), is(401, "deleted_client"));
}

#[test]
fn credentials_come_in_the_body_or_by_basic_and_never_in_the_address_or_twice() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let token = google.grant(&client, &[ADWORDS]);
    let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", client.id, client.secret)));
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let send = |query: &str, headers: &[(&str, &str)], rest: &str| {
        let body = format!("grant_type=refresh_token&refresh_token={token}{rest}");
        browser::request("POST", &format!("{}/token{query}", google.url()), headers, &body).unwrap()
    };
    let secret = format!("&client_secret={}", client.secret);
    let both = format!("&client_id={}{secret}", client.id);
    assert_eq!(send("", &[kind, ("Authorization", &basic)], "").status, 200);
    assert_eq!(send("", &[kind], &both).status, 200);
    assert_eq!(error(&send("", &[kind, ("Authorization", &basic)], &secret)), is(400, "invalid_request"));
    assert_eq!(error(&send(&both.replacen('&', "?", 1), &[kind], "")), is(400, "invalid_request"));
    assert_eq!(error(&send("", &[kind], &format!("{both}{both}"))), is(400, "invalid_request"));
    assert_eq!(error(&send("", &[("Content-Type", "text/plain")], &both)), is(400, "invalid_request"));
}

#[test]
fn the_token_endpoint_takes_post_only() {
    let google = Google::start().unwrap();
    assert_eq!(browser::get(&format!("{}/token", google.url())).unwrap().status, 404);
    assert_eq!(browser::get(&format!("{}/elsewhere", google.url())).unwrap().status, 404);
}

#[test]
fn a_refresh_gives_an_access_token_and_no_refresh_token() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let token = google.grant(&client, &[ADWORDS]);
    let response = json(&refresh(&google, &client, &token));
    assert!(response["access_token"].is_string());
    assert_eq!(response["scope"], ADWORDS);
    assert_eq!(response.get("refresh_token"), None);
}

#[test]
fn a_refresh_is_refused_with_googles_codes() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let token = google.grant(&client, &[ADWORDS]);
    assert_eq!(error(&refresh(&google, &client, "")), is(400, "invalid_request"));
    assert_eq!(error(&refresh(&google, &client, "1//0made-up")), is(400, "invalid_grant"));
    assert_eq!(error(&refresh(&google, &google.desktop(), &token)), is(401, "unauthorized_client"));
    google.withdraw(&client);
    let page = refresh(&google, &client, &token);
    assert_eq!(error(&page), is(400, "invalid_grant"));
    assert_eq!(json(&page)["error_description"], "Token has been expired or revoked.");
}

#[test]
fn tokens_of_a_project_in_testing_expire_after_seven_days() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    google.edit(&client, |client| client.publishing = Publishing::Testing { users: vec![ADA.to_owned()] });
    let tokens = json(&exchange(&google, &client, &code(&google, &client, &[]), &[]));
    assert_eq!(tokens["refresh_token_expires_in"], 604_799);
    let token = tokens["refresh_token"].as_str().unwrap();
    google.later(6 * DAY);
    let left = json(&refresh(&google, &client, token))["refresh_token_expires_in"].as_u64().unwrap();
    assert!((86_300..86_400).contains(&left), "{left}");
    google.later(DAY);
    assert_eq!(error(&refresh(&google, &client, token)), is(400, "invalid_grant"));
}

#[test]
fn the_hundred_and_first_refresh_token_revokes_the_first() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let other = google.grant(&google.desktop(), &[ADWORDS]);
    let tokens: Vec<_> = (0..101).map(|_| google.grant(&client, &[ADWORDS])).collect();
    assert!(!google.lives(&tokens[0]));
    assert!(tokens[1..].iter().all(|token| google.lives(token)));
    assert!(google.lives(&other));
}

#[test]
fn rotation_replaces_the_token_and_reuse_of_a_replaced_one_revokes_the_family() {
    let google = Google::start().unwrap();
    google.world().rotate = true;
    let client = google.desktop();
    let first = google.grant(&client, &[ADWORDS]);
    let unrelated = google.grant(&client, &[ADWORDS]);
    let second = json(&refresh(&google, &client, &first))["refresh_token"].as_str().unwrap().to_owned();
    assert!(second != first && google.lives(&second) && !google.lives(&first));
    assert_eq!(error(&refresh(&google, &client, &first)), is(400, "invalid_grant"));
    assert!(!google.lives(&second));
    assert!(google.lives(&unrelated));
}

#[test]
fn openid_brings_an_id_token_that_names_the_account_if_email_was_asked_for() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let claims = |scope: &str| -> Value {
        let code = code(&google, &client, &[("scope", scope)]);
        let tokens = json(&exchange(&google, &client, &code, &[]));
        let parts: Vec<_> = tokens["id_token"].as_str().unwrap().split('.').collect();
        assert_eq!(parts.len(), 3);
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap()
    };
    let with_email = claims(&format!("openid email {ADWORDS}"));
    assert_eq!((&with_email["email"], &with_email["aud"]), (&ADA.into(), &client.id.clone().into()));
    assert_eq!(with_email["iss"], google.url());
    assert_eq!(claims(&format!("openid {ADWORDS}")).get("email"), None);
}
