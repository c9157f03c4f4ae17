//! Data on stdout, messages on stderr, secrets nowhere.

use serde_json::json;

use super::{allow, decide, issued, login, refuses};
use crate::google::ADWORDS;
use crate::google::browser::Decision;
use crate::sandbox::Sandbox;

#[test]
fn with_json_success_is_one_object_on_stdout() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let outcome = allow(login(&sandbox, &["--json", "-p", "work"]).stdout_has("{"));
    assert_eq!(outcome.stdout.lines().count(), 1, "{outcome:#?}");
    let printed = outcome.json();
    assert_eq!(printed["profile"], "work");
    assert_eq!(printed["location"], sandbox.home().join("google-ads.yaml").to_str().unwrap());
    assert_eq!(printed["client_id"], client.id.as_str());
    assert_eq!(printed["scopes"], json!([ADWORDS]));
    assert_eq!(printed["accounts"][0], json!({"id": "1234567890", "name": "Example Agency", "manager": true}));
    assert!(
        printed["issued_at"].is_string() && printed["expires_at"].is_null() && printed["account"].is_null(),
        "{printed}"
    );
}

#[test]
fn with_json_failure_is_one_object_on_stdout_and_the_same_on_stderr() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let check = |outcome: &crate::sandbox::Outcome, kind: &str, code: i32| {
        assert_eq!(outcome.stdout.lines().count(), 1, "{outcome:#?}");
        let error = &outcome.json()["error"];
        assert_eq!((error["kind"].as_str(), error["code"].as_i64()), (Some(kind), Some(code.into())), "{error}");
        for (label, name) in [("error", "message"), ("hint", "hint")] {
            let line = format!("{label}: {}\n", error[name].as_str().unwrap());
            assert!(outcome.stderr.contains(&line), "no {line:?}: {outcome:#?}");
        }
    };
    let failing = |args: &[&str], code| login(&sandbox, &[&["--json"], args].concat()).code(code).stdout_has("error");
    check(&decide(failing(&[], 5), &Decision::deny()).0, "consent_denied", 5);
    check(&failing(&["--timeout", "1"], 5).run(), "consent_timed_out", 5);
    check(&refuses(failing(&["--config", "x.unknown"], 2)), "usage", 2);
    let spec = sandbox.login(&["--json", "-c", "nowhere.json"]).code(2).stdout_has("error");
    check(&refuses(spec), "client_secrets", 2);
    let account = failing(&["--expect-account", "grace@example.com"], 4);
    check(&decide(account, &Decision::allow()).0, "granted_too_little", 4);
    sandbox.google.edit(&client, |client| client.api_enabled = false);
    let disabled = decide(failing(&[], 8), &Decision::allow()).0;
    check(&disabled, "ads_refused", 8);
    // What was stored nevertheless is in the same object.
    assert!(disabled.json()["location"].as_str().is_some_and(|place| place.ends_with("google-ads.yaml")));
}

#[test]
fn quiet_still_prints_the_address_on_a_line_of_its_own_and_no_more() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let running = login(&sandbox, &["-q"]).start();
    let url = running.url();
    running.visit(&Decision::allow());
    let outcome = running.finish();
    assert_eq!(outcome.stderr, format!("Open this URL in your browser:\n\n{url}\n\n"));
}

#[test]
fn very_verbose_shows_the_requests_and_no_secret() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let running = login(&sandbox, &["-vv"]).start();
    let browsed = running.redirect_uri().join("/favicon.ico").unwrap();
    crate::google::browser::get(browsed.as_str()).unwrap();
    running.visit(&Decision::allow());
    let outcome = running.finish();
    for line in ["> POST http", "/token\n", "< 200 OK", "listAccessibleCustomers\n", "rejected a request (GET)"] {
        assert!(outcome.stderr.contains(line), "no {line:?}: {outcome:#?}");
    }
    // The sandbox looks for every secret; this checks that there were some to look for.
    assert!(sandbox.google.secrets().contains(&client.secret) && sandbox.google.lives(&issued(&sandbox)));
}

#[test]
fn hostile_text_from_google_does_not_reach_the_terminal() {
    use crate::google::{Endpoint, Fault};
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let description = "\u{1b}]8;;http://evil.example\u{7}click\u{202e}\nerror: forged";
    sandbox.google.fault(Endpoint::Token, Fault::oauth_error(400, "invalid_\u{1b}[2Jgrant", description));
    let (outcome, page) = decide(login(&sandbox, &[]).code(4), &Decision::allow());
    for text in [&outcome.stderr, &page.body] {
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']) && !text.contains("\nerror: forged"), "{text:?}");
    }
}
