//! `doctor`: the first line that is not `ok` names the real cause, and the line below it a step that fixes it.

use std::fs;
use std::time::Duration;

use serde_json::Value;

use crate::google::{ADA, ADWORDS, BOB, Client, Endpoint, Fault, Party};
use crate::sandbox::{Outcome, Sandbox};
use crate::stored::{self, DAY};

mod fix;
mod formats;
#[cfg(unix)]
mod repositories;
mod surroundings;

/// Runs it; the first problem must be this, with this code, and the error on stderr must be the first failure.
#[track_caller]
fn diagnose(sandbox: &Sandbox, args: &[&str], code: i32, line: &str, next: &str) -> Outcome {
    let run = sandbox.command(&[&["doctor"], args].concat()).observe();
    examine(&run, code, line, next);
    run
}

#[track_caller]
fn examine(run: &Outcome, code: i32, line: &str, next: &str) {
    let (status, text) = line.split_once("  ").expect("a status and a text");
    let counts = |line: &str| ["fail", "warn", status].iter().any(|status| line.starts_with(status));
    let mut lines = run.stdout.lines().skip_while(|line| !counts(line));
    let (first, below) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    assert_eq!(run.code, code, "{run:#?}");
    let is_expected = first.starts_with(status) && text.split('…').all(|part| first.contains(part.trim()));
    assert!(is_expected, "expected {line:?} first: {run:#?}");
    assert!(below.starts_with("      ") && below.contains(next), "expected {next:?} below {first:?}: {run:#?}");
    if status == "fail" {
        let (_, found) = first.split_once(": ").expect("a check and what it found");
        assert!(run.stderr.contains(found) && run.stderr.contains(&format!("hint: {}\n", below.trim())), "{run:#?}");
    }
    let failures = run.stdout.lines().filter(|line| line.starts_with("fail ")).count();
    assert_eq!(failures, usize::from(status == "fail"), "a consequence is not a failure of its own: {run:#?}");
}

/// Writes a `~/google-ads.yaml` that works, with more lines.
fn with_lines(sandbox: &Sandbox, lines: &str) -> (Client, String) {
    let (client, token) = stored::works(sandbox);
    sandbox.write("google-ads.yaml", stored::yaml(&client, &token) + lines);
    (client, token)
}

#[test]
fn a_healthy_setup_gets_ok_lines_and_nothing_else() {
    let sandbox = Sandbox::new();
    with_lines(&sandbox, "login_customer_id: \"1234567890\"\n");
    let run = sandbox
        .command(&["doctor"])
        .stdout_has("ok    location: ")
        .stdout_has("ok    account: it reaches 1234567890")
        .run();
    let others: Vec<&str> = run.stdout.lines().filter(|line| !line.starts_with("ok    ")).collect();
    // The token was not issued to this program, which is nothing wrong.
    assert!(others.len() == 2 && others[0].starts_with("skip  token age: not known"), "{}", run.stdout);
    assert_eq!(run.stdout.lines().count(), 23);
}

#[test]
fn offline_asks_nobody_and_skips_what_it_cannot_know() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let run = sandbox
        .command(&["doctor", "--offline"])
        .stdout_has("skip  network, clock, token accepted: not asked: `--offline` was given")
        .run();
    assert!(run.stdout.lines().all(|line| ["ok   ", "skip ", "     "].iter().any(|start| line.starts_with(start))));
    assert!(sandbox.google.world().requests.is_empty());
}

#[test]
fn json_has_every_check_and_the_error_of_the_first_failure() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    let all = sandbox.command(&["doctor", "--json"]).stdout_has("").run().json();
    assert_eq!((all["checks"].as_array().map(Vec::len), &all["error"]), (Some(22), &Value::Null), "{all}");
    let is_ok = |check: &Value| check["status"] == if check["id"] == "token-age" { "skip" } else { "ok" };
    assert!(all["checks"].as_array().unwrap().iter().all(is_ok), "{all}");
    let party = sandbox.google.world().ledger.party_of(&token, 0).expect("it lives");
    sandbox.google.world().ledger.kill_grant(&party);
    let bad =
        sandbox.command(&["doctor", "--json"]).code(4).stderr_has("error: 1 check failed").stdout_has("").run().json();
    assert_eq!((bad["error"]["kind"].as_str(), bad["error"]["code"].as_u64()), (Some("token_rejected"), Some(4)));
    let none = sandbox.command(&["doctor", "--json", "-p", "nobody"]).code(3).stderr_has("nobody").stdout_has("").run();
    assert_eq!(none.json()["checks"][0]["status"], "fail");
}

#[test]
fn a_missing_credential_exits_3() {
    let sandbox = Sandbox::new();
    let home = sandbox.home();
    let nothing = diagnose(&sandbox, &[], 3, "fail  location: there is no credential in", "run `gads-creds login`");
    let first_words: Vec<&str> = nothing.stdout.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(first_words.iter().all(|word| !["ok", "skip"].contains(word)) && first_words.len() < 20, "{nothing:#?}");
    assert!(nothing.stdout.contains("  3. Run `gads-creds login -c client_secret.json`\n"), "{nothing:#?}");
    let run = sandbox.command(&["doctor", "-p", "work"]).observe();
    examine(&run, 3, "fail  there is no profile `work`", "gads-creds login -p work");
    let named =
        sandbox.command(&["doctor"]).env("GOOGLE_ADS_CONFIGURATION_FILE_PATH", home.join("other.yaml")).observe();
    examine(&named, 3, "fail  and `GOOGLE_ADS_CONFIGURATION_FILE_PATH` names it", "unset the variable");
    fs::write(sandbox.work().join("google-ads.yaml"), "use_proto_plus: true\n").unwrap();
    diagnose(
        &sandbox,
        &[],
        3,
        "fail  location: there is no credential in",
        "move `google-ads.yaml` from this directory there",
    );
}

#[test]
fn missing_fields_of_the_file_are_named() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let good = stored::yaml(&client, &token);
    let id = format!("client_id: {}", client.id);
    for (from, to, code, line, next) in [
        (token.as_str(), "", 3, "fail  token: there is no refresh token", "run `gads-creds login`"),
        (
            token.as_str(),
            "INSERT_REFRESH_TOKEN_HERE",
            3,
            "fail  placeholders: 1 left; line 5: `refresh_token`",
            "login`",
        ),
        (id.as_str(), "# client_id", 3, "fail  client: there is no client ID", "run `gads-creds login -c FILE`"),
        ("use_proto_plus: true", "#", 1, "fail  `use_proto_plus` is missing", "write `use_proto_plus: true` into"),
        (
            "use_proto_plus: true",
            "use_proto_plus: maybe",
            1,
            "fail  line 2: `use_proto_plus`",
            "write `true` or `false` on line 2 of",
        ),
        (
            "# mine",
            "login_customer_id: 0123456701",
            1,
            "fail  customer IDs: line 1: `login_customer_id` is an octal",
            "in quotes on line 1 of",
        ),
        (
            "# mine",
            "login_customer_id: 123-456-7890",
            1,
            "fail  customer IDs: line 1: `login_customer_id`",
            "digits of a customer ID, without dashes, on line 1 of",
        ),
        ("# mine", "use_application_default_credentials: true", 1, "fail  which is used instead", "--replace-kind"),
        ("# mine", "client_id: [", 1, "fail  location: ", "google-ads.yaml"),
    ] {
        sandbox.write("google-ads.yaml", good.replace(from, to));
        diagnose(&sandbox, &[], code, line, next);
        diagnose(&sandbox, &["--offline"], code, line, next);
    }
}

#[test]
fn a_value_pasted_into_the_wrong_line_is_recognized_and_not_sent() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let good = stored::yaml(&client, &token);
    sandbox.plant("4/0AfakeAuthorizationCode");
    sandbox.plant("ya29.a0fakeAccessToken");
    let swapped = good
        .replace(&client.id, "X")
        .replace(&client.secret, &client.id)
        .replace("client_id: X", &format!("client_id: {}", client.secret));
    for (text, line) in [
        (
            good.replace(&token, "4/0AfakeAuthorizationCode"),
            "fail  token: what is stored as the refresh token in … is an authorization code",
        ),
        (
            good.replace(&token, "ya29.a0fakeAccessToken"),
            "fail  token: what is stored as the refresh token in … is an access token",
        ),
        (
            good.replace(&token, &client.secret),
            "fail  token: what is stored as the refresh token in … is a client secret",
        ),
        (swapped, "fail  client: what is stored as the client ID in … is a client secret"),
    ] {
        sandbox.write("google-ads.yaml", text);
        diagnose(&sandbox, &[], 4, line, "run `gads-creds login");
    }
    assert!(sandbox.google.requests(Endpoint::Token).is_empty());
}

#[test]
fn a_credential_that_google_rejects_exits_4() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let good = stored::yaml(&client, &token);
    let other = sandbox.google.desktop();
    let gone = sandbox.google.desktop();
    sandbox.google.edit(&gone, |client| client.deleted = true);
    let scope = sandbox.google.grant(&client, &["openid"]);
    for (text, line, next) in [
        (
            good.replace(&client.secret, &other.secret),
            "fail  client: the client secret does not belong to the client ID",
            "auth/clients",
        ),
        (
            good.replace(&client.id, "1-x.apps.googleusercontent.com"),
            "fail  client: Google does not know this OAuth client",
            "mistyped",
        ),
        (
            stored::yaml(&other, &token),
            "fail  client: the refresh token belongs to another OAuth client",
            "a refresh token works with its own client only",
        ),
        (stored::yaml(&gone, &token), "fail  client: the OAuth client was deleted", "login -c FILE"),
        (
            good.replace(&token, "1//0nothing-google-knows"),
            "fail  token accepted: Google rejected the refresh token",
            "g.co/passkeys",
        ),
        (good.replace(&token, &scope), "fail  scopes: the token was not granted the scope", "tick the box"),
    ] {
        sandbox.write("google-ads.yaml", text);
        diagnose(&sandbox, &[], 4, line, next);
    }
}

#[test]
fn a_token_of_another_client_is_detected_offline() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    let facts = stored::metadata(&sandbox, &token, DAY, None) + "client_id = \"another\"\n";
    stored::profile(&sandbox, "work", &facts);
    diagnose(
        &sandbox,
        &["-p", "work", "--offline"],
        4,
        "fail  client: the refresh token in … was made with another",
        "login -p work -c FILE`",
    );
}

#[test]
fn a_token_issued_in_testing_causes_a_warning_and_is_reported_once_expired() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    stored::profile(
        &sandbox,
        "work",
        &stored::metadata(&sandbox, &token, 5 * DAY - Duration::from_secs(600), Some(7 * DAY)),
    );
    for args in [&["-p", "work"][..], &["-p", "work", "--offline"]] {
        diagnose(
            &sandbox,
            args,
            0,
            "warn  expires in 2 days",
            "publish the app at https://console.cloud.google.com/auth/audience",
        );
    }
    stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &token, 9 * DAY, Some(7 * DAY)));
    let expired = "expired 2 days ago";
    diagnose(&sandbox, &["-p", "work", "--offline"], 4, &format!("fail  {expired}"), "publish the app");
    sandbox
        .google
        .fault(Endpoint::Token, Fault::oauth_error(400, "invalid_grant", "Token has been expired or revoked."));
    let run = diagnose(
        &sandbox,
        &["-p", "work"],
        4,
        &format!("fail  {expired}"),
        "then run `gads-creds login -p work` again",
    );
    assert!(run.stderr.contains("in Testing"), "{run:#?}");
}

#[test]
fn an_error_response_of_google_ads_exits_8() {
    let sandbox = Sandbox::new();
    let (client, _) = with_lines(&sandbox, "login_customer_id: \"9999999999\"\n");
    diagnose(
        &sandbox,
        &[],
        8,
        "fail  login customer: the login customer 9999999999 is not among",
        "--login-customer-id ID`",
    );
    with_lines(&sandbox, "login_customer_id: \"8889990000\"\n");
    diagnose(
        &sandbox,
        &[],
        8,
        "fail  login customer 8889990000: the Google Ads account is not active",
        "ads.google.com",
    );
    for fine in ["2223334444", "5556667777"] {
        with_lines(&sandbox, &format!("login_customer_id: \"{fine}\"\n"));
        sandbox.command(&["doctor"]).stdout_has(&format!("ok    login customer: {fine} is reached")).run();
    }
    diagnose(&sandbox, &["--api-version", "v19"], 8, "fail  API version: this version", "--api-version");
    let party = Party { email: BOB.to_owned(), client_id: client.id.clone() };
    let token = sandbox.google.world().mint_refresh_token(&party, &[ADWORDS.to_owned()], 77);
    sandbox.write("google-ads.yaml", stored::yaml(&client, &token));
    diagnose(&sandbox, &[], 8, "fail  account: this Google account has no access", "choose the account that uses");
    stored::works(&sandbox);
    sandbox.google.world().person(ADA).unwrap().accounts = Some(Vec::new());
    diagnose(&sandbox, &[], 0, "warn  account: this Google account reaches no", "invite it");
}

#[test]
fn an_empty_developer_token_is_found_before_google_is_asked() {
    let sandbox = Sandbox::new();
    with_lines(&sandbox, "developer_token: \"\"\n");
    let run = sandbox.command(&["doctor"]).observe();
    assert!(run.stdout.contains("line 6: `developer_token`"), "{run:#?}");
}

#[cfg(unix)]
#[cfg(unix)]
#[test]
fn a_token_of_the_stand_in_is_not_sent_to_google() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    stored::profile(
        &sandbox,
        "work",
        &stored::metadata(&sandbox, &token, DAY, None).replace("http://127.0.0.1:", "http://127.0.0.1:9"),
    );
    let run = sandbox.command(&["doctor", "-p", "work"]).observe();
    examine(&run, 2, "fail  token accepted: the refresh token of profile `work` came from the stand-in", "");
    assert!(sandbox.google.requests(Endpoint::Token).is_empty());
}

#[test]
fn without_a_login_customer_no_account_is_asked_for_its_name() {
    let sandbox = Sandbox::new();
    crate::stored::works(&sandbox);
    sandbox.command(&["doctor"]).stdout_has("ok    account: it reaches 1234567890, 5556667777, 8889990000\n").run();
    // Each request counts against the project's daily quota.
    assert_eq!(sandbox.google.requests(Endpoint::Ads).len(), 1);
}

#[test]
fn checks_skipped_for_one_reason_are_one_line_and_the_order_is_fixed() {
    let sandbox = Sandbox::new();
    let (client, _) = stored::works(&sandbox);
    sandbox.write("google-ads.yaml", stored::yaml(&client, "1//0nothing-google-knows"));
    let run = sandbox.command(&["doctor"]).observe();
    let skipped: Vec<&str> = run.stdout.lines().filter(|line| line.starts_with("skip ")).collect();
    let [one] = skipped[..] else { panic!("{run:#?}") };
    assert!(one.contains("scopes, Google Ads API enabled, API version, account"), "{run:#?}");
    let shown = |text: &str| run.stdout.find(text).unwrap_or_else(|| panic!("no {text:?}: {run:#?}"));
    assert!(shown("fail  token accepted") < shown("skip  ") && shown("skip  ") < shown("ok    git"), "{run:#?}");
    let last = run.stderr.lines().find(|line| line.starts_with("error: ")).unwrap_or_default();
    assert!(last.starts_with("error: 1 check failed: token accepted: "), "{run:#?}");
}

#[cfg(unix)]
#[test]
fn local_findings_are_shown_before_google_is_asked() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    sandbox.google.fault(Endpoint::Token, Fault::Silence);
    let start = std::time::Instant::now();
    let mut terminal = sandbox.command(&["doctor"]).env("TERM", "xterm").terminal();
    terminal.expect("\u{1b}[32mok\u{1b}[0m    location: ");
    // A request times out after 10 seconds.
    assert!(start.elapsed() < Duration::from_secs(8));
}
