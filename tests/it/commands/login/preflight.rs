//! Preflight checks: a problem with the target ends a login before the browser opens.

use std::fs;
use std::os::unix::fs::symlink;

use super::{allow, issued, login, refuses};
use crate::sandbox::Sandbox;

const YAML: &str = "google-ads.yaml";

#[test]
fn a_target_that_cannot_be_written_ends_the_login() {
    type Setup = fn(&Sandbox);
    let cases: [(&str, Setup, i32, &str); 12] = [
        ("a directory", |sandbox| fs::create_dir(sandbox.home().join(YAML)).unwrap(), 1, "google-ads.yaml`"),
        (
            "a FIFO",
            |sandbox| {
                let fifo = sandbox.home().join(YAML);
                assert!(std::process::Command::new("mkfifo").arg(fifo).status().unwrap().success());
            },
            1,
            "google-ads.yaml`",
        ),
        ("a link to nowhere", |sandbox| symlink("gone", sandbox.home().join(YAML)).unwrap(), 1, "google-ads.yaml`"),
        ("a loop of links", |sandbox| symlink(YAML, sandbox.home().join(YAML)).unwrap(), 1, "google-ads.yaml`"),
        ("no YAML", |sandbox| drop(sandbox.write(YAML, "a: [1\nb: \"\n")), 1, "google-ads.yaml`"),
        ("a list", |sandbox| drop(sandbox.write(YAML, "- client_id\n")), 1, "google-ads.yaml`"),
        ("not UTF-8", |sandbox| drop(sandbox.write(YAML, b"a: 1\nb: \xff\n")), 1, "google-ads.yaml`"),
        (
            "a key twice",
            |sandbox| drop(sandbox.write(YAML, "refresh_token: 1//0one\nrefresh_token: 1//0two\n")),
            1,
            "line 2 of `",
        ),
        (
            "a service account",
            |sandbox| drop(sandbox.write(YAML, "# ours\njson_key_file_path: /key.json\n")),
            2,
            "hint: add `--replace-kind`",
        ),
        (
            "application default credentials",
            |sandbox| drop(sandbox.write(YAML, "use_application_default_credentials: true\n")),
            2,
            "hint: add `--replace-kind`",
        ),
        ("too large", |sandbox| drop(sandbox.write(YAML, "# x\n".repeat(300_000))), 1, "google-ads.yaml`"),
        (
            "a broken profiles.toml",
            |sandbox| drop(sandbox.write(".config/gads-creds/profiles.toml", "[profiles.work\n")),
            1,
            "profiles.toml`",
        ),
    ];
    for (what, setup, code, fact) in cases {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        setup(&sandbox);
        let outcome = refuses(login(&sandbox, &[]).code(code).stderr_has("error: "));
        assert!(outcome.stderr.contains(fact), "{what}: no {fact:?} in {}", outcome.stderr);
        assert!(!outcome.stderr.contains("1//0"), "{what}: {}", outcome.stderr);
    }
}

#[test]
fn a_directory_that_is_not_writable_ends_the_login() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    // Even root cannot create a file there.
    if cfg!(target_os = "linux") {
        refuses(login(&sandbox, &["--config", "/proc/google-ads.yaml"]).code(1).stderr_has("/proc"));
        let spec = login(&sandbox, &[]).env("XDG_STATE_HOME", "/proc/nowhere").code(1);
        refuses(spec.stderr_has("/proc/nowhere"));
        for place in ["/proc/nowhere", "/sys/nowhere"] {
            let spec = login(&sandbox, &["-p", "work"]).env("XDG_CONFIG_HOME", place).code(1);
            refuses(spec.stderr_has("hint: set `XDG_CONFIG_HOME` to a directory of your own"));
        }
    }
    // On macOS the locks are in the same directory as profiles.toml.
    if !cfg!(target_os = "macos") {
        let config = sandbox.write(".config/gads-creds", "a file where a directory belongs");
        refuses(login(&sandbox, &["-p", "work"]).code(1).stderr_has(".config/gads-creds"));
        fs::remove_file(config).unwrap();
    }
    if !rustix::process::geteuid().is_root() {
        fs::create_dir(sandbox.home().join("locked")).unwrap();
        sandbox.chmod("locked", 0o500);
        refuses(login(&sandbox, &["--config", "../home/locked/google-ads.yaml"]).code(1).stderr_has("locked"));
        sandbox.chmod("locked", 0o700);
    }
}

#[test]
fn a_file_name_that_shows_no_format_gets_a_hint_with_the_option() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    refuses(login(&sandbox, &["--config", "settings"]).code(2).stderr_has("hint: add `--format`"));
    allow(login(&sandbox, &["--config", "settings", "--format", "python"]));
    assert!(sandbox.read(sandbox.work().join("settings")).contains(&client.id));
    refuses(login(&sandbox, &["--config", "settings", "--format", "cobol"]).code(2).stderr_has("cobol"));
}

#[test]
fn another_kind_of_credential_is_switched_by_request() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let text = "# ours\njson_key_file_path: /key.json\nimpersonated_email: a@b.c\nlogin_customer_id: 1234567890\n";
    sandbox.write(YAML, text);
    allow(login(&sandbox, &["--replace-kind"]).stderr_has("line 2: commented out `json_key_file_path`\n"));
    let stored = sandbox.read(YAML);
    let start = "# ours\n# json_key_file_path: /key.json\n# impersonated_email: a@b.c\nlogin_customer_id: 1234567890\n";
    assert!(stored.starts_with(start) && stored.contains(&issued(&sandbox)), "{stored}");
    assert!(stored.contains(&client.id) && stored.contains("use_proto_plus: true"), "{stored}");
}

#[test]
fn an_unusable_client_secrets_file_ends_the_login() {
    let sandbox = Sandbox::new();
    sandbox.write("client_secret.json", "{\"type\": \"service_account\", \"private_key\": \"x\"}");
    refuses(login(&sandbox, &[]).code(2).stderr_has("client_secret.json`"));
    sandbox.write("client_secret.json", "{");
    refuses(login(&sandbox, &[]).code(2).stderr_has("client_secret.json`"));
    refuses(sandbox.login(&["-c", "nowhere.json"]).code(2).stderr_has("there is no file `nowhere.json`"));
    refuses(sandbox.login(&["-c", "-"]).code(2).stderr_has("standard input"));
}

#[test]
fn a_home_directory_that_is_not_there_is_not_made() {
    let sandbox = Sandbox::new();
    let home = sandbox.path("mistyped");
    let run = login(&sandbox, &[]).env("HOME", &home);
    let run = run.without_env("XDG_STATE_HOME").without_env("XDG_CONFIG_HOME");
    run.code(1).stderr_has("mistyped` does not exist").stderr_has("set `HOME`").run();
    assert!(!home.exists());
    let run = login(&sandbox, &[]).env("HOME", "/dev/null");
    let run = run.without_env("XDG_STATE_HOME").without_env("XDG_CONFIG_HOME");
    run.code(1).stderr_has("`/dev/null` is not a directory").stderr_has("set `HOME`").run();
}
