//! Every command with a service account in a file of every format: where the file names the key by its path, and where it holds it.

use serde_json::json;

use super::another_key;
use super::{FORMATS, invited};
use crate::google::{ADWORDS, Endpoint};
use crate::sandbox::{Sandbox, Spec};

const READ_KEY: &str = "/bin/grep -o '\"client_email\": *\"[^\"]*\"' \"$GOOGLE_ADS_JSON_KEY_FILE_PATH\"";
const READ_FILE: &str =
    "/bin/grep -c -e \"$0\" \"${GOOGLE_APPLICATION_CREDENTIALS:-$GOOGLE_ADS_CONFIGURATION_FILE_PATH}\"";
const DEVELOPER_TOKEN: &str = "pQ7rT2vX9zLm4kN8wB3cYd";

#[test]
fn every_command_works_in_every_format() {
    for (format, file) in FORMATS {
        let sandbox = Sandbox::new();
        let (account, key) = invited(&sandbox);
        let key = key.display().to_string();
        sandbox.plant(DEVELOPER_TOKEN);
        sandbox.write("developer_token", DEVELOPER_TOKEN);
        let here = |args: &[&str]| -> Spec<'_> { sandbox.command(args).directory(sandbox.home()) };
        let on = |args: &[&str]| {
            let (verb, rest) = args.split_first().expect("a command");
            here(&[&[*verb, "-p", "robot"], rest].concat())
        };
        let holds_key = ["adc", "dlt"].contains(&format);
        let mark = if holds_key { account.key_id.clone() } else { key.clone() };

        let mut login = on(&["login", "--key-file", "key.json", "--format", format, "--config", file]);
        if format != "adc" {
            login =
                login.arg("--login-customer-id").arg("4445556666").arg("--developer-token-file").arg("developer_token");
        }
        login.stderr_has(&account.email).run();
        assert!(sandbox.read(file).contains(&mark), "{format}: {}", sandbox.read(file));

        on(&["refresh"]).stderr_has(&account.email).stderr_has("works").run();
        let refreshed = on(&["refresh", "--json"]).stdout_has("{").run().json();
        assert_eq!((&refreshed["kind"], &refreshed["valid"]), (&json!("service_account"), &json!(true)), "{format}");
        let shown = on(&["show", "--json"]).stdout_has("{").run().json();
        let of = &shown["service_account"];
        assert_eq!((&shown["kind"], &of["email"]), (&json!("service_account"), &json!(account.email)), "{format}");
        let known = if holds_key { json!(null) } else { json!(key) };
        assert_eq!((&of["key_file"], &of["key_id"]), (&known, &json!(account.key_id)), "{format}");
        on(&["doctor"]).stdout_has(&account.email).run();
        on(&["exec", "--", "/bin/sh", "-c", READ_KEY]).stdout_has(&account.email).run();
        let as_file = on(&["exec", "--as-file", format, "--", "/bin/sh", "-c", READ_FILE, &mark]).observe();
        assert_eq!((as_file.code, as_file.stdout.as_str()), (0, "1\n"), "{format}: {as_file:#?}");

        let java = on(&["export", "java", "out.properties"]);
        match holds_key {
            true => _ = java.code(2).stderr_has("export").stderr_has("adc FILE").run(),
            false => {
                java.stderr_has("wrote").run();
                assert!(sandbox.read("out.properties").contains(&key), "{format}");
            }
        }
        let export = on(&["export", "adc", "out.json"]).stderr_has("wrote").run();
        assert!(!export.stderr.contains("where the library does not look"), "{format}: {}", export.stderr);
        if holds_key {
            let export = on(&["export", "dlt", "out.toml"]).stderr_has("wrote").run();
            assert!(!export.stderr.contains("`credentials` is a value"), "{format}: {}", export.stderr);
        }
        assert!(sandbox.read("out.json").contains(&account.key_id), "{format}");
        let stdout = on(&["export", format, "--stdout"]).observe();
        assert!(stdout.code == 0 && !stdout.stdout.contains("PRIVATE KEY"), "{format}: {stdout:#?}");

        let set = ["set", "--key-file", "new.json"];
        let new = another_key(&sandbox, &account);
        on(&["refresh"]).code(4).stderr_has("Invalid JWT Signature").stderr_has(&account.key_id).run();
        on(&set).stderr_has(&account.key_id).run();
        on(&["refresh"]).stderr_has("works").run();
        let mark = if holds_key { new.key_id.clone() } else { "/new.json".to_owned() };
        assert!(sandbox.read(file).contains(&mark), "{format}: {}", sandbox.read(file));

        let (to, target) = if holds_key { ("dlt", "moved.toml") } else { ("python", "moved.yaml") };
        on(&["move", "--store", "file", "--format", to, "--config", target]).stderr_has("is kept in").run();
        assert!(sandbox.read(target).contains(&mark), "{format}");
        let left = sandbox.read(file);
        assert!(!left.contains(&mark) && !left.contains("PRIVATE KEY"), "{format}: {left}");
        on(&["refresh"]).stderr_has("works").run();

        on(&["revoke", "--yes"]).stderr_has("still valid").run();
        let left = sandbox.read(target);
        assert!(!left.contains(&mark) && !left.contains("PRIVATE KEY"), "{format}: {left}");
        assert!(sandbox.read("new.json").contains("PRIVATE KEY"), "{format}");
        assert!(sandbox.google.requests(Endpoint::Revoke).is_empty(), "{format}");
        on(&["refresh"]).code(3).stderr_has("login").run();
    }
}

#[test]
fn refresh_all_names_users_and_service_accounts_whatever_is_wrong_with_the_others() {
    let sandbox = Sandbox::new();
    let (_, token) = crate::stored::works(&sandbox);
    let withdrawn = sandbox.google.desktop();
    let revoked = sandbox.google.grant(&withdrawn, &[ADWORDS]);
    sandbox.write("revoked.yaml", crate::stored::yaml(&withdrawn, &revoked));
    sandbox.google.withdraw(&withdrawn);
    let robots: Vec<_> = ["good", "deleted", "gone", "damaged"]
        .map(|name| {
            let account = sandbox.google.service_account();
            sandbox.write(format!("{name}-key.json"), account.key_file());
            let (config, key) = (format!("{name}.yaml"), format!("{name}-key.json"));
            let login = ["login", "-q", "-p", name, "--config", &config, "--key-file", &key];
            sandbox.command(&login).directory(sandbox.home()).stderr_has("").run();
            account
        })
        .into();
    sandbox.google.edit_service_account(&robots[1], |account| account.key_deleted = true);
    std::fs::remove_file(sandbox.home().join("gone-key.json")).expect("the key");
    sandbox.write("damaged-key.json", &robots[3].key_file()[..700]);
    let mut profiles = sandbox.read(".config/gads-creds/profiles.toml");
    for (name, file) in [("ada", "google-ads.yaml"), ("old", "revoked.yaml")] {
        profiles += &format!("\n[profiles.{name}]\nfile = {:?}\n", sandbox.home().join(file));
    }
    sandbox.write(".config/gads-creds/profiles.toml", profiles);
    let run = sandbox.command(&["refresh", "--all", "--json"]).observe();
    let rows: Vec<serde_json::Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
    let mut found: Vec<_> = rows
        .iter()
        .filter(|row| row["profile"].is_string())
        .map(|row| {
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            (text(&row["profile"]), text(&row["kind"]), text(&row["error"]["kind"]))
        })
        .collect();
    found.sort();
    let expected = [
        ("ada", "user", ""),
        ("damaged", "", "key_file"),
        ("deleted", "", "token_rejected"),
        ("gone", "", "key_file"),
        ("good", "service_account", ""),
        ("old", "", "token_rejected"),
    ];
    let found: Vec<_> =
        found.iter().map(|(name, kind, error)| (name.as_str(), kind.as_str(), error.as_str())).collect();
    assert_eq!(found, expected, "{run:#?}");
    assert_ne!(run.code, 0);
    assert!(!run.stdout.contains(&token) && !run.stdout.contains("PRIVATE KEY"));
}
