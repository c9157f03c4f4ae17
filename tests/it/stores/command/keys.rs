//! A service account's key in a manager's entry: Google shows it only once, so no failed write and no later login loses it.

use std::fs;

use serde_json::json;

use super::{GOOD, Manager, PATH};
use crate::google::ServiceAccount;
use crate::google::browser::Decision;
use crate::sandbox::Outcome;
use crate::service_account::another_key;

/// A `set` that leaves an empty entry.
const EMPTIES: &str = "cat > /dev/null; : > \"$entry\"; echo 'disk full' >&2; exit 1";

const SET: [&str; 4] = ["set", "--login-customer-id", "555-666-7777", "--no-verify"];

/// Returns a manager that has the only copy of a key.
fn with_key() -> (Manager, ServiceAccount) {
    let manager = Manager::new(GOOD);
    let account = manager.sandbox.google.service_account();
    let file = manager.sandbox.write("key.json", account.key_file());
    manager.command(&["login", "--key-file", "../home/key.json"]).stderr_has("saved the service account").run();
    fs::remove_file(file).unwrap();
    (manager, account)
}

/// Runs it with a manager whose `set` fails after so many that work.
fn failing(manager: &Manager, good: usize, args: &[&str], stdin: &str) -> Outcome {
    let count = "runs=$(cat \"$entry.sets\" 2>/dev/null || echo 0); echo $((runs + 1)) > \"$entry.sets\"";
    let fails = format!("set) {count}; if [ $runs -ge {good} ]; then {EMPTIES}\nfi ;;");
    manager.script(&format!("case \"$1\" in {fails} esac\n{GOOD}"));
    let run = manager.command(args).stdin(stdin).observe();
    manager.script(GOOD);
    run
}

fn recovered(manager: &Manager, args: &[&str]) {
    let recover = [&["login", "--recover"], args].concat();
    manager.sandbox.command(&recover).env("PATH", PATH).stderr_has("stored the key in command (").run();
    assert_eq!(manager.recoveries(), 0);
    manager.command(&["refresh"]).stderr_has("works").run();
}

#[test]
fn a_key_that_a_failed_write_destroyed_is_written_back() {
    // With and without a change before: each writes the document in its own way.
    for (is_changed, good) in [(false, 0), (false, 1), (true, 0), (true, 1)] {
        let (manager, account) = with_key();
        if is_changed {
            manager
                .command(&SET.map(|word| if word == "555-666-7777" { "1234567890" } else { word }))
                .stderr_has("")
                .run();
        }
        let before = manager.kept_json();
        let run = failing(&manager, good, &SET, "");
        let is_kept = run.stderr.contains("what was saved there is kept in") && run.stderr.contains("login --recover");
        assert!(run.code == 7 && is_kept, "{is_changed}, {good}: {run:#?}");
        assert_eq!(manager.recoveries(), 1);
        manager.command(&["show"]).code(3).stderr_has("a credential that was never stored is in").run();
        recovered(&manager, &[]);
        assert_eq!(manager.kept_json()["private_key_id"], account.key_id.as_str());
        assert_eq!(manager.kept_json().get("login_customer_id"), before.get("login_customer_id"));
    }
}

#[test]
fn a_users_login_removes_no_key_that_waits() {
    let (manager, account) = with_key();
    failing(&manager, 1, &SET, "");
    let login = manager.login(&[]).start();
    login.visit(&Decision::allow());
    login.observe();
    assert!(manager.kept_json()["refresh_token"].is_string());
    let recover = manager.sandbox.command(&["login", "--recover"]).env("PATH", PATH);
    recover.code(2).stderr_has("holds another refresh token").run();
    recovered(&manager, &["--force"]);
    assert_eq!(manager.kept_json()["private_key_id"], account.key_id.as_str());
}

#[test]
fn a_key_from_standard_input_is_in_a_recovery_file_until_it_is_stored() {
    for verb in ["set", "login"] {
        let (manager, account) = with_key();
        let new = another_key(&manager.sandbox, &account);
        let text = manager.sandbox.read("new.json");
        let run = failing(&manager, 1, &[verb, "--key-file", "-"], &text);
        let is_kept = run.stderr.contains("the new key is kept in") && run.stderr.contains("login --recover");
        assert!(run.code == 7 && is_kept, "{verb}: {run:#?}");
        recovered(&manager, &[]);
        assert_eq!(manager.kept_json()["private_key_id"], new.key_id.as_str(), "{verb}");
        let again = manager.command(&[verb, "--key-file", "-"]).stdin(text).stderr_has("");
        again.run();
        assert_eq!(manager.recoveries(), 0, "{verb}");
    }
}

/// What a team has added to the entry.
fn with_note() -> (Manager, String) {
    let (manager, account) = with_key();
    let mut document = manager.kept_json();
    document["team_note"] = json!("ours");
    manager.keep(document.to_string());
    (manager, account.key_file())
}

#[test]
fn the_same_key_again_is_no_change() {
    let (manager, key) = with_note();
    let before = manager.kept();
    manager.sandbox.write("key.json", key);
    manager.command(&["set", "--key-file", "../home/key.json"]).stderr_has("nothing to change").run();
    assert_eq!(manager.kept(), before);
}

#[test]
fn what_is_beside_a_key_stays_where_the_key_goes() {
    let (manager, key) = with_note();
    let before = manager.kept();
    manager.sandbox.write("key.json", key);
    let away = ["login", "--store", "file", "--config", "../home/new.yaml", "--key-file", "../home/key.json"];
    let run = manager.command(&away).observe();
    assert!(run.code == 2 && run.stderr.contains("also holds `team_note`"), "{run:#?}");
    assert!(run.stderr.contains("`gads-creds move -p work --store WHERE`"), "{run:#?}");
    assert_eq!(manager.kept(), before);
    manager.command(&["revoke", "--yes"]).stderr_has("removed the service account").run();
    assert_eq!(manager.kept_json(), json!({ "type": "authorized_user", "team_note": "ours" }));
}
