//! `login --key-file`.

use serde_json::{Value, json};

use super::invited;
use super::key_files::wrong_files;
use crate::google::{ADA, ADWORDS, Endpoint};
use crate::sandbox::Sandbox;

const LOGIN: [&str; 3] = ["login", "--key-file", "../home/key.json"];

/// The files of the libraries: the name, and the line that refers to the key.
const FILES: [(&str, &str); 8] = [
    ("google-ads.yaml", "json_key_file_path: \"@\""),
    ("ads.properties", "api.googleads.serviceAccountSecretsPath=@"),
    ("google_ads_php.ini", "jsonKeyFilePath = \"@\""),
    ("google_ads_config.rb", "c.keyfile = '@'"),
    ("googleads.properties", "jsonKeyFilePath=@"),
    ("appsettings.json", "\"OAuth2SecretsJsonPath\": \"@\""),
    ("App.config", "key=\"OAuth2SecretsJsonPath\" value=\"@\""),
    ("work.env", "GOOGLE_ADS_JSON_KEY_FILE_PATH=@"),
];

/// Returns the text with the backslashes of a path of Windows as they are, which most formats escape.
fn with_plain_backslashes(text: &str) -> String {
    text.replace(r"\\", r"\")
}

#[test]
fn a_key_is_checked_and_the_librarys_file_refers_to_it() {
    let sandbox = Sandbox::new();
    let (account, file) = invited(&sandbox);
    let run = sandbox.command(&LOGIN).stderr_has(&account.email).stderr_has("4445556666").run();
    assert!(!run.stderr.contains("https://accounts.google.com"), "no browser is needed: {run:#?}");
    let yaml = with_plain_backslashes(&sandbox.read("google-ads.yaml"));
    assert!(yaml.contains(&format!("json_key_file_path: \"{}\"", file.display())), "{yaml}");
    assert!(!yaml.contains("refresh_token") && !yaml.contains("PRIVATE KEY"), "{yaml}");
    assert!(sandbox.google.requests(Endpoint::Authorize).is_empty());
    sandbox.command(&["refresh"]).stderr_has(&account.email).stderr_has("works").run();
}

#[test]
fn every_format_refers_to_the_key_and_is_read_back() {
    let sandbox = Sandbox::new();
    let (_, file) = invited(&sandbox);
    for (name, line) in FILES {
        let config = sandbox.home().join(name);
        let config = config.to_str().expect("a path of ours");
        sandbox.command(&LOGIN).arg("--config").arg(config).arg("-q").stderr_has("").run();
        let text = with_plain_backslashes(&sandbox.read(name));
        let file = file.to_str().expect("a path of ours");
        // Some readers of a `.env` file take a backslash for an escape.
        let file = if name.ends_with(".env") { file.replace('\\', "/") } else { file.to_owned() };
        let line = line.replace('@', &file);
        assert!(text.contains(&line), "{name}: {text}");
        sandbox.command(&["refresh", "--config", config]).stderr_has("works").run();
    }
}

#[test]
fn application_default_credentials_hold_the_key_itself() {
    let sandbox = Sandbox::new();
    let (account, _) = invited(&sandbox);
    let config = sandbox.home().join("adc.json");
    let config = config.to_str().expect("a path of ours");
    sandbox.command(&LOGIN).arg("--config").arg(config).arg("--format").arg("adc").stderr_has("can be deleted").run();
    let adc: Value = serde_json::from_str(&sandbox.read("adc.json")).expect("JSON");
    assert_eq!((&adc["type"], &adc["client_email"]), (&json!("service_account"), &json!(account.email)));
    std::fs::remove_file(sandbox.home().join("key.json")).expect("the key");
    sandbox.command(&["refresh", "--config", config]).stderr_has("works").run();
}

#[test]
fn json_names_the_service_account() {
    let sandbox = Sandbox::new();
    let (account, _) = invited(&sandbox);
    let run = sandbox.command(&LOGIN).arg("--json").stdout_has("{").stderr_has("").run().json();
    assert_eq!(run["kind"], "service_account");
    assert_eq!(run["service_account"]["email"], account.email.as_str());
    assert_eq!(run["service_account"]["key_id"], account.key_id.as_str());
    assert_eq!(run["service_account"]["project_id"], account.project.as_str());
    assert_eq!(run["accounts"][0]["id"], "4445556666");
}

#[test]
fn a_user_is_impersonated_where_delegation_allows_it() {
    let sandbox = Sandbox::new();
    let (account, _) = invited(&sandbox);
    let spec = sandbox.command(&LOGIN).arg("--impersonate").arg(ADA).code(4);
    let run = spec.stderr_has(&account.client_id).stderr_has(ADWORDS).stderr_has("https://admin.google.com").run();
    assert!(run.stderr.contains("unauthorized_client"), "{run:#?}");
    assert!(!sandbox.home().join("google-ads.yaml").exists());
    sandbox.google.edit_service_account(&account, |account| account.delegated.push(ADWORDS.to_owned()));
    sandbox.command(&LOGIN).arg("--impersonate").arg(ADA).stderr_has("1234567890").run();
    assert!(sandbox.read("google-ads.yaml").contains(&format!("impersonated_email: \"{ADA}\"")));
}

#[test]
fn a_service_account_that_nobody_invited_is_named_with_the_place_to_add_it() {
    let sandbox = Sandbox::new();
    let account = sandbox.google.uninvited_service_account();
    sandbox.write("key.json", account.key_file());
    let run = sandbox.command(&LOGIN).code(8).stderr_has("https://ads.google.com").run();
    assert!(run.stderr.matches(&account.email).count() >= 2, "{run:#?}");
    assert!(run.stderr.contains("Access and security"), "{run:#?}");
    // It is stored all the same: once it is invited, nothing else has to be done.
    let person = account.invited_to(vec![crate::google::Account::new("4445556666", "Shop")]);
    sandbox.google.world().people.push(person);
    sandbox.command(&["doctor"]).stdout_has("4445556666").run();
}

#[test]
fn an_empty_list_of_accounts_means_no_access() {
    let sandbox = Sandbox::new();
    let account = sandbox.google.uninvited_service_account();
    sandbox.google.world().people.push(account.invited_to(Vec::new()));
    sandbox.write("key.json", account.key_file());
    sandbox.command(&LOGIN).code(8).stderr_has(&account.email).run();
}

#[test]
fn another_kind_is_only_replaced_on_demand_both_ways() {
    let sandbox = Sandbox::new();
    let (_, file) = invited(&sandbox);
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let user = format!(
        "use_proto_plus: true\nclient_id: {}\nclient_secret: {}\nrefresh_token: {token}\n",
        client.id, client.secret
    );
    sandbox.write("google-ads.yaml", &user);
    sandbox.command(&LOGIN).code(2).stderr_has("--replace-kind").run();
    assert_eq!(sandbox.read("google-ads.yaml"), user);
    sandbox.command(&LOGIN).arg("--replace-kind").stderr_has("").run();
    let yaml = with_plain_backslashes(&sandbox.read("google-ads.yaml"));
    assert!(yaml.contains(&format!("\njson_key_file_path: \"{}\"", file.display())), "{yaml}");
    assert!(yaml.lines().all(|line| !line.starts_with("refresh_token")), "{yaml}");
    sandbox.login(&["-c", "../home/client_secret.json"]).code(2).stderr_has("--replace-kind").run();
    let running = sandbox.login(&["-c", "../home/client_secret.json", "--replace-kind"]).start();
    running.visit(&crate::google::browser::Decision::allow());
    running.finish();
    let yaml = sandbox.read("google-ads.yaml");
    assert!(yaml.lines().all(|line| !line.starts_with("json_key_file_path")), "{yaml}");
    sandbox.command(&["refresh"]).stderr_has("works").run();
}

#[test]
fn a_wrong_key_is_refused_before_anything_is_asked_or_written() {
    let sandbox = Sandbox::new();
    for (text, fact, step) in wrong_files() {
        sandbox.write("key.json", &text);
        let run = sandbox.command(&LOGIN).code(2).stderr_has(fact).stderr_has(step).run();
        assert!(run.stderr.contains("\nhint: "), "{run:#?}");
    }
    assert!(sandbox.google.requests(Endpoint::Token).is_empty());
    assert!(!sandbox.home().join("google-ads.yaml").exists());
}

#[test]
fn a_key_that_is_gone_is_named_with_the_file_that_names_it() {
    let sandbox = Sandbox::new();
    let (_, file) = invited(&sandbox);
    sandbox.command(&LOGIN).arg("-q").stderr_has("").run();
    std::fs::remove_file(&file).expect("the key");
    sandbox
        .command(&["refresh"])
        .code(2)
        .stderr_has("key.json")
        .stderr_has("google-ads.yaml")
        .stderr_has("--key-file")
        .run();
}

#[test]
fn a_path_with_a_tilde_is_one_that_no_library_expands() {
    let sandbox = Sandbox::new();
    invited(&sandbox);
    sandbox.write("google-ads.yaml", "json_key_file_path: ~/key.json\nuse_proto_plus: true\n");
    for args in [&["refresh"][..], &["doctor"], &["exec", "--", "program"]] {
        let run = sandbox.command(args).observe();
        assert_eq!(run.code, 2, "{args:?}: {run:#?}");
        let step = "login --key-file ~/key.json";
        assert!(run.stderr.contains("does not expand `~`") && run.stderr.contains(step), "{args:?}: {run:#?}");
    }
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_causes_a_warning() {
    let sandbox = Sandbox::new();
    invited(&sandbox);
    sandbox.chmod("key.json", 0o644);
    sandbox.command(&LOGIN).stderr_has("0644").stderr_has("chmod 600").run();
}

#[test]
fn a_key_of_a_stand_in_is_never_used_at_another() {
    let sandbox = Sandbox::new();
    invited(&sandbox);
    sandbox.command(&LOGIN).arg("-q").stderr_has("").run();
    let other = crate::google::Google::start().expect("a loopback port");
    sandbox
        .command(&["refresh"])
        .env("GADS_CREDS_ENDPOINT", other.url())
        .code(2)
        .stderr_has("the service account's key was saved for the stand-in")
        .run();
    assert!(other.requests(Endpoint::Token).is_empty());
}
