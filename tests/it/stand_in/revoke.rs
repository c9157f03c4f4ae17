//! The revocation endpoint.

use super::{ADWORDS, error, is, json, post, refresh};
use crate::google::Google;
use crate::google::browser;

#[test]
fn revoking_a_token_ends_the_grant_of_its_account_for_its_client() {
    let google = Google::start().unwrap();
    let (client, other) = (google.desktop(), google.desktop());
    let [first, second] = [(); 2].map(|()| google.grant(&client, &[ADWORDS]));
    let unrelated = google.grant(&other, &[ADWORDS]);
    let page = post(&google, "/revoke", &[("token", &first)]);
    assert_eq!((page.status, json(&page)), (200, serde_json::json!({})));
    assert!(!google.lives(&first) && !google.lives(&second));
    assert!(google.lives(&unrelated));
}

#[test]
fn an_access_token_may_be_revoked_as_well() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let token = google.grant(&client, &[ADWORDS]);
    let access = json(&refresh(&google, &client, &token))["access_token"].as_str().unwrap().to_owned();
    assert_eq!(post(&google, "/revoke", &[("token", &access)]).status, 200);
    assert!(!google.lives(&token));
}

#[test]
fn an_unknown_or_revoked_token_gets_invalid_token() {
    let google = Google::start().unwrap();
    let token = google.grant(&google.desktop(), &[ADWORDS]);
    assert_eq!(error(&post(&google, "/revoke", &[("token", "1//0made-up")])), is(400, "invalid_token"));
    post(&google, "/revoke", &[("token", &token)]);
    assert_eq!(error(&post(&google, "/revoke", &[("token", &token)])), is(400, "invalid_token"));
}

#[test]
fn the_token_comes_once_by_post_in_the_body() {
    let google = Google::start().unwrap();
    let token = google.grant(&google.desktop(), &[ADWORDS]);
    let path = format!("/revoke?token={token}");
    assert_eq!(browser::get(&format!("{}{path}", google.url())).unwrap().status, 404);
    assert_eq!(error(&post(&google, &path, &[])), is(400, "invalid_request"));
    assert_eq!(error(&post(&google, &path, &[("token", &token)])), is(400, "invalid_request"));
    assert_eq!(error(&post(&google, "/revoke", &[])), is(400, "invalid_request"));
    assert_eq!(error(&post(&google, "/revoke", &[("token", &token), ("token", &token)])), is(400, "invalid_request"));
    assert!(google.lives(&token));
}
