//! The authorization endpoint.

use super::{ADWORDS, CHALLENGE, REDIRECT, VERIFIER, code, exchange, json, listen, parameter, redirected, request};
use crate::google::browser::{self, Decision};
use crate::google::{BOB, Client, Google, Publishing};

/// Checks what Google's own page says: no redirect, the browser stays.
fn page_says(google: &Google, client: &Client, change: &[(&str, &str)], error: &str) {
    let page = browser::visit(&request(google, client, change), &Decision::allow()).unwrap();
    assert!(page.url.as_str().starts_with(google.url()), "sent to {}", page.url);
    assert!(page.body.contains(error), "expected {error} for {change:?}: {} {}", page.status, page.body);
}

#[test]
fn a_valid_request_returns_state_issuer_and_code() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let url = redirected(&google, &client, &[], &Decision::allow());
    assert!(url.as_str().starts_with(&format!("{REDIRECT}?state=the%20state&iss=http%3A%2F%2F127.0.0.1")), "{url}");
    assert!(url.as_str().contains("&code=4%2F0A"), "{url}");
    assert_eq!(parameter(&url, "scope").unwrap(), ADWORDS);
    assert_eq!(parameter(&url, "iss").unwrap(), google.url());
    google.world().iss = None;
    assert_eq!(parameter(&redirected(&google, &client, &[], &Decision::allow()), "iss"), None);
}

#[test]
fn a_browser_follows_the_redirects_to_its_last_page() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let (last, second) = listen("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nStored.");
    let redirect = format!("HTTP/1.1 303 See Other\r\nLocation: {last}/done\r\n\r\n").leak();
    let (listener, first) = listen(redirect);
    let change = [("redirect_uri", listener.as_str())];
    let page = browser::visit(&request(&google, &client, &change), &Decision::allow()).unwrap();
    assert!(first.join().unwrap().starts_with("GET /?state=the%20state&iss="));
    assert_eq!(second.join().unwrap(), "GET /done HTTP/1.1");
    assert_eq!((page.status, page.body.as_str(), page.url.path()), (200, "Stored.", "/done"));
}

#[test]
fn a_denial_returns_access_denied_and_state() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let url = redirected(&google, &client, &[], &Decision::deny());
    assert_eq!(parameter(&url, "error").unwrap(), "access_denied");
    assert_eq!(parameter(&url, "state").unwrap(), "the state");
    assert_eq!(parameter(&url, "code"), None);
}

#[test]
fn a_scope_may_be_unticked_unless_it_is_the_only_one() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let scope = format!("openid email {ADWORDS}");
    let url = redirected(&google, &client, &[("scope", &scope)], &Decision::without(ADWORDS));
    let kept = "openid https://www.googleapis.com/auth/userinfo.email";
    assert_eq!(parameter(&url, "scope").unwrap(), kept);
    let tokens = json(&exchange(&google, &client, &parameter(&url, "code").unwrap(), &[]));
    assert_eq!(tokens["scope"], kept);
    let page = browser::get(&request(&google, &client, &[])).unwrap();
    assert!(browser::submit(&page, &Decision::without(ADWORDS)).is_err());
}

#[test]
fn a_consent_screen_works_once() {
    let google = Google::start().unwrap();
    let page = browser::get(&request(&google, &google.desktop(), &[])).unwrap();
    assert_eq!(browser::submit(&page, &Decision::allow()).unwrap().status, 302);
    assert_eq!(browser::submit(&page, &Decision::allow()).unwrap().status, 400);
}

#[test]
fn a_request_in_the_wrong_form_stays_on_the_page() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    for name in ["client_id", "redirect_uri", "response_type", "scope", "code_challenge"] {
        page_says(&google, &client, &[(name, "")], &format!("Missing required parameter: {name}"));
    }
    page_says(&google, &client, &[("client_id", "nobody")], "invalid_client");
    page_says(&google, &client, &[("response_type", "token")], "unsupported_response_type");
    page_says(&google, &client, &[("scope", "offline_access")], "invalid_scope");
    page_says(&google, &client, &[("access_type", "forever")], "invalid_request");
    page_says(&google, &client, &[("prompt", "login")], "invalid_request");
    page_says(&google, &client, &[("code_challenge", "short")], "invalid_request");
    page_says(&google, &client, &[("code_challenge_method", "S512")], "invalid_request");
    page_says(&google, &client, &[("client_secret", &client.secret)], "invalid_request");
    let twice = format!("{}&state=again", request(&google, &client, &[]));
    assert!(browser::get(&twice).unwrap().body.contains("single value: state"));
}

#[test]
fn a_deleted_or_blocked_client_stays_on_the_page() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    google.edit(&client, |client| client.page_error = Some("admin_policy_enforced"));
    page_says(&google, &client, &[], "admin_policy_enforced");
    google.edit(&client, |client| client.deleted = true);
    page_says(&google, &client, &[], "deleted_client");
}

#[test]
fn an_account_outside_the_organization_or_the_testers_stays_on_the_page() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    google.edit(&client, |client| client.publishing = Publishing::Internal { domain: "example.com".to_owned() });
    redirected(&google, &client, &[], &Decision::allow());
    page_says(&google, &client, &[("login_hint", BOB)], "Error 403: org_internal");
    google.edit(&client, |client| client.publishing = Publishing::Testing { users: vec![BOB.to_owned()] });
    redirected(&google, &client, &[], &Decision::allow().by(BOB));
    page_says(&google, &client, &[], "Error 403: access_denied");
}

#[test]
fn a_desktop_client_may_use_any_port_of_the_loopback_address_and_nothing_else() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    for uri in ["http://127.0.0.1:1234", "http://[::1]:5/any/path", "http://localhost:6/", "http://127.0.0.1/?a=b"] {
        let url = redirected(&google, &client, &[("redirect_uri", uri)], &Decision::allow());
        assert!(url.as_str().starts_with(uri) && parameter(&url, "code").is_some(), "{url}");
    }
    for uri in [
        "https://127.0.0.1:1234/",
        "http://127.0.0.1.example.com:1234/",
        "http://user@127.0.0.1:1234/",
        "http://127.0.0.1:1234/#here",
        "http://192.168.0.1:1234/",
        "nonsense",
    ] {
        page_says(&google, &client, &[("redirect_uri", uri)], "redirect_uri_mismatch");
    }
    page_says(&google, &client, &[("redirect_uri", "urn:ietf:wg:oauth:2.0:oob")], "invalid_request");
}

#[test]
fn a_web_client_may_use_its_registered_addresses_to_the_letter() {
    let google = Google::start().unwrap();
    let client = google.web(&["http://127.0.0.1:8080/callback", "https://example.com/oauth"]);
    redirected(&google, &client, &[("redirect_uri", "https://example.com/oauth")], &Decision::allow());
    for uri in [
        "http://127.0.0.1:8081/callback",
        "http://127.0.0.1:8080/callback/",
        "http://localhost:8080/callback",
        "https://127.0.0.1:8080/callback",
        "https://example.com/oauth?",
    ] {
        page_says(&google, &client, &[("redirect_uri", uri)], "redirect_uri_mismatch");
    }
}

#[test]
fn a_refresh_token_takes_offline_access() {
    let google = Google::start().unwrap();
    for change in ["", "online"] {
        let client = google.desktop();
        let code = code(&google, &client, &[("access_type", change)]);
        assert_eq!(json(&exchange(&google, &client, &code, &[])).get("refresh_token"), None);
    }
}

#[test]
fn a_web_client_gets_a_second_refresh_token_only_for_a_second_consent() {
    let google = Google::start().unwrap();
    let client = google.web(&[REDIRECT]);
    let refresh_token = |change: &[(&str, &str)]| {
        let code = code(&google, &client, change);
        json(&exchange(&google, &client, &code, &[])).get("refresh_token").is_some()
    };
    assert!(refresh_token(&[("prompt", "")]));
    assert!(!refresh_token(&[("prompt", "")]));
    assert!(!refresh_token(&[("prompt", "none")]));
    assert!(refresh_token(&[("prompt", "consent")]));
    google.withdraw(&client);
    let url = redirected(&google, &client, &[("prompt", "none")], &Decision::allow());
    assert_eq!(parameter(&url, "error").unwrap(), "interaction_required");
}

#[test]
fn a_desktop_client_gets_one_every_time() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    for _ in 0..2 {
        let code = code(&google, &client, &[("prompt", "")]);
        assert!(json(&exchange(&google, &client, &code, &[])).get("refresh_token").is_some());
    }
}

#[test]
fn every_request_is_kept_and_every_secret_known() {
    let google = Google::start().unwrap();
    let client = google.desktop();
    let code = code(&google, &client, &[]);
    let tokens = json(&exchange(&google, &client, &code, &[]));
    let asked = &google.requests(crate::google::Endpoint::Authorize)[0];
    assert_eq!((asked.method.as_str(), asked.query.get("code_challenge")), ("GET", Some(CHALLENGE)));
    let exchanged = &google.requests(crate::google::Endpoint::Token)[0];
    assert_eq!(exchanged.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(exchanged.form().get("code"), Some(code.as_str()));
    let secrets = google.secrets();
    let [access, refresh] = ["access_token", "refresh_token"].map(|name| tokens[name].as_str().unwrap().to_owned());
    for secret in [client.secret, code, VERIFIER.to_owned(), access, refresh] {
        assert!(secrets.contains(&secret), "{secret}");
    }
}
