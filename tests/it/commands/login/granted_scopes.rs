//! What Google granted, and whether it is good enough to store.

use super::{allow, decide, issued, login, new_file};
use crate::google::browser::Decision;
use crate::google::{ADA, ADWORDS, Endpoint, Fault, Publishing};
use crate::sandbox::Sandbox;

const OLD: &str = "# mine\nrefresh_token: 1//0old\n";
const MORE: &str = "https://www.googleapis.com/auth/datamanager";

/// Runs a login that must keep the old file and print this.
#[track_caller]
fn keeps_the_old(sandbox: &Sandbox, args: &[&str], decision: &Decision, code: i32, facts: &[&str]) {
    sandbox.desktop();
    sandbox.write("google-ads.yaml", OLD);
    let spec = facts.iter().fold(login(sandbox, args).code(code), |spec, fact| spec.stderr_has(fact));
    let (outcome, page) = decide(spec, decision);
    assert!(page.body.contains("The login did not succeed"), "{}", page.body);
    assert!(!outcome.stderr.contains("stored the refresh token"), "{outcome:#?}");
    assert_eq!(sandbox.read("google-ads.yaml"), OLD);
    assert_eq!(super::recovery_files(sandbox), Vec::<std::path::PathBuf>::new());
}

#[test]
fn a_token_response_without_a_refresh_token_keeps_the_old_one() {
    for value in [None, Some("")] {
        let sandbox = Sandbox::new();
        let edit = move |response: &mut serde_json::Value| match value {
            None => drop(response.as_object_mut().unwrap().remove("refresh_token")),
            Some(text) => response["refresh_token"] = text.into(),
        };
        sandbox.google.fault(Endpoint::Token, Fault::edit(edit));
        let facts =
            ["error: Google sent no refresh token", "hint: remove the app's access at https://myaccount.google.com"];
        keeps_the_old(&sandbox, &[], &Decision::allow(), 4, &facts);
    }
}

#[test]
fn without_adwords_nothing_is_stored() {
    let sandbox = Sandbox::new();
    let facts = ["error: access to Google Ads was not granted", "tick the box"];
    keeps_the_old(&sandbox, &["--additional-scopes", "datamanager"], &Decision::without(ADWORDS), 4, &facts);
    assert_eq!(sandbox.google.requests(Endpoint::Ads).len(), 0);
}

#[test]
fn a_scope_that_only_resembles_adwords_is_not_adwords() {
    let sandbox = Sandbox::new();
    let edit = |response: &mut serde_json::Value| response["scope"] = format!("{ADWORDS}.readonly x{ADWORDS}").into();
    sandbox.google.fault(Endpoint::Token, Fault::edit(edit));
    keeps_the_old(&sandbox, &[], &Decision::allow(), 4, &["error: access to Google Ads was not granted"]);
}

#[test]
fn an_additional_scope_that_was_unticked_is_warned_about() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let spec = login(&sandbox, &["--additional-scopes", "datamanager", "-p", "work", "--json"]).stdout_has(ADWORDS);
    let spec = spec.stderr_has(&format!("warning: the scope {MORE} was not granted\n"));
    let (outcome, _) = decide(spec, &Decision::without(MORE));
    assert_eq!(outcome.json()["scopes"], serde_json::json!([ADWORDS]));
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
}

#[test]
fn no_scope_in_the_response_means_the_requested_ones() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    sandbox
        .google
        .fault(Endpoint::Token, Fault::edit(|response| drop(response.as_object_mut().unwrap().remove("scope"))));
    let outcome = allow(login(&sandbox, &["--json"]).stdout_has(ADWORDS));
    assert!(!outcome.stderr.contains("was not granted"), "{outcome:#?}");
}

#[test]
fn a_token_that_expires_in_seven_days_is_warned_about_recorded_and_shown() {
    for args in [&[][..], &["-p", "work"]] {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        sandbox.google.edit(&client, |client| client.publishing = Publishing::Testing { users: vec![ADA.to_owned()] });
        let spec = login(&sandbox, args).stderr_has("warning: the refresh token expires in 7 days (");
        let spec = spec.stderr_has("the OAuth consent screen is in Testing");
        allow(spec.stderr_has("hint: publish the app at https://console.cloud.google.com/auth/audience"));
        let show = sandbox.command(&[&["show"], args].concat()).stdout_has("expires  ").stdout_has("in Testing)");
        show.stderr_has("hint: publish the app").run();
        let shown = sandbox.command(&[&["show", "--json"], args].concat()).stdout_has("").stderr_has("").run().json();
        assert!(shown["expires_at"].is_string(), "{shown}");
        // A name generated from the path is not shown.
        assert_eq!(shown["profile"].as_str(), args.get(1).copied());
    }
}

#[test]
fn a_token_without_expiry_is_not_warned_about() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let outcome = allow(login(&sandbox, &["--json"]).stdout_has("\"expires_at\":null"));
    assert!(!outcome.stderr.contains("Testing"), "{outcome:#?}");
}

/// What is a refresh token is kept whatever is beside it: `oauth/token_endpoint/issued.rs`.
#[test]
fn token_responses_without_a_usable_refresh_token_change_nothing() {
    type Edit = fn(&mut serde_json::Value);
    let edits: [(Edit, &str); 2] = [
        (
            |response| response["refresh_token"] = "1//0with\u{1b}[31mescape".into(),
            "its `refresh_token` is not a token",
        ),
        (|response| *response = serde_json::json!([]), "cannot be used"),
    ];
    for (edit, fact) in edits {
        let sandbox = Sandbox::new();
        sandbox.google.fault(Endpoint::Token, Fault::edit(edit));
        keeps_the_old(&sandbox, &[], &Decision::allow(), 6, &[fact]);
    }
}

#[test]
fn a_failed_exchange_is_reported_and_not_repeated() {
    for (status, error, code) in [(401, "invalid_client", 4), (400, "invalid_grant", 4), (503, "backend_error", 6)] {
        let sandbox = Sandbox::new();
        sandbox.google.fault_always(Endpoint::Token, Fault::oauth_error(status, error, "Unauthorized"));
        keeps_the_old(&sandbox, &[], &Decision::allow(), code, &["error: "]);
        assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 1, "a code works once");
    }
}

/// Returns an ID token with these claims.
fn id_token(claims: &serde_json::Value) -> serde_json::Value {
    use base64::Engine as _;
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims.to_string());
    format!("e30.{claims}.x").into()
}

/// What Google has not verified may be anybody's. The claim is optional; in some of Google's responses it is a text.
#[test]
fn an_address_that_is_not_verified_is_not_the_expected_one() {
    use serde_json::{Value, json};
    for (verified, is_taken) in [
        (json!(true), true),
        (json!("true"), true),
        (Value::Null, true),
        (json!(false), false),
        (json!("false"), false),
        (json!(0), false),
    ] {
        let sandbox = Sandbox::new();
        let claims = json!({ "email": ADA, "email_verified": verified });
        sandbox.google.fault(Endpoint::Token, Fault::edit(move |response| response["id_token"] = id_token(&claims)));
        let args = ["--no-verify", "--expect-account", ADA];
        if is_taken {
            sandbox.desktop();
            allow(login(&sandbox, &args));
            continue;
        }
        let facts = ["signed in as an account without a verified e-mail address, not ada@example.com"];
        keeps_the_old(&sandbox, &args, &Decision::allow(), 4, &facts);
    }
}

/// A part of a secret without the shape of one.
#[test]
fn an_address_or_a_scope_that_repeats_a_secret_is_not_stored() {
    use serde_json::{Value, json};
    type Edit = fn(&mut Value, &str);
    fn body(response: &Value, name: &str) -> String {
        let token = response[name].as_str().unwrap();
        token.trim_start_matches("1//0").trim_start_matches("ya29.").to_owned()
    }
    fn with_email(response: &mut Value, name: &str) {
        response["id_token"] = id_token(&json!({ "email": format!("{name}@example.com") }));
    }
    fn with_scope(response: &mut Value, scope: &str) {
        response["scope"] = format!("{ADWORDS} {scope}").into();
    }
    let own: &[Edit] = &[
        |response, _| with_email(response, &body(response, "refresh_token")[..40]),
        |response, _| with_email(response, &body(response, "access_token")[..40]),
        |response, _| with_scope(response, &body(response, "refresh_token")),
        |response, _| with_scope(response, &body(response, "refresh_token").chars().rev().collect::<String>()),
        |response, _| with_scope(response, &body(response, "access_token")),
    ];
    let of_request: &[Edit] = &[
        |response, secret| with_email(response, secret),
        |response, secret| with_email(response, &secret.chars().rev().collect::<String>()),
        |response, secret| with_scope(response, secret),
        |response, _| {
            let token = body(response, "refresh_token");
            with_scope(
                response,
                &token.as_bytes().chunks(8).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" "),
            );
        },
    ];
    for edit in own {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        sandbox.google.fault(Endpoint::Token, Fault::edit(move |response| edit(response, "")));
        let args = ["--json", "--no-verify", "-p", "work", "--additional-scopes", "openid", "email"];
        let outcome = allow(login(&sandbox, &args).stdout_has("").stderr_has(""));
        let known = sandbox.read(".config/gads-creds/profiles.toml");
        assert!(outcome.json()["account"].is_null() || outcome.json()["account"] == ADA, "{outcome:#?}");
        let token = issued(&sandbox);
        for part in [token[4..34].to_owned(), token[4..34].chars().rev().collect()] {
            assert!(!known.contains(&part) && !outcome.stdout.contains(&part), "{known}");
        }
        assert!(!known.contains("account = \"") || known.contains(ADA), "{known}");
        assert!(known.contains("adwords"), "{known}");
    }
    for edit in of_request {
        let sandbox = Sandbox::new();
        let secret = sandbox.desktop().secret.trim_start_matches("GOCSPX-").to_owned();
        sandbox.google.fault(Endpoint::Token, Fault::edit(move |response| edit(response, &secret)));
        sandbox.write("google-ads.yaml", OLD);
        let (outcome, _) =
            decide(login(&sandbox, &["--no-verify"]).code(6).stderr_has("cannot be used"), &Decision::allow());
        assert_eq!(sandbox.read("google-ads.yaml"), OLD, "{outcome:#?}");
    }
}

/// The address comes from an ID token whose signature is not checked: one that is not an address is ignored.
#[test]
fn an_address_with_control_characters_or_a_secret_is_not_an_address() {
    let longest = format!("{}@example.com", "a".repeat(242));
    for (email, taken) in [
        ("ada@example.com", true),
        (&*longest, true),
        (&*format!("a{longest}"), false),
        ("", false),
        ("ada@example.com\u{1b}[2J", false),
        ("ada@example.com\u{9b}2J", false),
        ("ada\n@example.com", false),
        ("ada @example.com", false),
        ("\u{202e}ada@example.com", false),
        ("1//0abcdefghijklmnop@example.com", false),
    ] {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        let claims = serde_json::json!({ "email": email });
        sandbox.google.fault(Endpoint::Token, Fault::edit(move |response| response["id_token"] = id_token(&claims)));
        let args = ["--json", "--no-verify", "--additional-scopes", "openid", "email"];
        let outcome = allow(login(&sandbox, &args).stdout_has(""));
        assert_eq!(outcome.json()["account"].as_str(), taken.then_some(email), "{email:?}");
    }
}
