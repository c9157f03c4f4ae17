//! `--replace-kind` in the two formats that hold the key itself.

use serde_json::{Value, json};

use super::invited;
use crate::google::ADWORDS;
use crate::google::browser::Decision;
use crate::sandbox::Sandbox;

/// Logs in as a user into that file.
fn user(sandbox: &Sandbox, config: &str, format: &str, replace: &[&str]) {
    let options = ["-c", "../home/client_secret.json", "--no-verify", "--format", format, "--config", config];
    let deletes = if format == "adc" && !replace.is_empty() { "itself: this login deletes it there" } else { "" };
    let running = sandbox.login(&[&options[..], replace].concat()).stderr_has(deletes).start();
    running.visit(&Decision::allow());
    running.finish();
    sandbox.command(&["refresh", "--config", config, "--format", format]).stderr_has("works").run();
}

#[test]
fn both_ways_leave_one_kind_that_works() {
    for (format, name) in [("adc", "adc.json"), ("dlt", "secrets.toml")] {
        let sandbox = Sandbox::new();
        let (account, key) = invited(&sandbox);
        sandbox.desktop();
        let config = sandbox.home().join(name).display().to_string();
        let login =
            || sandbox.command(&["login", "-q", "--format", format, "--config", &config, "--key-file"]).arg(&key);
        user(&sandbox, &config, format, &[]);
        for _ in 0..2 {
            let before = sandbox.read(name);
            login().code(2).stderr_has("--replace-kind").run();
            assert_eq!(sandbox.read(name), before, "{format}");
            login().arg("--replace-kind").stderr_has("").run();
            let works = sandbox.command(&["refresh", "--config", &config, "--format", format]);
            works.stderr_has(&account.email).stderr_has("works").run();
            let text = sandbox.read(name);
            assert!(uncommented(&text).all(|line| !line.contains("refresh_token")), "{format}: {text}");
            user(&sandbox, &config, format, &["--replace-kind"]);
            let text = sandbox.read(name);
            assert!(uncommented(&text).all(|line| !line.contains("PRIVATE KEY")), "{format}: {text}");
            if format == "adc" {
                let adc: Value = serde_json::from_str(&text).expect("JSON");
                let names: Vec<&str> = adc.as_object().expect("an object").keys().map(String::as_str).collect();
                assert_eq!(names, ["client_id", "client_secret", "refresh_token", "type"], "{text}");
            }
        }
    }
}

fn uncommented(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

#[test]
fn what_is_not_a_users_credential_keeps_the_file_and_the_option_is_not_offered() {
    let sandbox = Sandbox::new();
    let (_, key) = invited(&sandbox);
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[ADWORDS]);
    let mut adc = json!({"type": "authorized_user", "client_id": client.id, "client_secret": client.secret,
        "refresh_token": token, "quota_project_id": "ours", "team": "reports"});
    let in_line = format!(
        "[sources]\ngoogle_ads = {{ dev_token = \"x\", credentials = {{ client_id = \"{}\", client_secret = \"{}\", refresh_token = \"{token}\" }} }}\n",
        client.id, client.secret
    );
    for (format, name, text, step) in [
        ("adc", "adc.json", adc.to_string(), "name another file"),
        ("dlt", "secrets.toml", in_line, "remove that section"),
    ] {
        sandbox.write(name, &text);
        let config = sandbox.home().join(name);
        for (more, code) in [(&[][..], 2), (&["--replace-kind"], 1)] {
            let login =
                sandbox.command(&["login", "--format", format, "--key-file"]).arg(&key).arg("--config").arg(&config);
            let run = more.iter().fold(login, |login, option| login.arg(*option)).code(code).stderr_has(step).run();
            assert!(!run.stderr.contains("--replace-kind"), "{format}: {run:#?}");
            assert_eq!(sandbox.read(name), text, "{format}");
        }
    }
    adc.as_object_mut().expect("an object").remove("team");
    sandbox.write("adc.json", adc.to_string());
    let login = sandbox.command(&["login", "--format", "adc", "--replace-kind", "--key-file"]).arg(&key);
    login.arg("--config").arg(sandbox.home().join("adc.json")).stderr_has("are replaced by the key").run();
    assert_eq!(serde_json::from_str::<Value>(&sandbox.read("adc.json")).expect("JSON")["type"], "service_account");
}

/// The ways to write the user's section, and the other lines, which stay.
const SECTIONS: [&str; 4] = [
    "[sources.google_ads]\ndev_token = \"x\"\n\n[sources.google_ads.credentials] # mine\nclient_id = \"@\"\nrefresh_token = \"1//0a\"\n\n[other]\nx = 1\n",
    "[sources.google_ads]\ncredentials = { client_id = \"@\", refresh_token = \"1//0a\" }\ncustomer_id = \"1234567890\"\n",
    "[sources.google_ads]\ndev_token = \"x\"\ncredentials.client_id = \"@\"\ncredentials.refresh_token = \"1//0a\"\n",
    "text = \"\"\"\n[sources.google_ads.credentials]\n\"\"\"\n[ sources . google_ads . \"credentials\" ]\nclient_id = \"@\"\n",
];

#[test]
fn a_section_of_toml_is_commented_out_and_other_lines_stay() {
    let sandbox = Sandbox::new();
    let (account, key) = invited(&sandbox);
    let config = sandbox.home().join("secrets.toml");
    for section in SECTIONS {
        let text = section.replace('@', "1.apps.googleusercontent.com");
        sandbox.write("secrets.toml", &text);
        let login =
            sandbox.command(&["login", "--format", "dlt", "--no-verify", "--replace-kind", "--key-file"]).arg(&key);
        login.arg("--config").arg(&config).stderr_has("is commented out").run();
        let new = sandbox.read("secrets.toml");
        for line in text.lines().filter(|line| !line.is_empty()) {
            assert!(new.lines().any(|kept| kept == line || kept.strip_prefix("# ") == Some(line)), "{line}: {new}");
        }
        assert!(uncommented(&new).all(|line| !line.contains("client_id = ")), "{new}");
        let works = sandbox.command(&["refresh", "--format", "dlt", "--config"]).arg(&config);
        works.stderr_has(&account.email).run();
    }
}
