//! Two new profiles found the same file free: the slower login is relocated, even if it fails and is recovered later.

use std::fs;

use rustix::process::Signal;

use super::{allow, issued, kill, login, new_file, recovery_files};
use crate::google::{Client, Endpoint};
use crate::sandbox::{Outcome, Sandbox};

/// Runs a login of the new profile `a`, which found `~/google-ads.yaml` free, and one of the new profile `b`, which
/// takes that file while the first waits for Google. Returns the outcome of the first, its token, and the text of the
/// file of the second.
fn overtaken(sandbox: &Sandbox, client: &Client, meanwhile: impl FnOnce(u32), code: i32) -> (Outcome, String, String) {
    let held = super::hold(sandbox, Endpoint::Ads);
    let running = login(sandbox, &["-p", "a"]).code(code).start();
    let page = super::browse(&running.url());
    held.reached();
    let token = issued(sandbox);
    allow(login(sandbox, &["-p", "b", "--no-verify"]));
    let others = new_file(client, &issued(sandbox));
    assert_eq!(sandbox.read("google-ads.yaml"), others);
    meanwhile(running.id());
    drop(held);
    let outcome = running.finish();
    // A killed program shows no page.
    let _ = page.join();
    (outcome, token, others)
}

fn is_finished(sandbox: &Sandbox, client: &Client, token: &str, others: &str) {
    assert_eq!(sandbox.read("google-ads-a.yaml"), new_file(client, token));
    assert_eq!(sandbox.read("google-ads.yaml"), others);
    assert!(recovery_files(sandbox).is_empty());
    for name in ["a", "b"] {
        sandbox.command(&["refresh", "-p", name]).stderr_has("works").run();
    }
}

#[test]
fn a_relocated_login_that_failed_is_recovered_at_its_new_location() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let own = sandbox.home().join("google-ads-a.yaml");
    let (outcome, token, others) = overtaken(&sandbox, &client, |_| fs::create_dir(&own).unwrap(), 1);
    assert!(outcome.stderr.contains("google-ads-a.yaml` is a directory"), "{outcome:#?}");
    let [file] = &recovery_files(&sandbox)[..] else { panic!("{:?}", recovery_files(&sandbox)) };
    assert!(outcome.stderr.contains(file.to_str().unwrap()), "{outcome:#?}");

    // Only that location will do, even if the profile is recorded by now, so that no other would be looked for.
    let profiles = sandbox.read(".config/gads-creds/profiles.toml");
    sandbox.write(".config/gads-creds/profiles.toml", format!("{profiles}\n[profiles.a]\nfile = {own:?}\n"));
    sandbox.command(&["login", "--recover", "--force"]).code(1).stderr_has("google-ads-a.yaml` is a directory").run();
    assert_eq!(sandbox.read("google-ads.yaml"), others);
    fs::remove_dir(&own).unwrap();
    sandbox.command(&["login", "--recover"]).stderr_has("google-ads-a.yaml").run();
    is_finished(&sandbox, &client, &token, &others);
}

#[test]
fn a_login_killed_before_it_was_relocated_is_relocated_by_recovery() {
    for force in [&[][..], &["--force"]] {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        let (_, token, others) = overtaken(&sandbox, &client, |id| kill(id, Signal::KILL), 137);
        let args = [&["login", "--recover"], force].concat();
        sandbox.command(&args).stderr_has("google-ads-a.yaml").run();
        is_finished(&sandbox, &client, &token, &others);
    }
}

#[test]
fn a_later_login_of_another_profile_clears_no_token_that_waits_for_the_same_file() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let (_, token, _) = overtaken(&sandbox, &client, |id| kill(id, Signal::KILL), 137);
    allow(login(&sandbox, &["-p", "b", "--no-verify"]).stderr_has("an earlier run left a credential"));
    let others = sandbox.read("google-ads.yaml");
    sandbox.command(&["login", "--recover"]).stderr_has("google-ads-a.yaml").run();
    is_finished(&sandbox, &client, &token, &others);
}

#[test]
fn a_later_login_of_the_same_profile_clears_it_although_it_goes_elsewhere() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let (_, _, others) = overtaken(&sandbox, &client, |id| kill(id, Signal::KILL), 137);
    allow(login(&sandbox, &["-p", "a", "--no-verify"]).stderr_has("had left"));
    is_finished(&sandbox, &client, &issued(&sandbox), &others);
}

#[test]
fn a_file_named_by_the_user_is_not_replaced_by_another() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let held = super::hold(&sandbox, Endpoint::Ads);
    let running = login(&sandbox, &["-p", "a", "--config", "../home/google-ads.yaml"]).code(137).start();
    let page = super::browse(&running.url());
    held.reached();
    allow(login(&sandbox, &["-p", "b", "--no-verify"]));
    kill(running.id(), Signal::KILL);
    running.finish();
    drop((page.join(), held));
    let others = new_file(&client, &issued(&sandbox));
    sandbox.command(&["login", "--recover"]).code(2).stderr_has("holds another refresh token").run();
    assert_eq!(sandbox.read("google-ads.yaml"), others);
    assert_eq!(recovery_files(&sandbox).len(), 1);
}

#[test]
fn a_login_whose_profile_got_a_file_meanwhile_leaves_what_another_profile_took() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let held = super::hold(&sandbox, Endpoint::Ads);
    let running = login(&sandbox, &["-p", "a"])
        .stderr_has("other.yaml` held another refresh token by now: it is replaced")
        .start();
    let page = super::browse(&running.url());
    held.reached();
    let token = issued(&sandbox);
    allow(login(&sandbox, &["-p", "a", "--config", "../home/other.yaml", "--no-verify"]));
    allow(login(&sandbox, &["-p", "b", "--no-verify"]));
    let others = new_file(&client, &issued(&sandbox));
    assert_eq!(sandbox.read("google-ads.yaml"), others);
    drop(held);
    running.finish();
    page.join().unwrap().unwrap();
    assert_eq!(sandbox.read("google-ads.yaml"), others);
    assert_eq!(sandbox.read("other.yaml"), new_file(&client, &token));
    for name in ["a", "b"] {
        sandbox.command(&["refresh", "-p", name]).stderr_has("works").run();
    }
}
