//! `refresh --expires-within`: a token that works and expires soon ends with 9; the time is read as people write it.

use std::time::Duration;

use serde_json::Value;

use crate::google::{Endpoint, Fault};
use crate::sandbox::Sandbox;
use crate::stored::{self, DAY};

const HOUR: Duration = Duration::from_secs(3_600);

/// A profile `work` whose token Google gave for 30 days and that has so long to go.
fn work(left: Duration) -> (Sandbox, crate::google::Client) {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let month = 30 * DAY;
    stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &token, month - left, Some(month)));
    (sandbox, client)
}

#[test]
fn a_token_that_expires_within_the_time_ends_with_9_and_no_other() {
    let (sandbox, _) = work(72 * HOUR - Duration::from_secs(60));
    for (limit, code) in [
        ("3d", 9),
        ("2d", 0),
        ("72h", 9),
        ("71h", 0),
        ("4319m", 9),
        ("4200m", 0),
        ("259200s", 9),
        ("255600s", 0),
        ("2d24h", 9),
        ("2d23h", 0),
        ("1w", 9),
        ("3 days", 9),
        ("36525d", 9),
    ] {
        let spec = sandbox.command(&["refresh", "-p", "work", "--expires-within", limit]).code(code);
        let outcome = spec.stderr_has("works: ").run();
        let says = outcome.stderr.contains("error: profile `work`: the refresh token expires in 3 days (");
        assert_eq!(says, code == 9, "{limit}: {outcome:#?}");
        assert_eq!(outcome.stderr.contains("hint: run `gads-creds login -p work` before that"), code == 9, "{limit}");
        // The time that was given replaces the week that is usual.
        assert!(!outcome.stderr.contains("warning"), "{limit}: {outcome:#?}");
    }
    let quiet = sandbox.command(&["refresh", "-p", "work", "--expires-within", "2d", "--quiet"]).run();
    assert_eq!(quiet.stderr, "");
}

#[test]
fn what_was_found_is_printed_beside_it() {
    let (sandbox, _) = work(DAY);
    let args = ["refresh", "-p", "work", "--expires-within", "2d"];
    let json = sandbox.command(&[&args[..], &["--json"]].concat()).code(9).stdout_has("{").stderr_has("error: ");
    let json = json.run().json();
    assert_eq!(
        (&json["valid"], &json["error"]["kind"], &json["error"]["code"]),
        (&true.into(), &"expires_soon".into(), &9.into())
    );
    assert!(json["expires_at"].is_string(), "{json}");
    let token = sandbox.command(&[&args[..], &["--print-access-token"]].concat()).code(9).stderr_has("error: ");
    let token = token.reveals_access_token().stdout_has("ya29.").run();
    assert_eq!(token.stdout.lines().count(), 1, "{token:#?}");
    // A failure is a failure, however soon the token expires.
    sandbox.google.fault(Endpoint::Token, Fault::oauth_error(400, "invalid_grant", "Bad Request"));
    sandbox.command(&args).code(4).stderr_has("invalid_grant").run();
}

#[test]
fn a_token_whose_expiry_is_not_known_does_not_expire_within_any_time() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    let args = ["refresh", "--expires-within", "36525d"];
    let unknown = sandbox.command(&args).stderr_has("works: ");
    unknown.stderr_has("is not known: it was not issued by `gads-creds login`").run();
    stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &token, 100 * DAY, None));
    let unlimited = sandbox.command(&[&args[..], &["-p", "work"]].concat()).stderr_has("works: ");
    unlimited.stderr_has("Google set no expiry date").run();
    sandbox.command(&[&args[..], &["-p", "work", "-q"]].concat()).run();
    // What Google says now counts more than what was recorded.
    let soon = |response: &mut Value| response["refresh_token_expires_in"] = 3_600.into();
    sandbox.google.fault(Endpoint::Token, Fault::edit(soon));
    sandbox.command(&["refresh", "--expires-within", "2h"]).code(9).stderr_has("expires in 60 minutes").run();
}

#[test]
fn an_expiry_that_google_names_in_a_refresh_is_recorded() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &token, 100 * DAY, None));
    let doctor = ["doctor", "--offline", "-p", "work"];
    let before = sandbox.command(&doctor).stdout_has("no expiry is recorded").run();
    assert!(!before.stdout.contains("Google set no expiry"), "{before:#?}");
    let path = ".config/gads-creds/profiles.toml";
    for (seconds, is_news) in [(172_800, true), (172_860, false), (432_000, true)] {
        let known = sandbox.read(path);
        let soon = move |response: &mut Value| response["refresh_token_expires_in"] = seconds.into();
        sandbox.google.fault(Endpoint::Token, Fault::edit(soon));
        sandbox.command(&["refresh", "-p", "work"]).stderr_has("works: ").run();
        assert_eq!(sandbox.read(path) != known, is_news, "{seconds}");
    }
    sandbox.command(&["show", "-p", "work"]).stdout_has("(in 5 days").stderr_has("").run();
}

/// A clock that was ahead at the login.
#[test]
fn a_date_of_issue_that_is_still_ahead_is_cleared_with_the_expiry_that_google_corrects() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    let metadata = stored::metadata(&sandbox, &token, stored::DAY, None);
    let rest: String = metadata.lines().skip(1).map(|line| format!("{line}\n")).collect();
    stored::profile(&sandbox, "work", &format!("issued_at = 2999-01-01\nexpires_at = 2999-01-08\n{rest}"));
    let soon = |response: &mut Value| response["refresh_token_expires_in"] = 172_800.into();
    sandbox.google.fault(Endpoint::Token, Fault::edit(soon));
    sandbox.command(&["refresh", "-p", "work"]).stderr_has("expires in 2 days").run();
    let text = sandbox.read(".config/gads-creds/profiles.toml");
    assert!(!text.contains("2999") && text.contains("expires_at"), "{text}");
}

#[test]
fn the_key_of_a_service_account_has_no_expiry() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("key.json", sandbox.google.service_account().key_file());
    sandbox.command(&["login", "--key-file", file.to_str().unwrap()]).stderr_has("").run();
    let outcome = sandbox.command(&["refresh", "--expires-within", "36525d"]).stderr_has("works: ").run();
    assert!(!outcome.stderr.contains("expir"), "{outcome:#?}");
}

#[test]
fn of_all_profiles_those_that_expire_soon_are_named_and_count_less_than_failures() {
    let (sandbox, client) = work(DAY);
    let profiles = ".config/gads-creds/profiles.toml";
    let token = sandbox.google.grant(&client, &[crate::google::ADWORDS]);
    sandbox.write("long.yaml", stored::yaml(&client, &token));
    let more = "[profiles.long]\nfile = \"~/long.yaml\"\n".to_owned()
        + &stored::metadata(&sandbox, &token, DAY, Some(90 * DAY));
    sandbox.write(profiles, sandbox.read(profiles) + &more);
    let all = ["refresh", "--all", "--expires-within", "2d"];
    let outcome = sandbox.command(&all).code(9).stderr_has("long  ok, valid 59 min\n").run();
    for part in [
        "work  expires soon: the refresh token expires in 24 hours",
        "gads-creds login -p work` before that",
        "error: 1 of 2 profiles expires within 2d: `work`",
    ] {
        assert!(outcome.stderr.contains(part), "{part}: {outcome:#?}");
    }
    let lines = sandbox.command(&[&all[..], &["--json"]].concat()).code(9).stdout_has("{").stderr_has("").run().stdout;
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |name: &str| lines.iter().find(|line| line["profile"] == name).unwrap();
    assert_eq!((&of("work")["valid"], &of("work")["error"]["code"]), (&true.into(), &9.into()));
    assert_eq!((&of("long")["valid"], &of("long")["error"]), (&true.into(), &Value::Null));
    assert_eq!(lines[2]["error"]["code"], 9);
    sandbox
        .command(&["refresh", "--all", "--expires-within", "1h"])
        .stderr_has("work  ok")
        .stderr_has("long  ok")
        .run();
    // A profile that failed is worse than one that works for a while.
    sandbox.write(profiles, sandbox.read(profiles) + "[profiles.gone]\nfile = \"~/none.yaml\"\n");
    let worse = sandbox.command(&all).code(3).stderr_has("gone  failed: ");
    worse.stderr_has("1 of 3 profiles failed: `gone`; 1 of 3 profiles expires within 2d: `work`").run();
}

#[test]
fn what_is_not_a_time_is_a_usage_error_before_anything_is_sent() {
    let (sandbox, _) = work(DAY);
    for (limit, says) in [
        ("3", "`3d` means days"),
        ("", "needs a value"),
        ("3x", "a number and a unit"),
        ("1.5d", "a number and a unit"),
        ("-1d", "a number and a unit"),
        ("d", "a number and a unit"),
        ("0d", "longer than zero"),
        ("99999999999999999999d", "at most a hundred years"),
    ] {
        let spec = sandbox.command(&["refresh", &format!("--expires-within={limit}")]).code(2);
        spec.stderr_has("--expires-within").stderr_has(says).run();
    }
    assert!(sandbox.google.world().requests.is_empty());
}
