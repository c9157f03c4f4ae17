//! A login with a key whose file calls fail or that is killed at one of them: the library's file is the old or the new
//! one, the key file is unchanged, and the same login succeeds afterwards and leaves no temporary files.

use std::fs;

use super::invited;
use crate::commands::login::hold;
use crate::google::Endpoint;
use crate::harness::keyring::Session;
use crate::harness::mounts::Mounts;
use crate::sandbox::{Outcome, Sandbox};
use crate::stores::command::{GOOD, Manager, PROFILES};
use crate::traced;

const OLD: &str = "# mine\nuse_proto_plus: true\n";
const ARGS: [&str; 7] =
    ["login", "-p", "robot", "--config", "../home/google-ads.yaml", "--key-file", "../home/key.json"];

struct Run {
    sandbox: Sandbox,
    key: String,
    outcome: Outcome,
}

fn run(inject: Option<&str>) -> Run {
    let sandbox = Sandbox::new();
    let (_, file) = invited(&sandbox);
    sandbox.write("google-ads.yaml", OLD);
    let outcome = traced::command(&sandbox, inject, &ARGS).observe();
    Run { key: fs::read_to_string(file).expect("the key"), sandbox, outcome }
}

fn check(run: &Run, context: &str) {
    let context = format!("{context}: {:#?}", run.outcome);
    let sandbox = &run.sandbox;
    let is_new = |text: &str| text.starts_with(OLD) && text.contains("json_key_file_path");
    let text = sandbox.read("google-ads.yaml");
    assert!(text == OLD || is_new(&text), "{context}: {text}");
    match run.outcome.code {
        0 => assert!(is_new(&text), "{context}"),
        137 => {}
        _ => assert!(run.outcome.stderr.contains("error: "), "{context}"),
    }
    assert!(run.key.contains("PRIVATE KEY"), "{context}");
    assert_eq!(sandbox.read("key.json"), run.key, "{context}");
    sandbox.command(&ARGS).stderr_has("saved").run();
    assert!(is_new(&sandbox.read("google-ads.yaml")), "{context}");
    let names = fs::read_dir(sandbox.home()).expect("a directory").flatten().map(|entry| entry.file_name());
    let leftovers: Vec<_> = names.filter(|name| name.to_string_lossy().contains(".gads-creds-")).collect();
    assert!(leftovers.is_empty(), "{context}: {leftovers:?}");
}

#[test]
fn a_login_with_a_key_leaves_the_old_file_or_the_new_one_whatever_fails() {
    let Some(calls) = traced::calls_of(run, |run| (&run.sandbox, &run.outcome), 40) else { return };
    traced::inject_each(&traced::errors(&calls), |fault, context| {
        let run = run(Some(fault));
        if traced::hit(&run.sandbox) {
            check(&run, context);
        }
        false
    });
}

#[test]
fn a_login_with_a_key_killed_at_any_change_loses_nothing() {
    let Some(calls) = traced::calls_of(run, |run| (&run.sandbox, &run.outcome), 40) else { return };
    let changes = traced::changes(calls);
    traced::inject_each(&traced::kills(&changes, changes.len()), |fault, context| {
        let run = run(Some(fault));
        traced::killed(&run.outcome, context);
        check(&run, context);
        false
    });
}

/// A login of `work` with a key into a secret manager.
fn run_with_manager(inject: Option<&str>) -> (Manager, Outcome) {
    let manager = Manager::new(GOOD);
    invited(&manager.sandbox);
    let outcome = traced::command(&manager.sandbox, inject, &INTO_MANAGER).observe();
    (manager, outcome)
}

const INTO_MANAGER: [&str; 5] = ["login", "-p", "work", "--key-file", "../home/key.json"];

#[test]
fn a_login_with_a_key_into_a_secret_manager_killed_at_any_change_leaves_a_whole_entry_or_none() {
    let Some(calls) = traced::calls_of(run_with_manager, |(manager, outcome)| (&manager.sandbox, outcome), 10) else {
        return;
    };
    let changes = traced::changes(calls);
    traced::inject_each(&traced::kills(&changes, changes.len()), |fault, context| {
        let (manager, outcome) = run_with_manager(Some(fault));
        traced::killed(&outcome, context);
        let key = manager.sandbox.read("key.json");
        assert!(key.contains("PRIVATE KEY"), "{context}");
        // An empty object is an entry in which nothing is saved.
        if manager.kept().is_some_and(|text| text.trim() != "{}") {
            assert!(
                manager.kept_json()["private_key"].as_str().is_some_and(|key| key.ends_with("-----\n")),
                "{context}"
            );
        }
        assert!(manager.sandbox.read(PROFILES).starts_with("# by hand\n[profiles.work] # mine\n"), "{context}");
        manager.command(&["login", "--key-file", "../home/key.json"]).stderr_has("saved").run();
        manager.command(&["refresh"]).stderr_has("works").run();
        assert_eq!(manager.sandbox.read("key.json"), key, "{context}");
        assert_eq!(manager.recoveries(), 0, "{context}");
        false
    });
}

const INTO_KEYCHAIN: [&str; 7] = ["login", "-p", "robot", "--store", "keychain", "--key-file", "../home/key.json"];

fn run_with_keychain(sandbox: &Sandbox, session: &Session, inject: Option<&str>) -> Outcome {
    invited(sandbox);
    let login = traced::command(sandbox, inject, &INTO_KEYCHAIN);
    login.env("DBUS_SESSION_BUS_ADDRESS", session.address()).observe()
}

#[test]
fn a_login_with_a_key_into_the_keychain_killed_at_any_change_leaves_no_entry_that_nobody_finds() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    if traced::cannot() {
        return;
    }
    let outcome = run_with_keychain(&sandbox, &session, None);
    assert_eq!(outcome.code, 0, "{outcome:#?}");
    let changes = traced::changes(traced::calls(&sandbox));
    assert!(changes.len() > 5, "only {} changes were seen", changes.len());
    traced::inject_each(&traced::kills(&changes, changes.len()), |fault, context| {
        let sandbox = Sandbox::new();
        let session = Session::start(&sandbox).expect("it could be started before");
        let outcome = run_with_keychain(&sandbox, &session, Some(fault));
        traced::killed(&outcome, context);
        let key = sandbox.read("key.json");
        let is_known = sandbox.home().join(PROFILES).exists() && sandbox.read(PROFILES).contains("robot");
        if is_known {
            let refreshed = session.command(&["refresh", "-p", "robot"]).observe();
            assert_eq!(refreshed.code, 0, "{context}: {refreshed:#?}");
        }
        let again = session.command(&INTO_KEYCHAIN).observe();
        assert_eq!(again.code, 0, "{context}: {again:#?}");
        assert_eq!(session.entries(), "robot/service_account_key", "{context}");
        session.command(&["refresh", "-p", "robot"]).stderr_has("works").run();
        assert_eq!(sandbox.read("key.json"), key, "{context}");
        false
    });
}

/// A disk of its own in the home directory, and whether it is full from the start or only since Google was asked.
const DISKS: [(&str, Option<Endpoint>); 6] = [
    ("ads", None),
    ("ads", Some(Endpoint::Token)),
    ("ads", Some(Endpoint::Ads)),
    (".config", None),
    (".config", Some(Endpoint::Ads)),
    (".config", Some(Endpoint::Token)),
];

#[test]
fn a_full_disk_costs_no_key_and_no_file() {
    for format in ["python", "adc"] {
        for (disk, since) in DISKS {
            let context = format!("{format}, {disk} full since {since:?}");
            let sandbox = Sandbox::new();
            let Some(mounts) = Mounts::start(&sandbox) else { return };
            invited(&sandbox);
            mounts.small(disk, 16);
            mounts.sh("mkdir -p -m 700 ads");
            if format == "python" {
                mounts.sh(&format!("printf '{}' >ads/work; chmod 600 ads/work", OLD.replace('\n', "\\n")));
            }
            let old = mounts.sh("cat ads/work 2>/dev/null || true");
            let args = ["login", "-p", "robot", "--format", format, "--config", "ads/work", "--key-file", "key.json"];
            let outcome = match since {
                None => {
                    mounts.fill(disk);
                    mounts.command(&args).observe()
                }
                Some(endpoint) => {
                    let held = hold(&sandbox, endpoint);
                    let running = mounts.command(&args).start();
                    held.reached();
                    mounts.fill(disk);
                    drop(held);
                    running.observe()
                }
            };
            let key = sandbox.read("key.json");
            assert!(key.contains("PRIVATE KEY"), "{context}");
            assert_eq!(outcome.code, 1, "{context}: {outcome:#?}");
            assert!(outcome.stderr.contains("the disk is full"), "{context}: {outcome:#?}");
            let text = mounts.sh("cat ads/work 2>/dev/null || true");
            assert!(text == old || disk == ".config" && text.contains("key"), "{context}: {text}");
            mounts.sh(&format!("rm {disk}/filler"));
            let again = mounts.command(&args).observe();
            assert_eq!(again.code, 0, "{context}: {again:#?}");
            let refreshed = mounts.command(&["refresh", "-p", "robot"]).observe();
            assert_eq!(refreshed.code, 0, "{context}: {refreshed:#?}");
            let names = mounts.sh("ls -A ads .config/gads-creds");
            assert!(!names.contains(".gads-creds-"), "{context}: {names}");
        }
    }
}
