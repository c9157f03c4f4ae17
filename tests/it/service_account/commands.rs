//! `show`, `refresh`, `exec`, `export`, `doctor` and `revoke` with a service account in a library's file.

use std::fs;

use serde_json::{Value, json};

use super::invited;
use crate::google::{ADWORDS, Endpoint, ServiceAccount};
use crate::sandbox::Sandbox;

const CONSOLE: &str = "https://console.cloud.google.com/iam-admin/serviceaccounts";

/// Logs a service account in with `google-ads.yaml`.
fn logged_in(sandbox: &Sandbox) -> (ServiceAccount, String) {
    let (account, file) = invited(sandbox);
    sandbox.command(&["login", "-q", "--key-file"]).arg(&file).stderr_has("").run();
    (account, file.to_str().expect("a path of ours").to_owned())
}

#[test]
fn show_names_the_account_the_key_and_its_file() {
    let sandbox = Sandbox::new();
    let (account, file) = logged_in(&sandbox);
    let spec = sandbox.command(&["show"]).stdout_has(&account.email).stdout_has(&account.key_id);
    let run = spec.stdout_has(&account.project).stdout_has(&format!("{file} (mode 0600)")).run();
    assert!(!run.stdout.contains("refresh token"), "{run:#?}");
    let shown = sandbox.command(&["show", "--json"]).stdout_has("{").run().json();
    assert_eq!(shown["kind"], "service_account");
    assert_eq!(
        shown["service_account"],
        json!({
            "email": account.email, "key_id": account.key_id, "project_id": account.project,
            "impersonate": null, "key_file": file, "key_file_mode": "0600",
        })
    );
    assert_eq!(shown["refresh_token"], Value::Null);
    assert_eq!(shown["endpoint"], sandbox.google.url());
}

#[test]
fn show_prints_another_librarys_file_and_masks_a_key_that_is_spelled_out() {
    let sandbox = Sandbox::new();
    let (account, file) = logged_in(&sandbox);
    sandbox.command(&["show", "--format", "java"]).stdout_has(&format!("serviceAccountSecretsPath={file}")).run();
    let adc = sandbox.command(&["show", "--format", "adc"]).stdout_has(&account.email);
    let adc = adc.stderr_has("the secrets are masked").run();
    assert!(!adc.stdout.contains("PRIVATE KEY"), "{adc:#?}");
}

#[test]
fn refresh_gets_an_access_token_and_prints_it_on_demand() {
    let sandbox = Sandbox::new();
    logged_in(&sandbox);
    let run = sandbox.command(&["refresh", "--json"]).stdout_has("{").stderr_has("").run().json();
    assert_eq!(
        (&run["kind"], &run["valid"], &run["rotated"]),
        (&json!("service_account"), &json!(true), &json!(false))
    );
    let print = sandbox.command(&["refresh", "--print-access-token"]).reveals_access_token();
    print.stdout_has("ya29.").run();
}

#[test]
fn refresh_all_takes_service_accounts_and_users() {
    let sandbox = Sandbox::new();
    let (account, file) = invited(&sandbox);
    sandbox.command(&["login", "-q", "-p", "robot", "--key-file", &file.to_string_lossy()]).stderr_has("").run();
    sandbox.command(&["refresh", "--all"]).stderr_has("robot  ok").run();
    sandbox.google.edit_service_account(&account, |account| account.key_deleted = true);
    sandbox
        .command(&["refresh", "--all"])
        .code(4)
        .stderr_has("robot")
        .stderr_has("deleted, disabled or replaced")
        .run();
    sandbox.command(&["show", "--all"]).stdout_has(&account.email).run();
}

#[test]
fn exec_sets_the_variables_of_every_library() {
    let sandbox = Sandbox::new();
    let (_, file) = logged_in(&sandbox);
    let env = ["exec", "--", "/bin/sh", "-c", "/usr/bin/env | /usr/bin/sort | /bin/grep GOOGLE"];
    let run =
        sandbox.command(&env).env("GOOGLE_ADS_REFRESH_TOKEN", "inherited").stdout_has("GOOGLE").stderr_has("").run();
    assert_eq!(
        run.stdout,
        format!(
            "GOOGLE_ADS_JSON_KEY_FILE_PATH={file}\nGOOGLE_ADS_OAUTH2_MODE=SERVICE_ACCOUNT\nGOOGLE_ADS_USE_PROTO_PLUS=True\n"
        )
    );
    let as_adc =
        ["exec", "--as-file", "adc", "--", "/bin/sh", "-c", "/bin/grep -c PRIVATE \"$GOOGLE_APPLICATION_CREDENTIALS\""];
    sandbox.command(&as_adc).stdout("1\n").run();
}

#[test]
fn export_names_the_key_in_another_file_and_copies_it_only_into_adc() {
    let sandbox = Sandbox::new();
    let (account, file) = logged_in(&sandbox);
    let java = sandbox.home().join("java.properties");
    sandbox.command(&["export", "java"]).arg(&java).stderr_has("wrote").run();
    let text = sandbox.read(&java);
    assert!(text.contains(&format!("serviceAccountSecretsPath={file}")) && !text.contains("PRIVATE"), "{text}");
    let adc = sandbox.home().join("adc.json");
    sandbox.command(&["export", "adc"]).arg(&adc).stderr_has("wrote").run();
    let value: Value = serde_json::from_str(&sandbox.read(&adc)).expect("JSON");
    assert_eq!(value["client_email"], account.email.as_str());
    let masked = sandbox.command(&["export", "adc", "--stdout"]).stdout_has(&account.email).stderr_has("masked").run();
    assert!(!masked.stdout.contains("PRIVATE KEY"), "{masked:#?}");
}

#[test]
fn doctor_checks_the_key_and_what_it_reaches() {
    let sandbox = Sandbox::new();
    let (account, file) = logged_in(&sandbox);
    let run = sandbox.command(&["doctor"]).stdout_has(&account.email).stdout_has("4445556666").run();
    assert!(!run.stdout.contains("fail") && !run.stdout.contains("warn"), "{run:#?}");
    sandbox.chmod("key.json", 0o640);
    sandbox.command(&["doctor"]).stdout_has("warn  token: ").stdout_has("gads-creds doctor --fix").run();
    sandbox.command(&["doctor", "--fix"]).stdout_has("done  ").stdout_has("key.json").run();
    assert!(!sandbox.command(&["doctor"]).stdout_has("ok").run().stdout.contains("warn"));
    sandbox.google.world().people.retain(|person| person.email != account.email);
    let spec = sandbox.command(&["doctor"]).code(8).stdout_has(&account.email).stderr_has(&account.email);
    spec.stdout_has("https://ads.google.com").run();
    sandbox.google.edit_service_account(&account, |account| account.key_deleted = true);
    sandbox.command(&["doctor"]).code(4).stdout_has("fail  token accepted: ").stderr_has(CONSOLE).run();
    fs::remove_file(&file).expect("the key");
    sandbox.command(&["doctor"]).code(2).stdout_has("fail  token: ").stdout_has(&file).stderr_has("--key-file").run();
}

#[test]
fn revoke_removes_the_local_credential_and_names_the_page_where_keys_are_deleted() {
    let sandbox = Sandbox::new();
    let (account, file) = logged_in(&sandbox);
    sandbox.command(&["revoke"]).code(2).stderr_has("--yes").run();
    let spec = sandbox.command(&["revoke", "--yes"]).stderr_has(&account.email).stderr_has(CONSOLE).stderr_has(&file);
    let run = spec.stderr_has("still valid").run();
    assert!(!run.stderr.contains("revoked"), "{run:#?}");
    assert!(sandbox.google.requests(Endpoint::Revoke).is_empty());
    assert!(!sandbox.read("google-ads.yaml").contains("json_key_file_path"));
    assert!(sandbox.home().join("key.json").exists());
    sandbox.command(&["refresh"]).code(3).stderr_has("login").run();
}

#[test]
fn revoke_removes_the_lines_from_every_librarys_file_and_leaves_the_key_file() {
    for name in [
        "google-ads.yaml",
        "ads.properties",
        "google_ads_php.ini",
        "google_ads_config.rb",
        "googleads.properties",
        "App.config",
        "appsettings.json",
        ".env",
    ] {
        let sandbox = Sandbox::new();
        let (account, key) = invited(&sandbox);
        let config = sandbox.home().join(name);
        let before = sandbox.read("key.json");
        sandbox.command(&["login", "-q", "--key-file"]).arg(&key).arg("--config").arg(&config).stderr_has("").run();
        assert!(sandbox.read(name).contains("key.json"), "{name}");
        let revoke = sandbox.command(&["revoke", "--yes", "--json", "--config"]).arg(&config).stdout_has("{");
        let value = revoke.stderr_has(&account.email).stderr_has(CONSOLE).run().json();
        assert_eq!((&value["revoked"], &value["affected"]), (&json!("not_asked"), &json!([])), "{name}");
        let left = sandbox.read(name);
        for written in ["key.json", "SERVICE_ACCOUNT", "auth/adwords"] {
            assert!(!left.contains(written), "{name}: {left}");
        }
        assert_eq!(sandbox.read("key.json"), before, "{name}");
        // Nothing of the service account is in the way of the next login.
        sandbox.desktop();
        let config = config.to_str().expect("a path of ours");
        let running = sandbox.login(&["-c", "../home/client_secret.json", "--config", config, "--no-verify"]).start();
        running.visit(&crate::google::browser::Decision::allow());
        running.finish();
    }
}

#[test]
fn revoke_never_deletes_a_file_that_is_the_key_itself() {
    let sandbox = Sandbox::new();
    let (account, key) = invited(&sandbox);
    let text = sandbox.read("key.json");
    // In place, without a login and without a profile.
    for arguments in [&["revoke", "--yes"][..], &["revoke", "--yes", "--forget"], &["revoke", "--yes", "--local-only"]]
    {
        let revoke = sandbox.command(arguments).arg("--config").arg(&key).code(2);
        let run = revoke.stderr_has(&account.email).stderr_has(CONSOLE).run();
        assert!(!run.stderr.contains("--forget"), "{run:#?}");
        assert_eq!(sandbox.read("key.json"), text);
    }
    // As a profile: the profile can be forgotten, and the file stays. The same holds for a copy that a login wrote.
    for name in ["key.json", "copy.json"] {
        let config = sandbox.home().join(name);
        let login = sandbox.command(&["login", "-q", "-p", "robot", "--format", "adc", "--key-file"]).arg(&key);
        login.arg("--config").arg(&config).stderr_has("").run();
        let revoke = sandbox.command(&["revoke", "--yes", "-p", "robot"]).code(2);
        revoke.stderr_has("`gads-creds revoke -p robot --forget --yes`").run();
        assert!(sandbox.read(".config/gads-creds/profiles.toml").contains("robot"));
        assert_eq!(sandbox.read(name), text);
        let forget = sandbox.command(&["revoke", "--yes", "-p", "robot", "--forget", "--json"]).stdout_has("{");
        let value = forget.stderr_has("is as it was").stderr_has(CONSOLE).run().json();
        assert_eq!((&value["forgotten"], &value["affected"]), (&json!(true), &json!([])));
        assert!(!sandbox.read(".config/gads-creds/profiles.toml").contains("robot"));
        assert_eq!(sandbox.read(name), text);
    }
}

#[test]
fn a_login_replaces_no_key_in_a_file_that_is_the_key_itself() {
    let sandbox = Sandbox::new();
    invited(&sandbox);
    let text = sandbox.read("key.json");
    let other = sandbox.write("other.json", sandbox.google.service_account().key_file());
    let config = sandbox.home().join("key.json");
    for more in [&[][..], &["--force"], &["--replace-kind"]] {
        let login =
            sandbox.command(&["login", "--format", "adc", "--key-file"]).arg(&other).arg("--config").arg(&config);
        let login = more.iter().fold(login, |login, option| login.arg(option));
        login.code(1).stderr_has("Google does not show again").stderr_has("hint: ").run();
        assert_eq!(sandbox.read("key.json"), text);
    }
    let export = sandbox.command(&["login", "-q", "-p", "other", "--key-file"]).arg(&other).stderr_has("").run();
    assert_eq!(export.code, 0);
    sandbox.command(&["export", "-p", "other", "adc"]).arg(&config).code(1).stderr_has("another key").run();
    assert_eq!(sandbox.read("key.json"), text);
}

#[test]
fn the_prompt_says_that_the_key_file_stays_and_which_profiles_lose_access() {
    let sandbox = Sandbox::new();
    let (account, file) = logged_in(&sandbox);
    let config = sandbox.home().join("google-ads.yaml");
    let profiles = format!("[profiles.work]\nfile = {config:?}\n\n[profiles.second]\nfile = {config:?}\n");
    sandbox.write(".config/gads-creds/profiles.toml", profiles);
    let before = sandbox.read("google-ads.yaml");
    let mut terminal = sandbox.command(&["revoke", "-p", "work", "--forget"]).code(5).terminal();
    terminal.expect(&format!("The key file `{file}` stays as it is."));
    terminal.expect(CONSOLE);
    terminal.expect("This also ends the access of `second`.");
    terminal.expect(&format!("Remove the service account {}", account.email));
    terminal.expect("and forget profile `work`?");
    terminal.send("n");
    terminal.finish();
    assert_eq!(sandbox.read("google-ads.yaml"), before);
    let revoke = sandbox.command(&["revoke", "-p", "work", "--yes", "--json"]).stdout_has("{");
    let value = revoke.stderr_has("this also ended the access of `second`").run().json();
    assert_eq!(value["affected"], json!(["second"]));
}

#[test]
fn a_user_of_the_same_key_file_is_not_disturbed_by_other_credentials() {
    let sandbox = Sandbox::new();
    let (_, _) = logged_in(&sandbox);
    let client = sandbox.desktop();
    sandbox.google.grant(&client, &[ADWORDS]);
    // Another profile logs in as a user: both work.
    let running = sandbox.login(&["-p", "ada", "-c", "../home/client_secret.json"]).start();
    running.visit(&crate::google::browser::Decision::allow());
    running.finish();
    sandbox.command(&["refresh", "--all"]).stderr_has("ada").run();
    sandbox.command(&["refresh", "--config", "../home/google-ads.yaml"]).stderr_has("works").run();
}

#[test]
fn files_without_a_key_are_explained_and_left_alone_by_every_command() {
    let sandbox = Sandbox::new();
    let keyless = [
        json!({ "type": "external_account", "audience": "//iam.googleapis.com/x", "credential_source": { "executable": { "command": "/bin/false" } } }),
        json!({ "type": "impersonated_service_account", "service_account_impersonation_url": "https://iamcredentials.googleapis.com/x" }),
        json!({ "type": "external_account_authorized_user", "refresh_token": "planted-token-of-a-workforce" }),
    ];
    for file in keyless {
        let text = file.to_string();
        let path = sandbox.write("adc.json", &text);
        let path = path.to_str().expect("a path of ours");
        let kind = file["type"].as_str().expect("a type");
        for args in [
            &["refresh"][..],
            &["exec", "--", "/bin/true"],
            &["export", "python", "../home/google-ads.yaml"],
            &["doctor"],
            &["revoke", "--yes"],
        ] {
            let verb = args[0];
            let run = sandbox.command(&[&[verb, "--config", path, "--format", "adc"], &args[1..]].concat()).observe();
            let printed = format!("{}{}", run.stdout, run.stderr);
            assert_ne!(run.code, 0, "{verb}: {run:#?}");
            assert!(printed.contains(kind), "{verb} of {kind}: {run:#?}");
            assert!(printed.contains("use_application_default_credentials"), "{verb} of {kind}: {run:#?}");
            assert!(!printed.contains("planted"), "{run:#?}");
        }
        sandbox.command(&["show", "--config", path]).arg("--format").arg("adc").observe();
        let client = sandbox.desktop();
        assert!(!client.id.is_empty());
        let login = sandbox.login(&["-c", "../home/client_secret.json", "--config", path, "--format", "adc"]).code(2);
        login.stderr_has("without a key").run();
        assert_eq!(sandbox.read("adc.json"), text, "{kind}");
    }
    assert!(sandbox.google.requests(Endpoint::Token).is_empty());
}
