//! Credentials in real secret managers: pass, sops, age, OpenBao and AWS Secrets Manager.

use std::path::Path;

use serde_json::{Value, json};

use super::managers::{ALL, Real, plain};
use super::put::put;
use crate::google::Client;
use crate::google::browser::Decision;
use crate::sandbox::{Outcome, Sandbox};
use crate::traced;

#[track_caller]
pub fn log_in(real: &Real, client: &Client) -> Outcome {
    let login = real.login(client).stderr_has("stored the refresh token in").stderr_has(&real.store).start();
    login.visit(&Decision::allow());
    login.finish()
}

#[track_caller]
pub fn entry(real: &Real) -> Value {
    let text = real.entry().expect("an entry");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn every_manager_keeps_a_credential_from_login_to_revocation_without_files() {
    for name in ALL {
        let sandbox = Sandbox::new();
        let Some(real) = Real::start(&sandbox, name) else { continue };
        let client = sandbox.google.desktop();
        log_in(&real, &client);
        assert_eq!(plain(&sandbox), [""; 0].map(Path::new), "{name}");
        let first = entry(&real);
        assert_eq!(first["client_id"], client.id.as_str(), "{name}");

        let shown = real.command(&["show", "-p", "work", "--json"]).stdout_has("{").run().json();
        assert_eq!((&shown["store"], &shown["location"]), (&json!("command"), &json!(real.store)), "{name}");
        real.command(&["refresh"]).stderr_has("works: access token issued").run();
        let exec = real.command(&["exec", "--", "/bin/sh", "-c", "echo $GOOGLE_ADS_CLIENT_ID"]);
        exec.stdout(format!("{}\n", client.id)).run();
        let doctor = real.command(&["doctor", "--offline"]).stdout_has(&format!("ok    location: {}", real.store));
        let doctor = doctor.stdout_has("ok    secret manager: ").run().stdout;
        let line = doctor.lines().find(|line| line.contains("secret manager")).unwrap();
        assert!(line.contains("`, ") && line.contains('.'), "no version: {line}");

        // Google replaces the token; then a second consent does.
        sandbox.google.world().rotate = true;
        real.command(&["refresh"]).stderr_has("replaced the refresh token").run();
        sandbox.google.world().rotate = false;
        let second = entry(&real);
        assert_ne!(second["refresh_token"], first["refresh_token"], "{name}");
        log_in(&real, &client);
        let third = entry(&real);
        assert_ne!(third["refresh_token"], second["refresh_token"], "{name}");
        assert_eq!(plain(&sandbox), [""; 0].map(Path::new), "{name}");

        real.command(&["revoke", "--yes"]).stderr_has("revoked the refresh token at Google").run();
        assert!(!sandbox.google.lives(third["refresh_token"].as_str().unwrap()), "{name}");
        assert_eq!(entry(&real).get("refresh_token"), None, "{name}");
        real.command(&["revoke", "--yes", "--forget"]).stderr_has("removed").run();
        assert_eq!(real.entry(), None, "{name}");
    }
}

/// Returns what a user enters for a word in capitals in a command.
fn filled_in(real: &Real, command: &str) -> String {
    let recipient = if command.contains("AGE-RECIPIENT") { real.recipient("sops-key.txt") } else { String::new() };
    command.replace("GPG-ID", "ada@example.com").replace("AGE-RECIPIENT", &recipient)
}

#[test]
fn where_nothing_is_set_up_the_command_that_does_it_is_named_and_works() {
    for (name, store, command) in [
        ("pass", None, "pass init GPG-ID"),
        ("sops", None, "mkdir -p "),
        ("age", None, "mkdir -p "),
        ("bao", Some("bao:team/google-ads/work"), "bao secrets enable -path=team -version=2 kv"),
        ("vault", Some("vault:team/google-ads/work"), "vault secrets enable -path=team -version=2 kv"),
        ("aws", None, "aws secretsmanager create-secret --name google-ads/work"),
    ] {
        let sandbox = Sandbox::new();
        let Some(mut real) = Real::unprepared(&sandbox, name) else { continue };
        real.store = store.unwrap_or(&real.store).to_owned();
        let client = sandbox.google.desktop();
        let run = real.login(&client).code(7).stderr_has(command).run();
        assert!(!run.stderr.contains("/o/oauth2/"), "{name}: {run:#?}");
        // As it is printed, in a shell.
        let start = run.stderr.find(&format!("`{command}")).expect("a command") + 1;
        let step = run.stderr[start..].split('`').next().expect("its end");
        real.runs("/bin/sh", &["-c", &filled_in(&real, step)]);
        log_in(&real, &client);
        real.command(&["refresh", "-p", "work"]).stderr_has("works").run();
    }
}

#[test]
fn set_changes_what_a_manager_keeps_and_nothing_else() {
    for name in ALL {
        let sandbox = Sandbox::new();
        let Some(real) = Real::start(&sandbox, name) else { continue };
        let client = sandbox.google.desktop();
        log_in(&real, &client);
        let mut document = entry(&real);
        document["note"] = json!("ours");
        put(&real, &document);
        let mut new = client.clone();
        new.secret = "GOCSPX-the-new-secret-of-28-chars-".to_owned();
        sandbox.google.world().secrets.push(new.secret.clone());
        sandbox.google.edit(&client, |client| client.secret = new.secret.clone());
        let set = ["set", "-p", "work", "-c", "-", "--login-customer-id", "123-456-7890", "--default"];
        let set = real.command(&set).stdin(new.secrets_file()).stderr_has(&format!("in {}", real.store));
        set.stderr_has("set the client secret and the login customer ID (").run();
        document["client_secret"] = json!(new.secret);
        document["login_customer_id"] = json!("1234567890");
        assert_eq!(entry(&real), document, "{name}");
        assert_eq!(plain(&sandbox), [""; 0].map(Path::new), "{name}");
        // It is the default now.
        real.command(&["refresh"]).stderr_has("works").run();
    }
}

#[test]
fn members_of_others_survive_where_the_manager_takes_the_document_apart_and_where_not() {
    for name in ["pass", "sops", "bao"] {
        let sandbox = Sandbox::new();
        let Some(real) = Real::start(&sandbox, name) else { continue };
        let client = sandbox.google.desktop();
        log_in(&real, &client);
        let mut document = entry(&real);
        document["team"] = json!({ "owner": "Zoë \"Z\" \\ ünï", "list": [1, 2.5, null, true, ""], "since": 2019 });
        document["note"] = json!("two\nlines\tand a tab");
        put(&real, &document);
        log_in(&real, &client);
        let after = entry(&real);
        for member in ["team", "note"] {
            assert_eq!(after[member], document[member], "{name}");
        }
    }
}

/// Every program that a run starts, completely: its arguments and its environment. Each manager is run for everything that it
/// does; all commands run a manager in the same way, so the other commands are tried with `pass` only.
#[cfg(target_os = "linux")]
#[test]
fn no_program_gets_a_secret_as_argument_or_in_its_environment() {
    if traced::cannot() {
        return;
    }
    traced::each(&ALL, |name| {
        let sandbox = Sandbox::new();
        let Some(real) = Real::start(&sandbox, name) else { return };
        let client = sandbox.google.desktop();
        let log = sandbox.write(sandbox.work().join("starts"), "");
        // With the filter in the kernel only what is traced costs time.
        let options =
            ["-f", "--seccomp-bpf", "-qq", "-v", "-s", "65536", "-A", "-e", "trace=execve", "-e", "signal=none"];
        let strace = [&options[..], &["-o", log.to_str().unwrap(), crate::PROGRAM]].concat();
        let watched = |args: &[&str]| real.other("strace", &[&strace[..], args].concat());
        let args = ["login", "--no-browser", "-p", "work", "--store", &real.store, "-c", "-"];
        let login = watched(&args)
            .stdin(client.secrets_file())
            .env("GOOGLE_ADS_DEVELOPER_TOKEN", "planted-developer-token")
            .stderr_has("stored")
            .start();
        login.visit(&Decision::allow());
        login.finish();
        if *name == "pass" {
            sandbox.google.world().rotate = true;
            watched(&["refresh"]).stderr_has("works").run();
            watched(&["set", "-p", "work", "--login-customer-id", "123-456-7890"]).stderr_has("set the login").run();
            let away = ["move", "-p", "work", "--store", "file", "--config", "../home/work.yaml"];
            watched(&away).stderr_has("now").run();
            watched(&["move", "-p", "work", "--store", &real.store]).stderr_has("now").run();
        }
        watched(&["doctor", "--offline"]).stdout_has("ok    secret manager: ").stderr_has("").run();
        watched(&["revoke", "--yes", "--forget"]).stderr_has("revoked").run();
        let starts = sandbox.read(&log);
        let programs = starts.lines().filter(|line| line.contains("execve(")).count();
        assert!(programs >= 12, "{name}: only {programs} programs were seen");
        assert!(!starts.contains("\"..."), "{name}: cut short");
        for secret in sandbox.google.secrets() {
            let line = starts.lines().find(|line| line.contains(&secret));
            assert_eq!(line, None, "{name}: a program got a secret");
        }
        // Only our own process has it: it was started with it.
        let is_other = |line: &&str| line.contains("planted-developer-token") && !line.contains("/gads-creds\"");
        assert_eq!(starts.lines().find(is_other), None, "{name}: a program got the developer token");
    });
}

#[test]
fn a_manager_that_fails_after_the_consent_loses_no_token() {
    for name in ALL {
        let sandbox = Sandbox::new();
        let Some(real) = Real::start(&sandbox, name) else { continue };
        let client = sandbox.google.desktop();
        let login = real.login(&client).code(7).stderr_has("`gads-creds login --recover`").start();
        login.url();
        real.spoil();
        login.visit(&Decision::allow());
        login.finish();
        real.restore();
        real.command(&["login", "--recover"]).stderr_has("stored the refresh token in").run();
        assert_eq!(plain(&sandbox), [""; 0].map(Path::new), "{name}");
        real.command(&["refresh", "-p", "work"]).stderr_has("works").run();
    }
}
