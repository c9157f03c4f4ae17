//! What a failed or killed write leaves, and how it ends: the live token is stored, and no command overwrites it with a dead one.

use std::fs;
use std::time::{Duration, Instant};

use gads_creds::secret::Secret;
use serde_json::json;

use super::{GOOD, Manager, PATH};
use crate::platform::environment::with_clock;

/// A good manager with another `set`.
fn with_set(set: &str) -> Manager {
    let manager = Manager::with_plain_document(&format!("case \"$1\" in set) {set} ;; esac\n{GOOD}"));
    manager.sandbox.google.world().rotate = true;
    manager
}

#[track_caller]
fn keeps_a_live_token(manager: &Manager) {
    let kept = manager.kept_json();
    assert!(manager.sandbox.google.lives(kept["refresh_token"].as_str().unwrap()), "{kept}");
    assert_eq!(manager.recoveries(), 0);
}

#[test]
fn the_recovery_file_of_a_token_that_reached_its_entry_is_removed_by_the_next_refresh() {
    let manager = with_set("cat > \"$entry\"; echo timeout >&2; exit 1");
    let fingerprint = Secret::new(&*manager.token).fingerprint();
    let endpoint = manager.sandbox.google.url();
    manager.profile(&format!(
        "account = \"ada@example.com\"\nendpoint = \"{endpoint}\"\nfingerprint = \"{fingerprint}\"\n"
    ));
    manager.command(&["refresh"]).code(7).stderr_has("the new refresh token is kept in").run();
    assert_eq!(manager.recoveries(), 1);
    manager.script(GOOD);
    manager.command(&["refresh"]).stderr_has("works").run();
    keeps_a_live_token(&manager);
    let shown = manager.command(&["show", "--json"]).stdout_has("{").run().json();
    assert_eq!(shown["account"], "ada@example.com");
}

#[test]
fn no_step_overwrites_the_successor_of_a_token_that_waits() {
    let manager = with_set("cat > /dev/null; echo timeout >&2; exit 1");
    manager.command(&["refresh"]).code(7).stderr_has("the new refresh token is kept in").run();
    manager.script(GOOD);
    let mut document = manager.plain_document();
    document["refresh_token"] = json!("1//0gAnother-token-that-came-later");
    manager.keep(document.to_string());
    let recover = manager.sandbox.command(&["login", "--recover"]).env("PATH", PATH).code(2);
    let run = recover.stderr_has("`gads-creds refresh -p work`").run();
    assert!(!run.stderr.contains("--force"), "{run:#?}");
    assert_eq!(manager.kept_json(), document);
}

#[test]
fn an_entry_that_was_written_halfway_names_the_way_out() {
    let manager = with_set("head -c 60 > \"$entry\"; cat > /dev/null; exit 0");
    let erase = format!("`{} erase`", manager.program().display());
    let run = manager.command(&["refresh"]).code(7).stderr_has("cut short").stderr_has("login --recover").run();
    assert!(run.stderr.contains(&erase) && !run.stderr.contains("stays as it is"), "{run:#?}");
    manager.script(GOOD);
    let text = manager.kept();
    for args in [&["refresh", "-p", "work"][..], &["show", "-p", "work"], &["login", "--recover"]] {
        let run = manager.sandbox.command(args).env("PATH", PATH).observe();
        let is_named = run.stderr.contains(&erase) && run.stderr.contains("what was to be saved there is kept in");
        assert!(run.code == 7 && is_named && run.stderr.contains("`gads-creds login --recover`"), "{args:?}: {run:#?}");
        assert_eq!(manager.kept(), text);
    }
    // As `erase` does.
    fs::remove_file(manager.entry()).unwrap();
    manager.sandbox.command(&["login", "--recover"]).env("PATH", PATH).stderr_has("stored the refresh token").run();
    keeps_a_live_token(&manager);
}

#[test]
fn a_token_that_waits_for_commands_that_are_gone_is_not_called_damaged() {
    let manager = with_set("cat > /dev/null; echo timeout >&2; exit 1");
    manager.command(&["refresh"]).code(7).stderr_has("the new refresh token is kept in").run();
    manager.script(GOOD);
    let profiles = manager.sandbox.read(super::PROFILES);
    manager.sandbox.write(super::PROFILES, profiles.replace("profiles.work", "profiles.other"));
    let recover = manager.sandbox.command(&["login", "--recover"]).env("PATH", PATH).code(2);
    let recover = recover.stderr_has("waits for a store that is not known any more: profile `work` has no commands");
    let run = recover.stderr_has("put that profile and its commands back into profiles.toml").run();
    assert!(!run.stderr.contains("damaged") && !run.stderr.contains("remove"), "{run:#?}");
    let exec = ["exec", "-p", "other", "--", "/usr/bin/true"];
    manager.sandbox.command(&exec).env("PATH", PATH).stderr_has("Google replaced the refresh token").run();
    let refresh = manager.sandbox.command(&["refresh", "-p", "other"]).env("PATH", PATH);
    refresh.stderr_has("stored the refresh token that an earlier run left").run();
    keeps_a_live_token(&manager);
}

#[test]
fn a_profile_for_which_a_token_waits_is_not_forgotten_in_a_store_that_cannot_be_written() {
    let manager = with_set("cat > /dev/null; echo timeout >&2; exit 1");
    manager.command(&["refresh"]).code(7).stderr_has("the new refresh token is kept in").run();
    let profiles: String = manager
        .sandbox
        .read(super::PROFILES)
        .lines()
        .filter(|line| !line.starts_with("set"))
        .collect::<Vec<_>>()
        .join("\n");
    manager.sandbox.write(super::PROFILES, &profiles);
    let forget = manager.command(&["revoke", "--local-only", "--forget", "--yes"]).code(2);
    forget.stderr_has("a credential that waits for").stderr_has("`gads-creds login --recover`").run();
    assert_eq!((manager.recoveries(), manager.sandbox.read(super::PROFILES)), (1, profiles));
}

#[test]
fn the_set_of_a_killed_run_holds_up_the_next_one() {
    let slow = "if [ ! -e \"$entry.started\" ]; then cat > \"$entry.new\"; touch \"$entry.started\"; sleep 2; mv \"$entry.new\" \"$entry\"; exit 0; fi";
    let manager = with_set(slow);
    let run = manager.command(&["refresh"]).start();
    let start = Instant::now();
    while !manager.entry().with_extension("started").exists() {
        assert!(start.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(5));
    }
    let id = rustix::process::Pid::from_raw(run.id().try_into().unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::KILL).unwrap();
    run.observe();
    manager.command(&["refresh"]).stderr_has("works").run();
    std::thread::sleep(Duration::from_secs(2));
    keeps_a_live_token(&manager);
}

/// Of a run that ends by itself, the lock ends with it.
#[test]
fn a_program_that_the_set_of_a_killed_run_left_running_is_named_with_the_step_that_ends_it() {
    let daemon =
        "setsid sleep 120 > /dev/null 2>&1 < /dev/null & echo $! > \"$entry.new\"; mv \"$entry.new\" \"$entry.daemon\"";
    let once = format!("if [ ! -e \"$entry.daemon\" ]; then {daemon}; sleep 1; exit 1; fi; cat > \"$entry\"; exit 0");
    let manager = with_set(&once);
    let run = manager.command(&["refresh"]).start();
    let note = manager.entry().with_extension("daemon");
    let start = Instant::now();
    while !note.exists() {
        assert!(start.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(5));
    }
    let id = |number: u32| rustix::process::Pid::from_raw(number.try_into().unwrap()).unwrap();
    let killed = run.id();
    rustix::process::kill_process(id(killed), rustix::process::Signal::KILL).unwrap();
    run.observe();
    let daemon = fs::read_to_string(&note).unwrap().trim().to_owned();
    // The manager itself is at work for a moment.
    std::thread::sleep(Duration::from_millis(1500));
    // The limit is long: under a clock that runs ten times as fast.
    let run = with_clock(manager.command(&["refresh"]), "2030-01-01 00:00:00 x10");
    let who = format!("process {daemon} (sleep) of an ended run of gads-creds (process {killed})");
    let refused = run.map(|run| run.without_env("FAKETIME_DONT_FAKE_MONOTONIC").observe());
    rustix::process::kill_process(id(daemon.parse().unwrap()), rustix::process::Signal::KILL).unwrap();
    if let Some(run) = refused {
        let step = format!("hint: end that program (`kill {daemon}`), then try again");
        for part in [&format!("warning: waiting for {who}, 30 s"), &format!("error: {who} has held the lock"), &step] {
            assert!(run.code == 1 && run.stderr.contains(part), "{part}: {run:#?}");
        }
    }
    // The step works.
    manager.command(&["refresh"]).stderr_has("works").run();
    keeps_a_live_token(&manager);
}

#[test]
fn a_program_that_set_leaves_running_holds_up_nothing() {
    let manager = with_set("setsid sleep 60 > /dev/null 2>&1 < /dev/null & cat > \"$entry\"; exit 0");
    let start = Instant::now();
    for _ in 0..2 {
        manager.command(&["refresh"]).stderr_has("works").run();
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    keeps_a_live_token(&manager);
}

#[test]
fn what_an_interrupted_move_left_stays_named_until_it_can_be_told_apart_or_is_gone() {
    let manager =
        Manager::with_plain_document(&format!("case \"$1\" in erase) echo 'no right' >&2; exit 1 ;; esac\n{GOOD}"));
    let go = ["move", "--store", "file", "--config", "../home/new.yaml"];
    manager.command(&go).code(7).stderr_has("the old secrets are still in").run();
    manager.command(&["revoke", "--local-only", "--yes"]).stderr_has("").run();
    manager.script(GOOD);
    let before = manager.kept();
    manager.command(&go).code(2).stderr_has("still holds another refresh token").run();
    assert_eq!(manager.kept(), before);
    fs::remove_file(manager.entry()).unwrap();
    manager.command(&go).stderr_has("is kept in").run();
    assert!(!manager.sandbox.read(super::PROFILES).contains("moving_from"));
}
