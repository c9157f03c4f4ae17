//! The lifecycle of a credential in a secret manager, from login to revocation, and what its document keeps.

use serde_json::json;

use super::{GOOD, Manager, PATH, PROFILES};
use crate::google::browser::Decision;

#[test]
fn a_credential_is_kept_by_its_manager_from_login_to_revocation() {
    let manager = Manager::new(GOOD);
    let login = manager.login(&["--login-customer-id", "123-456-7890"]).start();
    login.visit(&Decision::allow());
    login.finish();
    let text = manager.kept().unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    let kept = manager.kept_json();
    assert_eq!((&kept["type"], &kept["login_customer_id"]), (&json!("authorized_user"), &json!("1234567890")));
    assert_eq!(kept["client_id"], manager.client.id.as_str());

    let shown = manager.command(&["show", "--json"]).stdout_has("{").run().json();
    assert_eq!((&shown["store"], &shown["file"]), (&json!("command"), &json!(null)));
    assert!(shown["location"].as_str().unwrap().starts_with("command ("), "{shown}");
    manager.command(&["refresh"]).stderr_has("works: access token issued").run();
    let exec = manager.command(&["exec", "--", "/bin/sh", "-c", "echo $GOOGLE_ADS_CLIENT_ID $GADS_CREDS_PROFILE"]);
    exec.stdout(format!("{} work\n", manager.client.id)).run();
    let export = manager.command(&["export", "java", "../home/ads.properties"]).stderr_has("wrote");
    export.run();

    let token = kept["refresh_token"].as_str().unwrap().to_owned();
    manager.command(&["revoke", "--yes"]).stderr_has("revoked the refresh token at Google").run();
    assert!(!manager.sandbox.google.lives(&token));
    let left = manager.kept_json();
    assert_eq!((left.get("refresh_token"), &left["client_id"]), (None, &kept["client_id"]));
    manager.command(&["refresh"]).code(3).stderr_has("there is no refresh token in command (").run();
    manager.command(&["revoke", "--yes", "--forget"]).stderr_has("").run();
    assert_eq!(manager.kept(), None);
    assert!(!manager.sandbox.read(PROFILES).contains("work"));
}

#[test]
fn unknown_members_of_a_document_stay() {
    let manager = Manager::with_document(GOOD);
    let before = manager.document();
    let login = manager.login(&[]).start();
    login.visit(&Decision::allow());
    login.finish();
    let after = manager.kept_json();
    for name in ["quota_project_id", "team"] {
        assert_eq!(after[name], before[name]);
    }
    assert_ne!(after["refresh_token"], before["refresh_token"]);
    let text = manager.kept().unwrap();
    assert!(text.is_ascii() && text.contains("2019.5") && text.lines().count() == 1, "{text}");
}

#[test]
fn a_token_that_google_replaces_is_saved() {
    let manager = Manager::with_document(GOOD);
    manager.sandbox.google.world().rotate = true;
    manager.command(&["refresh"]).stderr_has("replaced the refresh token").run();
    assert_ne!(manager.kept_json()["refresh_token"], manager.document()["refresh_token"]);
    assert_eq!(manager.kept_json()["team"], manager.document()["team"]);
    manager.command(&["refresh"]).stderr_has("works").run();
    assert_eq!(manager.recoveries(), 0);
}

#[test]
fn without_erase_all_but_the_token_stays() {
    let manager = Manager::with_document(GOOD);
    let text = manager.sandbox.read(PROFILES);
    let text: String = text.lines().filter(|line| !line.starts_with("erase")).map(|line| format!("{line}\n")).collect();
    manager.sandbox.write(PROFILES, text);
    manager.command(&["revoke", "--yes", "--forget"]).stderr_has("revoked").run();
    let left = manager.kept_json();
    assert_eq!((left.get("refresh_token"), &left["team"]), (None, &manager.document()["team"]));
}

#[test]
fn a_read_only_entry_is_read_and_not_written() {
    let manager = Manager::with_document(GOOD);
    let text = manager.sandbox.read(PROFILES);
    let reads = |line: &&str| !line.starts_with("erase") && !line.starts_with("set");
    let text: String = text.lines().filter(reads).map(|line| format!("{line}\n")).collect();
    manager.sandbox.write(PROFILES, text);
    let before = manager.kept();
    manager.command(&["refresh"]).stderr_has("works").run();
    let login = manager.login(&[]).code(2).stderr_has("can only be read").run();
    assert!(!login.stderr.contains("/o/oauth2/"), "{login:#?}");
    manager.command(&["revoke", "--yes"]).code(2).stderr_has("can only be read").run();
    assert!(manager.sandbox.google.lives(&manager.token));
    assert_eq!(manager.kept(), before);
}

#[test]
fn a_missing_credential_is_distinguished_from_an_incomplete_one() {
    for (kept, code, expected) in [
        ("", 3, "there is no refresh token in"),
        (" \n", 3, "there is no refresh token in"),
        ("{}", 3, "there is no refresh token in"),
        ("{\"type\":\"authorized_user\"}", 3, "there is no refresh token in"),
        ("{\"refresh_token\":\"1//0x\"}", 3, "there is no client ID in"),
    ] {
        let manager = Manager::new(GOOD);
        manager.keep(kept);
        manager.command(&["refresh"]).code(code).stderr_has(expected).run();
    }
    // There is no entry: stderr contains the text of `absent`.
    let manager = Manager::new(GOOD);
    manager.command(&["refresh"]).code(3).stderr_has("there is no refresh token in").run();
}

#[test]
fn profiles_that_share_an_entry_are_named() {
    let manager = Manager::with_document(GOOD);
    let twin = manager.sandbox.read(PROFILES).replace("profiles.work", "profiles.twin");
    manager.sandbox.write(PROFILES, manager.sandbox.read(PROFILES) + &twin);
    let shown = manager.command(&["show", "--json"]).stdout_has("{").run().json();
    let location = &shown["location"];
    assert_eq!(shown["shared_with"], json!([{ "profile": "twin", "by": "location", "location": location }]));
}

#[test]
fn doctor_says_whether_the_manager_is_installed_and_responds() {
    let manager = Manager::with_document(GOOD);
    let doctor = || manager.command(&["doctor", "--offline"]);
    doctor().stdout_has("ok    secret manager: `").stdout_has("responded in ").run();
    manager.keep("half of a docu");
    let run = doctor().code(7).stdout_has("fail  location: what `").stdout_has("is not a JSON object");
    run.stdout_has("secret manager, ").stderr_has("error: ").run();
    manager.keep(manager.document().to_string());
    let text = manager.sandbox.read(PROFILES);
    manager.sandbox.write(PROFILES, text.replace("/manager\", \"get", "/missing\", \"get"));
    let run = doctor().code(7).stdout_has("fail  location: ").stdout_has("is not the full path of a program");
    run.stderr_has("error: ").run();
    let reads = |line: &&str| !line.starts_with("set");
    let text: String = text.lines().filter(reads).map(|line| format!("{line}\n")).collect();
    manager.sandbox.write(PROFILES, text);
    doctor().stdout_has("warn  secret manager: ").stdout_has("a new token cannot be saved").run();
    // Other users need not know that there are secret managers.
    let file = manager.sandbox.write("work.yaml", "");
    let run = manager.sandbox.command(&["doctor", "--offline", "--config", file.to_str().unwrap()]).observe();
    assert!(!run.stdout.contains("secret manager"), "{run:#?}");
}

#[test]
fn doctor_names_the_version_of_a_manager_that_it_knows() {
    for (prints, version) in [
        ("printf '= see passwordstore.org =\\n=   v1.7.4   =\\n'", ", v1.7.4"),
        ("echo 'pass of 2024.'", ""),
        ("echo v1.7.4; exit 1", ""),
    ] {
        let manager = Manager::new(GOOD);
        let sandbox = &manager.sandbox;
        let script = format!(
            "#!/bin/sh\numask 077\nentry='{}'\ncase \"$1\" in\nshow) set -- get ;;\ninsert) set -- set ;;\nversion) {prints}; exit ;;\nesac\n{}",
            manager.entry().display(),
            GOOD.replace("no such entry", "Error: it is not in the password store")
        );
        let program = sandbox.write("bin/pass", script);
        sandbox.chmod(&program, 0o700);
        sandbox.write("work.yaml", crate::stored::yaml(&manager.client, &manager.token));
        sandbox.write(PROFILES, "[profiles.work]\nfile = \"~/work.yaml\"\n");
        let path = format!("{}:{PATH}", sandbox.home().join("bin").display());
        let command = |args: &[&str]| manager.command(args).env("PATH", &path);
        command(&["move", "--store", "pass:ads"]).stderr_has("").run();
        let expected = format!("ok    secret manager: `{}`{version} responded", program.display());
        command(&["doctor", "--offline"]).stdout_has(&expected).run();
    }
}

#[test]
fn a_manager_gets_the_environment_without_what_is_about_google_ads() {
    let manager = Manager::with_document(&format!("/usr/bin/env > \"$entry.env\"\n{GOOD}"));
    let run = manager.command(&["refresh"]).env("GADS_CREDS_CANARY", "1").env("GOOGLE_ADS_DEVELOPER_TOKEN", "canary");
    run.env("MY_MANAGER", "kept").stderr_has("works").run();
    let seen = std::fs::read_to_string(manager.entry().with_extension("env")).unwrap();
    assert!(seen.contains("MY_MANAGER=kept"), "{seen}");
    assert!(!seen.contains("GADS_CREDS_") && !seen.contains("GOOGLE_ADS_"), "{seen}");
}
