//! `refresh`: a valid token is confirmed, an invalid one explained, a replaced one stored.

mod expires_within;
pub mod metrics;
mod metrics_file;
mod system_call_faults;

use std::time::Duration;

use gads_creds::secret::Secret;

use crate::google::browser::Decision;
use crate::google::{ADWORDS, Endpoint, Fault, Publishing, Reply};
use crate::sandbox::Sandbox;
use crate::stored::{self, DAY};

#[test]
fn a_working_token_gets_one_line() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let file = sandbox.home().join("google-ads.yaml");
    let line = format!("the refresh token in `{}` works: access token issued, valid for 59 minutes\n", file.display());
    sandbox.command(&["refresh"]).stderr(line).run();
    sandbox.command(&["refresh", "--quiet"]).run();
}

#[test]
fn print_access_token_prints_the_token_and_a_newline_and_nothing_else() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let run = sandbox.command(&["refresh", "--print-access-token"]).stdout_has("ya29.").reveals_access_token().run();
    let token = run.stdout.strip_suffix('\n').expect("a line");
    assert!(token.bytes().all(|byte| byte.is_ascii_graphic()), "{run:?}");
    let json = sandbox.command(&["refresh", "--print-access-token", "--json"]).stdout_has("").reveals_access_token();
    assert!(json.run().json()["access_token"].as_str().is_some_and(|text| text.starts_with("ya29.")));
}

#[test]
fn json_contains_the_token_metadata_and_no_token() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let value = sandbox.command(&["refresh", "--json"]).stdout_has("").run().json();
    assert_eq!((value["valid"].as_bool(), value["rotated"].as_bool()), (Some(true), Some(false)), "{value}");
    assert_eq!((value["expires_in"].as_u64(), value["scopes"][0].as_str()), (Some(3599), Some(ADWORDS)), "{value}");
    assert!(value["profile"].is_null() && value["expires_at"].is_null() && value["access_token"].is_null(), "{value}");
}

#[test]
fn a_replaced_refresh_token_is_stored_before_the_access_token_is_printed() {
    let sandbox = Sandbox::new();
    let (_, old) = stored::works(&sandbox);
    stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &old, DAY, Some(100 * DAY)));
    sandbox.google.world().rotate = true;
    let before = sandbox.read("google-ads.yaml");
    for _ in 0..3 {
        let run = sandbox.command(&["refresh", "-p", "work", "--print-access-token"]).reveals_access_token();
        run.stdout_has("ya29.").stderr_has("Google replaced the refresh token").run();
    }
    let after = sandbox.read("google-ads.yaml");
    let new = after
        .lines()
        .find_map(|line| line.strip_prefix("refresh_token: ")?.split(['"', ' ']).find(|part| part.starts_with("1//")));
    let new = new.expect("a token");
    assert!(new != old && sandbox.google.lives(new) && !sandbox.google.lives(&old));
    let others = |text: &str| {
        text.lines().filter(|line| !line.starts_with("refresh_token")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(others(&after), others(&before));
    assert!(after.contains("  # live\n"), "{after}");
    // The recorded metadata of the old token now belongs to the new one.
    sandbox.command(&["show", "-p", "work"]).stdout_has("expires  ").run();
}

#[test]
fn a_missing_field_exits_3() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let good = stored::yaml(&client, &token);
    for (gone, what) in [(&token, "refresh token"), (&client.id, "client ID"), (&client.secret, "client secret")] {
        sandbox.write("google-ads.yaml", good.replace(gone.as_str(), "\"\""));
        let run = sandbox.command(&["refresh"]).code(3).stderr_has(&format!("there is no {what} in"));
        run.stderr_has("hint: run `gads-creds login").run();
    }
    let run = sandbox.command(&["refresh", "--config", "none.yaml"]).code(3).stderr_has("none.yaml");
    run.stderr_has("login --config ").run();
    sandbox.command(&["refresh", "-p", "nobody"]).code(3).stderr_has("there is no profile `nobody`").run();
}

#[test]
fn a_revoked_token_exits_4_and_stays_where_it_is() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    stored::profile(&sandbox, "work", "");
    sandbox.google.withdraw(&client);
    let before = sandbox.read("google-ads.yaml");
    let run = sandbox.command(&["refresh", "-p", "work"]).code(4);
    let run = run.stderr_has("error: profile `work`: Google rejected the refresh token (invalid_grant: ");
    run.stderr_has("run `gads-creds login -p work` (").run();
    assert_eq!(sandbox.read("google-ads.yaml"), before);
    assert!(before.contains(&token));
    let json = sandbox.command(&["refresh", "--json"]).code(4).stdout_has("").stderr_has("error: ").run().json();
    assert_eq!(
        (json["error"]["kind"].as_str(), json["error"]["google_code"].as_str()),
        (Some("token_rejected"), Some("invalid_grant"))
    );
    // Not repeated: a revoked token does not become valid again.
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 2);
}

/// A program that waits and tries again needs the code as well.
#[test]
fn a_server_that_is_out_of_order_is_named_with_its_code() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    sandbox.google.fault_always(Endpoint::Token, Fault::oauth_error(503, "internal_failure", "later"));
    let json = sandbox.command(&["refresh", "--json"]).code(6).stdout_has("").stderr_has("HTTP 503").run().json();
    assert_eq!(json["error"]["google_code"], "internal_failure");
}

#[test]
fn a_token_of_another_client_exits_4() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    sandbox.write("google-ads.yaml", stored::yaml(&sandbox.google.desktop(), &token));
    sandbox.command(&["refresh"]).code(4).stderr_has("belongs to another OAuth client (unauthorized_client").run();
}

#[test]
fn the_age_of_an_invalid_token_shows_the_likeliest_cause() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    let hour = DAY / 24;
    let invalid_grant = || Fault::oauth_error(400, "invalid_grant", "Token has been expired or revoked.");
    for (ago, lives, message, hint) in [
        (
            6 * DAY + 11 * hour,
            None,
            "Google rejected the refresh token (invalid_grant",
            "hint: run `gads-creds login -p work` (a new token needs a passkey: https://g.co/passkeys); it was revoked, or expired",
        ),
        (
            6 * DAY + 13 * hour,
            None,
            "it was issued 7 days ago",
            "hint: if the OAuth consent screen is in Testing, tokens expire after 7 days: publish the app at https://console.cloud.google.com/auth/audience",
        ),
        (400 * DAY, None, "it was issued 400 days ago", "hint: if the OAuth consent screen is in Testing"),
        (
            9 * DAY,
            Some(7 * DAY),
            "the refresh token expired 2 days ago",
            "hint: publish the app at https://console.cloud.google.com/auth/audience, then run `gads-creds login -p work` again",
        ),
        (40 * DAY, Some(30 * DAY), "the refresh token expired 10 days ago", "hint: run `gads-creds login -p work`"),
        (
            4 * DAY,
            Some(7 * DAY),
            "Google rejected the refresh token (invalid_grant",
            "hint: run `gads-creds login -p work` (a new token needs a passkey: https://g.co/passkeys); it was revoked, or expired",
        ),
    ] {
        stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &token, ago, lives));
        sandbox.google.fault(Endpoint::Token, invalid_grant());
        let run = sandbox.command(&["refresh", "-p", "work"]).code(4).stderr_has(message).stderr_has(hint).run();
        assert_eq!(run.stderr.contains("Testing (invalid_grant)"), lives == Some(7 * DAY) && ago > 7 * DAY, "{run:?}");
    }
    // A sign-in that the organization ended does not depend on age.
    sandbox
        .google
        .fault(Endpoint::Token, Fault::oauth_error(400, "invalid_grant", "reauth related error (invalid_rapt)"));
    stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &token, 9 * DAY, None));
    sandbox.command(&["refresh", "-p", "work"]).code(4).stderr_has("the organization limits how long").run();
}

#[test]
fn login_show_and_refresh_say_when_a_token_issued_in_testing_expires() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let users = vec![crate::google::ADA.to_owned()];
    sandbox.google.edit(&client, |client| client.publishing = Publishing::Testing { users });
    let says = "the refresh token expires in 7 days";
    let publish = "hint: publish the app at https://console.cloud.google.com/auth/audience";
    let login = sandbox.login(&[]).directory("").stderr_has(says).stderr_has("in Testing").stderr_has(publish).start();
    login.visit(&Decision::allow());
    login.finish();
    sandbox.command(&["show"]).stdout_has("the OAuth consent screen is in Testing)").stderr_has(publish).run();
    sandbox.google.later(4 * DAY + Duration::from_secs(3600));
    // The stand-in's clock moved on, ours did not: the lifetime in Google's response counts.
    let run =
        sandbox.command(&["refresh"]).stderr_has("warning: the refresh token expires in 3 days").stderr_has("works: ");
    run.run();
    sandbox.google.later(3 * DAY);
    sandbox.command(&["refresh"]).code(4).stderr_has("(invalid_grant").run();
}

#[test]
fn a_token_with_a_long_lifetime_causes_no_warning() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &token, DAY, Some(180 * DAY)));
    let run = sandbox.command(&["refresh", "-p", "work"]).stderr_has("works: ").run();
    assert!(!run.stderr.contains("warning"), "{run:?}");
    stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &token, 177 * DAY, Some(180 * DAY)));
    let run = sandbox.command(&["refresh", "-p", "work"]).stderr_has("warning: the refresh token expires in 3 days");
    run.stderr_has("hint: run `gads-creds login -p work` before that").run();
}

#[test]
fn an_unreachable_google_exits_6() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    sandbox
        .command(&["refresh"])
        .env("GADS_CREDS_ENDPOINT", "http://127.0.0.1:1")
        .code(6)
        .stderr_has("cannot reach")
        .run();
    for fault in
        [Fault::page(200, "<html>Welcome to the WLAN</html>"), Fault::redirect("https://x.example/"), Fault::Truncated]
    {
        sandbox.google.fault_always(Endpoint::Token, fault);
        sandbox.command(&["refresh"]).code(6).stderr_has("hint: ").run();
        sandbox.google.world().faults = Default::default();
    }
}

#[test]
fn a_token_without_the_google_ads_scope_is_an_error() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    stored::profile(&sandbox, "work", "");
    let before = sandbox.read("google-ads.yaml");
    for scope in ["", "openid", &format!("{ADWORDS}.readonly"), &format!("x{ADWORDS}"), &ADWORDS.to_uppercase()] {
        sandbox.google.world().faults = Default::default();
        sandbox.google.fault_always(Endpoint::Token, response("scope", scope));
        let run = sandbox.command(&["refresh", "-p", "work", "--print-access-token"]).code(4);
        run.stderr_has("profile `work`: the token was not granted the scope").stderr_has("login -p work` again").run();
        let all = sandbox.command(&["refresh", "--all", "--json"]).code(4).stdout_has("granted_too_little");
        all.stderr_has("work  failed: the token was not granted the scope").run();
    }
    assert_eq!(sandbox.read("google-ads.yaml"), before);
}

#[test]
fn a_token_in_an_error_response_is_ignored() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    for (error, code) in [("invalid_grant", 6), ("", 0)] {
        sandbox.google.world().faults = Default::default();
        sandbox.google.fault_always(Endpoint::Token, response("error", error));
        sandbox.command(&["refresh"]).code(code).stderr_has("").run();
    }
}

/// Returns a token response with one more member.
fn response(name: &str, value: &str) -> Fault {
    let text = format!("{{\"access_token\":\"ya29.a\",\"token_type\":\"Bearer\",\"{name}\":\"{value}\"}}");
    Fault::Reply(Reply::new(200, "application/json", text))
}

#[test]
fn a_token_is_sent_only_to_the_endpoint_that_issued_it() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    let facts = stored::metadata(&sandbox, &token, DAY, None);
    stored::profile(&sandbox, "work", &facts);
    let googles: String =
        facts.lines().filter(|line| !line.starts_with("endpoint")).map(|line| format!("{line}\n")).collect();
    // A colleague's login may have replaced the token in a shared place: the profile stays bound to its endpoint.
    let replaced = |facts: &str| facts.replace(&Secret::new(token.as_str()).fingerprint(), "00000000");
    for facts in [facts.clone(), replaced(&facts)] {
        stored::profile(&sandbox, "work", &facts);
        for args in
            [&["refresh", "-p", "work"][..], &["exec", "-p", "work", "--", "true"], &["revoke", "-p", "work", "--yes"]]
        {
            let to_google = sandbox.command(args).without_env("GADS_CREDS_ENDPOINT");
            to_google.code(2).stderr_has("came from the stand-in at").stderr_has("is not sent to Google").run();
        }
    }
    // Written by hand: nothing may be sent there.
    stored::profile(&sandbox, "work", &facts.replace(sandbox.google.url(), "http://evil.example"));
    let refresh =
        sandbox.command(&["refresh", "-p", "work"]).code(2).stderr_has("hint: run `gads-creds login -p work` again");
    assert!(!refresh.run().stderr.contains("ENDPOINT=http://evil"));
    for googles in [googles.clone(), replaced(&googles)] {
        stored::profile(&sandbox, "work", &googles);
        for args in
            [&["refresh", "-p", "work"][..], &["exec", "-p", "work", "--", "true"], &["revoke", "-p", "work", "--yes"]]
        {
            sandbox.command(args).code(2).stderr_has("came from Google, so it is not sent").run();
        }
    }
    assert!(sandbox.google.world().requests.is_empty());
}

#[test]
fn a_hostile_file_is_refused_without_a_request() {
    let sandbox = Sandbox::new();
    for (text, code) in [
        ("[".repeat(20_000), 1),
        ("refresh_token: \u{0}".to_owned(), 1),
        ("- a list".to_owned(), 1),
        ("x".repeat(2 << 20), 1),
    ] {
        sandbox.write("google-ads.yaml", text);
        sandbox.command(&["refresh"]).code(code).stderr_has("google-ads.yaml").run();
    }
    #[cfg(unix)]
    {
        std::fs::remove_file(sandbox.home().join("google-ads.yaml")).unwrap();
        std::fs::create_dir(sandbox.home().join("google-ads.yaml")).unwrap();
        sandbox.command(&["refresh"]).code(1).stderr_has("google-ads.yaml").run();
    }
    assert!(sandbox.google.world().requests.is_empty());
}

#[cfg(unix)]
#[test]
fn two_runs_at_once_do_not_use_one_rotated_token_twice() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    sandbox.google.world().rotate = true;
    sandbox.google.fault(Endpoint::Token, Fault::Late(Duration::from_millis(400)));
    let runs: Vec<_> = (0..4).map(|_| sandbox.command(&["refresh"]).stderr_has("works: ").start()).collect();
    runs.into_iter().for_each(|run| {
        run.finish();
    });
    // A token used twice would have revoked its whole family.
    sandbox.command(&["refresh"]).stderr_has("works: ").run();
}

#[test]
fn all_rows_are_sorted_and_the_last_line_says_how_it_went() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let names: Vec<String> = ["c", "a", "b"].map(|name| format!("{name}-{}", "x".repeat(50))).into();
    let mut entries = String::new();
    for name in &names {
        sandbox.write(format!("{name}.yaml"), stored::yaml(&client, &token));
        entries += &format!("[profiles.{name}]\nfile = \"~/{name}.yaml\"\n");
    }
    sandbox.write_profiles(&entries);
    let mut sorted = names.clone();
    sorted.sort();
    let rows: String = sorted.iter().map(|name| format!("{name}  ok, valid 59 min\n")).collect();
    sandbox.command(&["refresh", "--all"]).stderr(rows + "all 3 profiles work\n").run();
    sandbox.google.withdraw(&client);
    let run = sandbox.command(&["refresh", "--all"]).code(4).stderr_has("error: 3 of 3 profiles failed: ").run();
    assert!(sorted.iter().all(|name| run.stderr.contains(&format!("`{name}`"))), "{run:#?}");
    sandbox.write_profiles(&entries[..entries.find("[profiles.a").unwrap()]);
    sandbox.command(&["refresh", "--all"]).code(4).stderr_has(&format!("error: `{}` failed\n", names[0])).run();
}
