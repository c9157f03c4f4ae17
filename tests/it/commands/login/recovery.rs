//! A token that Google issued is never lost.

use std::fs;

use super::{allow, issued, login, new_file, recovery_files};
use crate::google::browser::Decision;
use crate::google::{Endpoint, Fault};
use crate::sandbox::Sandbox;

/// Makes the user's editor write this file at the worst moment: between consent and storing.
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
    let broken = "- a list\n";
    meanwhile(&sandbox, "google-ads.yaml", broken);
    let running = login(&sandbox, &[]).code(1).stderr_has("gads-creds login --recover").start();
    let page = running.visit(&Decision::allow());
    let outcome = running.finish();
    assert!(page.body.contains("The login did not succeed"), "{}", page.body);
    let [file] = &recovery_files(&sandbox)[..] else { panic!("{:?}", recovery_files(&sandbox)) };
    assert!(outcome.stderr.contains(&format!("the new refresh token is kept in `{}`", file.display())), "{outcome:#?}");
    assert_eq!(sandbox.read("google-ads.yaml"), broken);
    let token = issued(&sandbox);

    // Neither another login nor the doctor forgets it, and a recovery that fails keeps it.
    let warning = "an earlier run left a credential that is not stored yet";
    login(&sandbox, &["--config", "../home/b.yaml", "--timeout", "1"]).code(5).stderr_has(warning).run();
    assert!(sandbox.command(&["doctor", "--offline"]).observe().stdout.contains("login --recover"));
    sandbox.command(&["login", "--recover"]).code(1).stderr_has("google-ads.yaml`").run();
    // Another place is not what it stores in, and it does not pretend to.
    let elsewhere = sandbox.command(&["login", "--recover", "--config", "../home/elsewhere.yaml"]).code(2);
    elsewhere.stderr_has("takes no `--config`").stderr_has("`gads-creds export python FILE`").run();
    assert!(!sandbox.home().join("elsewhere.yaml").exists());
    assert_eq!(recovery_files(&sandbox).len(), 1);

    fs::remove_file(sandbox.home().join("google-ads.yaml")).unwrap();
    let before = super::requests(&sandbox);
    sandbox.command(&["login", "--recover"]).stderr_has("stored the refresh token in").run();
    assert_eq!(super::requests(&sandbox), before, "a recovery needs nobody");
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &token));
    assert!(recovery_files(&sandbox).is_empty());
    sandbox.command(&["login", "--recover"]).code(3).stderr_has("no unfinished login found").run();
}

#[test]
fn a_profile_that_cannot_be_recorded_is_recovered_as_well() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    meanwhile(&sandbox, ".config/gads-creds/profiles.toml", "[profiles.other\n");
    allow(login(&sandbox, &["-p", "work"]).code(1).stderr_has("profiles.toml`").stderr_has("login --recover"));
    sandbox.write(".config/gads-creds/profiles.toml", "# mine\n");
    let outcome = sandbox.command(&["login", "--recover", "--json"]).stdout_has("work").stderr_has("").run();
    assert_eq!(outcome.json()["logins"][0]["profile"], "work");
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

/// Takes every place for a recovery file away as soon as the token is issued; `also` gets the home directory.
#[cfg(unix)]
fn without_recovery_files(sandbox: &Sandbox, also: fn(&std::path::Path)) {
    let home = sandbox.home();
    let temporary = home.with_file_name("tmp");
    let edit = move |_: &mut serde_json::Value| {
        let state = home.join(".local/state/gads-creds/recovery");
        fs::remove_dir_all(&state).unwrap();
        fs::remove_dir_all(&temporary).unwrap();
        for file in [&state, &temporary] {
            fs::write(file, "").unwrap();
        }
        also(&home);
    };
    sandbox.google.fault(Endpoint::Token, Fault::edit(edit));
}

/// Takes away the file of the credentials as well.
#[cfg(unix)]
fn nowhere_to_go(sandbox: &Sandbox) {
    without_recovery_files(sandbox, |home| fs::write(home.join("google-ads.yaml"), "- a list\n").unwrap());
}

#[cfg(unix)]
#[test]
fn a_token_that_cannot_be_stored_anywhere_is_reported_as_lost_and_revokes_no_other() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    nowhere_to_go(&sandbox);
    allow(login(&sandbox, &[]).code(1).stderr_has("the new refresh token could not be kept anywhere"));
    assert!(
        sandbox.google.requests(Endpoint::Revoke).is_empty(),
        "revoking would end the account's other tokens as well"
    );
}

#[cfg(unix)]
#[test]
fn a_token_without_a_recovery_file_is_stored_at_once() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    without_recovery_files(&sandbox, |_| ());
    let login = login(&sandbox, &[]).stderr_has("stored, but not verified").stderr_has("stored the refresh token");
    let (_, page) = super::decide(login, &Decision::allow());
    assert!(page.body.contains("You are logged in"), "{}", page.body);
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
    assert!(sandbox.google.requests(Endpoint::Ads).is_empty(), "nothing was waited for");
}

/// Runs a login whose token could not be stored, since the file was not a mapping at the worst moment; then removes the
/// file.
fn left_over(sandbox: &Sandbox, name: &str) -> String {
    meanwhile(sandbox, name, "- a list\n");
    let config = format!("../home/{name}");
    allow(login(sandbox, &["--config", &config]).code(1).stderr_has("gads-creds login --recover"));
    fs::remove_file(sandbox.home().join(name)).unwrap();
    issued(sandbox)
}

#[test]
fn the_stored_token_is_used_although_that_of_a_later_login_waits() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let token = sandbox.google.grant(&client, &[crate::google::ADWORDS]);
    let stored = new_file(&client, &token);
    sandbox.write("google-ads.yaml", &stored);
    left_over(&sandbox, "google-ads.yaml");
    sandbox.write("google-ads.yaml", &stored);
    let refresh = sandbox.command(&["refresh"]).stderr_has("works: access token issued").run();
    assert!(!refresh.stderr.contains("stored the refresh token"), "{refresh:#?}");
    assert_eq!(sandbox.read("google-ads.yaml"), stored);
    assert!(!sandbox.run(&["show"]).stderr.contains("Google replaced the refresh token"));
    assert_eq!(recovery_files(&sandbox).len(), 1);
}

#[test]
fn a_token_that_was_stored_since_is_not_overwritten_by_an_older_one() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let older = left_over(&sandbox, "google-ads.yaml");
    let [file] = &recovery_files(&sandbox)[..] else { panic!("{:?}", recovery_files(&sandbox)) };
    let newer = new_file(&client, "1//0-by-hand");
    sandbox.write("google-ads.yaml", &newer);
    let recover = sandbox.command(&["login", "--recover"]).code(2).stderr_has("holds another refresh token");
    let outcome = recover.stderr_has("gads-creds login --recover --force").run();
    assert!(outcome.stderr.contains(&file.display().to_string()), "{outcome:#?}");
    assert_eq!(sandbox.read("google-ads.yaml"), newer);
    assert!(file.exists(), "it may still be wanted");
    sandbox.command(&["login", "--recover", "--force"]).stderr_has("stored the refresh token").run();
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &older));
    assert!(recovery_files(&sandbox).is_empty());
}

#[test]
fn a_login_into_the_same_place_clears_what_an_earlier_one_left_there_and_nothing_else() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    left_over(&sandbox, "google-ads.yaml");
    let other = left_over(&sandbox, "b.yaml");
    allow(login(&sandbox, &[]).stderr_has("an earlier run left a credential").stderr_has("had left"));
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
    assert_eq!(recovery_files(&sandbox).len(), 1);
    sandbox.command(&["login", "--recover"]).stderr_has("b.yaml").run();
    assert_eq!(sandbox.read("b.yaml"), new_file(&client, &other));
}

#[test]
fn of_two_that_wait_for_one_place_the_newer_is_stored() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let tokens = [left_over(&sandbox, "google-ads.yaml"), left_over(&sandbox, "google-ads.yaml")];
    assert_eq!(recovery_files(&sandbox).len(), 2);
    sandbox.command(&["login", "--recover"]).stderr_has("had left").run();
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &tokens[1]));
    assert!(recovery_files(&sandbox).is_empty());
}

#[test]
fn each_unfinished_login_is_recovered_independently_and_reported_in_one_object() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let tokens = ["a.yaml", "b.yaml", "c.yaml"].map(|name| left_over(&sandbox, name));
    let [first, ..] = &recovery_files(&sandbox)[..] else { panic!("{:?}", recovery_files(&sandbox)) };
    let damaged = sandbox.home().join(".local/state/gads-creds/recovery/0000000000001-x.json");
    fs::write(&damaged, "{ \"version\": 1, \"refresh_token\": \"1//0-damaged\"").unwrap();
    assert!(first.exists());
    sandbox.write("b.yaml", "- a list\n");
    let recover = sandbox.command(&["login", "--recover", "--json"]).code(1).stdout_has("logins");
    let recovered =
        recover.stderr_has("2 of 4 logins could not be finished").stderr_has("0000000000001-x.json` is damaged").run();
    let object = recovered.json();
    let places: Vec<_> =
        object["logins"].as_array().unwrap().iter().map(|login| login["location"].to_string()).collect();
    assert!(places.len() == 2 && places[0].contains("c.yaml") && places[1].contains("a.yaml"), "{places:?}");
    assert_eq!(object["error"]["kind"], "parse");
    assert_eq!(sandbox.read("a.yaml"), new_file(&client, &tokens[0]));
    assert_eq!(sandbox.read("c.yaml"), new_file(&client, &tokens[2]));
    assert_eq!(recovery_files(&sandbox).len(), 2, "what failed keeps its file");
    assert!(damaged.exists());
}

#[cfg(unix)]
#[test]
fn a_login_that_is_still_running_is_left_to_itself() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let held = super::hold(&sandbox, Endpoint::Ads);
    let running = login(&sandbox, &[]).start();
    let page = super::browse(&running.url());
    held.reached();
    assert_eq!(recovery_files(&sandbox).len(), 1);
    sandbox.command(&["login", "--recover"]).code(3).stderr_has("no unfinished login found").run();
    let doctor = sandbox.command(&["doctor", "--offline"]).observe();
    assert!(!doctor.stdout.contains("--recover"), "{doctor:#?}");
    drop(held);
    page.join().unwrap().unwrap();
    running.finish();
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
    assert!(recovery_files(&sandbox).is_empty());
}

#[cfg(unix)]
#[test]
fn on_a_terminal_the_token_is_printed_on_request_and_stays_valid() {
    for answer in ["y", "n"] {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        nowhere_to_go(&sandbox);
        let mut terminal = login(&sandbox, &[]).code(1).terminal();
        let page = super::browse(&terminal.url());
        terminal.expect("Print it here once, so that you can keep it? [y/N]");
        terminal.send(answer);
        let outcome = if answer == "y" { "was printed" } else { "could not be kept anywhere" };
        terminal.expect(&format!("the new refresh token {outcome}"));
        page.join().unwrap().unwrap();
        // Not `finish`: it fails for a visible secret, as this one must be.
        drop(terminal);
        assert!(sandbox.google.lives(&issued(&sandbox)));
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
