//! A refresh token in a response that cannot be used otherwise: it is kept, since nobody else has it, and where the server
//! replaces tokens it is the only one that works.

use serde_json::json;

use super::error_responses::GOOD;
use super::{Scenario, json_text, tokens};
use crate::google::browser::Decision;
use crate::google::{ADWORDS, Endpoint, Fault};
use crate::sandbox::Sandbox;

const NEW: &str = "1//0new-beside-something-unusable";

/// Responses with the new token beside a member of another type.
fn unusable() -> Vec<(&'static str, Fault)> {
    let with = |name: &str, value: serde_json::Value| tokens(json!({ "refresh_token": NEW, name: value }));
    let beyond = GOOD.replace('}', &format!(",\"refresh_token\":\"{NEW}\",\"expires_in\":1e400}}"));
    vec![
        ("scope a list", with("scope", json!([ADWORDS]))),
        ("no token_type", with("token_type", json!(null))),
        ("mac", with("token_type", json!("mac"))),
        ("no access_token", with("access_token", json!(null))),
        ("access_token not a token", with("access_token", json!("ya29 a"))),
        ("id_token a number", with("id_token", json!(7))),
        ("a number beyond all", json_text(200, &beyond)),
    ]
}

#[test]
fn a_refresh_stores_it_and_says_what_came_beside_it() {
    for (name, fault) in unusable() {
        let scenario = Scenario::new();
        let sandbox = &scenario.sandbox;
        sandbox.plant(NEW);
        sandbox.google.fault(Endpoint::Token, fault);
        let outcome = sandbox.command(&["refresh"]).code(6).stderr_has("cannot be used").run();
        assert!(outcome.stderr.contains("it has a new refresh token, which is stored in"), "{name}: {outcome:#?}");
        assert!(!outcome.stderr.contains("unchanged"), "{name}: {outcome:#?}");
        let yaml = sandbox.read("google-ads.yaml");
        assert!(yaml.contains(NEW) && !yaml.contains(&scenario.token), "{name}: {yaml}");
        sandbox.google.fault(Endpoint::Token, tokens(json!({})));
        sandbox.command(&["refresh"]).stderr_has("access token issued").run();
        let requests = sandbox.google.requests(Endpoint::Token);
        assert_eq!(requests.last().unwrap().form().get("refresh_token"), Some(NEW), "{name}");
    }
}

/// The same token as before is not a new one, and an error beside a token contradicts it.
#[test]
fn nothing_is_stored_where_no_token_was_issued() {
    let scenario = Scenario::new();
    let both = json_text(200, &json!({ "error": "x", "refresh_token": NEW, "token_type": 1 }).to_string());
    for fault in [both, tokens(json!({ "refresh_token": scenario.token, "token_type": 1 }))] {
        scenario.responds(Endpoint::Token, fault);
        let outcome = scenario.sandbox.command(&["refresh"]).observe();
        scenario.check("no new token", &outcome, 1, 6, "cannot be used");
    }
}

#[test]
fn a_login_keeps_it_for_recovery() {
    for (name, fault) in unusable() {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        sandbox.plant(NEW);
        sandbox.google.fault(Endpoint::Token, fault);
        let login = sandbox.login(&["-c", "../home/client_secret.json", "--no-verify"]).code(6);
        let login = login.stderr_has("the new refresh token is kept in").start();
        login.visit(&Decision::allow());
        let outcome = login.finish();
        assert!(outcome.stderr.contains("run `gads-creds login --recover` to store it"), "{name}: {outcome:#?}");
        assert!(!outcome.stderr.contains("unchanged"), "{name}: {outcome:#?}");
        sandbox.command(&["login", "--recover"]).stderr_has("stored the refresh token").run();
        assert!(sandbox.read("google-ads.yaml").contains(NEW), "{name}");
    }
}

/// `--expect-account` cannot be checked against such a response.
#[test]
fn a_token_of_an_account_that_is_not_known_to_be_the_expected_one_is_not_kept() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    sandbox.plant(NEW);
    sandbox.google.fault(Endpoint::Token, tokens(json!({ "refresh_token": NEW, "scope": [ADWORDS] })));
    let args = ["-c", "../home/client_secret.json", "--no-verify", "--expect-account", "ada@example.com"];
    let login = sandbox.login(&args).code(6).stderr_has("cannot be used: at `scope`").start();
    login.visit(&Decision::allow());
    login.finish();
    sandbox.command(&["login", "--recover"]).code(3).stderr_has("no unfinished login found").run();
}

/// The server has replaced the token, and the response with the new one broke off.
#[test]
fn a_response_that_broke_off_is_named_where_the_token_does_not_work_any_more() {
    let scenario = Scenario::new();
    scenario.sandbox.google.world().rotate = true;
    scenario.sandbox.google.fault(Endpoint::Token, Fault::Truncated);
    let run = scenario.sandbox.command(&["refresh"]).code(4).stderr_has("invalid_grant");
    let outcome = run.run();
    assert!(outcome.stderr.contains("which was the same, broke off: it may have replaced the token"), "{outcome:#?}");
}
