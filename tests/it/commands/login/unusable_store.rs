//! The way out of a store that cannot be opened: a login elsewhere and a forgotten profile leave what is in it, and say so.
#![cfg(target_os = "linux")]

use super::allow;
use crate::google::browser::Decision;
use crate::harness::keyring::Session;
use crate::sandbox::{Sandbox, Spec};
use crate::stores::command::{GOOD, Manager};
use crate::stores::keychain_commands::log_in;

const PROFILES: &str = ".config/gads-creds/profiles.toml";
const KEYCHAIN: &str = "[profiles.work]\nstore = \"keychain\"\n";
const ENGINE: &str = "[profiles.work]\nstore = \"command\"\nget = [\"nosuchprog\", \"get\"]\n\
                      set = [\"nosuchprog\", \"set\"]\nerase = [\"nosuchprog\", \"rm\", \"-f\"]\n";

const BROKEN: &str = "[profiles.work]\nstore = \"command\"\nget = [\"/bin/sh\", \"-c\", \"echo broken >&2; exit 1\"]\n";

/// The profiles, why their store cannot be opened, and how to delete what is in it later.
const CASES: [(&str, &str, &str); 3] = [
    (KEYCHAIN, "there is no D-Bus session", "do secret-tool clear service gads-creds username work/$it; done'`"),
    (
        ENGINE,
        "the program `nosuchprog` is not installed",
        "delete what is in command (nosuchprog get) with its own program",
    ),
    (BROKEN, "broken", "its own program"),
];

fn login<'a>(sandbox: &'a Sandbox, args: &[&str]) -> Spec<'a> {
    super::login(sandbox, &[&["-p", "work"], args].concat())
}

#[test]
fn a_login_elsewhere_leaves_a_store_that_cannot_be_opened() {
    for (profiles, cause, later) in CASES {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        sandbox.write(PROFILES, profiles);
        let login = login(&sandbox, &["--store", "file"]).stderr_has("is neither used nor deleted").stderr_has(cause);
        allow(login.stderr_has(later).stderr_has("stored the refresh token in"));
        assert!(sandbox.read(PROFILES).contains("store = \"file\""), "{}", sandbox.read(PROFILES));
        sandbox.command(&["refresh", "-p", "work"]).stderr_has("works: access token issued").run();
    }
}

#[test]
fn a_login_to_the_store_itself_fails_before_the_browser_opens() {
    for (profiles, cause, _) in CASES {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        sandbox.write(PROFILES, profiles);
        let run = login(&sandbox, &[]).code(7).stderr_has(cause).run();
        assert!(!run.stderr.contains("/o/oauth2/"), "{run:#?}");
        assert_eq!(sandbox.read(PROFILES), profiles);
    }
}

#[test]
fn a_profile_whose_store_cannot_be_opened_can_be_forgotten() {
    for (profiles, cause, later) in CASES {
        let sandbox = Sandbox::new();
        sandbox.write(PROFILES, profiles);
        let step = "run `gads-creds revoke -p work --local-only --forget --yes`: it forgets the profile";
        for more in [&[][..], &["--local-only"], &["--forget"]] {
            let args = [&["revoke", "-p", "work", "--yes"], more].concat();
            let run = sandbox.command(&args).code(7).stderr_has(cause).stderr_has(step).run();
            assert!(!run.stderr.contains("gads-creds login"), "it would revoke nothing: {run:#?}");
        }
        let forget = ["revoke", "-p", "work", "--local-only", "--forget"];
        sandbox.command(&forget).code(2).stderr_has("hint: add `--yes`").run();
        assert_eq!(sandbox.read(PROFILES), profiles);
        let run = sandbox.command(&[&forget[..], &["--yes"]].concat()).stderr_has("forgot the profile; ");
        let run = run.stderr_has("is as it was, and a token in it may still be valid; it could not be opened: ");
        let run = run.stderr_has(cause);
        run.stderr_has(later).run();
        assert_eq!(sandbox.read(PROFILES), "");
    }
}

#[test]
fn what_is_in_a_locked_keychain_stays_there_and_is_deleted_as_the_hint_says() {
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    let client = sandbox.desktop();
    log_in(&session, &client, &[]);
    let entries = session.entries();
    session.lock();
    let login = login(&sandbox, &["--store", "file"]).env("DBUS_SESSION_BUS_ADDRESS", session.address());
    let login = login.stderr_has("the keychain is locked").stderr_has("is neither used nor deleted").start();
    login.visit(&Decision::allow());
    let run = login.finish();
    let (_, step) = run.stderr.split_once("keychain (service gads-creds, profile work) with `").expect("a step");
    let (step, _) = step.split_once('`').expect("a command");
    session.command(&["refresh", "-p", "work"]).stderr_has("google-ads.yaml` works").run();
    session.unlock();
    assert_eq!(session.entries(), entries);
    for field in
        ["service_account_key", "developer_token", "login_customer_id", "linked_customer_id", "impersonated_email"]
    {
        assert!(step.contains(&format!(" {field}")), "{step}");
    }
    // `secret-tool` ends with 1 where there was no entry.
    session.shell(&format!("{step}; true"));
    assert_eq!(session.entries(), "");
}

/// A manager whose profile has no `set`.
fn read_only() -> (Manager, String) {
    let manager = Manager::with_plain_document(GOOD);
    let writes = |line: &&str| !line.starts_with("erase") && !line.starts_with("set");
    let text: String = manager.sandbox.read(PROFILES).lines().filter(writes).map(|line| format!("{line}\n")).collect();
    manager.sandbox.write(PROFILES, &text);
    (manager, text)
}

#[test]
fn a_profile_that_can_only_be_read_can_be_forgotten() {
    let (manager, text) = read_only();
    let kept = manager.kept();
    for more in [&[][..], &["--local-only"], &["--forget"]] {
        let run = manager.command(&[&["revoke", "--yes"], more].concat()).code(2).stderr_has("can only be read");
        let run =
            run.stderr_has("add `set` to the profile").stderr_has("--local-only --forget --yes`: it forgets").run();
        assert!(!run.stderr.contains("another store"), "{run:#?}");
    }
    assert_eq!(manager.sandbox.read(PROFILES), text);
    let run = manager.command(&["revoke", "--local-only", "--forget", "--yes"]).stderr_has("forgot the profile; ");
    let run = run.stderr_has("is as it was, and a token in it may still be valid; it can only be read");
    run.stderr_has("hint: delete what is in command (").run();
    assert_eq!((manager.sandbox.read(PROFILES).as_str(), manager.kept()), ("", kept));
    assert!(manager.sandbox.google.lives(&manager.token));
}

#[test]
fn a_profile_that_can_only_be_read_leaves_by_a_login_elsewhere() {
    let (manager, text) = read_only();
    let kept = manager.kept();
    let run = manager.command(&["move", "--store", "file", "--config", "../home/new.yaml"]).code(2);
    let run = run.stderr_has("can only be read").stderr_has("gads-creds login -p work --store file --config ").run();
    assert!(run.stderr.contains("new.yaml`; or forget"), "{run:#?}");
    assert!(run.stderr.contains("`gads-creds revoke -p work --local-only --forget`"), "{run:#?}");
    assert_eq!(manager.sandbox.read(PROFILES), text);
    manager.login(&[]).code(2).stderr_has("name another store with `--store`").run();
    let args = ["login", "--store", "file", "--config", "../home/new.yaml", "--no-browser"];
    let login = manager.command(&args).stderr_has("the old secrets are still in command (");
    allow(login.stderr_has("can only be read").stderr_has("hint: remove them there with its own program"));
    let now = manager.sandbox.read(PROFILES);
    assert!(now.contains("store = \"file\"") && !now.contains("moving"), "{now}");
    assert_eq!(manager.kept(), kept);
    manager.command(&["refresh"]).stderr_has("new.yaml` works").run();
}

#[test]
fn a_replaced_token_of_a_profile_that_can_only_be_read_waits_with_one_sentence() {
    let (manager, _) = read_only();
    manager.sandbox.google.world().rotate = true;
    let run = manager.command(&["refresh"]).code(2).stderr_has("can only be read: it has no `set`").run();
    assert!(!run.stderr.contains("cannot save to"), "{run:#?}");
    assert!(run.stderr.contains("add `set` to the profile in profiles.toml"), "{run:#?}");
}
