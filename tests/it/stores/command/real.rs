//! Credentials in real secret managers: pass, sops, age, OpenBao and AWS Secrets Manager.

use std::path::Path;

use serde_json::{Value, json};

use super::managers::{ALL, Real, plain};
use crate::google::browser::Decision;
use crate::google::{ADWORDS, Client};
use crate::harness::keyring::Session;
use crate::sandbox::{Outcome, Sandbox};

#[track_caller]
fn log_in(real: &Real, client: &Client) -> Outcome {
    let login = real.login(client).stderr_has("stored the refresh token in").stderr_has(&real.store).start();
    login.visit(&Decision::allow());
    login.finish()
}

#[track_caller]
fn entry(real: &Real) -> Value {
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
        set.stderr_has("set the client secret and the login customer ID of profile `work`").run();
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

/// Writes an entry with the manager's own program.
fn put(real: &Real, document: &Value) {
    let (name, place) = real.store.split_once(':').unwrap();
    let set = match name {
        "pass" => real.other("pass", &["insert", "-m", "-f", place]),
        "sops" => {
            let args = ["encrypt", "--filename-override", place, "--output", place, "/dev/stdin"];
            real.other("sops", &args).directory("team")
        }
        "age" => real.other("age", &["-e", "-i", ".config/age/keys.txt", "-o", place]).directory(""),
        "bao" | "vault" => real.other(name, &["kv", "put", place, "-"]),
        _ => real.other(
            "aws",
            &["secretsmanager", "put-secret-value", "--secret-id", place, "--secret-string", "file:///dev/stdin"],
        ),
    };
    let outcome = set.stdin(document.to_string()).observe();
    assert_eq!(outcome.code, 0, "{name}: {outcome:#?}");
}

#[test]
fn profiles_in_files_managers_and_the_keychain_are_refreshed_at_once() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    // `vault` is OpenBao's program here: both in one run would ask the server that BAO_ADDR names.
    let names = ALL.iter().filter(|name| **name != "vault");
    let mut reals: Vec<Real> = names.filter_map(|name| Real::start(&sandbox, name)).collect();
    let client = sandbox.google.desktop();
    for (index, real) in reals.iter().enumerate() {
        let profile = format!("p{index}");
        let args = ["login", "--no-browser", "-p", &profile, "--store", &real.store, "-c", "-"];
        let login = real.command(&args).stdin(client.secrets_file()).stderr_has("stored").start();
        login.visit(&Decision::allow());
        login.finish();
    }
    let login = session.login(&["-p", "keychain", "--store", "keychain", "-c", "-"]).stdin(client.secrets_file());
    let login = login.stderr_has("stored the refresh token in keychain").start();
    login.visit(&Decision::allow());
    login.finish();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let file = sandbox.write("file.yaml", crate::stored::yaml(&client, &token));
    let profiles = sandbox.read(super::PROFILES);
    sandbox.write(super::PROFILES, format!("{profiles}\n[profiles.file]\nfile = {file:?}\n"));
    let Some(mut all) = reals.pop() else { return };
    for real in &reals {
        all = all.and(real);
    }
    // The first time Google replaces every token, and each is saved in the store of its profile.
    for rotate in [true, false] {
        sandbox.google.world().rotate = rotate;
        let run = all.command(&["refresh", "--all", "--json"]).env("DBUS_SESSION_BUS_ADDRESS", session.address());
        let run = run.stderr_has("").stdout_has("{").run();
        let valid = run.stdout.lines().filter(|line| line.contains("\"valid\":true")).count();
        let profiles = sandbox.read(super::PROFILES).matches("[profiles.").count();
        assert!(profiles > reals.len() + 2);
        assert_eq!(valid, profiles, "{run:#?}");
    }
}

/// Every program that a run starts, completely: its arguments and its environment.
#[cfg(target_os = "linux")]
#[test]
fn no_program_gets_a_secret_as_argument_or_in_its_environment() {
    for name in ALL {
        let sandbox = Sandbox::new();
        if crate::harness::skip::without("strace") {
            return;
        }
        let Some(real) = Real::start(&sandbox, name) else { continue };
        let client = sandbox.google.desktop();
        let log = sandbox.write("../work/starts", "");
        let strace = [
            "-f",
            "-qq",
            "-v",
            "-s",
            "65536",
            "-A",
            "-e",
            "trace=execve",
            "-e",
            "signal=none",
            "-o",
            log.to_str().unwrap(),
            crate::PROGRAM,
        ];
        let watched = |args: &[&str]| real.other("strace", &[&strace[..], args].concat());
        let args = ["login", "--no-browser", "-p", "work", "--store", &real.store, "-c", "-"];
        let login = watched(&args)
            .stdin(client.secrets_file())
            .env("GOOGLE_ADS_DEVELOPER_TOKEN", "planted-developer-token")
            .stderr_has("stored")
            .start();
        login.visit(&Decision::allow());
        login.finish();
        sandbox.google.world().rotate = true;
        watched(&["refresh"]).stderr_has("works").run();
        watched(&["set", "-p", "work", "--login-customer-id", "123-456-7890"]).stderr_has("set the login").run();
        watched(&["move", "-p", "work", "--store", "file", "--config", "../home/work.yaml"]).stderr_has("now").run();
        if name == "aws" {
            real.restore();
        }
        watched(&["move", "-p", "work", "--store", &real.store]).stderr_has("now").run();
        watched(&["doctor"]).stdout_has("ok    secret manager: ").stderr_has("").run();
        watched(&["revoke", "--yes", "--forget"]).stderr_has("revoked").run();
        let starts = sandbox.read("../work/starts");
        let programs = starts.lines().filter(|line| line.contains("execve(")).count();
        assert!(programs >= 12, "{name}: only {programs} programs were seen");
        assert!(!starts.contains("\"..."), "{name}: cut short");
        for secret in sandbox.google.secrets() {
            let line = starts.lines().find(|line| line.contains(&secret));
            assert_eq!(line, None, "{name}: a program got a secret");
        }
        // Only our own process has it: it was started with it.
        let other =
            starts.lines().find(|line| line.contains("planted-developer-token") && !line.contains("/gads-creds\""));
        assert_eq!(other, None, "{name}: a program got the developer token");
    }
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
