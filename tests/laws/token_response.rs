//! A token response is a grant of well-formed, bounded tokens, or an error that contains no secret.

use gads_creds::google::offline::{self, RawResponse};
use gads_creds::secret::Secret;
use serde_json::Value;

use super::error_response::assert_presentable;

const CLIENT_SECRET: &str = "GOCSPX-Sent_by_the_law-0";
const REFRESH_TOKEN: &str = "1//0gSent_by_the_law-token";

/// A response: its status, if that is not 200, and its body. `{secret}` and `{token}` in the body stand for the secrets of the
/// request.
pub fn input(text: &str) {
    let status = text.get(..3).and_then(|digits| digits.parse().ok()).filter(|status| (100..600).contains(status));
    match status {
        Some(status) => response(status, &text[3..]),
        None => response(200, text),
    }
}

fn response(status: u16, body: &str) {
    let body = body.replace("{secret}", CLIENT_SECRET).replace("{token}", REFRESH_TOKEN);
    let response = RawResponse { status, body: body.as_bytes() };
    let (secret, token) = (Secret::new(CLIENT_SECRET), Secret::new(REFRESH_TOKEN));
    match offline::refresh("1-a.apps.googleusercontent.com", &secret, &token, response) {
        Ok(grant) => {
            assert_eq!(status, 200);
            let value: Value = serde_json::from_str(body.trim_start_matches('\u{feff}')).expect("JSON");
            assert!(value["token_type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")), "{body:?}");
            assert_token(&grant.access_token, &value["access_token"], 8192);
            match &grant.refresh_token {
                Some(token) => assert_token(token, &value["refresh_token"], 2048),
                None => assert!(matches!(value["refresh_token"].as_str(), None | Some(""))),
            }
            for seconds in [grant.expires_in, grant.refresh_token_expires_in].into_iter().flatten() {
                assert!(seconds <= 100 * 366 * 86_400, "{seconds}");
            }
            for scope in grant.scopes.iter().flatten() {
                assert!((1..=256).contains(&scope.len()) && scope.bytes().all(|byte| byte.is_ascii_graphic()));
            }
            if let Some(account) = &grant.account {
                assert!(account.len() <= 254 && !account.contains(|char: char| char.is_control() || char == ' '));
            }
            let shown = format!("{grant:?}");
            let secrets = [Some(&grant.access_token), grant.refresh_token.as_ref()];
            for secret in secrets.into_iter().flatten().filter(|secret| secret.expose().len() > 20) {
                let elsewhere = format!("{:?}{:?}", grant.scopes, grant.account).contains(secret.expose());
                assert!(elsewhere || !shown.contains(secret.expose()), "{shown}");
            }
        }
        Err(error) => {
            assert_presentable(&error);
            // A part of twelve characters is enough to find the rest.
            let shown = format!("{error} {error:?}");
            for secret in [CLIENT_SECRET, REFRESH_TOKEN] {
                let pieces: Vec<&str> = (0..=secret.len() - 12).map(|start| &secret[start..start + 12]).collect();
                assert!(!pieces.iter().any(|piece| shown.contains(piece)), "{shown}");
            }
            if status == 200 {
                let value_of =
                    |key: &str| serde_json::from_str::<Value>(&body).ok()?.get(key)?.as_str().map(str::to_owned);
                for value in ["access_token", "refresh_token", "id_token"].into_iter().filter_map(value_of) {
                    assert!(value.len() < 12 || !shown.contains(&value), "{shown}");
                }
            }
        }
    }
}

#[track_caller]
fn assert_token(token: &Secret, given: &Value, longest: usize) {
    let text = token.expose();
    assert_eq!(given, text);
    assert!((1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()), "{text:?}");
}
