//! A key that lives only in a keychain or in a secret manager.

use serde_json::json;

use crate::stores::command::{GOOD, Manager, PATH};

const ADA: &str = "ada@example.com";

/// Prints the address in the key that the variable names.
const READ_KEY: &str = "/bin/grep -o '\"client_email\": *\"[^\"]*\"' \"$GOOGLE_ADS_JSON_KEY_FILE_PATH\"";

#[test]
fn a_secret_manager_holds_the_key_and_hands_it_over_in_memory() {
    let manager = Manager::new(GOOD);
    let sandbox = &manager.sandbox;
    let account = sandbox.google.service_account();
    let key = sandbox.write("key.json", account.key_file());
    let login = manager.command(&["login", "--key-file", key.to_str().expect("a path of ours")]);
    login.arg("--login-customer-id").arg("444-555-6666").stderr_has("can be deleted").run();
    std::fs::remove_file(&key).expect("the key");
    let kept = manager.kept_json();
    assert_eq!((&kept["type"], &kept["client_email"]), (&json!("service_account"), &json!(account.email)));
    assert_eq!(kept["login_customer_id"], "4445556666");
    manager.command(&["refresh"]).stderr_has(&account.email).stderr_has("works").run();
    let exec = manager.command(&["exec", "--", "/bin/sh", "-c", READ_KEY]);
    exec.stdout_has(&account.email).run();
    let path =
        manager.command(&["exec", "--", "/bin/sh", "-c", "echo $GOOGLE_ADS_JSON_KEY_FILE_PATH"]).stdout_has("/").run();
    assert!(!std::path::Path::new(path.stdout.trim()).exists(), "{path:#?}");
    let shown = manager.command(&["show", "--json"]).stdout_has("{").run().json();
    assert_eq!(shown["service_account"]["email"], account.email.as_str());
    assert_eq!(shown["service_account"]["key_file"], json!(null));
    manager.command(&["export", "python", "--stdout"]).code(2).stderr_has("export -p work adc FILE").run();
    manager.command(&["doctor"]).stdout_has(&account.email).run();
    manager.command(&["revoke", "--yes"]).stderr_has("iam-admin/serviceaccounts").run();
    let kept = manager.kept().unwrap_or_default();
    assert!(!kept.contains("PRIVATE KEY") && !kept.contains(&account.email), "{kept}");
}

#[test]
fn the_prompt_says_that_no_other_copy_of_the_key_is_known_and_only_that_key_is_deleted() {
    let manager = Manager::new(GOOD);
    let sandbox = &manager.sandbox;
    let account = sandbox.google.service_account();
    let key = sandbox.write("key.json", account.key_file());
    manager.command(&["login", "--key-file", key.to_str().expect("a path of ours")]).stderr_has("").run();
    let kept = manager.kept();
    let mut terminal = manager.command(&["revoke", "--forget"]).code(5).terminal();
    terminal.expect("gads-creds knows of no other copy, and Google never shows a key again.");
    terminal.expect("with its key from");
    terminal.expect("and forget profile `work`?");
    terminal.send("n");
    terminal.finish();
    assert_eq!(manager.kept(), kept);
    let mut terminal = manager.command(&["revoke"]).code(1).terminal();
    terminal.expect("[y/N]");
    manager.keep(sandbox.google.service_account().key_file());
    let other = manager.kept();
    terminal.send("y");
    terminal.expect("was replaced meanwhile; nothing was removed");
    terminal.finish();
    assert_eq!(manager.kept(), other);
}

/// Google shows a key only once.
#[test]
fn a_key_that_a_secret_manager_loses_is_saved_again_from_its_recovery_file() {
    let manager = Manager::new(GOOD);
    let sandbox = &manager.sandbox;
    let account = sandbox.google.service_account();
    let login = manager.command(&["login", "--key-file", "-", "--login-customer-id", "4445556666"]);
    login.stdin(account.key_file()).stderr_has("").run();
    let before = manager.kept_json();
    manager.script(&format!("case \"$1\" in set) rm \"$entry\"; exit 1 ;; esac\n{GOOD}"));
    let set = manager.command(&["set", "--login-customer-id", "1234567890", "--no-verify"]).code(7);
    set.stderr_has("is kept in").stderr_has("gads-creds login --recover").run();
    assert_eq!((manager.kept(), manager.recoveries()), (None, 1));
    // Another key came meanwhile.
    manager.script(GOOD);
    manager.keep(sandbox.google.service_account().key_file());
    let other = manager.kept();
    let recover = || sandbox.command(&["login", "--recover", "--json"]).env("PATH", PATH);
    recover().code(2).stdout_has("holds another key").stderr_has("--force").run();
    assert_eq!((manager.kept(), manager.recoveries()), (other, 1));
    std::fs::remove_file(manager.entry()).expect("the other key");
    let object = recover().stdout_has("work").stderr_has("stored the key").run().json();
    assert_eq!(object["logins"][0]["kind"], "service_account");
    assert_eq!((manager.kept_json(), manager.recoveries()), (before, 0));
    manager.command(&["refresh"]).stderr_has(&account.email).stderr_has("works").run();
}

#[test]
fn the_other_kind_in_a_secret_manager_is_only_replaced_on_demand() {
    let manager = Manager::with_document(GOOD);
    let sandbox = &manager.sandbox;
    let account = sandbox.google.service_account();
    let key = sandbox.write("key.json", account.key_file());
    let key = key.to_str().expect("a path of ours");
    let before = manager.kept();
    manager.command(&["login", "--key-file", key]).code(2).stderr_has("--replace-kind").run();
    assert_eq!(manager.kept(), before);
    manager.command(&["login", "--key-file", key, "--replace-kind"]).stderr_has("").run();
    let kept = manager.kept_json();
    assert_eq!((&kept["type"], &kept["refresh_token"]), (&json!("service_account"), &json!(null)));
    assert_eq!(kept["team"]["since"], 2019.5);
    manager.login(&[]).code(2).stderr_has("--replace-kind").run();
    let login = manager.login(&["--replace-kind"]).stderr_has("itself: this login deletes it there").start();
    login.visit(&crate::google::browser::Decision::allow());
    login.finish();
    let kept = manager.kept_json();
    assert_eq!((&kept["type"], &kept["private_key"]), (&json!("authorized_user"), &json!(null)));
    assert_eq!(kept["client_email"], json!(null));
    manager.command(&["refresh"]).env("PATH", PATH).stderr_has("works").run();
}

#[cfg(target_os = "linux")]
#[test]
fn the_keychain_holds_the_key_and_no_file_does() {
    use crate::google::{ADWORDS, Endpoint};
    use crate::harness::keyring::Session;
    use crate::sandbox::Sandbox;
    let sandbox = Sandbox::new();
    let Some(session) = Session::start(&sandbox) else { return };
    let account = sandbox.google.service_account();
    sandbox.google.edit_service_account(&account, |account| account.delegated.push(ADWORDS.to_owned()));
    let key = sandbox.write("key.json", account.key_file());
    let login = session.command(&["login", "-p", "robot", "--store", "keychain", "--key-file", key.to_str().unwrap()]);
    login.arg("--impersonate").arg(ADA).arg("--login-customer-id").arg("444-555-6666").stderr_has("keychain").run();
    std::fs::remove_file(&key).expect("the key");
    assert_eq!(session.entries(), "robot/impersonated_email robot/login_customer_id robot/service_account_key");
    let shown = session.command(&["show", "-p", "robot", "--json"]).stdout_has("{").run().json();
    assert_eq!(
        (&shown["service_account"]["impersonate"], &shown["login_customer_id"]),
        (&json!(ADA), &json!("4445556666"))
    );
    session.command(&["refresh", "-p", "robot"]).stderr_has("works").run();
    session.command(&["exec", "-p", "robot", "--", "/bin/sh", "-c", READ_KEY]).stdout_has(&account.email).run();
    assert!(crate::stores::keychain_commands::holding(&sandbox.home(), &sandbox.google.secrets()).is_empty());
    session.command(&["revoke", "-p", "robot", "--yes", "--forget"]).stderr_has("still valid").run();
    assert_eq!(session.entries(), "");
    assert!(sandbox.google.requests(Endpoint::Revoke).is_empty());
}

/// The directory that holds the key as a file with a name: by the session's directory, then `TMPDIR`, then memory.
#[cfg(target_os = "linux")]
#[test]
fn a_key_with_a_name_is_announced_and_in_memory_where_nothing_else_is_chosen() {
    use std::os::unix::fs::PermissionsExt as _;
    let manager = Manager::new(GOOD);
    let account = manager.sandbox.google.service_account();
    manager.command(&["login", "-q", "--key-file", "-"]).stdin(account.key_file()).stderr_has("").run();
    let php = manager.sandbox.write(
        "php",
        "#!/bin/sh\nprintf %s \"$GOOGLE_ADS_JSON_KEY_FILE_PATH\"; /bin/ls -ld \"${GOOGLE_ADS_JSON_KEY_FILE_PATH%/*}\" \"$GOOGLE_ADS_JSON_KEY_FILE_PATH\" >&2\n",
    );
    std::fs::set_permissions(&php, std::fs::Permissions::from_mode(0o700)).expect("a program");
    let php = php.display().to_string();
    let chosen = manager.sandbox.home().with_file_name("tmp").display().to_string();
    let is_in_memory = std::fs::read_to_string("/proc/self/mounts").is_ok_and(|text| text.contains(" /dev/shm tmpfs "));
    let otherwise = if is_in_memory { "/dev/shm" } else { "/tmp" };
    for (without, place) in [
        (&[][..], chosen.as_str()),
        (&["XDG_RUNTIME_DIR"], chosen.as_str()),
        (&["XDG_RUNTIME_DIR", "TMPDIR"], otherwise),
    ] {
        let spec = manager.command(&["exec", "--", &php]);
        let run = without.iter().fold(spec, |spec, name| spec.without_env(name)).observe();
        let path = run.stdout.trim();
        assert!(run.code == 0 && path.starts_with(&format!("{place}/gads-creds-")), "{without:?}: {run:#?}");
        assert!(run.stderr.contains(&format!("the key is in the file `{path}`")), "{without:?}: {run:#?}");
        assert!(run.stderr.contains("drwx------") && run.stderr.contains("-rw-------"), "{without:?}: {run:#?}");
        assert!(!std::path::Path::new(path).parent().expect("a directory").exists(), "{without:?}: {run:#?}");
    }
}
