//! A token that Google issued is never lost.

use std::fs;

use super::{allow, issued, login, new_file, recovery_files};
use crate::google::browser::Decision;
use crate::google::{Endpoint, Fault};
use crate::sandbox::Sandbox;

/// Lets the person's editor write this file at the worst moment: between the consent and the storing.
fn meanwhile(sandbox: &Sandbox, name: &str, text: &'static str) {
    let path = sandbox.home().join(name);
    let edit = move |_: &mut serde_json::Value| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    };
    sandbox.google.fault(Endpoint::Ads, Fault::edit(edit));
}

#[test]
fn a_token_that_cannot_be_stored_is_kept_and_stored_later() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let broken = "refresh_token: a\nrefresh_token: b\n";
    meanwhile(&sandbox, "google-ads.yaml", broken);
    let running = login(&sandbox, &[]).code(1).stderr_has("gads-creds login --recover").start();
    let page = running.visit(&Decision::allow());
    let outcome = running.finish();
    assert!(page.body.contains("The login did not succeed"), "{}", page.body);
    let [file] = &recovery_files(&sandbox)[..] else { panic!("{:?}", recovery_files(&sandbox)) };
    assert!(outcome.stderr.contains(&format!("the new refresh token is kept in `{}`", file.display())), "{outcome:#?}");
    assert_eq!(sandbox.read("google-ads.yaml"), broken);
    let token = issued(&sandbox);

    // Neither another login nor the doctor lets it be forgotten, and a recovery that fails keeps it.
    let warning = "an earlier login left a token that is not stored yet";
    login(&sandbox, &["--config", "../home/b.yaml", "--timeout", "1"]).code(5).stderr_has(warning).run();
    assert!(sandbox.command(&["doctor", "--offline"]).observe().stdout.contains("login --recover"));
    sandbox.command(&["login", "--recover"]).code(1).stderr_has("google-ads.yaml`").run();
    assert_eq!(recovery_files(&sandbox).len(), 1);

    fs::remove_file(sandbox.home().join("google-ads.yaml")).unwrap();
    let before = super::requests(&sandbox);
    sandbox.command(&["login", "--recover"]).stderr_has("stored the refresh token in").run();
    assert_eq!(super::requests(&sandbox), before, "a recovery needs nobody");
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &token));
    assert!(recovery_files(&sandbox).is_empty());
    sandbox.command(&["login", "--recover"]).code(3).stderr_has("no login waits to be finished").run();
}

#[test]
fn a_profile_that_cannot_be_noted_down_is_recovered_as_well() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    meanwhile(&sandbox, ".config/gads-creds/profiles.toml", "[profiles.other\n");
    allow(login(&sandbox, &["-p", "work"]).code(1).stderr_has("profiles.toml`").stderr_has("login --recover"));
    sandbox.write(".config/gads-creds/profiles.toml", "# mine\n");
    let outcome = sandbox.command(&["login", "--recover", "--json"]).stdout_has("work").stderr_has("").run();
    assert_eq!(outcome.json()["profile"], "work");
    sandbox.command(&["show", "-p", "work"]).stdout_has("profile          work").run();
    assert!(recovery_files(&sandbox).is_empty());
}

#[test]
fn another_kind_of_credential_that_came_meanwhile_is_replaced_by_request() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    meanwhile(&sandbox, "google-ads.yaml", "json_key_file_path: /key.json\n");
    allow(login(&sandbox, &[]).code(2).stderr_has("login --recover"));
    sandbox.command(&["login", "--recover"]).code(2).stderr_has("--replace-kind").run();
    sandbox.command(&["login", "--recover", "--replace-kind"]).stderr_has("commented out `json_key_file_path`").run();
    let text = sandbox.read("google-ads.yaml");
    assert!(text.starts_with("# json_key_file_path: /key.json\n") && text.contains(&issued(&sandbox)), "{text}");
}

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_after_the_exchange_loses_nothing() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let held = super::hold(&sandbox, Endpoint::Ads);
    let running = login(&sandbox, &[]).code(137).start();
    let page = super::browse(&running.url());
    held.reached();
    super::kill(running.id(), rustix::process::Signal::KILL);
    running.finish();
    drop(page.join());
    drop(held);
    assert!(!sandbox.home().join("google-ads.yaml").exists());
    sandbox.command(&["login", "--recover"]).stderr_has("stored the refresh token in").run();
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
    assert!(recovery_files(&sandbox).is_empty());
}

/// Breaks everything that could take the token, as soon as it is issued.
#[cfg(unix)]
fn nowhere_to_go(sandbox: &Sandbox) {
    let home = sandbox.home();
    let user = rustix::process::geteuid().as_raw();
    let temporary = home.with_file_name("tmp").join(format!("gads-creds-{user}"));
    let edit = move |_: &mut serde_json::Value| {
        let state = home.join(".local/state/gads-creds/recovery");
        fs::remove_dir_all(&state).unwrap();
        for file in [&state, &temporary] {
            fs::write(file, "").unwrap();
        }
        fs::write(home.join("google-ads.yaml"), "- a list\n").unwrap();
    };
    sandbox.google.fault(Endpoint::Token, Fault::edit(edit));
}

#[cfg(unix)]
#[test]
fn a_token_that_nothing_can_take_is_revoked() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    nowhere_to_go(&sandbox);
    allow(login(&sandbox, &[]).code(1).stderr_has("the new refresh token was revoked, since it could be kept nowhere"));
    assert_eq!(sandbox.google.requests(Endpoint::Revoke).len(), 1);
    assert!(!sandbox.google.lives(&issued(&sandbox)));
}

#[cfg(unix)]
#[test]
fn at_a_terminal_it_is_printed_with_consent_and_lives_on() {
    for (answer, lives) in [("y", true), ("n", false)] {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        nowhere_to_go(&sandbox);
        let mut terminal = login(&sandbox, &[]).code(1).terminal();
        let page = super::browse(&terminal.url());
        terminal.expect("Print it here once, so that you can keep it? [y/N]");
        terminal.send(answer);
        terminal.expect(if lives { "the new refresh token was printed" } else { "the new refresh token was revoked" });
        page.join().unwrap().unwrap();
        // Not `finish`: it fails for a secret that shows, as this one must.
        drop(terminal);
        assert_eq!(sandbox.google.lives(&issued(&sandbox)), lives);
    }
}

#[cfg(unix)]
#[test]
fn a_recovery_file_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    sandbox.desktop();
    meanwhile(&sandbox, "google-ads.yaml", "- a list\n");
    allow(login(&sandbox, &[]).code(1));
    let [file] = &recovery_files(&sandbox)[..] else { panic!("{:?}", super::all_files(&sandbox.home())) };
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(file.parent().unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o700);
}
