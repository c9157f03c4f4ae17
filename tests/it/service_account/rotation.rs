//! A key is replaced by another of its account: with `set --key-file`, everywhere, and the note about the old one.

use serde_json::json;

use super::{another_key, invited};
use crate::google::ADWORDS;
use crate::sandbox::Sandbox;
use crate::stores::command::{GOOD, Manager};

#[test]
fn every_profile_of_the_account_gets_the_new_key_and_no_other() {
    let sandbox = Sandbox::new();
    let (account, _) = invited(&sandbox);
    let other = sandbox.google.service_account();
    sandbox.write("other.json", other.key_file());
    for (name, key) in [("one", "key"), ("two", "key"), ("other", "other")] {
        let (config, key) = (format!("../home/{name}.yaml"), format!("../home/{key}.json"));
        let args = ["login", "-q", "-p", name, "--config", &config, "--key-file", &key];
        sandbox.command(&args).arg("--login-customer-id").arg("4445556666").stderr_has("").run();
    }
    let before = sandbox.read("other.yaml");
    another_key(&sandbox, &account);
    sandbox.command(&["refresh", "-p", "one"]).code(4).stderr_has(&account.key_id).run();
    let set = ["set", "--key-file", "../home/new.json", "--all", "--json"];
    let run = sandbox.command(&set).stderr_has(&account.key_id).stderr_has("still valid").stdout_has("{").run();
    let profiles = run.json()["profiles"].clone();
    assert_eq!(profiles.as_array().map(Vec::len), Some(2), "{profiles}");
    assert_eq!(profiles[0]["changed"], json!(["service_account_key"]));
    assert_eq!(sandbox.read("other.yaml"), before);
    for name in ["one", "two"] {
        let yaml = sandbox.read(format!("{name}.yaml"));
        assert!(yaml.contains("new.json\"") && yaml.contains("login_customer_id"), "{yaml}");
        sandbox.command(&["refresh", "-p", name]).stderr_has("works").run();
    }
    let again = sandbox.command(&["set", "-p", "one", "--key-file", "../home/new.json"]);
    again.stderr_has("nothing to change").run();
}

#[test]
fn a_key_in_a_secret_manager_is_replaced_by_one_from_standard_input() {
    let manager = Manager::new(GOOD);
    let sandbox = &manager.sandbox;
    let account = sandbox.google.service_account();
    manager.command(&["login", "-q", "--key-file", "-"]).stdin(account.key_file()).stderr_has("").run();
    assert_eq!(manager.kept_json()["private_key_id"], account.key_id.as_str());
    let new = another_key(sandbox, &account);
    let set = manager.command(&["set", "--key-file", "-"]).stdin(new.key_file());
    set.stderr_has(&account.key_id).stderr_has("set the key").run();
    assert_eq!(manager.kept_json()["private_key_id"], new.key_id.as_str());
    manager.command(&["refresh"]).stderr_has("works").run();
}

#[test]
fn a_key_that_does_not_fit_or_does_not_work_changes_nothing() {
    let sandbox = Sandbox::new();
    let (account, _) = invited(&sandbox);
    sandbox.command(&["login", "-q", "--key-file", "../home/key.json"]).stderr_has("").run();
    let before = sandbox.read("google-ads.yaml");
    let other = sandbox.google.service_account();
    sandbox.write("other.json", other.key_file());
    let set = |file: &str| sandbox.command(&["set", "--key-file"]).arg(format!("../home/{file}"));
    set("other.json").code(2).stderr_has(&other.email).stderr_has(&account.email).run();
    another_key(&sandbox, &account);
    sandbox.google.edit_service_account(&account, |account| account.key_deleted = true);
    set("new.json").code(4).stderr_has("Invalid JWT Signature").stderr_has("nothing was changed").run();
    sandbox.command(&["set", "--key-file", "-"]).stdin(account.key_file()).code(2).stderr_has("by its path").run();
    assert_eq!(sandbox.read("google-ads.yaml"), before);
    // A user's credential has no key.
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    sandbox.write("google-ads.yaml", crate::stored::yaml(&client, &token));
    set("new.json").code(3).stderr_has("no service account is stored").run();
}

#[test]
fn customer_ids_are_set_beside_a_key_and_checked_against_what_it_reaches() {
    let sandbox = Sandbox::new();
    let (_, file) = invited(&sandbox);
    sandbox.command(&["login", "-q", "--key-file", "../home/key.json"]).stderr_has("").run();
    sandbox.command(&["set", "--login-customer-id", "444-555-6666"]).stderr_has("login customer").run();
    let yaml = sandbox.read("google-ads.yaml");
    assert!(yaml.contains("4445556666") && yaml.contains(&file.display().to_string()), "{yaml}");
    sandbox.command(&["set", "--login-customer-id", "999-555-6666"]).code(8).stderr_has("9995556666").run();
    sandbox.write("token", "a-developer-token-x-22");
    sandbox.command(&["set", "--developer-token-file", "../home/token"]).stderr_has("developer token").run();
    for (value, what) in [
        ("1//0gabcdefghijklmnopqrstuvwxyz", "a refresh token"),
        ("GOCSPX-abcdefghijklmnopqrst", "a client secret"),
        ("AIzaSyA1234567890abcdefghijk", "an API key"),
        ("INSERT_DEVELOPER_TOKEN_HERE", "a placeholder"),
    ] {
        sandbox.write("token", value);
        for command in [&["set"][..], &["login", "--key-file", "../home/key.json"]] {
            let args = [command, &["--developer-token-file", "../home/token"]].concat();
            sandbox.command(&args).code(2).stderr_has("does not hold a developer token").stderr_has(what).run();
        }
    }
    // A hint keeps the kind.
    let wrong = sandbox.command(&["set", "--login-customer-id", "999-555-6666"]).observe();
    assert!(!wrong.stderr.contains("gads-creds login --login-customer-id"), "{wrong:#?}");
    let airbyte = ["exec", "--as-file", "airbyte", "--", "true"];
    sandbox.command(&airbyte).code(2).stderr_has("no place for a service account").run();
    sandbox.command(&["set", "--login-customer-id", "none"]).stderr_has("login customer").run();
    sandbox.desktop();
    let client = sandbox.command(&["set", "--client-secrets", "../home/client_secret.json"]).code(2);
    client.stderr_has("service account").run();
}
