//! Credentials in real secret managers: pass, sops, age, OpenBao and AWS Secrets Manager.

use std::path::Path;

use serde_json::{Value, json};

use super::managers::{ALL, Real, plain};
use crate::google::browser::Decision;
use crate::google::{ADWORDS, Client};
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
fn a_credential_lives_in_every_manager_from_login_to_revocation_and_in_no_file() {
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
        real.command(&["refresh"]).stderr_has("works: access token minted").run();
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

#[test]
fn where_nothing_is_set_up_the_command_that_does_it_is_named() {
    for (name, command) in [
        ("pass", "pass init GPG-ID"),
        ("sops", "creation_rules"),
        ("age", "age-keygen -o "),
        ("aws", "aws secretsmanager create-secret --name google-ads/work"),
    ] {
        let sandbox = Sandbox::new();
        let Some(real) = Real::unprepared(&sandbox, name) else { continue };
        let client = sandbox.google.desktop();
        let run = real.login(&client).code(7).stderr_has(command).run();
        assert!(!run.stderr.contains("/o/oauth2/"), "{name}: {run:#?}");
        if name == "aws" {
            // Literally.
            let step = run.stderr.split("run `aws").nth(1).and_then(|rest| rest.split('`').next()).unwrap();
            let words: Vec<&str> = step.split_whitespace().collect();
            real.runs("aws", &words);
            log_in(&real, &client);
        }
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
        "bao" => real.other("bao", &["kv", "put", place, "-"]),
        _ => real.other(
            "aws",
            &["secretsmanager", "put-secret-value", "--secret-id", place, "--secret-string", "file:///dev/stdin"],
        ),
    };
    let outcome = set.stdin(document.to_string()).observe();
    assert_eq!(outcome.code, 0, "{name}: {outcome:#?}");
}

#[test]
fn profiles_in_files_and_managers_are_refreshed_at_once() {
    let sandbox = Sandbox::new();
    let mut reals: Vec<Real> = ALL.iter().filter_map(|name| Real::start(&sandbox, name)).collect();
    let client = sandbox.google.desktop();
    for (index, real) in reals.iter().enumerate() {
        let profile = format!("p{index}");
        let args = ["login", "--no-browser", "-p", &profile, "--store", &real.store, "-c", "-"];
        let login = real.command(&args).stdin(client.secrets_file()).stderr_has("stored").start();
        login.visit(&Decision::allow());
        login.finish();
    }
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let file = sandbox.write("file.yaml", crate::stored::yaml(&client, &token));
    let profiles = sandbox.read(super::PROFILES);
    sandbox.write(super::PROFILES, format!("{profiles}\n[profiles.file]\nfile = {file:?}\n"));
    let Some(mut all) = reals.pop() else { return };
    for real in &reals {
        all = all.and(real);
    }
    let run = all.command(&["refresh", "--all", "--json"]).stderr_has("").stdout_has("{").run();
    let valid = run.stdout.lines().filter(|line| line.contains("\"valid\":true")).count();
    let profiles = sandbox.read(super::PROFILES).matches("[profiles.").count();
    assert!(profiles > reals.len() + 1);
    assert_eq!(valid, profiles, "{run:#?}");
}

/// Every program that a run starts, whole: its arguments and its environment.
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
        watched(&["revoke", "--yes", "--forget"]).stderr_has("revoked").run();
        let starts = sandbox.read("../work/starts");
        let programs = starts.lines().filter(|line| line.contains("execve(")).count();
        assert!(programs >= 12, "{name}: only {programs} programs were seen");
        assert!(!starts.contains("\"..."), "{name}: cut short");
        for secret in sandbox.google.secrets() {
            let line = starts.lines().find(|line| line.contains(&secret));
            assert_eq!(line, None, "{name}: a program got a secret");
        }
        // Ours alone has it: it was started with it.
        let other =
            starts.lines().find(|line| line.contains("planted-developer-token") && !line.contains("/gads-creds\""));
        assert_eq!(other, None, "{name}: a program got the developer token");
    }
}

#[test]
fn a_manager_that_fails_after_the_consent_loses_no_token() {
    for (name, spoiled) in
        [("pass", ".password-store/.gpg-id"), ("sops", "team/.sops.yaml"), ("age", ".config/age/keys.txt")]
    {
        let sandbox = Sandbox::new();
        let Some(real) = Real::start(&sandbox, name) else { continue };
        let client = sandbox.google.desktop();
        let login = real.login(&client).code(7).stderr_has("`gads-creds login --recover`").start();
        login.url();
        let path = sandbox.home().join(spoiled);
        std::fs::rename(&path, path.with_extension("away")).unwrap();
        login.visit(&Decision::allow());
        login.finish();
        std::fs::rename(path.with_extension("away"), &path).unwrap();
        real.command(&["login", "--recover"]).stderr_has("stored the refresh token in").run();
        assert_eq!(plain(&sandbox), [""; 0].map(Path::new), "{name}");
        real.command(&["refresh", "-p", "work"]).stderr_has("works").run();
    }
}
