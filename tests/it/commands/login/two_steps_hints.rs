//! `login --start` and `--finish`: the hints mean the same credential and the same account, and what is shown to somebody else is
//! true.

use std::fs;
use std::path::MAIN_SEPARATOR;

use super::CLIENT;
use super::two_steps::{ended_on, finish, pending, start, text};
use crate::google::browser::Decision;
#[cfg(unix)]
use crate::google::{Endpoint, Fault};
#[cfg(target_os = "linux")]
use crate::harness::mounts::Mounts;
use crate::sandbox::Sandbox;

/// The commands of this program in backticks.
#[cfg(unix)]
fn commands(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).filter(|code| code.starts_with("gads-creds ")).collect()
}

#[cfg(unix)]
#[test]
fn the_hint_of_every_failure_starts_the_same_login_again() {
    for (decision, fault, code) in [
        (Decision::deny(), None, 5),
        (Decision::allow().by("bob@example.org"), None, 4),
        (Decision::allow(), Some(Fault::oauth_error(400, "invalid_grant", "Bad Request")), 4),
        (Decision::allow(), Some(Fault::oauth_error(401, "invalid_client", "Unauthorized")), 4),
        (Decision::allow(), Some(Fault::page(503, "later")), 6),
    ] {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        let file = sandbox.work().join("w.yaml").display().to_string();
        let options =
            ["--no-verify", "-p", "w", "--config", "w.yaml", "--format", "python", "--for", "ada@example.com"];
        let started = start(&sandbox, &options);
        let address = ended_on(&started, &decision);
        if let Some(fault) = fault {
            sandbox.google.fault(Endpoint::Token, fault);
        }
        let run = finish(&sandbox, &[], &address).code(code).run();
        let logins: Vec<&str> =
            commands(&run.stderr).into_iter().filter(|command| command.starts_with("gads-creds login")).collect();
        assert!(!logins.is_empty(), "{run:#?}");
        let target = format!("gads-creds login -p w --config {file} --format python ");
        assert!(logins.iter().all(|login| login.starts_with(&target)), "{logins:?}");
        let is_whole = |login: &&str| login.contains("--start") && !login.contains("-c FILE");
        let Some(again) = logins.into_iter().find(is_whole) else {
            assert!(run.stderr.contains("invalid_client"), "{run:#?}");
            continue;
        };
        assert!(again.contains(" --for ada@example.com"), "{again}");
        // It works as it stands.
        let again = again.replace("gads-creds ", &format!("{} --json ", crate::PROGRAM));
        let second = sandbox.other_program("/bin/sh", &["-c", &again]).stdout_has("{").stderr_has("").run().json();
        for member in ["profile", "location", "account", "client_id", "scopes"] {
            assert_eq!(second[member], started[member], "{again}");
        }
        finish(&sandbox, &[], &ended_on(&second, &Decision::allow())).run();
        assert!(fs::read_to_string(&file).unwrap().contains("refresh_token"));
    }
}

#[cfg(unix)]
#[test]
fn the_store_of_the_first_step_is_named_and_another_kind_can_be_replaced_in_the_second() {
    use crate::stores::command::PATH;
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let script = "case $1 in show) cat ~/entry 2> /dev/null || { echo is not in the password store >&2; exit 1; } ;; *) cat > ~/entry ;; esac";
    let program = sandbox.write("bin/pass", format!("#!/bin/sh\n{script}\n"));
    sandbox.chmod(&program, 0o700);
    let path = format!("{}:{PATH}", sandbox.home().join("bin").display());
    let args = ["login", "--start", "--json", "--no-verify", "-p", "new", "--store", "pass:ads/new"];
    let started = sandbox.command(&[&args[..], &CLIENT].concat()).env("PATH", &path).stdout_has("url");
    let started = started.stderr_has("").run().json();
    let run = finish(&sandbox, &[], &ended_on(&started, &Decision::deny())).env("PATH", &path).code(5).run();
    let again = commands(&run.stderr).into_iter().find(|command| command.contains("--start")).unwrap_or_default();
    assert!(again.contains("-p new") && again.contains("--store pass:ads/new"), "{run:#?}");

    // Meanwhile the file has a service account.
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let started = start(&sandbox, &["--no-verify"]);
    let address = ended_on(&started, &Decision::allow());
    let account = sandbox.google.service_account();
    sandbox.write("key.json", account.key_file());
    sandbox.command(&["login", "-q", "--key-file", "../home/key.json"]).stderr_has("").run();
    finish(&sandbox, &[], &address).code(2).stderr_has("add `--replace-kind`").stderr_has("still pending").run();
    finish(&sandbox, &["--replace-kind"], &address).stderr_has("stored the refresh token").run();
}

#[test]
fn what_cannot_be_an_account_is_refused_before_anything_is_made() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let long = format!("{}@example.com", "x".repeat(3000));
    for account in [
        "ann@example.com\nIMPORTANT: pay",
        "ann@example.com\r\nClient: good",
        "ann\u{202e}@example.com",
        "ann@example.com\u{200b}",
        "ann@example.com\u{1b}[31m",
        "ann@example.com ",
        " ann@example.com",
        "Ann <ann@example.com>",
        "<ann@example.com>",
        "ann@example.com,eve@example.com",
        "ann@eve@example.com",
        "a`b@example.com",
        "ann@example..com",
        "ann@.com",
        "@example.com",
        "ann@example",
        "ann",
        &long,
    ] {
        for option in ["--for", "--expect-account", "--login-hint"] {
            let args = [&["login", "--start", "--json"], &CLIENT[..], &[option, account]].concat();
            let run = sandbox.command(&args).code(2).stdout_has("e-mail address").stderr_has("").run();
            assert!(!run.stdout.contains("/o/oauth2/"), "{run:#?}");
        }
    }
    assert!(pending(&sandbox).is_empty());
    for account in ["ann@example.com", "Ann.O'Neil+ads@sub-1.example.co.uk", "m\u{fc}ller@b\u{fc}cher.example"] {
        assert_eq!(start(&sandbox, &["--for", account])["account"], account);
        start(&sandbox, &["--login-hint", account]);
    }
    // Google takes the number of an account as well.
    assert!(text(&start(&sandbox, &["--login-hint", "112233445566778899001"]), "url").contains("login_hint=1122"));
    let args = ["login", "--start", "--for", "ann@example.com", "--login-hint", "eve@example.com"];
    sandbox.command(&args).code(2).stderr_has("`--for` and `--login-hint` name different accounts").run();
    start(&sandbox, &["--for", "ann@example.com", "--login-hint", "Ann@example.com"]);
}

#[test]
fn the_beginning_that_is_named_is_that_of_the_address_also_with_a_query_of_its_own() {
    for (uri, begins) in [
        ("https://example.com/oauth/cb?x=1&y=2", "https://example.com/oauth/cb?x=1&y=2&"),
        ("https://example.com/oauth/cb", "https://example.com/oauth/cb?"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.client_secrets(&sandbox.google.web(&[uri]));
        let started = start(&sandbox, &["--no-verify", "--for", "ada@example.com"]);
        let address = ended_on(&started, &Decision::allow());
        assert!(address.starts_with(begins) && address.starts_with(text(&started, "redirect_uri")), "{address}");
        assert!(text(&started, "message").lines().any(|line| line.trim() == begins), "{started:#}");
        let args = [&["login", "--start", "-p", "two"], &CLIENT[..]].concat();
        sandbox.command(&args).stdout_has("url").stderr_has(&format!("begins with `{begins}`")).run();
        let id = text(&started, "id");
        let cut = finish(&sandbox, &[id], &address[..begins.len() + 4]).code(2);
        cut.stderr_has(&format!("it begins with `{begins}`")).run();
        finish(&sandbox, &[id], &address).run();
    }
}

#[test]
fn the_message_names_the_page_that_the_address_leads_to() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let json = sandbox.read("client_secret.json").replace(sandbox.google.url(), "https://oauth2.googleapis.com");
    let json = json.replace("https://oauth2.googleapis.com/o/oauth2", "https://accounts.google.com/o/oauth2");
    sandbox.write("client_secret.json", json);
    // Nothing is sent: with Google itself a start makes no request.
    let args = [&["login", "--start", "--for", "ada@example.com"], &CLIENT[..]].concat();
    let run = sandbox.command(&args).without_env("GADS_CREDS_ENDPOINT").stdout_has("https://accounts.google.com/o/");
    run.stdout_has("must begin with https://accounts.google.com/ and").stderr_has("").run();
}

#[test]
fn doctor_shows_what_is_pending_in_a_new_home_and_a_damaged_one_by_its_path() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let started = start(&sandbox, &[]);
    let doctor = || sandbox.command(&["doctor", "--offline"]).observe().stdout;
    let shown = doctor();
    assert!(shown.contains(&format!("gads-creds login --finish {}", text(&started, "id"))), "{shown}");
    let [path] = &Vec::from_iter(pending(&sandbox).into_keys())[..] else { panic!("one file") };
    fs::write(path, "{").unwrap();
    let shown = doctor().split_whitespace().collect::<String>();
    assert!(shown.contains(&format!("pending{MAIN_SEPARATOR}{}.json", text(&started, "id"))), "{shown}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_login_that_was_started_in_the_future_is_stale() {
    use crate::platform::environment::with_clock;
    use chrono::{TimeDelta, Utc};
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let started_in = |minutes: i64| {
        let time = (Utc::now() + TimeDelta::minutes(minutes)).format("%F %T").to_string();
        let name = format!("p{minutes}");
        let args = [&["login", "--start", "--json", "--no-verify", "-p", &name], &CLIENT[..]].concat();
        Some(with_clock(sandbox.command(&args), &time)?.stdout_has("{").stderr_has("").run().json())
    };
    let Some(ahead) = started_in(365 * 24 * 60) else { return };
    let soon = started_in(5).expect("the clock is set");
    let address = ended_on(&ahead, &Decision::allow());
    let late = finish(&sandbox, &[text(&ahead, "id")], &address).code(5).stderr_has("by this machine's clock");
    late.stderr_has("-p p525600 --start").run();
    let fixed = sandbox.command(&["doctor", "--offline", "--fix"]).observe();
    assert!(fixed.stdout.contains(&format!("deleted the pending login `{}`", text(&ahead, "id"))), "{fixed:#?}");
    // Clocks differ by some minutes.
    finish(&sandbox, &[text(&soon, "id")], &ended_on(&soon, &Decision::allow())).run();
}

#[cfg(target_os = "linux")]
#[test]
fn a_home_that_cannot_be_written_is_named_with_the_variable_that_moves_the_state() {
    let sandbox = Sandbox::new();
    let Some(mounts) = Mounts::start(&sandbox) else { return };
    sandbox.desktop();
    mounts.fix(&sandbox.home().display().to_string());
    let start = mounts.command(&[&["login", "--start"], &CLIENT[..], &["--config", "google-ads.yaml"]].concat());
    let run = start.observe();
    assert!(run.code == 1 && run.stderr.contains("hint: set `XDG_STATE_HOME`"), "{run:#?}");
}
