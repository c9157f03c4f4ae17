//! What a login with a key says of the file it came from, and of what it replaces.

use serde_json::{Value, json};

use super::{FORMATS, invited};
use crate::google::ADWORDS;
use crate::sandbox::Sandbox;

const ADA: &str = "ada@example.com";
const NOT_NEEDED: &str = "no profile needs";

/// Logs in with `~/key.json` and returns its messages.
fn login(sandbox: &Sandbox, options: &[&str]) -> String {
    sandbox.command(&[&["login", "--key-file"], options].concat()).stderr_has("saved the service account").run().stderr
}

#[test]
fn the_file_that_is_to_hold_the_key_is_not_said_to_be_superfluous() {
    let sandbox = Sandbox::new();
    let (_, key) = invited(&sandbox);
    std::os::unix::fs::symlink(&key, sandbox.home().join("link.json")).expect("a link");
    std::fs::hard_link(&key, sandbox.home().join("hard.json")).expect("a link");
    for config in ["key.json", "link.json", "hard.json"] {
        let config = format!("../home/{config}");
        sandbox.chmod("key.json", 0o644);
        let printed = login(&sandbox, &["../home/key.json", "--format", "adc", "--config", &config]);
        assert!(!printed.contains("the key is now in") && !printed.contains("delete"), "{config}: {printed}");
        assert!(sandbox.read("key.json").contains("PRIVATE KEY"));
    }
}

#[test]
fn whoever_names_the_key_file_is_named_before_it_is_said_to_be_superfluous() {
    let sandbox = Sandbox::new();
    invited(&sandbox);
    let adc = ["../home/key.json", "--format", "adc", "--config", "../home/adc.json"];
    let alone = login(&sandbox, &adc);
    assert!(alone.contains(NOT_NEEDED) && alone.contains("key.json"), "{alone}");
    login(&sandbox, &["../home/key.json"]);
    login(&sandbox, &["../home/key.json", "-p", "two", "--config", "../home/ads.properties"]);
    let used = login(&sandbox, &adc);
    assert!(!used.contains(NOT_NEEDED), "{used}");
    assert!(used.contains("still needed by") && used.contains("google-ads.yaml") && used.contains("`two`"), "{used}");
    let variable = sandbox.command(&[&["login", "--key-file"], &adc[..]].concat());
    let key = sandbox.home().join("key.json");
    variable.env("GOOGLE_APPLICATION_CREDENTIALS", key).stderr_has("`GOOGLE_APPLICATION_CREDENTIALS`").run();
}

#[test]
fn a_refresh_token_that_a_key_replaces_is_named_and_stays_in_sight() {
    for (format, name) in
        [("python", "google-ads.yaml"), ("php", "google_ads_php.ini"), ("ruby", "google_ads_config.rb")]
    {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        let token = sandbox.google.grant(&client, &[ADWORDS]);
        let (_, key) = invited(&sandbox);
        let user = crate::stored::yaml(&client, &token);
        sandbox.write("google-ads.yaml", user);
        if format != "python" {
            let export = sandbox.command(&["export", format]).arg(sandbox.home().join(name));
            export.stderr_has("").run();
        }
        let config = sandbox.home().join(name).display().to_string();
        let switch =
            sandbox.command(&["login", "--json", "--replace-kind", "--config", &config, "--key-file"]).arg(&key);
        let run = switch.stdout_has("{").stderr_has("stays valid at Google").stderr_has("/connections").run();
        assert!(run.json()["replaced"]["fingerprint"].is_string(), "{format}: {run:#?}");
        let exec = ["exec", "--config", &config, "--", crate::PROGRAM, "--version"];
        for command in [
            &["show", "--config", &config][..],
            &["show", "--all"],
            &["doctor", "--config", &config, "--offline"],
            &["refresh", "--config", &config],
            &["refresh", "--all"],
            &["export", "--config", &config, "dotnet", "--stdout"],
            &exec,
        ] {
            let run = sandbox.command(command).observe();
            let text = run.stdout.clone() + &run.stderr;
            assert!(text.contains("not in use and may still be valid"), "{format} {command:?}: {run:#?}");
        }
        let forget = sandbox.command(&["revoke", "--yes", "--forget", "--config", &config]);
        forget.stderr_has("has a refresh token that is not in use").run();
    }
}

#[test]
fn a_key_in_the_place_of_a_configuration_is_named_and_becomes_the_key_of_a_login() {
    for name in ["google-ads.yaml", "ads.properties", "google_ads_config.rb", "appsettings.json"] {
        let sandbox = Sandbox::new();
        let (_, key) = invited(&sandbox);
        let path = sandbox.home().join(name);
        std::fs::rename(&key, &path).expect("the key is there");
        let config = path.display().to_string();
        let stem = path.file_stem().expect("a name").to_string_lossy();
        let renamed = path.with_file_name(format!("service_account-{stem}.json")).display().to_string();
        for command in [&["refresh"][..], &["show"], &["doctor", "--offline"], &["login", "--no-browser"]] {
            let run = sandbox.command(&[command, &["--config", &config]].concat()).observe();
            let step = format!(
                "run `mv -n {config} {renamed}`, then `gads-creds login --config {config} --key-file {renamed}`"
            );
            assert!(run.code == 2 && run.stderr.contains("is the key of a service account"), "{command:?}: {run:#?}");
            assert!(run.stderr.contains(&step), "{command:?}: no {step:?}: {run:#?}");
        }
        std::fs::rename(&path, &renamed).expect("the key is there");
        login(&sandbox, &[&renamed, "--config", &config]);
        assert_eq!(sandbox.command(&["refresh", "--config", &config]).observe().code, 0, "{name}");
    }
}

#[test]
fn an_impersonated_user_goes_with_its_key_in_every_format() {
    for (format, name) in FORMATS.into_iter().filter(|(format, _)| !["adc", "dlt"].contains(format)) {
        let sandbox = Sandbox::new();
        let (account, _) = invited(&sandbox);
        sandbox.google.edit_service_account(&account, |account| account.delegated.push(ADWORDS.to_owned()));
        sandbox.desktop();
        let config = sandbox.home().join(name).display().to_string();
        let key_login = |options: &[&str]| {
            let login = ["login", "-q", "--no-verify", "--replace-kind", "--format", format, "--config", &config];
            let key = ["--key-file", "../home/key.json"];
            sandbox.command(&[&login[..], &key, options].concat()).stderr_has("").run();
        };
        key_login(&["--impersonate", ADA]);
        let login = ["-q", "--no-verify", "--replace-kind", "--format", format, "--config", &config];
        let login = [&login[..], &["-c", "../home/client_secret.json"]].concat();
        let running = sandbox.login(&login).start();
        running.visit(&crate::google::browser::Decision::allow());
        running.finish();
        key_login(&[]);
        let shown = sandbox.command(&["show", "--json", "--format", format, "--config", &config]).observe();
        // With `--format` the file is printed as well.
        assert_eq!(shown.json()["service_account"]["impersonate"], Value::Null, "{name}");
        assert!(shown.json()["service_account"]["email"].is_string(), "{name}: {shown:#?}");
    }
}

#[test]
fn another_key_of_the_same_account_takes_its_place_in_a_file_that_is_the_key() {
    let sandbox = Sandbox::new();
    let (account, _) = invited(&sandbox);
    let adc = ["--format", "adc", "--config", "../home/adc.json"];
    login(&sandbox, &[&["../home/key.json", "-p", "one"], &adc[..]].concat());
    let other = sandbox.google.service_account();
    sandbox.write("other.json", other.key_file());
    let other = ["login", "-p", "one", "--key-file", "../home/other.json"];
    let refused = sandbox.command(&[&other[..], &adc].concat()).code(1);
    refused.stderr_has("the key of another service account").run();
    let new = super::another_key(&sandbox, &account);
    // An export destroys no key.
    sandbox.command(&["export", "-p", "one", "adc", "../home/new.json"]).code(1).stderr_has("another key").run();
    let set = sandbox.command(&["set", "--all", "--key-file", "../home/new.json", "--json"]).stdout_has("{");
    let set = set.stderr_has(&account.key_id).run().json();
    assert_eq!(set["profiles"][0]["changed"], json!(["service_account_key"]));
    let kept: Value = serde_json::from_str(&sandbox.read("adc.json")).expect("JSON");
    assert_eq!(kept["private_key_id"], new.key_id.as_str());
}
