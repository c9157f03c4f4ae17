//! A token that Google issued and that could not be stored: until it is, every command knows that it is the one that works.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::PathBuf;

use crate::google::Endpoint;
use crate::harness::mounts::Mounts;
use crate::harness::skip::skip;
use crate::sandbox::Sandbox;
use crate::stored::{self, DAY};

const KEPT: &str = "the new refresh token is kept in";

/// A credential, with options as profile `work`, whose token Google has just replaced where nothing could be stored. Returns the new
/// token and the file in which it waits.
fn waiting(sandbox: &Sandbox, options: &[&str]) -> Option<(String, PathBuf)> {
    let (_, token) = stored::works(sandbox);
    if !options.is_empty() {
        stored::profile(sandbox, "work", &stored::metadata(sandbox, &token, DAY, None));
    }
    sandbox.google.world().rotate = true;
    let mounts = Mounts::start(sandbox)?;
    sandbox.write(".local/state/here", "");
    mounts.fix(".local");
    mounts.command(&[&["refresh"], options].concat()).code(1).stderr_has(KEPT).run();
    Some(found(sandbox, &token))
}

fn found(sandbox: &Sandbox, token: &str) -> (String, PathBuf) {
    let path = files(sandbox).pop().expect("a recovery file");
    let document: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&path).expect("it is there")).expect("JSON");
    let new = document["credentials"]["refresh_token"].as_str().expect("a token").to_owned();
    assert!(new != token && sandbox.google.lives(&new) && !sandbox.google.lives(token));
    (new, path)
}

/// The recovery files.
fn files(sandbox: &Sandbox) -> Vec<PathBuf> {
    let directories = [sandbox.tmp().join(format!("gads-creds-{}", rustix::process::geteuid().as_raw()))];
    let directories = directories.into_iter().chain([sandbox.home().join(".local/state/gads-creds/recovery")]);
    let entries = directories.filter_map(|directory| fs::read_dir(directory).ok()).flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

#[test]
fn what_hands_out_a_token_hands_out_the_one_that_works() {
    let sandbox = Sandbox::new();
    let Some((new, _)) = waiting(&sandbox, &[]) else { return };
    let secret = sandbox.google.world().clients[0].secret.clone();
    let says = "and `exec` and `export` take it from there";
    let exec = sandbox.command(&["exec", "--", "/usr/bin/printenv", "GOOGLE_ADS_REFRESH_TOKEN"]).reveals(&new);
    assert_eq!(exec.stdout_has("").stderr_has(says).run().stdout.trim_end(), new);
    let printed = sandbox.command(&["export", "env", "--stdout", "--reveal"]).reveals(&new).reveals(&secret);
    assert!(printed.stdout_has("").stderr_has(says).run().stdout.contains(&new));
    sandbox.command(&["export", "java"]).stderr_has(says).run();
    assert!(sandbox.read("ads.properties").contains(&new));
}

#[test]
fn a_revocation_ends_the_token_that_waits_as_well() {
    for options in [&[][..], &["-p", "work"], &["-p", "work", "--forget"]] {
        let sandbox = Sandbox::new();
        let selected = if options.is_empty() { options } else { &options[..2] };
        let Some((new, path)) = waiting(&sandbox, selected) else { return };
        sandbox.command(&[&["revoke"], options].concat()).code(2).stderr_has("needs confirmation").run();
        assert!(sandbox.google.lives(&new));
        let revoke = sandbox.command(&[&["revoke", "--yes"], options].concat());
        let revoke = revoke.stderr_has("revoked the refresh token at Google and removed it from").run();
        assert!(revoke.stderr.contains(&format!("google-ads.yaml` and `{}`", path.display())), "{revoke:#?}");
        assert!(!sandbox.google.lives(&new) && files(&sandbox).is_empty(), "{revoke:#?}");
        assert!(!sandbox.read("google-ads.yaml").contains("refresh_token"));
        sandbox.command(&["login", "--recover"]).code(3).stderr_has("no unfinished login").run();
    }
}

#[test]
fn a_token_that_only_waits_can_be_revoked_or_deleted() {
    for (options, says) in [
        (&["--yes"][..], "revoked the refresh token at Google and removed it from"),
        (&["--yes", "--local-only"], "removed the refresh token (still valid at Google) from"),
    ] {
        let sandbox = Sandbox::new();
        let Some((new, path)) = waiting(&sandbox, &[]) else { return };
        let yaml = sandbox.read("google-ads.yaml");
        let rest: String = yaml.split_inclusive('\n').filter(|line| !line.starts_with("refresh_token")).collect();
        sandbox.write("google-ads.yaml", &rest);
        let revoke = sandbox.command(&[&["revoke"], options].concat()).stderr_has(says).run();
        assert!(revoke.stderr.contains(path.to_str().expect("text")) && !revoke.stderr.contains("google-ads.yaml"));
        assert_eq!(sandbox.google.lives(&new), options.len() == 2);
        assert!(files(&sandbox).is_empty() && sandbox.read("google-ads.yaml") == rest);
        sandbox.command(&["revoke", "--yes"]).code(3).stderr_has("nothing is left to revoke here").run();
    }
}

#[test]
fn a_token_that_waits_for_another_endpoint_is_not_sent_to_this_one() {
    let sandbox = Sandbox::new();
    let Some((new, path)) = waiting(&sandbox, &["-p", "work"]) else { return };
    let text = fs::read_to_string(&path).expect("it is there");
    fs::write(&path, text.replace(sandbox.google.url(), "http://127.0.0.1:9")).expect("it is written");
    sandbox.command(&["revoke", "--yes", "-p", "work"]).code(2).stderr_has("http://127.0.0.1:9").run();
    assert!(sandbox.google.lives(&new) && sandbox.google.requests(Endpoint::Revoke).is_empty());
}

#[test]
fn what_waits_follows_a_credential_that_moves() {
    let sandbox = Sandbox::new();
    let Some((new, path)) = waiting(&sandbox, &["-p", "work"]) else { return };
    let moved = sandbox.command(&["move", "-p", "work", "--store", "file", "--config", "new/ads.properties"]);
    let moved = moved.stderr_has("the refresh token that waits in").stderr_has("goes to").run();
    assert!(!path.exists() && !moved.stderr.contains(path.to_str().expect("text")), "{moved:#?}");
    sandbox.command(&["login", "--recover"]).stderr_has("ads.properties").run();
    let yaml = sandbox.read("google-ads.yaml");
    assert!(!yaml.contains(&new) && !yaml.contains("refresh_token"), "it is not put back: {yaml}");
    sandbox.command(&["refresh", "-p", "work"]).stderr_has("works: access token issued").run();
    let show = sandbox.run(&["show", "-p", "work", "--json"]);
    assert!(show.json()["location"].as_str().expect("text").ends_with("new/ads.properties"), "{show:#?}");
}

#[test]
fn what_waits_for_a_file_without_a_name_is_found_after_it_was_renamed() {
    let sandbox = Sandbox::new();
    let Some(_) = waiting(&sandbox, &[]) else { return };
    let renamed = sandbox.home().join("renamed.yaml");
    fs::rename(sandbox.home().join("google-ads.yaml"), &renamed).expect("it is renamed");
    let path = renamed.to_str().expect("text");
    let refresh = sandbox.command(&["refresh", "--config", path]);
    refresh.stderr_has("stored the refresh token that an earlier run left in").run();
    assert!(!sandbox.home().join("google-ads.yaml").exists() && files(&sandbox).is_empty());
}

/// The home directory of somebody else, as in a container that runs as another user.
#[test]
fn what_waits_is_found_where_the_state_directory_cannot_be_entered() {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    sandbox.google.world().rotate = true;
    fs::create_dir(sandbox.home().join(".local")).expect("it is made");
    sandbox.chmod(sandbox.home().join(".local"), 0o000);
    let base = sandbox.home().parent().expect("a directory").to_owned();
    let file = sandbox.home().join("google-ads.yaml");
    if !rustix::process::geteuid().is_root() || crate::harness::skip::without("setpriv") {
        return skip("only root starts programs of other users");
    }
    for part in [&base, &file, &sandbox.tmp(), &sandbox.home()] {
        std::os::unix::fs::chown(part, Some(54321), Some(54321)).expect("root may");
    }
    std::os::unix::fs::chown(sandbox.home().join(".local"), Some(0), Some(0)).expect("root may");
    sandbox.chmod(&file, 0o400);
    sandbox.chmod(sandbox.home(), 0o500);
    let refresh = || {
        let user = ["--reuid=54321", "--regid=54321", "--clear-groups", crate::PROGRAM, "refresh"];
        sandbox.other_program("/usr/bin/setpriv", &user).code(1).stderr_has(KEPT).run()
    };
    refresh();
    let again = refresh();
    assert!(!again.stderr.contains("rejected"), "{again:#?}");
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 1);
    sandbox.chmod(sandbox.home(), 0o700);
    sandbox.chmod(sandbox.home().join(".local"), 0o700);
    assert!(!sandbox.google.lives(&token));
}

#[test]
fn a_directory_that_others_may_write_is_named_where_a_token_might_wait() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let directory = sandbox.home().join(".local/state/gads-creds/recovery");
    fs::create_dir_all(&directory).expect("it is made");
    sandbox.chmod(&directory, 0o777);
    assert_eq!(sandbox.command(&["show"]).stdout_has("").run().stderr, "", "nothing can wait there");
    fs::write(directory.join("0000000000000-abcdefghijkl.json"), "{}").expect("somebody writes");
    for args in [&["show"][..], &["refresh"], &["exec", "--", "/usr/bin/true"]] {
        let run = sandbox.command(args).stdout_has("").stderr_has("whether a newer token waits there is unknown");
        run.stderr_has("everybody may write").run();
    }
}
