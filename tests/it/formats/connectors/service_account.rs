//! A service account: dlt takes its key as text, the others have no place for one.

use serde_json::json;

use super::{CONNECTORS, DEVELOPER_TOKEN, read_json, run};
use crate::google::{Endpoint, ServiceAccount};
use crate::harness::skip::note;
use crate::sandbox::Sandbox;
use crate::service_account::another_key;

#[test]
fn a_service_account_has_no_place_and_nothing_is_asked_or_written() {
    for (format, file, sample, _) in CONNECTORS.into_iter().filter(|(format, ..)| *format != "dlt") {
        let sandbox = Sandbox::new();
        sandbox.write("key.json", sandbox.google.service_account().key_file());
        let login = ["login", "--key-file", "key.json", "--format", format, "--config", file];
        run(&sandbox, &login).code(2).stderr_has("has no place for a service account").run();
        assert!(!sandbox.home().join(file).exists(), "{format}");
        sandbox.write(file, sample);
        run(&sandbox, &login).code(2).stderr_has("has no place for a service account").run();
        assert_eq!(sandbox.read(file), sample, "{format}");
        assert!(sandbox.google.requests(Endpoint::Token).is_empty(), "{format}");
        run(&sandbox, &["login", "--key-file", "key.json", "-q"]).stderr_has("").run();
        run(&sandbox, &["export", format, file]).code(2).stderr_has("has no place for a service account").run();
        assert_eq!(sandbox.read(file), sample, "{format}");
    }
}

const LOGIN: [&str; 5] = ["login", "--key-file", "key.json", "--format", "dlt"];

/// A service account with its key in the home directory, and the values that the source needs besides.
fn invited(sandbox: &Sandbox) -> ServiceAccount {
    let account = sandbox.google.service_account();
    sandbox.write("key.json", account.key_file());
    sandbox.plant(DEVELOPER_TOKEN);
    sandbox.write("developer_token", DEVELOPER_TOKEN);
    account
}

fn login(sandbox: &Sandbox, file: &str) {
    let options =
        ["--login-customer-id", "444-555-6666", "--developer-token-file", "developer_token", "--config", file];
    run(sandbox, &[&LOGIN[..], &options].concat()).stderr_has("saved the service account").run();
}

#[test]
fn dlt_reads_the_key_that_a_login_wrote_and_every_command_works_on_it() {
    let file = ".dlt/secrets.toml";
    let sandbox = Sandbox::new();
    let account = invited(&sandbox);
    login(&sandbox, file);
    let once = sandbox.read(file);
    login(&sandbox, file);
    assert_eq!(sandbox.read(file), once, "a second login changes nothing");
    std::fs::remove_file(sandbox.home().join("key.json")).expect("the key");
    if let Some(found) = read_json(&sandbox, "dlt", file) {
        assert_eq!(found["client_email"], json!(account.email));
        assert!(found["private_key"].as_str().is_some_and(|key| key.starts_with("-----BEGIN PRIVATE KEY-----\n")));
        assert_eq!(found["impersonated_email"], json!(""));
        assert_eq!(
            (&found["developer_token"], &found["login_customer_id"]),
            (&json!(DEVELOPER_TOKEN), &json!("4445556666"))
        );
    }
    let on = |args: &[&str]| run(&sandbox, &[args, &["--config", file][..]].concat());
    on(&["refresh"]).stderr_has(&account.email).stderr_has("works").run();
    let shown = on(&["show", "--json"]).stdout_has("{").run().json();
    assert_eq!(
        (&shown["kind"], &shown["service_account"]["email"]),
        (&json!("service_account"), &json!(account.email))
    );
    let masked = on(&["export", "dlt", "--stdout"]).stdout_has(&account.email).stderr_has("masked").run().stdout;
    assert!(!masked.contains("PRIVATE KEY"), "{masked}");
    on(&["doctor"]).stdout_has(&account.email).run();
    const FIND: &str = "/bin/grep -c PRIVATE \"$GOOGLE_ADS_JSON_KEY_FILE_PATH\"";
    match cfg!(unix) {
        true => _ = run(&sandbox, &["exec", "--config", file, "--", "/bin/sh", "-c", FIND]).stdout_has("1").run(),
        false => note("Windows has no `grep` that would look for a key and print none"),
    }

    let second = another_key(&sandbox, &account);
    on(&["set", "--key-file", "new.json"]).stderr_has("key").run();
    assert!(sandbox.read(file).contains(&second.key_id) && !sandbox.read(file).contains(&account.key_id));
    on(&["revoke", "--yes"]).stderr_has("iam-admin/serviceaccounts").run();
    let left = sandbox.read(file);
    assert!(!left.contains("PRIVATE KEY") && left.contains("4445556666"), "{left}");
}

#[test]
fn a_key_in_a_file_with_crlf_brings_no_other_line_ends() {
    let file = ".dlt/secrets.toml";
    let sandbox = Sandbox::new();
    let account = invited(&sandbox);
    std::fs::create_dir_all(sandbox.home().join(".dlt")).expect("a directory");
    sandbox.write(file, "[other]\r\na = 1\r\n");
    login(&sandbox, file);
    let text = sandbox.read(file);
    assert!(text.replace("\r\n", "").find('\n').is_none() && text.contains("PRIVATE KEY"), "{text:?}");
    run(&sandbox, &["refresh", "--config", file]).stderr_has(&account.email).run();
    if let Some(found) = read_json(&sandbox, "dlt", file) {
        assert_eq!(found["client_email"], json!(account.email));
    }
}

#[test]
fn a_key_moves_into_the_file_of_dlt_and_is_exported_into_it() {
    let sandbox = Sandbox::new();
    let account = invited(&sandbox);
    let adc = ["login", "--key-file", "key.json", "--format", "adc", "--config", "adc.json", "-p", "work"];
    run(&sandbox, &adc).stderr_has("saved the service account").run();
    run(&sandbox, &["export", "-p", "work", "dlt", "exported.toml"]).stderr_has("wrote").run();
    run(&sandbox, &["refresh", "--config", "exported.toml", "--format", "dlt"]).stderr_has("works").run();
    let to = ["move", "-p", "work", "--store", "file", "--format", "dlt", "--config", "secrets.toml"];
    run(&sandbox, &to).stderr_has("is kept in").run();
    assert!(!sandbox.read("adc.json").contains("PRIVATE KEY"), "{}", sandbox.read("adc.json"));
    run(&sandbox, &["refresh", "-p", "work"]).stderr_has(&account.email).stderr_has("works").run();
}

#[test]
fn a_section_of_a_user_is_only_replaced_by_a_key_on_demand() {
    let sandbox = Sandbox::new();
    invited(&sandbox);
    let text = "[sources.google_ads.credentials]\nclient_id = \"x\" # mine\n";
    sandbox.write("secrets.toml", text);
    let login = [&LOGIN[..], &["--config", "secrets.toml"]].concat();
    run(&sandbox, &login).code(2).stderr_has("--replace-kind").run();
    assert_eq!(sandbox.read("secrets.toml"), text);
    run(&sandbox, &login).arg("--replace-kind").stderr_has("is commented out").run();
    let new = sandbox.read("secrets.toml");
    assert!(new.contains("# [sources.google_ads.credentials]\n# client_id = \"x\" # mine\n"), "{new}");
    // A key in parts, as dlt takes it too.
    let parts = "[sources.google_ads.credentials]\nclient_email = \"x@y.example\"\nprivate_key = \"x\"\n";
    sandbox.write("secrets.toml", parts);
    run(&sandbox, &login).code(1).stderr_has("`credentials` is a section").stderr_has("remove that section").run();
    assert_eq!(sandbox.read("secrets.toml"), parts);
}

#[test]
fn a_key_in_the_file_of_dlt_gives_way_to_a_user_on_demand() {
    let sandbox = Sandbox::new();
    invited(&sandbox);
    login(&sandbox, "secrets.toml");
    let (client, token) = super::stored(&sandbox);
    run(&sandbox, &["export", "dlt", "secrets.toml"]).code(2).stderr_has("--replace-kind").run();
    run(&sandbox, &["export", "dlt", "secrets.toml", "--replace-kind"]).stderr_has("is commented out").run();
    std::fs::create_dir_all(sandbox.home().join(".dlt")).expect("a directory");
    sandbox.write(".dlt/secrets.toml", sandbox.read("secrets.toml"));
    super::reads(&sandbox, "dlt", ".dlt/secrets.toml", &client, &token);
}
