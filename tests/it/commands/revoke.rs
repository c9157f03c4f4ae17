//! `revoke`: first at Google, then here, and nothing here if Google was not reached.

use std::fs;
use std::time::Duration;

use crate::google::browser::Decision;
use crate::google::{Endpoint, Fault};
use crate::sandbox::Sandbox;
use crate::stored::{self, DAY};

const YES: [&str; 2] = ["revoke", "--yes"];

#[test]
fn the_token_is_revoked_at_google_and_removed_from_the_file_and_nothing_else_is() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let file = sandbox.home().join("google-ads.yaml");
    let line = format!("revoked the refresh token at Google and removed it from `{}`\n", file.display());
    sandbox.command(&YES).stderr(line).run();
    assert!(!sandbox.google.lives(&token));
    let before = stored::yaml(&client, &token);
    let kept: String =
        before.lines().filter(|line| !line.starts_with("refresh_token")).map(|line| format!("{line}\n")).collect();
    assert_eq!(sandbox.read("google-ads.yaml"), kept);
    let asked = sandbox.google.requests(Endpoint::Revoke);
    assert_eq!((asked.len(), asked[0].method.as_str(), asked[0].query.0.len()), (1, "POST", 0));
    sandbox.command(&YES).code(3).stderr_has("there is no refresh token in").run();
}

#[test]
fn json_reports_the_revocation_status() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let revoke = || sandbox.command(&["revoke", "--yes", "--json"]).stdout_has("").stderr_has("").run().json();
    assert_eq!(revoke()["revoked"], "now");
    stored::works(&sandbox);
    let value =
        sandbox.command(&["revoke", "--yes", "--local-only", "--json"]).stdout_has("").stderr_has("").run().json();
    assert_eq!((value["revoked"].as_str(), value["forgotten"].as_bool()), (Some("not_asked"), Some(false)));
}

#[test]
fn without_a_terminal_it_needs_yes() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    sandbox.command(&["revoke", "--no-input"]).code(2).stderr_has("and `--no-input` was given").run();
    sandbox.command(&["revoke"]).stdin("y\n").code(2).stderr_has("no terminal").stderr_has("hint: add `--yes`\n").run();
    assert!(sandbox.google.lives(&token) && sandbox.google.world().requests.is_empty());
    assert_eq!(sandbox.read("google-ads.yaml"), stored::yaml(&client, &token));
}

#[cfg(unix)]
#[test]
fn on_a_terminal_it_asks_and_a_no_changes_nothing() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    for answer in ["n", "", "perhaps"] {
        let mut terminal = sandbox.command(&["revoke"]).code(5).terminal();
        terminal.expect("Google ends the whole grant of this account for this OAuth client");
        terminal.expect("[y/N]");
        terminal.send(answer);
        terminal.expect("nothing was revoked");
        terminal.finish();
    }
    assert!(sandbox.google.lives(&token));
    assert_eq!(sandbox.read("google-ads.yaml"), stored::yaml(&client, &token));
}

#[cfg(unix)]
#[test]
fn a_yes_on_a_terminal_revokes_and_the_prompt_names_who_shares_the_grant() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let second = sandbox.google.grant(&client, &[crate::google::ADWORDS]);
    sandbox.write("second.yaml", stored::yaml(&client, &second));
    let file = |name: &str| sandbox.home().join(name);
    let facts = |token: &str| stored::metadata(&sandbox, token, DAY, None) + &format!("client_id = {:?}\n", client.id);
    let other = stored::metadata(&sandbox, "1//0another", DAY, None) + "client_id = \"another\"\n";
    let text = format!(
        "[profiles.work]\nfile = {:?}\n{}\n[profiles.second]\nfile = {:?}\n{}\n[profiles.apart]\nfile = {:?}\n{other}",
        file("google-ads.yaml"),
        facts(&token),
        file("second.yaml"),
        facts(&second),
        file("apart.yaml"),
    );
    sandbox.write(".config/gads-creds/profiles.toml", text);
    let mut terminal = sandbox.command(&["revoke", "-p", "work"]).terminal();
    terminal.expect("the access of `second`.");
    terminal.expect("[y/N]");
    terminal.send("y");
    let screen = terminal.finish().stdout;
    assert!(!screen.contains("apart") && screen.contains("revoked the refresh token"), "{screen}");
    assert!(screen.contains("this also ended the access of `second`"), "{screen}");
    assert!(!sandbox.google.lives(&token) && !sandbox.google.lives(&second));
    // The metadata of the token is removed, the profile is not.
    let profiles = sandbox.read(".config/gads-creds/profiles.toml");
    let work = profiles.split("[profiles.second]").next().unwrap();
    assert!(work.contains("[profiles.work]") && !work.contains("fingerprint") && !work.contains("issued_at"), "{work}");
}

/// Nothing was recorded of the token in a profile that was written by hand; its file holds it.
#[test]
fn who_loses_access_is_known_from_accounts_and_from_the_tokens_in_files() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let second = sandbox.google.grant(&client, &[crate::google::ADWORDS]);
    sandbox.write("same.yaml", stored::yaml(&client, &token));
    sandbox.write("bob.yaml", stored::yaml(&client, &second));
    sandbox.write("unknown.yaml", stored::yaml(&client, &second));
    let facts = |token: &str, account: &str| {
        stored::metadata(&sandbox, token, DAY, None) + &format!("client_id = {:?}\n{account}", client.id)
    };
    let text = format!(
        "[profiles.work]\nfile = \"~/google-ads.yaml\"\n{}\n[profiles.bob]\nfile = \"~/bob.yaml\"\n{}\n\
         [profiles.unknown]\nfile = \"~/unknown.yaml\"\n{}\n[profiles.same]\nfile = \"~/same.yaml\"\n",
        facts(&token, "account = \"ada@example.com\"\n"),
        facts(&second, "account = \"bob@example.org\"\n"),
        facts(&second, ""),
    );
    sandbox.write(".config/gads-creds/profiles.toml", text);
    let revoke = sandbox.command(&["revoke", "-p", "work", "--yes", "--json"]).stdout_has("{");
    let run = revoke.stderr_has("warning: this also ended the access of `same`\n").run();
    assert!(
        run.stderr.contains("unless the Google accounts differ, this also ended the access of `unknown`"),
        "{run:#?}"
    );
    assert!(!run.stderr.contains("bob"), "{run:#?}");
    let value = run.json();
    assert_eq!(value["affected"], serde_json::json!(["same"]), "{value}");
    assert_eq!(value["possibly_affected"], serde_json::json!(["unknown"]), "{value}");
}

#[test]
fn a_token_that_is_not_valid_any_more_counts_as_done() {
    let sandbox = Sandbox::new();
    let (client, _) = stored::works(&sandbox);
    sandbox.google.withdraw(&client);
    sandbox.command(&YES).stderr_has("the refresh token was not valid any more; removed it from").run();
    assert!(!sandbox.read("google-ads.yaml").contains("refresh_token"));
}

#[test]
fn if_google_is_unreachable_nothing_is_removed() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let stays = |run: crate::sandbox::Spec| {
        run.code(6).stderr_has("the token is still valid and still in").run();
        assert_eq!(sandbox.read("google-ads.yaml"), stored::yaml(&client, &token));
    };
    stays(sandbox.command(&["revoke", "--yes", "--forget"]).env("GADS_CREDS_ENDPOINT", "http://127.0.0.1:1"));
    sandbox.google.fault_always(Endpoint::Revoke, Fault::page(503, "later"));
    stays(sandbox.command(&YES));
    sandbox.google.world().faults = Default::default();
    sandbox.google.fault(Endpoint::Revoke, Fault::page(302, "<html>portal</html>"));
    stays(sandbox.command(&YES));
    assert!(sandbox.google.lives(&token));
}

/// Nothing was revoked: another token of the same grant works as before.
#[test]
fn a_token_that_was_not_valid_any_more_ends_nobodys_access() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let second = sandbox.google.grant(&client, &[crate::google::ADWORDS]);
    sandbox.write("dead.yaml", stored::yaml(&client, "1//0-not-valid"));
    sandbox.write("second.yaml", stored::yaml(&client, &second));
    let facts = |token: &str| {
        stored::metadata(&sandbox, token, DAY, None) + &format!("client_id = {:?}\naccount = \"a@b.c\"\n", client.id)
    };
    let text = format!(
        "[profiles.dead]\nfile = \"~/dead.yaml\"\n{}\n[profiles.second]\nfile = \"~/second.yaml\"\n{}\n",
        facts("1//0-not-valid"),
        facts(&second)
    );
    sandbox.write(".config/gads-creds/profiles.toml", text);
    let run = sandbox.command(&["revoke", "-p", "dead", "--yes"]).stderr_has("was not valid any more").run();
    assert!(!run.stderr.contains("ended the access"), "{run:#?}");
    assert!(sandbox.google.lives(&second) && sandbox.google.lives(&token));
}

#[test]
fn local_only_does_not_revoke_at_google() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    sandbox.command(&["revoke", "--yes", "--local-only"]).stderr_has("still valid at Google").run();
    assert!(sandbox.google.lives(&token) && sandbox.google.world().requests.is_empty());
    assert!(!sandbox.read("google-ads.yaml").contains(&token));
}

#[test]
fn a_profile_in_the_same_file_loses_access_by_a_local_deletion_as_well() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let file = sandbox.home().join("google-ads.yaml");
    let profiles = format!("[profiles.work]\nfile = {file:?}\n\n[profiles.second]\nfile = {file:?}\n");
    sandbox.write(".config/gads-creds/profiles.toml", profiles);
    let revoke = sandbox.command(&["revoke", "-p", "work", "--yes", "--local-only", "--json"]).stdout_has("{");
    let value = revoke.stderr_has("this also ended the access of `second`").run().json();
    assert_eq!(value["affected"].as_array().map(Vec::len), Some(1), "{value}");
}

#[cfg(unix)]
#[test]
fn the_prompt_for_what_google_is_not_asked_about_says_nothing_of_a_grant() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    stored::profile(&sandbox, "work", "");
    for (text, question) in [
        (stored::yaml(&client, &token).replace(&token, "\"\""), "Delete the OAuth client from"),
        ("use_proto_plus: true\n".to_owned(), "Forget profile `work`?"),
    ] {
        sandbox.write("google-ads.yaml", &text);
        let mut terminal = sandbox.command(&["revoke", "-p", "work", "--forget"]).code(5).terminal();
        terminal.expect(question);
        terminal.expect("[y/N]");
        terminal.send("n");
        let screen = terminal.finish().stdout;
        assert!(!screen.contains("grant"), "{screen}");
        assert_eq!(sandbox.read("google-ads.yaml"), text);
    }
}

#[test]
fn forget_removes_client_and_profile_as_well() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    stored::profile(&sandbox, "work", &stored::metadata(&sandbox, &token, DAY, None));
    sandbox.command(&["revoke", "-p", "work", "--yes", "--forget"]).stderr_has("revoked").run();
    assert_eq!(sandbox.read("google-ads.yaml"), "# mine\nuse_proto_plus: true\n");
    assert!(!sandbox.read(".config/gads-creds/profiles.toml").contains("work"));
    // A client without a token can be forgotten too; nothing is reported as valid at Google.
    let without = stored::yaml(&client, &token).replace(&token, "\"\"");
    sandbox.write("google-ads.yaml", without);
    let run = sandbox.command(&["revoke", "--yes", "--forget"]).stderr_has("removed the OAuth client from").run();
    assert!(!run.stderr.contains("valid") && sandbox.google.requests(Endpoint::Revoke).len() == 1, "{run:?}");
}

#[test]
fn forgetting_a_profile_of_which_only_the_name_is_left_says_so() {
    let sandbox = Sandbox::new();
    stored::profile(&sandbox, "work", "");
    let forget = ["revoke", "--forget", "--yes"];
    let place = sandbox.home().join("google-ads.yaml");
    let expected = format!("forgot the profile; nothing was stored in `{}`\n", place.display());
    sandbox.command(&[&forget[..], &["-p", "work"]].concat()).stderr(expected).run();
    assert!(!sandbox.read(".config/gads-creds/profiles.toml").contains("work"));
    // Without a name there is nothing to forget.
    sandbox.command(&forget).code(3).stderr_has("there is no refresh token in").run();
}

#[test]
fn a_profile_whose_file_is_broken_can_be_forgotten_and_the_file_stays() {
    for broken in ["client_id: [\n", "refresh_token: *nowhere\n", "a: \u{0}\n"] {
        let sandbox = Sandbox::new();
        stored::profile(&sandbox, "old", "");
        let profiles = ".config/gads-creds/profiles.toml";
        let file = sandbox.write("google-ads.yaml", broken);
        let before = sandbox.read(profiles);
        // The token cannot be read, so Google cannot be asked to revoke it.
        let hint = "run `gads-creds revoke -p old --local-only --forget --yes`: it forgets the profile";
        sandbox.command(&["revoke", "--yes", "-p", "old", "--forget"]).code(1).stderr_has(hint).run();
        let forget = ["revoke", "-p", "old", "--local-only", "--forget"];
        sandbox.command(&forget).code(2).stderr_has("hint: add `--yes`").run();
        assert_eq!(sandbox.read(profiles), before);
        let expected =
            format!("forgot the profile; `{}` is as it was, and a token in it may still be valid", file.display());
        let forget =
            sandbox.command(&[&forget[..], &["--yes", "--json"]].concat()).stderr_has(&expected).stdout_has("");
        let value = forget.run().json();
        assert_eq!((&value["revoked"], &value["forgotten"]), (&"not_asked".into(), &true.into()));
        assert_eq!((sandbox.read(profiles).as_str(), sandbox.read(&file).as_str()), ("", broken));
        assert!(sandbox.google.world().requests.is_empty());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_profile_whose_file_another_run_holds_is_not_forgotten() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    stored::profile(&sandbox, "old", "");
    let profiles = sandbox.read(".config/gads-creds/profiles.toml");
    let _held = crate::security::signals::lock_of_file(&sandbox);
    let run = sandbox.command(&["revoke", "-p", "old", "--local-only", "--forget", "--yes"]);
    // The limit is long: under a clock that runs ten times as fast.
    let Some(run) = crate::platform::environment::with_clock(run, "2030-01-01 00:00:00 x10") else { return };
    run.without_env("FAKETIME_DONT_FAKE_MONOTONIC").code(1).stderr_has("has held the lock").run();
    assert_eq!(sandbox.read(".config/gads-creds/profiles.toml"), profiles);
    assert_eq!(sandbox.read("google-ads.yaml"), stored::yaml(&client, &token));
}

#[test]
fn a_token_of_google_is_not_sent_to_a_stand_in() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    let facts = stored::metadata(&sandbox, &token, DAY, None);
    stored::profile(&sandbox, "work", &facts.replace("endpoint", "# endpoint"));
    sandbox.command(&["revoke", "-p", "work", "--yes"]).code(2).stderr_has("came from Google").run();
    assert!(sandbox.google.lives(&token) && sandbox.google.world().requests.is_empty());
}

#[test]
fn a_file_that_cannot_be_edited_is_found_before_google_is_asked() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    sandbox.write("google-ads.yaml", stored::yaml(&client, &token) + "refresh_token: x\n: [\n");
    sandbox.command(&YES).code(1).stderr_has("google-ads.yaml").run();
    assert!(sandbox.google.lives(&token) && sandbox.google.world().requests.is_empty());
}

#[test]
fn a_server_that_requires_client_authentication_gets_it() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    sandbox.google.fault(Endpoint::Revoke, Fault::page(400, r#"{"error":"invalid_request"}"#));
    sandbox.command(&YES).stderr_has("revoked the refresh token at Google").run();
    assert!(!sandbox.google.lives(&token));
    let asked = sandbox.google.requests(Endpoint::Revoke);
    let form = |index: usize| asked[index].form().0.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(asked.len(), 2);
    assert_eq!(form(0), ["token"]);
    assert_eq!(form(1), ["token", "client_id", "client_secret"]);
    assert!(asked[1].form().0.contains(&("client_id".to_owned(), client.id.clone())));
}

/// Returns the outcome of a run that got a signal during the revocation request.
#[cfg(unix)]
fn stopped(sandbox: &Sandbox, fault: Fault, code: i32, signal: rustix::process::Signal) -> crate::sandbox::Outcome {
    sandbox.google.fault(Endpoint::Revoke, fault);
    let running = sandbox.command(&["revoke", "--yes", "--json"]).code(code).stdout_has("").stderr_has("").start();
    while sandbox.google.requests(Endpoint::Revoke).is_empty() {
        std::thread::yield_now();
    }
    let id = i32::try_from(running.id()).expect("a process id");
    let id = rustix::process::Pid::from_raw(id).expect("a process id");
    rustix::process::kill_process(id, signal).expect("it runs");
    running.finish()
}

#[cfg(unix)]
#[test]
fn a_signal_after_google_has_revoked_says_that_it_was_done() {
    for (signal, code) in [(rustix::process::Signal::INT, 130), (rustix::process::Signal::TERM, 143)] {
        let sandbox = Sandbox::new();
        let (_, token) = stored::works(&sandbox);
        let run = stopped(&sandbox, Fault::Late(Duration::from_millis(300)), code, signal);
        for expected in ["revoked the refresh token at Google and removed it from", "hint: nothing is left to do"] {
            assert!(run.stderr.contains(expected), "{run:?}");
        }
        assert_eq!(
            (run.json()["revoked"].as_str(), run.json()["error"]["code"].as_i64()),
            (Some("now"), Some(code.into()))
        );
        assert!(!sandbox.google.lives(&token) && !sandbox.read("google-ads.yaml").contains("refresh_token"));
    }
}

#[cfg(unix)]
#[test]
fn a_signal_before_google_responds_says_that_nobody_knows_and_to_run_it_again() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let run = stopped(&sandbox, Fault::Silence, 130, rustix::process::Signal::INT);
    for expected in
        ["the token may or may not still be valid, and it is still in", "hint: run `gads-creds revoke --yes` again"]
    {
        assert!(run.stderr.contains(expected), "{run:?}");
    }
    assert_eq!(run.json()["revoked"], "unknown");
    assert_eq!(sandbox.read("google-ads.yaml"), stored::yaml(&client, &token));
}

#[test]
fn a_lost_response_leaves_the_token_and_says_that_nobody_knows() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    // The request takes effect and its response is lost, each time it is repeated.
    sandbox.google.fault_always(Endpoint::Revoke, Fault::Truncated);
    let unsure = "the token may or may not still be valid, and it is still in";
    let again = "hint: run `gads-creds revoke --yes` again: a token that Google has revoked already counts as done";
    sandbox.command(&YES).code(6).stderr_has(unsure).stderr_has(again).run();
    sandbox.google.world().faults = Default::default();
    sandbox.command(&YES).stderr_has("the refresh token was not valid any more; removed it from").run();
}

#[test]
fn a_token_that_was_put_in_while_google_was_asked_stays() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let other = sandbox.google.grant(&sandbox.google.desktop(), &[crate::google::ADWORDS]);
    sandbox.google.fault(Endpoint::Revoke, Fault::Late(Duration::from_millis(500)));
    let running = sandbox.command(&YES).stderr_has("another one (").stderr_has("came into").start();
    while sandbox.google.requests(Endpoint::Revoke).is_empty() {
        std::thread::yield_now();
    }
    sandbox.write("google-ads.yaml", stored::yaml(&client, &other));
    running.finish();
    assert!(!sandbox.google.lives(&token) && sandbox.google.lives(&other));
    assert_eq!(sandbox.read("google-ads.yaml"), stored::yaml(&client, &other));
}

#[cfg(unix)]
#[test]
fn a_token_that_was_put_in_while_the_prompt_was_open_is_not_what_the_yes_was_for() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let other = sandbox.google.grant(&client, &[crate::google::ADWORDS]);
    let mut terminal = sandbox.command(&["revoke"]).code(1).terminal();
    terminal.expect("[y/N]");
    sandbox.write("google-ads.yaml", stored::yaml(&client, &other));
    terminal.send("y");
    terminal.expect("was replaced meanwhile; nothing was revoked");
    terminal.finish();
    assert!(sandbox.google.lives(&token) && sandbox.google.lives(&other));
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_written_any_more_says_that_google_has_revoked() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    sandbox.google.fault(Endpoint::Revoke, Fault::Late(Duration::from_millis(500)));
    let running = sandbox
        .command(&YES)
        .code(1)
        .stderr_has("revoked the refresh token at Google; it is still in")
        .stderr_has("run `gads-creds revoke --yes` again: a token that Google has revoked already counts as done")
        .start();
    while sandbox.google.requests(Endpoint::Revoke).is_empty() {
        std::thread::yield_now();
    }
    sandbox.write("google-ads.yaml", stored::yaml(&client, &token) + ": [\n");
    running.finish();
    assert!(!sandbox.google.lives(&token));
}

#[test]
fn the_old_file_that_a_killed_run_left_is_cleared_by_runs_that_write_nothing() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let yaml = stored::yaml(&client, &token);
    let old = ".google-ads.yaml.gads-creds-AbCdEf012345";
    let left = |command: &str| {
        assert!(!sandbox.home().join(old).exists(), "{command} left it");
        sandbox.write(old, &yaml);
    };
    sandbox.write(old, &yaml);
    sandbox.command(&["refresh", "--quiet"]).run();
    left("refresh");
    sandbox.command(&["revoke", "--yes", "--quiet"]).run();
    left("revoke");
    sandbox.command(&["revoke", "--yes"]).code(3).stderr_has("there is no refresh token in").run();
    left("a second revoke");
}

/// What is left is named: nothing but what a login writes beside the credentials, or something of the user's own.
#[test]
fn forget_says_what_is_left_in_the_file() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    for (file, format) in [
        ("google-ads.yaml", "python"),
        ("ads.properties", "java"),
        ("google_ads_php.ini", "php"),
        ("google_ads_config.rb", "ruby"),
        ("googleads.properties", "perl"),
        ("App.config", "dotnet"),
        ("appsettings.json", "dotnet"),
        ("application_default_credentials.json", "adc"),
        ("a.env", "env"),
        ("secrets.toml", "dlt"),
    ] {
        for own in [false, true] {
            let login =
                sandbox.login(&["-c", "client_secret.json", "--no-verify", "--config", file]).directory("").start();
            login.visit(&Decision::allow());
            login.finish();
            if own {
                let args = ["set", "--config", file, "--no-verify", "--login-customer-id", "1234567890"];
                if sandbox.run(&args).code != 0 {
                    continue;
                }
            }
            let run = sandbox.run(&["revoke", "--yes", "--forget", "--config", file]);
            let expected =
                if own { "stays, with what is not part of the credentials" } else { "nothing else is left in `" };
            assert!(run.code == 0 && run.stderr.contains(expected), "{format}, {own}: {run:#?}");
            fs::remove_file(sandbox.path(file)).expect("it is there");
        }
    }
}
